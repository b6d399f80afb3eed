"""The folder of the cache, and the code that every kept result follows from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import aftershock
from aftershock.dataset.cache import location


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    for name in ("AFTERSHOCK_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_the_folder_is_in_the_home_unless_the_environment_names_one(home, monkeypatch):
    assert location.folder() == home / ".cache" / "aftershock"
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "xdg"))
    assert location.folder() == home / "xdg" / "aftershock"
    monkeypatch.setenv("AFTERSHOCK_CACHE", str(home / "mine"))
    assert location.folder() == home / "mine"
    assert (home / "mine").is_dir()


def test_an_empty_name_keeps_nothing(home, monkeypatch):
    monkeypatch.setenv("AFTERSHOCK_CACHE", "")
    assert location.folder() is None


def test_a_file_in_its_place_keeps_nothing(home, monkeypatch):
    (home / "mine").write_text("")
    monkeypatch.setenv("AFTERSHOCK_CACHE", str(home / "mine"))
    assert location.folder() is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners on this system")
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_that_others_may_write_into_is_not_used(home, monkeypatch, mode):
    (home / "mine").mkdir()
    (home / "mine").chmod(mode)
    monkeypatch.setenv("AFTERSHOCK_CACHE", str(home / "mine"))
    assert location.folder() is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners on this system")
@pytest.mark.parametrize(("mode", "is_used"), [(0o777, False), (0o1777, True), (0o755, True)])
def test_a_folder_inside_one_where_all_may_write_is_used_only_where_names_stay(home, monkeypatch, mode, is_used):
    (home / "shared").mkdir()
    (home / "shared").chmod(mode)
    monkeypatch.setenv("AFTERSHOCK_CACHE", str(home / "shared" / "mine"))
    assert (location.folder() is not None) == is_used


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners on this system")
def test_what_keeps_results_from_being_kept_is_said(home, monkeypatch):
    assert location.problem() == ""

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert location.problem().startswith(
        f"nothing is kept for the next run: cannot write {location.folder()}: No space left"
    )
    monkeypatch.setenv("AFTERSHOCK_CACHE", "")
    assert location.problem() == ""


def test_a_folder_of_somebody_else_is_not_used(home, monkeypatch):
    monkeypatch.setenv("AFTERSHOCK_CACHE", str(home / "mine"))
    assert location.folder() is not None
    monkeypatch.setattr(os, "getuid", lambda: 4242)
    assert location.folder() is None


def test_the_code_is_that_of_the_whole_package(monkeypatch, tmp_path):
    assert Path(aftershock.__file__).parent == location.PACKAGE
    rooms = {p.relative_to(location.PACKAGE).parts[0] for p in location.PACKAGE.rglob("*.py")}
    assert {"dataset", "model", "sources", "schema", "output"} <= rooms
    for room in ("model", "sources"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "a.py").write_text("x = 1\n")
    monkeypatch.setattr(location, "PACKAGE", tmp_path)
    before = location.code.__wrapped__()
    (tmp_path / "model" / "a.py").write_text("x = 2\n")
    assert location.code.__wrapped__() != before
    before = location.code.__wrapped__()
    (tmp_path / "model" / "priors.json").write_text("{}")
    assert location.code.__wrapped__() != before
