"""Events of incidents, paired into incidents."""

from __future__ import annotations


def event(what: str, at: str, id: str = "i1", source: str = "pager", **content: object) -> dict:
    kind = f"dev.cdevents.incident.{what}.0.3.0"
    return {
        "context": {"type": kind, "timestamp": f"2024-01-10T{at}:00Z", "source": source, "id": f"{what}{at}"},
        "subject": {"id": id, "content": content},
    }


def rows(raw) -> list[tuple]:
    names = ["incident_id", "started_at", "resolved_at", "status"]
    return list(raw.frame.reindex(columns=names, fill_value="")[names].itertuples(index=False, name=None))


def test_the_first_event_begins_it_and_the_last_says_whether_it_is_over(read):
    raw = read(
        "cdevents",
        event("resolved", "13:00"),
        event("reported", "12:10"),
        event("detected", "12:00"),
        table="incidents",
    )
    assert rows(raw) == [("i1", "2024-01-10T12:00:00Z", "2024-01-10T13:00:00Z", "resolved")]
    assert sorted(one.into for one in raw.folded) == ["i1: it was reported", "i1: it was resolved"]
    again = read(
        "cdevents",
        event("detected", "12:00"),
        event("resolved", "13:00"),
        event("detected", "14:00"),
        table="incidents",
    )
    assert rows(again) == [("i1", "2024-01-10T12:00:00Z", "", "open")]


def test_an_end_from_elsewhere_joins_the_one_incident_of_its_id(read):
    raw = read("cdevents", event("detected", "12:00"), event("resolved", "13:00", source="tickets"), table="incidents")
    assert rows(raw) == [("i1", "2024-01-10T12:00:00Z", "2024-01-10T13:00:00Z", "resolved")]


def test_ids_of_two_sources_are_two_incidents_and_say_which(read):
    raw = read("cdevents", event("detected", "12:00"), event("detected", "12:30", source="probe"), table="incidents")
    assert [row[0] for row in rows(raw)] == ["pager/i1", "probe/i1"]


def test_what_any_of_the_events_says_is_known_of_the_incident(read):
    raw = read(
        "cdevents",
        event("detected", "12:00", description="Down"),
        event("resolved", "13:00", service={"id": "web"}, ticketURI="https://x.example/1"),
        table="incidents",
    )
    (row,) = raw.frame.to_dict("records")
    assert (row["title"], row["url"]) == ("Down", "https://x.example/1") and row["services"] in ("web", ["web"])


def test_the_event_may_be_the_data_of_a_cloud_event_and_others_are_accounted_for(read):
    service = event("detected", "12:00")
    service["context"] = service["context"] | {"type": "dev.cdevents.service.deployed.0.1.0"}
    wrong = {"context": {"type": "com.example.thing"}}
    raw = read(
        "cdevents", {"specversion": "1.0", "data": event("detected", "12:00")}, service, wrong, table="incidents"
    )
    assert [row[0] for row in rows(raw)] == ["i1"]
    assert [one.into for one in raw.folded] == ["no row: an event service.deployed"]
    assert [(p.column, p.found) for p in raw.problems] == [("context.type", "'com.example.thing'")]
