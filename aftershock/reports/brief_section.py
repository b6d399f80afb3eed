"""What people decided about an incident and what is still open, in so few lines that the first page of a postmortem has room."""

from __future__ import annotations

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.dataset.writeups import Writeup
from aftershock.metrics.action_items import state_of
from aftershock.model.exclusions import rejections, who_and_when
from aftershock.output.blocks import Bullets
from aftershock.output.phrases import duration, listed, plural, quoted, shortened
from aftershock.output.safe_html import join, strong
from aftershock.reports.writeup_section import PROMPTS
from aftershock.schema.tables import NONE

MOST = 3  # causes and action items that are named; the others are counted
LONGEST = 120  # characters of a title, note or action that are shown
NO_DECISION = "Nobody has recorded a verdict"


def decided_and_open(
    dataset: Dataset, incident: pd.Series, verdict: pd.Series | None, writeup: Writeup | None
) -> Bullets:
    """Points in the order of a handover: the verdict or the reported cause, the incident's own end, action items, sections that
    nobody has written. ``writeup``: None where there is none, or none that can be read."""
    points = [
        ("Decided", _decided(dataset, incident, verdict)),
        ("Incident", _its_end(dataset, incident)),
        ("Action items", _actions(dataset, writeup)),
        ("To be written", _unwritten(writeup)),
    ]
    return Bullets([join("", [strong(f"{name}:"), f" {said}"]) for name, said in points if said])


def _decided(dataset: Dataset, incident: pd.Series, verdict: pd.Series | None) -> str:
    if verdict is not None:
        note = f" “{shortened(verdict['note'], LONGEST)}”" if verdict["note"].strip() else ""
        what = _cause(dataset, verdict["change_id"])
        return f"{what} ({shortened(who_and_when(verdict, dataset.timezone), LONGEST)}).{note}"
    causes = list(incident["caused_by"])
    ruled_out = rejections(dataset, incident["incident_id"])
    if ruled_out:
        each = [f"{_cause(dataset, change)} ({shortened(who, LONGEST)})" for change, who in ruled_out.items()]
        return f"what set it off is open; not {listed(each, most=MOST)}."
    if not causes:
        return f"{NO_DECISION}, and the log names no cause."
    source = f" ({shortened(incident['caused_by_source'], LONGEST)})" if incident["caused_by_source"] else ""
    named = listed([_cause(dataset, c) for c in causes], most=MOST)
    return f"{NO_DECISION}. The log names as the cause: {named}{source}."


def _cause(dataset: Dataset, change_id: str) -> str:
    if change_id == NONE:
        return "no recorded change"
    titles = dataset.changes.loc[dataset.changes["change_id"] == change_id, "title"]
    title = titles.iloc[0] if len(titles) else ""
    return f"{quoted(shortened(title, LONGEST))}, {change_id}" if title else change_id


def _its_end(dataset: Dataset, incident: pd.Series) -> str:
    """Why the incident itself is still open; "" where it ended."""
    if pd.notna(incident["resolved_at"]):
        return ""
    if incident["status"] == "open":
        return f"not over when the log ends, {duration(dataset.observed[1] - incident['started_at'])} after its start."
    return "its end is not recorded."


def _actions(dataset: Dataset, writeup: Writeup | None) -> str:
    """How many action items were agreed and are not done, and the first due of them, as of the end of the logs or the last
    day on which one was done, whichever is later."""
    if writeup is None or writeup.actions.empty:
        return "none are written down."
    items = writeup.actions
    last = dataset.observed[1].tz_convert(dataset.timezone).tz_localize(None).normalize()
    today = max([last, *items["done"].dropna()])
    states = pd.Series(
        [state_of(due, done, today) for due, done in zip(items["due"], items["done"], strict=True)], index=items.index
    )
    left = items[states != "done"].sort_values("due", kind="stable")
    agreed = plural(len(items), "action item")
    if left.empty:
        return f"{agreed}, {'done' if len(items) == 1 else 'all done'}."
    overdue = int((states == "overdue").sum())
    late = f", {overdue} of them overdue" if overdue else ""
    late = ", and overdue" if overdue == len(left) == 1 else ", all overdue" if overdue == len(left) > 1 else late
    open_words = "not done" if len(items) == 1 else f"{len(left)} not done" if len(left) < len(items) else "none done"
    return f"{agreed}, {open_words}{late} on {today:%-d %b %Y}: {_named(left)}."


def _named(left: pd.DataFrame) -> str:
    """The first due, with owner and day."""
    names = []
    for row in left.head(MOST).itertuples():
        known = [shortened(row.owner, 40)] if row.owner else ["no owner"]
        known += [f"due {row.due:%-d %b %Y}"] if pd.notna(row.due) else []
        names.append(f"{quoted(shortened(row.action, LONGEST))} ({', '.join(known)})")
    more = [f"{len(left) - MOST} more"] if len(left) > MOST else []
    return "; ".join([*names, *more])


def _unwritten(writeup: Writeup | None) -> str:
    """The sections that have a prompt and no text."""
    sections = writeup.sections if writeup else {}
    names = [name for name, _ in PROMPTS if not sections.get(name, "").strip()]
    if len(names) == len(PROMPTS):
        return "everything, as there is no write-up yet." if writeup is None else "every section of the write-up."
    return f"{listed(names)}." if names else ""
