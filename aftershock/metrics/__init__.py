"""The month's numbers, each with an interval and, where changes are blamed, with what chance alone would give.

Pure functions on a dataset and, where needed, on what was found in it. Intervals hold 90 % throughout.

===============  =======================================================================================
counts           incidents per month and group; whether two months differ; what a month can show at all
blame            share set off by changes; risk per 1,000 changes by kind, service and time; watch time
durations        time to detect, mitigate, resolve, open incidents censored; one incident among the past
delivery         the DORA keys
followup         repeats and action items
===============  =======================================================================================
"""

from aftershock.metrics.change_risk import (
    change_share,
    funnel_limits,
    risk_by_hours,
    risk_by_service,
    risk_per_1000,
    watch_time,
)
from aftershock.metrics.dora import dora
from aftershock.metrics.durations import compare_incident, duration_curves, durations
from aftershock.metrics.estimate import Estimate
from aftershock.metrics.incident_counts import (
    by_group,
    compare_months,
    days_observed,
    detectable_change,
    incidents_of,
    month_counts,
)
from aftershock.metrics.repeats import action_items, repeats

__all__ = [
    "Estimate",
    "action_items",
    "by_group",
    "change_share",
    "compare_incident",
    "compare_months",
    "days_observed",
    "detectable_change",
    "dora",
    "duration_curves",
    "durations",
    "funnel_limits",
    "incidents_of",
    "month_counts",
    "repeats",
    "risk_by_hours",
    "risk_by_service",
    "risk_per_1000",
    "watch_time",
]
