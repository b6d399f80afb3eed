"""The terms of the model worked by hand; docs/method.md repeats the numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aftershock import attribute, load
from aftershock.model import likelihood
from aftershock.model.evidence import EVIDENCE
from aftershock.model.likelihood import USUAL, Rates
from aftershock.model.null_rates import NullRates
from aftershock.model.observations import Observations
from aftershock.model.parameters import Parameters, first_guess
from aftershock.schema.errors import UsageError

CHANGES = (
    "change_id,started_at,kind,services\nc1,2024-01-10T11:30Z,deploy,checkout\nc2,2024-01-10T11:40Z,config,search\n"
    "c3,2024-03-20T11:40Z,config,search\n"
)


def by_hand(folder) -> tuple[Observations, Parameters]:
    """What the docstring below supposes to have been learned, but for the delays."""
    seen = attribute(load(folder)).seen
    fitted = replace(
        first_guess(seen),
        overall=0.02,
        factors=tuple(np.ones(len(f.levels)) for f in seen.features),
        relations=np.array([0.8, 0.0, 0.0, 0.2]),
        background=0.002,
        service_shares=np.array([0.5, 0.5]),
        week=np.eye(len(seen.weeks))[0],
        ratios=tuple(np.ones(len(e.prior)) for e in EVIDENCE),
    )
    return seen, fitted


@pytest.fixture
def half_per_hour(monkeypatch):
    """Every delay has a density of 0.5 per hour."""
    monkeypatch.setattr(likelihood, "delay_density", lambda seen, delays: np.full(len(seen.pairs), 0.5))


def test_an_attribution_worked_by_hand(write, half_per_hour):
    """One incident on checkout at noon; a deploy of checkout 30 minutes before, a config change of search 20 minutes before.

    With a rate of 0.02 per change, 80 % of it on the same service, a delay density of 0.5 per hour, and all evidence
    worth 1, the deploy's term is 0.02 · 0.8 · 0.5 = 0.008 per hour. The config change is unrelated (no graph): rate 0.02,
    20 % of it elsewhere, checkout has half of the incidents, so 0.02 · 0.2 · 0.5 · 0.5 = 0.001. The background is 0.002 per
    hour, half of it on checkout, flat over the week: 0.001. Shares: 0.8, 0.1, 0.1.
    """
    incidents = "incident_id,started_at,services\ni1,2024-01-10T12:00Z,checkout\ni2,2024-03-10T12:00Z,search\n"
    seen, fitted = by_hand(write(incidents=incidents, changes=CHANGES))
    assert likelihood.relation_factor(
        seen.pairs, fitted.relations, fitted.service_shares[seen.service]
    ) == pytest.approx([0.8, 0.2 * 0.5])
    assert likelihood.evidence_logs(seen, fitted.ratios).keys() == {*(e.name for e in EVIDENCE), USUAL}
    assert all(logs == pytest.approx([0, 0]) for logs in likelihood.evidence_logs(seen, fitted.ratios).values())
    assert likelihood.terms(seen, fitted) == pytest.approx([0.008, 0.001])
    assert likelihood.background_rate(seen, fitted) == pytest.approx([0.001, 0.001])
    found = likelihood.settled(seen, likelihood.rates_of(seen, fitted))
    assert found.pairs == pytest.approx([0.8, 0.1])
    assert found.none == pytest.approx([0.1, 1.0]) and found.rootless == pytest.approx(found.none)


def test_services_without_an_incident_yet_take_their_part_of_the_background(write):
    """Incidents fell on two services, and a third was changed: the next may fall on that one, too. Were the background shared
    among the two alone, an incident right on a service that was just changed would say too little."""
    incidents = "incident_id,started_at,services\ni1,2024-01-10T12:00Z,checkout\ni2,2024-03-10T12:00Z,search\n"
    changes = CHANGES + "c9,2024-02-01T12:00Z,deploy,mail\n"
    found = attribute(load(write(incidents=incidents, changes=changes)))
    assert found.reading.services == ["checkout", "mail", "search"]
    shares = found.parameters.service_shares
    assert shares.sum() == pytest.approx(1) and (shares > 0.1).all()


def test_evidence_worth_eight_makes_the_lesser_change_as_likely(write, half_per_hour):
    """As docs/method.md goes on: 0.008, 0.008 and 0.001 are 47 %, 47 % and 6 %."""
    incidents = "incident_id,started_at,services\ni1,2024-01-10T12:00Z,checkout\ni2,2024-03-10T12:00Z,search\n"
    seen, fitted = by_hand(write(incidents=incidents, changes=CHANGES))
    bins = np.zeros_like(seen.bins)
    bins[0] = [0, 1]
    seen = replace(seen, bins=bins, null=NullRates.unknown(seen.groups))
    ratios = (np.array([1.0, 8.0, *np.ones(len(EVIDENCE[0].prior) - 2)]), *fitted.ratios[1:])
    logs = likelihood.term_logs(seen, fitted) | {"words": np.log(ratios[0])[seen.bins[0]]}
    rates = replace(likelihood.rates_of(seen, fitted), pairs=likelihood.total(logs))
    assert likelihood.settled(seen, rates).pairs == pytest.approx([8 / 17, 8 / 17])


def test_features_multiply_the_overall_rate(write, half_per_hour):
    """The deploy's kind weighs 3: its term, and no other, is three times as large."""
    incidents = "incident_id,started_at,services\ni1,2024-01-10T12:00Z,checkout\ni2,2024-03-10T12:00Z,search\n"
    seen, fitted = by_hand(write(incidents=incidents, changes=CHANGES))
    weights = np.where(np.array(seen.kinds) == "deploy", 3.0, 1.0)
    fitted = replace(fitted, factors=(weights, *fitted.factors[1:]))
    assert likelihood.terms(seen, fitted) == pytest.approx([0.024, 0.001])


