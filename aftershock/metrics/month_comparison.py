"""Whether two months differ by more than noise, and what a comparison of two months can show at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from aftershock.model.intervals import binomial_interval
from aftershock.output.phrases import plural


@dataclass(frozen=True)
class Comparison:
    """Two months' rates: ``ratio`` of this to last (inf when last had none, NaN when neither had any), its 90 % interval
    ``low`` to ``high``, and both in words."""

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


@dataclass(frozen=True)
class Detectable:
    """Smallest change of a monthly rate that a comparison of two months would notice: ``increase`` and ``decrease`` are
    ratios of the rates, None where none is large enough."""

    incidents: int
    increase: float | None
    decrease: float | None
    sentence: str


def detectable_change(n: int, *, power: float = 0.8) -> Detectable:
    """Smallest rate ratio that :func:`compare_months` would call "more than noise" with probability ``power`` after a
    month of ``n``.

    Exact power of the conditional test between Poisson counts with means ``n`` and ``n`` × ratio (Gu, Ng, Tang &
    Schucany 2008, Biometrical Journal 50:283): the test's critical values for every sum of the two counts, weighted by
    that sum's Poisson probability.
    """
    increase = _search(n, power, upward=True) if n > 0 else None
    decrease = _search(n, power, upward=False) if n > 0 else None
    if increase is None:
        sentence = "A month without incidents leaves nothing to compare the next one with."
    else:
        fall = f" or a fall to {decrease:.2f} times it" if decrease is not None else ""
        often = Fraction(power).limit_denominator(100)
        sentence = (
            f"With {plural(n, 'incident')} a month, only a rise to {increase:.1f} times the rate{fall} would be noticed "
            f"reliably ({often.numerator} times in {often.denominator})"
            + ("." if fall else "; no fall is large enough.")
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
