"""Rows recorded twice, and imports of one instant."""

from __future__ import annotations

from flawed_logs import checks

from aftershock import load


def test_an_outage_recorded_twice(write):
    incidents = (
        "incident_id,started_at,services,title\n"
        "i1,2024-01-10T12:00Z,shop,Checkout fails with error 503\n"
        "i2,2024-01-10T12:11Z,shop,Checkout fails with error 504\n"
        "i3,2024-01-10T12:21Z,shop,CHECKOUT FAILS with errors\n"
        "i4,2024-01-10T12:22Z,search,Checkout fails with error 503\n"
        "i5,2024-01-10T12:23Z,shop,Images are slow\n"
        "i6,2024-01-10T13:30Z,shop,Checkout fails with error 503\n"
    )
    finding = checks(load(write(incidents=incidents)))["repeated_incidents"]
    assert finding.rows[["id", "what"]].to_numpy().tolist() == [
        ["i2", "as i1, 11 min before"],
        ["i3", "as i1, 21 min before"],
    ]
    assert finding.impact.how == "the later ones left out"


def test_a_rollout_recorded_in_parts(write):
    rows = [f"c{n}-{part},2024-01-{n + 1:02}T12:0{part}Z,shop,Release {n}\n" for n in range(10) for part in range(3)]
    finding = checks(load(write(changes="change_id,started_at,services,title\n" + "".join(rows))))["repeated_changes"]
    assert finding.title == "20 changes of 30 (67 %) may repeat another one"
    assert finding.rows["id"].tolist()[:3] == ["c0-1", "c0-2", "c1-1"]
    assert finding.rows["what"].tolist()[1] == "as c0-0, 2 min before"


def test_rows_of_one_moment_are_called_so(write):
    rows = [f"c{n}-{part},2024-01-{n + 1:02}T12:00Z,shop,Release {n}\n" for n in range(10) for part in range(2)]
    finding = checks(load(write(changes="change_id,started_at,services,title\n" + "".join(rows))))["repeated_changes"]
    assert finding.rows["what"].tolist()[0] == "as c0-0, at the same moment"


def test_a_bulk_import(write):
    changes = "change_id,started_at,services\n" + "".join(f"b{n},2024-02-01T03:00:00Z,s\n" for n in range(25))
    changes += "".join(f"c{n},2024-01-{1 + n % 28:02}T12:{n % 60:02}Z,s\n" for n in range(60))
    finding = checks(load(write(changes=changes)))["bulk"]
    assert finding.title == "25 changes share 1 instant"
    assert finding.said.startswith("The largest: 25 at 1 Feb 2024, 03:00 UTC.")
    assert set(finding.rows["id"]) == {f"b{n}" for n in range(25)}
