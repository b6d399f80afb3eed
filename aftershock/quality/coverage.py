"""Whether the logs are whole: silent stretches, thin weeks, sudden steps, a period that the logs do not fill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.output.phrases import duration
from aftershock.quality import count_tests
from aftershock.quality.finding import Finding, Without, changed, rows_of, some
from aftershock.quality.impact import within
from aftershock.schema.tables import SCHEMAS

FALSE_ALARM = 0.01  # chance that a sound log of steady rate sets a test of this module off
STEP_GAIN = 7.0  # in log likelihood over dispersion; tests/quality/test_count_tests.py shows what it means
SHORTEST_STEP = 6  # weeks on either side of a step
LEAST_RATIO = 1.5  # a smaller step is left alone: it bends little
LEAST_WEEKS = 8
LEAST_ROWS = 30
AROUND, ROWS_AROUND = (
    8 * 168,
    30,
)  # hours on either side that a stretch is compared with; more, until they hold so many rows
MOST_UNFILLED = pd.Timedelta(days=14)
LOGS = ("incidents", "changes")
_OTHER = {"incidents": "changes", "changes": "incidents"}
_ONCE = f"In a whole log of steady rate this would be seen once in {1 / FALSE_ALARM:.0f} logs."


@dataclass(frozen=True)
class Stretch:
    """A time in which a log holds fewer rows than it should: ``rows`` found and ``expected`` ones."""

    first: pd.Timestamp
    last: pd.Timestamp
    rows: int
    expected: float


def weekly(times: pd.Series, zone: str) -> pd.Series:
    """Rows per whole week from Monday to Sunday in a zone, by the week's first day (naive, local); the log's first and
    last week, which may be cut off, are left out."""
    weeks = times.dt.tz_convert(zone).dt.tz_localize(None).dt.to_period("W-SUN")
    if weeks.empty:
        return pd.Series(dtype="int64", index=pd.DatetimeIndex([]))
    whole = pd.period_range(weeks.min() + 1, weeks.max() - 1, freq="W-SUN")
    return weeks.value_counts().reindex(whole, fill_value=0).sort_index().set_axis(whole.start_time)


def is_testable(times: pd.Series, zone: str) -> bool:
    """Whether a log has rows enough for a hole to stand out."""
    return len(times) >= LEAST_ROWS and len(weekly(times, zone)) >= LEAST_WEEKS


def stretches(times: pd.Series, zone: str) -> list[Stretch]:
    """Stretches without a row and weeks with too few, each improbable (half of FALSE_ALARM over all stretches, half over
    all weeks) with the log's own weekly rhythm and at the rate around: of a stretch, the lower of the two sides'."""
    if not is_testable(times, zone):
        return []
    counts = weekly(times, zone)
    spread = count_tests.dispersion(counts.to_numpy())
    gaps = list(_gaps(times, zone, spread))
    thin = [
        week
        for week in _thin_weeks(counts, zone, spread)
        if not any(week.first < gap.last and gap.first < week.last for gap in gaps)
    ]
    return sorted([*gaps, *thin], key=lambda s: s.first)


def _gaps(times: pd.Series, zone: str, spread: float) -> Iterator[Stretch]:
    hours = np.sort(times.to_numpy(dtype="datetime64[s]").astype("int64")) / 3600
    clock = _Rhythm(times, zone)
    for n in np.flatnonzero(np.diff(hours) > 24):
        first, last = hours[n], hours[n + 1]
        before = max(hours[0], min(first - AROUND, hours[max(n - ROWS_AROUND, 0)]))
        after = min(hours[-1], max(last + AROUND, hours[min(n + 1 + ROWS_AROUND, len(hours) - 1)]))
        rates = (
            (n - np.searchsorted(hours, before, "right") + 1) / max(clock.between(before, first), 1e-9),
            (np.searchsorted(hours, after, "left") - n - 1) / max(clock.between(last, after), 1e-9),
        )
        expected = min(rates) * clock.between(first, last)
        if count_tests.none(expected, spread) * len(hours) < FALSE_ALARM / 2:
            yield Stretch(_moment(first), _moment(last), 0, float(expected))


def _thin_weeks(counts: pd.Series, zone: str, spread: float) -> Iterator[Stretch]:
    expected = count_tests.local_means(counts.to_numpy())
    improbable = count_tests.few(counts.to_numpy(), expected, spread) * len(counts) < FALSE_ALARM / 2
    for n in np.flatnonzero(improbable & (counts.to_numpy() > 0)):
        first = counts.index[n].tz_localize(zone, nonexistent="shift_forward", ambiguous=True)
        yield Stretch(
            first.tz_convert("UTC"),
            (first + pd.DateOffset(weeks=1)).tz_convert("UTC"),
            int(counts.iloc[n]),
            float(expected[n]),
        )


class _Rhythm:
    """Time as the log lives it: an hour of the week counts as often as the log has rows in it, 1 on average."""

    def __init__(self, times: pd.Series, zone: str):
        local = times.dt.tz_convert(zone)
        hour = (local.dt.day_of_week * 24 + local.dt.hour).to_numpy()
        counts = np.bincount(hour, minlength=168) + 1.0
        grid = pd.date_range(times.min().floor("h"), times.max().ceil("h") + pd.Timedelta(hours=1), freq="h")
        at = grid.tz_convert(zone)
        weight = (counts / counts.mean())[at.day_of_week * 24 + at.hour]
        self._lived = np.concatenate([[0.0], np.cumsum(weight)])
        self._start = grid[0].timestamp() / 3600

    def between(self, first: float, last: float) -> float:
        """Weighted hours between two moments, in hours since 1970."""
        at = np.interp([first - self._start, last - self._start], np.arange(len(self._lived)), self._lived)
        return float(at[1] - at[0])


def _moment(hours: float) -> pd.Timestamp:
    return pd.Timestamp(round(hours * 3600), unit="s", tz="UTC")


# findings


def find_stretches(dataset: Dataset) -> list[Finding]:
    """One finding per log that is silent or thin somewhere."""
    return [
        _stretches_finding(dataset, log, found)
        for log in LOGS
        if (found := stretches(getattr(dataset, log)["started_at"], dataset.timezone))
    ]


def _stretches_finding(dataset: Dataset, log: str, found: list[Stretch]) -> Finding:
    total = sum((s.last - s.first for s in found), pd.Timedelta(0))
    worst = max(found, key=lambda s: s.expected - s.rows)
    rows = pd.DataFrame(
        {
            "file": "",
            "line": pd.NA,
            "id": "",
            "what": [f"{_days(s, dataset.timezone)}: {s.rows:,} rows, about {s.expected:,.0f} expected" for s in found],
        }
    )
    other = _OTHER[log]
    often = "once" if len(found) == 1 else f"{len(found):,} times"
    return Finding(
        "silence",
        f"the {log} fall silent, or nearly, {often}, for {duration(total)} in all",
        f"The worst: {_days(worst, dataset.timezone)}, {worst.rows:,} rows where about {worst.expected:,.0f} are expected "
        f"at the rate around it. {_ONCE} A freeze or a holiday looks the same.",
        f"Export the {log} of these days again. Where they are lost, keep [attribution] observed to one side of them.",
        rows=rows,
        without=Without(f"the {other} of these days left out", lambda d: _outside(d, other, found)),
        touches="counts per month",
    )


def _outside(dataset: Dataset, log: str, found: list[Stretch]) -> Dataset:
    """The dataset without the rows of the other log that fall into a silence; a change's effects reach on."""
    reach = dataset.settings.attribution.horizon if log == "incidents" else pd.Timedelta(0)
    frame = getattr(dataset, log)
    inside = pd.Series(False, index=frame.index)
    for stretch in found:
        inside |= frame["started_at"].between(stretch.first, stretch.last + reach)
    return changed(dataset, log, frame[~inside])


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
        "Mend the years, or state the period that both logs cover in [attribution] observed.",
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
        f"One step explains the weekly counts better than a steady rate and better than steady growth. {_ONCE} A new team "
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


def _days(stretch: Stretch, zone: str) -> str:
    first, last = (t.tz_convert(zone) for t in (stretch.first, stretch.last - pd.Timedelta(seconds=1)))
    return f"{first:%-d %b %Y} to {last:%-d %b %Y}"
