"""The lines on what was made of a log's values: they say what the file says and what it counts as."""

from __future__ import annotations

import json
from pathlib import Path

from git_author import Author

from aftershock.wizard.create import create_dataset


def block(folder: Path, table: str = "incidents", number: int = 0) -> dict[str, str]:
    """What is said of each kind of value."""
    created = create_dataset(folder, [])
    head, *rows = created.as_read(created.draft.of_table(table)[number])
    return {"": head.strip(), **{row[4:].partition("  ")[0]: row[4:].partition("  ")[2].strip() for row in rows}}


TICKETS = """Ticket;Opened;Closed;System;Status;Prio;Foo
T-1;12.03.2024 10:00;12.03.2024 11:30;web;geschlossen;hoch;x
T-2;14.03.2024 10:07;14.03.2024 12:00;web;storniert;niedrig;x
T-3;;14.03.2024 12:00;web;geschlossen;niedrig;x
T-4;15.03.2024 10:07;16.03.2024 12:07;;geschlossen;;x
T-5;25.03.2024 23:10;;db;seltsam;niedrig;y
"""


def test_every_kind_of_value_is_shown_with_what_it_counts_as(tmp_path):
    (tmp_path / "tickets.csv").write_text(TICKETS)
    assert block(tmp_path) == {
        "": "as read, 3 rows",
        "starts": "12 Mar 2024, 10:00 UTC (line 2, '12.03.2024 10:00') to 25 Mar 2024, 23:10 UTC (line 6, '25.03.2024 23:10')",
        "lengths": "1 h 30 min to 1 d 2 h, median 13 h 45 min; 1 of 3 has no end",
        "states": "resolved: geschlossen (2); no incident: storniert (1); not known what it means: seltsam (1)",
        "severities": "hoch (1) > niedrig (1); 1 has none",
        "services": "web (1) and db (1); 1 of 3 has none",
        "ids": "T-1 to T-5",
        "left out": "1: the row has no start (tickets.csv, line 4); 1: is storniert (tickets.csv, line 3)",
        "not used": "Foo; if one holds what is missing, name it under columns",
    }


def test_rows_left_out_by_their_type_are_named_by_it_and_their_states_are_not_counted(tmp_path):
    rows = "id,start,status,Type\n1,2024-03-05T10:00:00Z,open,Incident\n2,2024-03-06T10:00:00Z,done,Task\n3,2024-03-07T10:00:00Z,done,Bug\n"
    (tmp_path / "tickets.csv").write_text(rows)
    said = block(tmp_path)
    assert said["states"] == "open: open (1)"
    assert said["left out"] == "2: its Type is 'Task' and 'Bug' (such as tickets.csv, line 3)"


def test_earlier_states_of_a_record_are_not_counted(tmp_path):
    rows = "C1,2024-03-05 09:00,created\nC1,2024-03-05 10:00,started\nC2,2024-03-06 09:00,created\nC2,2024-03-06 10:00,failed\n"
    (tmp_path / "changes.csv").write_text(f"change,timestamp,event\n{rows}")
    (tmp_path / "incidents.csv").write_text("id,start\nI1,2024-03-05 10:10\n")
    assert block(tmp_path, "changes")["states"] == "took effect: started (1) and failed (1)"


def test_what_is_left_out_says_what_it_is(tmp_path):
    helm = {
        "involvedObject": {"kind": "HelmRelease", "name": "till"},
        "message": "Helm upgrade",
        "timestamp": "2024-03-05",
    }
    items = [helm | {"reason": reason} for reason in ("UpgradeSucceeded", "info", "info", "ChartReady")]
    (tmp_path / "events.json").write_text(json.dumps({"items": items}))
    (tmp_path / "tickets.csv").write_text(TICKETS)
    assert block(tmp_path, "changes")["left out"] == "3: info (2), ChartReady (1) (such as events.json, line 2)"


def test_the_zone_is_that_of_the_log(tmp_path):
    (tmp_path / "tickets.csv").write_text(TICKETS)
    created = create_dataset(tmp_path, [], zone="Europe/Berlin")
    starts = created.as_read(created.draft.sections["incidents"])[1]
    assert "12 Mar 2024, 10:00 CET (line 2, '12.03.2024 10:00')" in starts


def test_states_of_changes_are_grouped_by_whether_they_took_effect(tmp_path):
    (tmp_path / "incidents.csv").write_text(TICKETS)
    (tmp_path / "deployments.csv").write_text(
        "deployment_id,deployed_at,service,status,version\nd1,2024-03-12T09:00:00Z,web,success,1\n"
        "d2,2024-03-13T09:00:00Z,web,cancelled,2\nd3,2024-03-14T09:00:00Z,db,odd,3\nd4,2024-03-15T09:00:00Z,db,success,3\n"
    )
    found = block(tmp_path, "changes")
    said = "took effect: success (2); never took effect: cancelled (1); not known what it means: odd (1)"
    assert found["states"] == said and found["kinds"] == "deploy (4)" and "version" in found["not used"]


def test_kinds_under_other_words_are_named_and_an_end_of_what_was_never_made_is_odd(tmp_path):
    (tmp_path / "incidents.csv").write_text(TICKETS)
    (tmp_path / "runs.csv").write_text(
        "change_id,started_at,finished_at,status,kind\nc1,2024-03-12T09:00:00Z,2024-03-12T09:30:00Z,success,experiment\n"
        "c2,2024-03-13T09:00:00Z,2024-03-13T11:30:00Z,delayed,deployment\nc3,2024-03-14T09:00:00Z,,delayed,deploy\n"
    )
    found = block(tmp_path, "changes")
    assert found["kinds"] == "deploy (2) and feature_flag (1); read so: 'experiment' as feature_flag"
    assert found["look twice"] == "1 row of those that never took effect has an end"


