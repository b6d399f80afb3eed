"""Action items that people wrote into a dataset's postmortems/, as they were at a moment."""

from __future__ import annotations

import pandas as pd

from aftershock.metrics.action_items import FollowUp
from aftershock.output.blocks import Block, Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import listed, plural, verb
from aftershock.output.safe_html import sortable

NOTHING_WRITTEN = "No action items are written down in the dataset's postmortems/ folder."
NO_DATES = "An item has no date of its own: it counts from the day of its incident."


def action_items(found: FollowUp, again: pd.DataFrame, month: str) -> Stack:
    """What was opened and closed in the month, what is left at its end and for how long, and which repeats came while an item of
    the earlier incident was open. ``again``: of ``metrics.repeats_with_open_items``."""
    notes = [f"{r['file']}: {r['found']}" for r in found.notes.to_dict("records")]
    unread: list[Block] = [Prose("Not all could be read: " + "; ".join(notes), kind="notice")] if notes else []
    if found.items.empty:
        return Stack(Prose(NOTHING_WRITTEN), *unread)
    said = [moved_sentence(found.items, month), left_sentence(found.items), NO_DATES]
    left = _open_rows(found.items)
    return Stack(
        Prose(" ".join(said)),
        *([Table(left, "Open and overdue action items", align={"Age": "right"})] if len(left) else []),
        *_again(again),
        *unread,
    )


def moved_sentence(items: pd.DataFrame, month: str) -> str:
    """How many were opened and closed in a month."""
    opened, closed = (
        int((items[column].dt.to_period("M") == pd.Period(month, "M")).sum()) for column in ("raised", "done")
    )
    return f"{_many(opened)} {verb(opened, 'was', 'were')} opened in the month and {closed or 'none'} closed."


def _many(count: int) -> str:
    return plural(count, "action item") if count else "No action item"


def left_sentence(items: pd.DataFrame) -> str:
    """How many of all are done, open and overdue, and how long those that are not have waited."""
    states = items["state"].value_counts()
    done, late, total = int(states.get("done", 0)), int(states.get("overdue", 0)), len(items)
    if done == total:
        return "At its end the only one is done." if total == 1 else f"At its end all {total:,} are done."
    left = total - done
    if total == 1:
        said = f"At its end the only one is {'overdue' if late else 'open'}"
    else:
        of_all = f"{left:,} of {total:,} are" if left > 1 else f"1 of {total:,} is"
        of_all = f"none of {total:,} is done" if left == total else f"{of_all} not done"
        overdue = f"{late:,} of them overdue" if late < left else "all of them overdue" if left > 1 else "and overdue"
        said = f"At its end {of_all}, {overdue if late else 'none overdue'}"
    ages = items.loc[items["state"] != "done", "age_days"].dropna()
    if ages.empty:
        return f"{said}."
    if len(ages) == 1:
        return f"{said}, {plural(int(ages.iloc[0]), 'day')} old."
    if int(ages.min()) == int(ages.max()):
        return f"{said}; each is {plural(int(ages.max()), 'day')} old."
    return f"{said}; their age is {plural(int(ages.median()), 'day')} at the median, {plural(int(ages.max()), 'day')} at most."


def _open_rows(items: pd.DataFrame) -> pd.DataFrame:
    rows = items[items["state"] != "done"].sort_values("due", kind="stable")
    return pd.DataFrame(
        {
            "Action": rows["action"],
            "Incident": rows["incident_id"],
            "Owner": rows["owner"],
            "Due": [_due(d) for d in rows["due"]],
            "Age": [sortable(plural(int(a), "day"), a) if pd.notna(a) else "" for a in rows["age_days"]],
            "State": rows["state"],
        }
    ).reset_index(drop=True)


def _due(day: pd.Timestamp) -> object:
    return sortable(day.strftime("%-d %b %Y"), day) if pd.notna(day) else ""


def _again(again: pd.DataFrame) -> list[Block]:
    """Repeats that came while an action item of the earlier incident was open; nothing where there were none."""
    if again.empty:
        return []
    rows = pd.DataFrame(
        {
            "Incident": again["incident_id"],
            "Resembles": again["earlier_id"],
            "Open action item": again["action"],
            "Owner": again["owner"],
            "Due": [_due(d) for d in again["due"]],
            "Open for": [sortable(plural(int(d), "day"), d) for d in again["days_open"]],
        }
    )
    return [
        Prose(again_sentence(again)),
        Table(rows, "Repeats whose action item was open", align={"Open for": "right"}),
    ]


def again_sentence(again: pd.DataFrame) -> str:
    """Which incidents came again before something was done."""
    ids = list(dict.fromkeys(again["incident_id"]))
    came = f"{plural(len(ids), 'incident')} {verb(len(ids), 'resembles', 'resemble')} an earlier one"
    items = "an action item was" if len(again) == 1 else "action items were"
    named = listed(ids, most=5)
    return f"{came} of which {items} still open: {named}. Whether that would have prevented it is for people to say."
