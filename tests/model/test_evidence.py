"""What speaks for or against a candidate, each piece worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import toy

from aftershock import attribute, load
from aftershock.model.em import base_delays, places_and_widths
from aftershock.model.evidence import (
    EVIDENCE,
    NATURE_WORDS,
    TAKEN_BACK_SHARE,
    Evidence,
    nature,
    size_classes,
    touched_again,
)
from aftershock.model.null_rates import SUSPECTED, null_table
from aftershock.model.priors import adapted_to_log, in_order, judged

HOUR = "2024-01-01 {:02d}:00"


def changes(*rows: dict):
    """Changes an hour apart, from midnight on."""
    return toy.changes(*({"change_id": f"c{n}", "started_at": HOUR.format(n), **row} for n, row in enumerate(rows)))


def hour(n: int) -> float:
    return toy.utc(HOUR.format(n)).timestamp() / 3600


# what kind of work it is


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"title": "Raise the limit"}, "an ordinary change"),
        ({"title": "Revert \"Raise the limit\""}, "takes back another change"),
        ({"title": "Undo", "reverts": ["c0"]}, "takes back another change"),
        ({"title": "Say why", "paths": ["docs/limits.md", "README"]}, "touches documentation or tests alone"),
        ({"title": "Say why", "paths": ["docs/limits.md", "limits.py"]}, "an ordinary change"),
        ({"title": "Bump lodash from 4.17.20 to 4.17.21"}, "made by a bot"),
        ({"title": "Raise", "author": "renovate[bot]"}, "made by a bot"),
        ({"title": "Raise", "author": "abbott"}, "an ordinary change"),
        ({"title": "Raise", "emergency": True}, "an emergency change"),
    ],
)  # fmt: skip
def test_the_nature_of_a_change(change, found):
    assert NATURE_WORDS[nature(changes(change))[0]] == found


def test_sizes_are_ranked_within_the_log():
    sizes = changes(*({"size": float(s)} for s in [*range(10)]), {"size": np.nan})["size"]
    assert size_classes(sizes).tolist() == [1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 0]


def test_touched_again_is_the_next_touch_of_the_same_author_and_file():
    table = changes(
        {"author": "a", "paths": ["x", "y"]},
        {"author": "b", "paths": ["x"]},
        {"author": "a", "paths": ["y"]},
        {"author": "", "paths": ["x"]},
        {"author": "a", "paths": []},
    )
    assert touched_again(table).tolist()[:3] == [hour(2), math.inf, math.inf]
    assert np.isnan(touched_again(table)[3:]).all()


def test_a_repair_counts_only_where_the_log_may_be_read_after_the_fact(write):
    """The change to checkout is taken back half an hour after the outage began."""
    ordinary = (
        "change_id,started_at,kind,services,title\nc1,2024-01-10T11:30Z,deploy,checkout,Raise the limit\n"
        "c2,2024-01-10T11:20Z,deploy,checkout,Move the cache\nc3,2024-01-10T12:30Z,deploy,checkout,{}\n"
        "c4,2024-02-20T11:30Z,deploy,search,Add a column\n"
    )
    plain = load(write(changes=ordinary.format("Polish")))
    repaired = load(write(changes=ordinary.format('"Revert ""Raise the limit"""')))

    def of(dataset, **how):
        return attribute(dataset, **how).suspects("i1").set_index("change_id")["probability"]

    assert of(repaired)["c1"] > 1.2 * of(plain)["c1"]
    assert of(repaired, as_of_onset=True)["c1"] == pytest.approx(of(plain, as_of_onset=True)["c1"], abs=0.02)


