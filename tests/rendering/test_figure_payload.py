"""The figures of a page: what stands around each, and one payload for all."""

from __future__ import annotations

import base64
import gzip
import json
import re

import plotly.graph_objects as go
import pytest
from conftest import displayed, figure

from aftershock.rendering.figure_payload import MIMETYPE, FigurePayload, packed


def drawn(*figures: go.Figure | dict) -> tuple[str, FigurePayload]:
    """The HTML of figures on one page, and their payload."""
    payload = FigurePayload()
    bundles = [f if isinstance(f, dict) else displayed(f)["data"][MIMETYPE] for f in figures]
    return "".join(payload.add(bundle) for bundle in bundles), payload


def unpacked(payload: FigurePayload) -> dict:
    return json.loads(gzip.decompress(base64.b64decode(payload.payload())))


def test_figure_becomes_caption_alternative_and_data_table():
    html, _ = drawn(figure())
    assert (
        '<figcaption><p class="as-number">Figure 1<a class="as-anchor" href="#figure-1" '
        'aria-label="Copy the link to Figure 1">#</a></p></figcaption>' in html
    )
    assert '<p class="as-note">About calm</p>' in html
    assert 'role="img" aria-label="Bars of calm." data-figure="0" style="height:420px"' in html
    assert "<summary>Data of figure 1</summary>" in html
    assert '<tr><td>other</td><td class="as-right">2.5</td></tr>' in html


def test_payload_shares_the_template_and_has_no_meta():
    _, payload = drawn(figure("one"), figure("two"))
    found = unpacked(payload)
    assert len(found["templates"]) == 1 and [f["template"] for f in found["figures"]] == [0, 0]
    assert all("meta" not in f["layout"] and "template" not in f["layout"] for f in found["figures"])
    assert [f["data"][0]["name"] for f in found["figures"]] == ["one", "two"]


def test_a_figures_data_table_ends_and_says_so():
    long = figure()
    long.layout.meta = {**long.layout.meta, "table": {"columns": ["n"], "rows": [[i] for i in range(1200)]}}
    html, _ = drawn(long)
    assert "<summary>Data of figure 1 (the first 400 of 1,200 rows)</summary>" in html
    assert html.count('<td class="as-right">') == 400


def test_a_figures_head_is_text_of_the_page():
    told = {
        "finding": "Half show within <1 h",
        "head": {
            "measure": "Share & time",
            "lines": [[["#1F7FBF", "●", "deploy"], ["red;x", "◆", "<b>"]], "a line"],
            "height": 60,
            "top": 14,
        },
    }
    headed = figure().update_layout(height=400, title="gone", margin={"t": 74})
    headed.layout.meta = {**headed.layout.meta, **told}
    html, payload = drawn(headed)
    assert '<p class="as-finding">Half show within &lt;1\u00a0h</p><p class="as-measure">Share &amp; time</p>' in html
    assert '<span class="as-mark" style="color:#1F7FBF" aria-hidden="true">●</span> deploy</span>' in html
    assert 'style="color:inherit" aria-hidden="true">◆</span> &lt;b&gt;</span>' in html
    layout = unpacked(payload)["figures"][0]["layout"]
    assert "title" not in layout and layout["height"] == 340 and layout["margin"]["t"] == 14
    assert 'style="height:340px"' in html


def test_not_a_number_in_a_figure_becomes_null():
    _, payload = drawn({"data": [{"y": [float("nan"), 1]}], "layout": {}})
    assert unpacked(payload)["figures"][0]["data"] == [{"y": [None, 1]}]


def test_figure_without_meta_uses_its_title():
    html, payload = drawn(go.Figure(go.Bar(y=[1])).update_layout(title="My <title>", height=300))
    assert '<p class="as-finding">My &lt;title&gt;</p></figcaption>' in html and 'aria-label="My &lt;title&gt;"' in html
    assert "title" not in unpacked(payload)["figures"][0]["layout"]


