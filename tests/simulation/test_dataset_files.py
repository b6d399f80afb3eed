"""The folder of a simulated company: whole, as a log is exported, and never over anything."""

from __future__ import annotations

import csv
import gzip
import hashlib
import tomllib
from pathlib import Path

import pytest

from aftershock.schema.errors import UsageError
from aftershock.simulation import Fleet, simulate, write


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_folder_holds_what_the_design_asks_for(default, tmp_path):
    folder = write(default, tmp_path / "deep" / "year")
    files = set(digests(folder))
    assert {"dataset.toml", "incidents.csv", "changes.csv.gz", "dependencies.csv", "truth.csv"} <= files
    assert {name for name in files if name.startswith("postmortems/")} == {
        f"postmortems/{k}.md" for k in default.postmortems
    }
    assert (folder / "changes.csv.gz").stat().st_size < 400_000
    assert [path.name for path in folder.parent.iterdir()] == ["year"]  # nothing left behind
    settings_ = tomllib.loads((folder / "dataset.toml").read_text(encoding="utf-8"))
    assert settings_["simulated"] is True and "simulated" in settings_["name"]
    assert settings_["timezone"] == "Europe/Berlin"
    assert settings_["attribution"]["observed"] == ["2025-01-01", "2025-12-31"]
    with gzip.open(folder / "changes.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(default.changes)
    assert rows[0]["started_at"] == default.changes["started_at"][0].strftime("%Y-%m-%dT%H:%M:%SZ")
    assert {row["emergency"] for row in rows} == {"true", "false"}
    assert [row["services"].split(";") if row["services"] else [] for row in rows] == default.changes[
        "services"
    ].tolist()


@pytest.mark.parametrize(("make", "found"), [("folder", "is not empty"), ("file", "is a file")])
def test_nothing_is_overwritten(tmp_path, make, found):
    target = tmp_path / "mine"
    keep = target / "notes.txt" if make == "folder" else target
    keep.parent.mkdir(exist_ok=True)
    keep.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError) as error:
        write(simulate(Fleet(months=1, changes=10)), target)
    advice = "Name a folder that does not exist yet, or remove it first."
    assert str(error.value) == f"{target} {found} and will not be overwritten. {advice}"
    assert keep.read_text(encoding="utf-8") == "mine" and len(list(tmp_path.rglob("*"))) == (
        2 if make == "folder" else 1
    )


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "empty").mkdir()
    assert "truth.csv" in digests(write(simulate(Fleet(months=1, changes=10)), tmp_path / "empty"))
