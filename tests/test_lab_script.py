"""``scripts/lab`` opens copies of the notebooks, so that what is run and saved changes nothing of the checkout."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aftershock.reports import early_imports

ROOT = Path(__file__).parent.parent


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The scripts with two notebooks and an environment whose jupyter only says where it runs and with what."""
    for name in ("scripts/lab", "scripts/_setup", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    for name in ("notebooks/explore.ipynb", "docs/tutorials/first_look.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / name, tmp_path / name)
    locks = [*sorted((tmp_path / "requirements").glob("*.lock")), tmp_path / "pyproject.toml"]
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in locks)).hexdigest()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / ".installed-runtime").write_text(wanted + "\n")
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    jupyter = tmp_path / ".venv" / "bin" / "jupyter"
    jupyter.write_text('#!/bin/sh\necho "$PWD: $*, $JUPYTER_PATH"\n')
    jupyter.chmod(0o755)
    return tmp_path


def lab(checkout: Path) -> subprocess.CompletedProcess:
    own = {k: v for k, v in os.environ.items() if k != "AFTERSHOCK_VENV"} | {"JUPYTER_PATH": "/mine"}
    return subprocess.run([checkout / "scripts" / "lab", "--x"], env=own, capture_output=True, text=True, check=True)


def test_the_lab_opens_copies_and_keeps_what_was_done_in_them(checkout):
    assert lab(checkout).stdout == f"{checkout}/lab: lab --x, {checkout}/scripts/jupyter:/mine\n"
    copy, original = checkout / "lab" / "explore.ipynb", checkout / "notebooks" / "explore.ipynb"
    assert copy.read_bytes() == original.read_bytes()
    assert (checkout / "lab" / "first_look.ipynb").is_file()
    copy.write_text("mine")
    os.utime(original, (0, 0))
    assert lab(checkout).stderr == ""
    assert (copy.read_text(), original.read_text()[:1]) == ("mine", "{")


def test_a_notebook_that_is_newer_than_its_copy_is_said(checkout):
    lab(checkout)
    os.utime(checkout / "lab" / "explore.ipynb", (0, 0))
    said = lab(checkout).stderr
    assert said.startswith("lab/explore.ipynb is older than the notebook it was copied from") and said.count("\n") == 1


def test_its_kernels_are_pythons_own_but_for_what_they_import_early():
    argv, own = (
        json.loads((folder / "kernels" / "python3" / "kernel.json").read_text())["argv"]
        for folder in (ROOT / "scripts" / "jupyter", Path(sys.prefix) / "share" / "jupyter")
    )
    assert argv == [*own, "--ext", early_imports.__name__]


def test_git_ignores_the_copies():
    assert "/lab/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
