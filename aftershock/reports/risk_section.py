"""Which services and hours carry risk, and how long to watch a change, in words."""

from __future__ import annotations

import pandas as pd

from aftershock.metrics import Estimate
from aftershock.output.blocks import Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import duration, interval
from aftershock.reports.base import one_decimal

ENOUGH = 3.0  # expected outages set off by changes; below, rates and delays are mostly the priors' (a judgement)
TOO_LITTLE = "Too few outages were set off by changes in this log to learn this from it."
MOST_SERVICES = 8


def risk_tables(by_service: pd.DataFrame, by_hours: pd.DataFrame) -> Stack:
    """Which services and which hours carry risk per 1,000 changes, drawn towards the mean of all."""
    return Stack(
        _risk(by_service.head(MOST_SERVICES), "Service", "The riskiest services to change, over the whole period"),
        _risk(by_hours, "Hours", "When changes are made, over the whole period"),
    )


def _risk(table: pd.DataFrame, name: str, title: str) -> Table:
    per_1000 = zip(table["per_1000"], table["per_1000_low"], table["per_1000_high"], strict=True)
    rows = pd.DataFrame(
        {
            name: table["group"],
            "Changes": table["changes"],
            "Incidents per 1,000 changes": [interval(v, a, b) for v, a, b in per_1000],
            "By chance": [one_decimal(c) for c in table["chance_per_1000"]],
        }
    )
    align = {"Incidents per 1,000 changes": "right", "By chance": "right"}
    return Table(rows, title, align=align, empty="No changes to learn from.")


def watch_sentence(watch: Estimate) -> str:
    """How long to watch a change; ``watch``: minutes, of ``metrics.watch_time``."""
    return (
        f"95 % of the outages that changes set off show within {duration(watch.value)} (90 % interval "
        f"{duration(watch.low)} to {duration(watch.high)}): watch a change for that long before the next one."
    )
