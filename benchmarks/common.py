"""What the benchmarks share: where real logs and generators are, work on all cores, and the page that holds what was measured."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
REAL = Path(os.environ.get("AFTERSHOCK_BENCHMARK", ROOT.parent / "shared" / "benchmark"))
PAGE = ROOT / "docs" / "accuracy.md"


def module_of(folder: Path, name: str) -> ModuleType:
    """A module of the benchmark's folder, run where it is; it may import others of the folder."""
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None and spec.loader is not None  # a .py file always has both
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where dataclasses look for it
    with mock.patch.object(sys, "path", [str(folder), *sys.path]):
        spec.loader.exec_module(module)
    return module


def in_processes(
    work: Mapping[str, tuple[Callable[[Any], Any], Iterable[Any]]], workers: int
) -> Iterator[tuple[str, list[Any]]]:
    """(name, results) of each function and its jobs, in order, as soon as all of its jobs are through; all run side by side."""
    for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(threads, "1")  # a process per core is faster than threads within one
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        running = {name: [pool.submit(measure, job) for job in jobs] for name, (measure, jobs) in work.items()}
        for name, jobs in running.items():
            yield name, [job.result() for job in jobs]


def write_page(blocks: Mapping[str, list[str]], page: Path = PAGE) -> None:
    """Put the lines of each block between its marks in docs/accuracy.md; blocks that were not measured stay."""
    text = page.read_text(encoding="utf-8")
    for name, lines in blocks.items():
        body = "\n".join(lines).strip("\n")
        marks = re.compile(rf"(<!-- measured: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if found := marks.search(text):
            text = f"{text[: found.end(1)]}```text\n{body}\n```\n{text[found.start(2) :]}"
    page.write_text(text, encoding="utf-8")
