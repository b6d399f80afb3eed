"""How risky each kind of change is."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, plot_text, theme
from aftershock.model.intervals import poisson_interval
from aftershock.output.phrases import capital, listed, number, plural

COLUMNS = ["group", "changes", "incidents set off (expected)", "per 1,000 changes", "low", "high", "by chance"]
ROW = 46  # pixels for a group
CAPTION = (
    "How to read: the dot is the expected number of incidents per 1,000 changes of this group, the line its 90 % "
    "interval, the upright line all changes together, as counted, the dotted one what chance alone would link to this group. A "
    "dot is drawn to what is usual for its kind where there is little to go by. Limits: "
    "kinds differ in how completely they are logged; the rank of a group with few changes means little, as its interval is "
    "wide."
)


def rates_forest(
    rates: pd.DataFrame, *, group: str = "kind", limit: int = 15, empty: str = "No changes in this period."
) -> go.Figure:
    """Incidents set off per 1,000 changes for each ``group`` (a column of ``rates``), with 90 % intervals and the
    overall rate.

    ``rates`` is ``found.rates`` or any table with the columns ``changes, set_off, per_1000, per_1000_low,
    per_1000_high``; ``chance_per_1000``, where it is known, is drawn as a dotted line in each row. The axis is logarithmic
    when the rates span more than a factor of ten. It misleads when a group is compared by its dot alone.
    """
    known = rates[rates["changes"] > 0].sort_values(["per_1000", "changes"], ascending=[False, False], kind="stable")
    if known.empty:
        return frame.empty(empty, caption=CAPTION, columns=COLUMNS)
    cut = max(len(known) - limit, 0)
    shown = known.sort_values("changes", ascending=False, kind="stable").head(limit)
    shown = shown.sort_values("per_1000", ascending=False, kind="stable").reset_index(drop=True)
    shown = shown.assign(chance=shown.get("chance_per_1000", math.nan))
    overall = 1000 * float(known["set_off"].sum()) / float(known["changes"].sum())
    floor, top, log = _extent(shown, overall)
    fig = drawing.Sketch()
    _dots(fig, shown, group, floor)
    _reference(fig, [max(overall, floor)] * len(shown), "solid")
    key = [(theme.NEUTRAL, "│", f"solid line: all changes {number(overall)}")]
    if shown["chance"].notna().any():
        _reference(fig, shown["chance"].clip(lower=floor).tolist(), "dot")
        key.append((theme.NEUTRAL, "┊", "dotted line: chance alone"))
    _names(fig, shown, group)
    lines = frame.key(key)
    measure = "Incidents set off per 1,000 changes, with 90 % intervals"
    frame.base(fig, height=80 + ROW * len(shown), measure=measure, lines=lines)
    drawing.rows_axis(fig, len(shown))
    _axis(fig, floor, top, log)
    left = f" {plural(cut, 'group')} with the fewest changes {'is' if cut == 1 else 'are'} not drawn." if cut else ""
    columns = [group, "changes", "set_off", "per_1000", "per_1000_low", "per_1000_high", "chance_per_1000"]
    rows = known.reindex(columns=columns).to_numpy(dtype=object).tolist()
    alt = _alt(known, shown, group, overall) + left
    return frame.describe(
        fig, finding=_finding(known, group, overall), alt=alt, caption=CAPTION + left, columns=COLUMNS, rows=rows
    )


def _finding(known: pd.DataFrame, group: str, overall: float) -> str:
    """Which groups are riskier, or less risky, than all together with their whole interval; without any, that none stands out."""
    # The dots hold the priors, so all of them can be above what the log alone shows, and a group of few changes below it.
    mean = float(np.average(known["per_1000"], weights=known["changes"]))
    bounds = [1000 * poisson_interval(row.set_off)[1] / row.changes for row in known.itertuples()]
    above = known[known["per_1000_low"] > max(overall, mean)]
    below = known[(known["per_1000_high"] < min(overall, mean)) & (np.array(bounds) < overall)].iloc[::-1]
    parts = [f"{_rates_of(part, group)} {word}" for part, word in ((above, "more"), (below, "less")) if not part.empty]
    if not parts:
        return f"No {group} stands out beyond its interval; all changes together set off {number(overall)} per 1,000"
    return capital(f"{', '.join(parts)} than average: all changes together set off {number(overall)} per 1,000")


def _rates_of(groups: pd.DataFrame, group: str) -> str:
    """``data changes (20) and flag changes (12) set off``."""
    what = " changes" if group == "kind" else ""
    names = [f"{_name(row[group], group)}{what} ({number(row['per_1000'])})" for _, row in groups.iterrows()]
    return f"{listed(names, most=3)} set off"


def _names(fig: drawing.Sketch, shown: pd.DataFrame, group: str) -> None:
    """Rate, name and number of changes above each row."""
    texts = []
    for i, row in enumerate(shown.itertuples()):
        name = plot_text.label(_name(getattr(row, group), group), 60)
        text = f"<b>{number(row.per_1000)}</b>  {name}, {plural(row.changes, 'change')}"
        texts.append(drawing.text_at(text, x=0, y=i - 0.42, yref="y", yanchor="top", fit=1))
    drawing.add(fig, texts)


def _name(value: object, group: str) -> str:
    return plot_text.kind_name(str(value)) if group == "kind" else str(value)


def _axis(fig: drawing.Sketch, floor: float, top: float, log: bool) -> None:
    if not log:
        fig.update_xaxes(type="linear", range=[floor, top], nticks=6)
        return
    ticks = [m * 10.0**e for e in range(-3, 5) for m in (1, 3)]
    ticks = [t for t in ticks if floor <= t <= top]
    shown = {"tickvals": ticks, "ticktext": [f"{t:g}" for t in ticks]}
    fig.update_xaxes(type="log", range=[math.log10(floor), math.log10(top)], **shown)


def _reference(fig: drawing.Sketch, values: list[float], dash: str) -> None:
    """A vertical line in each row at its value, broken where the names of the rows are."""
    heights = [v for i in range(len(values)) for v in (i + 0.06, i + 0.46, None)]
    fig.add_scatter(
        x=[v for value in drawing.rounded(values) for v in (value, value, None)],
        y=heights,
        mode="lines",
        line={"color": theme.NEUTRAL, "width": 1.5, "dash": dash},
        hoverinfo="skip",
    )


def _extent(shown: pd.DataFrame, overall: float) -> tuple[float, float, bool]:
    """Axis ends and whether it is logarithmic; zeros are drawn at the logarithmic axis' left end."""
    positive = [v for v in shown["per_1000"] if v > 0]
    top = max([*shown["per_1000_high"], *shown["chance"].dropna(), overall, 0.01]) * 1.08
    if not positive or max(positive) / min(positive) <= 10:
        return 0.0, top, False
    lows = [v for v in shown["per_1000_low"] if v > 0]
    return max(min([*positive, *lows]) * 0.8, top / 1e4), top * 1.1, True


