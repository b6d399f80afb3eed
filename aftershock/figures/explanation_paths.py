"""How the strongest suspects came by their probabilities: a path each, from a change like any other to the number shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from aftershock.figures import drawing, frame, plot_text, theme
from aftershock.model.explanation import Explanation, Step
from aftershock.output import phrases
from aftershock.output.phrases import percent, weight

CAPTION = (
    "How to read: each path is one suspect and begins, on top, as a change about which nothing is known. Each row moves it by "
    "what one piece of evidence weighs: to the right for the suspect, to the left against it. It ends at the probability "
    "shown. The axis is one of odds, on which weights add up, so equal lengths are equal weights everywhere. Limits: until "
    "the row “competition” a path competes with “no recorded change” alone."
)
LOOKS = (
    (theme.BLUE, "circle", "●", "solid"),
    (theme.ORANGE, "diamond", "◆", "dash"),
    (theme.PURPLE, "triangle-up", "▲", "dot"),
)
TICKS = {
    0.0001: "0.01",
    0.001: "0.1",
    0.01: "1",
    0.1: "10",
    0.5: "50",
    0.9: "90",
    0.99: "99",
    0.999: "99.9",
    0.9999: "99.99",
}
FARTHEST = 9.3  # log odds at which a path leaves the figure: 1 in 11,000
LONGEST = 3  # steps of a path that its description names
TELLING = 1.5  # factor on the odds from which a step is worth naming: a judgement


def explanation_paths(explanations: Sequence[Explanation]) -> go.Figure:
    """One path per explanation of the same incident, at most three, best first; their steps have the same names.

    It misleads when lengths are compared with shares: a step from 90 to 99 % is as long as one from 1 to 10 %.
    """
    if not explanations:
        return frame.empty("No recorded change has 1 % or more of this incident: nothing to explain.", caption=CAPTION)
    shown = list(explanations[: len(LOOKS)])
    fig = drawing.Sketch()
    for explanation, look in zip(shown, LOOKS, strict=False):
        _path(fig, explanation, look)
    steps = [s.name for s in shown[0].steps]
    frame.base(
        fig,
        height=64 + 23 * len(steps),
        measure="Probability after each step, in %",
        lines=frame.key((_key(e, look) for e, look in zip(shown, LOOKS, strict=False)), per_line=1),
    )
    reached = [_place(s) for e in shown for s in e.steps]
    fig.update_xaxes(
        range=[min(-1.0, *reached) - 0.5, max(1.0, *reached) + 0.5],
        tickvals=[round(math.log(p / (1 - p)), 4) for p in TICKS],
        ticktext=list(TICKS.values()),
    )
    rows = list(range(len(steps)))
    fig.update_yaxes(range=[len(steps) - 0.4, -0.6], tickvals=rows, ticktext=[plot_text.label(s, 16) for s in steps])
    fig.update_yaxes(fixedrange=True, showgrid=True)
    return frame.describe(
        fig,
        finding=_finding(shown[0]),
        alt=" ".join(map(_sentence, shown)),
        caption=CAPTION,
        columns=_columns(shown),
        rows=_rows(shown),
    )


def _place(step: Step) -> float:
    """Where a path is after a step: its log odds, kept within the figure."""
    p = step.probability
    odds = -FARTHEST if p <= 0 else FARTHEST if p >= 1 else math.log(p) - math.log1p(-p)
    return min(max(odds, -FARTHEST), FARTHEST)


def _path(fig: drawing.Sketch, explanation: Explanation, look: tuple[str, str, str, str]) -> None:
    colour, symbol, _, dash = look
    fig.add_scatter(
        x=drawing.rounded(_place(s) for s in explanation.steps),
        y=list(range(len(explanation.steps))),
        mode="lines+markers",
        line={"color": colour, "width": 2, "dash": dash, "shape": "vh"},
        marker={"color": colour, "symbol": symbol, "size": [6] * (len(explanation.steps) - 1) + [10]},
        hovertext=[_hover(explanation, s) for s in explanation.steps],
        hoverinfo="text",
    )


def _key(explanation: Explanation, look: tuple[str, str, str, str]) -> tuple[str, str, str]:
    name = plot_text.plain(explanation.title or explanation.change_id, 30)
    return look[0], look[2], f"{name}: {percent(explanation.probability)}"


def _hover(explanation: Explanation, step: Step) -> str:
    name = plot_text.label(explanation.title or explanation.change_id, 50)
    factor, then = plot_text.label(weight(step.factor)), plot_text.label(_percent(step.probability))
    return f"{name}<br>{plot_text.label(step.name)}: {factor}, then {then}"


def _percent(probability: float) -> str:
    """A probability on a path, where small ones differ: ``0.03 %``."""
    return f"{100 * probability:.2g} %" if 0 < probability < 0.01 else percent(probability)


def _finding(explanation: Explanation) -> str:
    """Which evidence speaks most for the first suspect, and which against it."""
    weighed = sorted((s for s in explanation.steps if s.is_evidence), key=lambda s: -s.log_odds)
    good = [f"{plot_text.plain(s.name)} {weight(s.factor)}" for s in weighed[:2] if s.factor >= TELLING]
    bad = [f"{plot_text.plain(s.name)} {weight(s.factor)}" for s in weighed[-1:] if s.factor <= 1 / TELLING]
    said = [
        f"{phrases.listed(words)} {'speaks' if len(words) == 1 else 'speak'} {way} it"
        for words, way in ((good, "for"), (bad, "against"))
        if words
    ]
    name = plot_text.plain(explanation.title or explanation.change_id)
    reached = f"“{name}” comes to {percent(explanation.probability)}"
    return f"{reached}: {', '.join(said)}" if said else f"{reached}, and no evidence speaks clearly for or against it"


def _sentence(explanation: Explanation) -> str:
    """The path in words: where it starts, its longest steps, where it ends."""
    first, *rest = explanation.steps
    longest = sorted(rest, key=lambda s: -abs(s.log_odds))[:LONGEST]
    said = ", ".join(f"{plot_text.plain(s.name)} {weight(s.factor)}" for s in longest)
    name = plot_text.plain(explanation.title or explanation.change_id)
    return (
        f"{name}: starts at {_percent(first.probability)}; the weightiest steps are {said}; "
        f"ends at {percent(explanation.probability)}."
    )


def _columns(shown: Sequence[Explanation]) -> list[str]:
    return [
        "step",
        *(f"{part} of {plot_text.plain(e.change_id)}" for e in shown for part in ("weight", "probability after it")),
    ]


def _rows(shown: Sequence[Explanation]) -> list[list[object]]:
    return [
        [steps[0].name, *(cell for s in steps for cell in (weight(s.factor), _percent(s.probability)))]
        for steps in zip(*(e.steps for e in shown), strict=True)
    ]
