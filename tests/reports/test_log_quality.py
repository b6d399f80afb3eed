"""The log quality report, section by section: of a sound log, of one with a flaw, and of logs that cannot be read."""

from __future__ import annotations

import html
import json
from dataclasses import replace

import pandas as pd
import pytest
from notebooks_here import page_text

from aftershock import figures, load
from aftershock.cli import app
from aftershock.dataset.loading import load_readable_parts
from aftershock.output.safe_html import clean
from aftershock.rendering import batch, jobs
from aftershock.reports.log_quality import LogQualityReport, open_log_quality
from aftershock.reports.notebook_parameters import LogQualityParameters
from aftershock.schema.errors import InputError, UsageError

SECTIONS = ("summary", "facts", "read", "ranking", "details", "data_notes", "footer")
INCIDENTS = "incident_id,started_at,services\n" + "".join(
    f"i{n},2024-0{1 + n // 20}-{1 + n % 20:02}T12:{n:02}:10Z,web\n" for n in range(60)
)
CHANGES = "change_id,started_at,services\n" + "".join(
    f"c{n},2024-0{1 + n // 20}-{1 + n % 20:02}T11:{n:02}:10Z,{'web' if n % 3 else ''}\n" for n in range(60)
)


def coverage_figure(report):
    return figures.coverage_bars(report.weeks, report.stretches, tested=report.testable_logs)


def clock_figure(report, log):
    return figures.clock_heatmap(report.hours(log), log=log, zone=report.zone)


def opened(folder):
    return open_log_quality(dataset=str(folder))


@pytest.fixture(scope="module")
def sound():
    return opened("demo")


def test_the_summary_counts_the_flaws_and_tells_the_first(sound):
    (finding,) = sound.findings
    text = sound.summary().text
    assert text.startswith("1 flaw found; ") and f": {finding.title}. With these rows left out, " in text
    moved = finding.impact.moved or "none"
    assert f"{moved} of {finding.impact.incidents} incidents get" in text


def test_what_was_read_adds_up(write):
    broken = CHANGES + "c1,2024-01-01,web\nx,soon,web\n"
    report = opened(write(incidents=INCIDENTS, changes=broken))
    frame = report.read().blocks[0].frame
    assert frame.to_dict("records")[1] == {
        "Log": "changes",
        "Records": 62,
        "Used": 60,
        "Rejected": 2,
        "Folded": 0,
        "Odd": 0,
    }
    assert frame["Log"].tolist() == ["incidents", "changes"], "empty tables are left out, the logs are not"
    assert "changes.csv, line 63" in report.data_notes().text


def test_every_finding_names_its_rows_and_its_fix(write):
    report = opened(write(incidents=INCIDENTS, changes=CHANGES))
    table, told = report.ranking().blocks[-1].frame, report.details().text
    assert len(table) == len(report.findings) > 1
    for finding in report.findings:
        assert finding.title[1:] in told and f"To fix it: {finding.fix}" in told
        assert all(f"line {line}" in told for line in finding.rows["line"].head(50).dropna())
    without = next(f for f in report.findings if f.check == "changes_without_service")
    row = table[table["Flaw"] == without.title].iloc[0]
    assert row["Rows"] == 20
    assert row["Answers that move"] == without.impact.moved / without.impact.incidents
    assert "20 rows\n" in told, "many rows are folded"


def test_the_json_has_the_rows(write):
    report = opened(write(incidents=INCIDENTS, changes=CHANGES))
    numbers = next(v for k, v in report.numbers()._repr_mimebundle_().items() if k.endswith("json"))
    found = {f["check"]: f for f in numbers["findings"]}
    assert [r["id"] for r in found["changes_without_service"]["rows"]] == [f"c{n}" for n in range(0, 60, 3)]
    assert numbers["records"][0]["Used"] == 60


# figures


def test_bars_are_the_rows_of_whole_weeks(demo, sound):
    changes, marks, incidents, _ = coverage_figure(sound).data
    local = demo.changes["started_at"].dt.tz_convert("Europe/Berlin").dt.tz_localize(None)
    weeks = local.dt.to_period("W-SUN").value_counts().sort_index()[1:-1]
    assert list(changes.y) == weeks.tolist()
    assert list(changes.x) == [f"{p.start_time:%Y-%m-%d}" for p in weeks.index]
    assert sum(incidents.y) > 130 and len(marks.x or ()) == 0


def test_a_silent_month_is_marked_and_told(demo):
    gone = demo.changes["started_at"].between(
        pd.Timestamp("2025-06-01", tz="UTC"), pd.Timestamp("2025-07-01", tz="UTC")
    )
    silent = replace(demo, changes=demo.changes[~gone].reset_index(drop=True))
    report = LogQualityReport(silent, LogQualityParameters(dataset="demo"))
    figure = coverage_figure(report)
    assert figure.layout.meta["finding"] == "Silent or nearly so: the changes once"
    assert "the worst 31 May 2025 to 1 July 2025, 0 changes where about " in figure.layout.meta["alt"]
    assert [(s.x0[:10], s.x1[:10]) for s in figure.layout.shapes] == [("2025-05-31", "2025-07-01")]
    assert len(figure.data[1].x) == 1


