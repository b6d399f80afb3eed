"""One look for all figures: colours, words, axes and the text alternative that every figure carries.

Ink and grid come from the template alone (:func:`template`), so a page changes between light and dark by swapping it;
the colours of marks are chosen to reach a contrast of 3:1 on both. Muted text is the page's ink at a lower opacity. No
mark is told apart by colour alone: kinds of change have their own symbol, states have words.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence

import pandas as pd
import plotly.graph_objects as go

# After Okabe & Ito (2008), darkened or lightened until each reaches 3:1 on white and on the dark page.
BLUE, ORANGE, GREEN, VERMILION = "#1F7FBF", "#C08000", "#0A9A72", "#D55E00"
SKY, PURPLE, BROWN, VIOLET, GREY = "#2F93C8", "#C0619A", "#A07040", "#8A76C8", "#7D838B"

CHANGE, INCIDENT, NEUTRAL = BLUE, VERMILION, GREY
PAGES = {"light": "#ffffff", "dark": "#14171b"}
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
MUTED = 0.72
TICKS = {0.5: "<1 min", 2: "2 min", 10: "10 min", 60: "1 h", 360: "6 h", 1440: "1 day", 4320: "3 days"}
WIDE_TICKS = {0.5: "<1 min", 10: "10 min", 60: "1 h", 480: "8 h", 4320: "3 days", 43200: "1 month", 525600: "1 year"}


def template(page: str = "light") -> go.layout.Template:
    """Ink, grid and hover colours for a ``light`` or ``dark`` page; backgrounds stay transparent."""
    ink, faint, hover = {
        "light": ("#1b1f24", "rgba(27,31,36,0.13)", "#ffffff"),
        "dark": ("#e6e8eb", "rgba(230,232,235,0.17)", "#23272d"),
    }[page]
    axis = {"gridcolor": faint, "linecolor": faint, "zeroline": False, "ticks": "", "title": {"font": {"size": 12}}}
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 12, "color": ink},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "hoverlabel": {"bgcolor": hover, "bordercolor": faint, "font": {"color": ink, "size": 12}, "align": "left"},
            "xaxis": axis,
            "yaxis": axis,
            "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": NEUTRAL, "activecolor": BLUE},
        }
    )


def plain(text: object, width: int = 60) -> str:
    """``text`` on one line without control or direction marks, shortened with … to ``width`` characters; not
    escaped."""
    kept = (" " if c.isspace() else c for c in str(text) if c.isspace() or c in "\u200c\u200d" or _printable(c))
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


def key(entries: Iterable[tuple[str, str, str]], per_line: int = 4) -> list[str]:
    """Lines of a key, drawn as text: ``(colour, character, name)`` each, few enough per line for a phone."""
    items = [f'<span style="color:{colour}">{mark}</span> {label(name, 24)}' for colour, mark, name in entries]
    return ["   ".join(items[i : i + per_line]) for i in range(0, len(items), per_line)]


def percent(share: float) -> str:
    """A share of 1 in per cent; never a false 0 % or 100 %."""
    if share is None or math.isnan(share):
        return "unknown"
    if 0 < share < 0.01:
        return "<1 %"
    return ">99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"


def number(value: float) -> str:
    """Two significant digits at least, thousands separated: 0.031, 4.2, 17, 1,240."""
    if value is None or math.isnan(value):
        return "unknown"
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    text = f"{value:.{max(0, 1 - math.floor(math.log10(abs(value))))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def duration(minutes: float) -> str:
    """Minutes in the unit people would say: ``<1 min``, ``34 min``, ``3.2 h``, ``2.5 days``."""
    if minutes is None or math.isnan(minutes):
        return "unknown"
    if minutes < 1:
        return "<1 min"
    if minutes < 99.5:
        return f"{minutes:.0f} min"
    if minutes < 48 * 60:
        return f"{number(minutes / 60)} h"
    return f"{number(minutes / 1440)} days"


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


def base(
    fig: go.Figure, *, height: int, measure: str, lines: Sequence[str] = (), x_title: str = "", bottom: int = 46
) -> go.Figure:
    """Set theme, size and head: ``measure`` says what is drawn (in place of a turned axis title), ``lines`` are its
    key."""
    head = "<br>".join([f"<b>{measure}</b>", *lines])
    fig.update_layout(
        template=template("light"),
        height=height + 17 * len(lines),
        margin={
            "l": 8,
            "r": 14,
            "t": (46 if lines else 38) + 17 * len(lines),
            "b": bottom if x_title else bottom - 18,
            "autoexpand": True,
        },
        showlegend=False,
        hovermode="closest",
        bargap=0,
        title={
            "text": head,
            "font": {"size": 13},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"l": 8, "t": 16 if lines else 8},  # plotly lifts a title of several lines
        },
        modebar={"remove": ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"]},
    )
    fig.update_xaxes(title={"text": x_title, "standoff": 8}, automargin=True, tickangle=0, ticklabelstandoff=4)
    fig.update_yaxes(automargin=True, ticklabelstandoff=4)
    return fig


def describe(
    fig: go.Figure, *, alt: str, caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> go.Figure:
    """Attach what replaces the picture: a sentence, a caption and the data; all plain text, to be escaped by the
    page."""
    table = {"columns": list(columns), "rows": [[_cell(v) for v in row] for row in rows]}
    fig.update_layout(meta={"alt": alt, "caption": caption, "table": table})
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
    """A figure for no data: the reason in words where the marks would be."""
    fig = base(go.Figure(), height=120, measure="")
    fig.update_xaxes(visible=False, fixedrange=True)
    fig.update_yaxes(visible=False, fixedrange=True)
    note(fig, label(words, 200).replace(". ", ".<br>"), x=0.5, y=0.5, xanchor="center", yanchor="middle")
    return describe(fig, alt=words, caption=caption, columns=columns, rows=[])


def note(
    fig: go.Figure,
    text: str,
    *,
    x: float,
    y: float,
    xref: str = "paper",
    yref: str = "paper",
    xanchor: str = "left",
    yanchor: str = "bottom",
    size: int = 12,
    muted: bool = False,
    dx: int = 0,
    dy: int = 0,
) -> None:
    """A direct label in the page's ink. On a log axis ``x`` is the logarithm, as plotly wants it for annotations."""
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
        xshift=dx,
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
        fillcolor=tint(colour, 0.2),
        hoverinfo="skip",
    )


def tint(colour: str, opacity: float) -> str:
    """``#rrggbb`` with an opacity."""
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{opacity})"


def rounded(values: Iterable[float], digits: int = 4) -> list[float | None]:
    """Plain rounded numbers: they compress far better than full precision does."""
    return [None if v is None or not math.isfinite(v) else float(f"{v:.{digits}g}") for v in values]
