"""Text that figures draw."""

from __future__ import annotations

import math

import pandas as pd

from aftershock.figures import plot_text


def test_labels_and_minutes():
    assert plot_text.label("a <b> & $c$\x07\n d") == "a &lt;b&gt; &amp; &#36;c&#36; d"
    assert plot_text.label("x" * 70, 10) == "x" * 9 + "…"
    assert plot_text.plain("a <b>\u202e") == "a <b>", "not escaped"
    assert [plot_text.minutes(m) for m in (0.2, 34.4, 180, 60 * 60)] == ["< 1 min", "34 min", "3 h", "2 d 12 h"]
    assert plot_text.minutes(math.nan) == plot_text.minutes(None) == "unknown"


def test_times_are_drawn_in_the_zone_and_hover_adds_utc():
    at = pd.Timestamp("2025-01-10 12:00", tz="UTC")
    assert plot_text.wall(pd.Series([at, pd.NaT]), "Europe/Berlin") == ["2025-01-10T13:00:00", None]
    assert plot_text.wall_time(at, "Europe/Berlin") == "2025-01-10T13:00:00"
    assert plot_text.moment(at, "Europe/Berlin") == "10 Jan 2025 13:00 CET, 2025-01-10 12:00 UTC"
    assert plot_text.moment(at, "UTC") == "2025-01-10 12:00 UTC"
    assert plot_text.local_time(pd.NaT, "UTC") == "unknown"
