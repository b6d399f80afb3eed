"""What a batch says of each report while it works, in a log and on a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.rendering.job import Job, ReportPage, Result
from aftershock.rendering.progress import reporter


def result(identifier: str = "i1", *, error: str = "", warnings: list[str] | None = None) -> Result:
    job = Job("small", "incident", identifier, "t", Path("n.ipynb"), {}, Path("t.html"), ReportPage("t"))
    return Result(job, not error, 1.26, error, warnings or [])


def test_in_a_log_each_report_is_a_line_and_failures_and_warnings_are_whole(capsys):
    with reporter(3) as say:
        say(result())
        say(result("i2", error="cell 3 failed\nZeroDivisionError"))
        say(result("i3", warnings=["deprecated"]))
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "[1/3] rendered small/i1 in 1.3 s",
        "[2/3] FAILED small/i2 in 1.3 s",
        "    cell 3 failed",
        "    ZeroDivisionError",
        "[3/3] rendered small/i3 in 1.3 s",
        "    warning: deprecated",
    ]


def test_what_a_log_calls_an_incident_controls_no_terminal(capsys):
    with reporter(1) as say:
        say(result("a\x1b[2J\nb\u202e", error="\x1b[31mred"))
    assert capsys.readouterr().err.splitlines() == ["[1/1] FAILED small/a b in 1.3 s", "    red"]


@pytest.mark.parametrize("error", ["", "[bold]cell 3[/] failed"])
def test_on_a_terminal_only_failures_leave_a_line(monkeypatch, capsys, error):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    with reporter(1) as say:
        say(result("[red]i1", error=error))
    said = capsys.readouterr().err
    assert "rendering" in said, "a bar"
    assert ("FAILED small/[red]i1 in 1.3 s" in said) == bool(error)
    assert ("    [bold]cell 3[/] failed" in said) == bool(error), "its words are no markup of the bar"
