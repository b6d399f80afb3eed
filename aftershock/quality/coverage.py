"""Whether both logs fill the observed period at one rate: stray rows, sudden steps, a period that the logs do not fill."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.output.phrases import duration
from aftershock.quality import count_tests
from aftershock.quality.finding import Finding, rows_of, some
from aftershock.quality.silences import LEAST_ROWS, LOGS, ONCE, weekly
from aftershock.quality.variants import Without, changed, within
from aftershock.schema.tables import SCHEMAS

STEP_GAIN = (
    7.0  # log likelihood over dispersion; a sound log reaches it once in a hundred (tests/quality/test_coverage.py)
)
SHORTEST_STEP = 6  # weeks on either side of a step; what is shorter may be a season
LEAST_RATIO = 1.5  # a smaller step is left alone: it hardly shifts an answer
MOST_UNFILLED = pd.Timedelta(days=14)  # a judgement: quiet weeks at either end are common


def find_strays(dataset: Dataset) -> list[Finding]:
    """A few rows years away from the rest: a wrong century, a test, a default of the tool."""
    return [f for log in LOGS if (f := _strays_finding(dataset, log))]


def _strays_finding(dataset: Dataset, log: str) -> Finding | None:
    frame = getattr(dataset, log)
    if len(frame) < LEAST_ROWS:
        return None
    at = frame["started_at"]
    middle = at.quantile(0.01), at.quantile(0.99)
    far = (middle[1] - middle[0]) / 2
    strays = frame[(at < middle[0] - far) | (at > middle[1] + far)]
    if strays.empty or len(strays) > 0.01 * len(frame):
        return None
    return Finding(
        "strays",
        some(len(strays), log, "lies far away from all others", "lie far away from all others"),
        f"98 % of the {log} lie between {_day(middle[0], dataset)} and {_day(middle[1], dataset)}. When both logs have a row "
        "far away, all the time between counts as observed, and as quiet.",
        "Correct the years, or state the period that both logs cover in [attribution] observed.",
        rows=rows_of(log, strays, strays["started_at"].dt.strftime("%Y-%m-%d")),
        without=_without_strays(log, strays),
    )


def _without_strays(log: str, strays: pd.DataFrame) -> Without:
    """The log without the strays, and a period that ends where it then ends."""
    ids, column = set(strays[SCHEMAS[log].id]), SCHEMAS[log].id

    def make(dataset: Dataset) -> Dataset:
        left = changed(dataset, log, getattr(dataset, log)[~getattr(dataset, log)[column].isin(ids)])
        frame = getattr(left, log)
        first = max(left.observed[0], frame["started_at"].min().floor("D"))
        return within(left, first, min(left.observed[1], frame["started_at_before"].max().ceil("D")))

    return Without("these rows left out", make)


def find_steps(dataset: Dataset) -> list[Finding]:
    """Where the rate of a log jumps once and stays: a source joined or left the export."""
    return [f for log in LOGS if (f := _step_finding(dataset, log))]


def _step_finding(dataset: Dataset, log: str) -> Finding | None:
    counts = weekly(getattr(dataset, log)["started_at"], dataset.timezone)
    if len(counts) < 2 * SHORTEST_STEP:
        return None
    spread = count_tests.dispersion(counts.to_numpy())
    place, gain = count_tests.step(counts.to_numpy(), SHORTEST_STEP)
    if gain / spread < STEP_GAIN:
        return None
    before, after = counts.iloc[:place].mean(), counts.iloc[place:].mean()
    if max(before, after) < LEAST_RATIO * max(min(before, after), 1e-9):
        return None
    day = counts.index[place].date()
    at = pd.Timestamp(day).tz_localize(dataset.timezone, nonexistent="shift_forward", ambiguous=True).tz_convert("UTC")
    return Finding(
        "step",
        f"the {log} step from {before:.3g} to {after:.3g} a week in the week of {day:%-d %B %Y}",
        f"One step explains the weekly counts better than a steady rate and better than steady growth. {ONCE} A new team "
        "or tool looks the same as a source that joined or left the export.",
        f"Find out what joined or left the export of the {log} that week. If it was never in the other part, let the rates "
        "be learned on one side only:",
        toml=_observed_toml(dataset, at, higher_is_later=after > before),
        without=Without(
            "only the time on one side of the step",
            lambda d: within(d, at, d.observed[1]) if after > before else within(d, d.observed[0], at),
        ),
        touches="counts per month",
    )


def _observed_toml(dataset: Dataset, at: pd.Timestamp, *, higher_is_later: bool) -> str:
    first, last = dataset.observed
    days = (at, last) if higher_is_later else (first, at)
    first_day, end = (t.tz_convert(dataset.timezone) for t in days)
    return f'[attribution]\nobserved = ["{first_day:%Y-%m-%d}", "{end - pd.Timedelta(seconds=1):%Y-%m-%d}"]'


def find_unfilled(dataset: Dataset) -> list[Finding]:
    """An observed period, stated in dataset.toml, that a log does not reach into; and rows outside the period."""
    return [*_unreached(dataset), *_outside_period(dataset)]


def _unreached(dataset: Dataset) -> Iterator[Finding]:
    if not dataset.settings.attribution.observed:
        return
    first, last = dataset.observed
    logs = {log: getattr(dataset, log) for log in LOGS if len(getattr(dataset, log))}
    begins = max((t["started_at"].min() for t in logs.values()), default=first)
    ends = min((t["started_at_before"].max() for t in logs.values()), default=last)
    missing = max(begins - first, pd.Timedelta(0)), max(last - ends, pd.Timedelta(0))
    if max(missing) <= MOST_UNFILLED or begins >= ends:
        return
    narrow = (max(first, begins.floor("D")), min(last, ends.ceil("D")))
    yield Finding(
        "unfilled_period",
        f"the observed period is {duration(sum(missing, pd.Timedelta(0)))} longer than both logs",
        f"dataset.toml says that both logs cover {_day(first, dataset)} to {_day(last, dataset, end=True)}, but the later "
        f"of the two begins on {_day(begins, dataset)} and the earlier one ends on {_day(ends, dataset)}: the rest is "
        "learned from as quiet time.",
        "State the period that both logs cover:",
        toml=_period_toml(narrow, dataset),
        without=Without("the period that both logs fill", lambda d: within(d, *narrow)),
        touches="rates per month",
    )


def _outside_period(dataset: Dataset) -> Iterator[Finding]:
    first, last = dataset.observed
    incidents = dataset.actual_incidents
    outside = incidents[~incidents["started_at"].between(first, last, inclusive="left")]
    if len(outside) < max(1, 0.05 * len(incidents)):
        return
    yield Finding(
        "outside_period",
        some(len(outside), "incidents", "lies", "lie", of=len(incidents)) + " outside the time that both logs cover",
        f"Both logs cover {_day(first, dataset)} to {_day(last, dataset, end=True)}. Incidents before and after are ranked, "
        "but nothing is learned from them.",
        "Export the other log for the same time.",
        rows=rows_of("incidents", outside, outside["started_at"].dt.strftime("%Y-%m-%d")),
    )


def _period_toml(period: tuple[pd.Timestamp, pd.Timestamp], dataset: Dataset) -> str:
    first, last = (t.tz_convert(dataset.timezone) for t in (period[0], period[1] - pd.Timedelta(seconds=1)))
    return f'[attribution]\nobserved = ["{first:%Y-%m-%d}", "{last:%Y-%m-%d}"]'


def _day(time: pd.Timestamp, dataset: Dataset, *, end: bool = False) -> str:
    return f"{(time - pd.Timedelta(seconds=1) if end else time).tz_convert(dataset.timezone):%-d %b %Y}"
