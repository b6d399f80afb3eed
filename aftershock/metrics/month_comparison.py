"""Whether a month differs from the year before it by more than noise, and what a comparison of two months can show at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from aftershock.metrics.incident_counts import YEAR, days_observed, dispersion_of, incidents_of, month_counts
from aftershock.metrics.protocols import DatasetLike
from aftershock.model.intervals import binomial_interval
from aftershock.output.phrases import number, plural, times

SAYS_NOTHING = 1000  # an interval of a ratio whose ends are so far apart: one against one, for instance (a judgement)


@dataclass(frozen=True)
class Comparison:
    """Two periods' rates per day: ``ratio`` of this to the other (inf when the other had none, NaN when neither had any), its
    90 % interval ``low`` to ``high``, and both in words. ``as_many``, ``as_few``: the probability that a period like this has at
    least, or at most, as many at the other's rate."""

    this: int
    other: int
    ratio: float
    low: float
    high: float
    p_value: float
    as_many: float
    as_few: float
    verdict: str

    @property
    def ratio_words(self) -> str:
        """``2.5 times the daily rate (90 % interval 0.7 to 9.1), within noise``."""
        if math.isnan(self.ratio):
            return "nothing to compare"
        if (math.isinf(self.ratio) and self.low <= 1) or (not self.this and self.high >= 1):
            return self.verdict  # an end that says neither more nor less
        if self.low <= 1 <= self.high and self.high > SAYS_NOTHING * self.low:
            return self.verdict
        if math.isinf(self.ratio):
            return f"at least {number(self.low)} times the daily rate (90 %; none before it sets no upper end), {self.verdict}"
        if not self.this:
            return f"at most {number(self.high)} times the daily rate (90 %), {self.verdict}"
        ends = f"90 % interval {number(self.low)} to {number(self.high)}"
        is_same = number(self.ratio) == "1"
        times, ends = ("the same", f"{ends} times it") if is_same else (f"{number(self.ratio)} times the", ends)
        return f"{times} daily rate ({ends}), {self.verdict}"


def compare_rates(
    this: int, other: int, days: tuple[float, float] = (1.0, 1.0), *, dispersion: float = 1.0
) -> Comparison:
    """Whether the count of one period differs from another's by more than noise, per day observed (``days`` of this and the
    other).

    Given the sum of two Poisson counts, one of them is binomial (Przyborowski & Wilenski 1940, Biometrika 31:313); its
    exact interval gives that of the ratio. Counts that vary ``dispersion`` times as much as independent ones weigh as so many
    fewer (quasi-likelihood: McCullagh & Nelder 1989, *Generalized Linear Models*, 9). The verdict is "more than noise" when the
    90 % interval of the ratio leaves 1 out, else "within noise"; "nothing to compare" without incidents or days. "Within
    noise" never means "the same".
    """
    if this + other == 0 or min(days) <= 0:
        return Comparison(this, other, math.nan, 0.0, math.inf, 1.0, 1.0, 1.0, "nothing to compare")
    successes, total = this / dispersion, (this + other) / dispersion
    exposure = days[1] / days[0]
    share_low, share_high = binomial_interval(successes, total)
    low = exposure * share_low / (1 - share_low)
    high = exposure * share_high / (1 - share_high) if share_high < 1 else math.inf
    ratio = exposure * this / other if other else math.inf
    as_few, as_many = _binomial_tails(successes, total, days[0] / sum(days))
    verdict = "within noise" if low <= 1 <= high else "more than noise"
    return Comparison(this, other, ratio, low, high, min(1.0, 2 * min(as_few, as_many)), as_many, as_few, verdict)


def _binomial_tails(successes: float, trials: float, share: float) -> tuple[float, float]:
    """P(X ≤ successes) and P(X ≥ successes) of a binomial count; by the beta function, so that counts need not be whole."""
    from scipy.special import betainc

    below = 1.0 if successes >= trials else float(1 - betainc(successes + 1, trials - successes, share))
    above = 1.0 if successes <= 0 else float(betainc(successes, trials - successes + 1, share))
    return below, above


