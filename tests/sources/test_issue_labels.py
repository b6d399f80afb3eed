"""What labels say of an issue."""

from __future__ import annotations

import pytest

from aftershock.sources.issue_labels import bears_one, labels_of, services_in, severity_in


@pytest.mark.parametrize(
    ("label", "severity"),
    [
        ("severity: high", "high"),
        ("severity::1", "1"),
        ("priority/P2", "P2"),
        ("sev1", "sev1"),
        ("S2", "S2"),
        ("several", ""),
        ("impact of a change", ""),
        ("Impact: Accessibility", ""),
        ("impact: high", "high"),
        ("Pri: 1", "1"),
    ],
)
def test_severities_in_many_spellings(label, severity):
    assert severity_in(["bug", label, "sev9"]) == (severity or "sev9")


def test_services_and_the_labels_wanted():
    labels = labels_of({"labels": [{"name": "service: checkout"}, {"name": "component/search"}, {"name": "Incident"}]})
    assert labels == labels_of({"labels": labels})
    assert services_in(labels) == ["checkout", "search"]
    assert bears_one(labels, ("incident",)) and bears_one(labels, ()) and not bears_one(labels, ("outage",))
