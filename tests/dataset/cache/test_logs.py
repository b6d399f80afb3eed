"""The cache of logs that were read before: the same tables, never those of an earlier content, and nothing but time lost
when it is damaged."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from conftest import CHANGES, INCIDENTS, TOML

from aftershock import load
from aftershock.dataset import loading
from aftershock.dataset.cache import location, logs, storage
from aftershock.schema.errors import InputError

TABLES = ("incidents", "changes", "dependencies", "verdicts", "rejected", "notes", "folded")


class Readings:
    """Counts how often logs are really read and hashed, by table and by file."""

    def __init__(self, monkeypatch):
        self.read, self.hashed = [], []
        made, digest = loading._made, logs._digest
        monkeypatch.setattr(loading, "_made", lambda source: (self.read.append(source.table), made(source))[1])
        monkeypatch.setattr(logs, "_digest", lambda path: (self.hashed.append(path.name), digest(path))[1])

    def of(self, folder: Path) -> list[str]:
        """The tables that loading the folder reads."""
        self.read, self.hashed = [], []
        load(folder)
        return self.read


@pytest.fixture
def kept(tmp_path, monkeypatch) -> Path:
    """A cache that keeps even the smallest log."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("AFTERSHOCK_CACHE", str(folder))
    monkeypatch.setattr(logs, "WORTH", 0)
    return folder


@pytest.fixture
def readings(kept, monkeypatch) -> Readings:
    return Readings(monkeypatch)


def cells_of(frame: pd.DataFrame) -> list[list[object]]:
    return [[None if isinstance(v, float) and v != v else v for v in frame[c].astype("object").tolist()] for c in frame]


def assert_same(one, other) -> None:
    for table in TABLES:
        before, after = getattr(one, table), getattr(other, table)
        assert before.dtypes.to_dict() == after.dtypes.to_dict(), table
        assert cells_of(before) == cells_of(after), table
    assert (one.hashes, one.observed) == (other.hashes, other.observed)


ODD = (
    "change_id,started_at,services,paths,title,team,note\n"
    'c1,2024-01-10T11:30:00Z,checkout;web,a/b.py;a/c.py,"two\nlines",red,é\n'
    "c2,2024-01-11,search,,=1+1,,\u202e\n"
    "c2,2024-01-12T00:00Z,,,again,,\n"
    "c3,45310,,a/b.py,excel,,\n"
    ",2024-01-13T00:00Z,,,no id,,\n"
)


def test_a_second_load_gives_the_same_and_reads_nothing(write, readings):
    folder = write(changes=ODD)
    first = load(folder)
    assert len(first.rejected) == 2
    assert len(first.notes) == 1
    assert first.changes["extras"].tolist()[0] == {"team": "red", "note": "é"}
    assert readings.of(folder) == []
    assert_same(first, load(folder))


def test_lists_and_records_of_json_come_back(write, readings):
    rows = [
        {"change_id": "c1", "started_at": "2024-01-10T00:00Z", "services": ["a;b", "c\x1fd"], "tags": ["x", "y"]},
        {"change_id": "c2", "started_at": "2024-01-11T00:00Z", "services": [], "deep": {"er": None}, "na\0me": "1"},
    ]
    toml = TOML.replace('path = "changes.csv"', 'path = "changes.json"\nformat = "json"')
    folder = write(toml, changes=None, changes__json=json.dumps(rows))
    first = load(folder)
    assert first.changes["services"].tolist() == [["a;b", "c\x1fd"], []]
    assert first.changes["extras"].tolist()[0]["tags"] == ["x", "y"]
    assert readings.of(folder) == []
    assert_same(first, load(folder))


@pytest.mark.parametrize(
    ("old", "new"), [('"UTC"', '"Europe/Berlin"'), ('"changes.csv"', '"changes.csv"\nlist_separator = "|"')]
)
def test_other_settings_read_anew(write, readings, old, new):
    folder = write()
    load(folder)
    assert "changes" in readings.of(write(TOML.replace(old, new)))


def test_settings_that_no_table_depends_on_do_not(write, readings):
    folder = write()
    load(folder)
    toml = TOML.replace("small", "other") + '[attribution]\nobserved = ["2024-01-10", "2024-01-12"]\n'
    assert readings.of(write(toml)) == []
    assert load(folder).name == "other"
    assert str(load(folder).observed[1]) == "2024-01-13 00:00:00+00:00"


def test_other_code_reads_anew(write, readings, monkeypatch):
    folder = write()
    load(folder)
    monkeypatch.setattr(location, "code", lambda: "another version")
    assert readings.of(folder) == ["incidents", "changes"]


def test_other_clock_changes_read_anew(write, readings, monkeypatch):
    folder = write()
    load(folder)
    monkeypatch.setattr(location, "zone_data", lambda zone: "next year's decree")
    assert readings.of(folder) == ["incidents", "changes"]


def test_one_log_that_changes_leaves_the_others_kept(write, readings):
    folder = write()
    load(folder)
    write(incidents=INCIDENTS + "i3,2024-01-12T00:00Z,web,Third\n")
    assert readings.of(folder) == ["incidents"]
    assert len(load(folder).incidents) == 3


