"""The one form of a text that rules search, and where each of its characters is in the text as written.

A reader takes ``ｐａｓｓ＝x``, ``name&commat;host``, ``**name**@host`` and ``gh<zero width>p_…`` for what they look like, so
rules must too. The form is that of NFKC with accents taken off: unseen characters are gone, wide and other signs are their
plain ones, and what HTML, URLs, JSON and Markdown escape is written out.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from aftershock.output.unseen_characters import UNSEEN

_UNSEEN = re.compile(f"{UNSEEN}|[\u200c\u200d\ufe00-\ufe0f]")
_SIGNS = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58", "-"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u00b4", "'"),
    **dict.fromkeys("\u2044\u2215\u29f8", "/"),
    **dict.fromkeys("\u2236\ua789\u02d0\u05c3", ":"),
    **dict.fromkeys("\u3002\uff61\u06d4", "."),
    "\u00b7": ".", "\u2217": "*", "\u204e": "*", "\u2500": "-", "\u2192": "->", "\u3000": " ",
    "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H",
    "ı": "i", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH", "ŧ": "t", "ə": "e", "ẞ": "SS",
}  # fmt: skip
# Letters of other scripts that look like Latin ones, within a word that has Latin ones too.
_ALIKE = str.maketrans(
    {
        **dict(zip("АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝкмтгпѵӏ", "ABESIJKMHOPCTYXaesijopcyxhdqwkmtrnvl", strict=True)),
        **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορνιυκχγτεηωϲ", "ABEZHIKMNOPTYXaopviukxytenwc", strict=True)),
        **dict(zip("օոսհցզ", "onuhgq", strict=True)),
    }
)
_MIXED_RUN = re.compile(r"[^\W\d_]*(?:[A-Za-z][Ͱ-֏]|[Ͱ-֏][A-Za-z])[^\W\d_]*")
_PIECE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\[[0-9;]{1,8}m(?=\S)|(?<=\S)\[[0-9;]{1,8}m"  # colours of terminals
    r"|&(?:amp;)*(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"  # HTML
    r"|(?:%[CDcd][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]|%[Ee][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2})"
    r"|%(?:25)*(?:2[0-57-9A-Fa-f]|[3-7][0-9A-Fa-f])"  # URLs; %26, a written &, stays: it ends no value
    r"|(?:(?<=[Pp]ass=)|(?<=[Ww]ord=)|(?<=[Pp]wd=)|(?<=PASS=)|(?<=WORD=)|(?<=ecret=))[^\s&%\"'<>][^\s&\"'<>]{0,100}?%20"
    r"[^\s&\"'<>]{1,200}"  # a value with spaces: they end none
    r"|\\{1,4}u[0-9A-Fa-f]{4}|\\{1,4}x[2-7][0-9A-Fa-f]"  # JSON, programs
    r"|(?<=\w)\\(?=[_.@~-]\w)|(?<=\w)\\(?=\*)"  # Markdown
    r"|(?<=\w)\*{1,3}(?=[\w@.:=,;!?)-]|\s|$)|(?<![*\w])\*{1,3}(?=\w)|(?<=[:=])\*\*(?=\s)|(?<=[@:.])\*{1,2}(?=\w)"
    r"|\[[.@:]\]"  # addresses made safe to pass on
    r"|(?<=\w)~~|~~(?=\w)"
    r"|(?<![^\s])[^\W\d_](?P<apart>[ .])[^\W\d_](?:(?P=apart)[^\W\d_]){3,39}(?![^\s:=])"  # l e t t e r s  a p a r t
    r"|[^\t\n\r -~]"
)
_BARE = re.compile(r"[\t\n\r -~]*")
NOT_BARE = r"[^\t\n\r -~]|[&%\\*[]|~~|(?:^|\s)\pL(?:[ .]\pL){4}"
"""What a text must match (RE2) for its form to differ from it."""


class _Fold(dict[int, str]):
    """What each character looks like, worked out once."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = made = "" if _UNSEEN.fullmatch(sign) else "".join(map(_plain, _SIGNS.get(sign, sign)))
        return made


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.digit(sign))
    parts = unicodedata.normalize("NFKD", sign)
    return "".join(_SIGNS.get(p, p) for p in parts if unicodedata.category(p) not in ("Mn", "Mc", "Me"))


_FOLD = _Fold()


def _written_out(piece: str) -> str:
    """What a piece of a text looks like."""
    if len(piece) == 1 and piece not in "\\*":
        return _FOLD[ord(piece)]
    if "%20" in piece[1:]:
        return seen(piece.replace("%20", "_"))
    if len(piece) > 8 and piece[1] in " ." and piece[3] == piece[1]:
        return seen(piece.replace(piece[1], ""))
    if piece[0] == "%" and len(piece) > 3 and piece[3] == "%":
        return "".join(map(_FOLD.__getitem__, map(ord, unquote(piece))))
    if piece[0] == "&":
        sign = html.unescape(re.sub("(?:amp;)+", "", piece) if piece != "&amp;" else piece)
        return sign if sign == piece else sign.translate(_FOLD)
    if piece[0] == "[":
        return piece[1]
    if piece[0] == "%" or (piece[0] == "\\" and piece[-1].isalnum()):
        return chr(int(piece[-4:] if "\\u" in piece else piece[-2:], 16)).translate(_FOLD)
    return ""


def seen(text: str) -> str:
    """The form of a text that rules search."""
    if _BARE.fullmatch(text):
        return _PIECE.sub(lambda p: _written_out(p[0]), text)
    return _PIECE.sub(lambda p: _written_out(p[0]), _in_latin(text))


def _in_latin(text: str) -> str:
    """A text of the same length whose words of several scripts are in one."""
    return _MIXED_RUN.sub(lambda run: _latin_run(run[0]), text)


def _latin_run(run: str) -> str:
    return run.translate(_ALIKE) if all(ord(c) < 0x250 or ord(c) in _ALIKE for c in run) else run


@dataclass(frozen=True)
class Seen:
    """``text`` is the form that rules search; ``written`` tells where a part of it is in the text as written."""

    text: str
    written: Callable[[int, int], tuple[int, int]]

    @classmethod
    def of(cls, text: str) -> Seen:
        if _BARE.fullmatch(text) and not _PIECE.search(text):
            return cls(text, lambda start, end: (start, end))
        text = text if text.isascii() else _in_latin(text)
        made: list[str] = []
        places: list[tuple[int, int]] = []
        at = 0
        for piece in _PIECE.finditer(text):
            plain = _written_out(piece[0])
            made += [text[at : piece.start()], plain]
            places += [*((n, n + 1) for n in range(at, piece.start())), *([piece.span()] * len(plain))]
            at = piece.end()
            if not plain and places and len(piece[0]) == 1:  # an accent goes with its letter
                places[-1] = (places[-1][0], at)
        made.append(text[at:])
        places += [(n, n + 1) for n in range(at, len(text))]
        return cls("".join(made), lambda start, end: (places[start][0], places[end - 1][1]))
