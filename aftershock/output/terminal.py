"""Text for a terminal. What comes from a log must not colour it, retitle it, write to its clipboard or hide a line."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import sys
from collections.abc import Iterable

from aftershock.output.unseen_characters import without_unseen

# ECMA-48: control sequences (CSI), strings up to their end (OSC, DCS, SOS, PM, APC), two-character escapes; each in its
# seven-bit and its eight-bit form. A string that never ends takes the rest of its line.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)


def without_colours(text: str) -> str:
    """``text`` without the escape sequences that terminals obey."""
    return _SEQUENCE.sub("", text)


def plain(text: str) -> str:
    """``text`` without escape sequences, control characters (line feed and tab stay), bidirectional overrides and lone
    surrogates."""
    return without_unseen(without_colours(text.replace("\r\n", "\n")).replace("\r", ""))


def lines(texts: Iterable[str]) -> str:
    """Each text on a line of its own, whatever line breaks a log put into it."""
    return "\n".join(" ".join(plain(text).splitlines()) for text in texts)


class _Closed(io.TextIOBase):
    """Standard output that was closed before this program began."""

    def write(self, text: str) -> int:
        raise OSError(errno.EBADF, "it is closed", "standard output")


def make_usable() -> None:
    """Bring the standard streams into a state in which writing to them works or fails in words: a letter that they cannot
    hold is spelt out, and where one is closed, no file that is opened later gets its place."""
    with contextlib.suppress(OSError):
        while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:  # the lowest that is free
            continue
        os.close(descriptor)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.stdout = sys.stdout or _Closed()
    sys.stderr = sys.stderr or io.StringIO()  # which nobody reads


def say(*texts: str, error: bool = False) -> None:
    """Print each text on a line of its own: the one way in which commands speak, as some of it comes from logs."""
    print(lines(texts), file=sys.stderr if error else sys.stdout, flush=True)
