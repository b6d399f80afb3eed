from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from conftest import HOSTILE
from hypothesis import given
from hypothesis import strategies as st

from aftershock.output import blocks, html_table, markdown, phrases, safe_html

OURS = {
    "div",
    "p",
    "strong",
    "code",
    "a",
    "ul",
    "li",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "span",
} | {
    "dl",
    "dt",
    "dd",
    "small",
}


class Seen(HTMLParser):
    """All tags, attributes and text of a piece of HTML."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words += data


def hostile_blocks(text: str) -> list[object]:
    frame = pd.DataFrame({text: [text, "x"], "list": [[text, text], []], "share": [0.5, np.nan]})
    return [
        *(
            blocks.Prose(text, safe_html.strong(text), safe_html.code(text), safe_html.link(text, text), kind=kind)
            for kind in blocks.KINDS
        ),
        blocks.Prose(safe_html.join(text, [text, safe_html.strong(text)]), f"an f-string {safe_html.strong(text)}"),
        blocks.Bullets([text, safe_html.link(text, "https://example.org/?q=" + text)]),
        html_table.Table(frame, caption=text, bars=["share"]),
        html_table.Table(frame.iloc[:0], empty=text),
        blocks.FactCards([(text, text, text)]),
        blocks.Stack(blocks.Prose(text), blocks.FactCards([(text, 1, text)])),
    ]


@given(st.just(HOSTILE) | st.text(st.characters(codec=None)) | st.text("<>&\"'/=script onerror:", max_size=40))
def test_hostile_text_adds_no_tag_and_no_handler(text):
    for block in hostile_blocks(text):
        seen = Seen(block._repr_html_())
        assert set(seen.tags) <= OURS
        assert not [name for name, _ in seen.attributes if name.startswith("on") or name == "src"]
        block._repr_html_().encode("utf-8")


def test_control_characters_and_text_direction_are_removed():
    assert blocks.Prose("a\u202eb\x00c\x1bd\ud800e").text == "abcde"


def test_text_with_markup_survives_a_frame_and_an_f_string_escapes_it():
    frame = pd.DataFrame({"change": [safe_html.link("one & two", "https://example.org/1"), "<b>"]})
    html = html_table.Table(frame)._repr_html_()
    assert '<a href="https://example.org/1" rel="noopener noreferrer">one &amp; two</a>' in html and "&lt;b&gt;" in html
    assert blocks.Prose(f"{safe_html.strong('<i>')}")._repr_html_() == '<div class="as-prose"><p>&lt;i&gt;</p></div>'


@pytest.mark.parametrize(
    "href",
    ["https://example.org/a?b=c:d", "http://x.y", "mailto:a@b.c", "inc-1.html", "../2025-03/index.html#a", "#top"],
)
def test_safe_links(href):
    assert safe_html.is_safe_link(href)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        " javascript:x",
        "java\tscript:x",
        "data:text/html,x",
        "file:///etc",
        "//evil.org",
        "\\\\evil",
        "vbscript:x",
        "https:evil",
        "",
        "http://[",
        "\x01javascript:x",
        None,
        float("nan"),
        "/\\evil.org",
    ],
)
def test_unsafe_link_is_only_its_text(href):
    assert safe_html.link("word", href).__html__() == "word"


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


def test_a_range_and_a_number_with_its_unit_stay_on_one_line():
    html = blocks.Prose("36 % (25–46 %)")._repr_html_()
    assert "36\u00a0% (25–\u206046\u00a0%)" in html and safe_html.plain(safe_html.strong("25–46 %")) == "25–46 %"


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


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0 %"), (0.004, "< 1 %"), (0.997, "> 99 %"), (1, "100 %"), (None, "–")]
)
def test_percent_never_rounds_to_certainty(share, words):
    assert phrases.percent(share) == words


def test_unknown_column_kind_and_alignment_are_refused():
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(ValueError, match="no column 'b' in the table; it has a"):
        html_table.Table(frame, bars=["b"])
    with pytest.raises(ValueError, match="align is left, right or center, not 'middle'"):
        html_table.Table(frame, align={"a": "middle"})
    with pytest.raises(ValueError, match="kind is one of prose, answer, notice, warning, not 'note'"):
        blocks.Prose("x", kind="note")
    with pytest.raises(TypeError, match="Stack holds blocks, not str; wrap text in Prose"):
        blocks.Stack("text")


def test_notices_are_labelled_in_words():
    assert blocks.Prose("Mind the gap.", kind="warning").text == "Warning: Mind the gap."
    assert '<p class="as-label"><strong>Note</strong></p>' in blocks.Prose("x", kind="notice")._repr_html_()


def test_markdown_shows_html_as_text_and_checks_links_and_images():
    html = markdown.Markdown(
        f"# Big\n\n### Small\n\n{HOSTILE}\n\n[bad](javascript:alert(1)) [good](https://example.org) "
        "![tracker](https://example.org/t.png) [evil](//evil.org)"
    )._repr_html_()
    seen = Seen(html)
    assert set(seen.tags) == {"div", "h3", "h5", "p", "a"}
    assert [value for name, value in seen.attributes if name == "href"] == [
        "https://example.org",
        "https://example.org/t.png",
    ]


def test_numbers_are_json_and_invisible():
    bundle = blocks.Numbers(
        {
            "n": np.int64(3),
            "share": np.float64("nan"),
            "at": pd.Timestamp("2025-01-01", tz="UTC"),
            "list": np.array([1, 2]),
        }
        | {"delay": pd.Timedelta("90s"), "deep": {"text": safe_html.strong("x"), "bool": np.bool_(True)}}
    )._repr_mimebundle_()
    assert set(bundle) == {blocks.NUMBERS_MIMETYPE, "text/plain"}
    assert json.loads(json.dumps(bundle[blocks.NUMBERS_MIMETYPE], allow_nan=False)) == {
        "n": 3,
        "share": None,
        "at": "2025-01-01T00:00:00+00:00",
        "list": [1, 2],
        "delay": 90.0,
        "deep": {"text": "x", "bool": True},
    }


def test_facts_as_text():
    assert (
        blocks.FactCards([("Detected", pd.Timedelta("7min"), "fast"), ("Severity", "SEV1", "")]).text
        == "Detected: 7 min (fast)\nSeverity: SEV1"
    )


def test_piles_of_marks_are_cut_and_accents_stay():
    assert safe_html.clean("Z" + "\u0335" * 100 + "algo") == "Z" + "\u0335" * 4 + "algo"
    assert safe_html.clean("cafe\u0301 tie\u0302\u0301ng") == "cafe\u0301 tie\u0302\u0301ng"


def test_what_is_folded_is_whole_without_scripts_and_escaped():
    folded = blocks.Details("1. <b>x</b>", blocks.Prose("<i>inside</i>"))
    assert folded.text == "1. <b>x</b>\n\n<i>inside</i>"
    assert folded._repr_html_() == (
        '<details class="as-data" open><summary>1. &lt;b&gt;x&lt;/b&gt;</summary><div class="as-prose"><p>&lt;i&gt;inside'
        "&lt;/i&gt;</p></div></details>"
    )


@pytest.mark.parametrize(("block", "tag"), [(blocks.Heading, "h3"), (blocks.CodeBlock, "pre")])
def test_headings_and_lines_to_copy_are_escaped(block, tag):
    shown = block("a <b> = 1\u202e")
    assert re.fullmatch(rf"<{tag}[^<>]*>a &lt;b&gt; = 1</{tag}>", shown._repr_html_())
    assert shown.text == repr(shown)
    assert "\u202e" not in shown.text
