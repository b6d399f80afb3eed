"""Error budgets in words."""

from __future__ import annotations

import pytest
from toy import ToyDataset, changes, incidents, utc

from aftershock.dataset.settings import Settings
from aftershock.metrics import error_budgets
from aftershock.reports import error_budget_section as section

LOGS = {"name": "toy", "incidents": {"path": "i.csv"}, "changes": {"path": "c.csv"}}
DAY = "2025-01-05"


def text_of(*rows: dict, targets=None, partial=None, observed=("2025-01-01", "2025-04-01")):
    slo = {"targets": targets or {"shop": "99.9 %"}, "partial": partial or {}}
    log = ToyDataset(
        incidents(*({"services": ["shop"], "title": f"T {r['incident_id']}", **r} for r in rows)),
        changes({"change_id": "c", "started_at": "2025-01-02", "services": ["shop"]}),
        settings=Settings.model_validate({**LOGS, "slo": slo}),
        observed=tuple(utc(t) for t in observed),
    )
    found = error_budgets(log, "2025-01")
    stack = section.error_budgets(found, log.settings.slo.partial)
    return section.overspent_sentence(found), " ".join(stack.text.split())


def of(name: str, start: str, end: str | None, **more) -> dict:
    return {"incident_id": name, "started_at": f"{DAY} {start}", "resolved_at": end and f"{DAY} {end}", **more}


@pytest.mark.parametrize(
    ("rows", "over", "said"),
    [
        ([], "", ["99.9 % 45 min none 0 % 45 min", "No incident touches a service that has a target."]),
        ([of("a", "10:00", "10:20")], "", ["20 min 45 % 25 min", "T a a shop"]),
        (
            [of("a", "10:00", "11:00")],
            "More than the error budget was spent by shop (134 %).",
            ["1 h 134 % overspent by 15 min"],
        ),
        (
            [of("a", "10:00", "10:20", started_at_before=f"{DAY} 10:10")],
            "",
            ["15 min (10 min to 20 min)"],
        ),
        (
            [of("a", "10:00", None, status="unknown")],
            "",
            ["at least none", "at most 45 min", "1 incident without a recorded end is not counted."],
        ),
        ([of("a", "10:00", "10:20"), of("b", "10:05", "10:10")], "", ["covered by another"]),
    ],
)
def test_what_is_said_of_one_budget(rows, over, said):
    sentence, text = text_of(*rows)
    assert sentence == over
    assert all(part in text for part in said), text


def test_partial_severities_unknown_services_open_incidents_and_uncovered_days_are_said():
    _, text = text_of(
        of("a", "10:00", None, status="open", severity="SEV3"),
        targets={"shop": 0.999, "shoop": "99.5 %"},
        partial={"SEV3": 0.2},
        observed=("2025-01-01", f"{DAY} 12:00"),
    )
    assert "except SEV3 as 20 % ([slo] partial)." in text
    assert "No incident and no change names shoop" in text and "not in the logs" in text
    assert "1 incident is open and counted up to the end of what the logs cover." in text
    assert "The logs cover 4.5 of the 31 days" in text and "at least 24 min" in text


def test_without_targets_the_page_says_how_to_give_them():
    found = error_budgets(ToyDataset(incidents()), "2025-01")
    assert section.error_budgets(found, {}).text == section.NO_TARGETS and section.overspent_sentence(found) == ""
