"""Timestamps that cannot be right, or are less exact than they look."""

from __future__ import annotations

import pandas as pd
from scipy import special

from aftershock.dataset.dataset import Dataset
from aftershock.dataset.timestamps import UTC
from aftershock.output.phrases import duration, percent, plural
from aftershock.quality.finding import Finding, rows_of, signed
from aftershock.quality.variants import Without, changed, everywhere, moved

LEAST_ROUNDED, LEAST_ODDS = 0.1, 1e-6  # share of rows that are round, and its probability by chance: judgements
_UNITS = {
    "day": ("the whole day", "1 in 1,440", "entered by day"),
    "hour": ("30 minutes either way", "1 in 60", "scheduled for it"),
}  # unit → how they then count, how often by chance, what else it may be


def find_late_causes(dataset: Dataset) -> list[Finding]:
    """Reported causes that began after what they are said to have caused."""
    incidents = dataset.actual_incidents
    named = pd.DataFrame({"row": incidents.index, "change_id": incidents["caused_by"]}).explode("change_id").dropna()
    named = named[named["change_id"].isin(dataset.changes["change_id"])]
    if named.empty:
        return []
    first = dataset.changes.drop_duplicates("change_id").set_index("change_id")["started_at"]
    named["began"] = named["change_id"].map(first)
    named["late"] = named["began"] - named["row"].map(incidents["started_at_before"])
    late = named[named["late"] > pd.Timedelta(0)]
    if late.empty:
        return []
    lengths = late["late"].dt.total_seconds() / 3600
    whole = round(float(lengths.median()))
    alike = whole >= 1 and len(late) >= 5 and float((abs(lengths - whole) < 0.75).mean()) > 0.6
    hint = f" Most are about {whole} h late, as if a clock were off by that much." if alike else ""
    rows = incidents.loc[late["row"]].reset_index(drop=True)
    what = [f"{c} began {duration(t)} after it" for c, t in zip(late["change_id"], late["late"], strict=True)]
    return [
        Finding(
            "late_cause",
            f"{plural(len(late), 'reported cause')} of {len(named):,} began after the incident",
            "A change cannot set off what began before it: the id is wrong, a start was entered late, or one clock is "
            f"ahead.{hint} The model does not read reported causes; but a start that is too early hides the true change.",
            "Correct the start of the incident or the id of the change.",
            rows=rows_of("incidents", rows, pd.Series(what)),
            without=Without(
                f"the changes moved by {signed(-whole)}",
                lambda d: moved(d, "changes", pd.Timedelta(hours=-whole), everywhere),
            )
            if alike
            else None,
            touches="the score against reported causes",
        )
    ]


def find_rounded(dataset: Dataset) -> list[Finding]:
    """Times that are whole hours or days far more often than by chance, in logs that call them exact."""
    found = []
    for log in ("incidents", "changes"):
        if rounded := rounded_starts(getattr(dataset, log), dataset.timezone):
            found.append(_rounded_finding(dataset, log, *rounded))
    return found


def rounded_starts(frame: pd.DataFrame, zone: str) -> tuple[str, pd.DataFrame, float] | None:
    """The rows that start on a full ``day``, else ``hour``, and their share; None where no more do than by chance."""
    sharp = frame[frame["started_at"] == frame["started_at_before"]]
    local = sharp["started_at"].dt.tz_convert(zone).dt.tz_localize(None)
    for unit, by_chance, whole in (
        ("day", 1 / 1440, local == local.dt.normalize()),
        ("hour", 1 / 60, local == local.dt.floor("h")),
    ):
        share = float(whole.mean()) if len(whole) else 0.0
        if share >= LEAST_ROUNDED and special.bdtrc(int(whole.sum()) - 1, len(whole), by_chance) < LEAST_ODDS:
            return unit, sharp[whole], share
    return None


def _rounded_finding(dataset: Dataset, log: str, unit: str, rows: pd.DataFrame, share: float) -> Finding:
    ids, column = set(rows.iloc[:, 0]), rows.columns[0]
    zone = dataset.timezone
    kept, chance, instead = _UNITS[unit]
    return Finding(
        "rounded_stamps",
        f"{percent(share)} of the {log} start on a full {unit}",
        f"By chance it would be {chance}. They were rounded, or {instead}; read "
        "as exact, they move the delay between a change and an incident.",
        f"If they were rounded, let them count as imprecise, {kept}:",
        toml=f'[{log}]\nrounded = "{unit}"',
        rows=rows_of(log, rows, rows["started_at"].dt.tz_convert(zone).dt.strftime("%Y-%m-%d %H:%M")),
        without=Without(
            f"these read as imprecise, {kept}",
            lambda d: _widened(d, log, getattr(d, log)[column].isin(ids), unit, zone),
        ),
        touches="delays",
    )


def _widened(dataset: Dataset, log: str, where: pd.Series, unit: str, zone: str) -> Dataset:
    frame = getattr(dataset, log)
    first, last = frame["started_at"], frame["started_at_before"]
    if unit == "hour":
        half = pd.Timedelta(minutes=30)
        first, last = first.mask(where, first - half), last.mask(where, last + half)
    else:
        day = first.dt.tz_convert(zone).dt.normalize()
        last = last.mask(where, (day + pd.Timedelta(days=1)).dt.tz_convert("UTC"))
    return changed(dataset, log, frame.assign(started_at=first.astype(UTC), started_at_before=last.astype(UTC)))
