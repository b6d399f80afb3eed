"""Files are whole or not there, and nothing is left next to them."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from aftershock.output import files
from aftershock.schema.errors import AftershockError


@pytest.fixture(params=["links", "no links"])
def file_system(request, monkeypatch):
    """A file system with hard links, and one without."""
    if request.param == "no links":

        def refuse(*_: object) -> None:
            raise OSError("no links here")

        monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("file_system")
def test_a_new_file_takes_no_name_that_is_taken(tmp_path):
    files.write_new(tmp_path / "deep/new.txt", "one\n")
    assert (tmp_path / "deep/new.txt").read_bytes() == b"one\n"
    with pytest.raises(FileExistsError):
        files.write_new(tmp_path / "deep/new.txt", "two\n")
    assert (tmp_path / "deep/new.txt").read_bytes() == b"one\n"
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["new.txt"]


@pytest.mark.usefixtures("file_system")
def test_a_link_replaces_what_had_its_name(tmp_path):
    (tmp_path / "a").write_text("new")
    (tmp_path / "b").write_text("old")
    files.link(tmp_path / "a", tmp_path / "b")
    files.link(tmp_path / "a", tmp_path / "deep/c")
    assert (tmp_path / "b").read_text() == (tmp_path / "deep/c").read_text() == "new"


def test_a_copy_that_fails_leaves_what_was_there(tmp_path):
    (tmp_path / "b").write_text("old")
    with pytest.raises(FileNotFoundError):
        files.copy(tmp_path / "gone", tmp_path / "b")
    assert [p.name for p in tmp_path.iterdir()] == ["b"] and (tmp_path / "b").read_text() == "old"
    (tmp_path / "a").write_text("new")
    files.copy(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_text() == "new"
    (tmp_path / "a").write_text("changed later")
    assert (tmp_path / "b").read_text() == "new"


def test_both_files_or_neither(tmp_path, monkeypatch):
    page, numbers = tmp_path / "x.html", tmp_path / "x.json"
    files.write_together({page: "old page", numbers: "old numbers"})
    replace = Path.replace

    def failing(self, target):
        if Path(target).suffix == ".json":
            raise OSError("disk full")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="disk full"):
        files.write_together({page: "new page", numbers: "new numbers"})
    assert page.read_text() == "old page" and numbers.read_text() == "old numbers"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.html", "x.json"]
    with pytest.raises(OSError, match="disk full"):
        files.write_together({tmp_path / "y.html": "page", tmp_path / "y.json": "numbers"})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.html", "x.json"]


@pytest.fixture
def full(monkeypatch):
    """A disk without room: files can be made, and nothing can be written into them."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)


@pytest.mark.usefixtures("full")
def test_a_full_disk_is_named(tmp_path):
    for write in (files.write_whole, files.write_new):
        with pytest.raises(OSError, match="No space left") as caught:
            write(tmp_path / "x.html", "x")
        assert caught.value.filename == str(tmp_path / "x.html")
    assert str(files.unwritable(tmp_path, caught.value)) == (
        f"cannot write {tmp_path}: No space left on device. Make room there, or choose another folder."
    )
    with pytest.raises(OSError, match="No space left") as caught:
        files.check_writable(tmp_path)
    assert caught.value.filename == str(tmp_path)
    with pytest.raises(AftershockError) as refused, files.temporary_folder("run", str(tmp_path)):
        pass
    assert str(refused.value) == (
        f"cannot write into {tmp_path}, where temporary files are: No space left on device. Make room there, or choose another "
        "folder."
    )
    assert not list(tmp_path.iterdir())


def test_written_files_can_be_read_by_a_web_server(tmp_path):
    old = os.umask(0o022)
    try:
        files.write_whole(tmp_path / "x.html", "x")
    finally:
        os.umask(old)
    assert (tmp_path / "x.html").stat().st_mode & 0o777 == 0o644
