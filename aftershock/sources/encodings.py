"""In which encoding text that is not UTF-8 is written: the one in which its letters are those of one language.

Detectors by statistics need pages of prose; a log has a few names in a header, so whole alphabets are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice, pairwise

GUARD = ")]}'"  # with which answers begin that no browser is to run as code
MOST_LINES = 2_000  # with a byte beyond ASCII that are looked at: a judgement, a log repeats its words
FITS = 0.9  # share of the letters that must be in one alphabet, else it is Windows-1252: a judgement
_SIGNS = set("–—‘’‚“”„…•€£§°²³«»·×µ®©™№ªº \xad")
_SIGNS_INSIDE_WORDS = set("²³µªº·")  # there they are letters of another encoding
# The letters beyond ASCII of the languages that write each encoding, Windows-1252 first: where several fit it is that.
_ALPHABETS = {
    "cp1252": (
        "äöüß",
        "àâæçéèêëîïôœùûüÿ",
        "áéíñóúü¿¡",
        "áàâãçéêíóôõúü",
        "àèéìíòóùú",
        "åäöæøé",
        "äëïöüéèáóíê",
        "áðéíóúýþæö",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1254": ("çğıöşüİâîû",),
    "cp1251": ("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"),
    "cp1253": ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",),
}
_OTHER_SCRIPTS = (_ALPHABETS["cp1251"], _ALPHABETS["cp1253"])
TITLES = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "cp949": "Korean (949)",
    "gb18030": "GB 18030",
    "big5": "Big5",
}
_LEAST_KANA = 0.1  # of the letters of Japanese: a judgement, its sentences have half


def detected(data: bytes) -> str:
    """The name of the encoding, as Python has it; ``data`` is not UTF-8. Windows-1252 where nothing fits better."""
    sample = b"\n".join(islice(_strange_lines(data), MOST_LINES))
    best, most = "cp1252", 0.0
    for name, measured in _MEASURES.items():
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        found = measured(text)
        if found >= FITS and found > most:
            best, most = name, found
    return best


def _strange_lines(data: bytes) -> Iterator[bytes]:
    return (line for line in data.split(b"\n") if not line.isascii())


def _share(text: str, alphabets: tuple[str, ...]) -> float:
    """The largest share of the characters beyond ASCII that one of the alphabets has."""
    odd = [c for n, c in enumerate(text) if not c.isascii() and not _is_sign(text, n)]
    if not odd:
        return 1.0
    shouted = sum(a.islower() and b.isupper() for a, b in pairwise(text) if not b.isascii())  # a capital inside a word
    if alphabets in _OTHER_SCRIPTS:  # no word has letters of Latin and of another script
        shouted += sum(a.isalpha() and b.isalpha() and a.isascii() != b.isascii() for a, b in pairwise(text))
    return max(sum(c in letters or c.lower() in letters for c in odd) - shouted for letters in alphabets) / len(odd)


def _is_sign(text: str, place: int) -> bool:
    if text[place] not in _SIGNS:
        return False
    return text[place] not in _SIGNS_INSIDE_WORDS or not text[place + 1 : place + 2].isalpha()


def _wide(codec: str, first: int, last: int, needed: tuple[str, str, float]) -> Callable[[str], float]:
    """How a text is measured whose common characters have these first bytes in an encoding, and of which a share must be in
    a range of its own: rare characters are those of another encoding."""
    low, high, least = needed

    def share(text: str) -> float:
        odd = [c for c in text if not c.isascii() and c not in _SIGNS]
        if not odd or sum(low <= c <= high for c in odd) < least * len(odd):
            return 0.0
        return sum(first <= c.encode(codec, "replace")[0] <= last for c in odd) / len(odd)

    return share


_KANA = ("ぁ", "ヿ", _LEAST_KANA)
_WIDE = {
    "cp932": _wide("euc_jp", 0xA1, 0xCF, _KANA),
    "euc_jp": _wide("euc_jp", 0xA1, 0xCF, _KANA),
    "cp949": _wide("cp949", 0xA1, 0xC8, ("가", "힣", FITS)),
    "gb18030": _wide("gb2312", 0xA1, 0xD7, ("一", "鿿", FITS)),
    "big5": _wide("big5", 0xA1, 0xC6, ("一", "鿿", FITS)),
}
_MEASURES: dict[str, Callable[[str], float]] = {
    **{name: partial(_share, alphabets=alphabets) for name, alphabets in _ALPHABETS.items()},
    **_WIDE,
}
