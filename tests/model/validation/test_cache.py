"""Results that are kept: read again, never stale, worked out once."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from dataclasses import replace

import pytest
from pydantic import BaseModel, Field

from aftershock import attribute, load
from aftershock.dataset.cache import location
from aftershock.model.validation import cache


class Example(BaseModel):
    """A result worth keeping."""

    drawn: int = Field(ge=0)


def example() -> Example:
    return Example(drawn=7)


def test_what_was_worked_out_is_kept_and_read(found, tmp_path, monkeypatch):
    calls = []
    value = Example(drawn=7)

    def work_out():
        calls.append(1)
        return value

    monkeypatch.setenv("AFTERSHOCK_CACHE", str(tmp_path / "new"))
    assert cache.kept(found, Example, work_out, compute=False) is None
    assert cache.kept(found, Example, work_out) == cache.kept(found, Example, work_out) == value
    assert len(calls) == 1
    (path,) = (tmp_path / "new").iterdir()
    assert (
        path.name == f"example-{cache.key(found)}.json"
        and path.parent.stat().st_mode & 0o077 == 0 == path.stat().st_mode & 0o077
    )
    for broken in ('{"drawn": -3}', path.read_text()[:-9], '{"drawn": "' + "x" * 1_100_000 + '"}'):
        path.write_text(broken)
        assert cache.kept(found, Example, work_out) == value
    assert len(calls) == 4


def test_nothing_is_kept_when_the_user_says_so_or_where_nothing_can_be_written(found, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    for folder in ("", str(tmp_path / "file" / "below")):
        monkeypatch.setenv("AFTERSHOCK_CACHE", folder)
        monkeypatch.setattr(cache, "_MEMORY", {})
        assert cache.kept(found, Example, example, compute=False) is None
        assert cache.kept(found, Example, example) == Example(drawn=7)
        assert cache.kept(found, Example, None, compute=False) == Example(drawn=7)  # by this process
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_the_name_changes_with_all_that_the_result_follows_from(write, monkeypatch):
    folder = write()
    found = attribute(load(folder), blind=True)
    names = {cache.key(found)}
    assert cache.key(attribute(load(folder), blind=True)) in names
    names.add(cache.key(attribute(load(folder), blind=True, as_of_onset=True)))
    names.add(cache.key(attribute(load(folder), blind=True, without=("words",))))
    other = attribute(replace(load(folder), hashes={"incidents.csv": "0"}), blind=True)
    names.add(cache.key(other))
    monkeypatch.setattr(location, "code", lambda: "another version")
    names.add(cache.key(found))
    assert len(names) == 5


def test_the_oldest_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "MOST_KEPT", 3)
    for k in range(5):
        path = tmp_path / f"example-{k}.json"
        path.write_text("{}")
        os.utime(path, (k, k))
    (tmp_path / "other.txt").write_text("")
    cache._forget_oldest(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "example-2.json",
        "example-3.json",
        "example-4.json",
        "other.txt",
    ]


def _ask(log: str, answers) -> None:
    def work_out() -> Example:
        with open(log, "a") as file:  # noqa: PTH123
            file.write("x")
        time.sleep(0.3)
        return Example(drawn=7)

    answers.put(cache.kept(None, Example, work_out))


@pytest.mark.skipif(sys.platform == "win32", reason="no locks there: each works it out")
def test_of_processes_that_ask_at_once_one_works_it_out(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTERSHOCK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "key", lambda found: "same")
    context = multiprocessing.get_context("fork")
    answers, log = context.Queue(), tmp_path / "log"
    running = [context.Process(target=_ask, args=(str(log), answers)) for _ in range(3)]
    for process in running:
        process.start()
    assert [answers.get(timeout=60) for _ in running] == [Example(drawn=7)] * 3
    for process in running:
        process.join(60)
    assert log.read_text() == "x"
    assert [p.name for p in (tmp_path / "cache").iterdir()] == ["example-same.json"]
