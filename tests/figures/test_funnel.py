"""The funnel: what is outside the limits, and nothing else, is named."""

from __future__ import annotations

import pytest
from toy_figures import risk, words

from aftershock import figures
from aftershock.figures import theme


def test_funnel_names_what_is_outside_and_nothing_that_hardly_changes():
    fig = figures.funnel(risk())
    meta = fig.layout.meta
    assert meta["finding"] == "Different from the others by more than chance allows: outlier"
    assert [row[0] for row in meta["table"]["rows"] if row[4] != "inside the limits"] == ["outlier"]
    outside = next(t for t in fig.data if t.mode == "markers" and t.marker.color == theme.INCIDENT)
    assert (list(outside.x), list(outside.y), outside.marker.symbol) == ([500], [40], ("diamond",))
    assert "outlier" in words(fig) and "rare" not in words(fig)
    assert meta["alt"].endswith("Outside a limit: outlier (40, outside 99.8 %).")


def test_funnel_of_alike_services_finds_nothing():
    """The rates of all are equal, so that none can be outside; the axis still reaches four times the common rate."""
    fig = figures.funnel(risk().iloc[:10])
    assert fig.layout.meta["finding"] == "No service differs from the others by more than chance allows"
    assert fig.layout.yaxis.range[1] == pytest.approx(44.8)
