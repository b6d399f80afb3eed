"""Aftershock: which change probably set each outage off, and how sure that is.

>>> import aftershock
>>> found = aftershock.attribute(aftershock.load("twitter-2023"))
>>> found.suspects("tw-2023-03-06")          # doctest: +SKIP
"""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["Dataset", "attribute", "load"]

_LATE = {
    "attribute": "aftershock.model.attribution",
    "load": "aftershock.dataset.loading",
    "Dataset": "aftershock.dataset.dataset",
}


def __getattr__(name: str):
    # pandas and scipy take a second to load; `aftershock --version` should not wait for them.
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'aftershock' has no attribute {name!r}")
