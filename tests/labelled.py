"""Labels and answers that can be worked out by hand, and a log that can be read by eye."""

from __future__ import annotations

import pandas as pd

from aftershock.schema.tables import NONE


def labels(*rows: tuple) -> pd.DataFrame:
    """Rows of (incident, cause, changes, also right)."""
    table = pd.DataFrame(rows, columns=["incident_id", "cause", "change_ids", "also_right"])
    return table.assign(confidence="", method="")


def answer(*rows: tuple) -> pd.DataFrame:
    """Rows of (incident, change, probability)."""
    table = pd.DataFrame(rows, columns=["incident_id", "change_id", "probability"])
    return table.assign(score=table["probability"])


LABELS = labels(
    ("i1", "change_in_log", ["a"], []),
    ("i2", "change_in_log", ["b"], ["c"]),
    ("i3", "change_in_log", ["far"], []),
    ("i4", "no_change", [], []),
    ("i5", "unknown", [], []),
)


ANSWER = answer(
    ("i1", "a", 0.6),
    ("i1", "x", 0.1),
    ("i1", NONE, 0.3),
    ("i2", "c", 0.4),
    ("i2", "b", 0.2),
    ("i2", "x", 0.2),
    ("i2", NONE, 0.2),
    ("i3", "x", 0.5),
    ("i3", NONE, 0.5),
    ("i4", "x", 0.7),
    ("i4", NONE, 0.3),
    ("i5", "x", 0.9),
    ("i5", NONE, 0.1),
)


TOML = """name = "small"
timezone = "UTC"
[incidents]
path = "incidents.csv"
[changes]
path = "changes.csv"
"""


INCIDENTS = """incident_id,started_at,services,title,caused_by
i1,2024-01-10T12:00:00Z,checkout,Payments fail,c1
i2,2024-02-10T12:00:00Z,search,Search is empty,gone
i3,2024-03-10T12:00:00Z,search,Search is empty,
"""


CHANGES = """change_id,started_at,kind,services,title
c1,2024-01-10T09:30:00Z,deploy,checkout,Raise the payments limit
c2,2024-01-10T11:30:00Z,config,search,Tidy the index settings
c3,2024-01-08T11:30:00Z,deploy,checkout,Add a column
c4,2024-04-20T11:30:00Z,deploy,search,Add a column
"""
