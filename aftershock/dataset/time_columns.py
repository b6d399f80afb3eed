"""The times of a raw table as intervals, from what its columns say of each: bound, uncertainty, precision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import partial

import pandas as pd

from aftershock.dataset import durations, placeholders, time_spans, timestamps, typed_columns, zone_words
from aftershock.dataset.raw_rows import RawRows
from aftershock.dataset.settings import Log
from aftershock.schema import tables
from aftershock.schema.tables import TEXT, UNITS

REMEDIES = {
    "time_out_of_range": "Fix the year.",
    "unknown_zone": 'Name the log\'s zone, such as timezone = "America/New_York", or write the offset.',
    "shortened_number": "Format the column as text in the spreadsheet and export again.",
}
ENDS = ("resolved_at", "finished_at")
ZONE = "a zone such as Europe/Berlin or +01:00"
TIME = "a time such as 2023-03-06T17:19:00Z"


class TimeColumns:
    """Reads the columns of times of one table; ``zone`` is that of stamps without an offset."""

    def __init__(self, rows: RawRows, log: Log, zone: str):
        self.rows, self.log, self.zone = rows, log, zone
        self.start: pd.DataFrame | None = None
        self.by_length: dict[str, pd.Series] = defaultdict(
            lambda: pd.Series(False, index=rows.index)
        )  # what lasted so long
        self.wall: pd.Series | None = None  # the starts on the clocks of their zone, where days and clocks are apart

    def read(self, name: str, *, required: bool) -> pd.DataFrame:
        """Columns ``at`` and ``before`` of a time. Rows whose time cannot be read are rejected where it is required, else
        noted."""
        if not required and not any(column.startswith(name) for column in self.rows.named):
            nothing = timestamps.nothing(self.rows.index)
            return pd.DataFrame({"at": nothing.at, "before": nothing.before})
        parsed = self._completed(name, self._parsed(name))
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
        interval = interval.apply(lambda ends: ends.mask(wrong))
        if required:
            self.start = interval
        return self._with_length(name, interval)

    def _parsed(self, name: str) -> timestamps.ParsedTimes:
        if not self.rows.has(name):
            return timestamps.nothing(self.rows.index)
        cells = self.rows.cells(name)
        one = self._one_of_two(name, cells)
        parsed = self._in_zones(one, self.log.time_format)
        if one is not cells and self.start is not None:  # 23:40 – 00:20
            early = self.start["at"] - parsed.at
            next_day = (early > pd.Timedelta(0)) & (early < pd.Timedelta(days=1))
            at, before = (t.mask(next_day, t + pd.Timedelta(days=1)) for t in (parsed.at, parsed.before))
            parsed = replace(parsed, at=at, before=before)
        return parsed

    def _in_zones(self, cells: pd.Series, formats: Sequence[str]) -> timestamps.ParsedTimes:
        """Stamps read in the zone of the log, or in that which their row names."""
        if not self.rows.has("timezone"):
            return timestamps.parse(cells, self.zone, formats)
        named = typed_columns.texts(self.rows.cells("timezone"))
        zones = typed_columns.each_distinct(named, lambda text: zone_words.zone_for(text, self.zone))
        self.rows.note((named != "") & (zones == ""), "timezone", None, ZONE, f"Read in {self.zone}.", "unknown_zone")
        parts = [timestamps.parse(cells[zones == z], z or self.zone, formats) for z in zones.unique()]
        return timestamps.ParsedTimes(
            *(
                pd.concat([getattr(part, f.name) for part in parts]).reindex(cells.index)
                for f in fields(timestamps.ParsedTimes)
            )
        )

    def _completed(self, name: str, parsed: timestamps.ParsedTimes) -> timestamps.ParsedTimes:
        """Days with the time of day that a column of its own has. An end whose clock is before that of its start, on the
        same day, is of the next one; without a clock it is none. A blank day next to a clock is that of the row above, as
        merged cells are exported."""
        if not self.rows.has(f"{name}_clock") or not self.rows.has(name):
            return parsed
        clock = f"{name}_clock"
        written = typed_columns.texts(self._one_of_two(clock, self.rows.cells(clock)))
        clocks = durations.clock(written)
        unread = clocks.isna() & (placeholders.blanked(written, clock, "time") != "")
        self.rows.note(
            unread, clock, None, "a time of day such as 17:19", "Read as if it were empty.", "unreadable_time"
        )
        days = (
            timestamps.parse(self.rows.cells(name), "UTC", self.log.time_format).at.dt.tz_localize(None).dt.normalize()
        )
        same_day = name != "started_at" and self._same_day(name)
        above = pd.Series(False, index=days.index)
        if name == "started_at" or same_day:
            above = (typed_columns.texts(self.rows.cells(name)) == "") & self.rows.has_filled("started_at_clock")
            days = days.mask(above, days.ffill())
        moments, whole = days + clocks, days.notna() & clocks.notna()
        if name != "started_at" and self.wall is not None:
            moments = moments.mask(moments < self.wall, moments + pd.Timedelta(days=1)) if same_day else moments
        else:
            self.wall = moments
        stamps = moments.dt.strftime("%Y-%m-%dT%H:%M:%S") + (" " + durations.zones(written)).str.rstrip()
        texts = stamps.where(whole, "").astype(TEXT)
        made = self._in_zones(texts, ())
        if name == "started_at":
            made.oddity[above & whole & (made.oddity == "")] = "day_above"
        if same_day:
            return made
        return timestamps.ParsedTimes(
            *(getattr(made, f.name).where(whole, getattr(parsed, f.name)) for f in fields(timestamps.ParsedTimes))
        )

    def _one_of_two(self, name: str, cells: pd.Series) -> pd.Series:
        """The start, or the end, of cells that hold both, which one column of the file is then for."""
        clock = name.removeprefix(name.removesuffix("_clock"))
        sharing = [n for n in ENDS if self.rows.named.get(f"{n}{clock}") == self.rows.named.get(f"started_at{clock}")]
        sharing = [n for n in sharing if clock or f"{n}_clock" not in self.rows.named]
        if name == f"started_at{clock}" and sharing:
            return time_spans.starts(typed_columns.texts(cells))
        return time_spans.ends(typed_columns.texts(cells)) if name.removesuffix("_clock") in sharing else cells

    def _same_day(self, name: str) -> bool:
        return self.rows.named.get(name) == self.rows.named.get("started_at")

    def _with_length(self, name: str, interval: pd.DataFrame) -> pd.DataFrame:
        """An end that is missing, from how long it lasted."""
        start = self.start
        for unit in UNITS if name != "started_at" else ():
            column = f"{name}_duration_{unit}"
            if start is not None and self.rows.has(column):
                cells = typed_columns.texts(self.rows.cells(column))
                lasted = durations.parse(cells, unit)
                unread = lasted.isna() & (cells != "")
                self.rows.note(
                    unread, column, None, f"a length such as 90 ({unit}) or 1h 30m", "Read as empty.", "not_a_number"
                )
                missing = interval["at"].isna()
                self.by_length[name] = missing & lasted.notna()
                return interval.mask(missing, start.add(lasted, axis=0).astype(interval.dtypes))
        return interval

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
            remedy = REMEDIES.get(reason, 'Say how to read it: time_format = "%d/%m/%Y %H:%M".')
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
