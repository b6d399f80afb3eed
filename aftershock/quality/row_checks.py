"""Rows without an end, detected before their start, rejected or folded."""

from __future__ import annotations

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.output.phrases import duration, percent, plural
from aftershock.quality.finding import Finding, rows_of, some
from aftershock.quality.variants import Without, changed
from aftershock.schema.tables import FOLDS, REASONS

LONG_OPEN = pd.Timedelta(days=30)  # a judgement: by then somebody forgot to close it


def find_without_end(dataset: Dataset) -> list[Finding]:
    """Incidents that are over and have no end, and those that have been open for long."""
    incidents = dataset.actual_incidents
    bare = incidents["resolved_at"].isna()
    over = incidents[bare & (incidents["status"] == "resolved")]
    unknown = incidents[bare & (incidents["status"] == "unknown")]
    last = max(dataset.observed[1], incidents["started_at"].max()) if len(incidents) else dataset.observed[1]
    old = incidents[bare & (incidents["status"] == "open") & (last - incidents["started_at"] > LONG_OPEN)]
    rows = pd.concat([over, unknown, old])
    if rows.empty:
        return []
    what = ["resolved, without an end"] * len(over) + ["neither an end nor a status"] * len(unknown)
    what += [f"open for {duration(last - at)}" for at in old["started_at"]]
    return [
        Finding(
            "endless_incidents",
            some(len(rows), "incidents", "has no end", "have no end", of=len(incidents)),
            _without_end_said(len(over), len(unknown), len(old)),
            "Fill resolved_at, and the status where it is still open.",
            rows=rows_of("incidents", rows, pd.Series(what, index=rows.index)),
            touches="times to resolve; not the attribution",
        )
    ]


def _without_end_said(over: int, unknown: int, old: int) -> str:
    said = []
    if over + unknown:
        parts = [
            f"{n:,} {words}" for n, words in ((over, "resolved without an end"), (unknown, "without a status")) if n
        ]
        said.append(f"Left out of times to resolve: {' and '.join(parts)}.")
    if old:
        said.append(f"Open for more than {duration(LONG_OPEN)}, which makes these times look longer: {old:,}.")
    return " ".join(said)


def find_early_detection(dataset: Dataset) -> list[Finding]:
    """Incidents detected before they started: the recorded start is when somebody began to write."""
    incidents = dataset.actual_incidents
    early = incidents[incidents["detected_at_before"] < incidents["started_at"]]
    if early.empty:
        return []
    gap = early["started_at"] - early["detected_at"]
    ids = set(early["incident_id"])

    def make(d: Dataset) -> Dataset:
        where = d.incidents["incident_id"].isin(ids)
        first = d.incidents["started_at"].mask(where, d.incidents["detected_at"])
        last = d.incidents["started_at_before"].mask(where, d.incidents["detected_at_before"])
        return changed(d, "incidents", d.incidents.assign(started_at=first, started_at_before=last))

    return [
        Finding(
            "detected_before_start",
            some(len(early), "incidents", "was detected before it started", "were detected before they started"),
            f"By {duration(gap.median())} at the median. So the recorded start is not the real one, and the change may lie "
            "further before it than it seems, or after it.",
            "Correct the start, or map it to the column that holds the beginning of the impact.",
            rows=rows_of("incidents", early, gap.map(duration) + " before"),
            without=Without("their start set to their detection", make),
            touches="times to detect",
        )
    ]


def find_rejected(dataset: Dataset) -> list[Finding]:
    """Rows that could not be used, by table and reason."""
    found = []
    for (table, reason), problems in dataset.rejected.groupby(["table", "reason"], sort=True):
        rows_in = len(getattr(dataset, str(table))) + int((dataset.rejected["table"] == table).sum())
        lost = len(problems)
        first = problems.iloc[0]
        rows = problems.assign(id="", what=problems["found"])[["file", "line", "id", "what"]].reset_index(drop=True)
        found.append(
            Finding(
                f"rejected_{reason}",
                f"{plural(lost, 'row')} of {rows_in:,} in {table} could not be used: {REASONS.get(str(reason), reason)}",
                f"For example {first['found']} where {first['expected']} is expected. No number counts them.",
                str(first["remedy"]),
                rows=rows,
                touches=f"{percent(lost / rows_in)} of the {table}, which are missing",
            )
        )
    return found


def find_folded(dataset: Dataset) -> list[Finding]:
    """Records that were deliberately not made rows: not a flaw, unless it is most of them, and the other table does not read
    them."""
    found = []
    for table, other in (("incidents", "changes"), ("changes", "incidents")):
        theirs = pd.concat([getattr(dataset, other)["file"], dataset.folded["file"][dataset.folded["table"] == other]])
        there = (dataset.folded["reason"] == "other_table") & dataset.folded["file"].isin(set(theirs))
        folded = dataset.folded[(dataset.folded["table"] == table) & ~there]
        kept = len(getattr(dataset, table))
        if len(folded) <= kept or not len(folded):
            continue
        reasons = ", ".join(f"{n:,}: {FOLDS[str(r)]}" for r, n in folded["reason"].value_counts().items())
        rows = folded.assign(id="", what=folded["into"])[["file", "line", "id", "what"]].reset_index(drop=True)
        found.append(
            Finding(
                "mostly_folded",
                f"{plural(len(folded), 'record')} of {kept + len(folded):,} in {table} did not become rows",
                f"That is intended ({reasons}); but where it is most of the log, the format may be the wrong one.",
                f"Look at what was exported, and at format in [{table}].",
                rows=rows,
            )
        )
    return found
