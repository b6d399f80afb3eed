"""Tests of whether events came independently at one rate (a Poisson process), each with what even rows look like.

Given how many there were, the times of a Poisson process are spread evenly and independently over the period (Cox & Lewis
1966, *The Statistical Analysis of Series of Events*): every p-value here is the probability that such a row looks as uneven as
the one at hand.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.metrics.estimate import Estimate, unknown
from aftershock.model.intervals import LEVEL

SEED = 20230306  # any number: the same log gives the same p-value every time
DRAWS = 19_999  # even rows that a changepoint is compared with; fewer where the row is long
MOST_TIMES = 4_000_000  # drawn times held at once
DAYS_PER_MONTH = 30.44
TESTS = 5
SURE = 0.05  # a smallest p-value below it, times the number of tests (Bonferroni), is more than bad luck
LEAST = 5  # outages below which no test can find much: even five all within a tenth of the period hardly show
COLUMNS = ["test", "value", "low", "high", "unit", "chance_low", "chance_high", "p_value", "n", "definition"]
STAMPED_WITHIN = 0.5  # days: a stamp may say no more than its day, with which the period often begins; a judgement
_TAIL = (1 - LEVEL) / 2


@dataclass(frozen=True)
class PoissonTest:
    """One test of a row: the ``value`` found with its 90 % interval, between what ends 90 % of even rows lie, and the
    probability that an even row is as extreme. NaN: too few outages to say."""

    name: str
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    unit: str = ""
    chance_low: float = math.nan
    chance_high: float = math.nan
    p_value: float = math.nan
    n: int = 0
    definition: str = ""


def poisson_tests(
    times: np.ndarray, length: float, counts: np.ndarray, days: np.ndarray, change: Changepoint | None = None
) -> pd.DataFrame:
    """The five tests, a row each, with the columns of :data:`COLUMNS`. ``times``: days since the beginning of a period of
    ``length`` days; ``counts`` and ``days``: events per month, and how many of its days belong to the period; ``change``: of
    :func:`changepoint` where that is known already."""
    made = [
        dispersion(counts, days),
        trend(times, length),
        (change or changepoint(times, length)).test,
        evenness(times, length),
        longest_gap(times, length),
    ]
    return pd.DataFrame([vars(test) for test in made]).rename(columns={"name": "test"})[COLUMNS]


def dispersion(counts: np.ndarray, days: np.ndarray) -> PoissonTest:
    """Variance of the months' counts over what independent outages would have (1), months weighted by their days.

    Fisher's index of dispersion, Σ(count − expected)²/expected against χ² (Cox & Lewis 1966, ch. 6). Below five expected a
    month the p-value is approximate.
    """
    name, definition = (
        "variance of the monthly counts over their mean",
        "1 where outages come independently at one rate, more where they come in clusters; Fisher's index, χ²",
    )
    counts, days = np.asarray(counts, dtype=float), np.asarray(days, dtype=float)
    counts, days = counts[days > 0], days[days > 0]
    n, freedom = int(counts.sum()), len(counts) - 1
    if n < 2 or freedom < 1:
        return PoissonTest(name, n=n, definition=definition)
    from scipy.special import chdtrc, chdtri

    expected = n * days / days.sum()
    statistic = float(((counts - expected) ** 2 / expected).sum())
    ends = chdtri(freedom, 1 - _TAIL), chdtri(freedom, _TAIL)  # of χ² under evenness
    return PoissonTest(
        name,
        statistic / freedom,
        statistic / ends[1],
        statistic / ends[0],
        "times",
        float(ends[0]) / freedom,
        float(ends[1]) / freedom,
        float(chdtrc(freedom, statistic)),
        n,
        definition,
    )


def trend(days: np.ndarray, length: float) -> PoissonTest:
    """By what the rate is multiplied from month to month if it rises or falls steadily.

    Log-linear rate, conditional on the number of outages; interval by its likelihood ratio, p-value by Laplace's test (Cox &
    Lewis 1966, ch. 3): the mean of the times against the middle of the period.
    """
    name, definition = (
        "rate from month to month",
        "by what a steadily rising or falling rate is multiplied each month; log-linear Poisson rate, Laplace's test",
    )
    n = len(days)
    if n < 2 or length <= 0:
        return PoissonTest(name, n=n, definition=definition)
    from scipy.special import ndtr, ndtri

    mean = float(np.clip(np.mean(days) / length, 1e-9, 1 - 1e-9))
    best, low, high = _log_linear(mean, n)
    months = length / DAYS_PER_MONTH
    spread = float(-ndtri(_TAIL)) * math.sqrt(12 / n) / months  # of the slope under evenness
    return PoissonTest(
        name,
        math.exp(best / months),
        math.exp(low / months),
        math.exp(high / months),
        "times",
        math.exp(-spread),
        math.exp(spread),
        float(2 * ndtr(-abs(mean - 0.5) * math.sqrt(12 * n))),
        n,
        definition,
    )


def _log_linear(mean: float, n: int) -> tuple[float, float, float]:
    """Slope of the log rate over the whole period, and its 90 % likelihood-ratio interval; ``mean``: of the times, 0 to 1."""
    from scipy.optimize import brentq
    from scipy.special import chdtri

    far = 700.0

    def log_norm(slope: float) -> float:
        """Logarithm of (e^slope − 1) / slope."""
        if abs(slope) < 1e-6:
            return slope / 2
        top = slope if slope > 0 else 0.0
        return top + math.log1p(-math.exp(-abs(slope))) - math.log(abs(slope))

    def likelihood(slope: float) -> float:
        return n * (slope * mean - log_norm(slope))

    def gradient(slope: float) -> float:
        return mean - 0.5 if abs(slope) < 1e-6 else mean - (1 / -math.expm1(-slope) - 1 / slope)

    best = brentq(gradient, -far, far) if gradient(-far) > 0 > gradient(far) else math.copysign(far, mean - 0.5)
    drop = float(chdtri(1, 1 - LEVEL)) / 2

    def ends(slope: float) -> float:
        return likelihood(best) - likelihood(slope) - drop

    low = brentq(ends, best - far, best) if ends(best - far) > 0 else -math.inf
    high = brentq(ends, best, best + far) if ends(best + far) > 0 else math.inf
    return best, low, high


@dataclass(frozen=True)
class Changepoint:
    """Where one change of the rate fits best: after the outage number ``after``, ``day`` days into the period (90 % of the
    posterior between ``low`` and ``high``), with the days and outages on both sides. ``ratio``: the rate after it over the rate
    before it, as those days and outages give it, with its interval over all places."""

    after: int
    day: float
    low: float
    high: float
    later: int
    length: float
    ratio: Estimate
    p_value: float
    test: PoissonTest


def changepoint(days: np.ndarray, length: float, *, draws: int = DRAWS) -> Changepoint:
    """One change of the rate, searched after every outage but the last.

    Likelihood ratio over all places (Worsley 1986, Biometrika 73:91), its p-value from ``draws`` even rows of as many outages,
    so the search is paid for. An outage at the very ends of the period would make a rate without bounds: it counts as half a
    day inside, or as a quarter of the mean gap. Intervals of place and ratio: posterior of a Poisson process with one change at
    any moment and Jeffreys' prior of both rates (Raftery & Akman 1986, Biometrika 73:85).
    """
    name, definition = (
        "one change of the rate",
        "the rate after the change over the rate before it; likelihood ratio over all places, p-value from even rows",
    )
    n = len(days)
    if n < 2 or length <= 0:
        nothing, test = unknown(definition, "times"), PoissonTest(name, n=n, definition=definition)
        return Changepoint(n, math.nan, math.nan, math.nan, 0, length, nothing, math.nan, test)
    at = np.sort(np.asarray(days, dtype=float)) / length
    edge = min(STAMPED_WITHIN / length, 1 / (4 * n))
    inside = np.clip(at, edge, 1 - edge)
    ratios = _split_ratios(inside[None, :])[0]
    after = int(np.argmax(ratios)) + 1
    rng = np.random.default_rng(SEED)
    draws = min(draws, max(999, MOST_TIMES // n))
    reached = sum(
        int((_split_ratios(np.sort(rng.random((size, n)), axis=1)).max(axis=1) >= ratios[after - 1] - 1e-9).sum())
        for size in _chunks(draws, max(1, MOST_TIMES // n // 8))
    )
    p_value = (1 + reached) / (draws + 1)
    low, high, (least, most) = _posterior(at, rng)
    counted = float(((n - after) / (1 - inside[after - 1])) / (after / inside[after - 1]))
    ratio = counted, min(least, counted), max(most, counted)
    estimate = Estimate(*ratio, "times", n=n, definition=definition)
    test = PoissonTest(name, *ratio, "times", *_even_ratios(n, rng), p_value, n, definition)
    return Changepoint(
        after, float(at[after - 1]) * length, low * length, high * length, n - after, length, estimate, p_value, test
    )


def _chunks(total: int, size: int) -> list[int]:
    return [min(size, total - start) for start in range(0, total, size)]


def _split_ratios(at: np.ndarray) -> np.ndarray:
    """Twice the log likelihood ratio of a change after each time but the last, (rows, n − 1); ``at``: sorted, 0 to 1."""
    n = at.shape[1]
    before = np.arange(1.0, n)
    after = n - before
    best = before * np.log(before / n) + after * np.log(after / n)
    share = np.clip(at[:, :-1], 1e-12, 1 - 1e-12)
    rest = np.log(1 - share)
    found = np.log(share, out=share)  # in place: rows of a large log are many megabytes
    found *= before
    rest *= after
    found += rest
    np.subtract(best, found, out=found)
    found *= 2
    return found


def _posterior(at: np.ndarray, rng: np.random.Generator) -> tuple[float, float, tuple[float, float]]:
    """5 % and 95 % points of the place, and of the ratio of the rates."""
    from scipy.special import gammaln

    n = len(at)
    place = (np.arange(4000) + 0.5) / 4000
    before = np.searchsorted(at, place, side="right")
    after = n - before
    log_weight = (
        gammaln(before + 0.5) + gammaln(after + 0.5) - (before + 0.5) * np.log(place) - (after + 0.5) * np.log1p(-place)
    )
    weight = np.exp(log_weight - log_weight.max())
    total = np.cumsum(weight) / weight.sum()
    low, high = (float(place[np.searchsorted(total, q)]) for q in (_TAIL, 1 - _TAIL))
    drawn = rng.choice(len(place), size=4000, p=weight / weight.sum())
    rates = [
        rng.gamma(count[drawn] + 0.5) / span for count, span in ((before, place[drawn]), (after, 1 - place[drawn]))
    ]
    least, most = (float(q) for q in np.quantile(rates[1] / rates[0], [_TAIL, 1 - _TAIL]))
    return low, high, (least, most)


def _even_ratios(n: int, rng: np.random.Generator) -> tuple[float, float]:
    """Between what ends the ratio of the rates at the best place lies in 90 % of even rows."""
    rows = np.sort(rng.random((1000, n)), axis=1)
    best = _split_ratios(rows).argmax(axis=1)
    share = rows[np.arange(len(rows)), best]
    ratio = ((n - best - 1) / (1 - share)) / ((best + 1) / share)
    low, high = np.quantile(ratio, [_TAIL, 1 - _TAIL])
    return float(low), float(high)


def evenness(days: np.ndarray, length: float) -> PoissonTest:
    """How far the share of outages so far and the share of the period so far ever are apart: Kolmogorov's exact test of times
    that are evenly spread (Cox & Lewis 1966, ch. 6). A measured difference, so it has no interval of its own."""
    name, definition = (
        "distance from an even spread",
        "largest difference between the share of the outages and the share of the days so far; Kolmogorov's exact test",
    )
    n = len(days)
    if n < 2 or length <= 0:
        return PoissonTest(name, n=n, definition=definition)
    from scipy.stats import kstwo

    at = np.sort(np.asarray(days, dtype=float)) / length
    steps = np.arange(n + 1) / n
    distance = float(max((steps[1:] - at).max(), (at - steps[:-1]).max()))
    ends = kstwo.ppf([_TAIL, 1 - _TAIL], n)
    return PoissonTest(
        name,
        distance,
        math.nan,
        math.nan,
        "share",
        float(ends[0]),
        float(ends[1]),
        float(kstwo.sf(distance, n)),
        n,
        definition,
    )


def longest_gap(days: np.ndarray, length: float) -> PoissonTest:
    """The longest stretch without an outage, the ends of the period included, in days.

    Its exact distribution among even rows is Whitworth's: P(longest > g) = Σ (−1)^(k+1) C(n + 1, k) (1 − kg)^n (Fisher 1929,
    Proc. R. Soc. A 125:54). A measured length, so it has no interval of its own.
    """
    name, definition = (
        "longest stretch without an outage",
        "days, the ends of the period included; exact distribution of the longest of evenly drawn gaps",
    )
    n = len(days)
    if n < 1 or length <= 0:
        return PoissonTest(name, n=n, definition=definition)
    gap = float(np.diff(np.concatenate([[0.0], np.sort(days), [length]])).max())
    ends = (_gap_quantile(1 - _TAIL, n) * length, _gap_quantile(_TAIL, n) * length)
    return PoissonTest(name, gap, math.nan, math.nan, "days", *ends, longest_gap_tail(gap / length, n), n, definition)


def longest_gap_tail(share: float, n: int) -> float:
    """Probability that one of the n + 1 gaps between n even times is longer than ``share`` of the period."""
    from scipy.special import gammaln

    if share <= 1 / (n + 1):
        return 1.0
    if n > 60:  # the alternating sum loses its digits; the gaps are then nearly independent
        return float(-math.expm1((n + 1) * math.log1p(-((1 - share) ** n)))) if share < 1 else 0.0
    k = np.arange(1, n + 2)
    k = k[k * share < 1]
    terms = np.exp(gammaln(n + 2) - gammaln(k + 1) - gammaln(n + 2 - k) + n * np.log1p(-k * share))
    return float(np.clip((np.where(k % 2 == 1, 1, -1) * terms).sum(), 0, 1))


def _gap_quantile(tail: float, n: int) -> float:
    from scipy.optimize import brentq

    return float(brentq(lambda share: longest_gap_tail(share, n) - tail, 1 / (n + 1) + 1e-12, 1 - 1e-12))


def even_band(n: int) -> float:
    """How far, as a share of all, 90 % of even rows of ``n`` events stay from a steady rate throughout (Kolmogorov); 0 for none."""
    from scipy.stats import kstwo

    return float(kstwo.ppf(LEVEL, n)) if n else 0.0


def smallest_p(table: pd.DataFrame) -> float:
    """The smallest p-value of several tests at one row, times their number (Bonferroni), at most 1; NaN without any."""
    known = table["p_value"].dropna()
    return float(min(1.0, known.min() * len(known))) if len(known) else math.nan


def noticeable_change(n: int, *, power: float = 0.8) -> float:
    """By what a rate must rise or fall in the middle of a period with ``n`` events for one of the tests of its spread to call it
    more than bad luck with probability ``power``, all five tests paid for; inf where no change would do.

    By simulation, to about a tenth; the month counts are left out, as they depend on the months.
    """
    if n < 2:
        return math.inf
    from scipy.stats import kstwo

    rng = np.random.default_rng(SEED)
    size = max(200, min(1500, MOST_TIMES // n // 8))
    tail = SURE / TESTS
    critical = (
        float(np.quantile(_split_ratios(np.sort(rng.random((4 * size, n)), axis=1)).max(axis=1), 1 - tail)),
        float(kstwo.isf(tail, n)),
        _gap_quantile(tail, n),
    )
    side, place = rng.random((size, n)), rng.random((size, n)) / 2

    def noticed(ratio: float) -> float:
        rows = np.sort(np.where(side < 1 / (1 + ratio), 0.0, 0.5) + place, axis=1)
        return float(_beyond(rows, *critical).mean())

    return max(_ratio_noticed(noticed, power, sign) for sign in (1.0, -1.0))


def _beyond(rows: np.ndarray, split: float, distance: float, gap: float) -> np.ndarray:
    """Whether one of three statistics of each row exceeds its critical value, (rows,); ``rows``: sorted, 0 to 1."""
    n = rows.shape[1]
    steps = np.arange(n + 1) / n
    apart = np.maximum((steps[1:] - rows).max(axis=1), (rows - steps[:-1]).max(axis=1))
    gaps = np.diff(rows, axis=1, prepend=0.0, append=1.0).max(axis=1)
    return (_split_ratios(rows).max(axis=1) >= split) | (apart >= distance) | (gaps >= gap)


def _ratio_noticed(noticed: Callable[[float], float], power: float, sign: float) -> float:
    """Smallest ratio, above 1, that is noticed with probability ``power``; ``sign`` −1 for a fall by as much."""
    low, high = 0.0, math.log(1000.0)
    if noticed(math.exp(sign * high)) < power:
        return math.inf
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (low, middle) if noticed(math.exp(sign * middle)) >= power else (middle, high)
    return math.exp(high)
