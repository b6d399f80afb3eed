"""Whether the rows of a log fall into the hours in which people work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.output.phrases import percent, plural
from aftershock.quality.finding import Finding, exact, signed
from aftershock.quality.utc_offsets import ZONES, in_summer, offsets
from aftershock.quality.variants import Without, everywhere, moved

# Judgements, each.
LEAST_ROWS = 50  # rows of weekdays that can show an office day
OFFICE = 9  # hours of an office day, with the break
EARLIEST_OFFICE, LATEST_OFFICE = 5, 13  # hours at which it may begin
LEAST_CONCENTRATION = 0.6  # of the rows inside nine hours; spread evenly it would be 9/24
JUMP_GAIN = 8.0  # log likelihood by which moved hours must explain a log better than unmoved ones


@dataclass(frozen=True)
class OfficeDay:
    """The nine hours of the day that hold most rows of a log: the hour at which they begin and the share inside."""

    begins: int
    share: float
    rows: int


def office_day(times: pd.Series, zone: str) -> OfficeDay | None:
    """The office day that a log shows on weekdays, in a zone; None with too few rows or without a clear one."""
    local = times.dt.tz_convert(zone)
    local = local[local.dt.day_of_week < 5]
    if len(local) < LEAST_ROWS:
        return None
    counts = np.bincount(local.dt.hour, minlength=24)
    inside = np.array([np.roll(counts, -begins)[:OFFICE].sum() for begins in range(24)])
    begins = int(np.argmax(inside))
    share = float(inside[begins] / len(local))
    return OfficeDay(begins, share, len(local)) if share >= LEAST_CONCENTRATION else None


def find_night_work(dataset: Dataset) -> list[Finding]:
    """Changes made in office hours, on a clock where these lie at night."""
    sharp = dataset.changes[exact(dataset.changes)]
    day = office_day(sharp["started_at"], dataset.timezone)
    if day is None or EARLIEST_OFFICE <= day.begins <= LATEST_OFFICE:
        return []
    by = (OFFICE - day.begins + 12) % 24 - 12
    until = (day.begins + OFFICE) % 24
    return [
        Finding(
            "office_at_night",
            f"{percent(day.share)} of the changes of working days fall between {day.begins}:00 and {until}:00",
            f"That is an office day at night, in {dataset.timezone}: {plural(day.rows, 'change')}, where an even day would "
            "put 38 % into any nine hours. Changes made by timers, or by a team elsewhere, look the same.",
            "Say in which zone the changes are written, or in which zone people work:",
            toml=_night_toml(dataset, by),
            without=Without(
                f"the changes moved by {signed(by)}",
                lambda d: moved(d, "changes", pd.Timedelta(hours=by), everywhere),
            ),
            touches="hours of the week",
        )
    ]


def _night_toml(dataset: Dataset, by: float) -> str:
    offset = offsets(dataset.settings.zone_of("changes"))[0]
    zones = [z for (winter, _), z in ZONES.items() if winter == offset - by]
    return f'[changes]\ntimezone = "{zones[0]}"' if zones else ""


def find_saving_jumps(dataset: Dataset) -> list[Finding]:
    """Logs whose hours of the day jump when the clocks change: stamps of a fixed offset, read as local time."""
    found = []
    for log in ("incidents", "changes"):
        frame = getattr(dataset, log)
        jump = saving_jump(frame[exact(frame)], dataset.timezone)
        if jump:
            found.append(_jump_finding(dataset, log, jump))
    return found


def saving_jump(frame: pd.DataFrame, zone: str) -> int:
    """By how many hours (−1, 0, 1) the hours of the day of a log move when the clocks go forward in spring; 0 where it
    is not clear.

    The eight weeks before and after every change of the clocks are compared: how probable the hours after it are under
    the hours before it, as they are and moved by an hour. The moved hours must be e^8 times as probable.
    """
    times = _one_per_half_hour(frame)
    changes_of_clock = _clock_changes(times, zone)
    if not changes_of_clock:
        return 0
    gains = dict.fromkeys((-1, 1), 0.0)
    for at, direction in changes_of_clock:
        before = _profile(times[(times >= at - pd.Timedelta(weeks=8)) & (times < at)], zone)
        after = _profile(times[(times >= at) & (times < at + pd.Timedelta(weeks=8))], zone)
        if min(before.sum(), after.sum()) < LEAST_ROWS:
            continue
        smooth = before + 0.25 * (np.roll(before, 1) + np.roll(before, -1)) + 0.5
        law = np.log(smooth / smooth.sum())
        for jump in gains:
            gains[jump] += float(after @ (np.roll(law, jump * direction) - law))
    jump = max(gains, key=lambda by: gains[by])
    return jump if gains[jump] > JUMP_GAIN else 0


def _one_per_half_hour(frame: pd.DataFrame) -> pd.Series:
    """One time for each service and half hour: a burst of rows is one thing that happened."""
    service = frame["services"].map(lambda row: row[0] if row else "")
    slots = pd.DataFrame({"at": frame["started_at"].dt.floor("30min"), "service": service})
    return frame["started_at"][~slots.duplicated()]


def _profile(times: pd.Series, zone: str) -> np.ndarray:
    local = times.dt.tz_convert(zone)
    return np.bincount(local[local.dt.day_of_week < 5].dt.hour, minlength=24).astype(float)


def _clock_changes(times: pd.Series, zone: str) -> list[tuple[pd.Timestamp, int]]:
    """(moment, 1 for forward and −1 for back) of each change of the clocks in a zone within the log."""
    if times.empty:
        return []
    days = pd.date_range(times.min().floor("D"), times.max().ceil("D"), freq="D")
    offsets = np.array([d.tz_convert(zone).utcoffset().total_seconds() for d in days])
    return [(days[n + 1], int(np.sign(offsets[n + 1] - offsets[n]))) for n in np.flatnonzero(np.diff(offsets))]


def _jump_finding(dataset: Dataset, log: str, jump: int) -> Finding:
    zone = dataset.timezone
    return Finding(
        "saving_jump",
        f"the hours of the {log} jump by an hour whenever the clocks of {zone} change",
        f"In the weeks after a change of the clocks the {log} move by {signed(jump)} in spring and back in "
        "autumn. People keep their hours; a log that does not is written in a fixed offset such as UTC, and read as local "
        "time.",
        f"If the stamps of the {log} name no zone, say that they are written in one that does not change:",
        toml=f'[{log}]\ntimezone = "UTC"',
        without=Without(
            f"the {log} of the summer moved by {signed(-jump)}",
            lambda d: moved(d, log, pd.Timedelta(hours=-jump), lambda f: in_summer(f["started_at"], zone)),
        ),
        touches="hours of the week",
    )
