"""Kernels that are forked from a parent with everything imported and every dataset fitted, instead of started anew.

A kernel is a process of its own and ends with its notebook, so no notebook leaves anything to the next. To papermill it is a
kernel like any other: what differs is jupyter_client's provisioner, which asks the parent
(:mod:`aftershock.rendering.kernel_parent`) for a fork in place of starting an interpreter. Where that cannot be had (another
system than Linux, a parent that died) it starts an ordinary kernel, and ``why_not`` says so.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aftershock.output import fast_imports  # isort: skip  # noqa: F401  (before anything that imports nbformat)

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from aftershock.dataset.dataset import Dataset
from aftershock.dataset.famous_outages import famous_delays

PROVISIONER = "aftershock-warm"
_LAUNCHER = "ipykernel_launcher"
MOST_DATASETS = 2  # held by a parent; jobs come dataset by dataset, so a third means that the first is done with
_END = 2.0  # seconds that a parent has to end by itself


class WarmKernels:
    """A parent of kernels, for as long as a batch. ``why_not``: why kernels are ordinary ones; empty while they are warm."""

    def __init__(self, folder: Path, env: Mapping[str, str]):
        self.why_not = "" if is_possible() else "this system cannot fork a kernel"
        self._folder, self._env = folder, env
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._is_ready = False
        self._held: dict[tuple[Path, str], tuple[bool, bool]] = {}  # whether fitted, and whether with what to expect
        self._has_famous = False
        self._ended: deque[int] = deque()  # several threads add to it

    def __enter__(self) -> WarmKernels:
        if self.why_not:
            return self
        self._connection, theirs = Pipe()
        command = [sys.executable, "-m", "aftershock.rendering.kernel_parent", str(theirs.fileno()), str(self._folder)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            env=dict(self._env),
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # a Ctrl-C is for the batch, which then ends its kernels
        )
        theirs.close()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the parent, and with it every kernel that is left."""
        process, self._process = self._process, None
        self.why_not = self.why_not or "the batch has ended"
        if self._connection:
            self._connection.close()
        if process:
            if not self._is_ready:  # it may still import, and holds no kernel
                process.kill()
            try:
                process.wait(_END)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def is_alive(self) -> bool:
        """Whether there is a parent that can fork."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """Ends the parent at once, whatever it is doing; who waits for it gets no kernel."""
        self.why_not = self.why_not or "the batch was stopped"
        if self._process:
            self._process.kill()

    def fork(self, command: list[str], env: Mapping[str, str], cwd: str, wanted: Warmth) -> ForkedProcess | None:
        """A new kernel that runs what the command would, with the dataset ready; None when there can be none."""
        with self._lock:
            connection = self._connection
            if self.why_not or connection is None:
                return None
            try:
                self._is_ready = self._is_ready or connection.recv()
                self._hold(connection, wanted)
                ended = [self._ended.popleft() for _ in range(len(self._ended))]
                connection.send(("fork", ended, command[command.index(_LAUNCHER) + 1 :], dict(env), cwd))
                pid = connection.recv()
                if pid is None:
                    self.why_not = "the parent of kernels runs threads"
                    return None
                return ForkedProcess(pid, self._ended.append)
            except (EOFError, OSError):
                self.why_not = self.why_not or "the parent of kernels died"
                return None

    def _hold(self, connection: Connection, wanted: Warmth) -> None:
        """Hands a dataset to the parent, unless it has it, with what this kernel wants of it, or it cannot be sent: then kernels
        read it themselves."""
        if wanted.famous and not self._has_famous:
            self._has_famous = True
            connection.send(("famous", famous_delays()))
        dataset = wanted.dataset
        if dataset is None:
            return
        key, asked = (dataset.folder, dataset.audience), (wanted.fit, wanted.expect)
        before = self._held.get(key)
        if before is not None and not any(more and not had for more, had in zip(asked, before, strict=True)):
            return
        fit, expect = asked if before is None else (a or b for a, b in zip(asked, before, strict=True))
        self._held[key] = (fit, expect)
        with contextlib.suppress(pickle.PicklingError, AttributeError, TypeError):
            connection.send(("keep", pickle.dumps(dataset, pickle.HIGHEST_PROTOCOL), fit, expect))
        for old in [*self._held][:-MOST_DATASETS]:
            connection.send(("drop", *old))
            del self._held[old]


def is_possible() -> bool:
    """Whether kernels can be forked here: on Linux, where a process can be waited for that is another one's child."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


class ForkedProcess:
    """A kernel that is the parent's child, with what jupyter_client asks of a Popen. Its exit status is the parent's to know:
    here it is 1 once it has ended."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, ended: Callable[[int], None]):
        """``ended`` is called once it has: until the parent hears of that, the number stays its own."""
        self.pid, self._tell = pid, ended
        self._descriptor = os.pidfd_open(pid)
        self._waiting = select.poll()
        self._waiting.register(self._descriptor, select.POLLIN)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None and self._waiting.poll(0):
            self._ended()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not self._waiting.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired(_LAUNCHER, timeout or 0)
            self._ended()
        return 1

    def _ended(self) -> None:
        self.returncode = 1
        os.close(self._descriptor)
        self._tell(self.pid)

    def send_signal(self, signum: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, signum)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@dataclass(frozen=True)
class Warmth:
    """From where a notebook's kernel is forked, and what is ready in it. ``fit``: whether its notebook needs the model;
    ``expect``: whether it says what can be expected of the answers; ``famous``: whether it compares with famous outages, which
    the parent may not read, as reading starts threads."""

    kernels: WarmKernels
    dataset: Dataset | None = None
    fit: bool = True
    expect: bool = True
    famous: bool = False


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel where its manager has a :class:`Warmth`; else, and where that fails, starts one as usual."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        warmth: Warmth = self.parent.warmth  # type: ignore[union-attr]  # a manager is always the parent
        cwd = str(kwargs.get("cwd") or Path.cwd())
        forked = warmth.kernels.fork(cmd, kwargs["env"], cwd, warmth)
        if forked is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = forked  # type: ignore[assignment]  # all of a Popen that is asked for
        self.pid = self.pgid = forked.pid
        self.cwd = cwd
        return self.connection_info


def register() -> None:
    """Makes the provisioner known to jupyter_client in this process."""
    factory = KernelProvisionerFactory.instance()
    value = f"{WarmProvisioner.__module__}:{WarmProvisioner.__name__}"
    factory.provisioners[PROVISIONER] = EntryPoint(PROVISIONER, value, KernelProvisionerFactory.GROUP_NAME)
