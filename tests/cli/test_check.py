"""The command that says what was read of a dataset and what is wrong with it."""

from __future__ import annotations

import json

from commands import run


def test_check_gives_an_account(write):
    folder = write(
        incidents="incident_id,started_at,services\ni1,2024-01-10T12:00Z,a\ni1,2024-01-11T12:00Z,a\nx,soon,a\n"
    )
    done = run("check", str(folder))
    assert done.returncode == 0
    assert "  incidents: 3 records = 1 row used + 2 rejected + 0 folded; 0 noted" in done.stdout
    assert (
        "  incidents.csv, line 4, column started_at: found 'soon'; expected a time such as 2023-03-06T17:19:00Z. "
        'Say how to read it: time_format = "%d/%m/%Y %H:%M".'
    ) in done.stdout
    assert run("check", str(folder), "--strict").returncode == 1


def test_a_sound_log_passes_strictly_and_json_for_the_terminal_is_all_that_is_said(write):
    folder = str(write())
    assert run("check", folder, "--strict").returncode == 0
    done = run("check", folder, "--json", "-")
    assert done.returncode == 0 and isinstance(json.loads(done.stdout), (dict, list))


def test_a_file_of_json_is_written_next_to_what_is_said(write, tmp_path):
    path = tmp_path / "findings.json"
    done = run("check", str(write()), "--json", str(path))
    assert "  incidents: 2 records = 2 rows used" in done.stdout
    assert json.loads(path.read_text())
