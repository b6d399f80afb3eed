"""The suspects as CSV."""

from __future__ import annotations

from aftershock.model.attribution import Attribution
from aftershock.model.ranking import SUSPECT_COLUMNS
from aftershock.output.spreadsheets import rows_csv

WRITTEN_COLUMNS = [c for c in SUSPECT_COLUMNS if c not in ("services", "change_at")]


def suspects_csv(found: Attribution, top: int | None) -> str:
    """The first ``top`` suspects of each incident (all for None), by incident and rank; no text is a formula."""
    table = found.suspects()
    if top is not None:
        table = table[table["rank"] <= top]
    table = table[WRITTEN_COLUMNS].sort_values(["incident_id", "rank"], kind="stable")
    return rows_csv(table)
