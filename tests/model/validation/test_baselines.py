"""Simple rules on a log that can be read by eye."""

from __future__ import annotations

from aftershock import attribute
from aftershock.model.validation.backtest import outcomes_by_rule
from aftershock.model.validation.baselines import OURS, RECENT, SAME_SERVICE, TEXT, WINDOW
from aftershock.model.validation.known_causes import known_causes


def test_every_rule_ranks_the_same_candidates(small):
    by_rule = outcomes_by_rule(attribute(small, blind=True), known_causes(small))
    assert list(by_rule) == [OURS, RECENT, SAME_SERVICE, WINDOW, TEXT]
    ranks = {rule: table["rank"].item() for rule, table in by_rule.items()}
    assert ranks == {
        OURS: ranks[OURS],
        RECENT: 2,  # c2 came later
        SAME_SERVICE: 1,  # and c1 is the last on checkout
        WINDOW: 1.5,  # c1 and c2 in random order; c3 is too old
        TEXT: 1,  # payments
    }
    assert by_rule[WINDOW]["top_1"].item() == 0.5 and by_rule[WINDOW]["top_probability"].item() == 0.5
    assert by_rule[RECENT]["top_probability"].item() == 1
