"""Refits: what one incident more or less, or one verdict, changes, and what it must leave alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aftershock import attribute
from aftershock.dataset.dataset import Dataset
from aftershock.model import likelihood
from aftershock.model.attribution import Attribution
from aftershock.model.gibbs import kind_rates
from aftershock.schema.tables import NONE

SURE = 0.95


def without(dataset: Dataset, incident_id: str) -> Dataset:
    """The dataset as it would be had one incident not been logged."""
    return replace(dataset, incidents=dataset.incidents[dataset.incidents["incident_id"] != incident_id])


def decided(dataset: Dataset, incident_id: str, change_id: str) -> Dataset:
    """The dataset with one verdict."""
    now = pd.Timestamp("2026-01-01", tz="UTC")
    row = {
        "incident_id": incident_id,
        "change_id": change_id,
        "decision": "",
        "decided_by": "review",
        "decided_at": now,
        "note": "",
    }
    table = dataset.verdicts.reindex(range(1)).assign(**row, decided_at_before=now)
    return replace(dataset, verdicts=table)


def background(found: Attribution) -> pd.Series:
    """Incidents per month without a recorded change, per service, of the fit."""
    return pd.Series(found.parameters.background * found.parameters.service_shares, found.reading.services) * 24 * 30.44


def rates(found: Attribution) -> pd.Series:
    return pd.Series(kind_rates(found.seen, found.parameters), found.seen.kinds)


def answers(found: Attribution) -> pd.Series:
    """Probability of "no recorded change" of the fit, per incident."""
    seen = found.seen
    none = likelihood.settled(seen, likelihood.rates_of(seen, found.parameters)).rootless
    return pd.Series(none, found.reading.incidents["incident_id"])


@pytest.fixture(scope="module")
def sure_of_a_change(demo_found) -> pd.Series:
    """An incident in the middle of the year that a change surely set off: its best suspect."""
    best = demo_found.suspects()[lambda s: (s["rank"] == 1) & (s["change_id"] != NONE) & (s["probability"] > SURE)]
    return best.iloc[len(best) // 2]


@pytest.fixture(scope="module")
def sure_of_none(demo_found) -> pd.Series:
    """An incident that surely no recorded change set off, on a service that has others."""
    best = demo_found.suspects()[lambda s: (s["rank"] == 1) & (s["change_id"] == NONE) & (s["probability"] > SURE)]
    main = demo_found.reading.incidents.set_index("incident_id")["services"].map(lambda s: s[0])
    counts = main.value_counts()
    return next(row for _, row in best.iterrows() if counts[main[row["incident_id"]]] >= 3)


@pytest.fixture(scope="module")
def without_a_change(demo, sure_of_a_change) -> Attribution:
    return attribute(without(demo, sure_of_a_change["incident_id"]))


@pytest.fixture(scope="module")
def without_none(demo, sure_of_none) -> Attribution:
    return attribute(without(demo, sure_of_none["incident_id"]))


def main_service(dataset: Dataset, incident_id: str) -> str:
    return dataset.incident(incident_id)["services"][0]


def test_without_an_incident_the_rate_of_its_culprits_kind_falls_and_others_stay(
    demo_found, sure_of_a_change, without_a_change
):
    kind = sure_of_a_change["kind"]
    changes = np.bincount(demo_found.seen.kind_of_change[demo_found.seen.counted], minlength=len(demo_found.seen.kinds))
    fallen = (rates(demo_found) - rates(without_a_change)) * changes  # in incidents
    assert 0.5 < fallen[kind] < 3, "an incident or two less: what resembled it falls, too"
    ratio = rates(without_a_change) / rates(demo_found)
    assert fallen.idxmax() == ratio.idxmin() == kind
    assert ratio.drop(kind).between(0.9, 1.1).all()


def test_without_it_the_background_of_its_service_stays(demo, demo_found, sure_of_a_change, without_a_change):
    service = main_service(demo, sure_of_a_change["incident_id"])
    before, after = background(demo_found), background(without_a_change)
    assert after[service] == pytest.approx(before[service], rel=0.05)
    assert after.sum() == pytest.approx(before.sum(), rel=0.02)


def test_without_an_incident_of_the_background_its_service_has_less_and_kinds_keep_their_rates(
    demo, demo_found, sure_of_none, without_none
):
    service = main_service(demo, sure_of_none["incident_id"])
    fallen = background(demo_found) - background(without_none)
    months = demo_found.seen.hours / 24 / 30.44
    assert 0.5 < fallen.sum() * months < 1.5, "about one incident less over the period"
    assert fallen[service] > 0, "services follow the changes, too, so the others share in it"
    assert (rates(without_none) / rates(demo_found)).between(0.95, 1.05).all()


def test_what_is_far_away_in_time_and_service_hardly_changes(demo, demo_found, sure_of_a_change, without_a_change):
    gone = demo.incident(sure_of_a_change["incident_id"])
    table = demo_found.reading.incidents.set_index("incident_id")
    far = table[
        ((table["started_at"] - gone["started_at"]).abs() > pd.Timedelta(days=14))
        & ~table["services"].map(lambda s: bool(set(s) & set(gone["services"])))
    ].index
    assert len(far) > 50
    moved = (answers(demo_found)[far] - answers(without_a_change)[far]).abs()
    assert moved.mean() < 0.03
    assert moved.quantile(0.9) < 0.08
    assert moved.max() < 0.3, "evidence is weighed anew, which an open question feels most"


def test_a_verdict_clamps_its_incident_alone_and_teaches_in_its_direction(demo, demo_found):
    open_question = demo_found.suspects()[
        lambda s: (s["rank"] == 1) & (s["change_id"] != NONE) & s["probability"].between(0.4, 0.8)
    ].iloc[0]
    incident, kind = open_question["incident_id"], open_question["kind"]
    yes, no = (attribute(decided(demo, incident, c)) for c in (open_question["change_id"], NONE))
    for found, none in ((yes, 0.0), (no, 1.0)):
        said = answers(found)
        assert said[incident] == none
        assert found.seen.decided.sum() == 1
        assert (said.drop(incident) - answers(demo_found).drop(incident)).abs().mean() < 0.03
        assert said.drop(incident).between(0, 1, inclusive="neither").all()
    assert rates(yes)[kind] > rates(demo_found)[kind] > rates(no)[kind]
    assert background(yes).sum() < background(demo_found).sum() < background(no).sum()
