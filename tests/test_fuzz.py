"""Whatever a file holds, every format reads it or refuses it in words, in bounded time, and accounts for every record.

Each format of the registry starts from its example export. ``AFTERSHOCK_FUZZ=1000`` tries so many spoiled exports of each,
other ones every time; without it they are few, and the same.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from conftest import CHANGES, INCIDENTS
from fuzz import ENDLESS, RIGHT_TO_LEFT, STAMPS, TEXTS, spoiled, watched
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftershock import load, sources
from aftershock.dataset.canonical import canonical_table
from aftershock.dataset.settings import Log
from aftershock.schema.errors import InputError, UsageError
from aftershock.sources.file_head import read_head
from aftershock.sources.registry import built_in

EXPORTS = Path(__file__).parent / "exports"
EXAMPLES = int(os.environ.get("AFTERSHOCK_FUZZ", "0"))
few = settings(
    max_examples=EXAMPLES or 5,
    derandomize=not EXAMPLES,
    database=None,
    suppress_health_check=list(HealthCheck),
)

DEPENDENCIES = "service,depends_on\nweb,api\napi,db\n"
CSV = {"incidents": INCIDENTS, "changes": CHANGES, "dependencies": DEPENDENCIES}
CSV["verdicts"] = "incident_id,change_id,decided_by,decided_at,note\ni1,c1,a team,2024-02-01,why\n"
JSON = {table: [dict(row) for row in csv.DictReader(io.StringIO(text))] for table, text in CSV.items()}
GENERIC = {
    "csv": lambda table: CSV[table].encode(),
    "json": lambda table: json.dumps({"rows": JSON[table], "next": None}).encode(),
    "jsonl": lambda table: "\n".join(map(json.dumps, JSON[table])).encode(),
    "yaml": lambda table: yaml.safe_dump(JSON[table], sort_keys=False).encode(),
    "markdown": lambda table: "\n".join(
        ["---", *(f"{key}: {json.dumps(value)}" for key, value in JSON[table][0].items()), "---", "What happened.", ""]
    ).encode(),
}


def example(name: str, table: str) -> dict[str, bytes]:
    """file → content of a sound export."""
    if name in GENERIC:
        return {f"log.{name}": GENERIC[name](table)}
    found = sorted((EXPORTS / name / table).rglob("*"))
    return {p.name: p.read_bytes() for p in found if p.is_file() and p.name not in ("section.toml", "expected.json")}


CASES = [(f.name, t) for f in built_in() for t in f.tables if not f.reads_repository and f.name != "parquet"]


def accounted(folder: Path, files: dict[str, bytes], name: str, table: str) -> tuple[int, str]:
    """(records, what became of them) of files that are read to the end; (-1, the refusal) of files that are not."""
    paths = []
    for file, content in files.items():
        paths.append(folder / file)
        paths[-1].write_bytes(content)
    with watched():
        heads = [read_head(path) for path in paths]
        surest = [f.recognises(head, table) for head in heads for f in built_in() if table in f.tables]
    assert all(0 <= sure <= 1 for sure in surest)
    try:
        with watched():
            raw = sources.read(paths, name, sources.Options(table=table))
            made = canonical_table(table, raw, Log(path="x", format=name), "Europe/Berlin")
    except (InputError, UsageError) as refused:
        assert str(refused).strip()
        return -1, str(refused)
    became = len(made.frame), len(made.rejected), len(made.folded)
    assert sum(became) == raw.records, (became, raw.records)
    assert (made.rejected["found"].str.len() < 1000).all()
    assert made.frame.notna().to_numpy()[:, made.frame.dtypes == "str"].all()
    return raw.records, f"{became}"


def test_every_format_has_an_example_to_spoil():
    for name, table in CASES:
        assert example(name, table), f"tests/exports/{name}/{table}"


@pytest.mark.parametrize(("name", "table"), CASES)
def test_a_spoiled_export_is_read_or_refused_in_words(tmp_path, name, table):
    sound = example(name, table)
    assert accounted(tmp_path, sound, name, table)[0] > 0

    @few
    @given(st.integers(0, 2**64))
    def try_one(number):
        chance = random.Random(number)
        file = chance.choice(sorted(sound))
        accounted(tmp_path, {**sound, file: spoiled(sound[file], chance)}, name, table)

    try_one()


# what the generic formats hold, counted in another way


def records_of_csv(text: str) -> int:
    rows = [r for r in csv.reader(io.StringIO(text, newline="")) if any(c.strip() for c in r)]
    return len(rows) - 1


@few
@given(st.integers(0, 2**64))
def test_no_row_of_a_spoiled_table_is_lost(tmp_path_factory, number):
    chance = random.Random(number)
    data = spoiled(CSV["changes"].encode() * chance.choice([1, 20]), chance)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    if text.startswith("\ufeff") or "sep=" in text or "\t" in text or ";" in text or data[:2] == b"\x1f\x8b":
        return
    found, _ = accounted(tmp_path_factory.getbasetemp(), {"x.csv": data}, "csv", "changes")
    assert found in (-1, records_of_csv(text))


@few
@given(st.integers(0, 2**64), st.booleans())
def test_no_record_of_spoiled_json_is_lost(tmp_path_factory, number, lines):
    chance = random.Random(number)
    name = "jsonl" if lines else "json"
    rows = [dict(row) for row in JSON["changes"] for _ in range(3)]
    for row in chance.sample(rows, 4):
        row[chance.choice([*row, "other"])] = chance.choice(
            [*TEXTS, *STAMPS, *ENDLESS, None, [], {}, 10**30, float("nan")]
        )
    rows.insert(2, chance.choice([None, 1, "x", [], [{}], float("inf")]))
    data = "\n".join(map(json.dumps, rows)) if lines else json.dumps(rows)
    found, _ = accounted(tmp_path_factory.getbasetemp(), {f"x.{name}": data.encode()}, name, "changes")
    assert found in ((-1, len(rows)) if not lines else (len(rows),))


def test_the_account_of_a_dataset_is_whole(write):
    """The same through the front door, with everything in one log that a row can come to."""
    rows = [
        *CHANGES.splitlines()[1:],
        "c1,2024-01-10",
        ",2024-01-10,,,no id",
        "c5,never",
        "c6,2024-01-10,x,y,z,too many",
        "",
    ]
    dataset = load(write(changes="\n".join([CHANGES.splitlines()[0], *rows])))
    rejected = dataset.rejected["table"].eq("changes").sum()
    assert len(dataset.changes) + rejected + len(dataset.folded) == len(rows) - 1
    assert len(dataset.changes) == 3


# large and deep


LARGE = [
    ("csv", lambda: f'id,x\n1,"{"é" * 5_000_000}"\n2,b\n'.encode(), 2),
    ("csv", lambda: (",".join(f"c{n}" for n in range(10_000)) + "\n" + "x," * 10_000 + "\n").encode(), -1),
    ("csv", lambda: ("change_id,started_at\n" + "x," * 10_000 + "\n").encode(), -1),
    ("csv", lambda: b"change_id,started_at\n" + b'"' * 100_001, 1),
    ("csv", lambda: b"change_id,started_at\n" + b"\0" * 1_000_000, 1),
    ("json", lambda: json.dumps([{"change_id": "a" * 10_000_000}]).encode(), 1),
    ("json", lambda: json.dumps([{f"c{n}": n for n in range(10_000)}]).encode(), -1),
    ("json", lambda: b"[" * 1_000_000, -1),
    ("json", lambda: b"[" * 400_000 + b"]" * 400_000, -1),
    ("json", lambda: b'[{"a":' * 100_000, -1),
    ("json", lambda: b'[{"n":' + b"9" * 1_000_000 + b"}]", 1),
    ("jsonl", lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 1),
    ("jsonl", lambda: b'{"n":' + b"9" * 1_000_000 + b"}", 1),
]


@pytest.mark.parametrize(("name", "content", "records"), LARGE, ids=range(len(LARGE)))
def test_large_and_deep_things_are_read_or_refused(tmp_path, name, content, records):
    log = Log(path="x", format=name, columns={"change_id": "id"} if content().startswith(b"id,") else {})
    path = tmp_path / f"x.{name}"
    path.write_bytes(content())
    try:
        with watched():
            read_head(path)
            raw = sources.read([path], name, sources.Options(table="changes", columns=log.columns))
    except InputError as refused:
        assert len(str(refused)) < 1000
        assert records == -1
        return
    assert raw.records == records


@pytest.mark.parametrize(("name", "table"), CASES)
def test_long_texts_do_not_hang(tmp_path, name, table):
    """Every text of the export becomes one that makes careless searching go back and forth."""
    for seed in range(EXAMPLES and len(ENDLESS)) or (hash_of(name, table) % len(ENDLESS),):
        text = (ENDLESS[seed] * 2000)[:50_000]
        spoilt = {file: lengthened(content, text) for file, content in example(name, table).items()}
        accounted(tmp_path, spoilt, name, table)


def hash_of(*words: str) -> int:
    return sum(map(ord, "".join(words)))


def lengthened(content: bytes, text: str) -> bytes:
    """An export whose free texts are all ``text``; stamps and ids stay, so that records are still read."""

    def long(value: object) -> object:
        if isinstance(value, dict):
            return {k: long(v) for k, v in value.items()}
        if isinstance(value, list):
            return [long(v) for v in value]
        return text if isinstance(value, str) and " " in value else value

    try:
        return json.dumps(long(json.loads(content))).encode()
    except ValueError:
        return content + b"\n" + text.encode()


@pytest.mark.parametrize("format", ["csv", "parquet", "json"])
def test_a_table_of_thousands_of_columns_is_refused_at_once(tmp_path, format):
    names, path = [f"c{n}" for n in range(8000)], tmp_path / "x"
    if format == "csv":
        path.write_text(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n")
    elif format == "parquet":
        pq.write_table(pa.table({name: ["1"] for name in names}), path)
    else:
        path.write_text(json.dumps([dict.fromkeys(names, "1")]))
    with pytest.raises(InputError, match="8,000 columns; expected at most 2,000"):
        sources.read([path], format, sources.Options())


@pytest.mark.parametrize("format", ["csv", "json", "parquet"])
def test_a_pipe_is_refused_and_not_waited_for(tmp_path, format):
    path = tmp_path / "x"
    os.mkfifo(path)
    with pytest.raises(InputError, match="neither a file nor a link to one"):
        sources.read([path], format, sources.Options())


# Parquet, whose cells have types


PARQUET = {
    "text": ["a", None],
    "large text": pa.array(["a", RIGHT_TO_LEFT], pa.large_string()),
    "bytes": [b"\xff\0", None],
    "whole": [2**63 - 1, None],
    "unsigned": pa.array([2**64 - 1, 0], pa.uint64()),
    "float": [float("nan"), float("-inf")],
    "flag": [True, None],
    "words": pa.array(["a", None]).dictionary_encode(),
    "list": [["a", None], []],
    "lists": [[["a"], None], None],
    "object": [{"a": {"b": 1}}, None],
    "objects": [[{"a": 1}], []],
    "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
    "day": pa.array([-1_000_000, 3_000_000], pa.date32()),
    "clock": pa.array([1, None], pa.time64("us")),
    "length": pa.array([1, None], pa.duration("ns")),
    "moment": pa.array([-(2**62), 2**62], pa.timestamp("us")),
    "second": pa.array([-(2**40), 253402300799], pa.timestamp("s", "UTC")),
    "nanosecond": pa.array([2**62, None], pa.timestamp("ns", "Europe/Berlin")),
    "decimal": pa.array(["1.10", None]).cast(pa.decimal128(38, 2)),
    "nothing": pa.nulls(2),
    "uuid": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"\xff" * 16, None], pa.binary(16))),
    "digest": pa.array([b"\xff" * 3, None], pa.binary(3)),
}


def parquet_of(**columns: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"change_id": ["c1", "c2"], "started_at": ["2024-01-10", "2024-01-11"], **columns}), sink)
    return sink.getvalue()


@pytest.mark.parametrize("kind", PARQUET)
@pytest.mark.parametrize(
    "columns", [["services", "size", "title", "finished_at", "own"], ["change_id"], ["started_at"]]
)
def test_a_column_of_any_type_is_read(tmp_path, kind, columns):
    data = parquet_of(**dict.fromkeys(columns, PARQUET[kind]))
    records, _ = accounted(tmp_path, {"x.parquet": data}, "parquet", "changes")
    taken_apart = kind == "object" and len(columns) == 1  # change_id.a.b is another column than change_id
    assert records == (-1 if taken_apart else 2)


@few
@given(st.integers(0, 2**64))
def test_a_damaged_parquet_file_is_read_or_refused(tmp_path_factory, number):
    chance = random.Random(number)
    data = bytearray(parquet_of(title=["a", "b"]))
    for _ in range(chance.choice([1, 3, 30])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.3:
        data = data[: chance.randrange(len(data))]
    accounted(tmp_path_factory.getbasetemp(), {"x.parquet": bytes(data)}, "parquet", "changes")


def test_a_table_without_columns_or_rows_is_refused_or_empty(tmp_path):
    for table in (
        pa.table({}),
        pa.table({"change_id": pa.array([], pa.string()), "started_at": pa.array([], pa.string())}),
    ):
        sink = io.BytesIO()
        pq.write_table(table, sink)
        assert accounted(tmp_path, {"x.parquet": sink.getvalue()}, "parquet", "changes")[0] <= 0


def test_cells_that_a_spreadsheet_would_run_stay_text(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('change_id,started_at,title\n=1+1,2024-01-10,"=HYPERLINK(""x"")"\n', encoding="utf-8")
    raw = sources.read([path], "csv", sources.Options(table="changes"))
    assert raw.frame.loc[0].tolist() == ["=1+1", "2024-01-10", '=HYPERLINK("x")']
    assert isinstance(raw.frame, pd.DataFrame)
