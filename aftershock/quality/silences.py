"""Stretches of a log without a row, and weeks with too few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.output.phrases import duration
from aftershock.quality import count_tests
from aftershock.quality.finding import Finding
from aftershock.quality.variants import Without, changed

FALSE_ALARM = 0.01  # how often a sound log of steady rate may be accused: a convention; tests/quality/test_silences.py measures it
LEAST_WEEKS, LEAST_ROWS = 8, 30  # fewer show neither a rhythm nor a dispersion: a judgement
AROUND = 8 * 168  # hours on either side that a stretch is compared with: the season, not the year
ROWS_AROUND = 30  # or more hours, until they hold so many rows
LOGS = ("incidents", "changes")
_OTHER = {"incidents": "changes", "changes": "incidents"}
ONCE = f"In a complete log of steady rate this would be seen once in {1 / FALSE_ALARM:.0f} logs."


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
    """Whether a log has enough rows for a gap to show."""
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
    for n in np.flatnonzero(np.diff(hours) > 24).tolist():
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
    """Time weighted by the log's own week: an hour counts as many times as it has rows compared with an average hour."""

    def __init__(self, times: pd.Series, zone: str):
        local = times.dt.tz_convert(zone)
        hour = (local.dt.day_of_week * 24 + local.dt.hour).to_numpy()
        counts = np.bincount(hour, minlength=168) + 1.0
        grid = pd.date_range(times.min().floor("h"), times.max().ceil("h") + pd.Timedelta(hours=1), freq="h")
        at = grid.tz_convert(zone)
        weight = (counts / counts.mean())[at.day_of_week * 24 + at.hour]
        self._elapsed = np.concatenate([[0.0], np.cumsum(weight)])
        self._start = grid[0].timestamp() / 3600

    def between(self, first: float, last: float) -> float:
        """Weighted hours between two moments, in hours since 1970."""
        at = np.interp([first - self._start, last - self._start], np.arange(len(self._elapsed)), self._elapsed)
        return float(at[1] - at[0])


def _moment(hours: float) -> pd.Timestamp:
    return pd.Timestamp(round(hours * 3600), unit="s", tz="UTC")


def find_silences(dataset: Dataset) -> list[Finding]:
    """One finding for each log that is silent or thin somewhere."""
    return [
        _finding(dataset, log, found)
        for log in LOGS
        if (found := stretches(getattr(dataset, log)["started_at"], dataset.timezone))
    ]


def _finding(dataset: Dataset, log: str, found: list[Stretch]) -> Finding:
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
        f"at the rate around it. {ONCE} A freeze or a holiday looks the same.",
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


def _days(stretch: Stretch, zone: str) -> str:
    first, last = (t.tz_convert(zone) for t in (stretch.first, stretch.last - pd.Timedelta(seconds=1)))
    return f"{first:%-d %b %Y} to {last:%-d %b %Y}"
