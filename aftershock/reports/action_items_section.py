"""Action items that people wrote into a dataset's postmortems/, as they were at a moment."""

from __future__ import annotations

import pandas as pd

from aftershock.metrics.action_items import FollowUp
from aftershock.output.blocks import Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.safe_html import sortable

NOTHING_WRITTEN = "No action items are written down in the dataset's postmortems/ folder."


def action_items(found: FollowUp) -> Stack:
    """How many were done, open and overdue at the end of the month, and those that were not done, the first due first."""
    if found.items.empty:
        return Stack(Prose(NOTHING_WRITTEN))
    states = found.items["state"].value_counts()
    said = (
        f"At the end of the month {states.get('done', 0)} were done, {states.get('open', 0)} open and "
        f"{states.get('overdue', 0)} overdue."
    )
    notes = [f"{r['file']}: {r['found']}" for r in found.notes.to_dict("records")]
    return Stack(
        Prose(said),
        Table(_open_rows(found.items), "Open and overdue action items"),
        *([Prose("Not all could be read: " + "; ".join(notes), kind="notice")] if notes else []),
    )


def _open_rows(items: pd.DataFrame) -> pd.DataFrame:
    rows = items[items["state"] != "done"].sort_values("due", kind="stable")
    return pd.DataFrame(
        {
            "Action": rows["action"],
            "Incident": rows["incident_id"],
            "Owner": rows["owner"],
            "Due": [sortable(d.strftime("%-d %b %Y"), d) if pd.notna(d) else "" for d in rows["due"]],
            "State": rows["state"],
        }
    ).reset_index(drop=True)
