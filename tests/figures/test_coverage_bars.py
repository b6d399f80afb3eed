"""Weeks of both logs, and where there are too few rows."""

from __future__ import annotations

from toy_figures import stretches, weeks

from aftershock import figures


def test_a_stretch_is_marked_named_and_counted():
    fig = figures.coverage_bars(weeks(), stretches())
    (shape,) = fig.layout.shapes
    assert (shape.x0, shape.x1) == ("2024-01-16 00:00", "2024-01-23 00:00")
    assert fig.layout.meta["finding"] == "Silent or nearly so: the changes once"
    assert fig.layout.meta["alt"].endswith(
        "Too few in 1 stretch; the worst 16 January 2024 to 23 January 2024, 0 changes where about 9 are expected."
    )
    marked = [row for row in fig.layout.meta["table"]["rows"] if row[3] == "yes"]
    assert [row[:2] for row in marked] == [["changes", "2024-01-15"], ["changes", "2024-01-22"]]


def test_logs_without_a_gap_and_logs_too_small_to_show_one():
    none = stretches().iloc[:0]
    assert figures.coverage_bars(weeks(), none).layout.meta["finding"] == "No gap stands out in 6 weeks"
    some = figures.coverage_bars(weeks(), none, tested=["changes"]).layout.meta
    assert some["finding"] == "No gap stands out in 6 weeks of changes"
    assert "Too few incidents to look for gaps." in some["alt"]
    assert (
        figures.coverage_bars(weeks(), none, tested=[]).layout.meta["finding"] == "Too few rows in 6 weeks to see a gap"
    )