def test_a_share_of_culprits_is_taken_back_however_rare_that_is_among_the_innocent():
    """Of 1,000 innocent pairs 10 are taken back during the incident: a quarter of culprits is 33 times as many, and among
    all pairs the ratios average to what they are relative to those not taken back."""
    e = [one.name for one in EVIDENCE].index("taken back")
    nulls = [np.full((1, len(one.bins)), 1 / len(one.bins)) for one in EVIDENCE]
    nulls[e] = np.array([[0.99, 0.0, 0.01]])
    bins = np.zeros((len(EVIDENCE), 5), dtype=int)
    bins[e, 0] = 2
    ratio = adapted_to_log(judged(), nulls, bins).ratios[e]
    culprits = nulls[e][0] * ratio
    assert culprits / culprits.sum() == pytest.approx([1 - TAKEN_BACK_SHARE, 0, TAKEN_BACK_SHARE])
    assert adapted_to_log(judged(), nulls, np.zeros_like(bins)).ratios[e].tolist() == [1.0, 0.3, 1.0], (
        "nothing was: it is silent"
    )
    nulls[e] = np.array([[0.5, 0.0, 0.5]])
    assert adapted_to_log(judged(), nulls, bins).ratios[e][2] == EVIDENCE[e].prior[2], (
        "where all is taken back it says little"
    )


def test_innocent_changes_are_suspected_more_often_than_moved_copies_show():
    """Nothing was ever taken back during a copy: the null still holds a share of changes that people take back by mistake."""
    e = next(one for one in EVIDENCE if one.name == "taken back")
    null = null_table(e, np.zeros(100_000, dtype=int), np.zeros(100_000, dtype=int))
    assert null[:, 2] == pytest.approx(SUSPECTED, rel=0.05)
    assert null.sum(axis=1) == pytest.approx(1)


# learning


def test_ratios_that_must_rise_are_pooled_where_they_fall():
    rising = Evidence("x", ("unknown", "little", "more", "most"), (1.0,) * 4, order=1)
    found = in_order(rising, np.array([5.0, 1.0, 4.0, 1.0]), np.array([1.0, 1.0, 1.0, 1.0]))
    assert found == pytest.approx([5, 1, 2, 2])
    free = replace(rising, order=0)
    assert in_order(free, np.array([5.0, 1.0, 4.0, 1.0]), np.ones(4)).tolist() == [5, 1, 4, 1]


def test_bins_and_priors_of_every_piece_of_evidence_match():
    for one in EVIDENCE:
        assert len(one.bins) == len(one.prior), one.name
        assert not one.order or list(one.prior[1:]) == sorted(one.prior[1:]), one.name


def test_each_kind_is_shrunk_to_a_curve_of_its_own(write):
    """Ten thousand quick deploys and as many slow configuration changes: each base curve has the moments of its kind."""
    found = attribute(load(write()))
    seen, x = found.seen, found.seen.grid.logs
    quick, slow = (np.exp(-(((x - np.log(h)) / 0.7) ** 2) / 2) for h in (0.1, 10))
    counts = 1e4 * np.array([quick / quick.sum(), slow / slow.sum()])
    curves = base_delays(seen, counts)
    assert np.exp(curves @ x) == pytest.approx([0.1, 10], rel=0.2)
    assert curves.sum(axis=1) == pytest.approx([1, 1])


def test_kinds_share_as_much_as_they_are_alike():
    """Five incidents of a thin kind beside four well-known ones: where those agree it is drawn to them, where they lie far
    apart it keeps its own place; and a thin kind is foretold with a wider curve."""
    x = np.linspace(-5, 5, 201)

    def place_of_the_thin(*others: float) -> tuple[float, float, float]:
        at, n = np.array([2.0, *others]), np.array([5.0, *[200.0] * len(others)])
        bells = np.exp(-((x - at[:, None]) ** 2) / 2)
        places, widths = places_and_widths(n[:, None] * bells / bells.sum(axis=1, keepdims=True), x)
        assert places[1:] == pytest.approx(others, abs=0.1)
        return places[0], widths[0], widths[1]

    alike, wide, known = place_of_the_thin(-1.0, -1.1, -0.9, -1.0)
    apart, *_ = place_of_the_thin(-3.0, -1.0, 0.5, 3.0)
    assert -1 < alike < apart < 2 and apart - alike > 0.2
    assert wide > known * 1.05


def test_without_an_incident_a_kind_is_where_the_prior_is():
    places, widths = places_and_widths(np.zeros((2, 5)), np.linspace(-3, 3, 5))
    assert np.exp(places) == pytest.approx([0.5, 0.5])
    assert (widths > 1.8).all()
