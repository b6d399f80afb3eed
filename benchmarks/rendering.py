"""What rendering costs next to `papermill` and `jupyter nbconvert`, run one after another, and to the computation alone.

    python benchmarks/rendering.py [--reports 60] [--loop 3] [--workers N] [--write]

All in one run, over the first postmortems of the demo data, in this order: the computation alone (each notebook's cells and
its page in this process, with the dataset read and fitted before); `aftershock report incident` from nothing, with what it
keeps between runs in place; the same again without a change; and the two commands in a loop, as many as --loop says.
Compared are wall-clock and CPU seconds per report, with children, as ratios: seconds are those of the machine, and on one
that has other work only the ratios of CPU time mean something. --write puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from IPython.core.formatters import DisplayFormatter

from aftershock.output import fast_imports  # isort: skip  (before anything that imports nbformat)

import nbformat
from common import ROOT, write_page
from nbformat.v4 import new_output

from aftershock.output import blocks
from aftershock.rendering import exporter, jobs
from aftershock.rendering.job import Job
from aftershock.rendering.notebook_cells import for_report
from aftershock.reports import prepared

__all__ = ["fast_imports"]

DATASET = "demo"
PAGE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True)
class Cost:
    """Seconds per report."""

    wall: float
    cpu: float


def measured(work: Callable[[], object], reports: int) -> Cost:
    def cpu() -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(u.ru_utime + u.ru_stime for u in used)

    wall, before = time.monotonic(), cpu()
    work()
    return Cost((time.monotonic() - wall) / reports, (cpu() - before) / reports)


FORMATTER = DisplayFormatter()  # the kernel's own


def compute(job: Job) -> None:
    """Runs the cells of a job's notebook here, turns what they show into what a kernel would send, and that into the page."""
    names: dict[str, object] = {}
    notebook = for_report(nbformat.read(job.notebook, as_version=4))
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        body = ast.parse(cell.source)
        last = body.body.pop() if body.body and isinstance(body.body[-1], ast.Expr) else None
        exec(compile(body, "cell", "exec"), names)
        if "parameters" in cell.metadata.get("tags", []):
            names |= job.parameters
        if isinstance(last, ast.Expr):
            data, metadata = FORMATTER.format(eval(compile(ast.Expression(last.value), "cell", "eval"), names))
            cell.outputs = [new_output("execute_result", json.loads(json.dumps(data)), metadata=metadata)]
    exporter.export(notebook, job.page)


def command(*arguments: str, env: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)}: {done.stderr}")


def loop(planned: list[Job], folder: Path, env: dict[str, str]) -> None:
    """The two commands for each report, as people run them."""
    for number, job in enumerate(planned):
        notebook = str(folder / f"{number}.ipynb")
        values = [part for name, value in job.parameters.items() for part in ("-r", name, str(value))]
        command("papermill", str(job.notebook), notebook, *values, "--no-progress-bar", env=env)
        command("jupyter", "nbconvert", "--to", "html", notebook, env=env)


def measure_all(reports: int, looped: int, workers: int | None, folder: Path) -> dict[str, Cost]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    planned = [job for job in jobs.everything(DATASET) if job.kind == "incident"][:reports]
    dataset = planned[0].dataset
    if dataset is None:
        sys.exit("the jobs hold no dataset")
    os.environ[blocks.PAGE] = "1"  # what a page needs of a figure, no more
    prepared.put(dataset)
    compute(planned[0])  # what is imported late is no part of the computation
    ids, more = [job.identifier for job in planned], [] if workers is None else ["--workers", str(workers)]
    ours = ("aftershock", "report", "incident", DATASET, *ids, "--output", str(folder / "out"), *more)
    return {
        "computation alone": measured(lambda: [compute(job) for job in planned], len(planned)),
        "aftershock": measured(lambda: command(*ours, env=env), len(planned)),
        "aftershock again": measured(lambda: command(*ours, env=env), len(planned)),
        "papermill + nbconvert": measured(lambda: loop(planned[:looped], folder, env), looped),
    }


def table(found: dict[str, Cost], reports: int, looped: int) -> list[str]:
    ours = found["aftershock"]
    base, others = found["computation alone"], found["papermill + nbconvert"]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, {cores} cores{load}, Python "
        f"{platform.python_version()}; {reports} postmortems of {DATASET}, {looped} by the two commands",
        "",
        f"{'seconds per report':24s} {'wall':>7s} {'CPU':>7s}",
    ]
    lines += [f"{name:24s} {cost.wall:7.2f} {cost.cpu:7.2f}" for name, cost in found.items()]
    return [
        *lines,
        "",
        f"the two commands take {others.wall / ours.wall:.1f} times as long ({others.cpu / ours.cpu:.1f} times the CPU)",
        f"the computation alone, in one process: {ours.wall / base.wall:.1f} times as long "
        f"({ours.cpu / base.cpu:.1f} times the CPU)",
        f"the same spread over {cores} cores: {ours.wall / (base.wall / (cores or 1)):.1f} times as long",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reports", type=int, default=60)
    parser.add_argument("--loop", type=int, default=3)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure_all(given.reports, given.loop, given.workers, Path(folder))
    lines = table(found, given.reports, given.loop)
    print("\n".join(lines))
    if given.write:
        write_page({"rendering": lines}, PAGE)


if __name__ == "__main__":
    main()
