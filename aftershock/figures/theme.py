"""One look for all figures: colours, words, axes and the text alternative that every figure carries.

The rules of the family:

- A figure has a *finding* (one sentence with its numbers, the headline), a *measure* (what is drawn, in which unit), a
  key only where direct labels would not do, and a caption that says how to read it and where it misleads
  (:func:`base`, :func:`describe`). A report sets these as text of the page; JupyterLab sees measure and key as the
  figure's title.
- Labels are 13 pixels, secondary ones and axes 12; lines of data 2.5, of reference 1.5, of rows 1.
- Ink and grid come from the template alone (:func:`template`), so a page changes between light and dark by swapping
  it; the colours of marks are chosen to reach a contrast of 3:1 on both, muted text (:data:`MUTED`) 4.5:1. No mark is
  told apart by colour alone: kinds of change have their own symbol, states have words.
- Times stand on the axis in the dataset's zone; what hovers over a mark adds UTC (:func:`moment`).
- No data are words (:func:`empty`), never an empty frame.
"""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from aftershock.output import phrases
from aftershock.output.safe_html import clean

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
LABEL, SMALL = 13, 12
DATA, REFERENCE = 2.5, 1.5
MUTED = 0.75
TOP = 14  # pixels above the drawing where the page says measure and key
LINE = 18
TICKS = {0.5: "<1 min", 2: "2 min", 10: "10 min", 60: "1 h", 360: "6 h", 1440: "1 day", 4320: "3 days"}
WIDE_TICKS = {0.5: "<1 min", 10: "10 min", 60: "1 h", 480: "8 h", 4320: "3 days", 43200: "1 month", 525600: "1 year"}


