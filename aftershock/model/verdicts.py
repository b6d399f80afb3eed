"""What people decided set an incident off: checked, recorded in the dataset's verdicts.csv, listed.

A verdict names an incident, a change or none, the role in which it was decided, when, and why. It is added and never
replaced: the history stays, and the latest verdict counts.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import pandas as pd

from aftershock.dataset import verdicts_csv
from aftershock.dataset.dataset import VERDICTS_FILE, Dataset
from aftershock.dataset.shipped import FILE
from aftershock.model.exclusions import why_no_candidate
from aftershock.output.html_table import Table
from aftershock.output.phrases import clock, plural, quoted, when
from aftershock.output.safe_html import clean
from aftershock.schema.errors import UsageError
from aftershock.schema.tables import NONE

LONGEST_ROLE, LONGEST_NOTE = 80, 2000  # characters; judgements: a table cell, and a page of a report
_ADVICE = "name the role in which it was decided, such as 'incident review' or 'on-call lead'"
_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_OF_ROLES = re.compile(
    r"\b(?:analyst|architect|board|call|chair|commander|committee|control|coordinator|council|customer|"
    r"delivery|developer|director|duty|engineer|engineering|forum|group|incident|infrastructure|lead|"
    r"leader|manager|management|member|office|officer|on-call|operations|operator|ops|owner|platform|"
    r"postmortem|primary|problem|product|programmer|quality|release|reliability|response|retrospective|"
    r"review|reviewer|secondary|security|service|site|sre|steward|support|team|tech|technical|vendor)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Verdict:
    """One decision, as a row of verdicts.csv: ``change_id`` is ``none`` for "no recorded change", ``decided_at`` UTC."""

    incident_id: str
    change_id: str
    decided_by: str
    decided_at: str
    note: str


@dataclass(frozen=True)
class RecordedVerdict:
    """A verdict that was written, the line where it begins, and what whoever decided should know."""

    verdict: Verdict
    line: int
    remarks: list[str] = field(default_factory=list)


def decide(dataset: Dataset, incident_id: str, change_id: str, *, by: str, note: str = "") -> RecordedVerdict:
    """Add a verdict to the dataset's verdicts.csv; it counts from the next fit on.

    UsageError when incident or change do not exist (naming the nearest) or ``by`` is a person; InputError when the existing
    file cannot be added to; AftershockError when it cannot be written. Several may decide at once.
    """
    if dataset.reference:
        raise UsageError(f"{dataset.key} is a reference to compare with: nothing in it can be decided")
    role, remarks = _role(by)
    incident, said = _original(dataset, incident_id)
    change = NONE if change_id.strip().lower() == NONE else dataset.change(change_id)["change_id"]
    verdict = Verdict(incident["incident_id"], change, role, _now(), _note(note))
    _check_latest(dataset, verdict)
    remarks += said + _what_is_odd(dataset, incident, change) + _what_it_replaces(dataset, verdict)
    line = verdicts_csv.append(dataset.folder / VERDICTS_FILE, asdict(verdict), like=dataset.folder / FILE)
    return RecordedVerdict(verdict, line, remarks)


def undo(dataset: Dataset, recorded: RecordedVerdict) -> None:
    """Take a verdict back that was just recorded, as a slip. AftershockError when others have decided since."""
    verdicts_csv.take_back(dataset.folder / VERDICTS_FILE, asdict(recorded.verdict), like=dataset.folder / FILE)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _role(by: str) -> tuple[str, list[str]]:
    """The role, and a remark when it looks like a name; UsageError for none, one that is too long, an address or a handle."""
    role = " ".join(clean(by).split())
    if not role:
        raise UsageError(f"no role is given: {_ADVICE}")
    if "@" in role or "://" in role:
        raise UsageError(
            f"{role!r} is an address or a handle, not a role: {_ADVICE}. Aftershock keeps no people, so that reports stay "
            "blameless"
        )
    if len(role) > LONGEST_ROLE:
        raise UsageError(f"the role has {len(role)} characters, {LONGEST_ROLE} are the most: {_ADVICE}")
    if _looks_like_a_name(role):
        return role, [f"{role!r} looks like a person's name, and reports will show it; rather {_ADVICE}."]
    return role, []


def _looks_like_a_name(role: str) -> bool:
    """Two to four capitalised words, none of which names a role. A guess, so it only warns."""
    words = role.split()
    return (
        2 <= len(words) <= 4
        and all(_NAME.fullmatch(w) and w[0].isupper() and not (len(w) > 2 and w.isupper()) for w in words)
        and not _OF_ROLES.search(role)
    )


def _note(note: str) -> str:
    text = clean(note.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > LONGEST_NOTE:
        raise UsageError(
            f"the note has {len(text):,} characters, {LONGEST_NOTE:,} are the most; what is longer belongs in the "
            "incident's write-up in postmortems/"
        )
    return text


def _original(dataset: Dataset, incident_id: str) -> tuple[pd.Series, list[str]]:
    """The incident, or the one that it repeats, and a remark when it is the latter."""
    incident = dataset.incident(incident_id)
    if not incident["duplicate_of"]:
        return incident, []
    original = dataset.incident(incident["duplicate_of"])
    return original, [f"{incident_id} repeats {original['incident_id']}; the verdict is on that one."]


def _check_latest(dataset: Dataset, verdict: Verdict) -> None:
    """UsageError when an older row claims a later time: the new one would not count."""
    history = dataset.verdicts_on(verdict.incident_id)
    later = history[history["decided_at"] > pd.Timestamp(verdict.decided_at)]
    if len(later):
        row = later.iloc[-1]
        raise UsageError(
            f"{row['file']}, line {row['line']} decides on {verdict.incident_id} at "
            f"{clock(row['decided_at'], dataset.timezone)}, which is yet to come, so a verdict of today would not count; "
            "fix its decided_at first"
        )


def _what_is_odd(dataset: Dataset, incident: pd.Series, change_id: str) -> list[str]:
    """A remark when the change is not a candidate: that may be right, and it may be a slip."""
    why = "" if change_id == NONE else why_no_candidate(dataset, incident, dataset.change(change_id))
    return [f"{why} The verdict counts all the same; check the id and the times."] if why else []


def _what_it_replaces(dataset: Dataset, verdict: Verdict) -> list[str]:
    history = dataset.verdicts_on(verdict.incident_id)
    if history.empty:
        return []
    last = history.iloc[-1]
    same = last["change_id"] == verdict.change_id
    return [
        f"{'It confirms' if same else 'It replaces'} the verdict of {who_and_when(last, dataset.timezone)}: {last['change_id']}."
    ]


def who_and_when(verdict: pd.Series, zone: str) -> str:
    """Who decided in which role, and when: "incident review, 20 Jan 2024, 10:00 UTC"."""
    role = verdict["decided_by"] or "role not given"
    return role if pd.isna(verdict["decided_at"]) else f"{role}, {_at(verdict, zone)}"


def _at(verdict: pd.Series, zone: str) -> str:
    if pd.isna(verdict["decided_at"]):
        return ""
    return when(verdict["decided_at"], verdict["decided_at_before"], zone).removesuffix(", hour unknown")


def confirmation(dataset: Dataset, recorded: RecordedVerdict) -> list[str]:
    """What was done, in sentences."""
    verdict = recorded.verdict
    title = "" if verdict.change_id == NONE else dataset.change(verdict.change_id)["title"]
    what = (
        "no recorded change"
        if verdict.change_id == NONE
        else verdict.change_id + (f", {quoted(title)}," if title else "")
    )
    return [
        f"{verdict.incident_id}: {what} set it off, decided by {verdict.decided_by} at {verdict.decided_at}.",
        f"Written to {VERDICTS_FILE}, line {recorded.line}; the next fit and the next report use it.",
    ]


def verdicts_table(dataset: Dataset) -> Table:
    """Every verdict in order of incident and time, and which of them counts."""
    rows = dataset.verdicts_in_order.sort_values("incident_id", kind="stable")
    return history_table(dataset, rows, with_incident=True)


def history_table(dataset: Dataset, verdicts: pd.DataFrame, *, with_incident: bool = False) -> Table:
    """Verdicts one per row, as given, and which of them counts."""
    counting = set(dataset.decisions.index)
    rows = pd.DataFrame(
        {
            "Incident": verdicts["incident_id"],
            "Set off by": verdicts["change_id"],
            "Decided by": verdicts["decided_by"],
            "When": [_at(row, dataset.timezone) for _, row in verdicts.iterrows()],
            "Counts": ["yes" if i in counting else "replaced" for i in verdicts.index],
            "Note": [" ".join(note.split()) for note in verdicts["note"]],
        }
    )
    caption = "Verdicts on this incident, oldest first"
    if with_incident:
        caption = f"{plural(len(rows), 'verdict')} on {plural(len(counting), 'incident')}"
    empty = f"Nobody has decided anything: {dataset.key} has no {VERDICTS_FILE}."
    return Table(rows if with_incident else rows.drop(columns="Incident"), caption, empty=empty)
