"""Every format reads its example export, ``tests/exports/<format>/<table>/``, to the rows written down beside it.

``section.toml`` is the section of dataset.toml that reads the export; ``expected.json`` holds the whole rows (cells that
are empty left out) and every record that is no row. ``python tests/test_formats.py FOLDER…`` writes that file anew, to be
read by whoever changes a reader.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

import pandas as pd
import pytest

from aftershock import load
from aftershock.sources.registry import BUILT_IN
from aftershock.sources.samples import sample

EXPORTS = Path(__file__).parent / "exports"
GENERIC = ("csv", "json", "jsonl", "parquet")
OTHERS = {
    "incidents": '[incidents]\npath = "other-incidents.csv"\n',
    "changes": '[changes]\npath = "other-changes.csv"\n',
}


def exports() -> list[Path]:
    return sorted(path.parent for path in EXPORTS.glob("*/*/section.toml"))


def named(folder: Path) -> str:
    return folder.relative_to(EXPORTS).as_posix()


def dataset_of(export: Path, folder: Path):
    """The export as a dataset, with a log of a single row in place of the one that it lacks."""
    shutil.copytree(export, folder)
    section = (export / "section.toml").read_text(encoding="utf-8")
    others = [text for table, text in OTHERS.items() if table != export.name]
    (folder / "dataset.toml").write_text("".join(['name = "example"\n', *others, section]), encoding="utf-8")
    (folder / "other-incidents.csv").write_text("incident_id,started_at\nother,2024-03-05T12:30:00Z\n")
    (folder / "other-changes.csv").write_text("change_id,started_at,kind\nother,2024-03-05T12:30:00Z,deploy\n")
    return load(folder)


def told(dataset, table: str) -> dict[str, list]:
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
    assert told(dataset_of(export, tmp_path / "example"), export.name) == expected


def test_every_format_of_a_vendor_has_an_example_of_each_table():
    needed = {
        f"{f.name}/{table}" for f in BUILT_IN if f.name not in GENERIC and not f.reads_repository for table in f.tables
    }
    assert {named(e) for e in exports()} == needed


@pytest.mark.parametrize("export", exports(), ids=named)
def test_the_head_of_an_export_is_recognised(export):
    """The right format is the surest of all, on each file of the export."""
    table = export.name
    name = named(export).split("/")[0]
    files = [p for p in export.rglob("*") if p.is_file() and p.name not in ("section.toml", "expected.json")]
    for file in files:
        head = sample(file)
        sureness = {f.name: f.recognises(head, table) for f in BUILT_IN if table in f.tables}
        assert max(sureness, key=sureness.__getitem__) == name, (file.name, sureness)
        assert all(0 <= s <= 1 for s in sureness.values())


def write_expected(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as made:
        found = told(dataset_of(folder, Path(made) / "example"), folder.name)
    text = json.dumps(found, ensure_ascii=False, indent=2)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        write_expected(Path(argument).resolve())
