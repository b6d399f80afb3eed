"""Changes while an incident lasted: by hand."""

from __future__ import annotations

from toy import fought

from aftershock import metrics


def test_what_took_a_change_back_touched_the_service_or_was_an_emergency_is_there_in_order():
    found = metrics.changes_during(fought(), "i", ["c1"]).set_index("change_id")
    assert found.index.tolist() == ["rush", "fix", "undo", "late"]
    assert found["takes_back"].to_dict() == {"rush": "", "fix": "", "undo": "c1", "late": ""}
    assert found["after_minutes"].tolist() == [20, 30, 48, 90]
    assert found["before_end_minutes"].tolist() == [40, 30, 12, -30]


def test_mitigation_ends_it_before_resolution_and_without_an_end_a_day_is_looked_at():
    earlier = metrics.changes_during(fought(mitigated_at="2025-01-06 10:50"), "i", ["c1"]).set_index("change_id")
    assert earlier.loc["undo", "before_end_minutes"] == 2
    unended = metrics.changes_during(fought(resolved_at=None), "i", ["c1"]).set_index("change_id")
    assert "next" in unended.index and unended["before_end_minutes"].isna().all()
