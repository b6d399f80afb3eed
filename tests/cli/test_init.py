"""``aftershock init``: what it prints, what it refuses, and that it leaves nothing behind when it does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from commands import run
from small_logs import CHANGES, INCIDENTS

from aftershock import load
from aftershock.cli import app
from aftershock.schema.errors import UsageError


@pytest.fixture
def mine(tmp_path, put, monkeypatch, capsys) -> Path:
    """The folder ``mine``, made by the command from two exports of which one has other names; what was printed is captured."""
    put(
        incidents__csv=INCIDENTS,
        deploys__csv="sha,started_at,services,flavour\nc1,2024-03-05T12:10:00Z,web,x\nc2,2024-03-10T08:10:00Z,db,y\n",
    )
    monkeypatch.chdir(tmp_path)
    app.app(["init", "mine", "incidents.csv", "deploys.csv"], standalone_mode=False)
    return tmp_path / "mine"


def test_the_command_shows_what_it_guessed_how_sure_and_what_is_missing(mine, capsys):
    assert (
        capsys.readouterr().out
        == """Wrote mine/dataset.toml
Copied incidents.csv into mine
Copied deploys.csv into mine

[incidents] incidents.csv, format csv
  incident_id  incident_id  certain: its canonical name, distinct in every row; from line 2 on
  started_at   started_at   certain: its canonical name, holds times; from line 2 on
  services     services     certain: its canonical name; from line 2 on
  delimiter    ,            certain: a comma parts the header into 3 names
  no title: the words of an incident cannot be compared with those of changes
  no resolved_at: no time to resolve
  no detected_at: no time to detect
  no severity: no counts by severity
  as read, 2 rows
    starts    5 Mar 2024, 12:30 UTC (line 2, '2024-03-05T12:30:00Z') to 9 Mar 2024, 12:30 UTC (line 3, '2024-03-09T12:30:00Z')
    lengths   no row has an end
    services  web (1) and db (1)
    ids       i1 to i2

[changes] deploys.csv, format csv
  change_id   sha         likely: its name, distinct in every row; from line 2 on
  started_at  started_at  certain: its canonical name, holds times; from line 2 on
  services    services    certain: its canonical name; from line 2 on
  delimiter   ,           certain: a comma parts the header into 4 names
  kind        deploy      likely: no column says it, 'deploys.csv' does
  no title: the words of a change cannot be compared with those of incidents
  as read, 2 rows
    starts    5 Mar 2024, 12:10 UTC (line 2, '2024-03-05T12:10:00Z') to 10 Mar 2024, 08:10 UTC (line 3, '2024-03-10T08:10:00Z')
    kinds     deploy (2)
    services  web (1) and db (1)
    ids       c1 to c2
    not used  flavour; if one holds what is missing, name it under columns

[services] no service graph: a change of one service is no nearer to another that depends on it
  give a Backstage catalog, traces of Jaeger, or a table of service and depends_on

timezone   UTC: for months, hours and display; the stamps state their own offsets

Read: 2 incidents and 2 changes; 0 rows could not be used. Both logs cover 5 Mar 2024, 00:00 UTC to 11 Mar 2024, 00:00 UTC.

Next:
  aftershock check mine             # what was read, what is wrong with it, and how far that matters
  aftershock suspects mine --top 3  # which changes probably set each incident off
  aftershock report month mine      # the last month and its incidents, as HTML
"""
    )


def test_changes_alone_are_refused_and_show_what_was_read_of_them(tmp_path, put):
    put(
        deploys__csv="sha,when,app,state\nc1,2024-03-05 12:10,web,ok\nc2,2024-03-10 08:10,db,quux\nc3,,db,ok\n",
        odd__json='{"x": [1,2',
    )
    done = run("init", str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr
        == """aftershock: no file could be made out as the log of incidents.
odd.json: it cannot be read as json: odd.json, line 1, column 11: found Expecting ',' delimiter; expected JSON. Export the \
file again; it may be cut off.
Without incidents there is nothing that changes could have set off, and nothing was written. They would be read so:

[changes] deploys.csv, format csv
  change_id   sha     likely: its name, distinct in every row; from line 2 on
  started_at  when    likely: its name, holds times; 2 of 3 rows, the first in line 2
  services    app     likely: its name; from line 2 on
  status      state   likely: its name; from line 2 on
  delimiter   ,       certain: a comma parts the header into 4 names
  kind        deploy  likely: no column says it, 'deploys.csv' does
  no title: the words of a change cannot be compared with those of incidents
  as read, 2 rows
    starts    5 Mar 2024, 12:10 UTC (line 2, '2024-03-05 12:10') to 10 Mar 2024, 08:10 UTC (line 3, '2024-03-10 08:10')
    states    took effect: ok (1); not known what it means: quux (1)
    kinds     deploy (2)
    services  web (1) and db (1)
    ids       c1 to c2
    left out  1: the row has no start (deploys.csv, line 4)
  ? not known what 'quux' in 'state' means: say so under statuses

