"""``aftershock verdicts``: list what people decided."""

from __future__ import annotations

from aftershock.cli.options import Dataset
from aftershock.output.terminal import say


def verdicts(dataset: Dataset) -> None:
    """List every verdict of a dataset, and which of them count."""
    from aftershock import load
    from aftershock.model.verdicts import verdicts_table

    say(*verdicts_table(load(dataset)).text.splitlines())
