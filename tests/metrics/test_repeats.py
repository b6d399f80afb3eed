"""Which incidents resemble earlier ones."""

from __future__ import annotations

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


def test_shared_services_raise_the_similarity_of_like_texts_only():
    """Same words: cosine 1 whatever the services; half the words: the same service closes half of the gap."""
    rows = [
        {"incident_id": "x", "started_at": "2025-01-01", "title": "cache stampede", "services": ["a"]},
        {"incident_id": "y", "started_at": "2025-01-02", "title": "cache eviction", "services": ["b"]},
        {"incident_id": "z", "started_at": "2025-01-03", "title": "cache storm", "services": ["a"]},
        {"incident_id": "w", "started_at": "2025-01-03", "title": "nothing alike", "services": ["a"]},
    ]
    table = metrics.repeats(ToyDataset(incidents(*rows)), ["z", "w"], least=0.0001).set_index("earlier_id")
    cosine = table.loc["y", "similarity"]
    assert table.loc["x", "similarity"] == pytest.approx(cosine + (1 - cosine) / 2)
    assert (table["incident_id"] == "z").all()
