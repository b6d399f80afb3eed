"""The backtest: folds that know nothing of what comes later, the command, its JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from aftershock import load
from aftershock.model.validation.backtest import EARLIER, OURS, backtest, labels_of
from aftershock.model.validation.tfidf import cosines
from aftershock.model.validation.time_folds import held_out, known_at
from aftershock.simulation import Fleet, simulate, write


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Four months of a small company."""
    fleet = Fleet(seed=3, months=4, services=12, changes=900, background_incidents=20, postmortems=0)
    return write(simulate(fleet), tmp_path_factory.mktemp("fleet") / "little")


@pytest.fixture(scope="module")
def little(folder):
    return load(folder)


@pytest.fixture(scope="module")
def result(little, folder):
    return backtest(little, labels_of(little, folder / "truth.csv"), folds=2)


def run(*arguments: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", "TERM": "dumb"}
    command = [sys.executable, "-m", "aftershock", "backtest", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


# folds


def test_what_was_known_at_a_moment(little):
    moment, until = (pd.Timestamp(t, tz="UTC") for t in ("2025-02-15", "2025-03-15"))
    past = known_at(little, moment, until)
    assert past.observed == (little.observed[0], moment)
    assert past.incidents["started_at"].max() < until and past.changes["started_at"].max() < until
    assert len(past.incidents) == (little.incidents["started_at"] < until).sum() > 0


def test_nothing_later_changes_what_a_fold_answers(little, folder):
    labels = labels_of(little, folder / "truth.csv")
    folds, outcomes = held_out(little, labels, folds=2, as_of_onset=True)
    until = folds[1].start
    first = outcomes[
        outcomes["incident_id"].isin(little.incidents.loc[little.incidents["started_at"] < until, "incident_id"])
    ]
    later = {name: getattr(little, name)["started_at"] >= until for name in ("incidents", "changes")}
    mad = replace(
        little,
        incidents=little.incidents.assign(title=little.incidents["title"].mask(later["incidents"], "nonsense")),
        changes=little.changes.assign(
            kind=little.changes["kind"].mask(later["changes"], "policy"),
            title=little.changes["title"].mask(later["changes"], "x"),
        ),
    )
    again = held_out(mad, labels, folds=2, as_of_onset=True)[1]
    assert len(first) == folds[0].answered > 5
    assert again.head(len(first)).equals(outcomes.head(len(first)))
    assert not again.equals(outcomes)  # while what comes later does change the second fold


def test_folds_follow_each_other_and_learn_from_more_and_more(result, little):
    first, second = result.folds
    assert first.end < second.start and first.learned_from < second.learned_from
    starts = little.actual_incidents["started_at"]
    inside = (starts >= little.observed[0]) & (starts < first.start)
    assert first.learned_from == inside.sum()
    assert len(result.later) == first.answered + second.answered
    assert list(result.held_out)[:2] == [EARLIER, OURS]
    assert all(len(table) == len(result.later) for table in result.held_out.values())


def test_one_labelled_incident_cannot_be_cut(little, folder):
    labels = labels_of(little, folder / "truth.csv").head(1)
    folds, outcomes = held_out(little, labels, folds=3, as_of_onset=True)
    assert folds == [] and outcomes.empty


def test_the_incidents_told_most_wrong(result):
    worst = result.worst(5)
    assert worst["given"].is_monotonic_increasing and (worst["given"] < 0.5).all()
    suspects = result.found.suspects().set_index(["incident_id", "change_id"])
    for row in worst.itertuples():
        assert suspects.loc[(row.incident_id, row.true_change), "probability"] == pytest.approx(row.given)
        assert suspects.loc[(row.incident_id, row.top_change), "probability"] == pytest.approx(row.top_probability)


# words


def test_cosines_of_words_by_rarity():
    first = ["Checkout fails: timeout", "nothing alike", ""]
    second = ["checkout timeout", "checkout", "search"]
    rare, common = (len(second) + 1) / 2, (len(second) + 1) / 3  # one of three texts has "timeout", two "checkout"
    import math

    long = math.hypot(math.log(rare), math.log(common))
    found = cosines(first, second, pd.Series([0, 0, 0, 1, 2]).to_numpy(), pd.Series([0, 1, 2, 0, 0]).to_numpy())
    assert found.tolist() == pytest.approx([1, math.log(common) / long, 0, 0, 0])


# the command


def test_backtest_as_json_and_as_text(folder, tmp_path):
    path = tmp_path / "out" / "backtest.json"
    done = run(str(folder), "--labels", str(folder / "truth.csv"), "--folds", "0", "--json", str(path))
    assert done.returncode == 0, done.stderr
    told = json.loads(path.read_text())
    assert told["as_of"] == "onset" and told["labels"] == {"simulated": len(told["incidents"])}
    assert "held_out" not in told and told["folds"] == []
    top = {r["rule"]: r for r in told["in_sample"]["scores"] if r["measure"] == "top_1"}
    ours = top["Aftershock"]
    hits = [i for i in told["incidents"] if i["top_1"] == 1]
    assert ours["hits"] == len(hits) and ours["value"] == len(hits) / ours["n"]
    assert f"  Aftershock                 {ours['value']:.3f} [" in done.stdout
    assert done.stdout.splitlines()[0].endswith("(little), answered blind and as of each incident's onset")
    said = [line.split()[0] for line in done.stdout.split("Most wrong")[1].splitlines()[2:]]
    assert said == [i for i in said if next(o for o in told["incidents"] if o["incident_id"] == i)["first_right"] < 1]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["{folder}"],
            2,
            "aftershock: no cause is known in little, so nothing can be compared. Record verdicts (aftershock verdict), fill "
            "caused_by, or name a file with --labels; aftershock report check {folder} tells what to expect without any\n",
        ),
        (["{folder}", "--as-of", "dawn"], 2, "aftershock: --as-of 'dawn': expected now or onset\n"),
        (["{folder}", "--labels", "{folder}/gone.csv"], 2, "aftershock: no file of labels at {folder}/gone.csv\n"),
    ],
)
def test_what_cannot_be_measured(folder, arguments, code, message):
    done = run(*(a.format(folder=folder) for a in arguments))
    assert (done.returncode, done.stdout, done.stderr) == (code, "", message.format(folder=folder))
