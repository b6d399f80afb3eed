"""What was changed while an incident lasted, in words that do not take a coincidence for a cure."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from aftershock.output.blocks import Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import duration, plural, quoted, when
from aftershock.output.safe_html import sortable, title_with_id

MOST = 10  # changes in the table: the rest are counted
NOTHING = "No change is recorded while it lasted that took another back, touched a failed service or was an emergency."
NOT_A_CURE = "That a change came shortly before the end does not say that it ended the incident."


def taken_back_sentence(during: pd.DataFrame, suspects: pd.DataFrame) -> str:
    """That a suspect was taken back while the incident lasted, the most probable first, and how long before the end; "" where
    none was."""
    taken = during[during["takes_back"] != ""].merge(
        suspects[["change_id", "title", "rank"]], left_on="takes_back", right_on="change_id", suffixes=("", "_suspect")
    )
    if taken.empty:
        return ""
    first = taken.sort_values(["rank", "started_at"], kind="stable").iloc[0]
    name = quoted(first["title_suspect"]) if first["title_suspect"] else first["takes_back"]
    return f"{name} (rank {first['rank']}) was taken back {duration(first['after_minutes'])} into the incident{_end(first)}."


def _end(row: pd.Series) -> str:
    """How long before, or after, the end."""
    minutes = row["before_end_minutes"]
    if math.isnan(minutes):
        return "; when that ended is not recorded"
    if abs(minutes) < 1:
        return ", as it ended"
    return f", {duration(minutes)} before it ended" if minutes > 0 else f", {duration(-minutes)} after it had ended"


def during_table(during: pd.DataFrame, suspects: pd.DataFrame, zone: str) -> Stack:
    """The changes made while it lasted, in order of time; ``during``: of ``metrics.changes_during``."""
    if during.empty:
        return Stack(Prose(NOTHING))
    ranks = suspects.set_index("change_id")["rank"]
    shown = _chosen(during)
    rows = [
        {
            "Change": title_with_id(r.title, r.change_id),
            "When": sortable(when(r.started_at, r.started_at_before, zone), r.started_at),
            "After the start": sortable(duration(r.after_minutes), r.after_minutes),
            "Before the end": _before_end(r.before_end_minutes),
            "Why it is here": _reason(r, ranks),
        }
        for r in shown.itertuples()
    ]
    rest = len(during) - len(shown)
    more = (
        f" {plural(rest, 'other change')} on failed services {'is' if rest == 1 else 'are'} left out." if rest else ""
    )
    said = taken_back_sentence(during, suspects)
    return Stack(
        *([Prose(said)] if said else []), Table(pd.DataFrame(rows), "Changes while it lasted"), Prose(NOT_A_CURE + more)
    )


def _chosen(during: pd.DataFrame) -> pd.DataFrame:
    """The rows of the table: those that take a change back come before others where not all have room."""
    first = during.assign(other=during["takes_back"] == "").sort_values(["other", "started_at"], kind="stable")
    return first.head(MOST).sort_values(["started_at", "change_id"], kind="stable")


def _before_end(minutes: float) -> object:
    if math.isnan(minutes):
        return "end not recorded"
    return sortable(duration(minutes) if minutes >= 0 else f"{duration(-minutes)} after it", minutes)


def _reason(row: Any, ranks: pd.Series) -> str:
    takes_back = row.takes_back
    if takes_back:
        rank = f", rank {ranks[takes_back]}" if takes_back in ranks.index else ""
        return f"takes back {takes_back}{rank}"
    return "on a failed service" if row.on_failed_service else "an emergency"
