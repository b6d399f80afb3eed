"""Time to detect, mitigate and resolve, as whole distributions."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, plot_text, theme
from aftershock.output.phrases import among, capital, percent, plural, verb

STYLES = {
    "detect": (theme.ORANGE, "dot"),
    "mitigate": (theme.PURPLE, "dash"),
    "resolve": (theme.CHANGE, "solid"),
}
MAX_POINTS = 200  # steps of a curve: more than a screen has room for
COUNTED = 3  # incidents up to which they are counted: three have no half
HEIGHTS = {"detect": 0.8, "mitigate": 0.5, "resolve": 0.2}
DONE = {"detect": "detected", "mitigate": "mitigated", "resolve": "resolved"}
COLUMNS = ["measure", "minutes", "share done", "low", "high", "still open at this age"]
CAPTION = (
    "How to read: the share of incidents detected, mitigated or resolved within so long of their start; the shaded "
    "area is the 90 % interval. Ticks on a curve are incidents still open at that age: they count as “longer than "
    "this”, not as done. Limits: an imprecise time counts as the middle of its interval; incidents without the time "
    "in question are missing."
)


def time_to(curves: pd.DataFrame) -> go.Figure:
    """Time to detect, mitigate and resolve as cumulative distributions on a logarithmic axis, open incidents as ticks.

    ``curves`` is :func:`aftershock.metrics.duration_curves`: ``measure`` (detect, mitigate, resolve), ``minutes``,
    ``share``, ``share_low``, ``share_high`` (90 %, log-log), ``censored`` (open incidents of that age), ``n`` (incidents
    behind the curve), ``missing`` (those without the time). It misleads when few incidents carry a curve: each step is
    then a single incident.
    """
    if curves.empty:
        return frame.empty(
            "No incident with a known time to detect, mitigate or resolve.", caption=CAPTION, columns=COLUMNS
        )
    fig = drawing.Sketch()
    used = [m for m in STYLES if (curves["measure"] == m).any()]
    low = 0.4
    high = max(float(curves["minutes"].max()) * 1.3, 60.0)
    sentences, medians = [], {}
    for measure in used:
        curve = curves[curves["measure"] == measure].sort_values("minutes")
        _curve(fig, _thinned(curve), measure, low)
        half = curve.loc[curve["share"] >= 0.5, "minutes"]
        median = medians[measure] = plot_text.minutes(float(half.iloc[0])) if len(half) else "not reached"
        still = int(curve["censored"].sum())
        typical = "median " if curve["n"].iloc[0] > 1 else ""
        sentences.append(f"{typical}time to {measure}: {median}" + (f" ({still} still open)" if still else ""))
        _name(fig, curve, measure, median, (low, high))
    measure = f"Share of incidents {_either([DONE[m] for m in used])} by then"
    frame.base(fig, height=340, measure=measure, x_title="time after the start, logarithmic")
    drawing.minutes_axis(fig, low, high)
    drawing.share_axis(fig)
    alt = "; ".join(sentences)
    rows = (
        curves[["measure", "minutes", "share", "share_low", "share_high", "censored"]].to_numpy(dtype=object).tolist()
    )
    return frame.describe(
        fig, finding=_finding(curves, medians), alt=f"{capital(alt)}.", caption=CAPTION, columns=COLUMNS, rows=rows
    )


def _finding(curves: pd.DataFrame, medians: dict[str, str]) -> str:
    """When half of how many were over. A few without an open one are counted instead: three have no half."""
    last = list(medians)[-1]
    curve = curves[curves["measure"] == last]
    n, is_open = int(curve["n"].iloc[0]), bool(curve["censored"].any())
    which = f" whose time to {last} is known" if curve["missing"].any() else ""
    of = f"{plural(n, 'incident')}{which}"
    if medians[last] == "not reached":
        return f"Fewer than half of the {of} are {DONE[last]} so far"
    if n == 1:
        return f"The one incident{which} was {DONE[last]} after {medians[last]}"
    if n <= COUNTED and not is_open:
        by_then = round(n * float(curve.loc[curve["share"] >= 0.5, "share"].iloc[0]))
        counted = "both incidents" if by_then == n == 2 else among(by_then, n, "incident")
        return f"{capital(counted)}{which} {verb(by_then, 'was', 'were')} {DONE[last]} within {medians[last]}"
    return f"Half of the {of} were {DONE[last]} within {medians[last]}"


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _name(fig: drawing.Sketch, curve: pd.DataFrame, measure: str, median: str, axis: tuple[float, float]) -> None:
    """The curve's name and median next to it, each curve's at a height of its own."""
    height = HEIGHTS[measure]
    reached = curve.loc[curve["share"] >= height, "minutes"]
    at = min(max(float(reached.iloc[0] if len(reached) else curve["minutes"].iloc[-1]), axis[0]), axis[1])
    late = math.log(at / axis[0]) > 0.6 * math.log(axis[1] / axis[0])
    drawing.note(
        fig,
        f"<b>{DONE[measure]}</b><br>{'median ' if curve['n'].iloc[0] > 1 else 'after '}{median}",
        x=math.log10(at),
        y=height,
        xref="x",
        yref="y",
        xanchor="right" if late else "left",
        yanchor="middle",
        halo=True,
        dx=-9 if late else 9,
    )


def _thinned(curve: pd.DataFrame, points: int = MAX_POINTS) -> pd.DataFrame:
    """At most so many steps of a curve, evenly spread over the share and with its ends: more cannot be seen. Incidents
    still open count at the next step that is kept."""
    if len(curve) <= points:
        return curve
    kept = np.unique(np.linspace(0, len(curve) - 1, points).round().astype(int))
    total = curve["censored"].cumsum().iloc[kept]
    return curve.iloc[kept].assign(censored=total.diff().fillna(total.iloc[0]))


def _curve(fig: drawing.Sketch, curve: pd.DataFrame, measure: str, low: float) -> None:
    colour, dash = STYLES[measure]
    x = [low, *drawing.rounded(curve["minutes"].clip(lower=low))]
    y = [0.0, *drawing.rounded(curve["share"])]
    _step_band(
        fig, x, [0.0, *drawing.rounded(curve["share_low"])], [0.0, *drawing.rounded(curve["share_high"])], colour
    )
    hover = [f"{percent(s)} {DONE[measure]} within {plot_text.minutes(m)}" for m, s in zip(x, y, strict=True)]
    fig.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": colour, "width": 2.5, "dash": dash, "shape": "hv"},
        hovertext=hover,
        hoverinfo="text",
    )
    still = curve[curve["censored"] > 0]
    if len(still):
        fig.add_scatter(
            x=drawing.rounded(still["minutes"].clip(lower=low)),
            y=drawing.rounded(still["share"]),
            mode="markers",
            marker={"symbol": "line-ns-open", "size": 12, "color": colour, "line": {"width": 2, "color": colour}},
            hovertext=[
                f"{plural(int(n), 'incident')} still open after {plot_text.minutes(m)}"
                for n, m in zip(still["censored"], still["minutes"], strict=True)
            ],
            hoverinfo="text",
        )


def _step_band(fig: drawing.Sketch, x: list, low: list, high: list, colour: str) -> None:
    """The interval as a closed stair; where the interval is not defined the last known value is drawn."""

    def stairs(values: list) -> list[float]:
        last, steps = 0.0, []
        for i, value in enumerate(values):
            if i:
                steps.append(last)
            last = last if value is None else value
            steps.append(last)
        return steps

    xs = [x[0], *(v for t in x[1:] for v in (t, t))]
    drawing.band(fig, xs, stairs(low), stairs(high), colour)
