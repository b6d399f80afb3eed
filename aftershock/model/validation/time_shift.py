"""Chance, by refitting: the incidents shifted against the changes by whole weeks, and the model fitted to that.

Every incident moves by the same number of weeks, round the observed period, so that hours and weekdays, the incidents' own
order and the change log stay as they are and only the coincidence of the two is broken. Whatever is then linked to a change
is linked by chance.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from aftershock.dataset.dataset import Dataset
from aftershock.model.attribution import Attribution
from aftershock.model.observations import WEEK
from aftershock.model.times import hours
from aftershock.model.validation.outcomes import ACCUSED_FROM
from aftershock.model.validation.resimulate import TIMES, read_again
from aftershock.model.validation.self_check import refitted_answer
from aftershock.schema.tables import NONE

FEWEST_SHIFTS, MOST_SHIFTS, PAIRS = 3, 6, 400_000  # judgements: a range needs three, and a minute is long to wait


class ShiftedLog(BaseModel):
    """One log: ``weeks`` shifted (0: the log as it is), ``share`` of its incidents set off by changes (expected), ``linked``
    incidents whose top suspect has 0.5 or more, of ``incidents`` inside the observed period."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weeks: int
    share: float = Field(ge=0, le=1)
    linked: int = Field(ge=0)
    incidents: int = Field(ge=0)


def weeks_to_shift(found: Attribution) -> list[int]:
    """By how many weeks to shift, evenly chosen: MOST_SHIFTS, fewer where more than PAIRS candidates would be read; none
    where the period is too short for a shift that takes every incident beyond the horizon of its own changes."""
    around = int(found.seen.hours // WEEK)
    away = int(np.ceil(found.seen.grid.horizon / WEEK))
    possible = np.arange(away, around - away + 1)
    most = int(np.clip(PAIRS / max(len(found.seen.pairs), 1), FEWEST_SHIFTS, MOST_SHIFTS))
    chosen = np.unique(np.linspace(0, len(possible) - 1, min(most, len(possible))).astype(int))
    return possible[chosen].tolist() if len(possible) else []


def shifted_logs(found: Attribution) -> list[ShiftedLog]:
    """The shifted logs, each fitted anew and blind; empty where :func:`weeks_to_shift` is, or there is no incident."""
    if not found.dataset.overlapping or not found.seen.used.any():
        return []
    return [_refitted(found, weeks) for weeks in weeks_to_shift(found)]


def unshifted(found: Attribution) -> ShiftedLog:
    """The same numbers of the log as it is, from the fit at hand."""
    table = found.suspects()[["incident_id", "change_id", "probability"]]
    ids = found.shown.incidents["incident_id"][found.seen.used]
    return _count(table[table["incident_id"].isin(ids)], 0, len(ids))


def _refitted(found: Attribution, weeks: int) -> ShiftedLog:
    dataset = shift_incidents(found.reading.dataset, weeks)
    answer = refitted_answer(read_again(found, dataset))
    return _count(answer, weeks, len(dataset.incidents))


def _count(answer: pd.DataFrame, weeks: int, incidents: int) -> ShiftedLog:
    changes = answer[answer["change_id"] != NONE]
    best = changes.groupby("incident_id")["probability"].max()
    share = min(float(changes["probability"].sum()) / max(incidents, 1), 1.0)  # a sum may exceed 1 by rounding
    linked = int((best >= ACCUSED_FROM).sum())
    return ShiftedLog(weeks=weeks, share=share, linked=linked, incidents=incidents)


def shift_incidents(dataset: Dataset, weeks: int) -> Dataset:
    """The incidents of the observed period shifted by whole weeks round it; those of the last days, less than a week, move
    into it."""
    start, end = dataset.observed
    table = dataset.actual_incidents
    table = table[(table["started_at"] >= start) & (table["started_at"] < end)].reset_index(drop=True)
    around = ((end - start) // pd.Timedelta(weeks=1)) * WEEK
    into = hours(table["started_at"]) - start.timestamp() / 3600
    by = pd.to_timedelta(np.round((into + WEEK * weeks) % around - into), unit="h")
    times = {c: table[c] + by for c in TIMES}
    return replace(dataset, incidents=table.assign(**times), verdicts=dataset.verdicts.iloc[:0])
