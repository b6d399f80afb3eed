"""Times that were planned or asked for, where an export does not tell when it happened."""

from __future__ import annotations

from aftershock.sources.row_builder import Gathering, Record


def note_planned(
    gathered: Gathering, records: list[Record], column: str, what: str, expected: str, remedy: str
) -> None:
    """One note for all of these records, at the first of them."""
    if records:
        gathered.note(records[0], column, f"{what}: {len(records)}", expected, remedy, "planned_time")
