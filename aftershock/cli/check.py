"""``aftershock check``: what was read of a dataset, its flaws, and how much they matter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftershock.cli.options import Dataset
from aftershock.output.terminal import say

Json = Annotated[
    Path | None, typer.Option("--json", help="File for the findings as JSON, - for the terminal.", show_default=False)
]


def check(
    dataset: Dataset,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when any row was rejected.")] = False,
    json: Json = None,
) -> None:
    """Show what was read of a dataset, what is wrong with it, how to fix it, and how far each flaw shifts the answers.

    Findings do not change the exit code: a log that can be read exits with 0.
    """
    from aftershock import load
    from aftershock.cli.account import counted, listed_problems
    from aftershock.cli.output_file import TERMINAL, check_output, write_output
    from aftershock.quality import examine
    from aftershock.quality.as_text import as_json, as_lines

    if json is not None:
        check_output(json)
    found = load(dataset)
    quality = examine(found)
    if json is not None:
        write_output(json, as_json(quality))
    if json != TERMINAL:
        problems = listed_problems(found)
        say(*counted(found), *as_lines(quality), *(["", *problems] if problems else []))
    if strict and len(found.rejected):
        raise typer.Exit(1)
