"""Aftershock: which change probably set each outage off, and how sure that is.

>>> import aftershock
>>> found = aftershock.attribute(aftershock.load("twitter-2023"))
>>> found.suspects("tw-2023-03-06")          # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aftershock.dataset.dataset import Dataset
    from aftershock.dataset.loading import load
    from aftershock.model.attribution import Attribution, attribute

__version__ = "0.1.0"
__all__ = ["Attribution", "Dataset", "attribute", "load"]

_LATE = {
    "Attribution": "aftershock.model.attribution",
    "attribute": "aftershock.model.attribution",
    "load": "aftershock.dataset.loading",
    "Dataset": "aftershock.dataset.dataset",
}


def __getattr__(name: str) -> object:
    # pandas and scipy take a second to load; `aftershock --version` should not wait for them.
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'aftershock' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__} - {"annotations", "TYPE_CHECKING"})  # what Tab offers
