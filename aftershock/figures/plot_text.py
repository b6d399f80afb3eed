"""Text that figures draw: names from logs made harmless for plotly, times and lengths of time."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from aftershock.output.phrases import duration
from aftershock.output.safe_html import clean


def plain(text: object, width: int = 60) -> str:
    """``text`` on one line without control or direction marks, shortened with … to ``width`` characters; not
    escaped."""
    line = " ".join(clean(str(text)).split())
    return line if len(line) <= width else line[: max(width - 1, 1)].rstrip() + "…"


def label(text: object, width: int = 60) -> str:
    """:func:`plain`, then made harmless for plotly, which reads tags, entities and ``$…$`` in every text it draws."""
    safe = plain(text, width).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace("$", "&#36;")


def kind_name(kind: str) -> str:
    """``feature_flag`` as people write it: ``feature flag``."""
    return plain(kind, 24).replace("_", " ")


def minutes(length: float | None) -> str:
    """Minutes in words, as everywhere in a report; less than one as ``< 1 min``, as no log times a change to the second."""
    if length is None or not math.isfinite(length):
        return "unknown"
    return "< 1 min" if length < 1 else duration(round(length))


def span(low: float, high: float) -> str:
    """A delay between two ends; ``up to 17 h`` where it may be none at all."""
    return f"up to {minutes(high)}" if low <= 0 else f"{minutes(low)} to {minutes(high)}"


def wall(times: pd.Series, zone: str) -> list[str | None]:
    """UTC times as wall-clock text in ``zone``, which plotly draws as given; None for NaT."""
    utc = times if isinstance(times.dtype, pd.DatetimeTZDtype) else pd.to_datetime(times, utc=True)
    local = utc if zone == "UTC" else utc.dt.tz_convert(zone).dt.tz_localize(None)
    texts = np.datetime_as_string(local.to_numpy("datetime64[s]"), unit="s").tolist()
    return [None if text == "NaT" else text for text in texts]


def wall_time(at: pd.Timestamp, zone: str) -> str:
    """One UTC time as wall-clock text in ``zone``, which plotly draws as given."""
    return at.tz_convert(zone).tz_localize(None).isoformat(timespec="seconds")


def local_time(moment: pd.Timestamp, zone: str, pattern: str = "%-d %b %Y %H:%M") -> str:
    """One moment in words, in ``zone``."""
    return "unknown" if pd.isna(moment) else moment.tz_convert(zone).strftime(pattern)


def moment(at: pd.Timestamp, zone: str) -> str:
    """One moment for what hovers over a mark: in ``zone`` and, where that is another, in UTC. The page's script adds the
    reader's own time to what is written ``YYYY-MM-DD HH:MM UTC``."""
    utc = local_time(at, "UTC", "%Y-%m-%d %H:%M UTC")
    if pd.isna(at) or at.tz_convert(zone).utcoffset() == pd.Timedelta(0):
        return utc
    return f"{local_time(at, zone)} {at.tz_convert(zone).tzname()}, {utc}"