def test_only_what_is_drawn_counts_and_tells_which_traces_it_needs():
    words = go.Figure().update_layout(meta={"alt": "Nothing here."})
    html, payload = drawn(words, figure(), {"data": [{"type": "heatmap"}, {}], "layout": {}})
    assert (len(payload), payload.traces) == (2, {"bar", "heatmap", "scatter"})
    assert re.findall('id="figure-([0-9])"', html) == ["1", "2", "3"], "as a reader counts"
    assert re.findall('data-figure="([0-9])"', html) == ["0", "1"], "as the payload has them"
    assert "as-plot" not in html[: html.index('id="figure-2"')]


def test_a_figure_without_data_and_without_words_is_drawn_all_the_same():
    html, payload = drawn({"data": [], "layout": None})
    assert len(payload) == 1 and 'aria-label="Chart without a description"' in html


def test_words_that_are_the_finding_too_are_said_once():
    both = {"alt": "Nothing here.", "finding": "Nothing here."}
    html, _ = drawn(go.Figure().update_layout(meta=both))
    assert html.count("Nothing here.") == 1
    html, _ = drawn(go.Figure().update_layout(meta={**both, "finding": "Calm."}))
    assert "Calm." in html and "Nothing here." in html


def test_templates_that_differ_are_both_kept_and_a_figure_may_have_none():
    bare = {"data": [{"y": [1]}], "layout": {}}
    dark = {"data": [{"y": [1]}], "layout": {"template": {"layout": {"colorway": ["#123456"]}}}}
    _, payload = drawn(bare, dark, figure(), dark)
    found = unpacked(payload)
    assert [f["template"] for f in found["figures"]] == [None, 0, 1, 0] and len(found["templates"]) == 2


@pytest.mark.parametrize("missing", ["measure", "lines", "height", "top"])
def test_a_head_that_lacks_a_part_is_none(missing):
    head = {"measure": "Share", "lines": [], "height": 60, "top": 14}
    head.pop(missing)
    html, payload = drawn({"data": [{}], "layout": {"title": {"text": "Kept above"}, "meta": {"head": head}}})
    assert "as-measure" not in html and '<p class="as-finding">Kept above</p>' in html
    assert unpacked(payload)["figures"][0]["layout"] == {"height": 420}


def test_what_is_written_above_is_in_the_payload_for_whoever_draws_it_alone():
    key = [["#1F7FBF", "●", "deploy"]]
    head = {"measure": "Share", "lines": [key, "a line"], "height": 60, "top": 14}
    _, payload = drawn({"data": [{}], "layout": {"meta": {"head": head, "finding": "Half", "dark": {"#000": "#fff"}}}})
    (entry,) = unpacked(payload)["figures"]
    assert entry["said"] == {"finding": "Half", "measure": "Share", "key": key} and entry["dark"] == {"#000": "#fff"}


def test_a_figure_is_weighed_as_it_is_packed():
    even = figure().update_traces(hovertext=["the same text"] * 5000)
    assert drawn(even)[1].heavy == []


def test_a_table_of_400_rows_is_whole_and_one_of_none_is_left_out():
    def table(rows: int) -> str:
        meta = {"alt": "A.", "table": {"columns": ["<n>"], "rows": [[n] for n in range(rows)]}}
        return drawn(figure().update_layout(meta=meta))[0]

    assert "<summary>Data of figure 1</summary>" in table(400) and "&lt;n&gt;" in table(400)
    assert "(the first 400 of 401 rows)" in table(401)
    assert "<details" not in table(0)


def test_equal_pages_have_equal_bytes():
    assert drawn(figure())[1].payload() == drawn(figure())[1].payload()
    assert base64.b64decode(packed("x"))[4:8] == bytes(4), "no time of packing"
    assert gzip.decompress(base64.b64decode(packed("né"))).decode() == "né"
