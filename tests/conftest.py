"""Small datasets written to a folder, the way a user has them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

TOML = '''name = "small"
timezone = "UTC"
[incidents]
path = "incidents.csv"
[changes]
path = "changes.csv"
'''
INCIDENTS = """incident_id,started_at,services,title
i1,2024-01-10T12:00:00Z,checkout,Payments fail
i2,2024-02-10T12:00:00Z,search,Search is empty
"""
CHANGES = """change_id,started_at,kind,services,title
c1,2024-01-10T11:30:00Z,deploy,checkout,Raise the payments limit
c2,2024-01-20T11:30:00Z,config,search,Tidy the index settings
c3,2024-02-20T11:30:00Z,deploy,search,Add a column
"""


@pytest.fixture
def write(tmp_path: Path):
    """Write a dataset folder; every file can be replaced, ``None`` leaves it out."""

    def _write(toml: str = TOML, incidents: str | bytes | None = INCIDENTS, changes: str | bytes | None = CHANGES, **more: str) -> Path:
        folder = tmp_path / "small"
        folder.mkdir(exist_ok=True)
        files = {"dataset.toml": toml, "incidents.csv": incidents, "changes.csv": changes, **{k.replace("__", "."): v for k, v in more.items()}}
        for name, content in files.items():
            if content is not None:
                (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return _write


@pytest.fixture(scope="session")
def twitter():
    import aftershock

    return aftershock.load("twitter-2023")


@pytest.fixture(scope="session")
def demo():
    import aftershock

    return aftershock.load("demo")


@pytest.fixture(scope="session")
def demo_found(demo):
    import aftershock

    return aftershock.attribute(demo)


@pytest.fixture(scope="session")
def twitter_found(twitter):
    import aftershock

    return aftershock.attribute(twitter, blind=True)


@pytest.fixture(scope="session")
def benchmark_folder() -> Path:
    """The real logs of the benchmark; tests that need them are skipped, saying so, where they are missing."""
    folder = Path(os.environ.get("AFTERSHOCK_BENCHMARK", Path(__file__).parents[2] / "shared" / "benchmark"))
    if not folder.is_dir():
        pytest.skip(f"no benchmark at {folder}; set AFTERSHOCK_BENCHMARK")
    return folder
