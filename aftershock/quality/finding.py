"""What a check finds: the flaw in words, its rows and the fix."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from aftershock.output.phrases import percent, plural
from aftershock.quality.impact import Impact
from aftershock.quality.variants import Without
from aftershock.schema.tables import SCHEMAS

EXACT = pd.Timedelta(minutes=5)  # a judgement: people read a clock to five minutes
ROW_COLUMNS = ["file", "line", "id", "what"]


@dataclass(frozen=True)
class Finding:
    """One flaw.

    ``check``: a short name, one of :data:`aftershock.quality.CHECKS`. ``title``: the flaw in a line, with its number;
    ``said``: what was seen and, for a test, how often it would be seen in a sound log. ``fix``: what to do;
    ``toml``: lines for dataset.toml that do it, where there are such. ``rows``: the rows concerned, columns of
    ROW_COLUMNS, all of them. ``without``: the log without the flaw, where it can be made, and ``impact`` what that does to
    the answers. ``touches``: what it affects besides the attribution, or instead of it, in words.
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
        """For sorting: what was measured first, then the size of the impact, then the number of rows."""
        return self.impact is not None, self.impact.size if self.impact else 0.0, len(self.rows)


def exact(frame: pd.DataFrame) -> pd.Series:
    """True for each row whose start is known to a few minutes."""
    return (frame["started_at_before"] - frame["started_at"]) < EXACT


def signed(hours: float) -> str:
    """``+1 h``, ``−5.5 h``."""
    return f"{'+' if hours > 0 else '−' if hours < 0 else ''}{abs(hours):g} h"


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
