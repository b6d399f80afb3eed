"""Error budgets in words: what was spent, by which incidents, and how much of that is known."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aftershock.metrics.error_budget import ErrorBudgets
from aftershock.output.blocks import Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import MISSING, duration, listed, percent, plural, times, verb
from aftershock.output.safe_html import sortable, title_with_id

MOST = 20  # incidents in the table: the rest are counted
NO_TARGETS = "No targets are given. [slo] in dataset.toml names services and how much of a month each may be down."
HOW_COUNTED = (
    "Lost is the time that incidents naming the service cover, from start to mitigation, else resolution; overlapping ones count "
    "once. The log knows whole incidents, not failed requests: a service that failed for some users counts as down"
)


def overspent_sentence(found: ErrorBudgets) -> str:
    """Which services spent more than their budget; "" where none did."""
    over = found.budgets[found.budgets["left_minutes"] < 0]
    if over.empty:
        return ""
    said = [f"{r.service} ({_spent_share(r.spent_share)})" for r in over.itertuples()]
    return f"More than the error budget was spent by {listed(said)}."


def error_budgets(found: ErrorBudgets, partial: dict[str, float]) -> Stack:
    """A row per target, then the incidents that spent it, dearest first."""
    if found.budgets.empty:
        return Stack(Prose(NO_TARGETS))
    weights = [f"{severity} as {percent(weight)}" for severity, weight in partial.items()]
    how = f"{HOW_COUNTED}, except {listed(weights)} ([slo] partial)." if weights else f"{HOW_COUNTED}."
    return Stack(
        Table(_budget_rows(found.budgets), "Error budgets"),
        Prose(how, *_caveats(found.budgets)),
        *_spent(found.spent),
    )


def _budget_rows(budgets: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Service": r.service,
                "Target": f"{100 * r.target:.10g} %",
                "Budget": sortable(duration(r.budget_minutes), r.budget_minutes),
                "Lost": sortable(_lost(r), r.lost_minutes),
                "Spent": sortable(_spent_share(r.spent_share) if r.known else MISSING, r.spent_share),
                "Left": sortable(_left(r), r.left_minutes),
                "Incidents": r.n,
            }
            for r in budgets.itertuples()
        ]
    )


def _spent_share(share: float) -> str:
    return percent(share) if share < 2 else times(share)


def _lost(row: Any) -> str:
    if not row.known:
        return "not in the logs"
    least = "at least " if row.n_open or row.n_unended else ""
    imprecise = row.lost_high - row.lost_low >= 1
    span = f" ({_time(row.lost_low)} to {_time(row.lost_high)})" if imprecise else ""
    return f"{least}{_time(row.lost_minutes)}{span}"


def _time(minutes: float) -> str:
    return duration(minutes) if minutes else "none"


def _left(row: Any) -> str:
    if not row.known:
        return MISSING
    if row.left_minutes < 0:
        return f"overspent by {duration(-row.left_minutes)}"
    return f"{'at most ' if row.n_open or row.n_unended else ''}{_time(row.left_minutes)}"


def _caveats(budgets: pd.DataFrame) -> list[str]:
    said = []
    first = budgets.iloc[0]
    if first["covered_days"] < first["days"] - 1 / 24:
        said.append(
            f"The logs cover {first['covered_days']:.1f} of the {first['days']:.0f} days; the budget is that of all of them."
        )
    still, unended = int(budgets["n_open"].sum()), int(budgets["n_unended"].sum())
    if still:
        said.append(
            f"{plural(still, 'incident')} {verb(still, 'is', 'are')} open and counted up to the end of what the logs cover."
        )
    if unended:
        said.append(f"{plural(unended, 'incident')} without a recorded end {verb(unended, 'is', 'are')} not counted.")
    unknown = budgets.loc[~budgets["known"].astype(bool), "service"].tolist()
    if unknown:
        said.append(
            f"No incident and no change names {listed(unknown)}: a name in [slo] that the logs write otherwise needs [aliases]."
        )
    return [" ".join(said)] if said else []


def _spent(spent: pd.DataFrame) -> list[Table | Prose]:
    if spent.empty:
        return [Prose("No incident touches a service that has a target.")]
    dearest = spent.sort_values(["minutes", "incident_id"], ascending=[False, True], kind="stable")
    rows = [
        {
            "Incident": title_with_id(r.title, r.incident_id),
            "Service": r.service,
            "Severity": r.severity,
            "Spent": sortable(_of_incident(r), r.minutes),
        }
        for r in dearest.head(MOST).itertuples()
    ]
    table = Table(pd.DataFrame(rows), "What spent them")
    rest = len(dearest) - len(rows)
    return [table, *([Prose(f"{plural(rest, 'row')} with less {verb(rest, 'is', 'are')} left out.")] if rest else [])]


def _of_incident(row: Any) -> str:
    if row.state == "end not recorded":
        return "end not recorded"
    if not row.minutes:
        return "covered by another"
    return f"{duration(row.minutes)}{', open' if row.state else ''}"
