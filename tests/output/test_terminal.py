from __future__ import annotations

import pytest

from aftershock.output.terminal import lines, plain, without_colours


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[1;1Hcleared", "cleared"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;https://example.org/\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]52;c;aGFja2Vk\nnext line", "\nnext line"),
        ("\x1bP1$r0m\x1b\\end", "end"),
        ("\x9b31mred\x9b0m", "red"),
        ("\x9d0;title\x9cafter", "after"),
        ("\x1b", ""),
        ("\x1bcreset", "reset"),
    ],
)
def test_sequences_are_taken_out_whole(text, shown):
    assert without_colours(text) == shown


def test_controls_and_overrides_go_and_lines_stay():
    assert plain("a\x00b\x08c\rd\u202ee\u2028f\ud800g\th\r\ni") == "abcdefg\th\ni"


def test_a_line_stays_one_line():
    assert (
        lines(["found x\nincidents: 0 rows rejected", "next\u2028one"]) == "found x incidents: 0 rows rejected\nnextone"
    )
