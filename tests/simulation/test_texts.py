"""The words of a simulated company."""

from __future__ import annotations

import pandas as pd


def test_titles_are_varied_and_in_one_piece(default):
    assert default.changes["title"].nunique() > 0.7 * len(default.changes)
    everything = pd.concat([default.changes["title"], default.incidents["title"], default.incidents["description"]])
    assert not everything.str.contains(r"[{}]|  |None|nan\b", regex=True).any()
    assert everything.str.len().between(8, 220).all()
    assert default.changes["author"].str.fullmatch(r"team-[a-z]+-\d|update-bot").all()
