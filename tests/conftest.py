"""What the tests share: small datasets and notebooks, and a headless Chromium where there is one."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

from aftershock.output import fast_imports  # isort: skip  (before anything that imports nbformat)

import hypothesis
import nbformat
import plotly.graph_objects as go
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

import aftershock
from aftershock.sources import registry

__all__ = ["fast_imports"]

hypothesis.settings.register_profile("steady", deadline=None)  # a busy machine is no reason to fail
hypothesis.settings.load_profile("steady")

os.environ["SOURCE_DATE_EPOCH"] = "1700000000"  # pages that are rendered twice are compared

CACHE = pytest.StashKey[tempfile.TemporaryDirectory]()
TESTS = Path(__file__).parent
TOML = """name = "small"
timezone = "UTC"
[incidents]
path = "incidents.csv"
[changes]
path = "changes.csv"
"""
INCIDENTS = """incident_id,started_at,services,title
i1,2024-01-10T12:00:00Z,checkout,Payments fail
i2,2024-02-10T12:00:00Z,search,Search is empty
"""
CHANGES = """change_id,started_at,kind,services,title
c1,2024-01-10T11:30:00Z,deploy,checkout,Raise the payments limit
c2,2024-01-20T11:30:00Z,config,search,Tidy the index settings
c3,2024-02-20T11:30:00Z,deploy,search,Add a column
"""


#: Markup, script, attribute breakers, control characters, text direction, template syntax: what a log may hold.
HOSTILE = (
    '</title></script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">\'"><svg/onload=hacked=1>'
    "{{ 7*7 }}{% raw %}\u202egnp.exe\x00\x1b[31m]]>--><!--"
)


def displayed(thing: object) -> nbformat.NotebookNode:
    """The output that a kernel would send for a figure or a block."""
    if isinstance(thing, go.Figure):
        return new_output("display_data", {"application/vnd.plotly.v1+json": json.loads(thing.to_json())})
    if hasattr(thing, "_repr_mimebundle_"):
        return new_output("display_data", thing._repr_mimebundle_())
    return new_output("display_data", {"text/html": thing._repr_html_(), "text/plain": repr(thing)})


def shows(*things: object, source: str = "show()") -> nbformat.NotebookNode:
    """A code cell that displayed these things."""
    return new_code_cell(source, outputs=[t if isinstance(t, dict) else displayed(t) for t in things])


def figure(text: str = "calm", color: str = "#2f7fb5") -> go.Figure:
    """A bar chart with everything a figure of Aftershock brings along."""
    drawn = go.Figure(go.Bar(x=[text, "other"], y=[1, 2], marker_color=color, name=text, hovertext=[text, text]))
    table = {"columns": ["what", text], "rows": [[text, 1], ["other", 2.5]]}
    return drawn.update_layout(meta={"alt": f"Bars of {text}.", "caption": f"About {text}", "table": table})


def pytest_configure(config: pytest.Config) -> None:
    """A cache for this run alone: what takes long is worked out once for all workers, kernels and commands."""
    if not hasattr(config, "workerinput"):  # a worker has the environment of the process that started it
        config.stash[CACHE] = tempfile.TemporaryDirectory(prefix="aftershock-tests-")
        os.environ["AFTERSHOCK_CACHE"] = config.stash[CACHE].name


def pytest_unconfigure(config: pytest.Config) -> None:
    if CACHE in config.stash:
        config.stash[CACHE].cleanup()


@pytest.fixture
def write_notebook(tmp_path: Path) -> Callable[..., Path]:
    """Writes a notebook of a parameters cell (``month``, ``top``) and these cells."""

    def write(name: str, *sources: str) -> Path:
        first = new_code_cell("month = '2025-01'  # the month\ntop = 3", metadata={"tags": ["parameters"]})
        path = tmp_path / "notebooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(nbformat.writes(new_notebook(cells=[first, *map(new_code_cell, sources)])), encoding="utf-8")
        return path

    return write


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The modules of the suite's root first: they take longest, and a worker that begins one last keeps the others waiting."""
    items.sort(key=lambda item: item.path.parent != TESTS)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A browser; without one the test is skipped, or fails where AFTERSHOCK_REQUIRE_BROWSER=1 says that it must run."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        _no_browser("the package playwright is not installed (pip install playwright)")
    path = Path(os.environ.get("AFTERSHOCK_CHROMIUM", "/usr/bin/chromium"))
    if not path.is_file():
        _no_browser(f"there is no Chromium at {path} (apt-get install chromium, or set AFTERSHOCK_CHROMIUM)")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=path, args=["--no-sandbox", "--enable-unsafe-swiftshader"]
            )
        except Error as error:
            _no_browser(f"Chromium does not start: {error}")
        yield browser
        browser.close()


def _no_browser(reason: str) -> None:
    message = f"BROWSER TESTS NOT RUN: {reason}"
    if os.environ.get("AFTERSHOCK_REQUIRE_BROWSER") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture
def write(tmp_path: Path):
    """Write a dataset folder; every file can be replaced, ``None`` leaves it out."""

    def _write(
        toml: str = TOML, incidents: str | bytes | None = INCIDENTS, changes: str | bytes | None = CHANGES, **more: str
    ) -> Path:
        folder = tmp_path / "small"
        folder.mkdir(exist_ok=True)
        files = {
            "dataset.toml": toml,
            "incidents.csv": incidents,
            "changes.csv": changes,
            **{k.replace("__", "."): v for k, v in more.items()},
        }
        for name, content in files.items():
            if content is not None:
                (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return _write


@pytest.fixture(scope="session")
def twitter():
    return aftershock.load("twitter-2023")


@pytest.fixture(scope="session")
def demo():
    return aftershock.load("demo")


@pytest.fixture(scope="session")
def demo_found(demo):
    return aftershock.attribute(demo)


@pytest.fixture(scope="session")
def twitter_found(twitter):
    return aftershock.attribute(twitter, blind=True)


@pytest.fixture(scope="session")
def benchmark_folder() -> Path:
    """The real logs of the benchmark; tests that need them are skipped, saying so, where they are missing."""
    folder = Path(os.environ.get("AFTERSHOCK_BENCHMARK", Path(__file__).parents[2] / "shared" / "benchmark"))
    if not folder.is_dir():
        pytest.skip(f"no benchmark at {folder}; set AFTERSHOCK_BENCHMARK")
    return folder


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., list[Path]]:
    """Writes files next to the dataset to be and returns their paths; ``a__csv`` is ``a.csv``."""

    def write(**files: str | bytes) -> list[Path]:
        paths = [tmp_path / name.replace("__", ".") for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return paths

    return write


@pytest.fixture
def plug_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Pretends that a package adds a format, which ``value`` leads to (``module:name``)."""

    def add(value: str, name: str = "own") -> None:
        point = EntryPoint(name, value, registry.GROUP)
        monkeypatch.setattr(registry, "entry_points", lambda group: [point] if group == registry.GROUP else [])

    return add
