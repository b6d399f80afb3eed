from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read or worked out here is so afresh in each test that does not say otherwise."""
    monkeypatch.setenv("AFTERSHOCK_CACHE", "")
