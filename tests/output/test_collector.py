"""When Python looks for cyclic garbage."""

from __future__ import annotations

import gc

import pytest

from aftershock.output import collector
from aftershock.output.collector import collector_paused, set_aside


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(collector, "_has_set_aside", False)
    yield
    gc.unfreeze()


def test_what_was_made_during_a_pause_is_old_after_it():
    with collector_paused():
        assert not gc.isenabled()
        made = [[] for _ in range(1000)]
    young = {id(one) for generation in (0, 1) for one in gc.get_objects(generation)}
    assert gc.isenabled() and made and not young & {id(one) for one in made}


def test_a_pause_within_a_pause_does_not_end_it():
    with collector_paused():
        with collector_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_is_set_aside_stays_so_after_a_pause():
    set_aside()
    count = gc.get_freeze_count()
    with collector_paused():
        pass
    assert gc.get_freeze_count() == count > 0
