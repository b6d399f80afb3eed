"""``aftershock verdicts``: list what people decided."""

from __future__ import annotations

import typer

from aftershock.commands.options import Dataset


def verdicts(dataset: Dataset) -> None:
    """List every verdict of a dataset, and which of them count."""
    from aftershock import load
    from aftershock.terminal import lines
    from aftershock.verdicts import listing

    typer.echo(lines(listing(load(dataset)).text.splitlines()))
