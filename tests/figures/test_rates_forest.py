"""Rates of kinds of change against all together."""

from __future__ import annotations

import pandas as pd
import pytest
from toy_figures import rates

from aftershock import figures


def test_rates_forest_orders_and_refers_to_all():
    """7 incidents on 1,050 changes: 6.67; kinds without changes are not drawn; a span above ten is logarithmic."""
    fig = figures.rates_forest(rates())
    dots = fig.data[1]
    assert list(dots.x) == [100, 2] and fig.layout.xaxis.type == "log"
    assert [t.x[0] for t in fig.data[2:]] == pytest.approx([7000 / 1050, 3.0], abs=1e-3)
    assert fig.layout.meta["alt"].startswith("Highest: config with 100 incidents per 1,000 changes")
    assert fig.layout.meta["alt"].endswith("The whole interval lies above what chance alone would link for 1 of 2.")


def test_the_level_of_chance_is_that_of_each_row_and_left_out_where_it_is_not_known():
    """Rows are config, deploy: 3 and 1.5 by chance; deploy's interval begins at 1, config's at 50."""
    chance = figures.rates_forest(rates()).data[3]
    assert [x for x in chance.x if x is not None] == [3.0, 3.0, 1.5, 1.5] and chance.line.dash == "dot"
    ((solid, dotted),) = figures.rates_forest(rates()).layout.meta["head"]["lines"]
    assert (solid[1], dotted[1]) == ("│", "┊")
    without = figures.rates_forest(rates().drop(columns=["chance_per_1000"]))
    assert len(without.data) == 3 and "hance" not in without.layout.meta["alt"]


def test_rates_forest_with_zeros_stays_linear_or_at_the_edge():
    fig = figures.rates_forest(rates().iloc[:2].assign(per_1000=[0.0, 4.0], per_1000_low=[0.0, 1.0]))
    assert fig.layout.xaxis.type == "linear" and list(fig.data[1].x) == [4, 0]


def test_all_together_lies_among_the_rates_that_are_drawn():
    """Rates hold the priors: where the log shows no incident, all of them lie above what was counted, and none stands out."""
    table = rates().assign(set_off=0.0, per_1000=[7.1, 6.4, 4.5][: len(rates())] + [5.0] * max(len(rates()) - 3, 0))
    table = table.assign(per_1000_low=table["per_1000"] * 0.2, per_1000_high=table["per_1000"] * 5)
    assert figures.rates_forest(table).layout.meta["finding"].startswith("No kind stands out beyond its interval")


def test_the_finding_names_what_lies_above_and_below_with_its_whole_interval():
    """A group of few changes may lie below by its prior alone: only where the log itself shows so few is it named."""
    table = pd.DataFrame(
        {
            "kind": ["config", "deploy", "feature_flag", "policy"],
            "changes": [1000, 3000, 1000, 20],
            "set_off": [30.0, 18.0, 0.5, 0.0],
            "per_1000": [30.0, 6.0, 1.2, 4.0],
            "per_1000_low": [21.0, 4.0, 0.3, 0.1],
            "per_1000_high": [40.0, 10.5, 4.0, 6.0],
        }
    )
    finding = figures.rates_forest(table).layout.meta["finding"]
    assert finding == (
        "Config changes (30) set off more, feature flag changes (1.2) set off less than average: all changes together set off 9.7 per 1,000"
    )
    some = figures.rates_forest(table.iloc[1:]).layout.meta["finding"]
    assert "more" not in some and some.startswith("Feature flag changes (1.2) set off less than average")
