"""Rows that are there twice, and many rows of one instant."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import islice

import numpy as np
import pandas as pd
from scipy import special

from aftershock.dataset.dataset import Dataset
from aftershock.output.phrases import clock, duration, percent, plural
from aftershock.quality.finding import Finding, exact, rows_of
from aftershock.quality.variants import Without, without_rows
from aftershock.schema.tables import SCHEMAS

# Judgements, each: no log says which of its rows repeat another.
NEAR = pd.Timedelta(minutes=30)  # between an incident and one that may repeat it
NEAR_CHANGE = pd.Timedelta(minutes=5)  # between a change and the next part of the same rollout
LIKE = 0.85  # likeness of titles, from 0 to 1, from which they say the same
MOST_NEIGHBOURS = 20  # incidents before one that are compared with it
LEAST_REPEATED = 0.05  # share of changes that repeat one from which it is worth mentioning
LEAST_BULK, BULK_ODDS = 20, 1e-9  # rows of one instant, and how improbable by chance, from which it is an import


def find_repeated_incidents(dataset: Dataset) -> list[Finding]:
    """Incidents of one service, minutes apart, with titles alike: one outage recorded twice."""
    incidents = dataset.actual_incidents.reset_index(drop=True)
    earlier = _alike(incidents)
    if not earlier:
        return []
    later, rows, without = _repeated("incidents", incidents, earlier)
    return [
        Finding(
            "repeated_incidents",
            f"{plural(len(later), 'incident')} may repeat another one",
            f"Same service, titles alike, at most {duration(NEAR)} apart. Each counts as an outage of its own, so whatever "
            "came before it is suspected twice.",
            "Fill the column duplicate_of with the id of the first.",
            touches="counts of incidents",
            rows=rows,
            without=without,
        )
    ]


def find_repeated_changes(dataset: Dataset) -> list[Finding]:
    """Changes of one service and title, minutes apart: one rollout recorded in parts."""
    changes = dataset.changes
    earlier = _equal(changes)
    if len(earlier) < max(1, LEAST_REPEATED * len(changes)):
        return []
    later, rows, without = _repeated("changes", changes, earlier)
    return [
        Finding(
            "repeated_changes",
            f"{plural(len(later), 'change')} of {len(changes):,} ({percent(len(later) / len(changes))}) may repeat another one",
            f"Same services, same title, at most {duration(NEAR_CHANGE)} apart: regions, stages or retries of one rollout. "
            "The parts share the suspicion, and the kind seems safer than it is.",
            "Export one row for each rollout; the first start and the last end belong to it.",
            touches="rates by kind",
            rows=rows,
            without=without,
        )
    ]


def _repeated(log: str, table: pd.DataFrame, earlier: dict[int, int]) -> tuple[pd.DataFrame, pd.DataFrame, Without]:
    """The rows of a log that repeat an earlier one, the same as a finding's rows, and the log without them."""
    later, ids = table.loc[sorted(earlier)], table[SCHEMAS[log].id]
    what = [f"as {ids[earlier[n]]}, {_apart(table, n, earlier[n])}" for n in later.index]
    rows = rows_of(log, later, pd.Series(what, index=later.index))
    return later, rows, without_rows(log, ids[later.index], "the later ones left out")


def _alike(incidents: pd.DataFrame) -> dict[int, int]:
    """Row → the row that it repeats: the first of its services and of a title like its own, each near the one before."""
    first: dict[int, int] = {}
    sharp = incidents[exact(incidents)].sort_values("started_at", kind="stable")
    at, title = sharp["started_at"], sharp["title"]
    for _, rows in sharp.groupby(sharp["services"].map(tuple), sort=False):
        order = rows.index.to_list()
        for place, row in enumerate(order):
            for other in islice(reversed(order[:place]), MOST_NEIGHBOURS):
                if at[row] - at[other] > NEAR:
                    break
                if _titles_alike(title[row], title[other]):
                    first[row] = first.get(other, other)
                    break
    return first


def _equal(changes: pd.DataFrame) -> dict[int, int]:
    """Row → the row that it repeats: the first of its services and its title, each near the one before."""
    named = changes.loc[exact(changes) & (changes["title"] != ""), ["services", "title", "started_at"]]
    sharp = named.sort_values("started_at", kind="stable")
    keys = [pd.factorize(sharp[c].map(tuple) if c == "services" else sharp[c])[0] for c in ("services", "title")]
    begins = ~(sharp["started_at"].groupby(keys, sort=False).diff() <= NEAR_CHANGE)
    run = begins.groupby(keys, sort=False).cumsum().to_numpy()
    originals = pd.Series(sharp.index, index=sharp.index).groupby([*keys, run], sort=False).transform("first")
    return originals[~begins].to_dict()


def _titles_alike(one: str, other: str) -> bool:
    one, other = (re.sub(r"[\W\d_]+", " ", t.lower()).strip() for t in (one, other))
    if one == other:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return bool(one and other) and matcher.quick_ratio() >= LIKE and matcher.ratio() >= LIKE


def _apart(frame: pd.DataFrame, row: int, other: int) -> str:
    length = frame["started_at"][row] - frame["started_at"][other]
    return f"{duration(length)} before" if length else "at the same moment"


def find_bulk(dataset: Dataset) -> list[Finding]:
    """Many rows of one instant: an import, stamped with the time at which it was made."""
    found = []
    for log in ("incidents", "changes"):
        frame = getattr(dataset, log)
        sharp = frame[exact(frame)]
        counts = sharp["started_at"].value_counts()
        seconds = max(_span_seconds(sharp), 1.0)
        most = counts[(counts >= LEAST_BULK) & (_same_instant(counts.to_numpy(), len(sharp), seconds) < BULK_ODDS)]
        if len(most):
            rows = sharp[sharp["started_at"].isin(most.index)]
            found.append(_bulk_finding(dataset, log, rows, most))
    return found


def _span_seconds(frame: pd.DataFrame) -> float:
    return (frame["started_at"].max() - frame["started_at"].min()).total_seconds() if len(frame) else 0.0


def _same_instant(counts: np.ndarray, rows: int, seconds: float) -> np.ndarray:
    """A bound on the probability that so many rows share some second by chance: the expected number of such sets, at a
    rate a hundred times the mean, as rows come in rushes."""
    return special.pdtrc(counts - 1, 100 * rows / seconds) * seconds


def _bulk_finding(dataset: Dataset, log: str, rows: pd.DataFrame, instants: pd.Series) -> Finding:
    worst = instants.index[0]
    return Finding(
        "bulk",
        f"{plural(len(rows), log.removesuffix('s'))} share {plural(len(instants), 'instant')}",
        f"The largest: {instants.iloc[0]:,} at {clock(worst, dataset.timezone)}. An import or a clean-up writes its own "
        "time over what it brings in; such rows are near whatever happened then.",
        f"Export the {log} with the times at which they happened, or leave these rows out.",
        rows=rows_of(log, rows, rows["started_at"].dt.tz_convert(dataset.timezone).dt.strftime("%Y-%m-%d %H:%M:%S")),
        without=without_rows(log, rows[f"{log.removesuffix('s')}_id"], "these rows left out"),
    )
