"""Bars of the explanations before and after."""

from __future__ import annotations

import pandas as pd

from aftershock.figures.before_after import before_after

TABLE = pd.DataFrame(
    {
        "change_id": ["c1", "c2", "none"],
        "change_title": ["Raise <b>limits</b>", "", "No recorded change"],
        "before": [0.7, float("nan"), 0.3],
        "after": [0.2, 0.6, 0.2],
        "moved": [-0.5, 0.6, -0.1],
    }
)


def test_each_explanation_has_two_bars_and_the_finding_says_what_is_first():
    fig = before_after(TABLE, "checkout depends on payments")
    before, after = fig.data
    assert list(before.x) == [0.7, 0, 0.3] and list(after.x) == [0.2, 0.6, 0.2]
    meta = fig.layout.meta
    assert meta["finding"] == (
        "What if checkout depends on payments: c2 is first with 60 %, not Raise <b>limits</b> with 70 %"
    )
    assert "c2 from no candidate to 60 %" in meta["alt"]
    assert "<b>limits</b>" not in str(fig.layout.annotations), "a title is text, not markup"


def test_no_recorded_change_is_shown_wherever_it_ranks():
    fig = before_after(TABLE, "the horizon is 24 h", top=1)
    assert len(fig.data[0].x) == 2 and fig.layout.meta["table"]["rows"][1][0] == "c2"
