"""``aftershock report``: which options reach what renders. What is rendered is tested in tests/rendering."""

from __future__ import annotations

import contextlib

import pytest
from commands import run
from typer.testing import CliRunner

from aftershock.cli.app import app
from aftershock.rendering import batch, on_dask
from aftershock.rendering.job import Result


@pytest.fixture
def asked(monkeypatch):
    """What was asked of the two that render: who, how many reports, by keyword what."""
    found: list[tuple[str, int, dict[str, object]]] = []

    def stands_in(who: str):
        def render(jobs, output, *executor, progress, **options):
            found.append((who, len(jobs), {**options, **({"executor": executor[0]} if executor else {})}))
            return [Result(job, True, 0.0) for job in jobs]

        return render

    monkeypatch.setattr(batch, "render", stands_in("here"))
    monkeypatch.setattr(batch, "started", lambda **_: contextlib.nullcontext())
    monkeypatch.setattr(on_dask, "render", stands_in("dask"))
    return found


def test_an_executor_renders_in_place_of_this_machine(asked, tmp_path):
    common = ["report", "month", "twitter-2023", "--month", "2023-03", "--output", str(tmp_path)]
    for more in ([], ["--executor", "dask://host:8786"], ["--executor", "dask://host:8786", "--part", "1/2"]):
        done = CliRunner().invoke(app, [*common, *more])
        assert done.exit_code == 0, done.output
    (_, every, here), there, half = asked
    assert here == {"workers": None, "ahead": None}
    assert there == ("dask", every, {"executor": "dask://host:8786"})
    assert half[:2] == ("dask", (every + 1) // 2)


def test_a_wrong_executor_is_refused_before_anything_is_made(tmp_path):
    done = run("report", "all", "demo", "--executor", "slurm://host:1", "--output", str(tmp_path / "out"))
    assert (done.returncode, (tmp_path / "out").exists()) == (2, False)
    assert "--executor is 'slurm://host:1'; expected dask://HOST:PORT" in done.stderr


def test_a_since_before_the_logs_begin_is_said(asked, tmp_path):
    common = ["report", "month", "twitter-2023", "--month", "2023-01", "--no-incidents", "--output", str(tmp_path)]
    done = CliRunner().invoke(app, [*common, "--since", "2020-01"])
    assert "the logs begin in 2022-12, after --since 2020-01: every month from 2022-12 is rendered" in done.output
    assert "the logs begin" not in CliRunner().invoke(app, [*common, "--since", "2022-12"]).output
    assert [reports for _, reports, _ in asked] == [2, 2]