def template(page: str = "light") -> go.layout.Template:
    """Ink, grid and hover colours for a ``light`` or ``dark`` page; backgrounds stay transparent."""
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
    return go.layout.Template(
        layout={
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
    )


def plain(text: object, width: int = 60) -> str:
    """``text`` on one line without control or direction marks, shortened with … to ``width`` characters; not
    escaped."""
    kept = (" " if c.isspace() else c for c in clean(str(text)) if c.isspace() or c in "\u200c\u200d" or _printable(c))
    line = " ".join("".join(kept).split())
    return line if len(line) <= width else line[: max(width - 1, 1)].rstrip() + "…"


def _printable(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def label(text: object, width: int = 60) -> str:
    """:func:`plain`, then made harmless for plotly, which reads tags, entities and ``$…$`` in every text it draws."""
    safe = plain(text, width).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace("$", "&#36;")


def kind_name(kind: str) -> str:
    """``feature_flag`` as people write it: ``feature flag``."""
    return plain(kind, 24).replace("_", " ")


def kind_mark(kind: str) -> tuple[str, str, str]:
    """Colour, symbol and character of a kind; what is not known looks like ``other``."""
    return KINDS.get(kind, KINDS["other"])


@dataclass(frozen=True)
class Mark:
    """An entry of a key: the character that looks like the mark, in its colour, and what it stands for."""

    colour: str
    character: str
    name: str

    def as_title(self) -> str:
        return f'<span style="color:{self.colour}">{self.character}</span> {label(self.name, 40)}'


def key(entries: Iterable[tuple[str, str, str]], per_line: int = 4) -> list[list[Mark]]:
    """Lines of a key: ``(colour, character, name)`` each, few enough per line for a phone."""
    items = [Mark(*entry) for entry in entries]
    return [items[i : i + per_line] for i in range(0, len(items), per_line)]


Line = str | list[Mark]


def _as_title(line: Line) -> str:
    return line if isinstance(line, str) else "   ".join(mark.as_title() for mark in line)


def _as_text(line: Line) -> str | list[list[str]]:
    """A line of the head for the page: plain text, or a list of ``[colour, character, name]``."""
    if isinstance(line, str):
        return html.unescape(re.sub(r"<[^>]*>", "", line))
    return [[mark.colour, mark.character, plain(mark.name, 40)] for mark in line]


def percent(share: float | None) -> str:
    """A share of 1 in per cent, as everywhere in a report; "unknown" for none."""
    return phrases.percent(share) if phrases.is_number(share) else "unknown"


def number(value: float | None) -> str:
    """Two significant digits at least, thousands separated: 0.031, 4.2, 17, 1,240."""
    if value is None or math.isnan(value):
        return "unknown"
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    text = f"{value:.{max(0, 1 - math.floor(math.log10(abs(value))))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def duration(minutes: float | None) -> str:
    """Minutes in words, as everywhere in a report, less than one as ``< 1 min``; "unknown" for none."""
    if not phrases.is_number(minutes):
        return "unknown"
    return "< 1 min" if minutes < 1 else phrases.duration(round(minutes))


def capital(text: str) -> str:
    """``text`` with its first letter large, as a sentence begins."""
    return text[:1].upper() + text[1:]


def counted(n: int, one: str, many: str = "") -> str:
    """``1 incident``, ``1,240 incidents``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def wall(times: pd.Series, zone: str) -> list[str | None]:
    """UTC times as wall-clock text in ``zone``, which plotly draws as given; None for NaT."""
    local = pd.to_datetime(times, utc=True).dt.tz_convert(zone).dt.tz_localize(None)
    return [None if pd.isna(t) else t.isoformat(timespec="seconds") for t in local]


def clock(moment: pd.Timestamp, zone: str, pattern: str = "%-d %b %Y %H:%M") -> str:
    """One moment in words, in ``zone``."""
    return "unknown" if pd.isna(moment) else moment.tz_convert(zone).strftime(pattern)


def moment(at: pd.Timestamp, zone: str) -> str:
    """One moment for what hovers over a mark: in ``zone`` and, where that is another, in UTC. The page's script adds the
    reader's own time to what is written ``YYYY-MM-DD HH:MM UTC``."""
    utc = clock(at, "UTC", "%Y-%m-%d %H:%M UTC")
    if pd.isna(at) or at.tz_convert(zone).utcoffset() == pd.Timedelta(0):
        return utc
    return f"{clock(at, zone)} {at.tz_convert(zone).tzname()}, {utc}"


def base(
    fig: go.Figure, *, height: int, measure: str, lines: Sequence[Line] = (), x_title: str = "", bottom: int = 46
) -> go.Figure:
    """Set theme, size and head: ``measure`` says what is drawn and in which unit (in place of a turned axis title),
    ``lines`` are its key. ``height`` leaves room for one line of head; the key's lines add to it."""
    top = 38 + LINE * len(lines) + (8 if lines else 0)
    fig.update_layout(
        template=template("light"),
        height=height + LINE * len(lines),
        margin={"l": 4, "r": 14, "t": top, "b": bottom if x_title else bottom - 18, "autoexpand": True},
        showlegend=False,
        hovermode="closest",
        bargap=0,
        title=_title("<br>".join([f"<b>{measure}</b>", *map(_as_title, lines)]), bool(lines)),
        modebar={"remove": ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"]},
        meta={
            "head": {
                "measure": _as_text(measure),
                "lines": [_as_text(line) for line in lines],
                "height": top - TOP,
                "top": TOP,
            },
            "dark": {HALO["light"]: HALO["dark"]},
        },
    )
    fig.update_xaxes(title={"text": x_title, "standoff": 8}, automargin=True, tickangle=0, ticklabelstandoff=4)
    fig.update_xaxes(ticklabeloverflow="allow")
    fig.update_yaxes(automargin=True, ticklabelstandoff=4)
    return fig


def _title(text: str, several: bool) -> dict[str, object]:
    return {
        "text": text,
        "font": {"size": 14},
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 1,
        "yref": "container",
        "yanchor": "top",
        "pad": {"l": 4, "t": 16 if several else 8},  # plotly lifts a title of several lines
    }


def describe(
    fig: go.Figure,
    *,
    alt: str,
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    finding: str = "",
) -> go.Figure:
    """Attach what a reader gets besides the picture, or in its place; all plain text, to be escaped by the page.

    ``finding``: what the figure shows, a sentence with its numbers; ``alt``: the text alternative; ``caption``: how to
    read it and its limits; ``columns`` and ``rows``: its data.
    """
    table = {"columns": list(columns), "rows": [[_cell(v) for v in row] for row in rows]}
    told = {"finding": finding, "alt": alt, "caption": caption, "table": table}
    fig.update_layout(meta={**(fig.layout.meta or {}), **told})
    return fig


def _cell(value: object) -> object:
    if isinstance(value, list | tuple):
        return plain(", ".join(map(str, value)), 200)
    if value is None or pd.isna(value):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "item"):
        return _cell(value.item())
    if isinstance(value, float):
        return float(f"{value:.4g}") if math.isfinite(value) else None
    return value if isinstance(value, int) else plain(value, 200)


def empty(words: str, *, caption: str, columns: Sequence[str] = ()) -> go.Figure:
    """A figure for no data: the reason in words where the marks would be; ``words`` are its finding too."""
    fig = base(go.Figure(), height=120, measure="")
    fig.update_xaxes(visible=False, fixedrange=True)
    fig.update_yaxes(visible=False, fixedrange=True)
    note(fig, label(words, 200).replace(". ", ".<br>"), x=0.5, y=0.5, xanchor="center", yanchor="middle")
    return describe(fig, finding=words, alt=words, caption=caption, columns=columns, rows=[])


def note(
    fig: go.Figure,
    text: str,
    *,
    x: float | str,
    y: float,
    xref: str = "paper",
    yref: str = "paper",
    xanchor: str = "left",
    yanchor: str = "bottom",
    size: int = LABEL,
    muted: bool = False,
    halo: bool = False,
    fit: float = 0,
    dx: int = 0,
    dy: int = 0,
) -> None:
    """A direct label in the page's ink; ``halo`` sets it on the page's own ground where it crosses lines, ``fit`` is the
    share of the drawing's width to which the page's script may cut it. On a log axis ``x`` is the logarithm, as plotly wants it for
    annotations."""
    fig.add_annotation(
        text=text,
        x=x,
        y=y,
        xref=xref,
        yref=yref,
        xanchor=xanchor,
        yanchor=yanchor,
        showarrow=False,
        align={"right": "right", "center": "center"}.get(xanchor, "left"),
        font={"size": size},
        opacity=MUTED if muted else 1,
        bgcolor=HALO["light"] if halo else None,
        borderpad=1 if halo else 0,
        name=f"fit {fit:.3g}" if fit else None,
        xshift=dx - 2 if x == 0 and xref == "paper" else dx,  # plotly sets text two pixels into its box
        yshift=dy,
    )


def minutes_axis(fig: go.Figure, low: float, high: float) -> None:
    """A logarithmic axis of minutes that speaks in minutes, hours and days; ``low`` 0.5 stands for less than one."""
    ticks = TICKS if high <= 6000 else WIDE_TICKS
    shown = {m: word for m, word in ticks.items() if low <= m <= high}
    fig.update_xaxes(
        type="log",
        range=[math.log10(low), math.log10(high)],
        tickvals=list(shown),
        ticktext=list(shown.values()),
        minor={"ticks": "", "showgrid": False},
    )


def share_axis(fig: go.Figure) -> None:
    """The vertical axis of a share, 0 to 100 %."""
    fig.update_yaxes(range=[0, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1], ticktext=["0", "25", "50", "75", "100 %"])


def rows_axis(fig: go.Figure, n: int) -> None:
    """Rows 0 to n−1 from top to bottom whose names stand above their marks, so that a phone needs no left margin."""
    fig.update_yaxes(range=[n - 0.5, -0.5], visible=False, fixedrange=True)


def band(fig: go.Figure, x: Sequence[float], low: Sequence[float], high: Sequence[float], colour: str) -> None:
    """The area between two curves, as one closed shape."""
    fig.add_scatter(
        x=[*x, *list(x)[::-1]],
        y=[*high, *list(low)[::-1]],
        mode="lines",
        fill="toself",
        line={"width": 0},
        fillcolor=tint(colour, 0.18),
        hoverinfo="skip",
    )


def tint(colour: str, opacity: float) -> str:
    """``#rrggbb`` with an opacity."""
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{opacity})"


def rounded(values: Iterable[float], digits: int = 4) -> list[float | None]:
    """Plain rounded numbers: they compress far better than full precision does."""
    return [None if v is None or not math.isfinite(v) else float(f"{v:.{digits}g}") for v in values]
