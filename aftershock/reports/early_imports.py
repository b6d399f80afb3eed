"""Imports what the notebooks need while a kernel has nothing else to do: an extension of IPython's, which ``scripts/lab`` gives to
its kernels. It takes two seconds, in which whoever opens a notebook reads it; a cell that is run meanwhile comes first.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from importlib import import_module

from tornado.ioloop import IOLoop

from aftershock.output.collector import collector_paused

MODULES = (
    "pandas",
    "scipy.sparse",
    "scipy.ndimage",
    "networkx",
    "ipywidgets",
    "itables.widget",
    "aftershock.figures",
    "aftershock.reports.explore",
    "aftershock.reports.explore_page",
)
"""One after the other, so that no cell waits for all of them."""
PAUSE = 0.02  # seconds between two, in which a cell may begin


def load_ipython_extension(_shell: object) -> None:
    """Begin once the kernel is ready."""
    _go_on(iter(MODULES))


def _go_on(modules: Iterator[str]) -> None:
    name = next(modules, None)
    if name is not None:
        IOLoop.current().call_later(PAUSE, _import, name, modules)


def _import(name: str, modules: Iterator[str]) -> None:
    with contextlib.suppress(Exception), collector_paused():  # the notebook imports it again, and says what is wrong
        import_module(name)
    _go_on(modules)
