"""What an unattended run leaves behind: lines of JSON, and Markdown that shows texts of a log as they are."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aftershock.rendering import run_log
from aftershock.rendering.job import Job, ReportPage, Result
from aftershock.schema.errors import AftershockError

NOW = datetime(2025, 11, 2, 6, 0, tzinfo=UTC)


def result(kind: str, name: str, *, error: str = "") -> Result:
    target = Path("d") / f"{name}.html"
    page = ReportPage(f"Title of {name}", kind, [])
    job = Job("d", kind, name, f"Title of {name}", Path("n.ipynb"), {}, target, page)
    return Result(job, not error, 1.23, error=error)


@pytest.fixture
def run(tmp_path: Path) -> list[Result]:
    results = [result("incident", "i1"), result("month", "2025-10"), result("incident", "i2", error="cell 3\nKeyError")]
    (tmp_path / "d").mkdir()
    for name, said in (("i1", "[Pay](http://evil) *failed*; @here"), ("2025-10", "2 incidents in October 2025.")):
        (tmp_path / "d" / f"{name}.json").write_text(json.dumps({"report": {"summary": said}}))
    return results


def test_a_run_is_a_line_per_report_and_one_on_the_run_and_lines_are_added(run, tmp_path):
    log = tmp_path / "logs" / "run.jsonl"
    run_log.append(log, run, NOW, NOW)
    run_log.append(log, run[:1], NOW, NOW)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["event"] for line in lines] == ["report"] * 3 + ["run", "report", "run"]
    assert lines[2] == {
        "event": "report",
        "at": "2025-11-02T06:00:00+00:00",
        "dataset": "d",
        "kind": "incident",
        "identifier": "i2",
        "file": "d/i2.html",
        "ok": False,
        "seconds": 1.2,
        "error": "cell 3\nKeyError",
    }
    assert (lines[3]["rendered"], lines[3]["failed"], lines[3]["exit_code"]) == (2, 1, 1)
    assert lines[5]["exit_code"] == 0


def test_the_summary_has_reviews_first_and_no_markup_of_a_log(run, tmp_path):
    assert run_log.summary(run, tmp_path) == (
        "**Title of 2025-10**\n\n2 incidents in October 2025.\n\n"
        "- Title of i1 (i1): \\[Pay\\]\\(http://evil) \\*failed\\*; \\@here\n"
        "- **Failed:** Title of i2: cell 3\n"
    )


def test_a_log_that_cannot_be_written_says_what_to_do(run, tmp_path):
    with pytest.raises(AftershockError, match=r"cannot write the run log .*Choose another --log\."):
        run_log.append(tmp_path, run, NOW, NOW)
