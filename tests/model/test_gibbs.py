"""Draws from the posterior: the same each time, and the answer is their geometric mean."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from aftershock import attribute, load
from aftershock.model import gibbs, likelihood
from aftershock.model.gibbs import _Mean, _picked, _reached, kind_rates, sample
from aftershock.model.likelihood import Rates
from aftershock.simulation import Fleet, simulate, write


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A third of a year of a small fleet."""
    fleet = Fleet(seed=4, months=4, services=10, changes=700, background_incidents=12)
    return attribute(load(write(simulate(fleet), tmp_path_factory.mktemp("fleet") / "small")))


def draws(found, **how) -> gibbs.Draws:
    return sample(found.seen, found.parameters, **{"sweeps": 60, **how})


def test_the_same_seed_gives_the_same_draws_and_another_others(found):
    one, same, other = draws(found), draws(found), draws(found, seed=7)
    assert (one.pair_mean == same.pair_mean).all() and (one.rates == same.rates).all()
    assert not (one.rates == other.rates).all()
    assert np.abs(one.none_mean - other.none_mean).mean() < 0.05, "nor does the seed decide the answer"


def test_the_monte_carlo_error_is_what_other_seeds_show(found):
    """Over six seeds answers spread as far as each says of itself, on average over incidents; half or twice is a fault."""
    runs = [draws(found, seed=seed) for seed in range(6)]
    for name, error in (("none_mean", "none_error"), ("pair_mean", "pair_error")):
        spread = np.std([getattr(run, name) for run in runs], axis=0, ddof=1)
        said = np.mean([getattr(run, error) for run in runs], axis=0)
        assert 0.5 < said.sum() / spread.sum() < 2
        assert 0 <= said.max() < 0.3


def test_answers_sum_to_one_and_lie_within_their_intervals(found):
    drawn, incident = draws(found), found.seen.pairs.incident
    whole = drawn.none_mean + np.bincount(incident, weights=drawn.pair_mean, minlength=found.seen.incidents)
    assert whole == pytest.approx(1)
    assert (drawn.pair_low <= drawn.pair_mean).all() and (drawn.pair_mean <= drawn.pair_high).all()
    assert (drawn.none_low <= drawn.none_mean).all() and (drawn.none_mean <= drawn.none_high).all()
    assert drawn.by_change.shape == (60, found.seen.incidents) and drawn.of("relations").shape == (60, 4)


def test_candidates_drawn_together_do_not_change_the_answer(found, monkeypatch):
    """With seven times as many candidates drawn one by one probabilities move no more than another seed moves them: by
    0.05 on average, and their mean by 0.03."""
    usual = draws(found, sweeps=200)
    monkeypatch.setattr(gibbs, "LEAST_KEPT", 1e-8)
    every = draws(found, sweeps=200)
    assert len(every.kept) > 4 * len(usual.kept)
    assert np.abs(usual.none_mean - every.none_mean).mean() < 0.05
    assert usual.none_mean.mean() == pytest.approx(every.none_mean.mean(), abs=0.05)
    assert np.abs(usual.pair_mean - every.pair_mean).mean() < 0.005


def test_the_answer_is_the_geometric_mean_of_the_draws_worked_by_hand():
    """Two draws of one pair of two factors: 2 · 3 and 8 · 3 have the geometric mean 12; those of links 1 and 4, of the
    background 1 and 9, and of productivity 0.1 and 0.4 are 2, 3 and 0.2. So the pair gets 12 of 15."""
    seen = SimpleNamespace(
        incidents=1,
        links=SimpleNamespace(incident=np.zeros(0, int), change=np.zeros(0, int)),
        pairs=SimpleNamespace(incident=np.array([0])),
    )
    mean = _Mean()
    for kind, link, background, productivity in ((2.0, 1.0, 1.0, 0.1), (8.0, 4.0, 9.0, 0.4)):
        logs = {"kind": np.log([kind]), "words": np.log([3.0])}
        nothing = np.zeros(1)
        rates = Rates(nothing, nothing, np.array([link]), np.array([background]), np.array([productivity]))
        mean.add(logs, rates)
    nothing = np.zeros(0)
    chain = SimpleNamespace(
        seen=seen,
        kept=np.array([0]),
        others=nothing.astype(int),
        other_rates=nothing,
        unlisted=np.zeros(1),
        followed=np.array([1]),
        link_rates=np.array([5.0, 7.0, 9.0]),
    )
    seen.pairs = Sized(np.array([0]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(likelihood, "settled", lambda seen, rates: rates)
        answer = mean.answer(chain)
    assert {name: np.exp(log).item() for name, log in answer.logs.items()} == pytest.approx({"kind": 4.0, "words": 3.0})
    rates = answer.rates
    assert (rates.pairs, rates.links, rates.background, rates.productivity) == (
        pytest.approx([12.0]),
        pytest.approx([5.0, 2.0, 9.0]),  # links that are not followed stay as at the fit
        pytest.approx([3.0]),
        pytest.approx([0.2]),
    )


class Sized:
    def __init__(self, incident: np.ndarray):
        self.incident = incident

    def __len__(self) -> int:
        return len(self.incident)


def test_a_target_picks_the_weight_that_it_falls_on():
    """Weights 0.2, 0.3 of the first incident, none of the second, 1.0 of the third."""
    weights, starts = np.array([0.2, 0.3, 1.0]), np.array([0, 2, 2, 3])
    for target, chosen in ((0.1, 0), (0.25, 1), (0.499, 1)):
        assert _picked(
            _reached(weights), starts, np.array([target, 0.5, 0.5]), np.array([True, False, True])
        ).tolist() == [
            chosen,
            2,
        ]


def test_the_rate_of_a_kind_is_the_mean_over_its_changes(found):
    seen, fitted = found.seen, found.parameters
    rates = seen.cells.rates(fitted.overall, fitted.factors)[seen.cells.cell]
    for kind, rate in enumerate(kind_rates(seen, fitted)):
        counted = seen.counted & (seen.kind_of_change == kind)
        if counted.any():
            assert rate == pytest.approx(rates[counted].mean())


def test_set_off_counts_what_changes_set_off_in_the_observed_period(found):
    drawn = draws(found)
    assert (drawn.set_off.sum(axis=1) <= found.seen.used.sum()).all()
    direct = drawn.answer.origins.pairs[found.seen.used[found.seen.pairs.incident]].sum()
    assert drawn.set_off.sum(axis=1).mean() == pytest.approx(direct, abs=3)
