"""Which services and hours carry risk, and how long to watch a change, in words."""

from __future__ import annotations

import pandas as pd

from aftershock import metrics
from aftershock.metrics import Estimate
from aftershock.metrics.change_risk import FAR
from aftershock.output.blocks import Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import interval, number, rough_duration

TOO_LITTLE = (
    "Changes set off too few outages in this log, or not clearly more than chance would, to learn this from it."
)
NO_SERVICE = "No change that counts names a service, so services cannot be compared."
MOST_SERVICES = 8
SHRUNK = "Per 1,000 changes, drawn to the mean service"


def risk_tables(by_service: pd.DataFrame, by_hours: pd.DataFrame) -> Stack:
    """The services that differ from the others by more than chance allows, each with its own chance level, and the risk of
    each part of the day. Where no service differs there is no ranking: its first row would be luck."""
    far = by_service[metrics.funnel_place(by_service) == FAR]
    services = (
        _risk(far.head(MOST_SERVICES), "Service", "Services that differ from the others, over the whole period", SHRUNK)
        if len(far)
        else Prose("No service differs from the others by more than chance allows, so none is ranked.")
        if len(by_service)
        else Prose(NO_SERVICE)
    )
    return Stack(
        services,
        _risk(by_hours, "Hours", "When changes are made, over the whole period", "Incidents per 1,000 changes"),
    )


def _risk(table: pd.DataFrame, name: str, title: str, rate: str) -> Table:
    per_1000 = zip(table["per_1000"], table["per_1000_low"], table["per_1000_high"], strict=True)
    rows = pd.DataFrame(
        {
            name: table["group"],
            "Changes": table["changes"],
            rate: [interval(v, a, b) for v, a, b in per_1000],
            "By chance": [number(c) for c in table["chance_per_1000"]],
        }
    )
    align = {rate: "right", "By chance": "right"}
    return Table(rows, title, align=align, empty="No changes to learn from.")


def watch_sentence(watch: Estimate) -> str:
    """How long to watch a change; ``watch``: minutes, of ``metrics.watch_time``."""
    return (
        f"95 % of the outages that changes set off show within about {rough_duration(watch.value)} (90 % interval "
        f"{rough_duration(watch.low)} to {rough_duration(watch.high)}): watch a change for that long before the next one."
    )
