"""Incidents per month as small bars, with the same in words."""

from __future__ import annotations

import json
import re

import pytest

from aftershock.rendering.site.index import write_site
from aftershock.rendering.site.sparklines import MOST, per_month


def test_a_sparkline_says_in_words_what_it_draws(output):
    counts = [{"month": f"2025-0{m}", "incidents": n} for m, n in ((1, 4), (2, 0), (3, 8))]
    (output / "real/2025-02/index.json").write_text(
        json.dumps({"report": {"title": "February", "month": "2025-02"}, "counts": counts})
    )
    html = write_site(output).read_text()
    said = re.search(r'<svg class="as-spark" role="img" aria-label="([^"]*)"', html)[1]
    assert said == (
        "Incidents per month from January 2025 to March 2025: 4, 0, 8. Most were 8 incidents in March 2025."
    )
    assert re.findall(r'<rect x="(\d+)" y="([\d.]+)" width="7" height="([\d.]+)"/>', html) == [
        ("0", "16", "14"),
        ("9", "29", "1"),
        ("18", "2", "28"),
    ]


@pytest.mark.parametrize(
    "counts", [None, 3, [3], [{}], [{"month": "2025-01", "incidents": "many"}], [{"month": 3, "incidents": 1}]]
)
def test_counts_that_make_no_sense_draw_nothing(output, counts):
    (output / "demo/2025-03/index.json").write_text(json.dumps({"report": {"title": "March"}, "counts": counts}))
    assert write_site(output).read_text().count("<svg") == 0


def test_a_single_month_has_no_course():
    assert per_month({"2025-01": 4}) == per_month({}) == ""


def test_the_last_three_years_are_drawn_and_a_row_of_nothing_is_hairlines():
    counts = {f"{2020 + n // 12}-{n % 12 + 1:02d}": 0 for n in range(MOST + 5)}
    drawn = per_month(counts)
    assert drawn.count("<rect") == MOST and drawn.count('height="1"') == MOST
    assert "from June 2020 to May 2023" in drawn and "Most were 0 incidents in June 2020." in drawn
