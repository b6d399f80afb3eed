"""The command line as a user meets it: the real command, its exit code and its whole message."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from commands import run, run_process

from aftershock import __version__
from aftershock.output import terminal
from aftershock.rendering import jobs


def test_version():
    assert run_process("--version").stdout == f"aftershock {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["suspects", "dmo"],
            2,
            "aftershock: no dataset 'dmo'; the nearest is 'demo': expected a folder with a dataset.toml, or one of demo, "
            "famous-outages, twitter-2023\n",
        ),
        (
            ["report", "month", "twitter-2023", "--month", "2031-01"],
            2,
            "aftershock: no month '2031-01' in twitter-2023: expected YYYY-MM from 2022-12 to 2023-07\n",
        ),
        (["suspects", "twitter-2023", "--as-of", "dawn"], 2, "aftershock: --as-of 'dawn': expected now or onset\n"),
        (
            ["suspects", "famous-outages"],
            2,
            "aftershock: famous-outages is a reference to compare with: its rows come from many organisations and share no "
            "change log, so nothing in it can be suspected\n",
        ),
        (
            ["why", "tw-2023-03-06", "c", "-d", "twitter-2023"],
            2,
            "aftershock: no change 'c' in twitter-2023 (25 changes)\n",
        ),
    ],
)
def test_wrong_usage_says_what_exists(arguments, code, message):
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (code, message)


def test_a_wrong_parameter_stops_before_anything_is_written(tmp_path):
    done = run("report", "incident", "twitter-2023", "tw-2023-03-07", "--output", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "no incident 'tw-2023-03-07' in twitter-2023; the nearest is" in done.stderr
    assert not (tmp_path / "out").exists()


def test_suspects_writes_every_candidate_sorted_and_summing_to_one(tmp_path):
    file = tmp_path / "suspects.csv"
    assert run("suspects", "twitter-2023", "--blind", "--as-of", "onset", "--output", str(file)).returncode == 0
    with file.open() as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0])[:4] == ["incident_id", "rank", "change_id", "probability"]
    assert rows == sorted(rows, key=lambda r: (r["incident_id"], int(r["rank"])))
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        sums[row["incident_id"]] += float(row["probability"])
    assert len(sums) == 11
    assert all(s == pytest.approx(1) for s in sums.values())
    assert {r["incident_id"] for r in rows if r["change_id"] == "none"} == set(sums)


def test_suspects_of_the_top_only_and_to_the_terminal():
    lines = run("suspects", "twitter-2023", "--top", "1").stdout.splitlines()
    assert len(lines) == 12
    assert all(line.split(",")[1] == "1" for line in lines[1:])


def test_a_title_that_begins_like_a_formula_stays_text(write, tmp_path):
    changes = "change_id,started_at,kind,services,title\nc1,2024-01-10T11:30Z,deploy,checkout,=cmd|' /C calc'!A0\nc2,2024-03-01,deploy,x,y\n"
    out = run("suspects", str(write(changes=changes))).stdout
    assert "'=cmd" in out
    assert ",=cmd" not in out


def test_an_output_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    done = run("suspects", "twitter-2023", "--output", str(tmp_path / "file" / "x.csv"))
    assert done.returncode == 1
    assert done.stderr.startswith("aftershock: cannot write ")


def test_why_a_change_is_a_suspect_and_why_not():
    yes = run("why", "tw-2023-02-08", "chg-2023-02-08-ratedata").stdout
    assert "for tw-2023-02-08, with a probability of" in yes
    assert re.search(r"^Relation  .* 1 hop upstream: \d+ % of what it sets off shows there", yes, re.MULTILINE)
    no = run("why", "tw-2023-02-08", "chg-2023-03-06-apicfg").stdout
    assert no == (
        "chg-2023-03-06-apicfg is not a suspect of tw-2023-02-08: it began at 6 Mar 2023, 00:00 UTC, 25 "
        "d 2 h after the latest moment at "
        "which the incident can have started.\n"
    )
    old = run("why", "tw-2023-03-06", "chg-2023-02-08-ratedata").stdout
    assert "which is longer than the horizon of 3 d" in old


def test_simulate_makes_the_shipped_demo_again(tmp_path):
    assert run("simulate", str(tmp_path / "again")).returncode == 0
    shipped = jobs.NOTEBOOKS.parent / "data" / "demo"
    for file in ("dataset.toml", "incidents.csv", "changes.csv.gz", "dependencies.csv", "truth.csv"):
        assert (tmp_path / "again" / file).read_bytes() == (shipped / file).read_bytes(), file
    assert run("simulate", str(tmp_path / "again")).returncode == 2


def test_commands_work_from_any_folder(tmp_path):
    assert run_process("verdicts", "demo", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["report"],
        ["report", "month"],
        ["report", "incident"],
        ["report", "all"],
        ["suspects"],
        ["check"],
        ["why"],
        ["simulate"],
        ["verdict"],
        ["verdicts"],
    ],
)
def test_every_command_has_help_with_an_example(command):
    text = run(*command, "--help").stdout
    assert "Usage:" in text
    assert not command or command == ["report"] or f"Example: aftershock {' '.join(command)}" in text


def test_an_option_before_the_subcommand_is_not_ignored(tmp_path):
    done = run("report", "--output", str(tmp_path / "out"), "month", "twitter-2023")
    assert done.returncode == 2
    assert done.stderr == "aftershock: write --output behind the subcommand: aftershock report month … --output …\n"


def test_reports_into_a_file_are_refused(tmp_path):
    (tmp_path / "file").write_text("")
    done = run("report", "incident", "twitter-2023", "tw-2023-03-06", "--output", str(tmp_path / "file"))
    assert done.returncode == 1
    assert done.stderr.startswith("aftershock: cannot write into ")


FULL = Path("/dev/full")


@pytest.mark.parametrize(
    ("shell", "message"),
    [
        ("exec >&-", "aftershock: cannot use standard output: it is closed\n"),
        pytest.param(
            "exec >/dev/full",
            "aftershock: cannot use standard output: No space left on device\n",
            marks=pytest.mark.skipif(not FULL.exists(), reason="no device that is always full"),
        ),
    ],
    ids=["closed", "full"],
)
def test_a_terminal_that_takes_nothing_is_said_in_a_sentence(shell, message):
    done = subprocess.run(
        ["sh", "-c", f'{shell}; exec "$0" -m aftershock formats', sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, message)


def test_letters_that_a_terminal_does_not_have_are_spelt_out(monkeypatch):
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding="ascii"))
    terminal.make_usable()
    terminal.say("1–2 é")
    assert held.getvalue() == b"1\\u20132 \\xe9\n"


def test_the_commands_are_listed_without_importing_what_is_slow():
    script = "import sys, aftershock.cli.app; print([m for m in ('numpy', 'pandas', 'pydantic', 'scipy', 'nbconvert') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
