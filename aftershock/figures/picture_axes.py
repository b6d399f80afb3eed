"""The axes of a static picture: where a value lies, and which ticks to write."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import plotly.graph_objects as go

DAY = 86_400.0  # seconds
SPANS = (900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, DAY, 2 * DAY, 7 * DAY, 14 * DAY)  # between ticks of time


@dataclass
class Axis:
    """``kind``: linear, log, date or category; ``low`` and ``high``: its ends as :meth:`number` gives them; ``begin`` and ``end``:
    where these are on the page."""

    kind: str
    low: float
    high: float
    domain: tuple[float, float]
    visible: bool
    grid: bool
    side: str
    title: str
    categories: dict[Any, int] = field(default_factory=dict)
    ticks: list[tuple[Any, str]] = field(default_factory=list)
    begin: float = 0.0
    end: float = 1.0

    @property
    def unit(self) -> float:
        """How many of plotly's units of length (milliseconds on dates) are one of ours."""
        return 1000.0 if self.kind == "date" else 1.0

    def number(self, value: Any) -> float:
        """A value as a number on the axis; NaN for none."""
        if value is None:
            return math.nan
        if self.kind == "date":
            return pd.Timestamp(value).timestamp()
        if self.kind == "category":
            return float(self.categories.get(value, math.nan))
        if self.kind == "log":
            return math.log10(value) if value > 0 else math.nan
        return float(value)

    def place(self, value: Any, *, exponent: bool = False) -> float:
        """Where a value lies on the page; ``exponent``: it is given as its logarithm already, on a log axis."""
        return self.scaled(float(value) if exponent and self.kind == "log" else self.number(value))

    def scaled(self, number: float) -> float:
        """Where a number of the axis lies on the page."""
        width = self.high - self.low
        return self.begin + (number - self.low) / (width or 1.0) * (self.end - self.begin)

    def shows(self, place: float) -> bool:
        """Whether a place on the page is within the axis, but for half a pixel."""
        return min(self.begin, self.end) - 0.5 <= place <= max(self.begin, self.end) + 0.5


def axis_of(fig: go.Figure, name: str) -> Axis:
    """The axis ``x``, ``y``, ``y2`` … of a figure."""
    letter, given = name[0], fig.layout[f"{name[0]}axis{name[1:]}"]
    values = [v for t in fig.data if (getattr(t, f"{letter}axis") or letter) == name for v in _values(t[letter])]
    kind = given.type if given.type in ("linear", "log", "date", "category") else _kind(values)
    categories = {v: n for n, v in enumerate(dict.fromkeys(values))} if kind == "category" else {}
    axis = Axis(
        kind=kind,
        low=0.0,
        high=1.0,
        domain=tuple(given.domain or (0.0, 1.0)),
        visible=given.visible is not False,
        grid=given.showgrid is not False,
        side=given.side or "",
        title=(given.title and given.title.text) or "",
        categories=categories,
    )
    if given.range is not None:
        axis.low, axis.high = (axis.number(v) if kind == "date" else float(v) for v in given.range)
    else:
        axis.low, axis.high = _span(axis, values, fig)
    axis.ticks = _ticks(axis, given)
    return axis


def _values(values: Any) -> list[Any]:
    return [] if values is None else [v for v in list(values) if v is not None and v == v]


def _kind(values: list[Any]) -> str:
    if not values or not isinstance(values[0], str):
        return "date" if values and isinstance(values[0], pd.Timestamp) else "linear"
    return "date" if values[0][:4].isdigit() and values[0][4:5] == "-" else "category"


def _span(axis: Axis, values: list[Any], fig: go.Figure) -> tuple[float, float]:
    """From the least to the greatest value, with a little room; half a cell around the cells of a heat map."""
    numbers = [n for n in map(axis.number, values) if math.isfinite(n)]
    if not numbers:
        return 0.0, 1.0
    low, high = min(numbers), max(numbers)
    if any(t.type == "heatmap" for t in fig.data) or axis.kind == "category":
        return low - 0.5, high + 0.5
    pad = (high - low) * 0.04 or 0.5
    return low - pad, high + pad


def _ticks(axis: Axis, given: Any) -> list[tuple[Any, str]]:
    if given.tickvals is not None:
        texts = given.ticktext if given.ticktext is not None else given.tickvals
        ticks = [(v, str(t)) for v, t in zip(given.tickvals, texts, strict=True)]
    elif axis.kind == "category":
        ticks = [(v, str(v)) for v in axis.categories]
    elif axis.kind == "date":
        ticks = _dates(axis, given.tickformat)
    else:
        ticks = _numbers(axis, given)
    low, high = min(axis.low, axis.high), max(axis.low, axis.high)
    slack = (high - low) * 1e-6
    return [(v, t) for v, t in ticks if low - slack <= axis.number(v) <= high + slack]


def _numbers(axis: Axis, given: Any) -> list[tuple[Any, str]]:
    """Round numbers, about six of them; powers of ten on a log axis."""
    low, high = min(axis.low, axis.high), max(axis.low, axis.high)
    if axis.kind == "log":
        return [(10.0**n, f"{10.0**n:,g}") for n in range(math.ceil(low), math.floor(high) + 1)]
    rough = (high - low) / max(given.nticks or 6, 2) or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = float(given.dtick) if given.dtick else next(m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    values = [round(n * step, 10) for n in range(first, math.floor(high / step + 1e-9) + 1)]
    return [(v, f"{v:,.0%}" if "%" in (given.tickformat or "") else f"{v:,g}") for v in values]


def _dates(axis: Axis, pattern: str | None) -> list[tuple[Any, str]]:
    """About eight ticks at round times; the second line of a label only where it changes, as plotly does."""
    low, high = min(axis.low, axis.high), max(axis.low, axis.high)
    days = (high - low) / DAY
    if days > 100:
        months = max(1, math.ceil(days / 30.4 / 8))
        moments = list(pd.date_range(pd.Timestamp(low, unit="s"), pd.Timestamp(high, unit="s"), freq=f"{months}MS"))
        pattern = pattern or "%b\n%Y"
    else:
        step = next((s for s in SPANS if (high - low) / s <= 8), SPANS[-1])
        moments = [pd.Timestamp(n * step, unit="s") for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
        pattern = pattern or ("%H:%M\n%-d %b" if days < 4 else "%-d %b\n%Y")
    ticks, before = [], ""
    for moment in (m.normalize() if days > 100 else m for m in moments):
        main, *second = moment.strftime(pattern).split("\n")
        below = "\n".join(second)
        ticks.append((moment, f"{main}\n{below}" if below and below != before else main))
        before = below
    return ticks