@pytest.fixture
def two(write) -> Observations:
    """Two incidents of checkout six minutes apart, both after one deploy."""
    incidents = "incident_id,started_at,services\ni1,2024-01-10T12:00Z,checkout\ni2,2024-01-10T12:06Z,checkout\n"
    return attribute(load(write(incidents=incidents, changes=CHANGES.replace("c2,2024-01", "c2,2024-02")))).seen


def rates(productivity: tuple[float, float]) -> Rates:
    """The change 3 and 1 per hour, the background 1 and 1, the link 4 at a productivity of 1."""
    return Rates(
        np.array([3.0, 1.0]), np.zeros(2), np.array([4.0]), np.array([1.0, 1.0]), np.array(productivity, dtype=float)
    )


def test_an_earlier_incident_competes_for_the_later(two):
    """Productivity 0.5 whatever the root: the link has 2 per hour. i1: 3 of 4 by the change. i2: 1, 2 and 1 of 4; its root
    is the change at 1/4 + 1/2 · 3/4 = 5/8, none at 1/4 + 1/2 · 1/4 = 3/8."""
    found = likelihood.settled(two, rates((0.5, 0.5)))
    assert found.pairs == pytest.approx([0.75, 0.25])
    assert found.links == pytest.approx([0.5])
    assert found.none == pytest.approx([0.25, 0.25])
    root, none = likelihood.rooted(two, found)
    assert root == pytest.approx([0.75, 5 / 8])
    assert none == pytest.approx([0.25, 3 / 8]) and found.rootless == pytest.approx(none)


def test_many_aftershocks_speak_for_the_root_that_has_many(two):
    few, many = (likelihood.settled(two, rates(p)) for p in ((0.3, 0.3), (0.5, 0.1)))
    assert many.pairs[0] > few.pairs[0] == pytest.approx(0.75)
    assert likelihood.leaning(two, np.array([1.0]), np.array([2.0, 0.1])) == pytest.approx(
        [np.log(20) - 2 * 1.9, -1.9]
    ), "each of the two had 1.9 more chances for an aftershock had a change set it off, and one came of the first"


def test_verdicts_are_clamped(two):
    verdict = replace(two, decided=np.array([True, False]), verdict=np.array([True, False]))
    found = likelihood.settled(verdict, rates((0.5, 0.5)))
    assert found.pairs[0] == 1 and found.none[0] == 0
    root, none = likelihood.rooted(verdict, found)
    assert root == pytest.approx([1, 0.75]) and none == pytest.approx([0, 0.25])
    refused = likelihood.settled(replace(verdict, verdict=np.zeros(2, dtype=bool)), rates((0.5, 0.5)))
    assert refused.pairs[0] == 0 and refused.none[0] == 1


def test_shares_sum_to_one_with_candidates_that_are_drawn_together(two):
    found = likelihood.settled(two, replace(rates((0.5, 0.2)), rest=np.array([0.5, 2.0])))
    whole = found.none + found.rest + np.bincount(two.pairs.incident, found.pairs, 2)
    assert whole + np.bincount(two.links.incident, found.links, 2) == pytest.approx(1)


def test_a_root_beyond_the_horizon_leaves_its_share_to_the_candidates(write):
    """The change came 71 hours before i1 and 73 before i2: through i1 it may be behind i2, whose candidate it is not."""
    incidents = "incident_id,started_at,services\ni1,2024-01-10T12:00Z,checkout\ni2,2024-01-10T14:00Z,checkout\n"
    changes = (
        "change_id,started_at,kind,services\nc1,2024-01-07T13:00Z,deploy,checkout\nc2,2024-02-10T11:40Z,config,x\n"
    )
    found = attribute(load(write(incidents=incidents, changes=changes)))
    assert set(found.suspects("i2")["change_id"]) == {"none"}
    assert found.suspects("i2")["probability"].sum() == pytest.approx(1)


def test_evidence_that_says_nothing_changes_nothing_but_itself(write):
    without = attribute(load(write()), blind=True, without=("words",))
    logs = likelihood.evidence_logs(without.seen, without.parameters.ratios)
    assert set(logs["words"]) == {0.0}
    assert any(log.any() for name, log in logs.items() if name != "words")
    with pytest.raises(UsageError) as failed:
        attribute(load(write()), without=("word",))
    assert str(failed.value).startswith("no evidence 'word'; the nearest is 'words' (known are words, ")
