from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CHANGES, TOML

from aftershock.dataset import inputs
from aftershock.dataset.cache import location
from aftershock.dataset.loading import load

PAGES = TOML.replace('"changes.csv"', '"pages"')


def appended(folder: Path, name: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b"\n")


def test_the_hash_is_that_of_the_files_and_no_other_file_counts(write):
    folder = write()
    first = inputs.digest(folder)
    assert first and inputs.digest(folder) == first
    for name in ("incidents.csv", "changes.csv"):
        os.utime(folder / name, (0, 0))
    (folder / "notes.txt").write_text("not read")
    (folder / "reports").mkdir()
    assert inputs.digest(folder) == first


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda folder: appended(folder, "incidents.csv"), id="incidents"),
        pytest.param(lambda folder: appended(folder, "changes.csv"), id="changes"),
        pytest.param(lambda folder: appended(folder, "dataset.toml"), id="settings"),
        pytest.param(lambda folder: appended(folder, "verdicts.csv"), id="a first verdict"),
        pytest.param(lambda folder: appended(folder, "postmortems/i1.md"), id="a first write-up"),
        pytest.param(lambda folder: (folder / "changes.csv").unlink(), id="a file gone"),
    ],
)
def test_every_kind_of_change_changes_the_hash(write, change: Callable[[Path], None]):
    folder = write()
    first = inputs.digest(folder)
    change(folder)
    assert inputs.digest(folder) != first


@pytest.mark.parametrize("name", ["pages/1.csv", "pages/2.csv", "postmortems/i1.md", "postmortems/i2.md"])
def test_pages_and_write_ups_count_one_by_one(write, name):
    folder = write(PAGES)
    for there in ("pages/1.csv", "postmortems/i1.md"):
        (folder / there).parent.mkdir()
        (folder / there).write_text(CHANGES)
    first = inputs.digest(folder)
    appended(folder, name)
    assert first and inputs.digest(folder) not in (first, "")


def test_a_description_of_a_format_counts_and_so_does_a_link_that_leads_elsewhere(write):
    folder = write(TOML + 'format = "own.toml"\n', own__toml="# one")
    first = inputs.digest(folder)
    appended(folder, "own.toml")
    second = inputs.digest(folder)
    (folder / "same.csv").write_bytes((folder / "changes.csv").read_bytes())
    (folder / "changes.csv").unlink()
    (folder / "changes.csv").symlink_to("same.csv")
    assert len({first, second, inputs.digest(folder), ""}) == 4


def test_clock_changes_of_every_zone_count(write, monkeypatch):
    folder = write(TOML.replace("[changes]", '[changes]\ntimezone = "Europe/Berlin"'))
    seen = {inputs.digest(folder)}
    for zone in ("UTC", "Europe/Berlin", "no other"):
        monkeypatch.setattr(location, "zone_data", lambda name, of=zone: f"{name == of} decree")
        seen.add(inputs.digest(folder))
    assert len(seen - {""}) == 4


@pytest.mark.parametrize(
    "toml",
    [
        pytest.param(TOML.replace('path = "changes.csv"', 'format = "git"\nrepository = "."'), id="a repository"),
        pytest.param(TOML + 'format = "of-another-package"\n', id="a format of another package"),
        pytest.param(TOML + "format = 3\n", id="no format"),
        pytest.param(TOML + "path = \n", id="no TOML"),
        pytest.param(TOML.replace('path = "changes.csv"', ""), id="no path"),
        pytest.param(TOML.replace('"UTC"', '"../UTC"'), id="no zone"),
        pytest.param(TOML.replace('"UTC"', '"Nowhere/Town"'), id="unknown zone"),
        pytest.param('changes = "a"\n' + TOML.replace("[changes]", "[other]"), id="no section"),
        pytest.param(b"name = '\xff'\n", id="no text"),
    ],
)
def test_what_is_not_known_has_no_hash(write, toml):
    assert inputs.digest(write(toml)) == ""


def test_a_pipe_is_not_waited_for(write):
    folder = write(changes=None)
    os.mkfifo(folder / "changes.csv")
    assert inputs.digest(folder) == ""


def test_every_file_that_is_read_counts(write):
    """What reading a dataset hashes, one byte more of it at a time."""
    verdict = "incident_id,change_id,decided_by,decided_at,note\ni1,c1,review,2024-01-11T00:00:00Z,seen\n"
    folder = write(PAGES, verdicts__csv=verdict)
    (folder / "pages").mkdir()
    for name in ("page-1.csv", "page-2.csv"):
        (folder / "pages" / name).write_text(CHANGES if name == "page-1.csv" else CHANGES.replace("\nc", "\nd"))
    read = load(folder).hashes
    assert {"dataset.toml", "incidents.csv", "pages/page-1.csv", "pages/page-2.csv", "verdicts.csv"} == set(read)
    seen = {inputs.digest(folder)}
    for name in read:
        appended(folder, name)
        seen.add(inputs.digest(folder))
    assert len(seen) == len(read) + 1
