"""Whether a log stamps its changes later than they take effect: at the end of a rollout, or by a clock that is ahead.

Where it does, what a change set off is found a little *before* its stamp. A change after an incident is usually the answer to it,
so it is a candidate only in logs that show such a lag: the changes on the failed service in the hour after an incident, more than
the same minutes of other weeks hold, are most from the first minute on, while answers take their time.
"""

from __future__ import annotations

import re
from itertools import chain

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter1d
from scipy.special import ndtr

from aftershock.model.times import hours

LEAD_HOURS = 1.5  # how much later than their effect changes may be stamped in such a log: a judgement
BINS = 90  # of that time
LAG_HOURS = (3 / 60, 10 / 60, 30 / 60)  # means of the exponentials by which such changes thin out after an incident
ANSWER_HOURS = (1 / 3, 2 / 3, 4 / 3)  # medians of the log-normals of answers after an incident: a judgement
ANSWER_SIGMA = 0.8  # their standard deviation, in natural logarithms: a judgement
WEEKS = 12  # moved copies on either side, for what chance alone gives
GAIN = 4.0  # natural logarithm of how much better a lag must explain them: chance gives that in one log of a hundred
MOST_INCIDENTS = 2000  # evenly chosen: as many tell what a log's stamps are
MOST_OTHERS = 100  # of a service's other changes, for what follows a change
SMOOTHING = 4.0  # bins, of what chance gives
STEPS = 60  # of expectation–maximisation, for how many come of each
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
    at, told = (_times_by_service(changes, eligible & which) for which in (~answers, answers))
    asked = np.arange(len(incidents)) % (len(incidents) // MOST_INCIDENTS + 1) == 0
    starts = _times_by_service(incidents, asked, first_only=True)
    if not at.keys() & starts.keys():
        return 0.0
    logged = min(times[0] for times in at.values()), max(times[-1] for times in at.values())
    answered, found = 0, np.zeros(BINS)
    by_chance = np.full(BINS, 1 / BINS / (2 * WEEKS))  # one change more, for what few copies saw none of
    for service in at.keys() & starts.keys():
        began = _first_of_each(starts[service])
        chance = _chance(at[service], began, *logged)
        known = ~np.isnan(chance[:, 0])
        answered += int(_after(told.get(service, np.empty(0)), began[known]).sum())
        found += _after(at[service], began[known]).sum(axis=0)
        by_chance += chance[known].sum(axis=0)
    smooth = gaussian_filter1d(by_chance, SMOOTHING, mode="nearest")
    return LEAD_HOURS if lag_gain(found, smooth, answered) > GAIN else 0.0


def lag_gain(found: np.ndarray, by_chance: np.ndarray, answered: int) -> float:
    """How much better a lag explains the changes after incidents than chance and answers do: the difference of the greatest
    log likelihoods of Poisson counts, and of how many answers have a title that tells of one.

    ``found`` and ``by_chance`` (BINS,): changes by time after an incident that no title calls its answer; ``answered``: those that
    one does. What share of all answers that is, nothing tells beforehand, so each number of them is as likely as another: many
    answers without one such title are less credible than none.
    """
    ends = np.linspace(0, LEAD_HOURS, BINS + 1)
    lags = [-np.expm1(-ends / mean) for mean in LAG_HOURS]
    with np.errstate(divide="ignore"):
        answers = [ndtr((np.log(ends) - np.log(median)) / ANSWER_SIGMA) for median in ANSWER_HOURS]
    nothing = np.zeros(BINS + 1)
    without = np.array([[nothing, answer] for answer in (nothing, *answers)])
    with_lag = np.array([[lag, answer] for lag in lags for answer in (nothing, *answers)])
    return float(_best(found, by_chance, answered, with_lag) - _best(found, by_chance, answered, without))


def _best(found: np.ndarray, by_chance: np.ndarray, answered: int, cumulative: np.ndarray) -> float:
    """The greatest log likelihood over models that each add a lag and answers, (models, 2, BINS + 1) cumulated, to chance; how
    many come of each by expectation–maximisation."""
    parts = np.diff(cumulative, axis=2)
    parts /= np.maximum(parts.sum(axis=2, keepdims=True), 1e-300)
    size = np.full(parts.shape[:2], max(found.sum() / 3, 0.5)) * parts.any(axis=2)
    for _ in range(STEPS):
        expected = by_chance + np.einsum("mp,mpb->mb", size, parts)
        size *= np.einsum("mpb,mb->mp", parts, found / expected)
    expected = by_chance + np.einsum("mp,mpb->mb", size, parts)
    likelihood: np.ndarray = (found * np.log(expected) - expected).sum(axis=1) - np.log(answered + size[:, 1] + 1)
    return float(likelihood.max())


def _first_of_each(starts: np.ndarray) -> np.ndarray:
    """Of starts so close that the same changes follow them, as alerts of one outage are, the first."""
    kept = [-np.inf]
    for start in starts.tolist():
        if start > kept[-1] + LEAD_HOURS:
            kept.append(start)
    return np.array(kept[1:])


def _chance(changes: np.ndarray, starts: np.ndarray, first: float, last: float) -> np.ndarray:
    """Changes after copies of each start, on average, (starts, BINS); NaN where no copy lies in the log.

    Changes come in runs, so a start that followed a change is copied to as long after others of the service's changes; the
    other starts are moved by whole weeks.
    """
    moved = np.add.outer(168.0 * np.array([w for w in range(-WEEKS, WEEKS + 1) if w]), starts)
    chance = _usual(changes, moved, first, last)
    latest = np.searchsorted(changes, starts, "right") - 1
    since = starts - changes[np.maximum(latest, 0)]
    for n in np.flatnonzero((latest >= 0) & (since <= LEAD_HOURS)):
        others = np.delete(changes, latest[n])
        others = others[:: len(others) // MOST_OTHERS + 1] + since[n]
        [run] = _usual(changes, others[:, None], first, last)
        if not run.sum() < chance[n].sum():  # also where one of them is not known
            chance[n] = np.where(np.isnan(run), chance[n], run)
    return chance


def _usual(changes: np.ndarray, copies: np.ndarray, first: float, last: float) -> np.ndarray:
    """The mean of the changes after those ``copies`` (copies, starts) that lie in the log, (starts, BINS); NaN where none does."""
    inside = (copies >= first) & (copies + LEAD_HOURS <= last)
    there = inside.sum(axis=0)[:, None]
    counts = (_after(changes, copies) * inside[..., None]).sum(axis=0)
    return np.where(there > 0, counts / np.maximum(there, 1), np.nan)


def _after(changes: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """How many changes are in each bin after each start, (*starts, BINS)."""
    ends = starts[..., None] + np.linspace(0, LEAD_HOURS, BINS + 1)
    return np.diff(np.searchsorted(changes, ends, "right"))


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
