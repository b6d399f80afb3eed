"""What was found in a line and as a card: the share set off by changes, the warnings, and the latest answers with bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from aftershock.model.intervals import posterior_interval
from aftershock.output.blocks import Block, FactCards, NotebookStyle, Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import interval_percent, percent, plural, when
from aftershock.output.safe_html import clean

if TYPE_CHECKING:
    from aftershock.model.attribution import Attribution

_LATEST = 8  # incidents shown


def line(found: Attribution) -> str:
    """What was attributed, in a line; nothing is worked out for it."""
    dataset = found.dataset
    counts = (
        f"{plural(len(found.shown.incidents), 'incident')}, {plural(len(dataset.changes), 'change')}, "
        f"{plural(len(found.seen.pairs.incident), 'candidate')}"
    )
    return clean(
        f"<Attribution of {dataset.mask.text(dataset.key)}: {counts}; see incidents, pairs, suspects(), rates>"
    )


def card(found: Attribution) -> Stack:
    """The card; for a cell's last line."""
    dataset, shares, incidents = found.dataset, found.shares, found.shown.incidents
    blocks: list[Block] = [NotebookStyle(), FactCards(_facts(found, shares))]
    blocks += [Prose(*found.warnings, kind="warning")] if found.warnings else []
    best = found.suspects().query("rank == 1").set_index("incident_id")
    latest = incidents.sort_values("started_at", kind="stable").tail(_LATEST).iloc[::-1]
    rows = pd.DataFrame(
        [
            {
                "Incident": r.incident_id,
                "Started": when(r.started_at, r.started_at_before, dataset.timezone),
                "What": r.title,
                "Most probable explanation": best["title"][r.incident_id],
                "Probability": float(best["probability"][r.incident_id]),
            }
            for r in latest.itertuples()
        ]
    )
    title = f"The last {len(rows)} of {plural(len(incidents), 'incident')}"
    bars = ["Probability"] if len(rows) else []
    blocks.append(Table(rows, title, bars=bars, empty="There is no incident."))
    return Stack(*blocks)


def _facts(found: Attribution, shares: pd.DataFrame) -> list[tuple[object, object, object]]:
    facts: list[tuple[object, object, object]] = [("incidents", len(shares), "")]
    facts.append(("changes", len(found.dataset.changes), ""))
    if len(shares):
        share = float(shares["change_probability"].mean())
        low, high = posterior_interval(found.draws["incident_changes"].mean(axis=1))
        said = interval_percent(share, min(float(low), share), max(float(high), share))
        facts.append(("set off by recorded changes", said, f"by chance {percent(shares['chance'].mean())}"))
    return facts
