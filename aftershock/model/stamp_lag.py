"""Whether a log stamps its changes later than they take effect: at the end of a rollout, or by a clock that is ahead.

Where it does, what a change set off is found a little *before* its stamp. A change after an incident is usually the answer to it,
so it is a candidate only in logs that show such a lag: more changes than the same minutes of other weeks hold fall on the
failed service within minutes after an incident began, too soon for an answer, and they thin out gradually from those before.
"""

from __future__ import annotations

import re
from itertools import chain

import numpy as np
import pandas as pd
from scipy.special import pdtrc

from aftershock.model.times import hours

LEAD_HOURS = 1.5  # how much later than their effect changes may be stamped in such a log: a judgement
WINDOW_HOURS = 5 / 60  # too soon after an incident for an answer to it: a judgement
WEEKS = 12  # moved copies on either side, for what chance alone gives
SURE = 1e-4  # that chance alone gives as many: a log is asked once
LEAST_SHARE = 0.2  # of what there is more than chance gives in as long before the incident
_ANSWER = re.compile(
    r"\b(?:fix|hotfix|revert|roll(?:ed|ing)?[ -]?back|mitigat\w*|restor\w*|disabl\w*|emergency)\b", re.IGNORECASE
)


def lead_hours(changes: pd.DataFrame, eligible: np.ndarray, incidents: pd.DataFrame) -> float:
    """How many hours after an incident a change may be stamped and yet have set it off: 0 where the log shows no such lag.

    ``eligible`` (changes,): whether each can set off anything. Only exact times and services that both logs name count.
    """
    answers = changes["title"].str.contains(_ANSWER).to_numpy(dtype=bool) | changes["emergency"].fillna(False).to_numpy(
        dtype=bool
    )
    at = _times_by_service(changes, eligible & ~answers)
    starts = _times_by_service(incidents, np.ones(len(incidents), dtype=bool), first_only=True)
    after = before = chance_after = chance_before = 0.0
    week = 168.0
    shifts = np.array([w * week for w in range(-WEEKS, WEEKS + 1) if w])
    for service in at.keys() & starts.keys():
        t, c = starts[service], at[service]
        after += _within(c, t, 0.0, WINDOW_HOURS)
        before += _within(c, t, -WINDOW_HOURS, 0.0)
        moved = np.add.outer(shifts, t)
        chance_after += _within(c, moved, 0.0, WINDOW_HOURS) / len(shifts)
        chance_before += _within(c, moved, -WINDOW_HOURS, 0.0) / len(shifts)
    more_after, more_before = after - chance_after, before - chance_before
    # half an observation more, for what few copies saw none of
    surprising = after > 0 and pdtrc(after - 1, chance_after + 0.5 / len(shifts)) < SURE
    return LEAD_HOURS if surprising and more_after >= LEAST_SHARE * max(more_before, 0.0) else 0.0


def _within(changes: np.ndarray, starts: np.ndarray, low: float, high: float) -> float:
    """How many (start, change) have the change in (start + low, start + high]."""
    return float(
        (np.searchsorted(changes, starts + high, "right") - np.searchsorted(changes, starts + low, "right")).sum()
    )


def _times_by_service(table: pd.DataFrame, which: np.ndarray, first_only: bool = False) -> dict[str, np.ndarray]:
    """Exact starts of rows per service, hours since 1970, sorted."""
    start, last = hours(table["started_at"]), hours(table["started_at_before"])
    rows = np.flatnonzero(which & (last - start < 1 / 60))
    rows = rows[np.argsort(start[rows], kind="stable")]
    services = table["services"].tolist()
    lists = [services[row][:1] if first_only else services[row] for row in rows.tolist()]
    at = np.repeat(start[rows], [len(names) for names in lists])
    codes, names = pd.factorize(np.array(list(chain.from_iterable(lists)), dtype=object))
    parts = np.split(at[np.argsort(codes, kind="stable")], np.cumsum(np.bincount(codes, minlength=len(names)))[:-1])
    return dict(zip(names, parts, strict=True)) if len(names) else {}
