"""Runs a notebook with papermill, in a kernel of its own, next to others that run at the same time.

Differences to ``papermill.execute_notebook`` as it comes: sockets in a folder of the run instead of TCP ports (which
kernels that start together race for, and which others on the machine can reach), the interpreter that runs this code as
kernel, a time limit for the whole notebook, no file rewritten after every cell, nothing left behind in the working
directory, and ``sys.exit()`` is a failure.
"""

from __future__ import annotations

import ast
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aftershock.output import fast_imports  # isort: skip  (before anything that imports nbformat)

import nbformat
import papermill
from ipykernel.kernelspec import make_ipkernel_cmd
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import ERROR_MARKER_TAG
from traitlets import DottedObjectName, Type
from traitlets.config import Config

import aftershock
from aftershock.output import files
from aftershock.output.blocks import PAGE
from aftershock.output.terminal import without_colours
from aftershock.rendering import notebook_cells, output_limit, warm_kernels
from aftershock.rendering.warm_kernels import Warmth
from aftershock.reports import prepared_file
from aftershock.schema.errors import AftershockError, InputError, UsageError, nearest

MOST_OUTPUT = (
    64 * 2**20
)  # bytes that a notebook's cells may show, all together: a judgement, a page has about one million
ROOM = 2**20  # bytes more that the client lets pass, as the kernel's own count stops the cell and says which
DEFAULT_TIMEOUT = 900.0  # seconds for a whole notebook: a judgement, long enough for slow machines
SILENCE = (
    0.02  # seconds without a message, after which a kernel that has answered is ready; on one machine they take no time
)
DEAD = "DeadKernel"
_ENGINE = "aftershock"
# One thread per kernel: a batch runs one kernel per core already, and BLAS threads would fight for the same cores.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
# A socket's path may have 107 characters (103 on macOS).
_LONGEST_FOLDER = 50


class CellFailed(AftershockError):
    """A cell raised, ran too long or lost its kernel.

    ``cell_number`` counts code cells from 1 as JupyterLab numbers them; ``name`` is the exception's class,
    ``notebook`` the notebook with everything that ran before.
    """

    def __init__(
        self, *, cell_number: int, source: str, name: str, message: str, traceback: str, notebook: NotebookNode
    ):
        super().__init__(f"code cell {cell_number} failed: {name}: {message}".rstrip(": "))
        self.cell_number = cell_number
        self.source = source
        self.name = name
        self.message = message
        self.traceback = traceback
        self.notebook = notebook


class Cancelled(AftershockError):
    """A run was stopped by its :class:`CancelToken`."""


class CancelToken:
    """Stops all runs that were given it: their kernels are killed, and no new one starts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._managers: list[AsyncKernelManager] = []
        self.is_cancelled = False

    @contextlib.contextmanager
    def watching(self, manager: AsyncKernelManager) -> Iterator[None]:
        with self._lock:
            self._managers.append(manager)
        try:
            yield
        finally:
            with self._lock:
                self._managers.remove(manager)

    def raise_if_cancelled(self, cell: NotebookNode | None = None, cell_index: int = 0) -> None:
        """Raises when cancelled; with the signature of nbclient's hooks."""
        if self.is_cancelled:
            raise Cancelled("stopped before it was finished")

    def cancel(self) -> None:
        with self._lock:
            self.is_cancelled = True
            for manager in self._managers:
                _kill(manager)


def _kill(manager: AsyncKernelManager) -> None:
    pid = getattr(manager.provisioner, "pid", None)
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(os.getpgid(pid), signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGTERM)


class _Output(AsyncZMQSocketChannel):
    """A kernel counts as ready once it has been silent for a while, two tenths of a second: a fifth of a report's time. Whatever
    comes later is told from the cells' own by its parent."""

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]
        return await super().get_msg(None if timeout is None else min(timeout, SILENCE))


class Client(AsyncKernelClient):
    """Public as jupyter_client takes it by its name."""

    iopub_channel_class = Type(_Output)


class _OwnInterpreter(AsyncKernelManager):
    """Starts the interpreter that runs this code, whatever kernels the user has registered under the same name."""

    client_class = DottedObjectName(f"{__name__}.Client")
    client_factory = Type(Client)
    warmth: Warmth | None = None
    prepared: Path | None = None

    @property
    def kernel_spec(self) -> KernelSpec:
        lines = [fast_imports.KERNEL_LINE, output_limit.KERNEL_LINE.format(most=MOST_OUTPUT)]
        if self.prepared:
            lines.append(prepared_file.KERNEL_LINE.format(path=str(self.prepared)))
        argv = make_ipkernel_cmd(extra_arguments=[f"--IPKernelApp.exec_lines={line}" for line in lines])
        by = {"kernel_provisioner": {"provisioner_name": warm_kernels.PROVISIONER}} if self.warmth else {}
        return KernelSpec(argv=argv, display_name="Python", language="python", metadata=by)