def test_a_file_of_the_same_size_time_and_inode_is_told_by_its_content(write, readings, monkeypatch):
    folder = write()
    monkeypatch.setattr(logs, "_state", lambda files: [(7, 7, 7, 7) for _ in files])  # a clock that stands still
    load(folder)
    (folder / "changes.csv").write_text(CHANGES.replace("Tidy", "Ugly"))
    assert readings.of(folder) == ["changes"]
    assert "Ugly the index settings" in load(folder).changes["title"].tolist()


def test_a_file_that_keeps_its_time_is_told_by_its_content(write, readings):
    folder = write()
    path = folder / "changes.csv"
    load(folder)
    about = path.stat()
    path.write_text(CHANGES.replace("Tidy", "Ugly"))
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert path.stat().st_mtime_ns == about.st_mtime_ns
    assert readings.of(folder) == ["changes"]


def test_a_copy_that_says_the_same_is_not_read_again(write, readings):
    folder = write()
    load(folder)
    text = (folder / "changes.csv").read_bytes()
    (folder / "changes.csv").unlink()
    (folder / "changes.csv").write_bytes(text)
    assert readings.of(folder) == []


def test_what_changes_while_it_is_read_is_not_kept(write, kept, monkeypatch):
    folder = write()
    made = loading._made

    def slow(source):
        found = made(source)
        if (folder / "changes.csv").read_text() == CHANGES:
            (folder / "changes.csv").write_text(CHANGES + "c4,2024-02-21T00:00Z,deploy,web,Late\n")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(loading, "_made", slow)
        assert len(load(folder).changes) == 4, "it is read again"
    assert len(load(folder).changes) == 4


def test_what_changes_whenever_it_is_read_is_refused(write, kept, monkeypatch):
    folder, made = write(), loading._made

    def slow(source):
        found = made(source)
        with (folder / "changes.csv").open("a") as log:
            log.write(f"c{log.tell()},2024-02-21T00:00Z,deploy,web,Late\n")
        return found

    monkeypatch.setattr(loading, "_made", slow)
    with pytest.raises(InputError, match=r"^changes.csv: found a change while it was read; expected a file at rest"):
        load(folder)


@pytest.mark.parametrize("place", ["folder", "file"])
def test_a_kept_table_that_others_could_have_written_is_not_read(write, kept, readings, place):
    folder = write()
    load(folder)
    assert readings.of(folder) == []
    for path in (kept / "logs").iterdir():
        (path if place == "file" else path.parent).chmod(0o777)
    assert readings.of(folder) == ["incidents", "changes"]


class AtOnce:
    """An executor that works when it is asked, so that hashing comes before reading."""

    def __init__(self, workers):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def submit(self, work, *arguments):
        done = work(*arguments)
        return SimpleNamespace(result=lambda: done)


def test_what_changes_within_a_tick_while_it_is_read_is_not_kept(write, kept, monkeypatch):
    """Hashed is the new content, read was the old one, and the file looks the same throughout."""
    folder = write()
    path, new = folder / "changes.csv", CHANGES.replace("Tidy", "Ugly")
    digest, now = logs._digest, logs.time.time_ns()
    monkeypatch.setattr(logs, "_state", lambda files: [(7, now, now, 7) for _ in files])
    monkeypatch.setattr(logs, "ThreadPoolExecutor", AtOnce)
    hashed = []

    def first_of_the_new(file):
        if file != path or hashed:
            return digest(file)
        path.write_text(new)
        hashed.append(digest(file))
        path.write_text(CHANGES)
        return hashed[0]

    with monkeypatch.context() as patched:
        patched.setattr(logs, "_digest", first_of_the_new)
        assert "Tidy the index settings" in load(folder).changes["title"].tolist()
    path.write_text(new)
    assert "Ugly the index settings" in load(folder).changes["title"].tolist()


def test_pages_that_come_go_and_change_are_seen(write, readings):
    folder = write(TOML.replace('"changes.csv"', '"pages"'), changes=None)
    pages = folder / "pages"
    pages.mkdir()
    (pages / "1.csv").write_text(CHANGES)
    load(folder)
    (pages / "2.csv").write_text("change_id,started_at\nd1,2024-02-01\n")
    assert readings.of(folder) == ["changes"]
    assert len(load(folder).changes) == 4
    (pages / "1.csv").unlink()
    assert readings.of(folder) == ["changes"]
    assert load(folder).changes["change_id"].tolist() == ["d1"]
    (pages / "2.csv").rename(pages / "3.csv")
    assert readings.of(folder) == ["changes"]
    assert load(folder).changes["file"].tolist() == ["3.csv"]


def test_a_repository_is_read_again_after_a_commit(write, readings, tmp_path):
    repository = tmp_path / "code"
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]

    def git(*arguments):
        subprocess.run(["git", "-C", str(repository), *who, *arguments], check=True, capture_output=True)

    repository.mkdir()
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "one")
    toml = TOML.replace('path = "changes.csv"', 'format = "git"\nrepository = "../code"')
    folder = write(toml, changes=None)
    first = load(folder)
    assert readings.of(folder) == []
    assert_same(first, load(folder))
    git("commit", "-q", "--allow-empty", "-m", "two")
    assert readings.of(folder) == ["changes"]
    assert sorted(load(folder).changes["title"]) == ["one", "two"]


