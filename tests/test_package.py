"""The package as it is installed: what the wheel holds, and a report from it in an empty folder; what is pinned."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = {name: ROOT / "requirements" / f"{name}.lock" for name in ("runtime", "test", "installer")}


def named(requirements: list[str]) -> list[str]:
    return [re.match(r"[a-z0-9-]+", line).group() for line in requirements]


def pinned(lock: str) -> dict[str, set[str]]:
    """Name → the versions that a lock file pins; more than one where versions of Python need different ones."""
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", LOCKS[lock].read_text(encoding="utf-8"), re.M):
        pins.setdefault(name, set()).add(version)
    return pins


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the pinned backend without network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-c", "import sys, hatchling.build as b; print(b.build_wheel(sys.argv[1]))", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.strip().splitlines()[-1]


def committed(*folders: str) -> set[str]:
    done = subprocess.run(["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=True)
    return {line for line in done.stdout.splitlines() if (ROOT / line).is_file()}


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="what is committed is known in a checkout only")
def test_the_wheel_holds_the_package_the_notebooks_and_the_shipped_data(wheel):
    held = {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}
    shipped = {f"aftershock/shipped/{file}" for file in committed("notebooks", "data")}
    assert shipped | committed("aftershock") <= held
    assert {n.split("/")[0] for n in held} == {"aftershock"}
    assert not [n for n in held if n.endswith((".pyc", ".ipynb_checkpoints"))]


def test_an_installed_wheel_renders_a_report_from_an_empty_folder(wheel, tmp_path):
    """In an environment of its own, which takes only the dependencies from the one that the tests run in."""
    environment, empty = tmp_path / "environment", tmp_path / "empty"
    empty.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    place = sysconfig.get_path("purelib", vars={"base": str(environment), "platbase": str(environment)})
    zipfile.ZipFile(wheel).extractall(place)
    # a .pth of folders, without site.addsitedir: the editable install of this checkout must not be followed
    (Path(place) / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    python = environment / "bin" / "python"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "AFTERSHOCK"))}
    # nbconvert's base template is in the dependencies' share/, where an environment of one piece has it
    jupyter = str(Path(sys.prefix) / "share" / "jupyter")
    variables = kept | {"AFTERSHOCK_CACHE": str(tmp_path / "cache"), "JUPYTER_PATH": jupyter}

    def run(*command: str) -> str:
        done = subprocess.run(
            [str(python), *command], cwd=empty, env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert Path(run("-c", "import aftershock; print(aftershock.__file__)").strip()).is_relative_to(environment)
    run("-m", "aftershock", "report", "quality", "twitter-2023")
    written = {p.relative_to(empty).as_posix() for p in empty.rglob("*") if p.is_file()}
    page = "reports/twitter-2023/quality.html"
    assert {"reports/index.html", page, page.replace(".html", ".json")} <= written
    assert "Twitter" in (empty / page).read_text(encoding="utf-8")


def test_requirements_txt_names_the_direct_dependencies():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == PROJECT["dependencies"]


def test_the_locks_pin_everything_that_is_asked_for():
    extras = PROJECT["optional-dependencies"]
    assert {*named(PROJECT["dependencies"]), *named(extras["fetch"]), *named(extras["build"])} <= set(pinned("runtime"))
    assert {name for extra in extras.values() for name in named(extra)} <= set(pinned("test"))
    assert set(pinned("installer")) == {"uv"}


def test_the_tests_run_with_the_versions_that_reports_are_made_with():
    test = pinned("test")
    assert {name: test.get(name) for name in pinned("runtime")} == pinned("runtime")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_lock_names_a_host(lock):
    text = LOCKS[lock].read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert blocks
    assert not [b.splitlines()[0] for b in blocks if "--hash=sha256:" not in b]
    assert "://" not in text
    assert "index-url" not in text
