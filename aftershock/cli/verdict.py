"""``aftershock verdict``: record what people decided set an incident off, or did not."""

from __future__ import annotations

from typing import Annotated

import typer

from aftershock.cli.options import Dataset
from aftershock.output.terminal import say

Incident = Annotated[str, typer.Argument(help="The incident's id.", show_default=False)]
Change = Annotated[
    str, typer.Argument(metavar="CHANGE|none", help="The change that set it off, or none.", show_default=False)
]
By = Annotated[str, typer.Option(help="The role in which it was decided; never a person's name.", show_default=False)]
Note = Annotated[str, typer.Option(help="Why, in a sentence or two.")]
Rejected = Annotated[bool, typer.Option("--rejected", help="The change did not set it off; what did stays open.")]


def verdict(
    dataset: Dataset, incident: Incident, change: Change, by: By, note: Note = "", rejected: Rejected = False
) -> None:
    """Record what people decided set an incident off; the next fit and report use it.

    A row is added to verdicts.csv in the dataset's folder. Nothing is replaced: the latest verdict counts, and the
    others stay as the history.
    """
    from aftershock import load
    from aftershock.model import verdicts

    found = load(dataset)
    recorded = verdicts.decide(found, incident, change, by=by, note=note, rejected=rejected)
    for remark in recorded.remarks:
        say(f"aftershock: {remark}", error=True)
    say(*verdicts.confirmation(found, recorded))
