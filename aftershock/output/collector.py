"""Python's search for cyclic garbage waits while many objects are made that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_has_set_aside = False  # gc.get_freeze_count() would count a million objects one by one


def set_aside() -> None:
    """What there is now is never searched again."""
    global _has_set_aside
    gc.freeze()
    _has_set_aside = True


@contextmanager
def collector_paused() -> Iterator[None]:
    """The search for cyclic garbage, which a million new lists would set off again and again, waits; what was made
    meanwhile counts as old, so that it is not searched at once."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not _has_set_aside:
                gc.freeze()
                gc.unfreeze()
            gc.enable()
