"""How long after a change its outage shows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, plot_text, theme
from aftershock.output.phrases import capital, percent, percent_range, plural, rough_duration

CURVE_CAPTION = (
    "How to read: of the outages that changes set off, the share that had become visible by then; the shaded area is "
    "the 90 % interval. Limits: learned from this log alone and only up to its horizon, so slower failures are "
    "missing, and an outage counts when somebody recorded its start, which can be later than the fault."
)
COMPARISON_CAPTION = (
    "How to read: one dot per well-known outage, ordered by its delay{yours}. A line through a dot is what imprecise times "
    "allow. Limits: outages become famous for being large or strange, so this is not a sample of all outages; “<1 min” holds "
    "those whose change and start were recorded in the same minute."
)
CURVE_COLUMNS = ["kind", "minutes after the change", "share visible", "low", "high"]
COMPARISON_COLUMNS = ["outage", "organisation", "kind", "delay in minutes", "at most"]


def delay_curve(
    delay_curves: pd.DataFrame,
    *,
    kind: str,
    quantiles: pd.DataFrame | None = None,
    delay_minutes: float | None = None,
    low: float | None = None,
    high: float | None = None,
) -> go.Figure:
    """Cumulative share of change-triggered outages visible within so many minutes, with the 90 % band, for one kind of
    change.

    ``delay_curves`` is ``found.delay_curves``, ``quantiles`` its ``delay_quantiles`` (else read off the curve);
    ``delay_minutes`` marks one incident's delay, ``low`` and ``high``
    (minutes) its span when the times are imprecise. A kind without a curve of its own is drawn with that of all kinds,
    and the figure says so. It misleads when read as the chance that a change fails: everything here is *given* that it
    did.
    """
    used = kind if (delay_curves["kind"] == kind).any() else "all"
    curve = delay_curves[delay_curves["kind"] == used].sort_values("minutes")
    if curve.empty:
        words = "No delay curve: too few outages of this log were set off by changes."
        return frame.empty(words, caption=CURVE_CAPTION, columns=CURVE_COLUMNS)
    axis = (float(curve["minutes"].clip(lower=0.5).min()), float(curve["minutes"].max()))
    fig = drawing.Sketch()
    _own_curve(fig, curve)
    who = "changes of all kinds" if used == "all" else f"{plot_text.kind_name(used)} changes"
    _share_by_time(
        fig, height=330, measure=f"Share of outages set off by {plot_text.label(who)} that show by then", axis=axis
    )
    half, most = (_quantile(curve, share, quantiles) for share in (0.5, 0.95))
    if delay_minutes is not None and math.isfinite(delay_minutes):
        words, share = _mark_delay(fig, curve, delay_minutes, low, high, axis)
        marked = f" This incident came {words} after the change; {share} are visible by then."
        finding = f"This outage began {words} after the change; by then {share} of such outages show"
    else:
        marked = ""
        finding = f"Half of such outages show within {_about(half)} of the change, 95 % within {_about(most)}"
        _mark_quantiles(fig, {0.5: half, 0.95: most}, axis)
    borrowed = f"The log says too little about {plot_text.kind_name(kind)} changes; the curve is that of all kinds. "
    borrowed = borrowed if used != kind else ""
    alt = (
        f"{borrowed}Of the outages set off by {who}, half are visible within {_about(half)} and 95 % within "
        f"{_about(most)}.{marked}"
    )
    return frame.describe(
        fig, finding=finding, alt=alt, caption=borrowed + CURVE_CAPTION, columns=CURVE_COLUMNS, rows=_thinned(curve)
    )


def _about(minutes: float) -> str:
    """A learned delay as a person would say it: it is known no better than its interval."""
    return f"about {rough_duration(minutes)}" if math.isfinite(minutes) else "an unknown time"


def _own_curve(fig: drawing.Sketch, curve: pd.DataFrame) -> None:
    """This log's cumulative share with its 90 % band."""
    x = drawing.rounded(curve["minutes"].clip(lower=0.5))
    drawing.band(
        fig, x, drawing.rounded(curve["cumulative_low"]), drawing.rounded(curve["cumulative_high"]), theme.CHANGE
    )
    fig.add_scatter(
        x=x,
        y=drawing.rounded(curve["cumulative"]),
        mode="lines",
        line={"color": theme.CHANGE, "width": 2.5},
        hovertext=[f"{percent(c)} within {plot_text.minutes(m)}" for m, c in zip(x, curve["cumulative"], strict=True)],
        hoverinfo="text",
    )


def _share_by_time(
    fig: drawing.Sketch, *, height: int, measure: str, axis: tuple[float, float], lines: Sequence[frame.Line] = ()
) -> None:
    frame.base(fig, height=height, measure=measure, lines=lines, x_title="time after the change, logarithmic")
    drawing.minutes_axis(fig, *axis)
    drawing.share_axis(fig)


