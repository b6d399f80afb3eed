"""``aftershock simulate``: logs with known causes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from aftershock.output.terminal import say


def simulate(
    folder: Annotated[Path, typer.Argument(help="A new folder for the dataset.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 20250,
    start: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="First day.")] = datetime(2025, 1, 1),
    months: Annotated[int, typer.Option(min=1)] = 12,
    services: Annotated[int, typer.Option(min=1)] = 40,
    changes: Annotated[int, typer.Option(min=0)] = 8000,
    background: Annotated[int, typer.Option(min=0, help="Incidents that no change sets off.")] = 70,
) -> None:
    """Write a made-up company's logs with known causes (in truth.csv), to try things on."""
    from aftershock import simulation

    fleet = simulation.Fleet(
        seed=seed,
        start=start.date(),
        months=months,
        services=services,
        changes=changes,
        background_incidents=background,
    )
    written = simulation.write(simulation.simulate(fleet), folder)
    say(f"{written}: simulated; aftershock suspects {written}")
