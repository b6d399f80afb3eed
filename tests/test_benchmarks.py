"""The benchmark of ordinary difficulties, on a tiny log made here: what it answers, scores, prints and writes."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from aftershock import attribute, load, simulation

ROOT = Path(__file__).parent.parent
FLEET = simulation.Fleet(seed=3, services=6, changes=300, background_incidents=12)
TINY = """
from aftershock.simulation import Fleet, simulate, write

class Tiny:
    def __init__(self, seed):
        self.fleet = Fleet(seed=seed, services=6, changes=300, background_incidents=12)

    def write(self, folder):
        write(simulate(self.fleet), folder)
"""
YEARS = """
from tiny_year import Tiny

SCENARIOS = {"held": Tiny, "missed": Tiny}
"""
SCORES = """
import pandas as pd

def score(folder, suspects):
    answers = pd.read_csv(suspects).groupby(["incident_id", "change_id"])["probability"].sum()
    share = 1 - answers.xs("none", level="change_id").mean()
    return {"share": share, "true_share": share if folder.name == "held" else 2.0}
"""


@pytest.fixture(scope="module")
def stress() -> ModuleType:
    """A module of benchmarks/, which is not a package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "benchmarks"))
        return importlib.import_module("stress")


@pytest.fixture
def folder(tmp_path) -> Path:
    """A benchmark's folder, with a module that another one imports."""
    for name, source in (("tiny_year", TINY), ("stress_years", YEARS), ("score_stress", SCORES)):
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    return tmp_path


def test_a_year_is_answered_blind_as_of_the_onset_and_its_interval_is_compared_with_the_truth(stress, folder):
    held, missed = (stress.measure((year, FLEET.seed), folder) for year in ("held", "missed"))
    dataset = load(simulation.write(simulation.simulate(FLEET), folder / "again"))
    found = attribute(dataset, blind=True, as_of_onset=True)
    assert (held.year, held.seed, held.held, missed.held) == ("held", 3, True, False)
    assert held.scores["share"] == pytest.approx(found.shares["change_probability"].mean())
    assert 0 < held.scores["share"] < 1


def test_the_table_has_the_mean_over_seeds_and_the_farthest_of_them(stress):
    def scored(year: str, seed: int, share: float, top1: float, error: float) -> object:
        scores = {"share": share, "true_share": 0.5, "top1": top1, "rule": top1, "any_change": 0.0}
        scores |= {"sure_said": 1.0, "sure_right": 0.9, "calibration": error, "calibration_limit": 0.05}
        return stress.Scored(year, seed, scores, held=error < 0.05)

    found = [scored("one", 1, 0.5, 0.8, 0.04), scored("one", 2, 0.3, 0.6, 0.06), scored("two", 1, 0.6, np.nan, 0.01)]
    lines = stress.show(found)
    assert lines[0] == "means over seeds 1, 2"
    assert lines[2].split() == [
        "one",
        ".40",
        ".50",
        "-0.20",
        ".70",
        ".70",
        ".00",
        "1.00",
        ".90",
        ".050",
        ".050",
        "1",
        "of",
        "2",
        "1",
        "of",
        "2",
    ]
    assert lines[3].split() == [
        "two",
        ".60",
        ".50",
        "+0.10",
        "–",
        "–",
        ".00",
        "1.00",
        ".90",
        ".010",
        ".050",
        "1",
        "of",
        "1",
        "1",
        "of",
        "1",
    ]
    assert "held the truth in 2 of 3 runs" in lines[-2]
    assert lines[-1].endswith("within its limit in 2 of 3 runs")


def test_what_is_measured_goes_between_its_marks_alone(stress, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- measured: stress -->\nold\n<!-- end -->\n<!-- measured: other -->\nstays\n<!-- end -->\n")
    stress.write_page({"stress": ["", "new \\1"], "nowhere": ["lost"]}, page)
    assert page.read_text() == (
        "a\n<!-- measured: stress -->\n```text\nnew \\1\n```\n<!-- end -->\n<!-- measured: other -->\nstays\n<!-- end -->\n"
    )
    assert f"<!-- measured: {stress.BLOCK} -->\n" in (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")


def test_a_folder_without_the_years_is_named(stress, tmp_path, monkeypatch):
    monkeypatch.setattr(stress, "REAL", tmp_path)
    monkeypatch.setattr("sys.argv", ["stress.py"])
    with pytest.raises(SystemExit, match=f"no stress_years.py at {tmp_path}: nothing was measured"):
        stress.main()
