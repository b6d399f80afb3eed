"""Ways to spoil an export: bytes, JSON, CSV and YAML as nobody should write them, and everybody meets.

A spoiled export is made from one that is sound by a number: the same number spoils it in the same way.
"""

from __future__ import annotations

import codecs
import gzip
import json
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONGEST = 20  # seconds that one example may take before it counts as hanging

RIGHT_TO_LEFT = "\u202e\u05d0\u05d1\u0627\u0644\u062d\u0627\u062f\u062b\u202c"
TEXTS = [
    "",
    " ",
    "\0",
    "a\0b",
    "\ufeff",
    "\ud83d",
    "\udc00x",
    "\x1f\x1e\x1c\x85\u2028",
    RIGHT_TO_LEFT,
    "=cmd|' /C calc'!A1",
    "@SUM(1+1)*cmd",
    '+1-1"',
    "<script>alert(1)</script>",
    "none",
    "null",
    "NaN",
    "1.2E+05",
    "٢٠٢٤-٠١-٠١",
    "x" * 3000,
]
STAMPS = [
    "0000-01-01T00:00:00Z",
    "0001-01-01",
    "1970-01-01T00:00:00Z",
    "2024-02-30T00:00:00Z",
    "2024-03-31T02:30:00",
    "2024-10-27T02:30:00",
    "2016-12-31T23:59:60Z",
    "2024-01-01T24:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "+275760-09-13T00:00:00Z",
    "-2024-01-01",
    "2024-01-01T00:00:00+99:99",
    "2024-W01-1",
    "01/02/2024",
    "12 May 99999",
    "45000",
    "-1",
    "1e400",
    "1710000000",
    "17100000000000000",
    "99999999999999999999999999",
    "[object Object]",
]
NUMBERS = [
    0,
    -1,
    1,
    10**18,
    10**30,
    -(10**30),
    2**63,
    1e308,
    -1e308,
    5e-324,
    0.1,
    1710000000,
    1710000000000,
    45000.5,
    True,
    False,
]
SHAPES = [None, [], {}, [[]], [None], [{}], [[["a"]]], {"": ""}, {"a.b": {"c": None}}, [1, "a", None, {"b": []}]]
#: What makes a careless regular expression go back and forth.
ENDLESS = [
    "a@" * 40,
    "<" * 60,
    "a." * 60,
    " " * 60,
    "-" * 60,
    "[" * 60,
    "#" * 60,
    "0" * 60,
    "a" * 60 + "!",
    "\t\n" * 40,
]


@contextmanager
def watched(seconds: int = LONGEST) -> Iterator[None]:
    """Fails what goes on for ever, in seconds of computing, so that a busy machine does not matter; where the system cannot
    count them, it goes on for ever."""

    def too_long(*_: object) -> None:
        raise TimeoutError(f"still reading after {seconds} seconds of computing")

    if not hasattr(signal, "SIGPROF"):
        yield
        return
    former = signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """The content of a file, spoiled in one to three ways."""
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        ways = BYTES + (JSON * 3 if data.lstrip()[:1] in (b"{", b"[") else TABLES * 3)
        data = chance.choice(ways)(data, chance)
    return data


# bytes


def noise(data: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(chance.randrange(200))


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 5, 50])):
        if changed:
            changed[chance.randrange(len(changed))] = chance.choice(
                [0, 10, 13, 34, 44, 0x80, 0xFF, chance.randrange(256)]
            )
    return bytes(changed)


def moved(data: bytes, chance: random.Random) -> bytes:
    """A piece of it once more, or left out."""
    first, last = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:first] + data[last:] if chance.random() < 0.5 else data[:last] + data[first:]


def inserted(data: bytes, chance: random.Random) -> bytes:
    piece = chance.choice(
        [b"\0", b"\xff", b"\xc3", b"\xed\xa0\x80", codecs.BOM_UTF8, b'"', b"\r", b"\n", b",", b"}", b"]", b"{"]
    )
    at = chance.randrange(len(data) + 1)
    return data[:at] + piece * chance.choice([1, 2, 100]) + data[at:]


def encoded(data: bytes, chance: random.Random) -> bytes:
    """In another encoding, with another mark, or in two at once."""
    text = data.decode("utf-8", "replace")
    way = chance.randrange(6)
    if way == 0:
        return text.encode("utf-16")
    if way == 1:
        return codecs.BOM_UTF8 + codecs.BOM_UTF8 + data
    if way == 2:
        return data + "é€".encode("cp1252") + "é".encode()
    if way == 3:
        return codecs.BOM_UTF16_LE + data
    if way == 4:
        return text.encode("utf-32")
    return text.replace("\n", "\r").encode()


