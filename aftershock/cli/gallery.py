"""``aftershock gallery``: all figures on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aftershock.output.terminal import say


def gallery(
    output: Annotated[Path, typer.Option("--output", "-o", help="HTML file to write.")] = Path("gallery.html"),
) -> None:
    """Render every figure on the demo data, and without data, on one page."""
    from aftershock.cli.output_file import check_output
    from aftershock.rendering import gallery as page

    check_output(output)
    count = page.write(output)
    say(f"{count} figures, each with and without data: {output}")
