"""Renders many reports on the workers of a dask.distributed cluster, in the way :mod:`aftershock.rendering.batch` does here.

Reports are independent, so a task is a run of them: a worker renders it into a folder of its own and hands back what was
written, and only this process writes into the output folder. A worker that dies loses its tasks to the others. Workers need
the same version of the package, and the datasets under the same paths.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aftershock.dataset.dataset import Dataset
from aftershock.dataset.shipped import shipped_folder
from aftershock.output import files
from aftershock.rendering import batch, exporter, manifest
from aftershock.rendering.job import Job, Result
from aftershock.schema.errors import AftershockError, UsageError

CHUNK = 8  # reports a task: each task fits the model once, and what a dying worker loses is done again; a judgement
PATIENCE = 30.0  # seconds without any worker until the run stops: a judgement, longer than a worker takes to start anew
ANSWER = 10  # seconds in which a scheduler answers: a judgement
LOOK = 2.0  # seconds between two looks at whether there are workers: a judgement
SCHEMES = ("tcp", "tls", "ws", "wss")  # of dask's addresses


def address_of(executor: str) -> str:
    """The scheduler's address in ``dask://host:port``; UsageError where it is none."""
    scheme, _, place = executor.partition("://")
    host, _, port = place.rpartition(":")
    transport = scheme.removeprefix("dask").removeprefix("+") or "tcp"
    if not scheme.startswith("dask") or transport not in SCHEMES or not host or not port.isdigit():
        raise UsageError(
            f"--executor is {executor!r}; expected dask://HOST:PORT, as dask://scheduler.example:8786, or dask+tls://HOST:PORT"
        )
    return f"{transport}://{place}"


def render(
    jobs: Sequence[Job],
    output: Path,
    executor: str,
    *,
    progress: Callable[[Result], None] | None = None,
    chunk: int = CHUNK,
) -> list[Result]:
    """Renders all jobs on the cluster and writes them into ``output``; the results in the jobs' order.

    ``executor``: ``dask://host:port``; ``progress`` is called in this thread after each job; ``chunk``: reports a task. As
    with :func:`batch.render`, a page and its numbers are both written or neither, and a report that fails leaves its older
    version. UsageError where no scheduler or worker is there, AftershockError where another version runs there or all
    workers are gone.
    """
    batch.check(jobs, output)
    results: dict[int, Result] = {}
    with _connected(address_of(executor)) as client:
        tasks = _submitted(client, jobs, output, chunk)
        for task in _ended(client, set(tasks)):
            start = tasks.pop(task)
            for number, result in enumerate(_taken_in(task, jobs[start : start + chunk], output), start):
                results[number] = result
                if progress:
                    progress(result)
    return [results[number] for number in range(len(jobs))]


@dataclass(frozen=True)
class _Fixed:
    """What must be the same everywhere: the fingerprint of the package, and the time of rendering where that is given."""

    package: str
    time: str | None


@dataclass(frozen=True)
class _Done:
    """What a worker made of one job: ``files``: name in the target's folder → content."""

    ok: bool
    seconds: float
    error: str
    warnings: list[str]
    files: dict[str, bytes]


def _submitted(client: Any, jobs: Sequence[Job], output: Path, chunk: int) -> dict[Any, int]:
    """Each task, and the number of its first job."""
    tasks, fixed = {}, _Fixed(manifest.package(), os.environ.get(exporter.FIXED_TIME))
    # Tasks of their own: dask makes them again where the workers that held them died, which it does not for scattered data.
    datasets = {id(d): client.submit(_received, d, pure=False) for d in _datasets(jobs)}
    for start in range(0, len(jobs), chunk):
        own = jobs[start : start + chunk]
        sent = [(dataclasses.replace(job, dataset=None), (output / job.target).is_file()) for job in own]
        held = [datasets.get(id(job.dataset)) for job in own]
        tasks[client.submit(_render_there, sent, held, fixed, pure=False)] = start
    return tasks


def _received(dataset: Dataset) -> Dataset:
    return dataset


