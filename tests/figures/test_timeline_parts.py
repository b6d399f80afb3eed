"""Rows, marks and words that the two timelines share, read off their traces."""

from __future__ import annotations

import pandas as pd
import pytest
from toy import changes, incidents, utc

from aftershock.figures import theme, timeline_parts
from aftershock.figures.drawing import Sketch
from aftershock.figures.timeline_parts import (
    MARK,
    MISSING,
    Window,
    by_service,
    choose_rows,
    draw_changes,
    draw_incidents,
    keys,
    latest_moment,
    latest_moments,
)

DAY = Window(utc("2025-01-10 00:00"), utc("2025-01-11 00:00"), "UTC")
NOBODY = pd.Series(dtype=float)


def change(name: str, at: str, **more: object) -> dict:
    return {"change_id": name, "started_at": f"2025-01-10 {at}", "services": ["api"], **more}


def traces(fig: Sketch) -> list[dict]:
    return fig.as_json()["data"]


def test_the_latest_moment_is_the_end_that_is_known_to_its_latest():
    table = incidents(
        {
            "incident_id": "resolved",
            "started_at": "2025-01-10 10:00",
            "mitigated_at": "2025-01-10 12:00",
            "resolved_at": "2025-01-10 11:00",
            "resolved_at_before": "2025-01-10 11:30",
        },
        {"incident_id": "mitigated", "started_at": "2025-01-10 10:00", "mitigated_at": "2025-01-10 10:45"},
        {"incident_id": "only", "started_at": "2025-01-10 10:00", "started_at_before": "2025-01-10 10:20"},
    )
    found = latest_moments(table)
    assert found.tolist() == [utc(f"2025-01-10 {t}") for t in ("11:30", "10:45", "10:20")]
    assert [latest_moment(row) for _, row in table.iterrows()] == found.tolist()
    assert latest_moments(table.iloc[:0]).empty


def test_each_service_of_a_row_is_a_row_and_none_has_a_name():
    table = changes(change("a", "10:00", services=["web", "api"]), change("b", "11:00", services=[]))
    rows = by_service(table)
    assert list(zip(rows["change_id"], rows["service"], strict=True)) == [("a", "web"), ("a", "api"), ("b", MISSING)]
    assert by_service(table.iloc[:0]).empty


@pytest.mark.parametrize(
    ("most", "rows", "said"),
    [(4, ["b", "a", "c"], []), (3, ["b", "a", "c"], []), (2, ["b", "a"], ["1 service"]), (1, ["b"], ["2 services"])],
)
def test_rows_come_in_the_order_of_the_rankings_and_what_is_cut_is_counted(most, rows, said):
    rankings = [pd.Series(1, index=["b"]), pd.Series(1, index=["a", "b", "c"])]
    assert choose_rows(rankings, most) == (rows, said)


def test_the_key_has_what_is_drawn_and_no_more():
    def names(kinds: list[str], grouped: bool) -> list[str]:
        return [mark.name for line in keys(kinds, grouped) for mark in line]

    assert names([], False) == ["incident"]
    assert names([], True) == ["incident", "changes, by number"]
    assert names(["deploy"], True) == ["incident", "deploy", "other changes, by number"]


def test_among_many_changes_only_the_suspected_are_drawn_by_themselves():
    marks = by_service(
        changes(*(change(f"c{n}", f"10:0{n}") for n in range(4)), change("far", "10:00", services=["x"]))
    )
    suspicion = pd.Series({"c1": 0.01, "c2": 0.009})
    fig = Sketch()
    assert draw_changes(fig, marks, ["api"], DAY, suspicion, grouped=True) == ["deploy"]
    squares, alone = traces(fig)
    assert squares["hovertext"] == ["3 changes, api"] and squares["marker"]["symbol"] == "square"
    (text,) = alone["hovertext"]
    assert text.startswith("c1 (deploy)") and text.endswith("<b>suspected: 1 %</b>")


def test_squares_grow_with_the_number_and_stand_in_the_middle_of_their_slice():
    marks = by_service(changes(*(change(f"a{n}", "00:05") for n in range(4)), change("b", "12:05")))
    fig = Sketch()
    draw_changes(fig, marks, ["api"], DAY, NOBODY, grouped=True)
    squares, *_ = traces(fig)
    assert squares["marker"]["size"] == [9, 5.5]
    assert squares["x"] == ["2025-01-10T00:10:00", "2025-01-10T12:10:00"], "a slice is 20 minutes of 24 hours"
    assert squares["y"] == [MARK, MARK]