timezone   UTC: NOT KNOWN: the stamps of the changes name no zone; if they are not in UTC, change this line

1 question above begins with ?: the answers go into dataset.toml.

  changes: 3 records = 2 rows used + 1 rejected + 0 folded; 1 noted
rejected: 1 row, missing_time: the row has no start
  deploys.csv, line 4, column when: found an empty cell; expected a time such as 2023-03-06T17:19:00Z. Fill in when it \
started; a day will do.
noted: 1 row, unknown_value: the value is none of those allowed
  deploys.csv, line 3, column state: found 'quux' in 1 rows; expected one of done, failed, in progress, planned, cancelled. \
Read as one that took effect; [changes] statuses can say what it means.

Next: run init again with an export of the incidents of the same months next to deploys.csv; if deploys.csv holds them, \
call its id incident_id.
"""
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["deploys.csv", "odd.json"]


def test_logs_that_share_no_time_are_told(tmp_path, put, capsys):
    app.app(
        ["init", str(tmp_path / "m"), *map(str, put(i__csv=INCIDENTS.replace("2024", "2021"), c__csv=CHANGES))],
        standalone_mode=False,
    )
    said = "0 rows could not be used. The two logs share no time: nothing can be attributed. Export both for the same months."
    assert said in capsys.readouterr().out


def test_files_in_the_folder_stay_and_need_not_be_named(tmp_path, put, capsys):
    put(incidents__csv=INCIDENTS, changes__csv=CHANGES, README__md="about")
    app.app(["init", str(tmp_path)], standalone_mode=False)
    assert "Copied" not in capsys.readouterr().out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["README.md", "changes.csv", "dataset.toml", "incidents.csv"]
    assert len(load(tmp_path).changes) == 2


def test_a_dataset_is_never_overwritten(tmp_path, put):
    files = put(incidents__csv=INCIDENTS, changes__csv=CHANGES)
    (tmp_path / "m").mkdir()
    (tmp_path / "m/dataset.toml").write_text("mine")
    done = run("init", str(tmp_path / "m"), *map(str, files))
    message = (
        f"aftershock: {tmp_path}/m/dataset.toml exists and is not overwritten: remove it, or name another folder\n"
    )
    assert (done.returncode, done.stderr) == (2, message)
    assert (tmp_path / "m/dataset.toml").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["m", "gone.csv"], "no file 'gone.csv'"),
        (["m"], "no folder 'm'; name the files of your logs behind it"),
        (["a.csv", "a.csv"], "a.csv is a file; name a folder"),
        (["m", "empty"], "no file in 'empty' that could be a log"),
        (["m", "pages"], "no file in 'pages' that could be a log; CHANGELOG.md is text without two dated headings: export the releases or issues as JSON"),
        (["m", "deep"], "no file in 'deep' that could be a log; inner/most has files: name that folder"),
        (["m", "loop"], "no file 'loop'"),
        (["m", "pipe"], "'pipe' is neither a file nor a folder"),
        (["m", "piped"], "'piped/incidents.csv' is neither a file nor a folder; move it out of the folder"),
        (["m", b"\xff.csv".decode("utf-8", "surrogateescape")], "the name '?.csv' is not UTF-8, which dataset.toml must be; rename the file"),
        (["m", "a.csv", "--timezone", "Europe/Berln"], "--timezone 'Europe/Berln': expected a time zone such as Europe/Berlin; the nearest is 'Europe/Berlin'"),
    ],
)  # fmt: skip
def test_wrong_usage_leaves_nothing_behind(tmp_path, put, monkeypatch, arguments, message):
    put(a__csv=INCIDENTS)
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("pages").mkdir()
    Path("pages/CHANGELOG.md").write_text("## 1.0")
    Path("deep/inner/most").mkdir(parents=True)
    Path("deep/inner/most/a.csv").write_text(INCIDENTS)
    Path("loop").symlink_to("loop")
    os.mkfifo("pipe")
    Path("piped").mkdir()
    os.mkfifo("piped/incidents.csv")
    with pytest.raises(UsageError) as refused:
        app.app(["init", *arguments], standalone_mode=False)
    assert str(refused.value) == message
    assert not Path("m").exists()


def test_of_many_files_that_are_copied_the_first_and_the_last_are_named(tmp_path, put, monkeypatch, capsys):
    put(**{f"i{n}__csv": INCIDENTS.replace("i1", f"a{n}").replace("i2", f"b{n}") for n in range(7)})
    monkeypatch.chdir(tmp_path)
    app.app(["init", "mine", *(f"i{n}.csv" for n in range(7))], standalone_mode=False)
    copied = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Copied")]
    assert copied == ["Copied 7 files into mine, incidents/i0.csv to incidents/i6.csv"]
