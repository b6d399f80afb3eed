"""Days with incidents."""

from __future__ import annotations

from toy import incidents, shares

from aftershock import figures
from aftershock.figures import theme


def test_a_day_is_probably_a_change_where_the_whole_interval_says_so():
    row = incidents({"incident_id": "a", "started_at": "2025-02-01"})
    said = {
        (0.71, 0.005, 0.96): "could be either",
        (0.6, 0.5, 0.7): "probably a change",
        (0.3, 0.1, 0.5): "probably none",
    }
    for (value, low, high), name in said.items():
        fig = figures.calendar(row, shares(("a", value, 0.1)).assign(low=low, high=high), zone="UTC")
        assert name in fig.layout.title.text and ("probably set off" in fig.layout.meta["finding"]) == (value == 0.6)


def test_calendar_counts_days_in_the_zone():
    """23:30 and 23:50 UTC on the 31st are 1 February in Berlin."""
    table = incidents(
        {"incident_id": "a", "started_at": "2025-01-31 23:30"}, {"incident_id": "b", "started_at": "2025-01-31 23:50"}
    )
    fig = figures.calendar(table, shares(("a", 0.9, 0.1), ("b", 0.7, 0.1)), zone="Europe/Berlin")
    assert fig.layout.meta["table"]["rows"] == [["2025-02-01", 2, 0.8]]
    days, marks = fig.data
    assert list(days.text)[:3] == ["1", "2", "3"] and list(days.y)[1:3] == [
        -0.25,
        0.75,
    ]  # 1 February 2025 is a Saturday
    assert (list(marks.x), list(marks.y)) == ([5], [0])
    assert marks.marker.symbol == "circle" and marks.marker.color == theme.CHANGE


def test_calendar_marks_days_without_an_estimate_and_leaves_old_months_out():
    rows = [{"incident_id": str(y), "started_at": f"{y}-03-01"} for y in (2020, 2025)]
    fig = figures.calendar(incidents(*rows), shares(), zone="UTC")
    assert "not estimated" in fig.layout.title.text
    assert "37 earlier months are not drawn" in fig.layout.meta["caption"]


def test_calendar_says_of_one_of_some_and_of_all_days_whether_a_change_did_it():
    rows = [{"incident_id": id, "started_at": f"2025-02-0{n}"} for n, id in enumerate("abc", start=1)]
    said = {
        (0.9,): "1 incident on 1 day, probably set off by a change",
        (0.1,): "1 incident on 1 day",
        (0.9, 0.1, 0.9): "3 incidents on 3 days; on 2 of them probably set off by a change",
        (0.9, 0.9, 0.9): "3 incidents on 3 days; on all of them probably set off by a change",
        (0.1, 0.1, 0.1): "3 incidents on 3 days; on none of them probably set off by a change",
    }
    for shown, finding in said.items():
        given = shares(*(("abc"[n], share, 0.1) for n, share in enumerate(shown)))
        fig = figures.calendar(incidents(*rows[: len(shown)]), given, zone="UTC")
        assert fig.layout.meta["finding"] == finding