class _Client(PapermillNotebookClient):
    """papermill's client, which kills a kernel that shows more than a page could ever hold, while it does so."""

    def __init__(self, nb_man: Any, run: _Run, **options: Any):
        super().__init__(nb_man, **options)
        self._run, self._shown = run, 0

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        self._shown += output_limit.size_of(msg["content"])
        if self._shown > MOST_OUTPUT + ROOM:
            self._run.shows_too_much = True
            _kill(self._run.manager)
            return None
        return super().process_message(msg, cell, cell_index)


class _Engine(NBClientEngine):
    """papermill's engine with a kernel manager, environment and time limit of ours; keeps hold of the notebook."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, run: _Run, **_: Any) -> NotebookNode:
        run.notebook = nb_man.nb
        client = _Client(
            nb_man,
            run,
            km=run.manager,
            kernel_name=kernel_name,
            timeout_func=run.seconds_left,
            startup_timeout=120,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(run.cwd)}},
            # A kernel that was still starting when the run was cancelled had no process to kill yet.
            on_cell_start=run.cancel_token.raise_if_cancelled,
        )
        client.owns_km = True  # so that it shuts the kernel down
        with run.cancel_token.watching(run.manager):
            nowhere = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)  # the terminal is not for cells
            done = client.execute(env=run.environment(), **nowhere)
        nb_man.nb = new_notebook(
            metadata=done.metadata
        )  # papermill turns it into JSON, which nobody reads: a tenth of its time
        return done


papermill_engines.register(_ENGINE, _Engine)
warm_kernels.register()


class _Run:
    """What one execution needs; lives as long as its temporary folder."""

    def __init__(
        self,
        notebook: NotebookNode,
        folder: Path,
        cwd: Path,
        timeout: float,
        cancel_token: CancelToken,
        warmth: Warmth | None,
        prepared: Path | None,
    ):
        self.cwd = cwd
        self.cancel_token = cancel_token
        self.timeout = timeout
        self.shows_too_much = False
        self.notebook = notebook
        self._deadline = time.monotonic() + timeout
        self._folder = folder
        self.manager = _OwnInterpreter(kernel_name="python3", config=self._config())
        self.manager.warmth, self.manager.prepared = warmth, prepared

    def _config(self) -> Config:
        connection = {"connection_file": str(self._folder / "kernel.json")}
        if sys.platform != "win32":
            # Without an address of its own, every kernel would use "kernel-ipc-N" in the working directory.
            connection |= {"transport": "ipc", "ip": str(self._folder / "k")}
        return Config({"KernelManager": connection})

    def seconds_left(self, _cell: NotebookNode) -> int:
        return max(1, round(self._deadline - time.monotonic()))

    def environment(self) -> dict[str, str]:
        return {**environment(), "IPYTHONDIR": str(self._folder / "ipython")}


def environment() -> dict[str, str]:
    """The variables of this process with what kernels need besides: this package, one thread, one order of sets, no picture of
    a figure next to the figure."""
    package = str(Path(aftershock.__file__).resolve().parent.parent)
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0", PAGE: "1"}
    return {**os.environ, **dict.fromkeys(_ONE_THREAD, "1"), **own}


def run(
    notebook: Path,
    parameters: Mapping[str, object],
    *,
    timeout: float = DEFAULT_TIMEOUT,
    cwd: Path | None = None,
    cancel_token: CancelToken | None = None,
    brief: bool = False,
    warmth: Warmth | None = None,
    prepared: Path | None = None,
    scratch: Path | None = None,
) -> NotebookNode:
    """The notebook executed with these parameters, without the cells that are not part of a report.

    ``timeout``: seconds for all of it; ``cwd``: default its own folder; ``brief``: only the cells of its one page;
    ``warmth``: from where its kernel is forked, default an ordinary one; ``prepared``: a file that an ordinary one takes its
    dataset from; ``scratch``: in which the run's own folder is made and removed.

    Raises :class:`CellFailed` when a cell raises, exits, runs out of time or loses its kernel, and UsageError when a
    parameter is unknown or has another type than its default. Nothing is written outside a temporary folder.
    """
    cells = notebook_cells.for_report(read(notebook), brief=brief)
    values = {name: str(value) if isinstance(value, Path) else value for name, value in parameters.items()}
    check_parameters(cells, values, notebook.name)
    with _folder(scratch) as folder:
        cwd, cancel_token = cwd or notebook.resolve().parent, cancel_token or CancelToken()
        state = _Run(cells, folder, cwd, timeout, cancel_token, warmth, prepared)
        state.cancel_token.raise_if_cancelled()
        return _executed(values, state)


@contextlib.contextmanager
def _folder(scratch: Path | None) -> Iterator[Path]:
    """The folder of one run."""
    if scratch is None:
        with files.temporary_folder("run", short_folder()) as folder:
            yield folder
    else:
        with tempfile.TemporaryDirectory(prefix="r", dir=scratch) as name:
            yield Path(name)


def read(notebook: Path) -> NotebookNode:
    """The notebook file, in the current format."""
    try:
        return nbformat.reads(notebook.read_text(encoding="utf-8"), as_version=4)
    except FileNotFoundError:
        raise UsageError(f"there is no notebook {notebook}") from None
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError) as error:
        raise InputError(f"{notebook} is not a notebook: {str(error).splitlines()[0]}") from error


def short_folder() -> str | None:
    """Where a kernel's folder may be: the usual place, unless its path is too long for a socket's."""
    return None if len(tempfile.gettempdir()) <= _LONGEST_FOLDER or sys.platform == "win32" else "/tmp"


def _executed(parameters: Mapping[str, object], state: _Run) -> NotebookNode:
    try:
        papermill.execute_notebook(
            state.notebook,
            None,
            dict(parameters),
            engine_name=_ENGINE,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            run=state,
        )
    except PapermillExecutionError:
        pass  # the error is in the notebook's outputs
    except CellTimeoutError:
        raise _unfinished(state, "Timeout", f"the notebook took longer than {state.timeout:g} seconds") from None
    except (DeadKernelError, RuntimeError) as error:
        if state.shows_too_much:
            raise _unfinished(state, "TooMuchOutput", output_limit.message(MOST_OUTPUT)) from None
        raise _unfinished(state, DEAD, f"the kernel died ({error})") from error
    done = _without_marks(state.notebook)
    _raise_for_errors(done)
    return notebook_cells.without_traces(done)


def _without_marks(notebook: NotebookNode) -> NotebookNode:
    """Without papermill's cells of red HTML (our page of a failure says it better) and its copy of the input."""
    notebook.metadata.pop("papermill", None)
    notebook.cells = [cell for cell in notebook.cells if ERROR_MARKER_TAG not in cell.metadata.get("tags", [])]
    return notebook


