"""Labels of plotly as lines of runs: what is bold or coloured stays so, and what is no such tag is dropped."""

from __future__ import annotations

import pytest

from aftershock.figures.picture_text import Run, text_lines


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("", [[]]),
        ("plain &lt;b&gt; &amp; more", [[Run("plain <b> & more")]]),
        ("one<br>two<br/>three", [[Run("one")], [Run("two")], [Run("three")]]),
        ("a<br><br>b", [[Run("a")], [], [Run("b")]]),
        ("a <b>bold<br>still</b> not", [[Run("a "), Run("bold", bold=True)], [Run("still", bold=True), Run(" not")]]),
        (
            "<span style='color: #1F7FBF'>x<span style='font-size:9px'>y</span>z</span>w",
            [[Run("x", colour="#1F7FBF"), Run("y"), Run("z", colour="#1F7FBF"), Run("w")]],
        ),
        ("<span style='color:red'>x</span>", [[Run("x")]]),
        ("<span>x</span>", [[Run("x")]]),
        ("<i onclick=x>kept</i><img src=x>", [[Run("kept")]]),
        ("</b></span>x", [[Run("x")]]),
        ("</b><b>x</b>", [[Run("x", bold=True)]]),
        ("<b><b>x</b>y</b>z", [[Run("x", bold=True), Run("y", bold=True), Run("z")]]),
    ],
)
def test_a_label_is_lines_of_runs(label, lines):
    assert text_lines(label) == lines


def test_a_number_is_a_label_too():
    assert text_lines(12) == [[Run("12")]]


def test_a_tag_that_never_ends_loses_no_text_before_it():
    assert text_lines("kept <b")[0][0].text.startswith("kept")
