"""Files that others wrote, opened so that neither a pipe nor a link in a circle can hold a reader up."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path


def resolved(path: Path) -> Path:
    """Where a path leads, links followed as far as they go. Unlike ``Path.resolve`` it takes links that go in circles,
    which then exist for nobody."""
    return Path(os.path.realpath(path))


def read_regular(path: Path, most: int) -> bytes:
    """At most ``most`` bytes from the beginning of a file. OSError for a pipe, a socket or a device, of which reading
    might never end, as for a file that cannot be read."""
    with open_regular(path) as file:
        return file.read(most)


def open_regular(path: Path) -> io.BufferedReader:
    """A regular file opened to be read; OSError as of :func:`read_regular`."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "neither a file nor a link to one (a pipe, a device or a folder)")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise
