"""Where a command's output goes: into a file, or to the terminal."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from aftershock.output import files
from aftershock.output.terminal import plain

TERMINAL = Path("-")


def check_output(path: Path) -> None:
    """AftershockError where :func:`write_output` could not write, to be found before long work rather than after it."""
    try:
        if path.is_dir():
            raise OSError(errno.EISDIR, "it is a folder")
        if path != TERMINAL and path.is_file() | (not os.path.lexists(path)):
            files.check_writable(path.parent)
    except OSError as error:
        raise files.unwritable(path, error) from error


def write_output(path: Path, text: str) -> None:
    """Write a whole file or none; ``-`` writes to standard output, harmless where that is a terminal.

    Raises AftershockError when the file cannot be written.
    """
    if path == TERMINAL:
        sys.stdout.write(plain(text) if sys.stdout.isatty() else text)
        sys.stdout.flush()
        return
    try:
        files.write_whole(path, text)
    except OSError as error:
        raise files.unwritable(path, error) from error
