"""What people decided set an incident off: checked, recorded in the dataset's verdicts.csv, listed.

A verdict names an incident, a change that set it off (or none) or that did not, the role in which it was decided, when, and
why. It is added and never replaced: the history stays, and the latest verdict counts.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import pandas as pd

from aftershock.dataset import verdicts_csv
from aftershock.dataset.dataset import VERDICTS_FILE, Dataset
from aftershock.dataset.shipped import FILE
from aftershock.model.exclusions import decided_at, rejections, who_and_when, why_no_candidate
from aftershock.output.html_table import Table
from aftershock.output.phrases import clock, plural, quoted
from aftershock.output.safe_html import clean
from aftershock.schema.errors import UsageError
from aftershock.schema.tables import ACCEPTED, NONE, REJECTED

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
    """One decision, as a row of verdicts.csv: ``change_id`` is ``none`` for "no recorded change", ``decision`` accepted or
    rejected, ``decided_at`` UTC."""

    incident_id: str
    change_id: str
    decision: str
    decided_by: str
    decided_at: str
    note: str

    @property
    def said(self) -> str:
        """What it says, in words."""
        return f"{self.incident_id} was {'not ' if self.decision == REJECTED else ''}set off by {self.change_id}"


@dataclass(frozen=True)
class RecordedVerdict:
    """A verdict that was written, the line where it begins, and what whoever decided should know."""

    verdict: Verdict
    line: int
    remarks: list[str] = field(default_factory=list)


def decide(
    dataset: Dataset, incident_id: str, change_id: str, *, by: str, note: str = "", rejected: bool = False
) -> RecordedVerdict:
    """Add a verdict to the dataset's verdicts.csv; it counts from the next fit on. ``rejected``: the change did not set the
    incident off; what did stays open.

    UsageError when incident or change do not exist (naming the nearest) or ``by`` is a person; InputError when the existing
    file cannot be added to; AftershockError when it cannot be written. Several may decide at once.
    """
    if dataset.reference:
        raise UsageError(f"{dataset.key} is a reference to compare with: nothing in it can be decided")
    role, remarks = _role(by)
    incident, said = _original(dataset, incident_id)
    change = NONE if change_id.strip().lower() == NONE else dataset.change(change_id)["change_id"]
    if rejected and change == NONE:
        raise UsageError("none cannot be rejected: accept the change that did set the incident off")
    decision = REJECTED if rejected else ACCEPTED
    verdict = Verdict(incident["incident_id"], change, decision, role, _now(), _note(note))
    _check_latest(dataset, verdict)
    remarks += said + _what_is_odd(dataset, incident, verdict) + _what_it_replaces(dataset, verdict)
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


def _what_is_odd(dataset: Dataset, incident: pd.Series, verdict: Verdict) -> list[str]:
    """A remark when the change is not a candidate: that may be right, and it may be a slip."""
    change_id, ruled_out = verdict.change_id, rejections(dataset, incident["incident_id"])
    if change_id == NONE or change_id in ruled_out:  # what it replaces is said
        return []
    why = why_no_candidate(dataset, incident, dataset.change(change_id))
    return [f"{why} The verdict counts all the same; check the id and the times."] if why else []


def _what_it_replaces(dataset: Dataset, verdict: Verdict) -> list[str]:
    """What becomes of the verdicts that count on the incident."""
    counting = pd.concat([dataset.decisions, dataset.rejections])
    counting = counting[counting["incident_id"] == verdict.incident_id]
    rejected, of_it = verdict.decision == REJECTED, counting["change_id"] == verdict.change_id
    said = []
    for _, last in counting[of_it | ((counting["decision"] != REJECTED) & (not rejected))].iterrows():
        same = last["change_id"] == verdict.change_id and (last["decision"] == REJECTED) == rejected
        does = "It confirms" if same else "It replaces"
        said.append(f"{does} the verdict of {who_and_when(last, dataset.timezone)}: {_named(last)}.")
    return said


def _named(verdict: pd.Series) -> str:
    return f"{'not ' if verdict['decision'] == REJECTED else ''}{verdict['change_id']}"


def confirmation(dataset: Dataset, recorded: RecordedVerdict) -> list[str]:
    """What was done, in sentences."""
    verdict = recorded.verdict
    title = "" if verdict.change_id == NONE else dataset.change(verdict.change_id)["title"]
    what = (
        "no recorded change"
        if verdict.change_id == NONE
        else verdict.change_id + (f", {quoted(title)}," if title else "")
    )
    did = "did not set it off" if verdict.decision == REJECTED else "set it off"
    return [
        f"{verdict.incident_id}: {what} {did}, decided by {verdict.decided_by} at {verdict.decided_at}.",
        f"Written to {VERDICTS_FILE}, line {recorded.line}; the next fit and the next report use it.",
    ]


def verdicts_table(dataset: Dataset) -> Table:
    """Every verdict in order of incident and time, and which of them counts."""
    rows = dataset.verdicts_in_order.sort_values("incident_id", kind="stable")
    return history_table(dataset, rows, with_incident=True)


def history_table(dataset: Dataset, verdicts: pd.DataFrame, *, with_incident: bool = False) -> Table:
    """Verdicts one per row, as given, and which of them counts."""
    counting = {*dataset.decisions.index, *dataset.rejections.index}
    rows = pd.DataFrame(
        {
            "Incident": verdicts["incident_id"],
            "Set off by": [_named(row) for _, row in verdicts.iterrows()],
            "Decided by": verdicts["decided_by"],
            "When": [decided_at(row, dataset.timezone) for _, row in verdicts.iterrows()],
            "Counts": ["yes" if i in counting else "replaced" for i in verdicts.index],
            "Note": [" ".join(note.split()) for note in verdicts["note"]],
        }
    )
    caption = "Verdicts on this incident, oldest first"
    if with_incident:
        caption = f"{plural(len(rows), 'verdict')} on {plural(verdicts['incident_id'].nunique(), 'incident')}"
    empty = f"Nobody has decided anything: {dataset.key} has no {VERDICTS_FILE}."
    return Table(rows if with_incident else rows.drop(columns="Incident"), caption, empty=empty)
