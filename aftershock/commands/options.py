"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Dataset = Annotated[str, typer.Argument(help="A dataset folder, or the name of one that ships.", show_default=False)]
Output = Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Reports at a time; default one more than there are cores.")]
