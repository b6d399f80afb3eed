"""The quick ways of reading give what the careful ones do: CSV by columns and by rows, plain stamps and any stamps,
kinds by Arrow's expressions and by Python's."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftershock.dataset import iso_timestamps, timestamps, typed_columns
from aftershock.errors import InputError
from aftershock.schema import change_kinds
from aftershock.sources import Options
from aftershock.sources.raw_table import RawTable, utf8
from aftershock.sources.tabular import csv_columns, csv_rows, delimited

# pieces of a CSV that mean something to one reader or the other
PLAIN = ["a", "b é", " ", "\t", "\0", "\ufeff", "\u2028", "\x1c", "\x85", "x y", ";", "=1+1", "sep="]
QUOTED = ['"x"', '""', '"a,b"', '"a\nb"', '"a\r\nb"', '"q""q"', '"\n"', '""""']
ODD = ['"', "\r", '"a', 'b"c', '"a"b']
BREAKS = [",", ",", ",", "\n", "\n", "\r\n"]
HEADS = ["id,start,title\n", "a,b,,\r\n", '"x\ny",b\n', "one\n", "\n\nid,start\n", "a,,b\n", "sep=,\na,b\n", "a,b"]


def account(table: RawTable) -> tuple:
    """Everything that a raw table says, with the problems in an order of their own."""
    told = [sorted(map(str, problems)) for problems in (table.problems, table.notes)]
    return table.frame.columns.tolist(), table.frame.values.tolist(), table.lines.tolist(), table.files.tolist(), *told


def both(folder, content: bytes) -> tuple[RawTable | None, RawTable]:
    """The same file by columns (None where that declines) and by rows."""
    path = folder / "x.csv"
    path.write_bytes(content)
    csv.field_size_limit(delimited.LARGEST_CELL)
    data, _ = utf8(path)
    opening = delimited.opening_of(path, data, Options())
    found = csv_columns.parsed(data, opening)
    columns = None if found is None else csv_columns.table(path.name, opening, found)
    return columns, csv_rows.read(path.name, data, opening)


@pytest.mark.parametrize("pieces", [PLAIN + QUOTED, PLAIN + QUOTED + ODD], ids=["sound", "odd"])
def test_by_columns_is_by_rows(tmp_path_factory, pieces):
    folder = tmp_path_factory.mktemp("csv")
    seen = {"columns": 0, "rows": 0}

    @settings(max_examples=150, database=None)
    @given(
        st.sampled_from(HEADS),
        st.lists(st.sampled_from(BREAKS) | st.sampled_from(pieces) | st.sampled_from(BREAKS), max_size=30),
    )
    def alike(head, body):
        try:
            columns, rows = both(folder, (head + "".join(body)).encode())
        except InputError:
            return
        seen["rows" if columns is None else "columns"] += 1
        if columns is not None:
            assert account(columns) == account(rows)

    alike()
    assert seen["columns"] > 10


def test_records_of_any_width_keep_their_lines(tmp_path):
    lines = ["id,title", "1,one", "", "2", ' ,"', '"', "3,three,", "4,four,extra", '5,"a', 'b"', "6,six"]
    columns, rows = both(tmp_path, "\n".join(lines).encode())
    assert account(columns) == account(rows)
    assert columns.frame["id"].tolist() == ["1", "2", "3", "5", "6"]
    assert columns.lines.tolist() == [2, 4, 7, 9, 11]
    assert [(p.line, p.reason) for p in columns.problems] == [(8, "ragged_row")]
    assert [(n.line, n.reason) for n in columns.notes] == [(4, "short_row")]


@pytest.mark.parametrize(
    "odd", ['5" disk,x', '"a"b,x', "a\rb,x", '"open,x', "\ufeffa,x"], ids=["inch", "after", "return", "open", "mark"]
)
def test_what_the_two_readers_could_see_differently_is_read_by_rows(tmp_path, odd):
    columns, rows = both(tmp_path, f"id,title\n{odd}\n".encode())
    assert columns is None
    assert len(rows.frame) + len(rows.problems) >= 1


def test_a_stray_quote_in_the_last_row_is_text(tmp_path):
    _, rows = both(tmp_path, b'id,title\n1,one\n2,5" disk\n')
    assert rows.frame["title"].tolist() == ["one", '5" disk']
    assert rows.problems == []


def test_every_character_is_trimmed_alike(tmp_path):
    text = "".join(f"{chr(c)}x{chr(c)},\n" for c in range(0x110000) if chr(c).isspace() and chr(c) not in "\r\n")
    columns, rows = both(tmp_path, ("id,b\n" + text).encode())
    assert account(columns) == account(rows)
    assert set(columns.frame["id"]) == {"x"}


