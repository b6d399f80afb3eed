"""What the tests of the fetchers share."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_services import JANUARY, SECRET, FakeClock

from aftershock.sources.fetching import run
from aftershock.sources.fetching.token import Token


@pytest.fixture
def fetch(tmp_path: Path):
    """Fetch into one folder; the lines said are in ``fetch.said``."""

    def _fetch(vendor, *, since=JANUARY, until=None, again=False, clock=None, token=SECRET):
        _fetch.said = []
        return run.fetch(
            vendor,
            tmp_path / "raw",
            run.Period(since, until, again),
            Token(token) if token else None,
            clock=clock or FakeClock(),
            say=_fetch.said.append,
        )

    return _fetch
