"""The head of a file, read as far as it goes, to guess what the file is."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from aftershock.schema import input_files
from aftershock.schema.errors import InputError
from aftershock.schema.tables import SCHEMAS
from aftershock.sources import encodings, workbook
from aftershock.sources.json_paths import at
from aftershock.sources.tabular import dated_headings, front_matter, json_tables, positions, yaml_documents
from aftershock.sources.tabular.csv_header import MOST_ABOVE, above_header
from aftershock.sources.tabular.json_text import DECODER, unpacked
from aftershock.sources.tabular.parquet_cells import cells, taken_apart

MOST_BYTES = 1_000_000  # read of a file: enough for hundreds of records of any vendor, and read at once
MOST_WRAPPED = 8  # objects around a list: a judgement
MOST_RECORDS = 200  # looked at: a field of one record in twenty is then missed in one file of 30,000
_LINK = re.compile(r"\s*\[[^\]\n{\"]*\]\s*[:(\[!]")  # with which a page may begin
_ITEM = re.compile(r"^( *)- ", re.MULTILINE)
_Closing: TypeAlias = "tuple[str, _Closing] | None"  # what closes the innermost bracket, and what the others around it


@dataclass(frozen=True)
class FileHead:
    """The head of a file: at most a megabyte of it and at most 200 records.

    ``kind`` is ``json``, ``csv``, ``parquet``, ``yaml``, ``markdown`` or ``""``. ``records``: objects of JSON (of the list that
    the document is or holds, or one per line), documents of YAML, front matter of Markdown with its ``body``, else rows of its
    longest table, or rows of a table as column → text. ``around``: of a JSON document that is an object, its keys, with the
    values that are neither objects nor lists, and the paths of the lists inside its objects. ``text``: the head itself, ``""``
    when binary. ``documents``: the records taken the other way, where objects of JSON hold lists: the objects
    themselves, as each may be a record and its list a part of it; of a list of such objects what their lists hold, as each may
    be a page.
    """

    name: str
    kind: str
    records: list[dict] = field(default_factory=list)
    around: dict[str, object] = field(default_factory=dict)
    text: str = ""
    documents: list[dict] = field(default_factory=list)

    @property
    def lines(self) -> bool:
        """Whether this is JSON Lines: an object per line, and more than one of them."""
        written = [line for line in self.text.splitlines()[:MOST_RECORDS] if line.strip()]
        objects = sum(line.startswith("{") and line.rstrip().endswith("}") for line in written[:-1])
        return self.kind == "json" and len(written) > 1 and objects == len(written) - 1

    @property
    def columns(self) -> set[str]:
        """Every name that a record has."""
        return {name for record in self.records for name in record}

    def within(self, path: str) -> FileHead:
        """The same with the object at a path of each record, or those of the list there, which of a record with an id are
        its parts: what a webhook or a page puts around records is none of them."""
        held: list[object] = []
        for record in self.records:
            found = at(record, path)
            held += ([] if "id" in record else found) if isinstance(found, list) else [found]
        return replace(self, records=[one for one in held if isinstance(one, dict)])

    def share(self, *names: str) -> float:
        """The share of the records that have all of these names; 0 without records."""
        having = sum(all(name in record for name in names) for record in self.records)
        return having / len(self.records) if self.records else 0.0


def generic_confidence(head: FileHead, table: str) -> float:
    """How sure a generic format may be, from 0 to 1, that records are rows of a table: 0.3 for being records at all, up to
    0.7 with every required column under its canonical name. A judgement: a vendor's format that fits is always surer."""
    if not head.records:
        return 0.0
    names = {str(name).strip().lower() for name in head.columns}
    required = [c.name for c in SCHEMAS[table].columns if c.required]
    return 0.3 + 0.4 * sum(name in names for name in required) / len(required)


def read_head(path: Path) -> FileHead:
    """Look at the head of a file; what cannot be read has the kind ``""``. OSError when there is no such file."""
    data = input_files.read_regular(path, MOST_BYTES)
    if data[:4] == b"PAR1":
        return FileHead(path.name, "parquet", _parquet(path))
    if data.startswith(workbook.MAGIC):
        return next((head for _, head in sheet_heads(path)), FileHead(path.name, ""))
    if data[:2] == b"\x1f\x8b":
        data = _unpacked(data)
    text = _decoded(data).removeprefix(encodings.GUARD)
    is_page = path.name.lower().endswith((".md", ".mdx", ".markdown"))
    if text.lstrip()[:1] in ("{", "[") and not (is_page and _LINK.match(text)):
        records, around, documents = _json(text)
        return FileHead(path.name, "json", records, around, text, documents)
    if path.name.lower().endswith((".yaml", ".yml")):
        text = _whole_items(text) if len(data) >= MOST_BYTES else text
        return FileHead(
            path.name, "yaml", _objects(yaml_documents.each_record(yaml_documents.of_text(path, text))), {}, text
        )
    if is_page:
        found = [record for record in _objects(front_matter.of_text(path, text)) if record.keys() - {"body"}]
        rows = (
            [row for _, rows in dated_headings.records(text)[:1] for _, row in rows[:MOST_RECORDS]] if not found else []
        )
        return FileHead(path.name, "markdown", [*found, *rows], {}, text)
    if path.name.lower().endswith((".json", ".json.gz")):
        return FileHead(path.name, "", [], {}, text)
    fewest = 1 if path.name.lower().endswith((".csv", ".csv.gz")) else 2
    rows = _table(text, fewest) if "\0" not in text else []
    return FileHead(path.name, "csv" if rows else "", rows, {}, text if "\0" not in text else "")


