"""Rollouts of Deployments, made of the events that scale their replica sets."""

from __future__ import annotations

from aftershock.sources import RawTable


def scaled(n: int, at: str, what: str, *, name: str = "web", **more: object) -> dict:
    return {
        "metadata": {"uid": f"u{n}", "namespace": "shop"},
        "involvedObject": {"kind": "Deployment", "name": name, "namespace": "shop"},
        "reason": "ScalingReplicaSet",
        "message": f"Scaled {what}",
        "firstTimestamp": f"2024-01-10T{at}:00Z",
        **more,
    }


def rows(raw: RawTable) -> list[tuple]:
    return list(raw.frame[["change_id", "started_at", "finished_at"]].itertuples(index=False, name=None))


def folds(raw: RawTable) -> list[tuple[str, str]]:
    return [(one.reason, one.into) for one in raw.folded]


def test_a_rollout_goes_on_while_the_next_step_comes_within_half_an_hour(read):
    raw = read(
        "kubernetes-events",
        scaled(1, "12:00", "up replica set web-a to 1 from 0"),
        scaled(2, "12:30", "up replica set web-a to 2 from 1"),
        scaled(3, "13:01", "up replica set web-a to 3 from 2"),
    )
    assert rows(raw) == [("shop/web-a", "2024-01-10T12:00:00Z", "2024-01-10T12:30:00Z")]
    assert folds(raw) == [
        ("part_of_row", "shop/web-a, a step of it"),
        ("other_thing", "no row: shop/web-a was scaled, which is not a new version"),
    ]


def test_a_version_that_was_there_before_takes_back_the_one_between(read):
    raw = read(
        "kubernetes-events",
        scaled(1, "10:00", "up replica set web-a to 1"),
        scaled(2, "12:00", "up replica set web-b to 1"),
        scaled(3, "13:00", "up replica set web-a to 1"),
    )
    assert raw.frame["change_id"].tolist() == ["shop/web-a", "shop/web-b", "shop/web-a#2"]
    assert raw.frame["title"].tolist()[2] == "Roll back web: web-a"
    assert [list(r) for r in raw.frame["reverts"]] == [[], [], ["shop/web-b"]]


def test_the_first_set_that_is_seen_to_grow_was_there_before(read):
    """Scaled up from two replicas, with nothing known before: no new version began."""
    raw = read("kubernetes-events", scaled(1, "12:00", "up replica set web-a to 3 from 2"))
    assert rows(raw) == [] and folds(raw)[0][0] == "other_thing"
    raw = read(
        "kubernetes-events",
        scaled(1, "12:00", "up replica set web-a to 3 from 2"),
        scaled(2, "14:00", "up replica set web-b to 1 from 0"),
    )
    assert [row[0] for row in rows(raw)] == ["shop/web-b"]


def test_events_of_two_deployments_do_not_mix_and_come_in_any_order(read):
    raw = read(
        "kubernetes-events",
        scaled(2, "12:05", "down replica set api-a to 0 from 1", name="api"),
        scaled(3, "12:04", "up replica set api-b to 1 from 0", name="api"),
        scaled(1, "12:00", "up replica set web-a to 1 from 0"),
    )
    assert sorted(rows(raw)) == [
        ("shop/api-b", "2024-01-10T12:04:00Z", "2024-01-10T12:05:00Z"),
        ("shop/web-a", "2024-01-10T12:00:00Z", ""),
    ]


def test_of_an_event_that_was_exported_twice_the_one_counted_last_is_kept(read):
    once = scaled(1, "12:00", "up replica set web-a to 1 from 0", lastTimestamp="2024-01-10T12:00:00Z")
    again = {**once, "count": 2, "lastTimestamp": "2024-01-10T12:10:00Z"}
    raw = read("kubernetes-events", again, once, again)
    assert len(raw.frame) == 1
    assert [reason for reason, _ in folds(raw)] == ["older_version", "repeated_record"]


def test_the_newer_api_has_other_names(read):
    new = {
        "metadata": {"uid": "u1", "creationTimestamp": "2024-01-10T11:00:00Z"},
        "regarding": {"name": "web"},
        "reason": "ScalingReplicaSet",
        "note": "Scaled up replica set web-a to 1",
        "firstTimestamp": None,
        "eventTime": "2024-01-10T12:00:00.5Z",
    }
    assert rows(read("kubernetes-events", new)) == [("web-a", "2024-01-10T12:00:00.5Z", "")]


def test_other_events_are_no_rows(read):
    other = {**scaled(1, "12:00", "up replica set web-a to 1"), "reason": "Killing"}
    raw = read("kubernetes-events", other, {"kind": "Pod"})
    assert folds(raw) == [
        ("other_thing", "no row: Killing"),
        ("other_thing", "no row: an object that is not an event"),
    ]