def test_formats_of_other_packages_are_always_read(write, readings, monkeypatch):
    folder = write()
    load(folder)
    monkeypatch.setattr(logs, "registry", SimpleNamespace(is_built_in=lambda format: False))
    assert readings.of(folder) == ["incidents", "changes"]


def files_in(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


DAMAGE = {
    "cut": lambda p: p.write_bytes(p.read_bytes()[: p.stat().st_size // 2]),
    "empty": lambda p: p.write_bytes(b""),
    "flipped": lambda p: p.write_bytes(bytes(b ^ (0xFF if n % 97 == 60 else 0) for n, b in enumerate(p.read_bytes()))),
    "other": lambda p: p.write_bytes(b"[1, null]"),
    "gone": lambda p: p.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_cache_is_read_anew(write, readings, kept, damage):
    folder = write(changes=ODD)
    first = load(folder)
    for path in kept.rglob("*.parquet"):
        DAMAGE[damage](path)
    assert_same(first, load(folder))
    assert readings.of(folder) == []  # what was read anew is kept again


def test_the_cache_is_its_owners_alone(write, kept):
    umask = os.umask(0)
    try:
        load(write())
    finally:
        os.umask(umask)
    assert len(files_in(kept)) == 2
    assert {stat.S_IMODE(p.stat().st_mode) for p in [kept, *kept.rglob("*")] if p.is_dir()} == {0o700}
    assert {stat.S_IMODE(p.stat().st_mode) for p in files_in(kept)} == {0o600}


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners on this system")
def test_a_folder_that_others_may_write_into_is_not_used(write, kept):
    kept.mkdir()
    kept.chmod(0o777)
    load(write())
    assert files_in(kept) == []


def test_nothing_is_written_into_the_dataset(write, kept):
    folder = write()

    def state():
        paths = [folder, *folder.rglob("*")]
        return dict(zip(paths, logs._state(paths), strict=True))

    before = state()
    load(folder)
    assert state() == before


@pytest.mark.parametrize("place", ["", "a file"])
def test_without_a_cache_logs_are_read(write, monkeypatch, tmp_path, place):
    monkeypatch.setattr(logs, "WORTH", 0)
    if place:
        (tmp_path / "a file").write_text("")
    monkeypatch.setenv("AFTERSHOCK_CACHE", place and str(tmp_path / place))
    readings = Readings(monkeypatch)
    folder = write()
    assert readings.of(folder) == readings.of(folder) == ["incidents", "changes"]


def test_a_full_disk_leaves_nothing_behind(write, kept, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.pq, "write_table", full)
    assert len(load(write()).changes) == 3
    assert files_in(kept) == []


def test_small_logs_are_not_kept(write, tmp_path, monkeypatch):
    monkeypatch.setenv("AFTERSHOCK_CACHE", str(tmp_path / "cache"))
    load(write())
    assert files_in(tmp_path / "cache") == []


def test_a_log_has_one_kept_table_and_those_unused_for_long_are_removed(write, kept):
    folder = write()
    load(folder)
    before = files_in(kept)
    assert len(before) == 2
    for name in ("forgotten.parquet", ".broken.parquet.tmp"):
        (kept / "logs" / name).write_text("left by a reading long ago")
        old = logs.time.time() - (logs.DAYS_KEPT + 1) * 86_400
        os.utime(kept / "logs" / name, (old, old))
    write(incidents=INCIDENTS + "i3,2024-01-12\n", changes=CHANGES + "c9,2024-01-12\n")
    load(folder)
    assert files_in(kept) == before


def test_a_table_that_is_used_is_not_forgotten(write, kept):
    folder = write()
    load(folder)
    old = logs.time.time() - (logs.DAYS_KEPT + 1) * 86_400
    for path in files_in(kept):
        os.utime(path, (old, old))
    load(folder)
    assert all(path.stat().st_mtime > old + 86_400 for path in files_in(kept))


def test_many_readers_at_once_agree(write, kept):
    folder = write(changes=ODD)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(load, [folder] * 16))
    for one in found[1:]:
        assert_same(found[0], one)


def test_many_processes_at_once_agree_and_the_last_entry_is_whole(write, kept):
    folder = write(changes=ODD)
    code = textwrap.dedent(
        """
        import sys
        from aftershock import load
        from aftershock.dataset.cache import logs
        logs.WORTH = 0
        for _ in range(3):
            found = load(sys.argv[1])
        print(found.changes["change_id"].tolist(), len(found.rejected), len(found.notes))
        """
    )
    command = [sys.executable, "-c", code, str(folder)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate() for process in running]
    assert {out for out, _ in said} == {"['c1', 'c2', 'c3'] 2 1\n"}, said
    assert len(files_in(kept)) == 2