def test_the_most_suspected_lie_on_top_and_are_the_largest():
    marks = by_service(changes(change("high", "10:00"), change("low", "10:01"), change("none", "10:02")))
    fig = Sketch()
    draw_changes(fig, marks, ["api"], DAY, pd.Series({"high": 0.81, "low": 0.04}), grouped=False)
    (trace,) = traces(fig)
    assert [t.split(" ")[0] for t in trace["hovertext"]] == ["none", "low", "high"]
    assert trace["marker"]["size"] == [8, 10.4, 18.8] and trace["marker"]["opacity"] == [0.55, 0.55, 0.95]
    plain = Sketch()
    draw_changes(plain, marks, ["api"], DAY, NOBODY, grouped=False)
    assert traces(plain)[0]["marker"]["opacity"] == [0.85] * 3, "where nobody is suspected nothing is faded"


def test_each_kind_is_a_trace_in_the_order_of_the_theme_and_unknown_ones_come_last():
    given = ["zeal", "config", "deploy"]
    marks = by_service(changes(*(change(k, "10:00", kind=k) for k in given)))
    fig = Sketch()
    kinds = draw_changes(fig, marks, ["api"], DAY, NOBODY, grouped=False)
    assert kinds == [k for k in theme.KINDS if k in given] + ["zeal"] and len(traces(fig)) == 3


def test_an_imprecise_change_is_a_line_inside_the_window_and_a_mark_at_its_middle():
    vague = change("v", "22:00", started_at_before="2025-01-11 04:00")
    exact = change("e", "10:00", started_at_before="2025-01-10 10:05")
    fig = Sketch()
    draw_changes(fig, by_service(changes(vague, exact)), ["api"], DAY, NOBODY, grouped=False)
    line, marks = traces(fig)
    assert line["x"] == ["2025-01-10T22:00:00", "2025-01-11T00:00:00", None], "five minutes of a day are no line"
    assert marks["x"][0] < "2025-01-11", "no symbol is cut by the edge"
    assert "to " in marks["hovertext"][0]


def test_incidents_are_bars_inside_the_window_with_a_tick_where_they_start():
    rows = by_service(
        incidents(
            {
                "incident_id": "i",
                "started_at": "2025-01-09 22:00",
                "started_at_before": "2025-01-10 01:00",
                "resolved_at": "2025-01-12 00:00",
                "services": ["api"],
            },
            {"incident_id": "elsewhere", "started_at": "2025-01-10 10:00", "services": ["web"]},
        )
    )
    fig = Sketch()
    draw_incidents(fig, rows, ["api"], DAY)
    thin, thick, ticks = traces(fig)
    assert thin["x"] == ["2025-01-10T00:00:00", "2025-01-10T01:00:00", None]
    assert thick["x"] == ["2025-01-10T01:00:00", "2025-01-11T00:00:00", None]
    assert ticks["x"] == ["2025-01-10T00:00:00"] and "severity not given, resolved" in ticks["hovertext"][0]
    empty = Sketch()
    draw_incidents(empty, rows, ["other"], DAY)
    assert traces(empty) == []


def test_an_open_incident_goes_on_to_the_edge_and_points_beyond_it():
    rows = by_service(
        incidents(
            {"incident_id": "i", "started_at": "2025-01-10 10:00", "status": "open", "services": ["api"]},
            {"incident_id": "j", "started_at": "2025-01-10 11:00", "services": ["api"]},
        )
    )
    fig = Sketch()
    draw_incidents(fig, rows, ["api"], DAY)
    *_, arrow = traces(fig)
    assert (arrow["marker"]["symbol"], arrow["x"]) == ("triangle-right", ["2025-01-11T00:00:00"])


def test_among_very_many_incidents_none_can_be_pointed_at(monkeypatch):
    monkeypatch.setattr(timeline_parts, "MAX_SINGLE", 1)
    row = {"started_at": "2025-01-10 10:00", "services": ["api"]}
    rows = by_service(incidents({"incident_id": "i", **row}, {"incident_id": "j", **row}))
    many, one = Sketch(), Sketch()
    draw_incidents(many, rows, ["api"], DAY)
    draw_incidents(one, rows.iloc[:1], ["api"], DAY)
    assert (traces(many)[-1]["hoverinfo"], traces(one)[-1]["hoverinfo"]) == ("skip", "text")