def _mark_delay(
    fig: drawing.Sketch,
    curve: pd.DataFrame,
    delay: float,
    low: float | None,
    high: float | None,
    axis: tuple[float, float],
) -> tuple[str, str]:
    """Draw one incident's delay, a span when its two ends differ; returns it and the share visible by then, both in words."""
    start, end = axis
    at = min(max(delay, start), end)

    def visible(minutes: float) -> float:
        return float(np.interp(math.log10(minutes), np.log10(curve["minutes"].clip(lower=0.5)), curve["cumulative"]))

    share = visible(at)
    words, by_then = plot_text.minutes(delay), percent(share)
    if low is not None and high is not None and high > low:
        words = plot_text.span(low, high)
        ends = [min(max(edge, start), end) for edge in (low, high)]
        by_then = percent_range(*map(visible, ends))
        line = {"color": theme.tint(theme.INCIDENT, 0.6), "width": 4}
        fig.add_scatter(x=ends, y=[share, share], mode="lines", line=line, hoverinfo="skip")
    line = {"color": theme.INCIDENT, "width": theme.REFERENCE, "dash": "dot"}
    fig.add_shape(type="line", x0=at, x1=at, y0=0, y1=share, line=line)
    fig.add_scatter(x=[at], y=[share], mode="markers", marker={"color": theme.INCIDENT, "size": 10}, hoverinfo="skip")
    _next_to(fig, f"<b>this outage</b><br>{words} after", at, 0.02, axis)
    return words, by_then


def _mark_quantiles(fig: drawing.Sketch, quantiles: dict[float, float], axis: tuple[float, float]) -> None:
    """Landmarks on the curve, each with a line down and its delay; none for a share that the curve never reaches."""
    for share, minutes in quantiles.items():
        if math.isfinite(minutes):
            at = min(max(minutes, axis[0]), axis[1])
            line = {"color": theme.CHANGE, "width": 1, "dash": "dot"}
            fig.add_shape(type="line", x0=at, x1=at, y0=0, y1=share, line=line)
            fig.add_scatter(
                x=[at], y=[share], mode="markers", marker={"color": theme.CHANGE, "size": 9}, hoverinfo="skip"
            )
            words = f"<b>{'half' if share == 0.5 else percent(share)}</b> within {_about(minutes)}"
            _next_to(fig, words, at, 0.02 if share > 0.5 else 0.16, axis)


def _next_to(fig: drawing.Sketch, text: str, at: float, height: float, axis: tuple[float, float]) -> None:
    """A label right of a line at ``at``, left of it in the last two fifths of the axis: there a curve leaves room."""
    start, end = axis
    late = math.log(at / start) > 0.6 * math.log(end / start)
    side, dx = ("right", -7) if late else ("left", 7)
    drawing.note(
        fig, text, x=math.log10(at), y=height, xref="x", yref="y", xanchor=side, yanchor="bottom", halo=True, dx=dx
    )


def _quantile(curve: pd.DataFrame, share: float, quantiles: pd.DataFrame | None = None) -> float:
    """The delay within which ``share`` show: the model's own where given, else on the straight line between the curve's
    points; NaN when it never gets there."""
    if quantiles is not None and len(curve):
        known = quantiles[(quantiles["kind"] == curve["kind"].iloc[0]) & np.isclose(quantiles["quantile"], share)]
        if len(known):
            return float(known["minutes"].iloc[0])
    if curve.empty or curve["cumulative"].max() < share:
        return math.nan
    rising = np.maximum.accumulate(curve["cumulative"].to_numpy(dtype=float))
    return float(np.interp(share, rising, curve["minutes"].to_numpy(dtype=float)))


def _thinned(curve: pd.DataFrame, rows: int = 24) -> list[list[object]]:
    step = curve.iloc[np.unique(np.linspace(0, len(curve) - 1, rows).round().astype(int))]
    return step[["kind", "minutes", "cumulative", "cumulative_low", "cumulative_high"]].to_numpy(dtype=object).tolist()


