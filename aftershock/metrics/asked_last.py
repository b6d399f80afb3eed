"""What several numbers of one dataset need, made once for all of them."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

Made = TypeVar("Made")


def kept(make: Callable[..., Made]) -> Callable[..., Made]:
    """``make``, which is not called again while it is asked about the same objects (positional, and told apart by identity): its
    last answer is kept, which is not to be changed."""
    last: list[tuple[list[weakref.ref[Any]], Made]] = []  # none or one

    @functools.wraps(make)
    def made(*about: Any) -> Made:
        if not last or any(ref() is not one for ref, one in zip(last[0][0], about, strict=True)):
            last[:] = [([weakref.ref(one) for one in about], make(*about))]
        return last[0][1]

    return made
