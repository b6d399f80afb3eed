"""Folds that know nothing of what comes later."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from aftershock.model.validation.backtest import labels_of
from aftershock.model.validation.time_folds import held_out, known_at


def test_what_was_known_at_a_moment(little):
    moment, until = (pd.Timestamp(t, tz="UTC") for t in ("2025-02-15", "2025-03-15"))
    past = known_at(little, moment, until)
    assert past.observed == (little.observed[0], moment)
    assert past.incidents["started_at"].max() < until and past.changes["started_at"].max() < until
    assert len(past.incidents) == (little.incidents["started_at"] < until).sum() > 0


def test_nothing_later_changes_what_a_fold_answers(little, folder, result):
    labels = labels_of(little, folder / "truth.csv")
    folds, outcomes = result.folds, result.later
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


def test_one_labelled_incident_cannot_be_cut(little, folder):
    labels = labels_of(little, folder / "truth.csv").head(1)
    folds, outcomes = held_out(little, labels, folds=3, as_of_onset=True)
    assert folds == [] and outcomes.empty
