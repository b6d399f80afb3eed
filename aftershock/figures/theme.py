"""One look for all figures: colours, symbols, sizes and plotly's template.

The rules of the family:

- A figure has a *finding* (one sentence with its numbers, the headline), a *measure* (what is drawn, in which unit), a
  key only where direct labels would not do, and a caption that says how to read it and where it misleads
  (:mod:`aftershock.figures.frame`). A report sets these as text of the page; JupyterLab shows measure and key as the
  figure's title.
- Labels are 13 pixels, secondary ones and axes 12; lines of data 2.5, of reference 1.5, of rows 1.
- Ink and grid come from the template alone (:func:`template`), so a page changes between light and dark by swapping
  it. The colours of marks reach a contrast of 3:1 on both pages, muted text (:data:`MUTED`) 4.5:1. No mark differs from
  another by colour alone: kinds of change have their own symbol, states have words.
- Times are drawn in the dataset's zone; the text on hover adds UTC (:func:`aftershock.figures.plot_text.moment`).
- A figure without data says so in words (:func:`aftershock.figures.frame.empty`); it is never an empty frame.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import plotly.graph_objects as go

# After Okabe & Ito (2008), darkened or lightened until each reaches 3:1 on white and on the dark page.
BLUE, ORANGE, GREEN, VERMILION = "#1F7FBF", "#C08000", "#0A9A72", "#D55E00"
SKY, PURPLE, BROWN, VIOLET, GREY = "#2F93C8", "#C0619A", "#A07040", "#8A76C8", "#7D838B"

CHANGE, INCIDENT, NEUTRAL = BLUE, VERMILION, GREY
PAGES = {"light": "#fcfbf8", "dark": "#15171a"}
HALO = {"light": "rgba(252,251,248,0.8)", "dark": "rgba(21,23,26,0.8)"}  # the page's ground, a little see-through
KINDS: dict[str, tuple[str, str, str]] = {
    "deploy": (BLUE, "circle", "●"),
    "config": (ORANGE, "diamond", "◆"),
    "feature_flag": (PURPLE, "triangle-up", "▲"),
    "database": (GREEN, "square", "■"),
    "infrastructure": (VIOLET, "triangle-down", "▼"),
    "data": (SKY, "star", "★"),
    "policy": (BROWN, "triangle-right", "▶"),
    "staffing": ("#B0707A", "triangle-left", "◀"),
    "other": (GREY, "cross", "✚"),
}
"""Kind of change → colour, plotly symbol, the same symbol as a character for keys in the text."""

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
LABEL, SMALL = 13, 12  # pixels of text
DATA, REFERENCE = 2.5, 1.5  # pixels of lines
MUTED = 0.75  # opacity of secondary text: a contrast of 4.5:1 on both pages


def template(page: str = "light") -> go.layout.Template:
    """:func:`look` as plotly's object, which takes the place of another template where a dict would be merged into it."""
    return go.layout.Template(look(page))


@cache
def look(page: str = "light") -> dict[str, Any]:
    """Ink, grid and hover colours for a ``light`` or ``dark`` page; backgrounds stay transparent. Plotly's JSON."""
    ink, faint, hover = {
        "light": ("#1b1f24", "rgba(27,31,36,0.13)", "#ffffff"),
        "dark": ("#e6e8eb", "rgba(230,232,235,0.17)", "#23272d"),
    }[page]
    axis = {
        "gridcolor": faint,
        "linecolor": faint,
        "zeroline": False,
        "ticks": "",
        "title": {"font": {"size": SMALL}},
        "tickfont": {"size": SMALL},
    }
    return {
        "layout": {
            "font": {"family": FONT, "size": LABEL, "color": ink},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "hoverlabel": {
                "bgcolor": hover,
                "bordercolor": faint,
                "font": {"color": ink, "size": SMALL},
                "align": "left",
            },
            "xaxis": axis,
            "yaxis": axis,
            "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": NEUTRAL, "activecolor": BLUE},
        }
    }


def kind_mark(kind: str) -> tuple[str, str, str]:
    """Colour, symbol and character of a kind; what is not known looks like ``other``."""
    return KINDS.get(kind, KINDS["other"])


def tint(colour: str, opacity: float) -> str:
    """``#rrggbb`` with an opacity."""
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{opacity})"
