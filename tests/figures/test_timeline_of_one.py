"""The time before one incident."""

from __future__ import annotations

import pandas as pd
from toy_figures import log_of, ranking, words

from aftershock import figures
from aftershock.figures import theme


def test_timeline_of_one_reaches_to_the_suspicion_and_says_what_is_earlier():
    """The suspicion ends at the vague change, three hours before; the change of two days ago is not drawn."""
    table, before = log_of()
    suspicion = ranking()[lambda t: t["change_id"] != "far"]
    fig = figures.timeline(table, before, zone="UTC", incident="inc-1", suspects=suspicion)
    start = pd.Timestamp(fig.layout.xaxis.range[0])
    assert start == pd.Timestamp("2025-01-10 08:15")
    assert "1 earlier change within 72 h before it" in fig.layout.meta["alt"]
    assert "60 %" in " ".join(words(fig))
    span = next(t for t in fig.data if t.mode == "lines" and t.line.color == theme.tint(theme.KINDS["config"][0], 0.6))
    assert list(span.x)[:2] == ["2025-01-10T09:00:00", "2025-01-10T11:00:00"]