def _dots(fig: drawing.Sketch, shown: pd.DataFrame, group: str, floor: float) -> None:
    y = [i + 0.25 for i in range(len(shown))]
    low, high = shown["per_1000_low"].clip(lower=floor), shown["per_1000_high"].clip(lower=floor)
    fig.add_scatter(
        x=[v for a, b in zip(drawing.rounded(low), drawing.rounded(high), strict=True) for v in (a, b, None)],
        y=[v for h in y for v in (h, h, None)],
        mode="lines",
        line={"color": theme.CHANGE, "width": 2.5},
        hoverinfo="skip",
    )
    marks = [theme.kind_mark(k) if group == "kind" else (theme.CHANGE, "circle", "●") for k in shown[group]]
    fig.add_scatter(
        x=drawing.rounded(shown["per_1000"].clip(lower=floor)),
        y=y,
        mode="markers",
        marker={"size": 11, "color": theme.CHANGE, "symbol": [m[1] for m in marks]},
        hovertext=[
            f"{plot_text.label(getattr(r, group), 40)}<br>{number(r.per_1000)} per 1,000 "
            f"({number(r.per_1000_low)} to {number(r.per_1000_high)})<br>{number(r.set_off)} "
            f"expected incidents, {plural(r.changes, 'change')}; by chance {number(r.chance)} per 1,000"
            for r in shown.itertuples()
        ],
        hoverinfo="text",
    )


def _alt(known: pd.DataFrame, shown: pd.DataFrame, group: str, overall: float) -> str:
    first = known.iloc[0]
    text = (
        f"Highest: {plot_text.plain(_name(first[group], group), 40)} with {number(first['per_1000'])} incidents per "
        f"1,000 changes (90 % interval {number(first['per_1000_low'])} to "
        f"{number(first['per_1000_high'])}); all changes together {number(overall)}."
    )
    if shown["chance"].isna().all():
        return text
    above = int((shown["per_1000_low"] > shown["chance"]).sum())
    return f"{text} The whole interval lies above what chance alone would link for {above} of {len(shown)}."
