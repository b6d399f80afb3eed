"""What the batch says while it works: a bar on a terminal, a plain line per report in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aftershock.output.terminal import plain
from aftershock.rendering.job import Result


@contextmanager
def reporter(total: int) -> Iterator[Callable[[Result], None]]:
    """A function to call with each result; failures are printed in full either way, on standard error."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        done = 0

        def line(result: Result) -> None:
            nonlocal done
            done += 1
            print(f"[{done}/{total}] {_line(result)}", file=sys.stderr, flush=True)

        yield line
        return
    columns = (
        TextColumn("rendering"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total)

        def advance(result: Result) -> None:
            bar.update(task, advance=1, description=plain(result.job.identifier))
            if not result.ok:
                bar.console.print(_line(result), markup=False)

        yield advance


def _line(result: Result) -> str:
    name = f"{plain(result.job.dataset_key)}/{plain(result.job.identifier)}".replace("\n", " ")
    lines = [f"{'rendered' if result.ok else 'FAILED'} {name} in {result.seconds:.1f} s"]
    if not result.ok:
        lines += [f"    {text}" for text in plain(result.error).splitlines()]
    return "\n".join(lines + [f"    warning: {plain(text)}" for text in result.warnings])
