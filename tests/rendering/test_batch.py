from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import HOSTILE

from aftershock.rendering import batch
from aftershock.rendering.job import Job, ReportPage
from aftershock.schema.errors import AftershockError, UsageError

SHOW = "from aftershock.output.blocks import Prose, Numbers\nProse(month)"
NUMBERS = "Numbers({'b': 1, 'a': 2, 'report': {'summary': 'calm', 'dataset_name': 'Demo'}})"


def job(notebook: Path, target: str, **parameters: object) -> Job:
    page = ReportPage(title=f"Report {target}", generator="Aftershock 1")
    return Job("demo", "month", target, f"Report {target}", notebook, parameters, Path(target), page)


def test_failure_leaves_the_older_report_and_the_others_go_on(write_notebook, tmp_path):
    output = tmp_path / "reports"
    good, bad = (
        write_notebook("good.ipynb", SHOW, NUMBERS),
        write_notebook("bad.ipynb", f"raise ValueError({HOSTILE!r})"),
    )
    assert all(r.ok for r in batch.render([job(good, "a/1/index.html", month="first")], output, workers=1))
    older = (output / "a/1/index.html").read_bytes(), (output / "a/1/index.json").read_bytes()
    seen = []
    jobs = [job(bad, "a/1/index.html"), job(good, "a/2/index.html", month="second"), job(bad, "a/3/index.html")]
    results = batch.render(jobs, output, workers=2, progress=seen.append)

    assert [r.ok for r in results] == [False, True, False] and [r.job for r in results] == jobs
    assert sorted(id(r) for r in seen) == sorted(id(r) for r in results)
    assert results[0].error.startswith("code cell 2 failed: ValueError")
    assert older == ((output / "a/1/index.html").read_bytes(), (output / "a/1/index.json").read_bytes())
    assert "second" in (output / "a/2/index.html").read_text()
    assert sorted(p.name for p in (output / "a/3").iterdir()) == ["index.error.html"]
    page = (output / "a/1/index.error.html").read_text()
    assert "Code cell 2 of bad.ipynb failed with ValueError." in page and "raise ValueError(" in page
    assert '<a href="index.html">open it</a>' in page and "<img" not in page
    assert "An older version" not in (output / "a/3/index.error.html").read_text()


def test_success_removes_the_error_page_and_writes_numbers(write_notebook, tmp_path):
    error_page = tmp_path / "out/a/1/index.error.html"
    error_page.parent.mkdir(parents=True)
    error_page.write_text("old")
    good = write_notebook("good.ipynb", SHOW, NUMBERS, "import sys; print('mind', file=sys.stderr)")
    [result] = batch.render([job(good, "a/1/index.html")], tmp_path / "out")
    assert result.ok and result.error == "" and result.warnings == ["code cell 4: mind"]
    assert sorted(p.name for p in error_page.parent.iterdir()) == ["index.html", "index.json"]
    text = (error_page.parent / "index.json").read_text()
    assert json.loads(text) == {
        "a": 2,
        "b": 1,
        "report": {
            "dataset": "demo",
            "dataset_name": "Demo",
            "generated_by": "Aftershock 1",
            "identifier": "a/1/index.html",
            "kind": "month",
            "summary": "calm",
            "title": "Report a/1/index.html",
        },
    }
    assert text.index('"a"') < text.index('"b"')


def test_output_that_cannot_be_shown_is_a_failure(write_notebook, tmp_path):
    script = write_notebook("script.ipynb", "from IPython.display import HTML\nHTML('<script>1</script>')")
    [result] = batch.render([job(script, "x.html")], tmp_path)
    assert not result.ok and result.error.startswith("code cell 2 displayed text/html")
    assert "script.ipynb could not be turned into a report." in (tmp_path / "x.error.html").read_text()


@pytest.mark.parametrize("target", ["../x.html", "/tmp/x.html", "link/x.html", "a/../../x.html"])
def test_target_outside_the_output_is_refused_before_anything_runs(write_notebook, tmp_path, target):
    output = tmp_path / "out"
    output.mkdir()
    (output / "link").symlink_to(tmp_path)
    with pytest.raises(UsageError) as caught:
        batch.render([job(write_notebook("never.ipynb"), target)], output)
    assert str(caught.value) == f"{target!r} leads out of the output folder {str(output)!r}"


