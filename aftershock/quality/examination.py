"""Every check in turn, and what each flaw does to the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from aftershock.dataset.dataset import Dataset
from aftershock.quality import (
    clocks,
    coverage,
    impact,
    machine_changes,
    minutes,
    name_matching,
    repeated_rows,
    row_checks,
    silences,
    timestamp_checks,
    working_hours,
    writeup_checks,
)
from aftershock.quality.finding import Finding

Check = Callable[[Dataset], list[Finding]]
MOST_FITS = 16  # flaws whose impact is measured: each takes a fit of the model

OF_ROWS: tuple[Check, ...] = (
    row_checks.find_rejected,
    row_checks.find_folded,
    row_checks.find_without_end,
    row_checks.find_early_detection,
)
"""Checks of single rows, which make sense for a reference dataset too."""

CHECKS: tuple[Check, ...] = (
    *OF_ROWS,
    coverage.find_unfilled,
    coverage.find_strays,
    silences.find_silences,
    coverage.find_steps,
    clocks.find_shifts,
    minutes.find_minutes,
    machine_changes.find_stops,
    machine_changes.find_routine,
    working_hours.find_night_work,
    working_hours.find_saving_jumps,
    timestamp_checks.find_late_causes,
    timestamp_checks.find_rounded,
    repeated_rows.find_repeated_incidents,
    repeated_rows.find_repeated_changes,
    repeated_rows.find_bulk,
    name_matching.find_missing_services,
    name_matching.find_unknown_services,
    name_matching.find_unsplit,
    name_matching.find_unknown_kinds,
    writeup_checks.find_unread_writeups,
    writeup_checks.find_blame,
)

OF_BOTH = frozenset(
    {
        coverage.find_unfilled,
        clocks.find_shifts,
        minutes.find_minutes,
        timestamp_checks.find_late_causes,
        name_matching.find_unknown_services,
    }
)
"""Checks of one log against the other, which say nothing where one of them could not be read."""


@dataclass(frozen=True)
class Quality:
    """A dataset and what was found wrong with it, the flaw with the largest impact first."""

    dataset: Dataset
    findings: list[Finding]

    def finding(self, check: str) -> Finding | None:
        """The first finding of a check; None when it found nothing."""
        return next((f for f in self.findings if f.check == check), None)


def examine(dataset: Dataset) -> Quality:
    """Look for every flaw and measure what each does to the answers. Deterministic; a few seconds for a year."""
    read = dataset.as_read
    found = with_impacts(read, _found(read))
    if read is not dataset:
        found = _as_shown(found, _found(dataset))
    return Quality(dataset, sorted(found, key=lambda f: f.weight, reverse=True))


def _found(dataset: Dataset) -> list[Finding]:
    checks = OF_ROWS if dataset.reference else CHECKS
    return [finding for check in checks if not (dataset.unread and check in OF_BOTH) for finding in check(dataset)]


def _as_shown(read: list[Finding], shown: list[Finding]) -> list[Finding]:
    """The findings of the masked tables, with the impact that those of the tables as read have. Both checks find the same,
    unless a mask hides a flaw of the names themselves; then nobody can say which impact belongs to what is shown."""
    as_read, nth = _by_check(read), Counter[str]()
    counts = {check: len(found) for check, found in _by_check(shown).items()}
    made = []
    for finding in shown:
        same = as_read.get(finding.check, [])
        measured = same[nth[finding.check]].impact if len(same) == counts[finding.check] else None
        nth[finding.check] += 1
        how = finding.without.how if finding.without else ""
        made.append(replace(finding, impact=replace(measured, how=how)) if measured else finding)
    return made


def _by_check(findings: list[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.check, []).append(finding)
    return found


def with_impacts(dataset: Dataset, findings: list[Finding]) -> list[Finding]:
    """The findings with their impact where a log without the flaw can be made; at most MOST_FITS, those with most rows
    first."""
    able = [n for n, f in enumerate(findings) if f.without is not None]
    if not able or not dataset.overlapping or dataset.reference or not len(dataset.actual_incidents):
        return findings
    part = impact.latest(dataset)
    as_it_is = impact.answers(part)
    chosen = sorted(able, key=lambda n: -len(findings[n].rows))[:MOST_FITS]
    return [
        replace(f, impact=impact.impact_of(as_it_is, part, f.without)) if n in chosen and f.without else f
        for n, f in enumerate(findings)
    ]
