"""What is vendored is what was pinned, and what was not pinned is refused."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import importlib.util
import io
import json
import sys
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def vendor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor_script", ROOT / "scripts" / "_vendor.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def archive(licence: str = "MIT") -> bytes:
    files = {"package.json": json.dumps({"license": licence}), "LICENSE": "the terms", "plotly-basic.min.js": "script"}
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as tar:
        for name, text in files.items():
            told = tarfile.TarInfo(f"package/{name}")
            told.size = len(text)
            tar.addfile(told, io.BytesIO(text.encode()))
    return held.getvalue()


def npm_that_gives(content: bytes):
    def run(command: list[str], cwd: Path, **_: object) -> None:
        name, version = command[-1].rsplit("@", 1)
        (cwd / f"{name}-{version}.tgz").write_bytes(content)

    return run


def test_what_lies_here_is_what_was_pinned(vendor):
    assert vendor.problems() == []


def test_a_changed_file_is_noticed(vendor, monkeypatch):
    package = vendor.PACKAGES[0]
    monkeypatch.setattr(vendor, "PACKAGES", [dataclasses.replace(package, version="0.0.1")])
    assert vendor.problems() == [
        "aftershock/figures/vendor/plotly-basic.min.js.gz is not what its manifest and scripts/_vendor.py say"
    ]


def test_an_archive_with_another_hash_is_refused(vendor, monkeypatch, tmp_path):
    package, content = vendor.PACKAGES[0], archive()
    monkeypatch.setattr(vendor.subprocess, "run", npm_that_gives(content))
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    with pytest.raises(SystemExit) as stopped:
        vendor.fetched(package, tmp_path)
    assert stopped.value.code == (
        f"{package.name} {package.version} has the hash {found}, not the pinned {package.integrity}"
    )
    assert vendor.fetched(dataclasses.replace(package, integrity=found), tmp_path) == content


def test_another_licence_is_refused(vendor):
    package = vendor.PACKAGES[0]
    assert vendor.unpacked(package, archive()) == (b"script", b"the terms")
    with pytest.raises(SystemExit) as stopped:
        vendor.unpacked(package, archive(licence="GPL-3.0"))
    assert stopped.value.code == f"{package.name} {package.version} is under GPL-3.0, not MIT"
