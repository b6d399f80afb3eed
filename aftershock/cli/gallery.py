"""``aftershock gallery``: all figures on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftershock.output.terminal import say
from aftershock.schema.errors import AftershockError


def gallery(
    output: Annotated[Path, typer.Option("--output", "-o", help="HTML file to write.")] = Path("gallery.html"),
) -> None:
    """Render every figure on the demo data, and without data, on one page."""
    from aftershock.rendering import gallery as page

    try:
        count = page.write(output)
    except OSError as error:
        raise AftershockError(
            f"cannot write {output}: {error.strerror}. Choose a file in a folder that you may write to."
        ) from error
    say(f"{count} figures, each with and without data: {output}")
