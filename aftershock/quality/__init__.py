"""What is wrong with a log, row by row, and how far each flaw bends the attribution.

>>> quality = examine(load("data/mine"))                 # doctest: +SKIP
>>> quality.findings[0].title                            # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aftershock.dataset.dataset import Dataset
from aftershock.quality import clocks, coverage, impact, name_matching, row_checks, timestamp_checks, working_hours
from aftershock.quality.finding import Finding, Impact

__all__ = ["CHECKS", "Finding", "Impact", "Quality", "examine"]

OF_ROWS: tuple[Callable[[Dataset], list[Finding]], ...] = (
    row_checks.find_rejected,
    row_checks.find_folded,
    row_checks.find_without_end,
    row_checks.find_early_detection,
)
"""Checks of single rows, which hold for a table of reference too."""

CHECKS: tuple[Callable[[Dataset], list[Finding]], ...] = (
    *OF_ROWS,
    coverage.find_unfilled,
    coverage.find_strays,
    coverage.find_stretches,
    coverage.find_steps,
    clocks.find_shifts,
    working_hours.find_night_work,
    working_hours.find_saving_jumps,
    timestamp_checks.find_late_causes,
    timestamp_checks.find_rounded,
    row_checks.find_repeated_incidents,
    row_checks.find_repeated_changes,
    row_checks.find_bulk,
    name_matching.find_missing_services,
    name_matching.find_unknown_services,
    name_matching.find_unsplit,
    name_matching.find_unknown_kinds,
)


OF_BOTH = frozenset(
    {coverage.find_unfilled, clocks.find_shifts, timestamp_checks.find_late_causes, name_matching.find_unknown_services}
)
"""Checks of one log beside the other, which say nothing where one of them could not be read."""


@dataclass(frozen=True)
class Quality:
    """A dataset and what was found wrong with it, what bends the attribution most first."""

    dataset: Dataset
    findings: list[Finding]

    def finding(self, check: str) -> Finding | None:
        """The first finding of a check; None when it found nothing."""
        return next((f for f in self.findings if f.check == check), None)


def examine(dataset: Dataset) -> Quality:
    """Look for every flaw and measure what each does to the answers. Deterministic; a few seconds for a year."""
    checks = OF_ROWS if dataset.reference else CHECKS
    found = [finding for check in checks if not (dataset.unread and check in OF_BOTH) for finding in check(dataset)]
    return Quality(dataset, sorted(impact.measured(dataset, found), key=lambda f: f.weight, reverse=True))