def packed(data: bytes, chance: random.Random) -> bytes:
    whole = gzip.compress(data, 1)
    return chance.choice(
        [whole, whole[: len(whole) // 2], whole + whole, whole[:-4] + b"abcd", gzip.compress(whole, 1), whole + b"x"]
    )


BYTES = [noise, cut, flipped, moved, inserted, encoded, packed]


# JSON


def of_documents(spoil: Callable[[list, random.Random], None]) -> Callable[[bytes, random.Random], bytes]:
    """A way to spoil the documents of a file, each in a list of its own so that it can be replaced."""

    def way(data: bytes, chance: random.Random) -> bytes:
        try:
            found = _documents(data.decode("utf-8"))
        except (ValueError, RecursionError):
            return flipped(data, chance)
        spoil(found, chance)
        return "\n".join(json.dumps(d) for d in found).encode()

    return way


def _documents(text: str) -> list:
    found, at, decoder = [], 0, json.JSONDecoder()
    while (at := len(text) - len(text[at:].lstrip())) < len(text):
        document, at = decoder.raw_decode(text, at)
        found.append(document)
    return found


def _places(value: object) -> Iterator[tuple[list | dict, object]]:
    """(list or object, place in it) of every value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from _places(inner)


def junk(chance: random.Random) -> object:
    kind = chance.choice([TEXTS, STAMPS, STAMPS, NUMBERS, SHAPES, ENDLESS])
    if chance.random() < 0.02:
        return nested(chance.choice([10, 60, 300]), chance)
    return chance.choice(kind)


def nested(depth: int, chance: random.Random) -> object:
    value: object = "deep"
    for _ in range(depth):
        value = [value] if chance.random() < 0.5 else {"in": value}
    return value


def junk_values(documents: list, chance: random.Random) -> None:
    places = list(_places(documents))
    for container, key in chance.sample(places, min(len(places), chance.choice([1, 3, 20]))):
        container[key] = junk(chance)


def lost_keys(documents: list, chance: random.Random) -> None:
    objects = [(c, k) for c, k in _places(documents) if isinstance(c, dict)]
    for container, key in chance.sample(objects, min(len(objects), chance.choice([1, 5, 50]))):
        container.pop(key, None)


def renamed_keys(documents: list, chance: random.Random) -> None:
    objects = [(c, k) for c, k in _places(documents) if isinstance(c, dict)]
    for container, key in chance.sample(objects, min(len(objects), 3)):
        if key in container:
            container[str(chance.choice(TEXTS)[:50])] = container.pop(key)


def repeated_records(documents: list, chance: random.Random) -> None:
    lists = [documents, *(c[k] for c, k in _places(documents) if isinstance(c[k], list) and c[k])]
    one = chance.choice(lists)
    one += [chance.choice(one) for _ in range(3)]


def swapped_values(documents: list, chance: random.Random) -> None:
    places = list(_places(documents))
    if len(places) > 1:
        (one, key), (other, place) = chance.sample(places, 2)
        one[key] = json.loads(json.dumps(other[place]))


def told_twice(data: bytes, chance: random.Random) -> bytes:
    """Objects whose keys stand there twice, numbers that are none, and very long ones, which JSON as text can hold."""
    pieces = [
        b'{"id": 1, "id": 2,',
        b'{"started_at": null, ',
        b'{"a": NaN, ',
        b'{"created_at": -Infinity,',
        b'{"n": ' + b"9" * 5000 + b",",
    ]
    return data.replace(b"{", chance.choice(pieces), chance.choice([1, 3, -1]))


JSON = [
    of_documents(junk_values),
    of_documents(junk_values),
    of_documents(junk_values),
    of_documents(lost_keys),
    of_documents(renamed_keys),
    of_documents(repeated_records),
    of_documents(swapped_values),
    told_twice,
]


# tables and YAML, as text


def junk_cells(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    for _ in range(chance.choice([1, 5, 20])):
        row = chance.randrange(len(lines))
        cells = lines[row].split(b",")
        text = str(junk(chance)).encode("utf-8", "replace")
        cells[chance.randrange(len(cells))] = chance.choice([text, b'"' + text.replace(b'"', b'""') + b'"'])
        lines[row] = b",".join(cells)
    return b"\n".join(lines)


def uneven_rows(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    for _ in range(3):
        row = chance.randrange(len(lines))
        lines[row] = chance.choice([lines[row] + b",x,,y", lines[row].split(b",")[0], b"", lines[row] + b",,,", b","])
    return b"\n".join(lines)


def shuffled_rows(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def other_signs(data: bytes, chance: random.Random) -> bytes:
    one, other = chance.choice(
        [(b",", b";"), (b",", b"\t"), (b'"', b"'"), (b"\n", b"\r\n"), (b":", b": &a *a "), (b"  ", b"\t")]
    )
    return data.replace(one, other)


TABLES = [junk_cells, junk_cells, junk_cells, uneven_rows, shuffled_rows, other_signs]
