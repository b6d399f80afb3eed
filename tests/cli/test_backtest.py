"""``aftershock backtest``: its lines, its JSON, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import run

from aftershock.simulation import Fleet, simulate, write


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Two months of a small company."""
    fleet = Fleet(seed=3, months=2, services=8, changes=300, background_incidents=10, postmortems=0)
    return write(simulate(fleet), tmp_path_factory.mktemp("fleet") / "little")


def test_backtest_as_json_and_as_text(folder, tmp_path):
    path = tmp_path / "out" / "backtest.json"
    done = run("backtest", str(folder), "--labels", str(folder / "truth.csv"), "--folds", "0", "--json", str(path))
    assert done.returncode == 0, done.stderr
    held = json.loads(path.read_text())
    assert held["as_of"] == "onset" and held["labels"] == {"simulated": len(held["incidents"])}
    assert "held_out" not in held and held["folds"] == []
    top = {r["rule"]: r for r in held["in_sample"]["scores"] if r["measure"] == "top_1"}
    ours = top["Aftershock"]
    hits = [i for i in held["incidents"] if i["top_1"] == 1]
    assert ours["hits"] == len(hits) and ours["value"] == len(hits) / ours["n"]
    assert f"  Aftershock                 {ours['value']:.3f} [" in done.stdout
    assert done.stdout.splitlines()[0].endswith("(little), answered blind and as of each incident's onset")
    said = [line.split()[0] for line in done.stdout.split("Most wrong")[1].splitlines()[2:]]
    assert said == [i for i in said if next(o for o in held["incidents"] if o["incident_id"] == i)["first_right"] < 1]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["{folder}"],
            2,
            "aftershock: no cause is known in little, so nothing can be compared. Record verdicts (aftershock verdict), fill "
            "caused_by, or name a file with --labels; aftershock report check {folder} says what to expect without any\n",
        ),
        (["{folder}", "--as-of", "dawn"], 2, "aftershock: --as-of 'dawn': expected now or onset\n"),
        (["{folder}", "--labels", "{folder}/gone.csv"], 2, "aftershock: no file of labels at {folder}/gone.csv\n"),
    ],
)
def test_what_cannot_be_measured(folder, arguments, code, message):
    done = run("backtest", *(a.format(folder=folder) for a in arguments))
    assert (done.returncode, done.stdout, done.stderr) == (code, "", message.format(folder=folder))
