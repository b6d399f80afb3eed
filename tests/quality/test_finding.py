"""What a check finds, in words and rows."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.quality.finding import Finding, exact, rows_of, signed, some
from aftershock.quality.impact import Impact


@pytest.mark.parametrize(("hours", "words"), [(1, "+1 h"), (-5.5, "−5.5 h"), (0, "0 h")])
def test_hours_have_a_sign(hours, words):
    assert signed(hours) == words


def test_some_rows_agree_with_their_verb():
    assert some(1, "changes", "names", "name", of=20, share=True) == "1 change of 20 (5 %) names"
    assert some(1200, "incidents", "is", "are") == "1,200 incidents are"


def test_a_start_known_to_the_minute_is_exact_and_one_to_the_hour_is_not():
    at = pd.Series(pd.to_datetime(["2024-01-10T12:00Z", "2024-01-10T12:00Z"]))
    frame = pd.DataFrame({"started_at": at, "started_at_before": at + pd.to_timedelta([1, 60], unit="min")})
    assert exact(frame).tolist() == [True, False]


def test_rows_are_named_by_place_and_id():
    frame = pd.DataFrame({"file": ["a.csv"], "line": [3], "change_id": ["c1"]}, index=[7])
    assert rows_of("changes", frame, "odd").values.tolist() == [["a.csv", 3, "c1", "odd"]]


def test_what_was_measured_comes_first_then_what_moves_most():
    def finding(impact: Impact | None) -> Finding:
        return Finding("check", "title", "said", "fix", impact=impact)

    small, large = (Impact(incidents=10, moved=m, share=0.5, share_without=0.5, how="") for m in (1, 5))
    ordered = sorted([finding(None), finding(small), finding(large)], key=lambda f: f.weight, reverse=True)
    assert [f.impact for f in ordered] == [large, small, None]
