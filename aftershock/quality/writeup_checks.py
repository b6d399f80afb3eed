"""What a write-up holds that could not be read, and wording in it that may be read as blame."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.dataset.writeups import WRITEUPS, prose_lines
from aftershock.metrics.action_items import action_items
from aftershock.output.file_names import file_name
from aftershock.output.phrases import plural, quoted
from aftershock.quality.finding import Finding
from aftershock.schema.errors import InputError

LATE = pd.Timestamp("2200-01-01", tz="UTC")  # after every incident: all write-ups are read
_WHO = (
    r"(?:he|she|someone|somebody|engineers?|developers?|programmers?|operators?|technicians?|admins?|administrators?|on-?call|"
    r"sres?|teams?|colleagues?|contractors?|interns?|juniors?|managers?|reviewers?|authors?|responders?|person \d+)"
)
BLAMING = (
    (
        r"\b(?:human|operator|pilot|engineer|admin(?:istrator)?) (?:error|mistake|failure)s?\b",
        "ends the question",
    ),
    (r"\b(?:menschliches versagen|erreur humaine|error humano|errore umano|erro humano)\b", "ends the question"),
    (
        rf"\b{_WHO}\b(?: \w+){{0,2}}? (?:forgot to|failed to|neglected to|did(?:n['’]t| not) bother)\b",
        "says what was not done",
    ),
    (rf"\b{_WHO}\b(?: \w+){{0,2}}? (?:should(?:n['’]t| not)?|ought to|could easily) have\b", "judges with hindsight"),
    (rf"\b(?:his|her|{_WHO}(?:['’]s|s['’])) (?:fault|mistake|error|negligence)\b", "names somebody as the cause"),
    (
        rf"\b{_WHO}\b(?: \w+){{0,2}}? (?:is|was|are|were)(?: \w+)? (?:to blame|at fault)\b",
        "names somebody as the cause",
    ),
    (
        r"\b(?:careless(?:ly|ness)?|negligen(?:t|ce|tly)|incompeten(?:t|ce)|sloppy|sloppiness|lazy|laziness|reckless(?:ly|ness)?|"
        r"stupid(?:ly|ity)?|inattenti(?:ve|on))\b",
        "judges a person",
    ),
    (r"\b(?:know|known) better\b|\bcommon sense\b", "judges with hindsight"),
    (r"\bdisciplinary\b|\breprimand(?:ed|s)?\b", "speaks of punishment"),
)
"""Wording → what it does. After Dekker, *The Field Guide to Understanding Human Error* (2014): where somebody is the answer, nobody
asks what made the step look right. A judgement: English, and few words of others, so chosen that things may fail."""
_BLAMING = tuple((re.compile(pattern, re.IGNORECASE), why) for pattern, why in BLAMING)
_QUOTE = re.compile(r"^\s*>.*|“[^”]*”|\"[^\"]*\"|`[^`]*`")


def find_unread_writeups(dataset: Dataset) -> list[Finding]:
    """Parts of write-ups that could not be read, and write-ups of no incident."""
    notes = action_items(dataset, LATE, stem=file_name).notes
    if notes.empty:
        return []
    rows = notes.assign(id="", what=notes["found"] + "; expected " + notes["expected"])
    count = len(notes)
    return [
        Finding(
            "unread_writeups",
            f"{plural(count, 'place')} in write-ups could not be read",
            "What could not be read is in no count of action items.",
            str(notes.iloc[0]["remedy"]) if count == 1 else "Each place says what was expected.",
            rows=rows[["file", "line", "id", "what"]].reset_index(drop=True),
            touches="action items; not the attribution",
        )
    ]


def find_blame(dataset: Dataset) -> list[Finding]:
    """Wording that may be read as blaming people; quotations and code are left out."""
    ids = {file_name(dataset.raw_id(i)): i for i in dataset.incidents["incident_id"]}
    rows = [
        (f"{WRITEUPS}/{file_name(ids.get(path.stem, path.stem))}.md", number, ids.get(path.stem, ""), f"{words}: {why}")
        for path in sorted((dataset.folder / WRITEUPS).glob("*.md"))
        for number, words, why in _blaming(dataset, path)
    ]
    if not rows:
        return []
    files, count = len({row[0] for row in rows}), len(rows)
    return [
        Finding(
            "blaming_words",
            f"{plural(count, 'place')} in {plural(files, 'write-up')} may be read as blaming somebody",
            "Who fears blame reports less, and a person as the cause ends the search. These are words, not intentions: another "
            "sense may be meant.",
            "Ask how, not who: what made the step look right then, what let it through, what would have caught it?",
            rows=pd.DataFrame(rows, columns=["file", "line", "id", "what"]),
            touches="what people will report next time; no number here",
        )
    ]


def _blaming(dataset: Dataset, path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, the words in quotation marks, and what they do."""
    try:
        lines = prose_lines(path, dataset.folder, dataset.mask)
    except InputError:
        return  # said by find_unread_writeups
    for number, line in enumerate(lines, start=1):
        text = _QUOTE.sub(" ", line)
        for pattern, why in _BLAMING:
            yield from ((number, quoted(found[0]), why) for found in pattern.finditer(text))