@dataclass(frozen=True)
class Usual:
    """What is usual for a month: the ``months`` before it, at most twelve, with their incidents and days covered, and how much
    they vary against independent incidents (``dispersion``, at least 1)."""

    months: int
    incidents: int
    days: float
    dispersion: float

    def expected(self, days: float) -> float:
        """Incidents to expect in so many days; NaN without a month before."""
        return self.incidents / self.days * days if self.days > 0 else math.nan


def usual_before(dataset: DatasetLike, month: str) -> Usual:
    """What the twelve months before ``month`` had, as far as the logs cover them."""
    counts = month_counts(dataset)
    before = counts[counts["month"] < month].tail(YEAR)
    return Usual(
        len(before),
        int(before["incidents"].sum()),
        float(before["days"].sum()),
        dispersion_of(before["incidents"].to_numpy(), before["days"].to_numpy()),
    )


def compare_with_usual(dataset: DatasetLike, month: str) -> Comparison:
    """A month's incidents against those of the twelve months before it, clusters allowed for."""
    usual = usual_before(dataset, month)
    this = len(incidents_of(dataset, month))
    days = days_observed(dataset, month)[0]
    return compare_rates(this, usual.incidents, (days, usual.days), dispersion=usual.dispersion)


def compare_with_last_month(dataset: DatasetLike, month: str) -> Comparison | None:
    """A month's incidents against those of the month before it, clusters allowed for; None for the first month covered."""
    months = list(dataset.months)
    place = months.index(month)
    if not place:
        return None
    this, other = (len(incidents_of(dataset, m)) for m in (month, months[place - 1]))
    days = days_observed(dataset, month)[0], days_observed(dataset, months[place - 1])[0]
    return compare_rates(this, other, days, dispersion=usual_before(dataset, month).dispersion)


@dataclass(frozen=True)
class Detectable:
    """Smallest change of a monthly rate that a comparison of two months would notice: ``increase`` and ``decrease`` are
    ratios of the rates, None where none is large enough."""

    incidents: int
    increase: float | None
    decrease: float | None
    sentence: str


def detectable_change(n: int, *, power: float = 0.8, dispersion: float = 1.0) -> Detectable:
    """Smallest rate ratio that :func:`compare_rates` would call "more than noise" with probability ``power`` after a
    month of ``n``. Counts that vary ``dispersion`` times as much as independent ones weigh as so many fewer.

    Exact power of the conditional test between Poisson counts with means ``n`` and ``n`` × ratio (Gu, Ng, Tang &
    Schucany 2008, Biometrical Journal 50:283): the test's critical values for every sum of the two counts, weighted by
    that sum's Poisson probability.
    """
    weight = n / dispersion
    increase = _search(weight, power, upward=True) if n > 0 else None
    decrease = _search(weight, power, upward=False) if n > 0 else None
    if not n:
        sentence = "A month without incidents leaves nothing to compare the next one with."
    elif increase is None:
        sentence = f"With {plural(n, 'incident')} a month that come in clusters, no rise would be noticed reliably."
    else:
        fall = f" or a fall to {decrease:.2f} times it" if decrease is not None else ""
        often = Fraction(power).limit_denominator(100)
        sentence = (
            f"With {plural(n, 'incident')} a month, only a rise to {times(increase)} the rate{fall} would be noticed "
            f"reliably from one month to the next ({often.numerator} times in {often.denominator})"
            + ("." if fall else "; no fall is large enough.")
        )
    return Detectable(n, increase, decrease, sentence)


def _search(n: float, power: float, *, upward: bool) -> float | None:
    """Bisection on the logarithm of the ratio; power grows with the distance from 1."""
    near, far = 0.0, math.log(200.0 if upward else 1e-6)
    if _power(n, math.exp(far)) < power:
        return None
    for _ in range(40):
        middle = (near + far) / 2
        near, far = (near, middle) if _power(n, math.exp(middle)) >= power else (middle, far)
    return math.exp(far)


def _power(n: float, ratio: float, tail: float = 0.05) -> float:
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
