from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aftershock.output import files
from aftershock.rendering import kernels, manifest
from aftershock.schema.errors import InputError, UsageError


def ended() -> int:
    """The id of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


DEAD = ended()


def printed(notebook) -> str:
    return "".join(o.text for c in notebook.cells for o in c.get("outputs", []) if o.get("name") == "stdout")


def test_runs_with_parameters_in_this_interpreter_and_leaves_nothing_behind(write_notebook, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", tempfile.mkdtemp(prefix="k"))  # other tests use the usual folder meanwhile
    source = "import os, sys\nprint(month, top, sys.executable, os.getcwd(), os.environ['OPENBLAS_NUM_THREADS'])"
    path = write_notebook("good.ipynb", source, "import aftershock, sys; print(sys.modules['rfc3987_syntax'])")
    before, temporary = path.read_bytes(), set(Path(tempfile.gettempdir()).glob("aftershock-*"))
    done = kernels.run(path, {"month": "2025-02"}, timeout=120)
    assert printed(done) == f"2025-02 3 {sys.executable} {path.parent} 1\nNone\n"
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]
    assert set(Path(tempfile.gettempdir()).glob("aftershock-*")) <= temporary
    assert "papermill" not in done.metadata


@pytest.mark.parametrize(
    "source",
    [
        "while True: print('x' * 100_000)",
        "while True: display(HTML('x' * 100_000))",
        "print('x' * 2_000_000)",
        "HTML('x' * 2_000_000)",
    ],
    ids=["prints", "displays", "one print", "a result"],
)
def test_a_notebook_that_shows_without_end_is_stopped_while_it_does(write_notebook, monkeypatch, source):
    monkeypatch.setattr(kernels, "MOST_OUTPUT", 2**20)
    path = write_notebook("endless.ipynb", f"from IPython.display import HTML, display\n{source}")
    with pytest.raises(kernels.CellFailed) as caught:
        kernels.run(path, {}, timeout=120)
    assert (caught.value.cell_number, caught.value.name) == (2, "TooMuchOutput")
    assert caught.value.message == "its cells showed more than 1 MB, more than a page can hold"


def test_what_killed_runs_left_is_removed_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with files.temporary_folder("run") as own:
        (own / "x").write_text("")
        dead, other, foreign = (
            own.name.replace(f"-{os.getpid()}-", f"-{DEAD}-"),
            own.name.replace(f".{own.name.split('.')[1][:8]}-", ".00000000-"),
            "aftershock-of-mine",
        )
        for name in (dead, other, foreign):
            (tmp_path / name / "inner").mkdir(parents=True)
        with files.temporary_folder("git") as second:
            assert {p.name for p in tmp_path.iterdir()} == {own.name, second.name, other, foreign}
        (tmp_path / dead).mkdir()
        with manifest.opened(tmp_path / "out"):  # a run with nothing to render makes no temporary folder
            assert {p.name for p in tmp_path.iterdir()} == {own.name, other, foreign, "out"}
    assert {p.name for p in tmp_path.iterdir()} == {other, foreign, "out"}


def test_working_directory_can_be_chosen_and_this_process_keeps_its_own(write_notebook, tmp_path):
    here = Path.cwd()
    path = write_notebook("where.ipynb", "import os; print(os.getcwd())")
    assert printed(kernels.run(path, {}, timeout=120, cwd=tmp_path)).strip() == str(tmp_path)
    assert Path.cwd() == here


@pytest.mark.parametrize(
    ("source", "name", "message"),
    [
        ("1/0", "ZeroDivisionError", "division by zero"),
        ("import sys; sys.exit()", "SystemExit", ""),
        ("import sys; sys.exit(0)", "SystemExit", "0"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
        ("import os; os._exit(3)", "DeadKernel", "the kernel died (Kernel died)"),
        ("import time; time.sleep(99)", "Timeout", "the notebook took longer than 6 seconds"),
        ("month = (", "SyntaxError", "'(' was never closed (…)"),
    ],
)
def test_every_way_to_fail_names_cell_and_reason(write_notebook, source, name, message):
    path = write_notebook("bad.ipynb", "print('before')", source, "print('after')")
    with pytest.raises(kernels.CellFailed) as caught:
        kernels.run(path, {"top": 5}, timeout=6)
    failed = caught.value
    assert (failed.cell_number, failed.source, failed.name) == (3, source, name)
    assert failed.message == message or name == "SyntaxError"
    assert str(failed).startswith(f"code cell 3 failed: {name}")
    assert printed(failed.notebook) == "before\n"
    assert "\x1b" not in failed.traceback


def test_unknown_and_ill_typed_parameters_stop_before_a_kernel_starts(write_notebook):
    path = write_notebook("report.ipynb", "print(month)")
    with pytest.raises(UsageError) as unknown:
        kernels.run(path, {"mnth": "2025-01"})
    assert str(unknown.value) == ("report.ipynb has no parameter 'mnth'; it has month, top; the nearest is 'month'")
    with pytest.raises(UsageError) as wrong:
        kernels.run(path, {"top": "abc"})
    assert str(wrong.value) == "parameter 'top' of report.ipynb is 'abc'; expected a value of type int"
    with pytest.raises(UsageError):
        kernels.run(path, {"top": True})


def test_missing_and_broken_notebooks(tmp_path):
    with pytest.raises(UsageError, match="there is no notebook"):
        kernels.run(tmp_path / "none.ipynb", {})
    (tmp_path / "broken.ipynb").write_text("{")
    with pytest.raises(InputError, match="is not a notebook"):
        kernels.run(tmp_path / "broken.ipynb", {})


def test_many_at_once_do_not_mix(write_notebook):
    path = write_notebook("one.ipynb", "print(top)")
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda top: printed(kernels.run(path, {"top": top}, timeout=120)), range(12)))
    assert done == [f"{top}\n" for top in range(12)]


def test_long_temporary_folder_does_not_break_the_sockets(write_notebook, tmp_path, monkeypatch):
    long = tmp_path / ("x" * 90)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    assert printed(kernels.run(write_notebook("a.ipynb", "print(1)"), {}, timeout=120)) == "1\n"


def test_switch_kills_running_kernels_and_starts_no_more(write_notebook, tmp_path):
    mark = tmp_path / "running"
    path = write_notebook("long.ipynb", f"open({str(mark)!r}, 'w').close()\nimport time; time.sleep(300)")
    cancel_token = kernels.CancelToken()

    def stop_when_running():
        while not mark.exists():
            pass
        cancel_token.cancel()

    threading.Thread(target=stop_when_running, daemon=True).start()
    with pytest.raises(kernels.CellFailed, match="DeadKernel"):
        kernels.run(path, {}, timeout=200, cancel_token=cancel_token)
    with pytest.raises(kernels.Cancelled):
        kernels.run(path, {}, cancel_token=cancel_token)
