"""Every format reads its example export, ``tests/exports/<format>/<table>/``, to the rows written down next to it.

``section.toml`` is the section of dataset.toml that reads the export; ``expected.json`` holds the whole rows (cells that
are empty left out) and every record that is no row. ``python tests/sources/vendors/test_exports.py FOLDER…`` writes that file anew, to be
read by whoever changes a reader.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from vendor_exports import exports, named

from aftershock import load, sources
from aftershock.dataset.canonical import canonical_table
from aftershock.dataset.settings import Log
from aftershock.schema.errors import InputError
from aftershock.sources.file_head import read_head
from aftershock.sources.registry import built_in
from aftershock.sources.tabular import json_pages

GENERIC = ("csv", "json", "jsonl", "markdown", "parquet", "yaml")
OTHERS = {
    "incidents": '[incidents]\npath = "other-incidents.csv"\n',
    "changes": '[changes]\npath = "other-changes.csv"\n',
}


def dataset_of(export: Path, folder: Path):
    """The export as a dataset, with a log of a single row in place of the one that it lacks."""
    shutil.copytree(export, folder)
    section = (export / "section.toml").read_text(encoding="utf-8")
    others = [text for table, text in OTHERS.items() if table != export.name]
    (folder / "dataset.toml").write_text("".join(['name = "example"\n', *others, section]), encoding="utf-8")
    (folder / "other-incidents.csv").write_text("incident_id,started_at\nother,2024-03-05T12:30:00Z\n")
    (folder / "other-changes.csv").write_text("change_id,started_at,kind\nother,2024-03-05T12:30:00Z,deploy\n")
    return load(folder)


def outcome(dataset, table: str) -> dict[str, list]:
    """What is compared: whole rows, and every record that is none."""

    def of_table(frame: pd.DataFrame, *columns: str) -> list[list]:
        rows = frame.loc[frame["table"] == table, list(columns)].astype(object)
        return rows.where(rows.notna(), None).values.tolist()

    return {
        "rows": [_row(row) for row in getattr(dataset, table).to_dict("records")],
        "rejected": of_table(dataset.rejected, "file", "line", "column", "found", "reason"),
        "noted": of_table(dataset.notes, "file", "line", "column", "found", "reason"),
        "folded": of_table(dataset.folded, "file", "line", "reason", "into"),
    }


def _row(row: dict) -> dict:
    exact = {k for k in row if k.endswith("_before") and row[k] == row[k.removesuffix("_before")]}
    cells = {k: v.isoformat() if isinstance(v, pd.Timestamp) else v for k, v in row.items() if k not in exact}
    return {k: v for k, v in cells.items() if (isinstance(v, (list, dict, bool)) and v) or _filled(v)}


def _filled(value: object) -> bool:
    return not isinstance(value, (list, dict, bool)) and value != "" and not pd.isna(value)


@pytest.mark.parametrize("export", exports(), ids=named)
def test_an_export_becomes_these_rows(export, tmp_path):
    expected = json.loads((export / "expected.json").read_text(encoding="utf-8"))
    assert outcome(dataset_of(export, tmp_path / "example"), export.name) == expected


def test_every_format_of_a_vendor_has_an_example_of_each_table():
    needed = {
        f"{f.name}/{table}"
        for f in built_in()
        if f.name not in GENERIC and not f.reads_repository
        for table in f.tables
    }
    assert {named(e) for e in exports()} == needed


@pytest.mark.parametrize("export", exports(), ids=named)
def test_the_head_of_an_export_is_recognised(export):
    """The right format is the surest of all, on each file of the export."""
    table = export.name
    name = named(export).split("/")[0]
    files = [p for p in export.rglob("*") if p.is_file() and p.name not in ("section.toml", "expected.json")]
    for file in files:
        head = read_head(file)
        if head.kind == "markdown" and not head.records:  # a page without front matter, or with a broken one
            continue
        heads = [head, *([replace(head, records=head.documents)] if head.documents else [])]
        sureness = {f.name: max(f.recognises(h, table) for h in heads) for f in built_in() if table in f.tables}
        assert max(sureness, key=sureness.__getitem__) == name, (file.name, sureness)
        assert all(0 <= s <= 1 for s in sureness.values())


JUNK = (
    None,
    "",
    0,
    -1,
    10**30,
    1.5,
    True,
    [],
    {},
    [[]],
    [None, {"name": [{"value": {}}]}],
    {"name": None},
    "\ud83d",
    "x" * 5000,
)


def mutated(value: object, chance: random.Random, part: float = 0.05) -> object:
    """The same document with a part of its values replaced by junk, but never the whole."""
    if part and chance.random() < part:
        return chance.choice(JUNK)
    part = part or 0.05
    if isinstance(value, dict):
        return {key: mutated(inner, chance, part) for key, inner in value.items()}
    if isinstance(value, list):
        return [mutated(inner, chance, part) for inner in value]
    return value


def documents(export: Path) -> list[tuple[Path, list]]:
    """The files of JSON of an export, each with its documents."""
    found = [p for p in sorted(export.rglob("*.json*")) if p.name != "expected.json"]
    return [(path, list(json_pages.documents(path, path.read_text(encoding="utf-8")))) for path in found]


@pytest.mark.parametrize("export", [e for e in exports() if documents(e)], ids=named)
def test_junk_in_any_place_is_read_or_rejected(export, tmp_path):
    """Nothing in a record can bring a reader down, and every record is accounted for: rows, rejected and folded."""
    chance = random.Random(20250)
    name, table = named(export).split("/")
    for number in range(5):
        files = []
        for path, found_there in documents(export):
            files.append(tmp_path / f"{number}-{path.name}")
            files[-1].write_text("\n".join(json.dumps(mutated(d, chance, 0)) for d in found_there), encoding="utf-8")
        raw = sources.read(files, name, sources.Options(table=table))
        made = canonical_table(table, raw, Log(path="x", format=name), "UTC")
        assert len(made.frame) + len(made.rejected) + len(made.folded) == raw.records


@pytest.mark.parametrize("export", [e for e in exports() if documents(e)], ids=named)
def test_a_file_that_is_cut_off_is_refused_with_its_place(export, tmp_path):
    name, table = named(export).split("/")
    path, _ = documents(export)[0]
    file = tmp_path / path.name
    file.write_bytes(path.read_bytes().rstrip()[:-1])
    with pytest.raises(
        InputError, match=rf"^{path.name}, line \d+, column \d+: found .*; expected JSON\. Export the file again"
    ):
        sources.read([file], name, sources.Options(table=table))


def write_expected(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as made:
        found = outcome(dataset_of(folder, Path(made) / "example"), folder.name)
    text = json.dumps(found, ensure_ascii=False, indent=2)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        write_expected(Path(argument).resolve())