YEARS = pd.Timestamp("1970-06-01").to_pydatetime(), pd.Timestamp("2201-01-01").to_pydatetime()


def written(at: datetime, form: str) -> str:
    """A moment in one of the forms that are read quickly."""
    whole = at.isoformat("T", "microseconds")
    clock, _, fraction = form.removesuffix("Z").partition("+")[0].partition(".")
    offset = {"": "", "Z": "Z"}.get(form[len(clock) + bool(fraction) + len(fraction) :], "-03:30")
    offset = offset.replace(":", "") if form.endswith("+0000") else offset
    return whole[: len(clock)] + (whole[19 : 20 + len(fraction)] if fraction else "") + offset


STAMP = st.one_of(
    st.from_regex(
        r"[12][0-9]{3}-[0-3][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-5][0-9](:[0-6][0-9]([.,][0-9]{1,7})?)?(Z|z|[+-][01][0-9]:?[0-5][0-9])?",
        fullmatch=True,
    ),
    st.sampled_from(iso_timestamps.FORMS).flatmap(lambda form: st.datetimes(*YEARS).map(lambda at: written(at, form))),
    st.datetimes(pd.Timestamp("1960-01-01"), pd.Timestamp("2210-01-01")).map(lambda t: t.isoformat(" ", "seconds")),
    st.text("0123456789-:TZ+ é", max_size=25),
)


@settings(max_examples=300)
@given(st.lists(STAMP, max_size=4), st.sampled_from(["UTC", "Europe/Berlin"]))
def test_plain_stamps_are_read_as_any_stamps_are(texts, zone):
    column = pd.Series(texts, dtype="str")
    quick = timestamps.parse(column, zone)
    careful = timestamps.parse(column, zone, ["%H in a form that no stamp has, so that the quick way is not taken"])
    for name in ("at", "before", "implied", "trouble", "oddity"):
        assert getattr(quick, name).equals(getattr(careful, name)), name


@pytest.mark.parametrize("form", iso_timestamps.FORMS)
def test_every_form_is_read_quickly(form):
    text = written(datetime(2024, 2, 29, 23, 59, 58, 123456), form)
    moments, states = iso_timestamps.read(pd.Series([text, "", text + " ", "x" * len(form)], dtype="str"))
    assert (states != iso_timestamps.UNREAD).tolist() == [True, False, False, False]
    expected = pd.Timestamp(text)
    assert (states[0] == iso_timestamps.ABSOLUTE) == (expected.tzinfo is not None)
    assert moments[0] * 1000 == (expected if expected.tzinfo else expected.tz_localize("UTC")).value  # nanoseconds


@settings(max_examples=60)
@given(st.sampled_from(timestamps._NAMED_FORMS), st.datetimes(*YEARS))
def test_named_months_are_read_as_the_careful_parser_reads_them(form, at):
    text = at.replace(tzinfo=UTC).strftime(form)
    quick = timestamps.parse(pd.Series([text], dtype="str"), "Europe/Berlin")
    local = pd.Series(pd.NaT, index=[0], dtype="datetime64[us]")
    absolute, implied = pd.Series(pd.NaT, index=[0], dtype=timestamps.UTC), pd.Series("", index=[0], dtype="object")
    timestamps._by_name(0, text, local, absolute, implied)
    expected = timestamps._settled(
        pd.Series([text]), local, absolute, implied, timestamps._empty(local), "Europe/Berlin"
    )
    for name in ("at", "before", "implied", "trouble"):
        assert getattr(quick, name).equals(getattr(expected, name)), (name, text)


@settings(max_examples=200)
@given(st.lists(st.text(st.sampled_from("abc ; .sqltfyaml-_/\tdéns١\x0b"), max_size=20), max_size=4))
def test_kinds_do_not_depend_on_the_engine(titles):
    frame = pd.DataFrame(
        {"title": pd.Series(titles, dtype="str"), "paths": [["a/b.tf"], [], ["x.é"], []][: len(titles)]}
    )
    texts = [f"{title} {' '.join(paths)}".lower() for title, paths in zip(titles, frame["paths"], strict=True)]
    expected = [next((k for k, pattern in change_kinds.RULES if re.search(pattern, t)), "other") for t in texts]
    assert change_kinds.infer_kinds(frame).tolist() == expected


@settings(max_examples=200)
@given(st.lists(st.text("ab ;é\u2003", max_size=8), max_size=5), st.sampled_from([";", "; ", "b"]))
def test_lists_are_split_as_text_is(texts, separator):
    expected = [[p.strip() for p in t.split(separator) if p.strip()] for t in texts]
    assert typed_columns.lists(pd.Series(texts, dtype="str"), separator).tolist() == expected
