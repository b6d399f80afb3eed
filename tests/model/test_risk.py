"""The risk of a change from what it is: each feature read by hand, and planted rates recovered from a stream of harmless bumps."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import toy

from aftershock.model import risk
from aftershock.model.em import updated_rates
from aftershock.model.priors import judged
from aftershock.model.risk import (
    BATCH_WORDS,
    EXPERIENCE_WORDS,
    MACHINE_SHAPE,
    NATURE,
    OWN_LEVEL,
    Cells,
    Feature,
    batches,
    experience,
    features_of,
    machine_accounts,
    nature,
    openings,
    routine,
    sizes,
)

START = pd.Timestamp("2024-01-01")


def changes(*rows: dict) -> pd.DataFrame:
    """Changes an hour apart unless the row gives minutes."""
    return toy.changes(
        *(
            {"change_id": f"c{n}", "started_at": START + pd.Timedelta(minutes=row.pop("minute", 60 * n)), **row}
            for n, row in enumerate(map(dict, rows))
        )
    )


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"title": "Raise the limit"}, "an ordinary change"),
        ({"title": 'Revert "Raise the limit"'}, "takes back another change"),
        ({"title": "Undo", "reverts": ["c0"]}, "takes back another change"),
        ({"title": "Say why", "paths": ["docs/limits.md", "README"]}, "touches documentation or tests alone"),
        ({"title": "Say why", "paths": ["docs/limits.md", "limits.py"]}, "an ordinary change"),
        ({"title": "Bump lodash from 4.17.20 to 4.17.21"}, "made by a bot"),
        ({"title": "Raise", "author": "renovate[bot]"}, "made by a bot"),
        ({"title": "Raise", "author": "abbott"}, "an ordinary change"),
        ({"title": "Raise", "emergency": True}, "an emergency change"),
        ({"title": "Revert", "emergency": True, "author": "x[bot]"}, "takes back another change"),
    ],
)
def test_the_nature_of_a_change(change, found):
    assert NATURE.bins[nature(changes(change))[0]] == found


def test_sizes_are_ranked_within_the_log():
    size = changes(*({"size": float(s)} for s in range(10)), {"size": np.nan})["size"]
    assert sizes(size).tolist() == [1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 0]


def test_a_batch_is_what_began_within_a_minute():
    """Ten at noon, two half a minute apart, one alone, and one 61 s after it."""
    minutes = [0] * 10 + [100, 100.5, 200, 201.02]
    found = batches(changes(*({"minute": m} for m in minutes))["started_at"])
    assert [BATCH_WORDS[code] for code in found] == [
        *["one of ten or more within a minute"] * 10,
        *["one of a few within a minute"] * 2,
        *["came alone"] * 2,
    ]


def test_experience_counts_the_authors_earlier_changes_of_the_service():
    """Ana's six changes of api, one of api and web (new to web), Ben's first, and one without an author."""
    rows = [{"author": "ana", "services": ["api"]}] * 6
    rows += [
        {"author": "ana", "services": ["api", "web"]},
        {"author": "ben", "services": ["api"]},
        {"services": ["api"]},
    ]
    first, before, often = EXPERIENCE_WORDS[1:]
    assert [EXPERIENCE_WORDS[c] for c in experience(changes(*rows))] == [
        first,
        *[before] * 4,
        often,
        first,
        first,
        EXPERIENCE_WORDS[0],
    ]


def test_people_are_never_a_level():
    """A bot by name, a nameless machine by its thousands, and people, of whom one makes far more than is usual for them."""
    authors = ["renovate[bot]"] * OWN_LEVEL + ["svc-rollout"] * 2000 + ["ana"] * 200
    authors += [f"person {n}" for n in range(20) for _ in range(15)]
    table = changes(*({"author": a} for a in authors))
    machines = machine_accounts(table)
    assert set(machines) == {"", "renovate[bot]", "svc-rollout"}
    features = {f.name: f for f in features_of(table, judged().factors)}
    assert features["account"].levels[1:] == ("svc-rollout", "renovate[bot]")
    for feature in features.values():
        assert not [level for level in feature.levels if "ana" in level or "person" in level], feature.name


def test_openings_and_repositories_that_many_share_have_levels_of_their_own():
    titles = [f"Deploy {n}" for n in range(OWN_LEVEL)] + [f"Tune {n}" for n in range(OWN_LEVEL - 1)] + ["", "12 3"]
    table = changes(*({"title": t, "repository": "shop"} for t in titles))
    assert openings(table["title"])[[0, -2, -1]].tolist() == ["deploy", "", ""]
    features = {f.name: f for f in features_of(table, judged().factors)}
    assert features["opening"].levels == ("no opening that many share", "deploy")
    assert features["opening"].codes.tolist() == [1] * OWN_LEVEL + [0] * (OWN_LEVEL + 1)
    assert "repository" not in features, "all changes have the same"
    assert features_of(table, judged().factors)[0].name == "kind", "kinds come first, even where there is one"


def test_routine_is_what_machines_make_or_what_comes_in_batches():
    rows = [{"title": "Raise"}, {"title": "Bump a from 1 to 2"}, *[{"minute": 5000}] * 10]
    features = features_of(changes(*rows), judged().factors)
    assert routine(features).tolist() == [False, True, *[True] * 10]


def test_cells_count_what_is_alike_and_multiply_its_factors():
    """Four changes of two features; the third lies outside the observed period."""
    features = [
        Feature("kind", ("a", "b"), np.ones(2), 1.0, np.array([0, 0, 1, 0])),
        Feature("size", ("s", "l"), np.ones(2), 1.0, np.array([0, 1, 1, 0])),
    ]
    cells = Cells(features, np.array([True, True, False, True]))
    rates = cells.rates(0.1, (np.array([1.0, 2.0]), np.array([3.0, 5.0])))
    assert rates[cells.cell] == pytest.approx([0.3, 0.5, 1.0, 0.3])
    assert cells.counts[cells.cell].tolist() == [2, 1, 0, 2]


def test_planted_rates_of_a_harmless_stream_are_recovered():
    """Five thousand bumps by a machine set nothing off, a thousand deploys by people one in fifty: given who is to blame, the
    bumps' rate falls to a hundredth of the deploys', and that is right to a quarter."""
    account = np.repeat([1, 0], [5000, 1000])
    features = [
        Feature("kind", ("deploy",), np.ones(1), 3.0, np.zeros(6000, dtype=np.int64)),
        Feature("account", ("people", "machine"), np.ones(2), MACHINE_SHAPE, account),
    ]
    cells = Cells(features, np.ones(6000, dtype=bool))
    culprits = np.arange(5000, 6000, 50)
    seen = SimpleNamespace(features=features, cells=cells, cell=cells.cell[culprits], used=np.ones(40, dtype=bool))
    old = SimpleNamespace(overall=0.01, factors=(np.ones(1), np.ones(2)))
    for _ in range(60):
        old.overall, old.factors = updated_rates(seen, old, np.ones(len(culprits)))
    machine, people = cells.rates(old.overall, old.factors)[cells.cell[[0, -1]]]
    assert people == pytest.approx(0.02, rel=0.25)
    assert machine < people / 30


@pytest.mark.parametrize("levels", [(3, 300, 2), (300,) * 9], ids=["one number", "more than a number tells apart"])
def test_changes_of_like_features_share_a_cell_whatever_the_number_of_combinations(levels):
    rng = np.random.default_rng(1)
    codes = [np.append(rng.integers(0, size, 500), [size - 1] * 2) for size in levels]
    combined, cell = np.unique(np.stack(codes), axis=1, return_inverse=True)
    first, number = risk._alike(codes)
    assert (np.stack([code[first] for code in codes]) == combined).all()
    assert (number == cell.ravel()).all()
