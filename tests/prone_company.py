"""A simulated company whose changes fail often, and its incidents with the changes that set them off."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from aftershock.simulation import DEFAULT_KINDS, Fleet, Simulated

SEEDS = (11, 12, 13)
PRONE = tuple(replace(plan, failure_probability=5 * plan.failure_probability) for plan in DEFAULT_KINDS)
BIG = Fleet(changes=5_000, kinds=PRONE, background_incidents=300, duplicates=0, imprecise=0.0)


def joined(simulated: Simulated) -> pd.DataFrame:
    """Incidents set off by a logged change, with that change's columns (suffix _c)."""
    told = simulated.truth[simulated.truth["cause"].eq("change_in_log")]
    told = told.assign(change_id=told["change_ids"].str[0])
    table = told.merge(simulated.incidents, on="incident_id", validate="one_to_one")
    return table.merge(simulated.changes.add_suffix("_c"), left_on="change_id", right_on="change_id_c")
