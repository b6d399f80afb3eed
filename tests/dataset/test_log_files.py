"""The files of a log: their order, and what only looks like one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import INCIDENTS, TOML

from aftershock import load
from aftershock.dataset.log_files import _natural, files_of
from aftershock.dataset.settings import Log
from aftershock.schema.errors import InputError
from aftershock.sources import find, raw_table


def test_pages_are_read_in_the_order_in_which_people_count(write):
    folder = write(TOML.replace('"incidents.csv"', '"pages"'), incidents=None)
    (folder / "pages").mkdir()
    for number in (10, 9, 1):
        text = f"incident_id,started_at\ni{number},2024-01-10\n"
        (folder / "pages" / f"page-{number}.csv").write_text(text)
    assert load(folder).incidents["file"].tolist() == ["page-1.csv", "page-10.csv", "page-9.csv"]  # by id
    names = ["b2", "page-10.csv", "page-9.csv", "10", "page-1.csv"]
    ordered = sorted(map(Path, names), key=_natural)
    assert [p.name for p in ordered] == ["10", "b2", "page-1.csv", "page-9.csv", "page-10.csv"]


def paged(write) -> Path:
    folder = write(TOML.replace('"incidents.csv"', '"pages"'), incidents=None)
    (folder / "pages").mkdir()
    (folder / "pages" / "1.csv").write_text(INCIDENTS)
    return folder


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (os.mkfifo, "pages/2.csv, which is neither a file nor a link to one"),
        (Path.mkdir, "pages/2.csv, which is neither a file nor a link to one"),
        (lambda p: p.symlink_to(p.name), "pages/2.csv, which is neither a file nor a link to one"),
        (lambda p: p.symlink_to("nothing"), "pages/2.csv, which is neither a file nor a link to one"),
        (lambda p: p.symlink_to("/dev/zero"), "pages/2.csv, a link that leads out of the dataset"),
        (lambda p: p.symlink_to(p.parents[2] / "outside.csv"), "pages/2.csv, a link that leads out of the dataset"),
    ],
    ids=["a pipe", "a folder", "a link to itself", "a link to nothing", "a device", "a file outside"],
)
def test_what_only_looks_like_a_page_is_refused_and_not_left_out(write, tmp_path, make, found):
    (tmp_path / "outside.csv").write_text(INCIDENTS)
    folder = paged(write)
    make(folder / "pages" / "2.csv")
    with pytest.raises(InputError, match=f"^dataset.toml: found {found}; expected "):
        load(folder)


@pytest.mark.parametrize("make", [os.mkfifo, lambda p: p.symlink_to(p.name)], ids=["a pipe", "a link to itself"])
def test_a_log_that_is_no_file_is_refused(write, make):
    folder = write(incidents=None)
    make(folder / "incidents.csv")
    with pytest.raises(InputError, match=r"found path = 'incidents.csv', which is neither a file nor a folder"):
        load(folder)


def test_a_file_of_any_size_is_refused_before_it_is_hashed(write, monkeypatch):
    folder = write()
    os.truncate(folder / "changes.csv", raw_table.LARGEST + 1)  # sparse: it takes no room
    with pytest.raises(InputError, match="which has 1,073,741,825 bytes; expected at most 1,073,741,824"):
        load(folder)


def test_files_of_other_formats_in_a_folder_of_pages_are_left_alone(write):
    folder = paged(write)
    for name in ("NOTES.md", "2.CSV", ".hidden"):
        (folder / "pages" / name).write_text(INCIDENTS)
    assert [p.name for p in files_of(folder, Log(path="pages"), find("csv", "changes"))] == ["1.csv", "2.CSV"]


def test_a_folder_without_a_page_says_which_files_are_missing(write):
    folder = write()
    (folder / "pages").mkdir()
    (folder / "pages" / "1.xml").write_text("<a/>")
    with pytest.raises(InputError) as refused:
        files_of(folder, Log(path="pages", format="jsonl"), find("jsonl", "changes"))
    assert str(refused.value) == (
        "dataset.toml: found no jsonl file in 'pages'; expected files ending in .jsonl, .jsonl.gz, .ndjson. "
        "Put the pages of the export there."
    )


def test_a_repository_has_no_files(write):
    assert files_of(write(), Log(path="elsewhere", format="git"), find("git", "changes")) == []
