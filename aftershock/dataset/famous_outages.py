"""The world's best-known outages as something to compare one's own delays with (data/famous-outages)."""

from __future__ import annotations

import pandas as pd

from aftershock.dataset.loading import load
from aftershock.dataset.shipped import SHIPPED

FOLDER = SHIPPED / "famous-outages"
_KNOWN: list[pd.DataFrame] = []  # none or one


def famous_delays() -> pd.DataFrame:
    """Delay between change and outage where somebody reported the change as the cause.

    Columns: incident_id, organisation, delay_minutes, delay_minutes_high (NaN when exact), kind. Controls without a change
    and disputed causes are left out.
    """
    if not _KNOWN:
        remember(_read())
    return _KNOWN[0].copy()


def remember(delays: pd.DataFrame) -> None:
    """What another process has read: reading it anew takes a month's review a third of its time."""
    _KNOWN[:] = [delays]


def _read() -> pd.DataFrame:
    dataset = load(FOLDER)
    changes = dataset.changes.set_index("change_id")
    rows = []
    for incident in dataset.incidents.itertuples():
        for cause in incident.caused_by:
            change = changes.loc[cause]
            low = max((incident.started_at - change["started_at_before"]) / pd.Timedelta(minutes=1), 0.0)
            high = max((incident.started_at_before - change["started_at"]) / pd.Timedelta(minutes=1), 0.0)
            rows.append(
                {
                    "incident_id": incident.incident_id,
                    "organisation": incident.extras.get("organisation", ""),
                    "delay_minutes": low,
                    "delay_minutes_high": high if high > low else float("nan"),
                    "kind": change["kind"],
                }
            )
    return pd.DataFrame(rows, columns=["incident_id", "organisation", "delay_minutes", "delay_minutes_high", "kind"])