def test_logs_too_small_to_show_a_gap_say_so():
    meta = coverage_figure(opened("twitter-2023")).layout.meta
    assert meta["finding"] == "Too few rows in 28 weeks to see a gap"
    assert meta["alt"].endswith("Too few changes to look for gaps. Too few incidents to look for gaps.")


def test_the_clock_counts_each_hour_of_the_week(demo, sound):
    figure = clock_figure(sound, "changes")
    (grid,) = figure.data
    local = demo.changes["started_at"].dt.tz_convert("Europe/Berlin")
    tuesday_at_ten = int(((local.dt.day_of_week == 1) & (local.dt.hour == 10)).sum())
    assert grid.z[1][10] == tuesday_at_ten > 50
    assert figure.layout.meta["finding"].endswith("of the changes of working days fall between 9:00 and 18:00")


def test_few_stamps_show_no_working_day():
    hours = pd.DataFrame({"weekday": [0, 1, 5], "hour": [3, 3, 3], "rows": [1, 1, 40]})
    meta = figures.clock_heatmap(hours, log="changes", zone="UTC").layout.meta
    assert meta["finding"] == "Too few to show a working day: 2 changes with an exact time"
    assert meta["alt"].endswith("Busiest hour of the week: Sat 3 h with 40; 95 % are on Saturday or Sunday.")


# logs that cannot be read


BROKEN = {
    "a file is not there": ({"toml": 'name = "x"\n[incidents]\npath = "incidents.csv"\n[changes]\npath = "gone.csv"\n'}, "changes"),
    "a file has other columns": ({"changes": "a,b\n1,2\n"}, "changes"),
    "a file is binary": ({"incidents": "PK\x03\x04\x00\ufffd"}, "incidents"),
    "no setting is TOML": ({"toml": 'name = "x\n'}, "dataset.toml"),
    "settings are unknown": ({"toml": 'nam = "x"\n'}, "dataset.toml"),
    "every row is rejected": ({"incidents": "incident_id,started_at\ni1,soon\n", "changes": "change_id,started_at\nc1,now\n"}, "observed"),
    "a verdict is on nothing": ({"verdicts__csv": "incident_id,change_id,decided_by\nx,c1,review\n"}, "verdicts"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_told_and_the_rest_is_shown(write, case):
    files, part = BROKEN[case]
    folder = write(**({"incidents": INCIDENTS, "changes": CHANGES} | files))
    with pytest.raises(InputError) as refused:
        load(folder)
    report = opened(folder)
    assert list(report.dataset.unread) == [part]
    said = {name: getattr(report, name)().text for name in SECTIONS}
    assert "Nothing can be attributed" in said["summary"]
    assert all(clean(p.found) in said["read"] and clean(p.remedy) in said["read"] for p in refused.value.problems)
    figures_drawn = [coverage_figure(report), clock_figure(report, "changes"), clock_figure(report, "incidents")]
    drawn = sum(len(figure.data) > 0 for figure in figures_drawn)
    assert drawn == {"changes": 2, "incidents": 2, "verdicts": 3}.get(part, 0)
    numbers = next(v for k, v in report.numbers()._repr_mimebundle_().items() if k.endswith("json"))
    assert all(str(p) in numbers["unread"][part] for p in refused.value.problems)


def test_one_log_is_not_held_against_another_that_could_not_be_read(write):
    report = opened(write(incidents=INCIDENTS, changes="a\n1\n"))
    assert "strangers" not in {f.check for f in report.findings}


def test_what_can_be_read_is_salvaged_as_it_is_loaded(demo):
    found = load_readable_parts("demo")
    assert found.unread == {} and found.changes.equals(demo.changes) and found.observed == demo.observed


def test_there_must_be_a_dataset(tmp_path):
    with pytest.raises(UsageError, match=r"has no dataset\.toml"):
        opened(tmp_path)
    with pytest.raises(UsageError, match="famous-outages is a reference to compare with, not a log: it has no reports"):
        opened("famous-outages")


# pages


def test_the_pages_of_a_readable_and_an_unreadable_log_and_their_lines_in_the_index(write, tmp_path, capsys):
    good = write(incidents=INCIDENTS, changes=CHANGES)
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "dataset.toml").write_text('name = "<b>\n')
    assert [r.error for r in batch.render(jobs.quality(good), tmp_path / "out")] == [""]
    app.app(["report", "quality", str(bad), "--output", str(tmp_path / "out")], standalone_mode=False)
    assert capsys.readouterr().out == f"1 of 1 reports rendered: {tmp_path / 'out'}/index.html\n"
    index = (tmp_path / "out/index.html").read_text()
    assert f'href="{good.name}/quality.html"' in index and 'href="bad/quality.html"' in index
    assert "Not readable: dataset.toml." in page_text(tmp_path / "out/index.html")
    page = page_text(tmp_path / "out/bad/quality.html")
    assert "dataset.toml: not readable" in page and "Fix the line; strings need quotes." in page
    numbers = json.loads((tmp_path / f"out/{good.name}/quality.json").read_text())
    assert numbers["report"]["kind"] == "quality" and {"records", "findings", "unread"} <= set(numbers)
    assert numbers["report"]["summary"] in html.unescape(page_text(tmp_path / f"out/{good.name}/quality.html"))
