"""What was found wrong with a log, as lines for a terminal and as JSON."""

from __future__ import annotations

import textwrap
from typing import Protocol

import pandas as pd

from aftershock.dataset.record_account import log_accounts, place_of
from aftershock.output.json_values import json_text
from aftershock.output.phrases import among, capital, plural, verb
from aftershock.quality.examination import Quality
from aftershock.quality.finding import Finding
from aftershock.quality.impact import Impact

MOST_ROWS = 5  # of a finding, on a terminal
MOST_JSON_ROWS = 1_000  # of a finding, so that the file stays small
WIDTH = 110  # characters of a line


class FindingRow(Protocol):
    """A row of :attr:`Finding.rows` as ``itertuples`` gives it."""

    file: str
    line: int
    id: str
    what: object


def impact_sentence(impact: Impact) -> str:
    """How far a flaw shifts the answers, as a sentence."""
    moved = among(impact.moved, impact.incidents, "incident")
    return (
        f"With {impact.how}, {moved} {verb(impact.moved, 'gets', 'get')} another first explanation, and the share "
        f"set off by changes {shift(impact, 'does not move')}."
    )


def shift(impact: Impact, nothing: str) -> str:
    """By how many points of percent the share set off by changes moves; ``nothing`` for less than half a point. The share itself
    is not said: without draws it is not the one that reports give."""
    points = round(100 * (impact.share_without - impact.share))
    return f"{'rises' if points > 0 else 'falls'} by {plural(abs(points), 'point')}" if points else nothing


def as_lines(quality: Quality) -> list[str]:
    """The findings as lines, the largest effect on the answers first."""
    if not quality.findings:
        return ["", "Nothing was found wrong with these logs."]
    lines = ["", f"{plural(len(quality.findings), 'finding')}, largest effect on the answers first"]
    for number, finding in enumerate(quality.findings, start=1):
        lines += ["", *_wrapped(f"{number}. ", capital(finding.title)), *_details(finding)]
    return lines


def _details(finding: Finding) -> list[str]:
    lines = _wrapped("   ", finding.said)
    if finding.impact:
        lines += _wrapped("   ", impact_sentence(finding.impact))
    if finding.touches:
        lines += _wrapped("   ", f"It affects {finding.touches}.")
    if not finding.check.startswith("rejected_"):  # these are listed below with everything known about them
        lines += [f"   - {row_words(row)}" for row in finding.rows.head(MOST_ROWS).itertuples()]
        if len(finding.rows) > MOST_ROWS:
            lines.append(f"   … and {len(finding.rows) - MOST_ROWS:,} more (--json has them)")
    lines += _wrapped("   Fix: ", finding.fix, "        ")
    return lines + [f"        {line}" for line in finding.toml.splitlines()]


def row_words(row: FindingRow) -> str:
    """A row of a finding: where it is, its id, what is odd."""
    return ": ".join(part for part in (place_of(row), row.id, str(row.what)[:100]) if part)


def _wrapped(first: str, text: str, rest: str = "   ") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def as_json(quality: Quality) -> str:
    """The findings as JSON: of each its texts, its impact and its rows (the first 1,000; ``row_count`` says how many)."""
    dataset = quality.dataset
    found = {
        "dataset": dataset.key,
        "observed": [t.isoformat() for t in dataset.observed],
        "records": {
            log.log: {"used": log.used, "rejected": log.rejected, "folded": log.folded, "notes": log.noted}
            for log in log_accounts(dataset)
        },
        "findings": [finding_record(f) for f in quality.findings],
    }
    return json_text(found)


def finding_record(finding: Finding) -> dict[str, object]:
    """A finding as JSON holds it: at most MOST_JSON_ROWS of its rows, and how many it has."""
    impact = finding.impact
    rows = finding.rows.head(MOST_JSON_ROWS)
    return {
        "check": finding.check,
        "title": finding.title,
        "said": finding.said,
        "fix": finding.fix,
        "toml": finding.toml,
        "touches": finding.touches,
        "bias": vars(impact) | {"size": impact.size} if impact else None,
        "row_count": len(finding.rows),
        "rows": [
            {"file": r.file, "line": int(r.line) if pd.notna(r.line) else None, "id": r.id, "what": str(r.what)}
            for r in rows.itertuples()
        ],
    }
