"""Events of services as changes; a rollback takes back what came before it in the same place."""

from __future__ import annotations


def event(id: str, what: str, at: str, service: str = "web", stage: str = "live", artifact: str = "") -> dict:
    return {
        "context": {"id": id, "type": f"dev.cdevents.service.{what}.0.2.0", "timestamp": f"2024-01-10T{at}:00Z"},
        "subject": {"id": service, "content": {"environment": {"id": stage}, "artifactId": artifact}},
    }


def test_a_rollback_takes_back_the_last_change_of_its_service_in_its_environment(read):
    raw = read(
        "cdevents",
        event("d", "rolledback", "13:00"),
        event("a", "deployed", "12:00"),
        event("b", "upgraded", "12:30", stage="test"),
        event("c", "upgraded", "12:40", service="db"),
    )
    reverts = dict(zip(raw.frame["change_id"], map(list, raw.frame["reverts"]), strict=True))
    assert reverts == {"a": [], "b": [], "c": [], "d": ["a"]}


def test_a_rollback_of_nothing_known_takes_nothing_back(read):
    raw = read("cdevents", event("d", "rolledback", "13:00"))
    assert [list(r) for r in raw.frame.get("reverts", [[]])] == [[]]


def test_titles_say_what_happened_to_what(read):
    artifact = "pkg%3Aoci/web@1"
    raw = read(
        "cdevents",
        event("a", "deployed", "12:00", artifact=artifact),
        event("b", "removed", "13:00", artifact=artifact),
    )
    assert raw.frame["title"].tolist() == ["Deploy web to pkg:oci/web@1", "Remove web"]


def test_that_a_service_was_published_is_no_change(read):
    raw = read("cdevents", event("a", "published", "12:00"))
    assert raw.frame.empty and [one.into for one in raw.folded] == ["no row: an event service.published"]


def test_events_that_share_an_id_are_told_apart_by_what_happened_to_what(read):
    raw = read(
        "cdevents",
        event("a", "deployed", "12:00"),
        event("a", "removed", "13:00"),
        event("a", "deployed", "12:00", service="db", stage=""),
        event("b", "upgraded", "14:00"),
    )
    assert sorted(raw.frame["change_id"]) == ["a/deployed/db", "a/deployed/web/live", "a/removed/web/live", "b"]
