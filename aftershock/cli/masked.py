"""``aftershock masked``: what reports of a dataset hide, and where it stands in the logs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aftershock.cli.options import Audience, Dataset
from aftershock.output.terminal import say

if TYPE_CHECKING:
    import pandas as pd


def masked(
    dataset: Dataset,
    audience: Audience = "internal",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="JSON to write instead; - for the terminal. Keep it out of the reports."),
    ] = None,
) -> None:
    """Tell what the reports of a dataset hide from an audience and where it stands; never the hidden text itself."""
    from aftershock import load
    from aftershock.cli.exports import write_whole
    from aftershock.dataset.audience import for_audience, told

    found = for_audience(load(dataset), audience).masked
    if output is None:
        say(told(found) or "nothing is masked", *map(_line, found.itertuples()))
        return
    text = found.to_json(orient="records", indent=1, force_ascii=False) + "\n"
    if str(output) == "-":
        say(*text.splitlines())
    else:
        write_whole(output, text)


def _line(place: pd.Series) -> str:
    where = (
        f"{place.file}, line {place.line:.0f}" if place.line == place.line and place.line is not None else place.file
    )
    parts = [place.mask, place.table, str(where), place.id, place.field]
    rows = f" ({place.rows} rows)" if place.rows > 1 else ""
    return "  " + "  ".join(p for p in parts if p) + rows
