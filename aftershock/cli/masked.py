"""``aftershock masked``: what reports of a dataset hide, and where it is in the logs."""

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
    """Show what the reports of a dataset hide from an audience and where it is; never the hidden text itself."""
    from aftershock import load
    from aftershock.cli.output_file import check_output, write_output
    from aftershock.dataset.audience import for_audience, masked_in_words
    from aftershock.output.json_values import json_rows, json_text

    if output is not None:
        check_output(output)
    found = for_audience(load(dataset), audience).masked
    if output is None:
        places = found.itertuples() if found is not None else ()
        say(masked_in_words(found) or "nothing is masked", *map(_line, places))
    else:
        write_output(output, json_text(json_rows(found)))


def _line(place: pd.Series) -> str:
    from aftershock.dataset.record_account import place_of

    parts = [place.mask, place.table, place_of(place), place.id, place.field]
    rows = f" ({place.rows} rows)" if place.rows > 1 else ""
    return "  " + "  ".join(p for p in parts if p) + rows
