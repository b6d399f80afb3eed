from __future__ import annotations

import pandas as pd
import pytest

from aftershock.output import blocks, html_table, safe_html


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
        "https://example.org/\ud800",
    ],
)
def test_unsafe_link_is_only_its_text(href):
    assert safe_html.link("word", href).__html__() == "word"


def test_a_range_and_a_number_with_its_unit_stay_on_one_line():
    html = blocks.Prose("36 % (25–46 %)")._repr_html_()
    assert "36\u00a0% (25–\u206046\u00a0%)" in html and safe_html.plain(safe_html.strong("25–46 %")) == "25–46 %"


def test_piles_of_marks_are_cut_and_accents_stay():
    assert safe_html.clean("Z" + "\u0335" * 100 + "algo") == "Z" + "\u0335" * 4 + "algo"
    assert safe_html.clean("cafe\u0301 tie\u0302\u0301ng") == "cafe\u0301 tie\u0302\u0301ng"
