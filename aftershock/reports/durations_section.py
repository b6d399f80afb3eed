"""How long incidents last and the DORA keys, as tables with intervals and without grades."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from aftershock.output.blocks import Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import MISSING, capital, duration, number, plural
from aftershock.reports.past_section import MEASURE_NAMES

QUANTILES = {"median": "Median", "p75": "75th percentile", "p90": "90th percentile"}
COUNTS = {"n": "Incidents", "n_open": "Open so far", "n_missing": "Not recorded", "n_imprecise": "Imprecise"}
HOW_COUNTED = (
    "Open incidents count as lasting at least until the log ends (Kaplan–Meier); imprecise times count as the middle of what "
    "they can be, and the numbers are then “about”."
)


def durations_table(durations: pd.DataFrame) -> Stack:
    """Median, 75th and 90th percentile with intervals, never a mean; ``durations``: of ``metrics.durations``."""
    rows = pd.DataFrame(
        {"Measure": durations["measure"].map(MEASURE_NAMES)} | {h: durations[c] for c, h in COUNTS.items()}
    )
    for column, head in QUANTILES.items():
        ends = zip(durations[column], durations[f"{column}_low"], durations[f"{column}_high"], strict=True)
        cells = zip(ends, durations["n"], durations["n_imprecise"], strict=True)
        rows[head] = [
            _quantile(*row, of_one=n == 1, column=column, about="about " * bool(vague)) if n else "not recorded"
            for row, n, vague in cells
        ]
    return Stack(Table(rows, "Durations, with 90 % intervals"), Prose(HOW_COUNTED))


def _quantile(minutes: float, low: float, high: float, *, of_one: bool, column: str, about: str) -> str:
    """One quantile with its interval. Of one incident there is its own time and no more, of few no lower end."""
    if of_one and column != "median":
        return MISSING
    if math.isnan(minutes):
        return "not reached"
    if math.isnan(low):
        ends = "one incident" if of_one else f"up to {duration(high)}" if math.isfinite(high) else "no interval"
    else:
        ends = f"{_bound(low)} to {_bound(high)}"
    return f"{about}{duration(minutes)} ({ends})"


def _bound(minutes: float) -> str:
    if math.isnan(minutes):
        return "unknown"
    return "no bound" if math.isinf(minutes) else duration(minutes)


def dora_table(dora: pd.DataFrame) -> Table:
    """The DORA keys, each with its definition, interval and chance level; ``dora``: of ``metrics.dora``."""
    rows = [
        {
            "Measure": row["measure"].capitalize(),
            "Value": _with_unit(row["value"], row["unit"]),
            "90 % interval": MISSING
            if math.isnan(row["value"])
            else f"{_with_unit(row['low'], row['unit'])} to {_with_unit(row['high'], row['unit'])}",
            "By chance": _with_unit(row["chance"], row["unit"]),
            "Behind it": _behind(row),
            "Definition": capital(row["definition"]),
        }
        for row in dora.to_dict("records")
    ]
    return Table(pd.DataFrame(rows), "The DORA keys of this month, as defined in 2024 and 2025")


def _behind(row: dict[str, Any]) -> str:
    """What a DORA key is computed from."""
    n, measure = row["n"], row["measure"]
    if n is None or math.isnan(n):
        return MISSING
    if measure == "failed deployment recovery time":
        return f"{number(n)} expected {'failure' if n == 1 else 'failures'}"
    return plural(int(n), "deployment")


def _with_unit(value: float | None, unit: str) -> str:
    """A DORA value in its unit: shares as per cent with two digits, minutes in words."""
    if value is None or math.isnan(value):
        return MISSING
    if unit == "minutes":
        return _bound(value)
    if unit == "share":
        return "< 0.01 %" if 0 < value < 1e-4 else f"{100 * value:.2g} %"
    return f"{value:.1f} {unit}" if value >= 1 else f"{number(value)} {unit}"
