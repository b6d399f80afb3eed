from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from few_draws import expect_from_few

from aftershock.rendering import batch, jobs, kernels, warm_kernels
from aftershock.rendering.job import Job, ReportPage

pytestmark = pytest.mark.skipif(not warm_kernels.is_possible(), reason="kernels are forked on Linux only")
LEAVES = """
import json, os, random
import numpy as np
import pandas as pd
said = {
    "before": [hasattr(pd, "left"), pd.get_option("display.max_columns"), os.environ.get("LEFT")],
    "parent": os.getppid(), "leads": os.getpgid(0) == os.getpid(), "drawn": [random.random(), np.random.rand()],
}
pd.left, os.environ["LEFT"] = 1, "1"
pd.set_option("display.max_columns", 3)
with open(f"FOLDER/{os.getpid()}.said", "w") as file:
    json.dump(said, file)
"""


def job(notebook: Path, name: str) -> Job:
    return Job("toy", "month", name, name, notebook, {}, Path(f"{name}.html"), ReportPage(title=name))


def test_each_notebook_has_a_fresh_process_of_one_parent(write_notebook, tmp_path, capfd):
    notebook = write_notebook("leaves.ipynb", LEAVES.replace("FOLDER", str(tmp_path)))
    assert all(r.ok for r in batch.render([job(notebook, "a"), job(notebook, "b")], tmp_path / "out"))
    one, other = (json.loads(path.read_text()) for path in tmp_path.glob("*.said"))
    assert one["before"] == other["before"] == [False, 20, None]
    assert one["leads"] and other["leads"] and one["parent"] == other["parent"] != os.getpid()
    assert not set(one["drawn"]) & set(other["drawn"])
    assert "kernel anew" not in capfd.readouterr().err
    assert not _runs(str(one["parent"]))


def test_the_parent_decides_nothing_that_a_kernel_must(tmp_path):
    """plotly chooses how to show figures when this is imported, by what the process is."""
    script = "import sys; from aftershock.rendering import kernel_parent as k; k.warm_up(); print(k.threads(), 'plotly.io._renderers' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], env=kernels.environment(), capture_output=True, text=True)
    assert done.stdout.split() == ["1", "False"], done.stderr


def test_a_kernel_finds_imported_what_a_postmortem_needs(tmp_path, write, write_notebook):
    shown = """
import sys
before = set(sys.modules)
from aftershock.reports.postmortem import open_postmortem
report = open_postmortem(dataset=FOLDER, incident_id="i1")
from IPython.display import display
display(report.summary(), report.delay_figure(report.suspects, report.found.delay_curves, report.found.delay_quantiles))
dear = {"aftershock", "IPython", "pandas", "plotly", "pyarrow", "scipy"}
late = {n for n in set(sys.modules) - before if n.split(".")[0] in dear and n != "plotly.io._renderers"}
with open(SAID, "w") as file:
    file.write(repr((sorted(late), get_ipython().kernel._kernel_modules)))
"""
    said, folder = tmp_path / "said", expect_from_few(write())
    notebook = write_notebook("late.ipynb", shown.replace("FOLDER", repr(str(folder))).replace("SAID", repr(str(said))))
    assert all(r.ok for r in batch.render([job(notebook, "a"), job(notebook, "b")], tmp_path / "out"))
    assert said.read_text() == "([], [])"


def test_reports_equal_those_of_ordinary_kernels_to_the_byte(write, tmp_path):
    folder = write(
        incidents="incident_id,started_at,services,title\ni1,2024-01-10T12:00:00Z,checkout,Ask bo@mail.example 10.0.0.7\n"
    )
    planned = jobs.month(expect_from_few(folder), "2024-01", with_incidents=True, audience="public")
    assert len(planned) == 2
    assert [r.error for r in batch.render(planned, tmp_path / "warm")] == ["", ""]
    for one in planned:
        [result] = batch.render([one], tmp_path / "ordinary")
        assert result.ok
    pages = sorted(p.relative_to(tmp_path / "warm") for p in (tmp_path / "warm").rglob("*.*"))
    assert len(pages) == 4
    for page in pages:
        assert (tmp_path / "warm" / page).read_bytes() == (tmp_path / "ordinary" / page).read_bytes()


def test_a_parent_that_is_killed_costs_time_and_no_report(write_notebook, tmp_path, capfd):
    once = tmp_path / "killed"
    source = f"import os, signal, pathlib\nif not pathlib.Path({str(once)!r}).exists():\n    open({str(once)!r}, 'w').close()\n    os.kill(os.getppid(), signal.SIGKILL)\n    import time; time.sleep(60)\nprint('done')"
    killer, calm = write_notebook("killer.ipynb", source), write_notebook("calm.ipynb", "print('calm')")
    results = batch.render([job(killer, "k"), job(calm, "c")], tmp_path / "out", workers=1)
    assert [r.error for r in results] == ["", ""] and once.exists()
    assert capfd.readouterr().err.count("every report started a kernel anew") == 1


def test_kernels_that_have_ended_are_waited_for_though_several_run_at_a_time(write_notebook, tmp_path):
    notebook = write_notebook("calm.ipynb", "print(1)")
    with batch.started(warm=True) as ahead:
        done = batch.render([job(notebook, str(n)) for n in range(9)], tmp_path / "out", workers=3, ahead=ahead)
        assert all(r.ok for r in done)
        children = Path(f"/proc/{ahead.warm._process.pid}/task/{ahead.warm._process.pid}/children").read_text().split()
        assert len(children) <= 3, "the last ones, which the next kernel would have the parent wait for"


def test_a_kernel_that_is_killed_is_one_failure(write_notebook, tmp_path):
    dead = write_notebook("dead.ipynb", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    first, second = batch.render([job(dead, "d"), job(write_notebook("calm.ipynb", "print(1)"), "c")], tmp_path)
    assert first.error.startswith("code cell 2 failed: DeadKernel") and second.ok


def test_a_batch_that_is_killed_leaves_no_kernel_and_no_folder(write_notebook, tmp_path):
    running = tmp_path / "running"
    source = f"import os\nwith open({str(running)!r}, 'a') as f: f.write(f'{{os.getpid()}} {{os.getppid()}} ')\nimport time; time.sleep(300)"
    notebook = write_notebook("long.ipynb", source)
    script = (
        "import sys; from pathlib import Path; from test_warm_kernels import job; from aftershock.rendering import batch\n"
        "batch.render([job(Path(sys.argv[1]), n) for n in 'ab'], Path(sys.argv[2]), workers=2)"
    )
    temporary = tmp_path / "t"
    temporary.mkdir()
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]),
        "TMPDIR": str(temporary),
    }
    process = subprocess.Popen([sys.executable, "-c", script, str(notebook), str(tmp_path / "out")], env=env)
    _until(lambda: running.exists() and len(running.read_text().split()) == 4)
    process.kill()
    process.wait()
    _until(lambda: not any(_runs(pid) for pid in running.read_text().split()))
    _until(lambda: not [p for p in temporary.iterdir() if p.name.startswith("aftershock-")])
    assert not list((tmp_path / "out").rglob("*.html"))


def _runs(pid: str) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def _until(holds) -> None:
    end = time.monotonic() + 200
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.1)
