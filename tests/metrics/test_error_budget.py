"""Error budgets against intervals that can be checked by eye, and against a grid of minutes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from toy import SETTINGS, ToyDataset, changes, incidents, utc

from aftershock.dataset.settings import Settings
from aftershock.metrics import error_budgets

LOGS = {"name": "toy", "incidents": {"path": "i.csv"}, "changes": {"path": "c.csv"}}


def outage(name: str, start: str, end: str | None, **more) -> dict:
    return {"incident_id": name, "started_at": start, "resolved_at": end, "services": ["shop"], **more}


def found(*rows: dict, month: str = "2025-01", log: dict | None = None, **slo):
    settings = Settings.model_validate({**LOGS, "slo": {"targets": {"shop": "99.9 %"}, **slo}})
    log = {"changes": changes({"change_id": "c", "started_at": "2025-01-02", "services": ["shop"]}), **(log or {})}
    return error_budgets(ToyDataset(incidents(*rows), settings=settings, **log), month)


def test_overlapping_incidents_count_once_and_each_minute_has_one_incident():
    budgets = found(
        outage("a", "2025-01-05 10:00", "2025-01-05 10:30"),
        outage("b", "2025-01-05 10:20", "2025-01-05 10:50"),
        outage("within", "2025-01-05 10:25", "2025-01-05 10:28"),
        outage("elsewhere", "2025-01-06 10:00", "2025-01-06 11:00", services=["search"]),
        outage("copy", "2025-01-07 10:00", "2025-01-07 11:00", duplicate_of="a"),
    )
    row = budgets.budgets.iloc[0]
    assert row["budget_minutes"] == pytest.approx(44.64) and row["lost_minutes"] == 50
    assert row["left_minutes"] == pytest.approx(-5.36) and row["spent_share"] == pytest.approx(50 / 44.64)
    assert dict(zip(budgets.spent["incident_id"], budgets.spent["minutes"], strict=True)) == {
        "a": 30,
        "b": 20,
        "within": 0,
    }


def test_mitigation_ends_the_loss_and_the_month_cuts_it():
    budgets = found(
        outage("old", "2024-12-31 23:00", "2025-01-01 00:10"),
        outage("new", "2025-01-31 23:50", "2025-02-01 03:00"),
        outage("both", "2025-01-10 10:00", "2025-01-10 12:00", mitigated_at="2025-01-10 10:05"),
        outage("before", "2024-12-30 10:00", "2024-12-30 12:00"),
    )
    minutes = dict(zip(budgets.spent["incident_id"], budgets.spent["minutes"], strict=True))
    assert minutes == {"old": 10, "new": 10, "both": 5}


def test_an_open_incident_counts_to_the_end_of_what_is_covered_and_an_unended_one_not_at_all():
    budgets = found(
        outage("open", "2025-03-31 23:00", None, status="open"),
        outage("unknown", "2025-03-20 23:00", None, status="unknown"),
        month="2025-03",
    )
    row = budgets.budgets.iloc[0]
    assert (row["lost_minutes"], row["n_open"], row["n_unended"]) == (60, 1, 1)
    assert dict(zip(budgets.spent["incident_id"], budgets.spent["state"], strict=True)) == {
        "open": "open",
        "unknown": "end not recorded",
    }


def test_imprecise_times_make_an_interval():
    budgets = found(outage("a", "2025-01-05 10:00", "2025-01-05 11:00", started_at_before="2025-01-05 10:20"))
    row = budgets.budgets.iloc[0]
    assert (row["lost_low"], row["lost_minutes"], row["lost_high"]) == (40, 50, 60)


def test_a_partial_severity_counts_as_its_share_and_gives_way_to_a_full_one():
    budgets = found(
        outage("few", "2025-01-05 10:00", "2025-01-05 11:00", severity="SEV3"),
        outage("all", "2025-01-05 10:30", "2025-01-05 10:40", severity="SEV1"),
        partial={"SEV3": "20 %"},
    )
    assert budgets.budgets["lost_minutes"].iloc[0] == pytest.approx(10 + 0.2 * 50)
    assert budgets.spent["minutes"].tolist() == pytest.approx([10, 10])


def test_the_window_may_be_days_and_the_logs_may_cover_less():
    first = {"observed": (utc("2025-01-11"), utc("2025-04-01"))}
    row = found(outage("a", "2025-01-05 10:00", "2025-01-05 11:00"), log=first).budgets.iloc[0]
    assert (row["days"], row["covered_days"], row["lost_minutes"]) == (31, 21, 0)
    row = found(outage("a", "2025-01-28 00:00", "2025-01-28 01:00"), month="2025-02", days=30).budgets.iloc[0]
    assert row["budget_minutes"] == pytest.approx(43.2) and row["lost_minutes"] == 0
    row = found(outage("a", "2025-01-30 00:00", "2025-01-30 01:00"), month="2025-02", days=30).budgets.iloc[0]
    assert row["lost_minutes"] == 60


def test_a_service_that_no_log_names_is_said_to_be_unknown_and_an_alias_is_followed():
    settings = Settings.model_validate(
        {**LOGS, "slo": {"targets": {"shoop": 0.999, "store": 0.99}}, "aliases": {"store": "shop"}}
    )
    budgets = error_budgets(
        ToyDataset(incidents(outage("a", "2025-01-05 10:00", "2025-01-05 11:00")), settings=settings), "2025-01"
    ).budgets
    assert budgets["service"].tolist() == ["shoop", "shop"] and budgets["known"].tolist() == [False, True]
    assert budgets["lost_minutes"].tolist() == [0, 60]


def test_without_targets_there_is_nothing():
    budgets = error_budgets(ToyDataset(incidents(), settings=SETTINGS), "2025-01")
    assert budgets.budgets.empty and budgets.spent.empty


def test_many_drawn_incidents_agree_with_a_grid_of_minutes():
    rng = np.random.default_rng(3)
    weights = {"SEV1": 1.0, "SEV2": 0.5, "SEV3": 0.1}
    starts, lengths = rng.integers(-600, 31 * 1440, 60), rng.integers(1, 900, 60)
    grades = rng.choice(list(weights), 60)
    zero = pd.Timestamp("2025-01-01")
    rows = [
        outage(
            f"i{n}",
            str(zero + pd.Timedelta(minutes=int(s))),
            str(zero + pd.Timedelta(minutes=int(s + d))),
            severity=g,
        )
        for n, (s, d, g) in enumerate(zip(starts, lengths, grades, strict=True))
    ]
    grid = np.zeros(31 * 1440)
    for s, d, g in zip(starts, lengths, grades, strict=True):
        cells = slice(max(s, 0), max(s + d, 0))
        grid[cells] = np.maximum(grid[cells], weights[g])
    budgets = found(*rows, partial={"SEV2": 0.5, "SEV3": 0.1})
    assert budgets.budgets["lost_minutes"].iloc[0] == pytest.approx(grid.sum())
    assert budgets.spent["minutes"].sum() == pytest.approx(grid.sum())
