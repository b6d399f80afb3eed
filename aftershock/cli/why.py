"""``aftershock why``: one suspect explained."""

from __future__ import annotations

from typing import Annotated

import typer

from aftershock.output.terminal import say


def why(
    incident: Annotated[str, typer.Argument(help="An incident's id.")],
    change: Annotated[str, typer.Argument(help="A change's id, or none.")],
    dataset: Annotated[
        str,
        typer.Option(
            "--dataset",
            "-d",
            help="A dataset folder; default this folder, else the shipped dataset that has the incident.",
        ),
    ] = "",
) -> None:
    """Show why a change is, or is not, a suspect of an incident."""
    from aftershock import attribute
    from aftershock.dataset.loading import dataset_with_incident
    from aftershock.reports.why import why as explain

    say(*explain(attribute(dataset_with_incident(incident, dataset)), incident, change))
