"""The answer taken apart: factors multiply to the rates of the answer, and each "without" is recomputed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from aftershock.model import likelihood
from aftershock.model.decomposition import DELAY, KIND, RELATION


@pytest.fixture(scope="module", params=["twitter", "demo"])
def found(request, twitter_found, demo_found):
    return {"twitter": twitter_found, "demo": demo_found}[request.param]


def test_the_decomposition_has_a_factor_for_whatever_the_answer_multiplies(found):
    parts, answer = found._decomposition, found._drawn.answer
    rates = np.exp(parts.log_odds) * answer.rates.background[found.seen.pairs.incident]
    assert rates == pytest.approx(answer.rates.pairs, rel=1e-9)
    assert parts.roots[0] == pytest.approx(found._drawn.pair_mean, abs=1e-12)
    assert parts.roots[1] == pytest.approx(found._drawn.none_mean, abs=1e-12)


def test_the_start_is_an_average_change_at_an_unknown_place_at_any_time(found):
    """Its rate, the place's share of all incidents, over the horizon and the background there."""
    parts, cells = found._decomposition, found.seen.cells
    average = cells.rates(found.parameters.overall, found.parameters.factors) @ cells.counts / cells.counts.sum()
    place = found.parameters.service_shares[found.seen.service]
    expected = average * place / found.seen.grid.horizon / found._drawn.answer.rates.background
    assert np.exp(parts.start) == pytest.approx(expected)
    logs = likelihood.term_logs(found.seen, found.parameters)
    others = found._drawn.answer.logs.keys()
    assert set(parts.logs) == set(logs) == set(others)
    assert {KIND, RELATION, DELAY} <= set(logs)


def test_without_a_piece_is_the_answer_shared_out_anew_by_hand(twitter_found):
    """No outage of twitter-2023 follows another within a day, so shares are odds over one plus their sum."""
    parts, seen = twitter_found._decomposition, twitter_found.seen
    assert not len(seen.links)
    for name, log in parts.logs.items():
        root, none = parts.without(name)
        odds = np.exp(parts.log_odds - log)
        whole = 1 + np.bincount(seen.pairs.incident, weights=odds, minlength=seen.incidents)
        assert root == pytest.approx(odds / whole[seen.pairs.incident]), name
        assert none == pytest.approx(1 / whole), name


def test_alone_a_candidate_competes_with_nothing_recorded_only(twitter_found):
    parts = twitter_found._decomposition
    of_change, of_none = twitter_found._drawn.answer.rates.productivity
    no_aftershock = of_none - of_change  # that none followed speaks for the root that has fewer
    for pair in range(len(twitter_found.seen.pairs)):
        odds = np.exp(parts.log_odds[pair] + no_aftershock)
        assert parts.alone(pair) == pytest.approx(odds / (1 + odds))
