"""What is odd about the values of a log by themselves: signs that a column was taken for another, or read wrongly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.output.phrases import duration, plural, verb
from aftershock.quality.row_checks import LONG_OPEN
from aftershock.quality.timestamp_checks import rounded_starts
from aftershock.schema import status_words
from aftershock.schema.tables import SCHEMAS
from aftershock.wizard import column_cells, no_logs, time_formats

# Judgements, each: what is rarer may well be so.
FEWEST, SOME = 3, 10  # rows from which it is odd that all are alike in what differs, or in what may well be alike
MOST = 0.5  # share of rows that is most of them
MANY = 0.1  # share of rows of a length of months that is odd
MOST_IDS = 200  # that are looked at: what looks like times does so throughout
SENTENCE = 5  # words with a full stop behind them, from which on they are no name
MANY_DAYS = 0.25  # share of starts at midnight, of which what runs every few hours has some
WHOLE_DAY = pd.Timedelta(hours=20)
EARLIEST = pd.Timestamp("1990-01-01", tz="UTC")


def of(frame: pd.DataFrame, dataset: Dataset, table: str) -> list[str]:
    """What is odd about the rows of a log of ``table``, each in a few words."""
    if frame.empty:
        return []
    odd = [*_starts(frame, dataset, table), *_lengths(frame), *_ended(frame, dataset), *_words(frame, table)]
    return [*odd, *_short(frame, dataset)]


def lengths(frame: pd.DataFrame) -> pd.Series:
    """How long each row took to its end, of the first column of ends that holds any; NaT for those without one."""
    ends = [frame[name] for name in ("resolved_at", "mitigated_at", "finished_at") if name in frame]
    return next((end for end in ends if end.notna().any()), ends[0]) - frame["started_at"]


def _short(frame: pd.DataFrame, dataset: Dataset) -> Iterator[str]:
    """Rows with fewer cells than the header: all behind a cell that is left out stand under the wrong names."""
    notes = dataset.notes[dataset.notes["reason"] == "short_row"]
    short = int(notes["file"].isin(set(frame["file"])).sum())
    lines = set(zip(notes["file"], notes["line"], strict=True))
    none = zip(dataset.rejected["file"], dataset.rejected["line"], strict=True)
    broken = any({place, (place[0], place[1] - 1)} <= lines for place in none if place[0] in set(frame["file"]))
    if short > MANY * len(frame) or broken:
        said = ": rows broken over two lines, whose cells need quotes?" * broken
        yield f"{plural(short, 'row')} {verb(short, 'has', 'have')} fewer cells than the header{said}"


def _starts(frame: pd.DataFrame, dataset: Dataset, table: str) -> Iterator[str]:
    at, rows = frame["started_at"], len(frame)
    width = frame["started_at_before"] - at
    whole = width >= WHOLE_DAY
    days = int(whole.sum())
    if days:
        of_months = width[whole].min() > 2 * WHOLE_DAY
        one, many = ("a month", "months") if of_months else ("a day", "days")
        what = f"{verb(days, f'is {one}', f'are {many}')} without {'a day' if of_months else 'a time of day'}"
        counted = ", whose ends and lengths are counted from midnight" * bool(lengths(frame)[whole].notna().any())
        yield f"{days:,} of {plural(rows, 'start')} {what}{counted}"
    elif (rounded := rounded_starts(frame, dataset.timezone)) and rounded[0] == "day" and rounded[2] > MANY_DAYS:
        yield f"{len(rounded[1]):,} of {plural(rows, 'start')} are at midnight: days without a time of day?"
    elif rows >= SOME and (at - at.dt.normalize()).nunique() == 1:
        yield f"every start is at {at.dt.strftime('%H:%M').iloc[0]} UTC: days without a time of day?"
    if late := int((at > pd.Timestamp.now("UTC") + pd.Timedelta(days=1)).sum()):
        yield f"{plural(late, 'start')} in the future"
    if early := int((at < EARLIEST).sum()):
        yield f"{plural(early, 'start')} before {EARLIEST.year}"
    together = int(at.dt.floor("min").value_counts().iloc[0])
    if rows > FEWEST and together > MOST * rows and not days:
        yield f"{together:,} of {plural(rows, 'start')} are in one minute: the time of the export?"


def _lengths(frame: pd.DataFrame) -> Iterator[str]:
    found = lengths(frame).dropna()
    rows, none = len(found), pd.Timedelta(0)
    if not rows:
        return
    if (same := int((found == none).sum())) > MOST * rows:
        yield f"{same:,} of {rows:,} end when they start"
    elif rows >= FEWEST and found.nunique() == 1:
        yield f"every length is {duration(found.iloc[0])}"
    if before := int((found < none).sum()):
        yield f"{before:,} of {rows:,} end before they start"
    if (long := int((found > LONG_OPEN).sum())) > MANY * rows:
        yield f"{long:,} of {rows:,} last longer than {duration(LONG_OPEN)}"


def _ended(frame: pd.DataFrame, dataset: Dataset) -> Iterator[str]:
    noted = dataset.notes[dataset.notes["reason"] == "ended_yet_open"]
    read = set(zip(frame["file"], frame["line"], strict=True))  # of a history the newest rows alone
    yet = [place for place in zip(noted["file"], noted["line"], strict=True) if place in read]
    ended = int(lengths(frame).notna().sum())
    if "resolved_at" in frame and MANY * ended < len(yet):
        yield f"{len(yet):,} of {ended:,} with an end are open by their state: a plan, or the last change? They count as over"


def _words(frame: pd.DataFrame, table: str) -> Iterator[str]:
    rows = len(frame)
    if table == "changes" and {"status", "finished_at"} <= {*frame}:
        never = frame["status"].map(lambda word: status_words.took_effect(word) is False)
        if ended := int((never & (frame["finished_at"] > frame["started_at"])).sum()):
            yield f"{plural(ended, 'row')} of those that never took effect {verb(ended, 'has', 'have')} an end"
    services = Counter(service for row in frame["services"] for service in row)
    mentions = sum(services.values())
    if len(services) == 1 and mentions == rows >= SOME:
        yield f"every row is of the service {next(iter(services))!r}"
    if told := next((name for name in services if name.endswith(".") and len(name.split()) >= SENTENCE), ""):
        yield f"a service is a sentence, {told!r}: if it says that there was none, empty these cells, or name another column"
    ids = [name for name in services if re.fullmatch(column_cells.OPAQUE, name)]
    if len(ids) > MOST * len(services):
        yield f"services are ids, such as {ids[0]!r}: export the names that people see, or give each one under [aliases]"
    elif rows >= SOME and len(services) > MOST * rows:
        yield f"{len(services):,} services in {rows:,} rows: are they ids or titles?"
    grades = set(frame["severity"].map(status_words.plain)) if table == "incidents" else set()
    if grades and grades <= no_logs.WELL_THINGS:
        yield f"every severity is {frame['severity'].iloc[0]!r}: how it is now, and not how bad it was?"
    if rows >= FEWEST and frame["title"].nunique() == 1 and frame["title"].iloc[0]:
        yield "every title is the same"
    ids = frame[SCHEMAS[table].id].head(MOST_IDS)
    if not ids.str.fullmatch(r"\d+").all() and time_formats.forms_of(ids) is not None:
        yield "the ids look like times"
    if table == "incidents" and rows >= SOME and {"open"} <= set(frame["status"]) <= {"open", "unknown"}:
        yield "no incident counts as over"
