"""Bars, intervals and words of the suspects."""

from __future__ import annotations

import pytest
from toy_figures import ranking, words

from aftershock import figures


def test_suspect_bars_draw_probability_and_interval():
    fig = figures.suspect_bars(ranking())
    changed, none = fig.data
    assert list(changed.x) == [0.6, 0.1, 0.05] and list(none.x) == [0.25]
    assert sorted([*changed.y, *none.y]) == pytest.approx([0.3, 1.3, 2.3, 3.3]) and list(none.y) == [1.3]
    assert list(changed.error_x.array) == pytest.approx([0.1] * 3)
    assert list(changed.error_x.arrayminus) == pytest.approx([0.1, 0.1, 0.05])
    assert fig.layout.meta["alt"] == (
        "Probabilities of 3 suspected changes. Highest: Raise the limit, 60 % (90 % interval 50 % to 70 %). "
        "No recorded change: 25 %. Reported as the cause: Raise the limit, rank 3."
    )


def test_suspect_bars_keep_none_and_the_reported_cause_and_add_up():
    fig = figures.suspect_bars(ranking(), top=1)
    assert sum(x for trace in fig.data for x in trace.x) == pytest.approx(1)
    assert "<b>5 %</b>  1 other change" in words(fig)
    assert any("reported cause" in w for w in words(fig))
    assert sum(row[5] for row in fig.layout.meta["table"]["rows"]) == pytest.approx(1)


def test_the_finding_says_no_more_than_the_interval():
    """Raise the limit has 60 %, no recorded change 25 %; the interval decides on the word."""
    first = ranking()["rank"] == 1
    said = {
        0.5: "“Raise the limit” probably set it off: 60 % (50–70 %)",
        0.01: "The strongest explanation is “Raise the limit” with 60 % (1–70 %), which leaves it open",
    }
    for low, finding in said.items():
        table = ranking()
        table.loc[first, "probability_low"] = low
        assert figures.suspect_bars(table).layout.meta["finding"] == finding
    alone = ranking()[ranking()["change_id"] == "none"].assign(probability=1.0, rank=1)
    assert figures.suspect_bars(alone).layout.meta["finding"] == "No recorded change competes for this incident"


def test_suspect_delay_that_is_imprecise_is_a_range():
    table = ranking().assign(delay_minutes_low=5.0, delay_minutes_high=45.0)
    assert any("5 min to 45 min before" in w for w in words(figures.suspect_bars(table)))
