"""The controls and the grid of the explore page, as the kernel has them."""

from __future__ import annotations

import pytest

from aftershock.reports import explore_grid
from aftershock.reports.explore import open_explore
from aftershock.reports.explore_grid import Controls, Grid


@pytest.fixture(scope="module")
def explorer():
    return open_explore(dataset="twitter-2023", start="2023-01-01", end="2023-07-31")


@pytest.fixture
def grid(explorer):
    return Grid(explorer, lambda _: None)


def test_controls_change_the_choice_and_keep_what_was_picked():
    explorer, drawn = open_explore(dataset="twitter-2023", start="2023-01-01", end="2023-07-31"), []
    controls = Controls(explorer, lambda: drawn.append(explorer.incident_id))
    controls.later.after = lambda _, call: call()
    controls.service.value = "TweetDeck"
    controls.draw()
    assert drawn == ["tw-2023-03-06"] == [controls.incident.value], "one change of a widget is one drawing"
    controls.service.value = ""
    controls.incident.value = "tw-2023-02-08"
    controls.service.value = "TweetDeck"
    controls.draw()
    assert drawn[-1] == controls.incident.value == "tw-2023-02-08"
    march = [n for n, (_, day) in enumerate(controls.period.options) if f"{day:%Y-%m}" == "2023-03"]
    controls.period.index = (march[0], march[-1])
    controls.draw()
    assert drawn[-1] == "tw-2023-02-08"
    assert "tw-2023-02-08  (outside the period or service)" in [label for label, _ in controls.incident.options]


def test_an_incident_is_chosen_by_its_id_whatever_the_list_is_by_then():
    explorer = open_explore(dataset="twitter-2023", start="2023-01-01", end="2023-07-31")
    controls = Controls(explorer, lambda: None)
    chosen = explorer.incidents["incident_id"].iloc[-1]
    explorer.choice.choose(start=explorer.choice.start, end=explorer.choice.start, service="")
    controls.draw()
    assert chosen not in [value for _, value in controls.incident.options]
    controls.incident.set_state({"value": chosen})  # the browser's list was the one before
    assert explorer.incident_id == chosen


def test_the_grid_is_narrowed_and_says_what_is_decided(grid):
    explorer = grid.explorer
    everything = grid.ids
    grid.severity.value = "sev1"
    assert grid.ids and set(explorer.listed["incident_severity"]) == {"sev1"} and len(grid.ids) < len(everything)
    grid.severity.value = ""
    kinds = set(explorer.listed["best_change_kind"])
    grid.kind.value = next(k for k in sorted(kinds) if k)
    assert set(explorer.listed["best_change_kind"]) == {grid.kind.value} < kinds
    grid.kind.value = ""
    grid.undecided.value = True
    assert not explorer.listed["decided"].any()
    grid.undecided.value = False
    assert grid.ids == everything


def test_the_grid_is_narrowed_by_the_role_of_who_made_the_change_where_the_log_has_roles(write, grid):
    assert grid.role.layout.display == "none", "this log has none"
    changes = "change_id,started_at,kind,services,role\nc1,2024-01-10T11:30:00Z,deploy,checkout,SRE\nc2,2024-02-20T11:30:00Z,deploy,checkout,\n"
    verdicts = "incident_id,change_id\ni1,c1\ni2,none\n"
    explorer = open_explore(
        dataset=str(write(changes=changes, verdicts__csv=verdicts)), start="2024-01-01", end="2024-02-20"
    )
    narrowed = Grid(explorer, lambda _: None)
    assert [value for _, value in narrowed.role.options] == ["", "SRE"] and len(narrowed.ids) > 1
    narrowed.role.value = "SRE"
    assert narrowed.ids == ["i1"]


def test_a_log_without_severities_has_no_filter_and_no_column_of_them(write, grid):
    without = Grid(open_explore(dataset=str(write())), lambda _: None)
    assert (without.severity.layout.display, grid.severity.layout.display) == ("none", "flex")
    assert "severity" not in without.table.df and "severity" in grid.table.df


def test_cells_of_the_grid_are_escaped_once_and_sorted_by_what_they_mean(grid):
    options = grid.table._dt_args
    assert "<" not in options["data_json"].replace("&lt;", "")
    assert ["drawCallback"] in options["keys_to_be_evaluated"], "which hands out what turns the pages"
    assert options["select"] == "single" and options.get("allow_html") is not True


def test_a_selected_row_is_picked_and_the_choice_is_the_selected_row(explorer):
    picked = []
    grid = Grid(explorer, picked.append)
    other = next(n for n, i in enumerate(grid.ids) if i != explorer.incident_id)
    grid.table.selected_rows = [other]  # a late report of what was drawn
    assert picked == [] and [grid.ids[n] for n in grid.table.selected_rows] == [explorer.incident_id]
    grid.table._handle_custom_msg({"used": "pointerdown"}, [])
    grid.table.selected_rows = [other]
    assert picked == [grid.ids[other]]
    grid.draw()
    assert [grid.ids[n] for n in grid.table.selected_rows] == [explorer.incident_id] and len(picked) == 1


def test_the_grid_begins_with_the_page_of_the_chosen_row(explorer, monkeypatch):
    monkeypatch.setattr(explore_grid, "ROWS", 2)
    last = explorer.listed["incident_id"].iloc[-1]
    monkeypatch.setattr(explorer.choice, "incident_id", last)
    grid = Grid(explorer, lambda _: None)
    began = grid.table._dt_args["displayStart"]
    assert began > 0 and last in grid.ids[began : began + 2]
    grid.severity.value = explorer.dataset.incident(last)["severity"]
    assert last in grid.ids[grid.table._dt_args["displayStart"] :][:2]
    grid.severity.value = ""