def test_of_several_logs_of_a_table_each_has_its_own_rows(tmp_path):
    (tmp_path / "incidents.csv").write_text(TICKETS)
    for name, day in (("a", 12), ("b", 13)):
        rows = [f"{name}{n},2024-03-{day}T0{n}:30:00Z,{name}-{n}" for n in range(1, 4)]
        (tmp_path / f"deploys-{name}.csv").write_text("\n".join([f"deployment_id,deployed_at,{name}", *rows]))
    found = [block(tmp_path, "changes", number) for number in (0,)]
    (tmp_path / "dataset.toml").unlink()
    found += [block(tmp_path, "changes", 1)]
    assert [one[""] for one in found] == ["as read, 3 rows"] * 2
    assert sorted(one["ids"] for one in found) == ["a1 to a3", "b1 to b3"]


def test_fields_of_a_vendors_records_that_nothing_is_made_of_are_named(tmp_path):
    records = [
        {
            "id": f"P{n}",
            "incident_number": n,
            "created_at": f"2024-03-0{n}T10:00:00Z",
            "status": "resolved",
            "title": "Search is down",
            "service": {"summary": "search"},
            "urgency": "high",
            "odd": "x",
        }
        for n in (1, 2)
    ]
    (tmp_path / "pagerduty.json").write_text(json.dumps({"incidents": records}))
    found = block(tmp_path)
    assert "odd" in found["not used"] and found["states"] == "resolved: resolved (2)"


def test_of_records_on_one_line_no_line_is_named(tmp_path):
    records = [f"- id: i{n}\n  start: 2024-03-0{n}T10:00:00Z\n  service: web\n  title: down\n" for n in (2, 1)]
    (tmp_path / "incidents.yaml").write_text("".join(records))
    said = "1 Mar 2024, 10:00 UTC ('2024-03-01T10:00:00Z') to 2 Mar 2024, 10:00 UTC ('2024-03-02T10:00:00Z')"
    found = block(tmp_path)
    assert (found["starts"], found["ids"]) == (said, "i2 to i1")


def test_secrets_are_masked_and_long_words_cut(tmp_path):
    (tmp_path / "tickets.csv").write_text(
        TICKETS.replace("web", "ada.quill@example.org").replace(";db;", f";{'long ' * 20};")
    )
    services = block(tmp_path)["services"]
    assert "example.org" not in services and "[mail 1]" in services and "long…" in services


def test_ids_that_may_be_secrets_are_shown_by_their_first_signs(tmp_path):
    run, sha = "dpl_9F2c4e6a8B0d1f3A5c7e9b2D4f6a", "9f2c4e6a8b0d1f3a5c7e9b2d4f6a8c0e1b3d5f7a"
    (tmp_path / "tickets.csv").write_text(TICKETS.replace("T-1", run).replace("T-5", sha))
    assert block(tmp_path)["ids"] == f"dpl_9F2c… to {sha}"


def test_a_repository_next_to_another_log_shows_its_own_commits(tmp_path):
    (tmp_path / "incidents.csv").write_text("incident_id,started_at\ni1,2024-03-05T12:30:00Z\n")
    (tmp_path / "deploys.csv").write_text("change_id,started_at\nd1,2024-03-05T12:00:00Z\n")
    author = Author(tmp_path / "shop")
    author.commit("Raise the limit", {"a.py": "1"}, "1709640600 +0000")
    author.commit("Add an index", {"b.sql": "2"}, "1710055200 +0000")
    given = [tmp_path / name for name in ("incidents.csv", "deploys.csv", "shop")]
    created = create_dataset(tmp_path / "mine", given)
    (section,) = [one for one in created.draft.of_table("changes") if one.format == "git"]
    assert created.as_read(section)[0].strip() == "as read, 2 rows"


def test_ids_of_a_version_are_no_addresses(tmp_path):
    (tmp_path / "tickets.csv").write_text(TICKETS)
    rows = "id,released_at,service\nshop@deploy-1a,2024-03-05 10:00,shop\nann@till.example,2024-03-06 10:00,shop\n"
    (tmp_path / "releases.csv").write_text(rows)
    said = block(tmp_path, "changes")["ids"]
    assert said.startswith("shop@deploy-1a to ") and "till.example" not in said


def test_a_place_that_all_records_share_is_not_shown_for_those_left_out(tmp_path):
    record = "- id: i{n}\n  start: 2024-03-0{n}T10:00:00Z\n  class: {what}\n"
    whole = "".join(record.format(n=n, what="PLANNED" if n % 2 else "UNPLANNED") for n in range(1, 5))
    (tmp_path / "outages.yaml").write_text(whole)
    assert block(tmp_path)["left out"] == "2: its class is 'PLANNED'"


def test_records_of_another_list_have_no_line_and_are_said_to_be_there(tmp_path):
    incidents = [{"id": f"i{n}", "title": "Mail is late", "startedAt": f"2024-03-0{n}T10:00:00Z"} for n in (1, 2)]
    windows = [{"id": "m1", "title": "Upgrade", "startsAt": "2024-03-09T10:00:00Z", "endsAt": "2024-03-09T11:00:00Z"}]
    (tmp_path / "status.json").write_text(json.dumps({"incidents": incidents, "maintenance": windows}))
    assert block(tmp_path)["left out"] == "1: is in the list maintenance (status.json)"


def test_one_start_without_a_time_of_day_is_said_of_one(tmp_path):
    (tmp_path / "incidents.csv").write_text(
        "id,title,started_at\nA,Till is down,2024-03-05\nB,Mail is late,2024-03-06 10:07\n"
    )
    assert block(tmp_path)["look twice"] == "1 of 2 starts is a day without a time of day"