def test_two_jobs_for_one_file_are_refused(write_notebook, tmp_path):
    never = write_notebook("never.ipynb")
    with pytest.raises(UsageError, match=r"'x.html' and './x.html' would both be written to 'x.html'"):
        batch.render([job(never, "x.html"), job(never, "./x.html")], tmp_path)


def test_unwritable_output_is_a_result_and_not_a_crash(write_notebook, tmp_path):
    (tmp_path / "a").write_text("a file where a folder should be")
    [result] = batch.render([job(write_notebook("good.ipynb", SHOW), "a/x.html")], tmp_path)
    assert not result.ok and "nor could its error page be written" in result.error


def test_interrupt_stops_kernels_and_leaves_no_error_pages(write_notebook, tmp_path):
    mark = tmp_path / "running"
    quick = write_notebook("quick.ipynb", SHOW)
    slow = write_notebook("slow.ipynb", f"open({str(mark)!r}, 'w').close()\nimport time; time.sleep(300)")

    def interrupt(result):
        while not mark.exists():
            threading.Event().wait(0.05)
        raise KeyboardInterrupt

    output = tmp_path / "out"
    jobs = [job(slow, "slow.html"), job(quick, "quick.html"), *(job(slow, f"{n}.html") for n in range(5))]
    with pytest.raises(KeyboardInterrupt):
        batch.render(jobs, output, workers=2, progress=interrupt)
    assert sorted(p.name for p in output.iterdir()) == ["quick.html", "quick.json"]


def test_no_jobs():
    assert batch.render([], Path("nowhere")) == [] and not Path("nowhere").exists()


def test_failure_page_of_an_unknown_error_is_escaped(tmp_path):
    page = batch.failure_page(job(tmp_path / "n.ipynb", "x.html"), RuntimeError(HOSTILE), has_older=False)
    assert "<img" not in page and "&lt;img" in page and page.startswith("<!DOCTYPE html>")


def test_a_page_of_another_reading_is_not_written(write_notebook, tmp_path):
    numbers = "Numbers({'report': {'reading': 'now'}})"
    good = write_notebook("good.ipynb", SHOW, numbers)
    planned = [replace(job(good, f"a/{r}.html"), reading=r) for r in ("now", "before")]
    one, other = batch.render(planned, tmp_path / "out")
    assert one.ok and not other.ok
    assert other.error == (
        "the files of demo changed while reports were rendered; all pages of a run are of one reading. Render them again."
    )
    assert sorted(p.name for p in (tmp_path / "out/a").iterdir()) == ["before.error.html", "now.html", "now.json"]


def test_output_that_cannot_be_written_is_found_before_anything_is_rendered(write_notebook, tmp_path, monkeypatch):
    monkeypatch.setattr(batch.kernels, "run", None)
    good, output = write_notebook("good.ipynb", SHOW), tmp_path / "out"
    (output / "a" / "taken.html").mkdir(parents=True)
    (output / "b").write_text("")
    one, other = batch.render([job(good, "a/taken.html"), job(good, "b/x.html")], output)
    assert one.error == f"cannot write {output}/a/taken.html: it is a folder. Choose a folder that you may write to."
    assert (not other.ok and "File exists" in other.error) or "Not a directory" in other.error
    monkeypatch.setattr(batch.files, "check_writable", full)
    with pytest.raises(AftershockError, match=f"^cannot write into {output}: No space left. Make room there"):
        batch.render([job(good, "a/x.html")], output)


def full(folder):
    raise OSError(28, "No space left")


def test_half_written_files_of_a_killed_run_are_removed(write_notebook, tmp_path):
    good, output = write_notebook("good.ipynb", SHOW), tmp_path / "out"
    killed = f"import os\nfrom aftershock.output import files\nwith files._beside(files.Path({str(output / 'a/x.html')!r})) as p:\n"
    subprocess.run([sys.executable, "-c", f"{killed}    p.write_text('half'); os._exit(9)"], check=False)
    (output / "a/.mine.tmp").write_text("")
    assert len(list((output / "a").iterdir())) == 2
    [result] = batch.render([job(good, "a/y.html")], output)
    assert result.ok and sorted(p.name for p in (output / "a").iterdir()) == [".mine.tmp", "y.html", "y.json"]
