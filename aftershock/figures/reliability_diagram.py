"""Whether the probabilities come true."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from aftershock.figures import drawing, frame, theme
from aftershock.output.phrases import among, capital, percent

COLUMNS = ["top suspect given", "incidents", "said", "came true", "low", "high", "perfect low", "perfect high"]
CAPTION = (
    "How to read: each dot holds the incidents whose top suspect was given about so much, its height is how many of these "
    "suspects were right, the line its 95 % interval. On the diagonal what was said comes true; the shaded area is where a model "
    "that is calibrated shows its dots, by chance, in 95 of 100 cases. Below the diagonal the model is too sure. Limits: "
    "few incidents make a wide area, and a dot inside it proves nothing."
)
REPLAYED = (
    " The dashed line is what the self-check promises: the same model on incidents drawn from itself. Dots far below it say that "
    "the model does not hold here."
)


def reliability_diagram(
    reached: pd.DataFrame, *, promised: pd.DataFrame | None = None, drawn: bool = False
) -> go.Figure:
    """What the top suspects were given against how often they were right.

    ``reached`` is :func:`aftershock.model.validation.calibration.reliability_table`: ``from, to, incidents, said, share, low, high,
    expected_low, expected_high``; ``promised`` the same of the self-check, drawn as a line. ``drawn``: ``reached`` itself is the
    self-check's. It misleads when a bin of five incidents is read as a rate.
    """
    what = "drawn incidents" if drawn else "incidents"
    caption = CAPTION + (REPLAYED if promised is not None else "")
    if reached.empty:
        return frame.empty("No incident to compare what was said with.", caption=caption, columns=COLUMNS)
    fig = drawing.Sketch()
    _perfect(fig, reached)
    _diagonal(fig)
    if promised is not None and len(promised):
        _promise(fig, promised)
    _dots(fig, reached, what)
    measure = "Top suspects that were right, by what they were given"
    measure += "; incidents drawn from the model itself" if drawn else ""
    frame.base(fig, height=390, measure=measure, lines=_key(promised), x_title="given to the top suspect")
    drawing.share_axis(fig)
    ticks = {"tickvals": [0, 0.25, 0.5, 0.75, 1], "ticktext": ["0", "25", "50", "75", "100 %"]}
    fig.update_xaxes(range=[-0.02, 1.02], **ticks)
    rows = [
        [f"{r[0]:.1f} to {r[1]:.1f}", *r[2:]]
        for r in reached[
            ["from", "to", "incidents", "said", "share", "low", "high", "expected_low", "expected_high"]
        ].itertuples(index=False)
    ]
    return frame.describe(
        fig,
        finding=_finding(reached, drawn=drawn),
        alt=_alt(reached, what),
        caption=caption,
        columns=COLUMNS,
        rows=rows,
    )


def _key(promised: pd.DataFrame | None) -> list:
    marks = [(theme.CHANGE, "●", "came true"), (theme.NEUTRAL, "▒", "a calibrated model")]
    if promised is not None and len(promised):
        marks.append((theme.ORANGE, "╍╍", "promised by the self-check"))
    return frame.key(marks)


def _perfect(fig: drawing.Sketch, reached: pd.DataFrame) -> None:
    """The range of each bin as a box between its ends, so that no line pretends to know what lies between."""
    for row in reached.rename(columns={"from": "start", "to": "end"}).itertuples():
        low, high = drawing.rounded([row.expected_low, row.expected_high])
        drawing.band(fig, [row.start, row.end], [low, low], [high, high], theme.NEUTRAL)


def _diagonal(fig: drawing.Sketch) -> None:
    fig.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": theme.NEUTRAL, "width": theme.REFERENCE},
        hoverinfo="skip",
    )


def _promise(fig: drawing.Sketch, promised: pd.DataFrame) -> None:
    fig.add_scatter(
        x=drawing.rounded(promised["said"]),
        y=drawing.rounded(promised["share"]),
        mode="lines",
        line={"color": theme.ORANGE, "width": 2, "dash": "dash"},
        hovertext=[
            f"self-check: given {percent(r.said)}, right {percent(r.share)} of {r.incidents:,} drawn incidents"
            for r in promised.itertuples()
        ],
        hoverinfo="text",
    )


def _dots(fig: drawing.Sketch, reached: pd.DataFrame, what: str) -> None:
    fig.add_scatter(
        x=[v for s in drawing.rounded(reached["said"]) for v in (s, s, None)],
        y=[
            v
            for a, b in zip(drawing.rounded(reached["low"]), drawing.rounded(reached["high"]), strict=True)
            for v in (a, b, None)
        ],
        mode="lines",
        line={"color": theme.CHANGE, "width": 2},
        hoverinfo="skip",
    )
    largest = max(float(reached["incidents"].max()), 1.0)
    fig.add_scatter(
        x=drawing.rounded(reached["said"]),
        y=drawing.rounded(reached["share"]),
        mode="markers",
        cliponaxis=False,
        marker={"color": theme.CHANGE, "size": [8 + 10 * (n / largest) ** 0.5 for n in reached["incidents"]]},
        hovertext=[
            f"given {percent(r.said)} on average: right {percent(r.share)} of {r.incidents:,} {what}<br>95 % "
            f"interval {percent(r.low)} to {percent(r.high)}; a calibrated model: "
            f"{percent(r.expected_low)} to {percent(r.expected_high)}"
            for r in reached.itertuples()
        ],
        hoverinfo="text",
    )


def _outside(reached: pd.DataFrame) -> pd.DataFrame:
    return reached[(reached["share"] < reached["expected_low"]) | (reached["share"] > reached["expected_high"])]


def _finding(reached: pd.DataFrame, *, drawn: bool) -> str:
    """What the dots say; of drawn incidents, what the model expects of itself."""
    return f"Drawn from the model, not observed: {_calibrated(reached)}" if drawn else capital(_calibrated(reached))


def _calibrated(reached: pd.DataFrame) -> str:
    outside = _outside(reached)
    count = len(reached)
    if outside.empty:
        return "every group lies where chance could put it if what is said came true"
    below = int((outside["share"] < outside["said"]).sum())
    how = "too sure" if below == len(outside) else "not sure enough" if not below else "too sure or not sure enough"
    return f"the model is {how} in {among(len(outside), count, 'group')}"


def _alt(reached: pd.DataFrame, what: str) -> str:
    groups = [f"given {percent(r.said)}, {percent(r.share)} of {r.incidents:,} right" for r in reached.itertuples()]
    return f"Top suspects of {int(reached['incidents'].sum()):,} {what}: {'; '.join(groups)}."
