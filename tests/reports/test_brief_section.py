"""What was decided and what is open, for none, one, several and all; and the page on which it ends, printed."""

from __future__ import annotations

import re

import pytest
from browser import opened
from commands import run

from aftershock import load
from aftershock.reports.brief_section import LONGEST, MOST
from aftershock.reports.postmortem import open_postmortem

HEAD = "## Action items\n\n| action | type | owner | due | done | ticket |\n|---|---|---|---|---|---|\n"
LAST = "21 Feb 2024"  # when the two logs of ``write`` end


def points(folder, incident: str = "i1") -> dict[str, str]:
    """The points by their name."""
    text = open_postmortem(dataset=str(folder), incident_id=incident).decided_and_open().text
    return dict(line.removeprefix("- ").split(": ", 1) for line in text.splitlines() if line.startswith("- "))


def with_actions(write, *rows: str):
    folder = write()
    (folder / "postmortems").mkdir(exist_ok=True)
    (folder / "postmortems" / "i1.md").write_text("## Narrative\n\nIt broke.\n\n" + HEAD + "\n".join(rows) + "\n")
    return folder


def test_without_a_write_up_everything_is_to_be_written(write):
    found = points(write())
    assert found["Decided"] == "Nobody has recorded a verdict, and the log names no cause."
    assert found["Action items"] == "none are written down."
    assert found["To be written"] == "everything, as there is no write-up yet."


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "none are written down."),
        (["| a | | sre | | 2024-01-12 | |"], "1 action item, done."),
        (["| a | | sre | | 2024-01-12 | |", "| b | | | | 2024-01-13 | |"], "2 action items, all done."),
        (["| a | | | | | |"], f"1 action item, not done on {LAST}: “A” (no owner)."),
        (
            ["| a | | sre | 2024-01-20 | | |"],
            f"1 action item, not done, and overdue on {LAST}: “A” (sre, due 20 Jan 2024).",
        ),
        (
            ["| a | | sre | 2024-01-20 | | |", "| b | | sre | | 2024-01-12 | |"],
            f"2 action items, 1 not done, and overdue on {LAST}: “A” (sre, due 20 Jan 2024).",
        ),
        (
            ["| late | | sre | 2024-01-20 | | |", "| b | | sre | 2024-04-01 | | |", "| c | | | | 2024-01-12 | |"],
            f"3 action items, 2 not done, 1 of them overdue on {LAST}: “Late” (sre, due 20 Jan 2024); “B” (sre, due 1 Apr "
            "2024).",
        ),
        (
            [f"| {c} | | sre | 2024-01-2{c} | | |" for c in range(5)],
            f"5 action items, none done, all overdue on {LAST}: "
            + "; ".join(f"“{c}” (sre, due 2{c} Jan 2024)" for c in range(MOST))
            + "; 2 more.",
        ),
    ],
)
def test_action_items_of_every_number(write, rows, said):
    assert points(with_actions(write, *rows))["Action items"] == said


def test_what_was_done_after_the_logs_end_is_done(write):
    rows = ["| a | | sre | 2024-05-01 | 2024-05-02 | |", "| b | | sre | 2024-04-01 | | |"]
    assert "1 not done, and overdue on 2 May 2024: “B”" in points(with_actions(write, *rows))["Action items"]


def test_sections_without_text_are_named(write):
    found = points(with_actions(write, "| a | | | | | |"))
    assert found["To be written"] == "what went well, what went badly and where we were lucky."


def test_the_verdict_the_reported_cause_and_an_open_end(write):
    folder = write(
        incidents="incident_id,started_at,services,status,caused_by,caused_by_source\n"
        "i1,2024-01-10T12:00Z,checkout,,c1,on-call\ni2,2024-02-10T12:00Z,search,open,,\n",
        verdicts__csv="incident_id,change_id,decided_by,decided_at,note\ni2,none,review,2024-02-20,disk full\n",
    )
    assert points(folder)["Decided"] == (
        "Nobody has recorded a verdict. The log names as the cause: “Raise the payments limit”, c1 (on-call)."
    )
    assert points(folder)["Incident"] == "its end is not recorded."
    second = points(folder, "i2")
    assert second["Decided"] == "no recorded change (review, 20 Feb 2024). “disk full”"
    assert second["Incident"].startswith("not over when the log ends, ")


def test_a_write_up_that_cannot_be_read_is_said(write):
    folder = write()
    (folder / "postmortems").mkdir()
    (folder / "postmortems" / "i1.md").write_bytes(b"\xff")
    report = open_postmortem(dataset=str(folder), incident_id="i1")
    assert "expected UTF-8 text" in report.decided_and_open().text


@pytest.mark.browser
def test_it_is_one_printed_page_whatever_the_log_holds(chromium, write, tmp_path):
    long = "A title that nobody should have written but somebody did " * 40
    services = ";".join(f"service {n} {'x' * 90}" for n in range(20))
    folder = write(
        toml='name = "Small"\n[incidents]\npath = "incidents.csv"\ndelimiter = ","\nlist_separator = ";"\n'
        '[changes]\npath = "changes.csv"\ndelimiter = ","\nlist_separator = ";"\n',
        incidents="incident_id,started_at,services,title,caused_by,caused_by_source\n"
        + "".join(f"i{n},2024-01-{n:02d}T12:00Z,web,Down,c{n},review\n" for n in (6, 7, 8, 9))
        + f'i10,2024-01-10T12:00Z,"{services}","{long}",c10,review\n',
        changes="change_id,started_at,kind,services,title\n"
        + "".join(f"c{n},2024-01-{n:02d}T11:30Z,deploy,web,Up\n" for n in range(5, 10))
        + "".join(f'c{n},2024-01-{n:02d}T11:30Z,deploy,"{services}","{long}"\n' for n in range(10, 15)),
        verdicts__csv=f'incident_id,change_id,decided_by,decided_at,note\ni10,none,"{long}",2024-01-20,"{long}"\n',
    )
    (folder / "postmortems").mkdir()
    rows = "".join(f"| {long} {n} | prevent | {long} | 2024-01-1{n} | | |\n" for n in range(9))
    (folder / "postmortems" / "i10.md").write_text(HEAD + rows)
    done = run("report", "incident", str(folder), "i10", "--brief", "--output", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    page = tmp_path / "out" / folder.name / "incidents" / "brief" / "i10.html"
    assert str(page) in done.stdout and not (tmp_path / "out" / "index.html").exists()
    assert load(folder).incident("i10")["title"].count("A title") == 40
    with opened(chromium, page) as (tab, _, complaints):
        pdf = tab.pdf(prefer_css_page_size=True)
        text = tab.inner_text("main")
        assert not complaints
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert "People decided" in text and "9 action items" in text and "6 more" in text
    assert text.count("A title that nobody") < 25 and f"{long[: LONGEST - 30]}" in text
