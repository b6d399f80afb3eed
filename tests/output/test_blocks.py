from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
from conftest import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from seen_html import Seen

from aftershock.output import blocks, html_table, safe_html

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


def hostile_blocks(text: str) -> list[object]:
    column = text.encode("utf-8", "replace").decode()  # a name that a frame can have
    frame = pd.DataFrame({column: [column, "x"], "list": [[text, text], []], "share": [0.5, np.nan]})
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


def test_an_unknown_kind_and_what_is_not_a_block_are_refused():
    with pytest.raises(ValueError, match="kind is one of prose, answer, notice, warning, not 'note'"):
        blocks.Prose("x", kind="note")
    with pytest.raises(TypeError, match="Stack holds blocks, not str; wrap text in Prose"):
        blocks.Stack("text")


def test_notices_are_labelled_in_words():
    assert blocks.Prose("Mind the gap.", kind="warning").text == "Warning: Mind the gap."
    assert '<p class="as-label"><strong>Note</strong></p>' in blocks.Prose("x", kind="notice")._repr_html_()


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
