"""What a check finds: the flaw in words, its rows, the fix, and the log as it would be without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.output.phrases import percent, plural
from aftershock.schema.tables import SCHEMAS

EXACT = pd.Timedelta(minutes=5)
ROW_COLUMNS = ["file", "line", "id", "what"]


@dataclass(frozen=True)
class Impact:
    """How far a flaw bends the attribution: the answers of the log as it is beside those without the flaw.

    ``incidents``: answered in both; ``moved``: those of them whose first explanation is another one then; ``share`` and
    ``share_without``: the mean probability that a recorded change set an incident off, over the same incidents; ``how``:
    what was done to the log for it.
    """

    incidents: int
    moved: int
    share: float
    share_without: float
    how: str

    @property
    def size(self) -> float:
        """From 0 (nothing changes) up: the share of first explanations that move, and how far the share of incidents
        that changes set off moves, added."""
        return self.moved / max(self.incidents, 1) + abs(self.share_without - self.share)


@dataclass(frozen=True)
class Without:
    """The log without a flaw: ``how`` it was made, in words behind "with"; ``make`` makes it."""

    how: str
    make: Callable[[Dataset], Dataset]


@dataclass(frozen=True)
class Finding:
    """One flaw.

    ``check``: a short name, one of :data:`aftershock.quality.CHECKS`. ``title``: the flaw in a line, with its number;
    ``said``: what was seen and, for a test, how often it would be seen in a sound log. ``fix``: what to do;
    ``toml``: lines for dataset.toml that do it, where there are such. ``rows``: the rows concerned, columns of
    ROW_COLUMNS, all of them. ``touches``: what it bends besides the attribution, or instead of it, in words.
    """

    check: str
    title: str
    said: str
    fix: str
    toml: str = ""
    rows: pd.DataFrame = field(default_factory=lambda: no_rows())
    without: Without | None = None
    touches: str = ""
    impact: Impact | None = None

    @property
    def weight(self) -> tuple[bool, float, int]:
        """For sorting: what was measured first, then the size of the bend, then the number of rows."""
        return self.impact is not None, self.impact.size if self.impact else 0.0, len(self.rows)


def exact(frame: pd.DataFrame) -> pd.Series:
    """True for each row whose start is known to a few minutes."""
    return (frame["started_at_before"] - frame["started_at"]) < EXACT


def signed(hours: float) -> str:
    """``+1 h``, ``−5.5 h``."""
    return f"{'+' if hours > 0 else '−' if hours < 0 else ''}{abs(hours):g} h"


def everywhere(frame: pd.DataFrame) -> pd.Series:
    """True for each row."""
    return pd.Series(True, index=frame.index)


def some(rows: int, log: str, one: str, many: str, *, of: int = 0, share: bool = False) -> str:
    """The beginning of a sentence on some rows of a log: ``1 change of 20 (5 %) names``."""
    among = f" of {of:,}" if of else ""
    among += f" ({percent(rows / of)})" if share and of else ""
    return f"{plural(rows, log.removesuffix('s'))}{among} {one if rows == 1 else many}"


def no_rows() -> pd.DataFrame:
    return pd.DataFrame(columns=ROW_COLUMNS)


def rows_of(table: str, frame: pd.DataFrame, what: pd.Series | str = "") -> pd.DataFrame:
    """Rows of a canonical table as a finding names them; ``what`` says of each what is odd."""
    identifier = SCHEMAS[table].id
    return pd.DataFrame(
        {"file": frame["file"], "line": frame["line"], "id": frame[identifier], "what": what}, columns=ROW_COLUMNS
    ).reset_index(drop=True)


def without_rows(table: str, gone: pd.Series, how: str) -> Without:
    """A log without some rows; ``gone`` is True for those, by their id."""
    ids = set(gone)
    column = SCHEMAS[table].id

    def make(dataset: Dataset) -> Dataset:
        frame = getattr(dataset, table)
        return changed(dataset, table, frame[~frame[column].isin(ids)])

    return Without(how, make)


def changed(dataset: Dataset, table: str, frame: pd.DataFrame) -> Dataset:
    """The dataset with another table, its rows in the usual order."""
    ordered = frame.sort_values(["started_at", SCHEMAS[table].id], kind="stable").reset_index(drop=True)
    return replace(dataset, **{table: ordered})


def moved(dataset: Dataset, table: str, by: pd.Timedelta, where: Callable[[pd.DataFrame], pd.Series]) -> Dataset:
    """The dataset with the times of some rows of a log moved."""
    frame = getattr(dataset, table)
    mask = where(frame)
    times = {
        c: frame[c].mask(mask, frame[c] + by)
        for name in SCHEMAS[table].of_type("time")
        for c in (name, f"{name}_before")
    }
    return changed(dataset, table, frame.assign(**times))
