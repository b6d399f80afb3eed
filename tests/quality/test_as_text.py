"""Findings as lines of a terminal and as JSON."""

from __future__ import annotations

import json
import textwrap

import pytest
from flawed_logs import toml

from aftershock import load
from aftershock.cli.app import app
from aftershock.quality import examine
from aftershock.quality.as_text import WIDTH, as_json, impact_sentence
from aftershock.quality.impact import Impact


@pytest.mark.parametrize(
    ("measured", "words"),
    [
        (
            Impact(144, 11, 0.42, 0.55, "these rows left out"),
            "With these rows left out, 11 of 144 incidents get another first explanation, and the share set off by changes rises "
            "by 13 points.",
        ),
        (
            Impact(1, 1, 0.42, 0.421, "x"),
            "With x, the only incident gets another first explanation, and the share set off by changes does not move.",
        ),
        (
            Impact(9, 0, 0.42, 0.4, "x"),
            "With x, none of 9 incidents gets another first explanation, and the share set off by changes falls by 2 points.",
        ),
    ],
)
def test_the_impact_in_words(measured, words):
    assert impact_sentence(measured) == words


def test_the_command_says_what_is_wrong_and_how_to_fix_it(write, capsys):
    incidents = 'incident_id,started_at,services\ni1,2024-01-10T12:00Z,"web, db"\ni2,2024-01-20T12:00Z,web\ni3,2024-02-01T12:00Z,db\n'
    changes = "change_id,started_at,services,kind\nc1,2024-01-10T11:30Z,web,deploy\nc2,2024-02-20T11:30Z,db,deploy\n"
    folder = write(toml(), incidents, changes)
    effect = textwrap.wrap(impact_sentence(examine(load(folder)).findings[0].impact), WIDTH - 3, break_on_hyphens=False)
    app(["check", str(folder)], standalone_mode=False)
    assert capsys.readouterr().out.split("\n\n", 1)[1] == (
        "2 findings, largest effect on the answers first\n"
        "\n"
        "1. 1 incident holds several services in one name\n"
        "   'web, db': each part is a service of the logs by itself.\n"
        + "".join(f"   {line}\n" for line in effect)
        + "   - incidents.csv, line 2: i1: web, db\n"
        "   Fix: Say what separates several services in one cell:\n"
        "        [incidents]\n"
        '        list_separator = ","\n'
        "\n"
        "2. 3 incidents of 3 have no end\n"
        "   Left out of times to resolve: 3 without a status.\n"
        "   It affects times to resolve; not the attribution.\n"
        "   - incidents.csv, line 2: i1: neither an end nor a status\n"
        "   - incidents.csv, line 3: i2: neither an end nor a status\n"
        "   - incidents.csv, line 4: i3: neither an end nor a status\n"
        "   Fix: Fill resolved_at, and the status where it is still open.\n"
    )


def test_the_findings_as_json(demo_quality, tmp_path, write):
    content = json.loads(as_json(demo_quality))
    (finding,) = content["findings"]
    assert content["records"]["changes"] == {"used": 8086, "rejected": 0, "folded": 0, "notes": 0}
    assert finding["row_count"] == len(finding["rows"]) == 78
    assert finding["rows"][0] == {
        "file": "changes.csv.gz",
        "line": 95,
        "id": "chg-00094",
        "what": "notifications: raise sampling rate of the push gateway from 30 to 90",
    }
    assert set(finding["bias"]) == {"incidents", "moved", "share", "share_without", "how", "size"}
    app(["check", str(write()), "--json", str(tmp_path / "out.json")], standalone_mode=False)
    assert json.loads((tmp_path / "out.json").read_text())["dataset"] == "small"
