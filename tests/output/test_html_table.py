from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.output import html_table, safe_html


def test_cells_know_what_they_sort_by():
    start = pd.Timestamp("2025-12-03T10:01Z")
    frame = pd.DataFrame(
        {
            "when": [safe_html.sortable("3 Dec, 11:01 CET", start), start],
            "long": [safe_html.sortable("a while", pd.Timedelta("90min")), pd.NaT],
            "what": [safe_html.title_with_id("Title", "id-1"), safe_html.title_with_id("", "id-2")],
            "n": [1240, np.nan],
        }
    )
    html = html_table.Table(frame)._repr_html_()
    assert html.count('data-key="2025-12-03T10:01:00+00:00"') == 2
    assert '<td data-key="90">a while</td>' in html
    assert '<td><span class="as-two-lines"><span>Title</span> <small>id-1</small></span></td>' in html
    assert "<td>id-2</td>" in html and safe_html.plain(frame["what"][0]) == "Title id-1"
    assert '<td class="as-right" data-key="1240">1,240</td>' in html


def test_table_is_semantic_and_reachable():
    frame = pd.DataFrame({"change": ["one"], "probability": [0.625], "delay": [pd.Timedelta("3h20min")]})
    html = html_table.Table(frame, caption="Suspects", bars=["probability"])._repr_html_()
    assert html == (
        '<div class="as-table" role="region" tabindex="0" aria-label="Suspects"><table><caption>Suspects</caption>'
        '<thead><tr><th scope="col">change</th><th scope="col">probability</th>'
        '<th scope="col" class="as-right">delay</th></tr></thead><tbody><tr><td>one</td>'
        '<td class="as-bar" data-key="0.625"><span style="--share:0.625"><span>62\u00a0%</span></span></td>'
        '<td class="as-right" data-key="200">3\u00a0h 20\u00a0min</td></tr></tbody></table></div>'
    )


def test_table_as_text_and_when_empty():
    frame = pd.DataFrame({"kind": ["deploy", "config"], "n": [12, 3400]})
    assert repr(html_table.Table(frame, caption="Kinds")) == "Kinds\nkind    n\ndeploy  12\nconfig  3,400"
    assert html_table.Table(frame.iloc[:0], empty="No changes.").text == "No changes."
    assert (
        html_table.Table(frame.iloc[:0], empty="No <changes>.")._repr_html_()
        == '<p class="as-empty">No &lt;changes&gt;.</p>'
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (pd.Timestamp("2025-03-12 14:05:59", tz="UTC"), "2025-03-12 14:05 UTC"),
        (pd.NaT, "–"),
        (None, "–"),
        (float("nan"), "–"),
        (True, "yes"),
        (np.int64(12345), "12,345"),
        (0.12345, "0.123"),
        (1234.5, "1,234"),
        (pd.Timedelta("59s"), "59 s"),
        (pd.Timedelta("59min59s"), "1 h"),
        (pd.Timedelta("26h"), "1 d 2 h"),
        (-pd.Timedelta("90min"), "−1 h 30 min"),
        ([], "–"),
    ],
)
def test_values_in_a_table(value, expected):
    assert str(html_table.shown(value)) == expected


def test_a_column_that_is_not_there_and_an_unknown_alignment_are_refused():
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(ValueError, match="no column 'b' in the table; it has a"):
        html_table.Table(frame, bars=["b"])
    with pytest.raises(ValueError, match="align is left, right or center, not 'middle'"):
        html_table.Table(frame, align={"a": "middle"})
