"""How many incidents there were, and whether that is more than noise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.model.candidates import eligible
from aftershock.model.intervals import binomial_interval, poisson_interval
from aftershock.output.phrases import plural

LIMIT_TAIL = 0.00135
"""Each tail outside the control limits: what three standard deviations leave in a normal distribution (Shewhart)."""


def incidents_of(dataset: object, month: str | None = None) -> pd.DataFrame:
    """The incidents counted for ``month`` ("YYYY-MM" in the dataset's zone; None: all), duplicates folded into their
    original.

    A start that is imprecise belongs to the month of the middle of what it can be.
    """
    table = dataset.incidents
    table = table[table["duplicate_of"].fillna("") == ""]
    return table if month is None else table[month_of(table, dataset.timezone) == month]


def counted_changes(dataset: object) -> pd.DataFrame:
    """The changes that rates are per: those that can be suspects (environment, status) and lie in the observed period."""
    changes = dataset.changes
    inside = (changes["started_at"] >= dataset.observed[0]) & (changes["started_at"] < dataset.observed[1])
    return changes[inside & eligible(changes, dataset.settings.attribution.environments)]


def month_of(table: pd.DataFrame, zone: str) -> pd.Series:
    """ "YYYY-MM" of each row's start in ``zone``."""
    middle = table["started_at"] + (table["started_at_before"] - table["started_at"]) / 2
    return middle.dt.tz_convert(zone).dt.strftime("%Y-%m")


def days_observed(dataset: object, month: str) -> tuple[float, float]:
    """Days of ``month`` that the logs cover, and days that it has; clock changes make neither a whole number."""
    start = pd.Timestamp(f"{month}-01", tz=dataset.timezone)
    end = start + pd.offsets.MonthBegin(1)
    seen = min(end, dataset.observed[1]) - max(start, dataset.observed[0])
    day = pd.Timedelta("1D")
    return max(seen / day, 0.0), (end - start) / day


def month_counts(dataset: object) -> pd.DataFrame:
    """Incidents per month with the exact 90 % interval and control limits for the days that the logs cover.

    Columns: ``month``; ``incidents`` (duplicates folded); ``low, high`` (exact Poisson interval of the mean, Garwood
    1936); ``days`` observed; ``partial`` (less of the month is covered than an hour short of all); ``expected`` at the
    overall rate; ``limit_low, limit_high`` (exact Poisson quantiles 0.135 % and 99.865 % of ``expected``). Limits
    assume independent incidents; clustered ones exceed them more often than 0.3 % of months.
    """
    from scipy.special import gammaincc

    found = month_of(incidents_of(dataset), dataset.timezone).value_counts()
    months = list(dataset.months)
    counts = np.array([int(found.get(m, 0)) for m in months], dtype=int)
    spans = [days_observed(dataset, m) for m in months]
    days = np.array([seen for seen, _ in spans])
    rate = counts.sum() / days.sum() if days.sum() else 0.0

    def quantile(mean: float, p: float) -> int:
        k = np.arange(int(mean + 12 * math.sqrt(mean + 1)) + 12)
        return int(k[np.searchsorted(gammaincc(k + 1, mean), p)])  # P(N <= k) is the upper incomplete gamma ratio

    expected = rate * days
    intervals = [poisson_interval(int(c)) for c in counts]
    return pd.DataFrame(
        {
            "month": months,
            "incidents": counts,
            "low": [low for low, _ in intervals],
            "high": [high for _, high in intervals],
            "days": days,
            "partial": [seen < whole - 1 / 24 for seen, whole in spans],
            "expected": expected,
            "limit_low": [quantile(e, LIMIT_TAIL) for e in expected],
            "limit_high": [quantile(e, 1 - LIMIT_TAIL) for e in expected],
        }
    )


@dataclass(frozen=True)
class Comparison:
    """Two months' rates: ``ratio`` of this to last (inf when last had none, NaN when neither had any), 90 % interval,
    in words."""

    this: int
    last: int
    ratio: float
    low: float
    high: float
    p_value: float
    verdict: str
    sentence: str


def compare_months(this: int, last: int, days: tuple[float, float] = (1.0, 1.0)) -> Comparison:
    """Whether ``this`` month's count differs from ``last``'s by more than noise, per day observed (``days`` of this
    and last).

    Given the sum of two Poisson counts, one of them is binomial (Przyborowski & Wilenski 1940, Biometrika 31:313); its
    exact interval gives that of the ratio. The verdict is "more than noise" when the 90 % interval of the ratio leaves
    1 out, else "within noise"; "nothing to compare" without incidents or days. "Within noise" never means "the same".
    """
    total = this + last
    if total == 0 or min(days) <= 0:
        sentence = f"{plural(this, 'incident')} against {last} the month before: nothing to compare."
        return Comparison(this, last, math.nan, 0.0, math.inf, 1.0, "nothing to compare", sentence)
    exposure = days[1] / days[0]
    share_low, share_high = binomial_interval(this, total)
    low = exposure * share_low / (1 - share_low)
    high = exposure * share_high / (1 - share_high) if share_high < 1 else math.inf
    ratio = exposure * this / last if last else math.inf
    p = _binomial_p(this, total, days[0] / (days[0] + days[1]))
    verdict = "within noise" if low <= 1 <= high else "more than noise"
    upper = "no upper bound" if math.isinf(high) else f"{high:.2f}"
    times = "no ratio, as the month before had none" if math.isinf(ratio) else f"{ratio:.2f} times the daily rate"
    counts = f"{plural(this, 'incident')} against {last} the month before"
    sentence = f"{counts}: {times} (90 % interval {low:.2f} to {upper}), {verdict}."
    return Comparison(this, last, ratio, low, high, p, verdict, sentence)


def _binomial_p(successes: int, trials: int, share: float) -> float:
    """Twice the smaller exact tail, at most 1: the test that belongs to the Clopper–Pearson interval."""
    from scipy.special import bdtr, bdtrc

    below = float(bdtr(successes, trials, share))
    above = float(bdtrc(successes - 1, trials, share)) if successes else 1.0
    return min(1.0, 2 * min(below, above))


def by_group(dataset: object, month: str, column: str) -> pd.DataFrame:
    """The month's incidents by ``severity`` or ``services``, with exact intervals and what is usual.

    Columns: ``group`` ("not given" when empty), ``incidents``, ``low, high`` (exact Poisson 90 %), ``usual`` (the
    group's mean over the other observed months, for as many days). An incident on two services counts with both, so
    services add up to more than the month. Severities come worst first, services by number.
    """
    table = incidents_of(dataset)
    values = (
        table[column]
        .astype(object)
        .map(lambda v: (list(v) or [""]) if isinstance(v, list | tuple) else [v if isinstance(v, str) else ""])
    )
    pairs = pd.DataFrame({"group": values, "month": month_of(table, dataset.timezone)}).explode(
        "group", ignore_index=True
    )
    pairs["group"] = pairs["group"].replace("", "not given")
    here = pairs.loc[pairs["month"] == month, "group"].value_counts()
    covered = {m: days_observed(dataset, m)[0] for m in dataset.months}
    other_days = sum(d for m, d in covered.items() if m != month)
    others = pairs.loc[(pairs["month"] != month) & pairs["month"].isin(list(covered)), "group"].value_counts()
    scale = covered.get(month, 0.0) / other_days if other_days else math.nan
    rows = []
    for group in sorted(set(here.index) | (set(others.index) if column == "severity" else set())):
        count = int(here.get(group, 0))
        low, high = poisson_interval(count)
        rows.append(
            {"group": group, "incidents": count, "low": low, "high": high, "usual": float(others.get(group, 0)) * scale}
        )
    frame = pd.DataFrame(rows, columns=["group", "incidents", "low", "high", "usual"])
    order = {s: i for i, s in enumerate(dataset.severities)} if column == "severity" else {}
    frame["order"] = [order.get(g, len(order)) for g in frame["group"]]
    return frame.sort_values(["order", "incidents", "group"], ascending=[True, False, True], ignore_index=True).drop(
        columns="order"
    )


@dataclass(frozen=True)
class Detectable:
    """Smallest change of a monthly rate that a comparison of two months would notice; None where none is large
    enough."""

    incidents: int
    increase: float | None
    decrease: float | None
    sentence: str


def detectable_change(n: int, *, power: float = 0.8) -> Detectable:
    """Smallest rate ratio that :func:`compare_months` would call "more than noise" with 80 % probability after a month
    of ``n``.

    Exact power of the conditional test between Poisson counts with means ``n`` and ``n`` × ratio (Gu, Ng, Tang &
    Schucany 2008, Biometrical Journal 50:283): the test's critical values for every sum of the two counts, weighted by
    that sum's Poisson probability.
    """
    increase = _search(n, power, upward=True) if n > 0 else None
    decrease = _search(n, power, upward=False) if n > 0 else None
    if increase is None:
        sentence = "A month without incidents leaves nothing to compare the next one with."
    else:
        fall = f"or a fall to {decrease:.2f} times it" if decrease is not None else "while no fall is large enough"
        sentence = (
            f"After a month of {n} a comparison with the next one notices, four times out of five, a rise to "
            f"{increase:.1f} times the rate, {fall}; anything smaller passes for noise."
        )
    return Detectable(n, increase, decrease, sentence)


def _search(n: int, power: float, *, upward: bool) -> float | None:
    """Bisection on the logarithm of the ratio; power grows with the distance from 1."""
    near, far = 0.0, math.log(200.0 if upward else 1e-6)
    if _power(n, math.exp(far)) < power:
        return None
    for _ in range(40):
        middle = (near + far) / 2
        near, far = (near, middle) if _power(n, math.exp(middle)) >= power else (middle, far)
    return math.exp(far)


def _power(n: int, ratio: float, tail: float = 0.05) -> float:
    """Probability that the exact conditional test leaves 1 out on the right side."""
    from scipy.special import bdtr, bdtrc, gammaln

    mean = n * (1 + ratio)
    spread = 8 * math.sqrt(mean + 1) + 10
    totals = np.arange(max(1, int(mean - spread)), int(mean + spread) + 1)
    weights = np.exp(totals * math.log(mean) - mean - gammaln(totals + 1.0))
    share = ratio / (1 + ratio)
    beyond = _critical(totals, tail)
    # Both tails mirror each other at one half: X is as extreme as k below when it reaches total - k above.
    k = np.maximum(beyond, 0)
    reached = bdtr(k, totals, share) if ratio < 1 else bdtrc(totals - k - 1, totals, share)
    return float(np.sum(np.where(beyond >= 0, weights * reached, 0.0)))


def _critical(totals: np.ndarray, tail: float) -> np.ndarray:
    """Largest k with P(X <= k) <= ``tail`` for X binomial of ``totals`` and one half; -1 where there is none."""
    from scipy.special import bdtr, ndtri

    guess = np.floor(totals / 2 + ndtri(tail) * np.sqrt(totals) / 2).astype(int)
    near = guess[:, None] + np.arange(-4, 5)
    extreme = (near >= 0) & (bdtr(np.maximum(near, 0), totals[:, None], 0.5) <= tail)
    return np.where(extreme, near, -1).max(axis=1)