def delay_comparison(
    delay_curves: pd.DataFrame, famous: pd.DataFrame, *, quantiles: pd.DataFrame | None = None, labels: int = 7
) -> go.Figure:
    """Your delays (cumulative share, 90 % band) against those of the world's best-known outages (one ordered dot each).

    ``famous`` has ``incident_id, organisation, delay_minutes, delay_minutes_high, kind``; rows without a delay are
    left out and counted in the caption. A delay under a minute is drawn at “<1 min”. Only some dots are named. It
    misleads because fame selects: sudden, global failures are over-represented.
    """
    known = famous.dropna(subset=["delay_minutes"]).sort_values(["delay_minutes", "incident_id"], kind="stable")
    yours = delay_curves[delay_curves["kind"] == "all"].sort_values("minutes")
    if known.empty and yours.empty:
        return frame.empty(
            "No delays to compare.", caption=COMPARISON_CAPTION.format(yours=""), columns=COMPARISON_COLUMNS
        )
    fig = drawing.Sketch()
    if len(yours):
        _own_curve(fig, yours)
    low_end, high_end = _famous_dots(fig, known, labels)
    end = max([4320.0, high_end * 1.5, *yours["minutes"].tolist()])
    own = [(theme.CHANGE, "▬", "this log")] if len(yours) else []
    key = frame.key([*own, (theme.ORANGE, "●", "well-known outages")])
    measure = "Share of outages set off by changes that show by then"
    _share_by_time(fig, height=400, measure=measure, lines=key, axis=(low_end, end))
    left_out = len(famous) - len(known)
    yours_too = ", and as a shaded area the same cumulative share in this log (90 % interval)"
    caption = COMPARISON_CAPTION.format(yours=yours_too if len(yours) else "") + (
        f" Left out without a known delay: {left_out}." if left_out else ""
    )
    rows = (
        known[["incident_id", "organisation", "kind", "delay_minutes", "delay_minutes_high"]]
        .to_numpy(dtype=object)
        .tolist()
    )
    half = _about(_quantile(yours, 0.5, quantiles))
    return frame.describe(
        fig,
        finding=_comparison_finding(yours, known, half),
        alt=_comparison_alt(yours, known, half),
        caption=caption,
        columns=COMPARISON_COLUMNS,
        rows=rows,
    )


def _famous_dots(fig: drawing.Sketch, known: pd.DataFrame, labels: int) -> tuple[float, float]:
    if known.empty:
        return 0.35, 1.0
    x = known["delay_minutes"].where(known["delay_minutes"] >= 1, 0.5)
    high = known["delay_minutes_high"].fillna(known["delay_minutes"]).clip(lower=x)
    y = pd.Series((np.arange(len(known)) + 1) / len(known), index=known.index)
    for left, right, height in zip(x, high, y, strict=True):
        if right > left * 1.02:
            fig.add_scatter(
                x=[left, right],
                y=[height, height],
                mode="lines",
                line={"color": theme.tint(theme.ORANGE, 0.6), "width": 3},
                hoverinfo="skip",
            )
    hover = [
        f"{plot_text.label(o)} ({plot_text.label(i)})<br>{plot_text.label(plot_text.kind_name(k))}, "
        f"{plot_text.minutes(m)} after the change"
        for o, i, k, m in zip(
            known["organisation"], known["incident_id"], known["kind"], known["delay_minutes"], strict=True
        )
    ]
    fig.add_scatter(
        x=drawing.rounded(x),
        y=drawing.rounded(y),
        mode="markers",
        marker={"color": theme.ORANGE, "size": 8},
        hovertext=hover,
        hoverinfo="text",
    )
    for i in _named(known, (high <= x * 1.02).tolist(), labels):
        late = x.iloc[i] > 10
        drawing.note(
            fig,
            plot_text.label(known["organisation"].iloc[i], 18),
            x=math.log10(x.iloc[i] if late else high.iloc[i]),
            y=y.iloc[i],
            xref="x",
            yref="y",
            xanchor="right" if late else "left",
            yanchor="middle",
            size=theme.SMALL,
            dx=-8 if late else 8,
        )
    return 0.35, float(high.max())


def _named(known: pd.DataFrame, exact: list[bool], labels: int) -> list[int]:
    """Rows whose dots carry a name: spread evenly over the ranking, each organisation once, rather without a span."""
    chosen: list[int] = []
    for target in np.linspace(0.08 if len(known) > labels else 0, 1, min(labels, len(known))) * (len(known) - 1):
        taken = set(known["organisation"].iloc[chosen])
        near = [i for i in range(len(known)) if abs(i - target) <= 2.5 and known["organisation"].iloc[i] not in taken]
        if near:
            chosen.append(min(near, key=lambda i: (not exact[i], abs(i - target))))
    return chosen


def _comparison_finding(yours: pd.DataFrame, known: pd.DataFrame, half: str) -> str:
    said = []
    if len(yours):
        said.append(f"half of the outages that changes set off here show within {half}")
    if len(known):
        median = plot_text.minutes(float(known["delay_minutes"].median()))
        said.append(
            f"half of the well-known ones within {median}"
            if said
            else f"half of the well-known outages show within {median}"
        )
    return capital(", ".join(said))


def _comparison_alt(yours: pd.DataFrame, known: pd.DataFrame, half: str) -> str:
    text = ""
    if len(yours):
        text = f"In this log half of the change-triggered outages are visible within {half}. "
    if len(known):
        median = plot_text.minutes(float(known["delay_minutes"].median()))
        hour = percent(float((known["delay_minutes"] <= 60).mean()))
        of = plural(len(known), "well-known outage")
        text += (
            f"Of {of}, at the shortest that imprecise times allow, half showed within {median}, {hour} within an hour."
        )
    return text.strip()
