"""The drawer of what-ifs, as the kernel has it."""

from __future__ import annotations

import pytest

from aftershock.reports.explore import open_explore
from aftershock.reports.explore_what_if import HINT, WhatIfDrawer


class Timer:
    """An event loop's timers that are due when the test says so."""

    def __init__(self):
        self.waiting = []

    def __call__(self, seconds, call):
        self.waiting.append(call)
        return self

    def cancel(self):
        self.waiting.pop()

    def due(self):
        for call in self.waiting[:]:
            call()


@pytest.fixture(scope="module")
def explorer():
    return open_explore(dataset="twitter-2023", incident_id="tw-2023-03-06")


@pytest.fixture
def timer():
    return Timer()


@pytest.fixture
def drawer(explorer, timer):
    made = WhatIfDrawer(explorer, dict, after=timer)
    made.opened.value = True
    return made


def seen(drawer):
    return drawer.shown.layout.display != "none"


def test_only_the_last_of_several_fields_is_worked_out(drawer, timer):
    drawer.horizon.value = "2h"
    drawer.horizon.value = "24h"
    assert "Fitting" in drawer.said.value and not seen(drawer)
    assert len(timer.waiting) == 1
    timer.due()
    said = drawer.said.value.replace("\N{NO-BREAK SPACE}", " ")
    assert "What if the horizon is 1 d instead of 3 d: the answer on tw-2023-03-06." in said
    assert seen(drawer) and drawer.shown.slot_0 and "from" in drawer.shown.figure_layout["meta"]["alt"]
    drawer.suppose_nothing()
    assert HINT in drawer.said.value and not seen(drawer)


def test_what_is_shown_is_taken_away_as_code_and_as_rows(drawer):
    drawer.away.take.click()
    assert "There are no rows to take: UsageError" in drawer.away.link.value
    drawer.horizon.value = "24h"
    drawer.away.show.click()
    given = f"open_explore(dataset={str(drawer.explorer.dataset.folder)!r}, audience='internal', incident_id='tw-2023-03-06')"
    assert given in drawer.away.text.value and "explorer.what_if(horizon='24h').table" in drawer.away.text.value
    drawer.away.take.click()
    assert 'download="what-if.csv"' in drawer.away.link.value
    names: dict[str, object] = {}
    exec(drawer.away.text.value.replace("explorer.what_if", "table = explorer.what_if"), names)
    assert drawer.rows().splitlines()[0].split(",") == list(names["table"].columns)
    drawer.suppose_nothing()
    assert drawer.away.link.value == "", "it was of another choice"


def test_an_edge_that_is_there_is_removed_and_any_other_is_added(drawer):
    edge = drawer.explorer.dataset.dependencies.iloc[0]
    drawer.service.value, drawer.depends_on.value = edge["service"], edge["depends_on"]
    assert drawer.supposed == {"remove_edge": (edge["service"], edge["depends_on"])}
    drawer.service.value, drawer.depends_on.value = edge["depends_on"], edge["service"]
    assert drawer.supposed == {"add_edge": (edge["depends_on"], edge["service"])}


def test_what_is_refused_is_said_and_nothing_is_shown(drawer, timer):
    drawer.change.value = "chg-nothing"
    timer.due()
    assert "no change &#39;chg-nothing&#39;" in drawer.said.value and not seen(drawer)


def test_a_closed_drawer_works_nothing_out(explorer, timer):
    closed = WhatIfDrawer(explorer, dict, after=timer)
    closed.horizon.value = "24h"
    assert timer.waiting == [] and closed.failed.value == "" and closed.inside.layout.display == "none"
