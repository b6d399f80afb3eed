"""Which runs need not read anything: the real command, with pages that are written without a kernel."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CHANGES, TOML

from aftershock.cli import app
from aftershock.output import files
from aftershock.rendering import batch, jobs, manifest, plans
from aftershock.rendering.job import Job, Result

HEAVY = ("scipy", "plotly", "papermill", "nbconvert", "nbformat", "aftershock.model", "aftershock.reports")


class Runs:
    """Runs of ``aftershock report`` on a small dataset."""

    def __init__(self, folder: Path, output: Path):
        self.folder, self.output = folder, output
        self.planned, self.rendered = 0, 0

    def render(self, wanted: list[Job], output: Path, *, progress, **options: object) -> list[Result]:
        self.rendered = len(wanted)
        results = [Result(job, True, 0.1) for job in wanted]
        for result in results:
            path = output / result.job.target
            page = f"<html>{result.job.page.audience}</html>"
            files.write_together({path: page, path.with_suffix(".json"): '{"report": {"summary": "Said."}}'})
            progress(result)
        return results

    def __call__(self, *more: str, command: str = "month") -> tuple[int, int]:
        """How often the run planned, which reads the dataset, and how many reports it rendered."""
        self.planned, self.rendered = 0, 0
        arguments = ["report", command, str(self.folder), "--output", str(self.output), *more]
        app.app(arguments, standalone_mode=False)
        return self.planned, self.rendered

    @property
    def page(self) -> Path:
        return self.output / "small/2024-02/index.html"


@pytest.fixture
def runs(write, tmp_path, monkeypatch):
    made = Runs(write(), tmp_path / "out")
    monkeypatch.setattr(batch, "render", made.render)
    monkeypatch.setattr(batch, "started", lambda **_: contextlib.nullcontext())

    def counted(planner):
        def plan(*arguments, **options):
            made.planned += 1
            return planner(*arguments, **options)

        return plan

    for name in ("month", "all_of", "quality", "incidents"):
        monkeypatch.setattr(jobs, name, counted(getattr(jobs, name)))
    assert made() == (1, 2)
    return made


def test_a_run_without_a_change_plans_nothing_and_says_the_same(runs, capsys, tmp_path):
    capsys.readouterr()
    log, summary = tmp_path / "log.jsonl", tmp_path / "summary.md"
    index = runs.output / "index.html"
    index.unlink()
    assert runs("--log", str(log), "--summary", str(summary)) == (0, 0)
    assert capsys.readouterr().out == f"2 of 2 reports rendered, 2 of them were up to date: {index}\n"
    assert index.is_file() and summary.read_text().count("Said.") == 2
    assert log.read_text().count('"up_to_date": true') == 2
    assert runs("--force") == (1, 2)
    assert runs() == (0, 0)


@pytest.mark.parametrize("name", ["incidents.csv", "changes.csv", "dataset.toml", "verdicts.csv", "postmortems/i2.md"])
def test_one_byte_more_of_an_input_renders_anew(runs, name):
    path = runs.folder / name
    path.parent.mkdir(exist_ok=True)
    first = "incident_id,change_id,decided_by,decided_at,note" if name == "verdicts.csv" else ""
    path.write_text((path.read_text() if path.exists() else first) + "\n")
    assert runs() == (1, 2)
    assert runs() == (0, 0)


def test_a_page_that_is_gone_edited_or_failed_is_found(runs):
    numbers, whole = runs.page.with_suffix(".json"), runs.page.read_text()
    runs.page.unlink()
    assert runs() == (1, 1)
    runs.page.write_text(whole + "edited")
    assert runs() == (1, 1)
    numbers.write_text("{}")
    assert runs() == (1, 1)
    runs.page.with_suffix(".error.html").write_text("failed")
    assert runs() == (1, 1)


def test_each_request_has_a_plan_of_its_own(runs):
    for more, rendered in (
        (("--month", "2024-01"), 2),
        (("--no-incidents",), 1),  # its month links to no incident
        (("--audience", "public"), 2),
        ((), 2),  # another audience's pages lie there now
    ):
        assert runs(*more) == (1, rendered), more
        assert runs(*more) == (0, 0), more
    assert runs(command="all")[0] == 1
    assert runs(command="all") == (0, 0)
    assert runs("--part", "1/1", command="all") == (1, 0)


def test_the_last_whole_month_moves_on_with_the_logs(runs):
    toml = runs.folder / "dataset.toml"
    for last, month in (("2024-02-15", "2024-01"), ("2024-02-29", "2024-02")):
        toml.write_text(TOML + f'[attribution]\nobserved = ["2024-01-01", "{last}"]\n')
        assert runs("--month", "last") == (1, 2)
        assert runs("--month", "last") == (0, 0)
        assert (
            f'"target": "small/{month}/index.html"'
            in (runs.output / ".aftershock/plans.jsonl").read_text().splitlines()[-1]
        )


def test_code_notebooks_and_labels_count(runs, monkeypatch, tmp_path):
    asked = plans.Request("check_model", {"dataset": str(runs.folder), "labels": tmp_path / "labels.csv"})
    assert asked.fingerprint() == ""
    seen = set()
    for text in ("a", "b"):
        (tmp_path / "labels.csv").write_text(text)
        seen.add(asked.fingerprint())
    monkeypatch.setattr(manifest, "package", lambda: "another version")
    seen.add(asked.fingerprint())
    monkeypatch.setattr(plans, "shipped_folder", lambda name: tmp_path)
    (tmp_path / "month.ipynb").write_text("{}")
    seen.add(asked.fingerprint())
    assert len(seen - {""}) == 4
    assert runs() == (1, 2)


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-40], lambda b: b.replace(b"2024-02", b"2024-01"), lambda b: b"\xff[]\n3\n"]
)
def test_a_damaged_plan_is_made_again(runs, damage):
    path = runs.output / ".aftershock/plans.jsonl"
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert runs() == (1, 0)
    assert path.read_bytes() == whole


def test_a_plan_that_leads_out_of_the_folder_is_none(runs):
    asked = plans.Request("quality", {"dataset": str(runs.folder)})
    [job] = jobs.quality(runs.folder)
    with manifest.opened(runs.output) as known:
        for target, kept in ((Path("a.html"), 1), (Path("../a.html"), 0)):
            moved = Job(**{**vars(job), "target": target})
            files.write_together({runs.output / target: "page", (runs.output / target).with_suffix(".json"): "{}"})
            known.note(moved)
            plans.note(known, asked, asked.fingerprint(), [moved])
            assert len(plans.kept(known, asked, asked.fingerprint())) == kept


def test_pages_of_files_that_have_changed_back_are_not_taken_for_those_of_the_files(runs, monkeypatch):
    planner = jobs.month

    def plan(*arguments, **options):
        (runs.folder / "changes.csv").write_text(CHANGES + "\n")
        return planner(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "month", plan)
        assert runs("--force") == (1, 2)
    (runs.folder / "changes.csv").write_text(CHANGES)
    assert runs() == (1, 2)
    assert runs() == (0, 0)


def test_the_plans_of_the_newest_runs_are_kept(runs, monkeypatch):
    monkeypatch.setattr(plans, "MOST", 2)
    for month in ("2024-01", "2024-02"):
        runs("--month", month)
    assert [runs("--month", month)[0] for month in ("2024-01", "2024-02", "")] == [0, 0, 1]


def test_the_datasets_of_the_command_without_a_subcommand_are_known(monkeypatch):
    asked = []
    monkeypatch.setattr(jobs, "everything", lambda dataset, audience: asked.append(dataset) or [])
    monkeypatch.setattr(jobs, "month", lambda dataset, *more, **options: asked.append(dataset) or [])
    assert plans.Request("shipped", {"audience": "internal"}).plan() == [] and tuple(asked) == plans.SHIPPED


def test_nothing_that_renders_is_imported_to_find_that_all_is_up_to_date():
    script = (
        "import sys; from aftershock.cli import report; from aftershock.rendering import plans, manifest, run_log; "
        f"from aftershock.rendering.site import index; print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
