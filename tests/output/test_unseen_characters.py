"""What nobody sees is taken out; what people write in any script stays."""

from __future__ import annotations

import pytest

from aftershock.output.safe_html import clean
from aftershock.output.terminal import plain
from aftershock.output.unseen_characters import without_unseen

UNSEEN = ["\x00", "\x0b", "\x1b", "\x85", "\u2028", "\u2029", "\u202e", "\u2067", "\ufeff", "\ud800",
          "\u200b", "\u200d", "\u2060", "\u00ad", "\u034f", "\u3164", "\ufe0f", "\U000e0041"]  # fmt: skip


@pytest.mark.parametrize("sign", UNSEEN, ids=ascii)
def test_unseen_characters_are_gone_from_pages_and_terminals_alike(sign):
    assert without_unseen(f"a{sign}b") == clean(f"a{sign}b") == "ab"
    assert sign not in plain(f"a{sign}b")


def test_text_stays():
    text = "می\u200cخواهم ⚠\ufe0f 1\ufe0f\u20e3 tab\tline\nreturn\r é 東京 \u05d0\u05d1 👩\u200d🚒 \u00a0"
    assert without_unseen(text) == text
