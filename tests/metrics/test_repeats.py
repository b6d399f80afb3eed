"""Which incidents resemble earlier ones."""

from __future__ import annotations

import math

import pytest
from toy import ToyDataset, incidents

from aftershock import metrics


def test_repeats_need_words_in_common_and_look_back_only():
    rows = [
        {
            "incident_id": "old",
            "started_at": "2025-01-01",
            "title": "Certificate expired on gateway",
            "services": ["api"],
        },
        {"incident_id": "other", "started_at": "2025-01-02", "title": "Disk full", "services": ["api"]},
        {"incident_id": "now", "started_at": "2025-01-03", "title": "Gateway certificate expired", "services": ["api"]},
        {"incident_id": "later", "started_at": "2025-01-04", "title": "Certificate expired", "services": ["api"]},
    ]
    table = metrics.repeats(ToyDataset(incidents(*rows)), ["now"])
    assert table[["incident_id", "earlier_id"]].to_numpy().tolist() == [["now", "old"]]
    assert table["similarity"].iloc[0] == pytest.approx(1.0)
    assert table["shared_services"].iloc[0] == ["api"]


def incident(id: str, title: str, *services: str, at: str = "2025-01-01") -> dict:
    return {"incident_id": id, "started_at": at, "title": title, "services": list(services)}


@pytest.mark.parametrize(
    ("earlier", "services", "alike"),
    [
        ("Certificate expired on the gateway", ["api"], True),
        ("Certificate expired on the gateway", ["web"], False),  # another service
        ("Certificate expired on the gateway", [], True),  # which service is not said
        ("Certificate rotated on schedule", ["api"], False),  # one word in common
        ("api is slow", ["api"], False),  # the service's name alone
    ],
)
def test_a_repeat_is_one_that_a_reader_of_both_titles_sees(earlier, services, alike):
    others = [incident(f"o{n}", f"Something else {word}", "api") for n, word in enumerate(["disk", "queue", "cache"])]
    now = incident("now", "api: certificate expired", "api", at="2025-01-09")
    table = metrics.repeats(ToyDataset(incidents(*others, incident("old", earlier, *services), now)), ["now"])
    assert table["earlier_id"].tolist() == ["old"] * alike


def test_where_a_title_names_little_but_the_service_the_description_counts():
    rows = [
        incident("a", "Outage on api", "api") | {"description": "Token expired, rotated."},
        incident("b", "Outage on api", "api", at="2025-01-02") | {"description": "Disk full of old images."},
        incident("c", "Outage on api", "api", at="2025-01-03") | {"description": "Expired token rotated again."},
    ]
    table = metrics.repeats(ToyDataset(incidents(*rows)), ["b", "c"], most=1)
    assert table[["incident_id", "earlier_id"]].to_numpy().tolist() == [["c", "a"]]


def test_few_incidents_of_a_log_full_of_services_and_words_resemble_an_earlier_one(demo):
    ids = metrics.incidents_of(demo)["incident_id"].tolist()
    found = metrics.repeats(demo, ids, most=1)
    assert 0.05 < len(found) / len(ids) < 0.25


def test_similarity_is_the_cosine_of_words_that_weigh_by_their_rarity():
    """By hand: of five titles, cache and stampede are in three (weight ln(6/4)), storm in one (ln(6/2))."""
    rows = [
        incident(i, t, "a")
        for i, t in (("x", "cache stampede"), ("y", "cache stampede"), ("f", "disk"), ("g", "queue"))
    ]
    rows.append(incident("w", "storm: cache stampede", "a", at="2025-01-03"))
    table = metrics.repeats(ToyDataset(incidents(*rows)), ["w"]).set_index("earlier_id")
    common, storm = math.log(6 / 4), math.log(6 / 2)
    two, three = math.hypot(common, common), math.hypot(common, common, storm)
    assert table.loc["x", "similarity"] == pytest.approx(2 * common**2 / (two * three))
