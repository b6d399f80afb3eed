"""Where a command's output goes: into a file, or to the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from aftershock.output import files
from aftershock.output.terminal import plain
from aftershock.schema.errors import AftershockError

TERMINAL = Path("-")


def write_output(path: Path, text: str) -> None:
    """Write a whole file or none; ``-`` writes to standard output, harmless where that is a terminal.

    Raises AftershockError when the file cannot be written.
    """
    if path == TERMINAL:
        sys.stdout.write(plain(text) if sys.stdout.isatty() else text)
        return
    try:
        files.write_whole(path, text)
    except OSError as error:
        raise AftershockError(
            f"cannot write {path}: {error.strerror}. Choose a folder that you may write to."
        ) from error
