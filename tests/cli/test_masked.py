"""The command that says what reports hide and where it is, and never the hidden text itself."""

from __future__ import annotations

import json

from commands import run
from conftest import CHANGES, INCIDENTS


def said(*arguments: str) -> tuple[int, str]:
    done = run(*arguments)
    return done.returncode, done.stdout + done.stderr


def test_the_command_masked_lists_places_and_no_text(write):
    incidents = INCIDENTS.replace("i1,", "i1 ann@example.org,").replace("Payments fail", "token ghp_" + "a1B2" * 9)
    folder = str(write(incidents=incidents, changes=CHANGES.replace("c1,", "c1 bo@example.org,")))
    assert said("masked", folder) == (
        0,
        "2 mail addresses and 1 token\n"
        "  [mail 2]  incidents  incidents.csv, line 2  i1 [mail 2]  incident_id\n"
        "  [token 1]  incidents  incidents.csv, line 2  i1 [mail 2]  title\n"
        "  [mail 1]  changes  changes.csv, line 2  c1 [mail 1]  change_id\n",
    )
    code, told_as_json = said("masked", folder, "--output", "-")
    assert (code, [p["mask"] for p in json.loads(told_as_json)]) == (0, ["[mail 2]", "[token 1]", "[mail 1]"])
    assert said("masked", folder, "--audience", "private") == (0, "nothing is masked\n")
    assert said("masked", folder, "--audience", "all") == (
        2,
        "aftershock: audience 'all': expected public, internal or private\n",
    )


def test_each_place_of_one_address_is_named_and_a_file_is_written(write, tmp_path):
    rows = "".join(f"x{n},2024-02-1{n}T12:00Z,search,mail ann@example.org\n" for n in range(3))
    folder = str(write(incidents=INCIDENTS + rows))
    code, text = said("masked", folder)
    places = [line.split("  ")[3] for line in text.splitlines()[1:]]
    assert (code, places) == (0, [f"incidents.csv, line {n}" for n in (4, 5, 6)])
    path = tmp_path / "places.json"
    assert run("masked", folder, "--output", str(path)).returncode == 0
    assert {place["mask"] for place in json.loads(path.read_text())} == {"[mail 1]"}
    assert "ann@" not in path.read_text() and "ann@" not in text
