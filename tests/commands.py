"""The command line as a user starts it: in this process, or in one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest import mock

from aftershock.cli import main

PLAIN = {"NO_COLOR": "1", "COLUMNS": "200", "TERM": "dumb"}


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What ``aftershock`` with these arguments prints, and its exit code; no colours, 200 columns."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    before, code = signal.getsignal(signal.SIGTERM), 0
    with contextlib.ExitStack() as stack:
        stack.callback(signal.signal, signal.SIGTERM, before)
        stack.enter_context(mock.patch.dict(os.environ, PLAIN))
        stack.enter_context(mock.patch.object(sys, "argv", ["aftershock", *arguments]))
        stack.enter_context(contextlib.chdir(cwd or Path.cwd()))
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    said = []
    for stream in (out, err):
        stream.flush()
        said.append(stream.buffer.getvalue().decode())
    return subprocess.CompletedProcess(["aftershock", *arguments], code or 0, *said)


def run_process(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own, which takes seconds: for what depends on how a process starts and ends."""
    command = [sys.executable, "-m", "aftershock", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env={**os.environ, **PLAIN}, check=False)
