"""The process from which warm kernels are forked: it has imported what reports need and holds the datasets of a batch, fitted.

It runs one thread and no event loop, and has no sockets, so that a fork is whole: a child is as a kernel that was started
anew, but with its imports done. It does what :class:`aftershock.rendering.warm_kernels.WarmKernels` asks over one
connection. When that closes, because the batch ended or died, it kills its kernels, removes the batch's folder and ends;
when it dies itself, Linux kills its kernels.

    python -m aftershock.rendering.kernel_parent FILE_DESCRIPTOR FOLDER
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__" and sys.path[0] in ("", str(Path.cwd())):  # as ipykernel_launcher does
    del sys.path[0]

import builtins
import contextlib
import ctypes
import gc
import importlib
import pickle
import random
import shutil
import signal
from collections.abc import Iterator, Mapping
from multiprocessing.connection import Connection
from types import ModuleType, SimpleNamespace
from typing import Any

from aftershock.output import fast_imports  # noqa: F401  (before anything that imports nbformat)
from aftershock.output.collector import set_aside

_PR_SET_PDEATHSIG = 1  # prctl(2)
#: What a kernel of ours imports before its last cell: its own, reports', and what libraries put off until they need it; but not
#: plotly.io._renderers, which decides by its process how figures are shown.
_LATE = (
    *("ipykernel.kernelapp", "ipykernel.zmqshell", "tornado.platform.asyncio", "http.server", "sqlite3"),
    *(f"IPython.{name}" for name in ("core.completerlib", "core.debugger", "core.logger", "core.oinspect")),
    *("IPython.extensions.storemagic", "nbformat", "pandas.core.reshape.reshape", "pyarrow.acero", "scipy.optimize"),
    *("plotly.io._base_renderers", "plotly.io._kaleido"),
    *("scipy.stats", "aftershock.dataset.famous_outages", "aftershock.rendering.output_limit"),
    *(f"aftershock.reports.{name}" for name in ("explore", "log_quality", "model_check", "monthly_review")),
    *("aftershock.reports.postmortem", "aftershock.reports.systemic"),
)
_QUIET_THREADS = ("jemalloc_bg_thd",)  # pyarrow's, which a fork stops and starts again by itself


def main() -> None:
    connection, folder = Connection(int(sys.argv[1])), Path(sys.argv[2])
    warm_up()
    kernels: set[int] = set()
    with contextlib.suppress(EOFError, OSError):
        connection.send("ready")
        while True:
            _answer(connection, kernels)
    for pid in kernels:
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def warm_up() -> None:
    """Imports what a notebook of ours will."""
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]  # pandas asks whether this is a kernel
    with _without("debugpy"):  # nobody debugs a report, and importing it takes each kernel a tenth of a second
        importlib.import_module("ipykernel.debugger")
    for name in _LATE:
        importlib.import_module(name)

    from aftershock.figures import drawing, frame, theme

    sketch = drawing.Sketch()  # plotly loads and keeps what checks and shows a figure with the first
    drawing.note(sketch, "-", x=0, y=0)
    sketch.add_shape(type="line", x0=0, x1=1, y0=0, y1=1, line={"width": 1})
    sketch.add_scatter(
        x=[0], y=[0], marker={"size": [1], "line": {"width": 1}}, line={"width": 1}, textfont={"size": 9}
    )
    sketch.add_bar(x=[0], y=[0], marker={"color": theme.GREY}, error_x={"array": [1]})
    sketch.add_heatmap(x=[0], y=[0], z=[[0]])
    fig = frame.describe(frame.base(sketch, height=100, measure="-"), alt="-", caption="", columns=[], rows=[])
    fig.to_dict()
    del builtins.get_ipython  # type: ignore[attr-defined]
    _keep_pages_shared()


@contextlib.contextmanager
def _without(module: str) -> Iterator[None]:
    """Meanwhile a module cannot be imported."""
    sys.modules[module] = None  # type: ignore[assignment]  # as the import system has it
    try:
        yield
    finally:
        del sys.modules[module]


def _answer(connection: Connection, kernels: set[int]) -> None:
    """Does what is asked next; in a new kernel it does not return."""
    asked, *values = connection.recv()
    if asked == "fork":
        ended, *kernel = values
        for pid in ended:
            kernels.discard(pid)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        connection.send(_fork(connection, kernels, *kernel))
    else:
        _keep(asked, values)


def _keep(asked: str, values: list[Any]) -> None:
    from aftershock.dataset import famous_outages
    from aftershock.reports import prepared

    if asked == "drop":
        prepared.drop(*values)
    elif asked == "famous":
        famous_outages.remember(*values)
    else:
        dataset, fit, expect = values
        prepared.put(pickle.loads(dataset), fit=fit, expect=expect)
    _keep_pages_shared()


def _keep_pages_shared() -> None:
    """A search for garbage in a child would write to, and so copy, every page."""
    gc.collect()
    set_aside()


def _fork(connection: Connection, kernels: set[int], arguments: list[str], env: dict[str, str], cwd: str) -> int | None:
    """The process of a new kernel; None where a fork would not be whole."""
    if threads() > 1:
        return None
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _be_kernel(connection, parent, arguments, env, cwd)
    kernels.add(pid)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)  # both do, so that a group to kill is there at once
    return pid


def threads() -> int:
    """How many threads this process has, without those that a fork does not harm."""
    names = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # one that ends meanwhile is none
            names.append((task / "comm").read_text().strip())
    return sum(name not in _QUIET_THREADS for name in names)


def _be_kernel(connection: Connection, parent: int, arguments: list[str], env: dict[str, str], cwd: str) -> None:
    """Becomes what ``python -m ipykernel_launcher`` would have become, and ends as that does."""
    code = 1
    try:
        os.setpgid(0, 0)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            return
        connection.close()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.environ.clear()
        os.environ.update(env, JPY_PARENT_PID=str(parent))
        os.chdir(cwd)
        _seed_anew()
        sys.argv = [
            "ipykernel_launcher",
            *arguments,
            f"--IPKernelApp.parent_handle={parent}",
        ]  # read at import otherwise
        from ipykernel import ipkernel
        from ipykernel.kernelapp import launch_new_instance

        ipkernel.sys = _SysForKernels()
        launch_new_instance()
        code = 0
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


class _SysForKernels:
    """``sys`` without modules: a kernel lists the file of each for a debugger that it does not have, and that writes to, and so
    copies, a page per module."""

    modules: Mapping[str, ModuleType] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


def _seed_anew() -> None:
    """Kernels of one parent must not draw the same numbers where nobody named a seed."""
    import numpy as np

    random.seed()
    np.random.seed()


if __name__ == "__main__":
    main()
