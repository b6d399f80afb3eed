"""What a reader may expect of the answers on one dataset: the self-check and chance, as numbers and in one line.

>>> expected_accuracy(attribute(load("demo"))).right          # doctest: +SKIP
RightShare(given=0.8, share=0.81, low=0.77, high=0.84)
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from aftershock.model.attribution import Attribution
from aftershock.model.validation import cache
from aftershock.model.validation.calibration import reliability_table
from aftershock.model.validation.known_causes import IN_LOG
from aftershock.model.validation.scores import score_values
from aftershock.model.validation.self_check import self_check
from aftershock.model.validation.time_shift import ShiftedLog, shifted_logs, unshifted
from aftershock.output.phrases import among, percent, percent_range, plural

GIVEN = 0.8  # the probability that the line is about: high enough to act on, low enough to be given now and then
RESAMPLES, SEED = 400, 20230306  # enough for ends that are shown as whole percents
ENDS = (0.05, 0.95)  # 90 %, as in every report
NEAR = 0.15  # below GIVEN; suspects given at least GIVEN - NEAR bear on what one given GIVEN is worth
FEWEST_NEAR = 20  # such suspects in the resimulated logs, below which nothing is said; a judgement
LARGE = 500_000  # candidates and changes together, beyond which a report does not wait: the self-check takes minutes

MEASURES = ("top_1", "top_3", "top_5", "accused", "auc")

Share = Field(ge=0, le=1)


class _Numbers(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExpectedMeasure(_Numbers):
    """A measure of the resimulated logs (a row of :func:`scores`) with its 90 % interval (bootstrap over those logs)."""

    measure: str
    value: float
    low: float
    high: float


class ReliabilityBin(_Numbers):
    """A row of the reliability table of the resimulated logs (:func:`reliability_table`), ends holding 95 %."""

    start: float = Share
    end: float = Share
    incidents: int = Field(ge=0)
    said: float = Share
    share: float = Share
    low: float = Share
    high: float = Share
    expected_low: float = Share
    expected_high: float = Share


class RightShare(_Numbers):
    """How often a top suspect with probability ``given`` was the culprit: ``share`` with its 90 % interval."""

    given: float = Share
    share: float = Share
    low: float = Share
    high: float = Share


class ExpectedAccuracy(_Numbers):
    """``incidents`` inside the observed period, ``linked`` of them with a top suspect of 0.5 or more. Of ``logs`` resimulated logs
    with ``drawn`` incidents: ``near``, how many suspects were given about 0.8 or more; ``right`` (None: hardly any);
    ``expected`` measures; ``reached``, the reliability table; ``ranks``, how many culprits had rank 1, 2, … 10, and beyond.
    ``chance``: the shifted logs."""

    incidents: int = Field(ge=0)
    linked: int = Field(ge=0)
    logs: int = Field(ge=0)
    drawn: int = Field(ge=0)
    near: int = Field(ge=0)
    right: RightShare | None
    expected: list[ExpectedMeasure]
    reached: list[ReliabilityBin]
    ranks: list[int]
    chance: list[ShiftedLog]

    @property
    def linked_by_chance(self) -> tuple[float, int, int] | None:
        """(mean, least, most) incidents linked to a change in the shifted logs; None without any."""
        counts = [m.linked for m in self.chance]
        return (float(np.mean(counts)), min(counts), max(counts)) if counts else None

    @property
    def share_by_chance(self) -> tuple[float, float, float] | None:
        """(mean, least, most) share of incidents set off by changes in the shifted logs; None without any."""
        shares = [m.share for m in self.chance]
        return (float(np.mean(shares)), min(shares), max(shares)) if shares else None


def expected_accuracy(found: Attribution, *, wait: bool = True) -> ExpectedAccuracy | None:
    """The expected accuracy of one fit, from the cache where it was computed before; the same input gives the same numbers.

    ``wait=False``: None for a large log for which it has not been computed yet, since that takes minutes.
    """
    large = found.seen.unlisted is not None or len(found.seen.pairs) + len(found.dataset.changes) > LARGE
    return cache.kept(found, ExpectedAccuracy, lambda: work_out(found), compute=wait or not large)


def work_out(found: Attribution) -> ExpectedAccuracy:
    """The same, computed: the self-check and the shifted logs, seconds to minutes."""
    drawn = self_check(found)
    as_is = unshifted(found)
    suspects = drawn[drawn["top_probability"].notna()]
    near = int((suspects["top_probability"] >= GIVEN - NEAR).sum())
    return ExpectedAccuracy(
        incidents=as_is.incidents,
        linked=as_is.linked,
        logs=int(drawn["log"].nunique()),
        drawn=len(drawn),
        near=near,
        right=right_at(suspects, GIVEN) if near >= FEWEST_NEAR else None,
        expected=_expected(drawn),
        reached=_reached(suspects),
        ranks=_ranks(drawn),
        chance=shifted_logs(found),
    )


def _expected(drawn: pd.DataFrame) -> list[ExpectedMeasure]:
    """Measures over all resimulated logs, each weighted by the incidents it measures; interval by bootstrap over logs."""
    if not len(drawn):
        return []
    by_log = [(score_values(part), part) for _, part in drawn.groupby("log")]
    expected = [_resampled(m, np.array([(values[m], _weight(m, part)) for values, part in by_log])) for m in MEASURES]
    return [e for e in expected if e is not None]


def _weight(measure: str, part: pd.DataFrame) -> float:
    caused, innocent = (float(part["cause"].eq(c).sum()) for c in (IN_LOG, "no_change"))
    return {"auc": caused * innocent, "accused": innocent}.get(measure, caused)


def _resampled(measure: str, parts: np.ndarray) -> ExpectedMeasure | None:
    """``parts``: value and weight of each log, (logs, 2)."""
    values, weights = np.nan_to_num(parts[:, 0]), parts[:, 1]
    if not weights.sum():
        return None
    rows = np.random.default_rng(SEED).integers(0, len(parts), size=(RESAMPLES, len(parts)))
    total = weights[rows].sum(axis=1)
    means = (values * weights)[rows].sum(axis=1)[total > 0] / total[total > 0]
    low, high = (float(q) for q in np.quantile(means, ENDS))
    value = float(values @ weights / weights.sum())
    return ExpectedMeasure(measure=measure, value=value, low=low, high=high)


def _reached(suspects: pd.DataFrame) -> list[ReliabilityBin]:
    table = reliability_table(
        suspects["top_probability"].to_numpy(dtype=float), suspects["top_right"].to_numpy(dtype=float)
    )
    rows = table.rename(columns={"from": "start", "to": "end"}).drop(columns="right")
    return [ReliabilityBin(**row) for row in rows.to_dict("records")]


def _ranks(drawn: pd.DataFrame) -> list[int]:
    ranks = drawn["rank"].dropna().to_numpy(dtype=float)
    return [int((np.round(ranks) == k).sum()) for k in range(1, 11)] + [int((np.round(ranks) > 10).sum())]


def right_at(suspects: pd.DataFrame, given: float) -> RightShare:
    """How often a top suspect given this probability was right: logistic recalibration (Cox 1958) of all top suspects, read at
    ``given``; interval by bootstrap over the resimulated logs."""
    x = _logit(suspects["top_probability"].to_numpy(dtype=float))
    y = suspects["top_right"].to_numpy(dtype=float)
    log = suspects["log"].to_numpy(dtype=np.int64)
    logs = np.unique(log, return_inverse=True)[1]
    at = _logit(np.array([given]))[0]
    rng = np.random.default_rng(SEED)
    drawn = [
        _read(x, y, np.bincount(rng.integers(0, logs.max() + 1, logs.max() + 1), minlength=logs.max() + 1)[logs], at)
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(drawn, ENDS)
    return RightShare(given=given, share=_read(x, y, np.ones(len(x)), at), low=float(low), high=float(high))


def _logit(p: np.ndarray) -> np.ndarray:
    p = np.clip(p, 1e-3, 1 - 1e-3)
    return np.log(p / (1 - p))


def _read(x: np.ndarray, y: np.ndarray, weight: np.ndarray, at: float) -> float:
    """Value at ``at`` of the weighted logistic regression of ``y`` on ``x``, by Newton's method; a slight pull towards "as said"
    keeps it finite when the two classes can be separated."""
    beta, anchor = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    design = np.column_stack([np.ones(len(x)), x])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        slope = design.T @ (weight * (y - p)) - (beta - anchor)
        step = np.linalg.solve((design * (weight * p * (1 - p))[:, None]).T @ design + np.eye(2), slope)
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    return float(1 / (1 + np.exp(-(beta @ [1.0, at]))))


def accuracy_sentence(found: Attribution, expected: ExpectedAccuracy | None) -> str:
    """How often a suspect given 80 % is right on logs like these, and how many incidents chance alone would link; why not,
    where that cannot be told."""
    if expected is None:
        return (
            "What a suspect given 80 % is worth on logs of this size takes minutes to work out; aftershock report check "
            "does, and the reports made after it say so here."
        )
    if not expected.drawn:
        return f"What a suspect given {percent(GIVEN)} is worth is not known: {_why_not(found)}."
    return f"{_right(expected)}. {_chance(found, expected)}."


def _why_not(found: Attribution) -> str:
    if not found.dataset.overlapping:
        return "the two logs share no time"
    if not found.seen.used.any():
        return "no incident lies in the period that both logs cover"
    return "no change lies in the period that both logs cover"


def _right(expected: ExpectedAccuracy) -> str:
    if expected.right is None:
        return f"On logs like these hardly any suspect is given {percent(GIVEN)} or more"
    share = percent_range(expected.right.low, expected.right.high)
    return f"On logs like these, and if the model holds, a suspect given {percent(GIVEN)} is right {share} of the time"


def _chance(found: Attribution, expected: ExpectedAccuracy) -> str:
    """In how many incidents a change is more probable than not, and in how many by chance alone: the whole log moved, and
    fitted anew, so fewer than the chance levels of single incidents add up to."""
    said = f"A change has 50 % or more in {among(expected.linked, expected.incidents, 'incident')}"
    if expected.linked_by_chance is None:
        days = plural(max(round(found.seen.hours / 24), 1), "day")
        return f"{said}; in how many by chance alone is not known from {days}"
    mean, least, most = expected.linked_by_chance
    many = "none" if most == 0 else "fewer than 1" if round(mean) == 0 else f"{mean:.0f}"
    spread = f" ({least} to {most} in {len(expected.chance)} trials)" if least != most else ""
    return f"{said}; with the logs moved against each other and the model fitted anew, in {many}{spread}"
