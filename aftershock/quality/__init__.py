"""What is wrong with a log, row by row, and how far each flaw bends the attribution.

>>> quality = examine(load("data/mine"))                 # doctest: +SKIP
>>> quality.findings[0].title                            # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aftershock.dataset import Dataset
from aftershock.quality import bend, clocks, coverage, hours, names, rows, stamps
from aftershock.quality.finding import Bend, Finding

__all__ = ["CHECKS", "Bend", "Finding", "Quality", "examine"]

OF_ROWS: tuple[Callable[[Dataset], list[Finding]], ...] = (
    rows.find_lost,
    rows.find_folded,
    rows.find_endless,
    rows.find_early_detection,
)
"""Checks of single rows, which hold for a table of reference too."""

CHECKS: tuple[Callable[[Dataset], list[Finding]], ...] = (
    *OF_ROWS,
    coverage.find_unfilled,
    coverage.find_strays,
    coverage.find_stretches,
    coverage.find_steps,
    clocks.find_shifts,
    hours.find_nights,
    hours.find_saving_jumps,
    stamps.find_late_causes,
    stamps.find_rounded,
    rows.find_repeated_incidents,
    rows.find_repeated_changes,
    rows.find_bulk,
    names.find_missing_services,
    names.find_strangers,
    names.find_unsplit,
    names.find_unknown_kinds,
)


OF_BOTH = frozenset({coverage.find_unfilled, clocks.find_shifts, stamps.find_late_causes, names.find_strangers})
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
    return Quality(dataset, sorted(bend.measured(dataset, found), key=lambda f: f.weight, reverse=True))
