"""Runs inside a kernel: what shows more than a page can hold is stopped in the very call that would show it.

The client counts too (:mod:`kernels`), but only what has arrived: by then a fast kernel holds a gigabyte of it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

#: As a line that IPython runs before the first cell and that leaves no name behind.
KERNEL_LINE = "__import__('aftershock.rendering.output_limit', fromlist=['limit']).limit(get_ipython(), {most});"


class TooMuchOutput(BaseException):
    """A notebook's cells show more than a page can hold; not an Exception, which a cell may catch."""


def limit(shell: Any, most: int) -> None:
    """Let the cells of this kernel show ``most`` characters, all together."""
    shown = 0

    def counted(size: int) -> None:
        nonlocal shown
        shown += size
        if shown > most and threading.current_thread() is threading.main_thread():  # not what reads a cell's output
            raise TooMuchOutput(message(most))

    def begin(*_: object) -> None:  # IPython puts its own write in place for the time of a cell
        for stream in (sys.stdout, sys.stderr):
            setattr(stream, "write", _checked(stream.write, counted))  # noqa: B010  # of this stream, not of its class

    shell.events.register("pre_run_cell", begin)
    shell.display_pub.publish = _checked(shell.display_pub.publish, counted)
    shell.displayhook.write_format_data = _checked(shell.displayhook.write_format_data, counted)


def message(most: int) -> str:
    return f"its cells showed more than {most >> 20} MB, more than a page can hold"


def size_of(content: object) -> int:
    """How many characters something shown holds, whatever it is made of."""
    if isinstance(content, Mapping):
        return sum(map(size_of, content.values()))
    if isinstance(content, list | tuple):
        return sum(map(size_of, content))
    return len(content) if isinstance(content, str | bytes) else 1


def _checked(show: Callable[..., Any], counted: Callable[[int], None]) -> Callable[..., Any]:
    """A function that counts what it is to show, before it does."""

    def checked(*others: Any, **named: Any) -> Any:
        counted(size_of([*others, *named.values()]))
        return show(*others, **named)

    return checked
