"""The month's numbers, each with an interval and, where changes are blamed, with what chance alone would give.

Pure functions on a dataset and, where needed, on what was found in it. Intervals hold 90 % throughout.

================  ======================================================================================
incident_counts   incidents per month and per group
month_comparison  a month against the year before it, and what a comparison of two months can show at all
systemic          whether a row of outages is more than bad luck, and whether changes carry it
poisson_tests     dispersion, trend, changepoint and gaps against events that come independently at one rate
change_risk       share set off by changes; risk per 1,000 changes by kind, service and hour; watch time
during            what was changed while an incident lasted
durations         time to detect, mitigate, resolve, open incidents censored; one incident among the past
dora              the keys of DORA
error_budget      minutes lost against the targets of services, and by which incidents
repeats           earlier incidents that resemble an incident
action_items      what was promised in write-ups, and its state
estimate          a number with its interval
protocols         what all of these need of a dataset and of an attribution
================  ======================================================================================
"""

from aftershock.metrics.action_items import action_items, repeats_with_open_items
from aftershock.metrics.change_risk import (
    change_share,
    funnel_limits,
    funnel_place,
    outage_count,
    risk_by_hours,
    risk_by_kind,
    risk_by_service,
    watch_time,
)
from aftershock.metrics.dora import dora
from aftershock.metrics.durations import compare_incident, duration_curves, durations
from aftershock.metrics.during import changes_during
from aftershock.metrics.error_budget import error_budgets
from aftershock.metrics.estimate import Estimate
from aftershock.metrics.incident_counts import (
    by_group,
    days_observed,
    incidents_of,
    month_counts,
    month_of,
)
from aftershock.metrics.month_comparison import (
    Comparison,
    Usual,
    compare_rates,
    compare_with_last_month,
    compare_with_usual,
    detectable_change,
    usual_before,
)
from aftershock.metrics.poisson_tests import changepoint, noticeable_change, poisson_tests
from aftershock.metrics.repeats import repeats
from aftershock.metrics.systemic import baseline, carried_by_changes, outage_series, outages_by_month

__all__ = [
    "Comparison",
    "Estimate",
    "Usual",
    "action_items",
    "baseline",
    "by_group",
    "carried_by_changes",
    "change_share",
    "changepoint",
    "changes_during",
    "compare_incident",
    "compare_rates",
    "compare_with_last_month",
    "compare_with_usual",
    "days_observed",
    "detectable_change",
    "dora",
    "duration_curves",
    "durations",
    "error_budgets",
    "funnel_limits",
    "funnel_place",
    "incidents_of",
    "month_counts",
    "month_of",
    "noticeable_change",
    "outage_count",
    "outage_series",
    "outages_by_month",
    "poisson_tests",
    "repeats",
    "repeats_with_open_items",
    "risk_by_hours",
    "risk_by_kind",
    "risk_by_service",
    "usual_before",
    "watch_time",
]