def sheet_heads(path: Path) -> list[tuple[str, FileHead]]:
    """The heads of the sheets of a workbook that hold tables, with their names; none of another file."""
    try:
        found = [sheet for sheet in workbook.sheets(path) if sheet.is_table]
    except InputError:
        return []
    heads = [(sheet.name, sheet.as_csv().decode()[:MOST_BYTES]) for sheet in found]
    return [(name, FileHead(path.name, "csv", rows, {}, text)) for name, text in heads if (rows := _table(text, 1))]


def _whole_items(text: str) -> str:
    """YAML that is cut off, up to its last whole document or item of its first list."""
    first = _ITEM.search(text)
    ends = [text.rfind("\n---"), text.rfind(f"\n{first[1]}- ") if first else -1]
    return text[: max(ends) + 1] if max(ends) > 0 else text


def _objects(documents: Iterator[tuple[int, object]]) -> list[dict]:
    """The documents with named values; a file that is cut off in the middle of one has one fewer."""
    return [value for _, value in islice(documents, MOST_RECORDS) if isinstance(value, dict)]


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, MOST_BYTES)
    except zlib.error:
        return b""


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut_off = len(data) - error.start < 4 and len(data) >= MOST_BYTES
        return data.decode("utf-8-sig" if cut_off else encodings.detected(data), errors="replace")


def _json(text: str) -> tuple[list[dict], dict[str, object], list[dict]]:
    """Records and surroundings of JSON that may be cut off, and the objects whose lists the records are of; of several
    documents, the surroundings are those of the first."""
    records: list[dict] = []
    around: dict[str, object] = {}
    holding: list[dict] = []
    pages: list[dict] = []
    for document in _documents(text):
        if isinstance(document, dict):
            lists = [] if "id" in document and "jsonrpc" not in document else _lists(document)
            if not around:
                around = {k: None if isinstance(v, (list, dict)) else v for k, v in document.items()}
                inside = [path for k, v in document.items() if isinstance(v, dict) for path in _paths(v, f"{k}.")]
                around |= dict.fromkeys(inside)
            inner = [x for v in lists for x in v if isinstance(x, dict)]
            records += inner or ([] if lists else [document])
            holding += [document]
        elif isinstance(document, list):
            records += [x for x in document if isinstance(x, dict)]
            pages += [x for page in document[:MOST_RECORDS] for x in _of_page(page)]
        if len(records) >= MOST_RECORDS:
            break
    others = holding if holding != records else pages
    return records[:MOST_RECORDS], around, others[:MOST_RECORDS]


def _paths(held: dict, prefix: str) -> Iterator[str]:
    """The paths of the lists of objects inside an object, however deep."""
    for key, value in held.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{prefix}{key}"
        elif isinstance(value, dict) and prefix.count(".") < MOST_WRAPPED:
            yield from _paths(value, f"{prefix}{key}.")


def _of_page(page: object) -> list[dict]:
    """The objects of the lists that an object without an id holds."""
    lists = _lists(page) if isinstance(page, dict) and "id" not in page else []
    return [x for held in lists for x in held if isinstance(x, dict)]


def _lists(document: dict) -> list[list]:
    """The lists that an object holds, or that the object under its ``data`` does; what JSON:API includes is no record."""
    data = document.get("data")
    held = [v for k, v in document.items() if isinstance(v, list) and not (k == "included" and data)]
    return held or [v for v in (data.values() if isinstance(data, dict) else ()) if isinstance(v, list)]


def _documents(text: str) -> Iterator[object]:
    """Every JSON document of a text; the last one is closed where it is cut off."""
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text):
            return
        begin = at
        try:
            document, at = DECODER.raw_decode(text, begin)
        except (ValueError, RecursionError):
            yield json_tables.opened(_closed(text[begin:]), text, begin)
            return
        yield json_tables.opened(unpacked(document, text, begin, at), text, begin, at)


def _closed(text: str) -> object:
    """JSON that is cut off, up to its last whole element; None when nothing of it can be read."""
    opened: _Closing = None
    whole: tuple[int, _Closing] | None = None
    in_string = escaped = False
    for place, sign in enumerate(text):
        if in_string:
            in_string = escaped or sign != '"'
            escaped = sign == "\\" and not escaped
        elif sign == '"':
            in_string = True
        elif sign in "{[":
            opened = "}" if sign == "{" else "]", opened
        elif sign in "}]" and opened:
            opened = opened[1]
            whole = place + 1, opened
    try:
        return DECODER.decode(text[: whole[0]] + "".join(_each(whole[1]))) if whole else None
    except (ValueError, RecursionError):
        return None


def _each(chain: _Closing) -> Iterator[str]:
    while chain:
        sign, chain = chain
        yield sign


def _table(text: str, fewest: int) -> list[dict]:
    lines = positions.plain(text).splitlines()
    if lines and lines[0].lower().startswith("sep="):
        lines = lines[1:]
    above, delimiter = above_header(lines[:MOST_ABOVE], None)
    body = "\n".join(lines[above:])
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    head = [name.strip() for name in next((r for r in reader if any(c.strip() for c in r)), [])]
    if len(head) < fewest:
        return []
    rows = []
    for fields in reader:
        rows.append(dict(zip(head, fields, strict=False)))
        if len(rows) == MOST_RECORDS:
            break
    return rows or [dict.fromkeys(head, "")]


def _parquet(path: Path) -> list[dict]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            batches = [batch for batch, _ in zip(file.iter_batches(MOST_RECORDS), range(1), strict=False)]
            table = taken_apart(pa.Table.from_batches(batches, file.schema_arrow))
        columns = {name: cells(c).tolist() for name, c in zip(table.column_names, table.columns, strict=True)}
    except (pa.ArrowException, OSError, ValueError):
        return []
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
