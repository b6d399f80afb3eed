"""``aftershock suspects``: the ranking as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftershock.cli.options import Dataset, PriorsFile, priors_of
from aftershock.schema.errors import UsageError


def suspects(
    dataset: Dataset,
    output: Annotated[Path, typer.Option("--output", "-o", help="CSV to write; - for the terminal.")] = Path("-"),
    top: Annotated[int | None, typer.Option(min=1, help="Only the first N of each incident; default all.")] = None,
    blind: Annotated[bool, typer.Option("--blind", help="Ignore verdicts.")] = False,
    as_of: Annotated[
        str, typer.Option("--as-of", help="onset: read nothing that came after an incident's start.")
    ] = "now",
    priors: PriorsFile = "",
) -> None:
    """Write the ranked suspects of every incident as CSV; "none" stands for "no recorded change"."""
    if as_of not in ("now", "onset"):
        raise UsageError(f"--as-of {as_of!r}: expected now or onset")
    from aftershock import attribute, load
    from aftershock.cli.csv_output import suspects_csv
    from aftershock.cli.output_file import check_output, write_output

    check_output(output)
    found = attribute(load(dataset), blind=blind, as_of_onset=as_of == "onset", priors=priors_of(priors))
    write_output(output, suspects_csv(found, top))
