"""The month's numbers, each with an interval and, where changes are blamed, with what chance alone would give.

Pure functions on a dataset and, where needed, on what was found in it. Intervals hold 90 % throughout.

================  ======================================================================================
incident_counts   incidents per month and per group
month_comparison  whether two months differ, and what a comparison of two months can show at all
change_risk       share set off by changes; risk per 1,000 changes by kind, service and hour; watch time
durations         time to detect, mitigate, resolve, open incidents censored; one incident among the past
dora              the four keys of DORA
repeats           earlier incidents that resemble an incident
action_items      what was promised in write-ups, and its state
estimate          a number with its interval
protocols         what all of these need of a dataset and of an attribution
================  ======================================================================================
"""

from aftershock.metrics.action_items import action_items
from aftershock.metrics.change_risk import (
    change_share,
    funnel_limits,
    outage_count,
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
    days_observed,
    incidents_of,
    month_counts,
    month_of,
)
from aftershock.metrics.month_comparison import Comparison, compare_months, detectable_change
from aftershock.metrics.repeats import repeats

__all__ = [
    "Comparison",
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
    "month_of",
    "outage_count",
    "repeats",
    "risk_by_hours",
    "risk_by_service",
    "risk_per_1000",
    "watch_time",
]
