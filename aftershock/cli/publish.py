"""``aftershock publish``: reports to where they will be read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftershock.output.terminal import say

Readers = Annotated[str, typer.Option(help="Who can read DIR: public, internal or private. Reports for fewer stop it.")]


def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to copy into, such as a web server's.")],
    source: Annotated[Path, typer.Option("--from", help="The folder of reports.")] = Path("reports"),
    audience: Readers = "internal",
    prune: Annotated[
        bool, typer.Option("--prune", help="Also remove reports that are not in --from, of datasets that are.")
    ] = False,
    base_url: Annotated[
        str, typer.Option(help="Address of DIR for the feed's links; kept until another is given.")
    ] = "",
) -> None:
    """Copy reports that changed, then write index, feed and links over all that is there."""
    from aftershock.rendering.site import publish as publishing

    done = publishing.publish(source, folder, audience=audience, prune=prune, base_url=base_url)
    say(
        *(f"copied {name}.html" for name in done.copied),
        *(f"removed {name}.html" for name in done.removed),
        *(f"left out {name}: its latest run failed, or its numbers cannot be read" for name in done.left_out),
        f"{len(done.copied)} copied, {done.same} unchanged"
        + (f", {len(done.removed)} removed" if prune else "")
        + f": {done.index}",
    )