def _datasets(jobs: Sequence[Job]) -> list[Dataset]:
    """Each once: it is sent to the workers once and not with each task."""
    return [*{id(job.dataset): job.dataset for job in jobs if job.dataset is not None}.values()]


def _render_there(jobs: list[tuple[Job, bool]], datasets: list[Dataset | None], fixed: _Fixed) -> list[_Done]:
    """What a worker does. ``jobs``: each with whether an older version of its page exists; ``datasets``: theirs."""
    if manifest.package() != fixed.package:
        raise AftershockError("the worker has another version of the package; install the same one everywhere")
    with files.temporary_folder("dask") as output:  # of a worker that is killed, the next one removes it
        own = []
        for (job, has_older), dataset in zip(jobs, datasets, strict=True):
            is_here = job.notebook.is_file()  # where the package is installed elsewhere, its own copy
            notebook = job.notebook if is_here else shipped_folder("notebooks") / job.notebook.name
            own.append(dataclasses.replace(job, notebook=notebook, dataset=dataset))
            if has_older:  # so that the page of a failure can say so
                target = files.inside(output, job.target)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.touch()
        with exporter.fixed_time(fixed.time):
            return [_done(result, output) for result in batch.render(own, output, workers=1)]


def _done(result: Result, output: Path) -> _Done:
    page = output / result.job.target
    written = (page, page.with_suffix(".json")) if result.ok else (batch.error_page(page),)
    content = {path.name: path.read_bytes() for path in written if path.is_file()}
    return _Done(result.ok, result.seconds, result.error, result.warnings, content)


def _taken_in(task: Any, jobs: Sequence[Job], output: Path) -> Iterator[Result]:
    """Writes what a worker handed back. A task that failed as a whole failed for each of its jobs."""
    from distributed.scheduler import KilledWorker

    try:
        found: list[_Done] = task.result()
    except AftershockError:
        raise
    except KilledWorker:
        message = "each worker that was to render it died; its log says of what"
        yield from (Result(job, False, 0.0, error=message) for job in jobs)
        return
    except Exception as error:  # of whatever kind: pickling, memory, a worker's disk
        yield from (Result(job, False, 0.0, error=f"{type(error).__name__}: {error}") for job in jobs)
        return
    for job, done in zip(jobs, found, strict=True):
        yield _written(job, done, output)


def _written(job: Job, done: _Done, output: Path) -> Result:
    path = files.inside(output, job.target)
    try:
        files.write_together({path.parent / name: content for name, content in done.files.items()})
        if done.ok:
            batch.error_page(path).unlink(missing_ok=True)
    except OSError as error:
        return Result(job, False, done.seconds, error=f"{path} cannot be written: {error.strerror}")
    return Result(job, done.ok, done.seconds, done.error, done.warnings)


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """A client of the cluster, which has at least one worker; without this run's tasks when it ends."""
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "--executor needs dask.distributed, which is an optional part: pip install 'aftershock[dask]'"
        ) from None
    try:
        client = Client(address, timeout=ANSWER)
    except (OSError, ValueError) as error:
        raise UsageError(f"no dask scheduler answers at {address}: {error}. Start one there: dask scheduler") from None
    try:
        if not _workers(client):
            raise UsageError(f"the dask scheduler at {address} has no workers. Start one there: dask worker {address}")
        yield client
    finally:
        client.close()  # which lets go of what it waits for, and so cancels it


def _workers(client: Any) -> int:
    return len(client.scheduler_info(n_workers=-1)["workers"])


def _ended(client: Any, tasks: set[Any]) -> Iterator[Any]:
    """The tasks as they end. AftershockError where the scheduler is gone, or all workers are for a while."""
    from distributed import CancelledError, wait

    alone = 0.0
    while tasks:
        try:
            done = wait(tasks, timeout=LOOK, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            done = set()
        except CancelledError:
            raise AftershockError("the dask scheduler is gone; run it again: what is rendered stays") from None
        tasks -= done
        yield from done
        alone = 0.0 if done or _workers(client) else alone + LOOK
        if alone > PATIENCE:
            raise AftershockError("the dask scheduler has no workers any more; run it again: what is rendered stays")