def _raise_for_errors(notebook: NotebookNode) -> None:
    """papermill takes ``sys.exit()`` for success although the cells after it never ran; here any error is one."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                traceback = without_colours("\n".join(output.traceback))
                raise _failure(notebook, cell, output.ename, output.evalue, traceback)


def _unfinished(state: _Run, name: str, message: str) -> CellFailed:
    """The failure of the cell that was running last, when it left no error of its own."""
    notebook = _without_marks(state.notebook)
    started = [c for c in notebook.cells if c.cell_type == "code" and c.metadata.get("papermill", {}).get("start_time")]
    if not started:
        raise AftershockError(f"the kernel did not start: {message}")
    return _failure(notebook, started[-1], name, message, "")


def _failure(notebook: NotebookNode, cell: NotebookNode, name: str, message: str, traceback: str) -> CellFailed:
    return CellFailed(
        cell_number=notebook_cells.numbers(notebook)[id(cell)],
        source=notebook_cells.shown_source(cell),
        name=name,
        message=message,
        traceback=traceback,
        notebook=notebook,
    )


def defaults(notebook: NotebookNode) -> dict[str, object]:
    """The parameters of a notebook: the names assigned in its ``parameters`` cell with their values.

    A default that is not a literal is Ellipsis: any type is accepted for it.
    """
    found: dict[str, object] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", []):
            for statement in ast.parse(cell.source).body:
                found |= _assigned(statement)
    return found


def _assigned(statement: ast.stmt) -> dict[str, object]:
    targets: list[ast.expr]
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    elif isinstance(statement, ast.Assign):
        targets = statement.targets
    else:
        return {}
    try:
        value = ast.literal_eval(statement.value) if statement.value else ...
    except ValueError:
        value = ...
    return {target.id: value for target in targets if isinstance(target, ast.Name)}


def check_parameters(notebook: NotebookNode, parameters: Mapping[str, object], name: str) -> None:
    """UsageError for a parameter that the notebook does not have, or of another type than its default there.

    papermill only logs an unknown one and would render the default in silence.
    """
    known = defaults(notebook)
    for parameter, value in parameters.items():
        if parameter not in known:
            raise UsageError(
                f"{name} has no parameter {parameter!r}; it has {', '.join(known) or 'none'}"
                + nearest(parameter, list(known))
            )
        default = known[parameter]
        if default is ... or default is None or value is None or _same_kind(value, default):
            continue
        expected = type(default).__name__
        raise UsageError(f"parameter {parameter!r} of {name} is {value!r}; expected a value of type {expected}")


def _same_kind(value: object, default: object) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, float):
        return isinstance(value, int | float)
    return isinstance(value, type(default))
