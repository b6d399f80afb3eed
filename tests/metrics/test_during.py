"""Changes while an incident lasted: by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
from toy import ToyDataset, changes, incidents, suspects

from aftershock import metrics
from aftershock.reports.during_section import NOTHING, during_table, taken_back_sentence


def outage(**more: object) -> ToyDataset:
    row = {"incident_id": "i", "started_at": "2025-01-06 10:00", "services": ["api"], "resolved_at": "2025-01-06 11:00"}
    return ToyDataset(
        incidents({**row, **more}),
        changes(
            {"change_id": "c1", "started_at": "2025-01-06 09:50", "services": ["api"], "title": "Raise the limit"},
            {"change_id": "far", "started_at": "2025-01-06 10:10", "services": ["web"], "title": "Tidy the page"},
            {
                "change_id": "undo",
                "started_at": "2025-01-06 10:48",
                "services": ["web"],
                "title": 'Revert "Raise the limit"',
            },
            {"change_id": "fix", "started_at": "2025-01-06 10:30", "services": ["api"], "title": "Add a node"},
            {"change_id": "late", "started_at": "2025-01-06 11:30", "services": ["api"], "title": "Write the alert"},
            {"change_id": "next", "started_at": "2025-01-06 12:30", "services": ["api"], "title": "Next release"},
            {
                "change_id": "rush",
                "started_at": "2025-01-06 10:20",
                "services": ["web"],
                "emergency": True,
                "title": "Stop",
            },
        ),
    )


RANKED = suspects(("i", 1, "c1", 0.7, "deploy", 10.0, False, "Raise the limit"))


def test_what_took_a_change_back_touched_the_service_or_was_an_emergency_is_there_in_order():
    found = metrics.changes_during(outage(), "i", ["c1"]).set_index("change_id")
    assert found.index.tolist() == ["rush", "fix", "undo", "late"]
    assert found["takes_back"].to_dict() == {"rush": "", "fix": "", "undo": "c1", "late": ""}
    assert found["after_minutes"].tolist() == [20, 30, 48, 90]
    assert found["before_end_minutes"].tolist() == [40, 30, 12, -30]


def test_mitigation_ends_it_before_resolution_and_without_an_end_a_day_is_looked_at():
    earlier = metrics.changes_during(outage(mitigated_at="2025-01-06 10:50"), "i", ["c1"]).set_index("change_id")
    assert earlier.loc["undo", "before_end_minutes"] == 2
    unended = metrics.changes_during(outage(resolved_at=None), "i", ["c1"]).set_index("change_id")
    assert "next" in unended.index and unended["before_end_minutes"].isna().all()


def test_the_revert_is_said_with_its_rank_and_the_time_to_the_end():
    during = metrics.changes_during(outage(), "i", ["c1"])
    said = "“Raise the limit” (rank 1) was taken back 48 min into the incident, 12 min before it ended."
    assert taken_back_sentence(during, RANKED) == said
    text = during_table(during, RANKED, "UTC").text
    assert said in text and "takes back c1, rank 1" in text and "30 min after it" in text
    assert "does not say that it ended the incident" in text
    open_end = during.assign(before_end_minutes=math.nan)
    assert taken_back_sentence(open_end, RANKED).endswith("into the incident; when that ended is not recorded.")
    assert taken_back_sentence(during[during["takes_back"] == ""], RANKED) == ""


def test_no_change_and_many_are_said_too():
    quiet = replace(outage(), changes=changes())
    assert during_table(metrics.changes_during(quiet, "i", []), RANKED, "UTC").text == NOTHING
    during = metrics.changes_during(outage(), "i", ["c1"])
    many = pd.concat(
        [during[during["change_id"] == "fix"]] * 11 + [during[during["change_id"] == "undo"]], ignore_index=True
    )
    text = during_table(many, RANKED, "UTC").text
    assert "takes back c1" in text and "2 other changes on failed services are left out." in text
