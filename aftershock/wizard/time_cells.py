"""The columns of a file read as times, each once."""

from __future__ import annotations

import pandas as pd

from aftershock.dataset import durations, time_spans, timestamps, zone_words
from aftershock.wizard import time_formats, time_names
from aftershock.wizard.time_formats import ENOUGH, Stamps

LOOKED_AT = 50  # filled cells that tell whether a column may hold times: a judgement
DAYS = 0.98  # share of the moments of a column of days that are at midnight: a judgement


class TimeCells:
    """The columns of a file read as times, each once; ``around``: what the file puts before the names of all of them."""

    def __init__(self, rows: pd.DataFrame, zone: str, around: str = ""):
        self.rows, self.zone, self.around = rows, zone, around
        self.spans: dict[str, pd.Series] = {}  # of columns that hold a start and an end the starts
        self._stamps: dict[str, Stamps | None] = {}
        self._may: dict[str, bool] = {}
        self._at: dict[tuple[str, tuple[str, ...]], pd.Series] = {}

    def stamps(self, name: str) -> Stamps | None:
        """How a column writes times; None where it holds none."""
        if name not in self._stamps:
            self._stamps[name] = time_formats.forms_of(self.rows[name], self.zone) or self._of_spans(name)
        return self._stamps[name]

    def may_hold_times(self, name: str) -> bool:
        """Whether the first cells of a column are times: to read all of a large one takes long."""
        if name not in self._may:
            texts = self.rows[name]
            some = texts[texts != ""].head(LOOKED_AT)
            known = self._stamps.get(name)
            self._may[name] = known is not None or time_formats.forms_of(some, self.zone) is not None
        return self._may[name]

    def read(self, name: str) -> pd.Series | None:
        """The moments of a column of times."""
        stamps = self.stamps(name)
        if stamps is None:
            return None
        if (key := (name, stamps.formats)) not in self._at:
            texts = self.spans.get(name, self.rows[name])
            self._at[key] = timestamps.parse(texts, self.zone, stamps.formats).at
        return self._at[key]

    def _of_spans(self, name: str) -> Stamps | None:
        """How a column writes times of which some cells hold two."""
        begun = time_spans.starts(self.rows[name])
        if (begun == self.rows[name]).all():
            return None
        found = time_formats.forms_of(begun, self.zone)
        if found and not durations.clock(begun[begun != ""]).notna().any():
            self.spans[name] = begun
            return found
        return None

    def is_of_days(self, name: str) -> bool:
        """Whether a column holds days without a time of day; a few may have one."""
        at = self.read(name)
        if at is None:
            return False
        local = at.dropna().dt.tz_convert(self.zone)
        return bool(local.empty or (local == local.dt.normalize()).mean() >= DAYS)

    def is_of_clocks(self, name: str) -> bool:
        """Whether a column holds times of day without a day."""
        texts = self.rows[name][self.rows[name] != ""]
        if texts.str.fullmatch(r"\d*(?:[.,]\d+)+").all() and not time_names.is_clock(name):
            return False  # 17.13 and 7.18.0 of versions, 5.29 of a rate
        return not texts.empty and bool(durations.clock(time_spans.starts(texts)).notna().mean() >= ENOUGH)

    def why_not(self, name: str) -> str:
        """Why a column of times cannot be read; ``""`` for an empty one and for one of clocks, which has days next to it."""
        return "" if self.is_of_clocks(name) else time_formats.why_not(self.rows[name], self.zone)

    def strange_zone(self, name: str) -> str:
        """A time of day that names a zone whose letters mean several; ``""`` where none does."""
        zones = durations.zones(self.rows[name])
        strange = self.rows[name][zones.map(lambda zone: bool(zone) and not zone_words.zone_for(zone, self.zone))]
        return strange.iloc[0] if len(strange) else ""

    def without_day(self, name: str) -> str:
        """What a column of times of day lacks where no column holds days; ``""`` for every other."""
        if not self.is_of_clocks(name) or any(map(self.is_of_days, self.rows.columns)):
            return ""
        texts = self.rows[name][self.rows[name] != ""]
        return f"times of day, such as {texts.iloc[0]!r}, and no column says of which day"

    def settle(self, names: list[str]) -> None:
        """Decide the order of day and month for the whole file; ``names``: the columns used, that of the start first."""
        if not any((s := self.stamps(n)) and s.order for n in names):
            return
        open_ = [n for n in dict.fromkeys([*names, *self.rows.columns]) if (s := self.stamps(n)) and s.order]
        known = {n: s for n, s in self._stamps.items() if s}
        texts = {n: self.spans.get(n, self.rows[n]) for n in open_}
        self._stamps |= time_formats.settled(texts, known, self.zone)
