"""Incidents against those before them: their times, and which of them they resemble."""

from __future__ import annotations

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.output.blocks import Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import percent, percent_range, span, when
from aftershock.output.safe_html import Rich, sortable, title_with_id

MEASURE_NAMES = {"detect": "Time to detect", "mitigate": "Time to mitigate", "resolve": "Time to resolve"}
ALIKE = "Words alike"  # names of services are left out of it


def percentiles_table(compared: pd.DataFrame) -> Stack:
    """Where an incident's times are among those of earlier incidents; ``compared``: of ``metrics.compare_incident``."""
    rows = pd.DataFrame(
        {
            "Measure": compared["measure"].map(MEASURE_NAMES),
            "This incident": [
                span(low, high) + (" so far" if is_open else "")
                for low, high, is_open in compared[["minutes_low", "minutes_high", "open"]].itertuples(index=False)
            ],
            "Percentile": [percent(p) for p in compared["percentile"]],
            "90 % interval": [percent_range(a, b) for a, b in zip(compared["low"], compared["high"], strict=True)],
            "Earlier incidents": compared["n"],
        }
    )
    return Stack(
        Table(rows, "Among earlier incidents", align={"Percentile": "right"}),
        Prose(
            "The percentile is the share of earlier incidents that were shorter: 0 % the fastest, 100 % the slowest."
        ),
    )


def similar_table(dataset: Dataset, similar: pd.DataFrame, suspects: pd.DataFrame) -> Table:
    """Earlier incidents that resemble one, and what probably set them off. ``similar``: of ``metrics.repeats``;
    ``suspects``: of every incident."""
    top = suspects[suspects["rank"] == 1].set_index("incident_id")
    rows = pd.DataFrame(
        {
            "Incident": _named(similar["title"], similar["earlier_id"]),
            "When": starts(dataset, similar["earlier_id"]),
            ALIKE: [percent(s) for s in similar["similarity"]],
            "Shared services": similar["shared_services"],
            "Most probable cause": [
                f"{top['title'][i]} ({percent(top['probability'][i])})" for i in similar["earlier_id"]
            ],
        }
    )
    return Table(
        rows,
        "Earlier incidents that resemble this one",
        align={ALIKE: "right"},
        empty="No earlier incident resembles this one.",
    )


def repeats_table(dataset: Dataset, repeats: pd.DataFrame) -> Table:
    """Incidents of a month next to the earlier ones that they resemble; ``repeats``: of ``metrics.repeats``."""
    titles = dataset.incidents.set_index("incident_id")["title"]
    rows = pd.DataFrame(
        {
            "Incident": _named(repeats["incident_id"].map(titles), repeats["incident_id"]),
            "Resembles": _named(repeats["title"], repeats["earlier_id"]),
            "When": starts(dataset, repeats["earlier_id"]),
            ALIKE: [percent(s) for s in repeats["similarity"]],
            "Shared services": repeats["shared_services"],
        }
    )
    return Table(
        rows,
        "Incidents that resemble earlier ones",
        align={ALIKE: "right"},
        empty="No incident of this month resembles an earlier one.",
    )


def _named(titles: pd.Series, ids: pd.Series) -> list[Rich]:
    return [title_with_id(title, id) for title, id in zip(titles, ids, strict=True)]


def starts(dataset: Dataset, ids: pd.Series) -> list[Rich]:
    """When incidents began, as exactly as the log knows."""
    began = dataset.incidents.set_index("incident_id")[["started_at", "started_at_before"]].loc[ids]
    return [sortable(when(at, before, dataset.timezone), at) for at, before in began.itertuples(index=False)]
