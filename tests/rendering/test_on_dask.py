"""Reports on a local dask cluster: the same files as here, also where a worker is killed, and errors that say what to do."""

from __future__ import annotations

import dataclasses
import os
import signal
from pathlib import Path

import pytest
from distributed import LocalCluster

from aftershock import load
from aftershock.rendering import batch, manifest, on_dask
from aftershock.rendering.job import Job, ReportPage
from aftershock.schema.errors import AftershockError, UsageError

KILLED = "killed"  # a file that is there once a worker was killed


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as made:
        yield made


@pytest.fixture
def planned(write, write_notebook, monkeypatch, tmp_path):
    """One is soon done, the other when a worker was killed; the dataset goes with them, which they do not look at."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    waits = f"import pathlib, time\nfor _ in range(600):\n    if pathlib.Path({str(tmp_path / KILLED)!r}).exists():\n        break\n    time.sleep(0.1)\n4"
    soon, later = (write_notebook(f"{name}.ipynb", source) for name, source in (("soon", "0"), ("later", waits)))
    dataset = load(write())
    return [dataclasses.replace(job(notebook), dataset=dataset) for notebook in (soon, later)]


def job(notebook: Path) -> Job:
    name = notebook.stem
    return Job("toy", "month", name, name, notebook, {}, Path("toy") / f"{name}.html", ReportPage(title=name))


def executor(cluster: LocalCluster) -> str:
    return cluster.scheduler_address.replace("tcp://", "dask://")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.suffix in (".html", ".json")}


@pytest.fixture
def kill_one(cluster, tmp_path):
    """What kills the first worker that is seen at work; it has the numbers of those that were killed."""

    def kill(_: batch.Result) -> None:
        at_work = {address for address, worker in cluster.scheduler.workers.items() if worker.processing}
        nannies = [nanny for nanny in cluster.workers.values() if nanny.worker_address in at_work]
        if nannies and not kill.killed:
            kill.killed.append(nannies[0].pid)
            os.kill(kill.killed[0], signal.SIGKILL)
            (tmp_path / KILLED).touch()

    kill.killed = []
    return kill


def test_the_files_are_those_of_a_run_here_though_a_worker_is_killed(planned, cluster, kill_one, tmp_path):
    results = on_dask.render(planned, tmp_path / "there", executor(cluster), progress=kill_one, chunk=1)
    assert len(kill_one.killed) == 1, "a worker was at work"
    assert [(r.job.identifier, r.error) for r in results] == [(job.identifier, "") for job in planned]
    batch.render(planned[:1], tmp_path / "here")
    here = contents(tmp_path / "here")
    assert here.items() <= contents(tmp_path / "there").items()
    assert len(here) == 2


def test_a_report_that_dask_gives_up_is_one_failure(planned, cluster, kill_one, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    soon, later = on_dask.render(planned, tmp_path, executor(cluster), progress=kill_one, chunk=1)
    assert soon.ok and len(kill_one.killed) == 1
    assert later.error == "each worker that was to render it died; its log says of what"
    assert sorted(contents(tmp_path)) == ["toy/soon.html", "toy/soon.json"]


def test_a_report_that_fails_leaves_its_older_version(write_notebook, cluster, tmp_path):
    bad = job(write_notebook("bad.ipynb", "raise ValueError('no i9')"))
    page = tmp_path / bad.target
    page.parent.mkdir(parents=True)
    page.write_text("older")
    (result,) = on_dask.render([bad], tmp_path, executor(cluster))
    assert not result.ok and "i9" in result.error
    assert page.read_text() == "older"
    assert page.name in batch.error_page(page).read_text(), "which its error page names"


def test_workers_of_another_version_are_refused(planned, cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "package", lambda: "another")
    with pytest.raises(AftershockError, match="another version of the package"):
        on_dask.render(planned[:1], tmp_path, executor(cluster))
    assert contents(tmp_path) == {}


@pytest.mark.parametrize(
    "given", ["dask://", "dask://host", "http://host:1", "dask://host:port", "host:8786", "dask+x://h:1"]
)
def test_what_is_no_address_is_refused(given):
    with pytest.raises(UsageError, match="expected dask://HOST:PORT"):
        on_dask.address_of(given)


def test_addresses():
    assert on_dask.address_of("dask://host:8786") == "tcp://host:8786"
    assert on_dask.address_of("dask+tls://10.0.0.7:1") == "tls://10.0.0.7:1"


def test_without_scheduler_or_workers_it_says_what_to_start(planned, tmp_path, monkeypatch):
    monkeypatch.setattr(on_dask, "ANSWER", 0.5)
    with pytest.raises(UsageError, match="Start one there: dask scheduler"):
        on_dask.render(planned, tmp_path, "dask://127.0.0.1:9")
    with LocalCluster(n_workers=0, dashboard_address=":0") as empty, pytest.raises(UsageError, match="no workers"):
        on_dask.render(planned, tmp_path, executor(empty))


def test_a_run_ends_when_all_workers_are_gone(planned, tmp_path, monkeypatch):
    monkeypatch.setattr(on_dask, "LOOK", 0.1)
    monkeypatch.setattr(on_dask, "PATIENCE", 0.3)
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as cluster:
        submitted = on_dask._submitted

        def then_gone(*given: object) -> dict:
            tasks = submitted(*given)
            cluster.scale(0)
            return tasks

        monkeypatch.setattr(on_dask, "_submitted", then_gone)
        with pytest.raises(AftershockError, match="no workers any more"):
            on_dask.render(planned, tmp_path, executor(cluster))
