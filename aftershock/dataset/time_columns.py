"""The times of a raw table as intervals, from what its columns say of each: bound, uncertainty, precision."""

from __future__ import annotations

from functools import partial

import pandas as pd

from aftershock.dataset import timestamps, typed_columns
from aftershock.dataset.raw_rows import RawRows
from aftershock.dataset.settings import Log
from aftershock.schema import tables

TIME = "a time such as 2023-03-06T17:19:00Z"


class TimeColumns:
    """Reads the columns of times of one table; ``zone`` is that of stamps without an offset."""

    def __init__(self, rows: RawRows, log: Log, zone: str):
        self.rows, self.log, self.zone = rows, log, zone

    def read(self, name: str, *, required: bool) -> pd.DataFrame:
        """Columns ``at`` and ``before`` of a time. Rows whose time cannot be read are rejected where it is required, else
        noted."""
        parsed = self._parsed(name)
        bound = self._bound(f"{name}_before") if self.rows.has(f"{name}_before") else None
        precision = self._precision(name, parsed)
        interval = timestamps.widen(parsed, precision, self._uncertainty(name), bound, self.zone)
        self._account(name, parsed, required=required)
        wrong = interval["before"] < interval["at"]
        (self.rows.reject if required else self.rows.note)(
            wrong,
            f"{name}_before",
            lambda bad: interval["before"][bad].astype(str),
            lambda bad: "a time at or after " + interval["at"][bad].astype(str),
            "Fix the bound." if required else "Read as empty.",
            "time_order",
        )
        return interval.apply(lambda ends: ends.mask(wrong))

    def _parsed(self, name: str) -> timestamps.ParsedTimes:
        if not self.rows.has(name):
            return timestamps.nothing(self.rows.index)
        return timestamps.parse(self.rows.cells(name), self.zone, self.log.time_format)

    def _bound(self, name: str) -> timestamps.ParsedTimes:
        bound = self._parsed(name)
        whole = timestamps.widen(bound, None, None, None, self.zone)
        bound = timestamps.ParsedTimes(whole["at"], whole["before"], bound.implied, bound.trouble, bound.oddity)
        self._account(name, bound, required=False)
        return bound

    def _uncertainty(self, name: str) -> pd.Series | None:
        column = f"{name}_uncertainty_minutes"
        return self.rows.numbers(column).abs() if self.rows.has(column) else None

    def _precision(self, name: str, parsed: timestamps.ParsedTimes) -> pd.Series | None:
        """What the log states of each time; where it states nothing, what the settings say of rounded ones."""
        stated = self._stated_precision(f"{name}_precision")
        if not self.log.rounded:
            return stated
        stated = pd.Series("", index=self.rows.index) if stated is None else stated
        return stated.mask((stated == "") & timestamps.rounded(parsed, self.log.rounded, self.zone), self.log.rounded)

    def _stated_precision(self, column: str) -> pd.Series | None:
        if not self.rows.has(column):
            return None
        written = typed_columns.texts(self.rows.cells(column)).str.lower()
        unknown = ~written.isin(timestamps.PRECISIONS) & (written != "")
        self.rows.note(
            unknown, column, None, "one of " + ", ".join(timestamps.PRECISIONS), "Read as exact.", "unknown_value"
        )
        return written.mask(unknown, "exact")

    def _account(self, name: str, parsed: timestamps.ParsedTimes, *, required: bool) -> None:
        """Reject or note the rows whose time could not be read, or only in an unexpected way."""
        for reason in parsed.trouble[parsed.trouble != ""].unique():
            remedy = (
                'Say how to read it: time_format = "%d/%m/%Y %H:%M".'
                if reason != "time_out_of_range"
                else "Fix the year."
            )
            (self.rows.reject if required else self.rows.note)(
                parsed.trouble == reason, name, None, TIME, remedy if required else f"{remedy} Read as empty.", reason
            )
        if required:
            self.rows.reject(
                parsed.at.isna() & (parsed.trouble == ""),
                name,
                "an empty cell",
                TIME,
                "Fill in when it started; a day will do.",
                "missing_time",
            )
        for reason in parsed.oddity[parsed.oddity != ""].unique():
            self.rows.note(
                parsed.oddity == reason,
                name,
                None,
                "a time with its offset from UTC",
                partial(_read_as, parsed.at, tables.REASONS[reason]),
                reason,
            )


def _read_as(at: pd.Series, meaning: str, rows: pd.Index) -> list[str]:
    return [f"Read as {moment}: {meaning}." for moment in at[rows].astype(str)]
