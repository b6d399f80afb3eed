"""Markdown cells as HTML: headings that skip no level, ids that are the page's own alone, raw HTML that stays text."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup

from aftershock.rendering.markdown_cells import MarkdownCells, OutlineEntry, anchor, markdown


def page(*sources: str) -> tuple[Markup, MarkdownCells]:
    cells = MarkdownCells()
    return Markup("").join(cells.html(source) for source in sources), cells


def test_only_the_first_title_is_left_out_and_only_at_the_beginning_of_a_cell():
    html, cells = page("Words\n\n# Not first\n\nMore", "# Title\n\nIntro", "# Again")
    assert [entry.text for entry in cells.headings] == ["Not first", "Again"]
    assert "Title" not in html and "<p>Intro</p>" in html


def test_levels_skip_none_and_deep_ones_are_in_no_outline():
    html, cells = page("#### Deep first\n\n##### Deeper\n\n###### Deepest\n\n## Back\n\n#### Down")
    assert re.findall(r"<h(\d)", html) == re.findall(r"</h(\d)", html) == ["2", "3", "4", "2", "3"]
    assert cells.headings == [
        OutlineEntry(2, "Deep first", "deep-first"),
        OutlineEntry(3, "Deeper", "deeper"),
        OutlineEntry(2, "Back", "back"),
        OutlineEntry(3, "Down", "down"),
    ]


@pytest.mark.parametrize(
    ("heading", "identifier", "text"),
    [
        ("main", "main-2", "main"),
        ("Contents", "contents-2", "Contents"),
        ("figure-1", "section-figure-1", "figure-1"),
        ("as-plotly", "section-as-plotly", "as-plotly"),
        ("…", "section", "…"),
        ("`a` & *b*", "a-b", "a & b"),
        ("[link](https://example.org)", "link", "link"),
    ],
)
def test_no_heading_takes_an_id_of_the_page(heading, identifier, text):
    html, cells = page(f"## {heading}")
    assert cells.headings == [OutlineEntry(2, text, identifier)]
    assert f'id="{identifier}"' in html and f'href="#{identifier}"' in html


def test_ids_are_unique_across_cells():
    _, cells = page("## Part", "## Part\n\n## Part 2", "## Part")
    ids = [entry.id for entry in cells.headings]
    assert ids[:2] == ["part", "part-2"] and len(set(ids)) == 4


def test_a_heading_without_words_has_a_link_all_the_same():
    html, _ = page("## ![](x.png)")
    assert 'aria-label="Copy the link to this section"' in html


def test_names_in_a_link_are_text():
    assert anchor('a"b', "<b>") == (
        '<a class="as-anchor" href="#a&#34;b" aria-label="Copy the link to &lt;b&gt;">#</a>'
    )
    html, _ = page('## A "quoted" <b>')
    assert "<b>" not in html and 'aria-label="Copy the link to A &#34;quoted&#34; &lt;b&gt;"' in html


def test_raw_html_and_unseen_characters_are_no_markup():
    html, _ = page("<script>x</script>\n\na\u202eb\x00c <img src=x>")
    assert "<script" not in html and "<img" not in html and "abc" in html


def test_what_a_cell_displays_has_no_part_in_the_outline():
    shown = markdown("# Big\n\n*em*")
    assert "as-anchor" not in shown and " id=" not in shown and "<h3>Big</h3>" in shown
