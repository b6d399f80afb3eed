"""Changes of one origin that stop before the others, and changes that machines make in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.model.priors import shipped
from aftershock.model.risk import features_of, machine_accounts, routine
from aftershock.model.times import hours as hours_of
from aftershock.output.phrases import listed, plural
from aftershock.quality import count_tests
from aftershock.quality.finding import Finding, rows_of, some
from aftershock.quality.variants import Without, within, without_rows

FALSE_ALARM = 0.01  # over all origins of a log: a convention
LEAST_CHANGES = 20  # of an origin, and as many of others after its end; fewer show no rate
LEAST_MISSING = pd.Timedelta(weeks=4)  # shorter pauses are holidays (a judgement)
LATEST = 30  # changes of an origin that its last rate is read from
MOST_ROUTINE = 0.2  # share of changes from which machines' are worth a line (a judgement)


@dataclass(frozen=True)
class Stop:
    """An origin of changes that stops: ``column`` and ``name`` of it, its last change, and how many would be ``expected``
    after that."""

    column: str
    name: str
    last: pd.Timestamp
    changes: int
    expected: float


def stops(dataset: Dataset) -> list[Stop]:
    """Repositories, and accounts of machines, whose changes end four weeks or more before those of others do, although at the
    rate of their latest changes, measured by the changes of others, many should have followed. People's accounts are left out:
    people leave."""
    changes = dataset.changes
    inside = changes["started_at"].between(*dataset.observed, inclusive="left")
    changes = changes[inside]
    origins = {"repository": changes["repository"].to_numpy(dtype=object), "author": machine_accounts(changes)}
    groups = [(c, name, rows) for c, names in origins.items() for name, rows in _groups(names)]
    at = hours_of(changes["started_at"])
    found = [_stop(changes, at, *group) for group in groups]
    return [s for s, probability in found if s and probability * len(groups) < FALSE_ALARM]


def _groups(names: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    values, codes, counts = np.unique(names.astype(str), return_inverse=True, return_counts=True)
    for n in np.flatnonzero((counts >= LEAST_CHANGES) & (values != "")):
        yield str(values[n]), codes == n


def _stop(changes: pd.DataFrame, at: np.ndarray, column: str, name: str, own: np.ndarray) -> tuple[Stop | None, float]:
    """The origin's stop, and how probable it is that it has not stopped."""
    mine, others = np.sort(at[own]), np.sort(at[~own])
    last = changes["started_at"][own].max()
    after = len(others) - int(np.searchsorted(others, mine[-1], side="right"))
    if after < LEAST_CHANGES or changes["started_at"].max() - last < LEAST_MISSING:
        return None, 1.0
    rates = []
    for rows in (mine[-LATEST:], mine):  # lately and throughout: what dwindles has not stopped
        during = np.searchsorted(others, rows[-1]) - np.searchsorted(others, rows[0])
        rates.append(
            min(
                (len(rows) - 1) / max(during, 1),
                (len(rows) - 1) / max(rows[-1] - rows[0], 1e-9) * (at.max() - mine[-1]) / after,
            )
        )
    weeks = np.bincount(((mine - mine[0]) // 168).astype(int))
    expected = min(rates) * after
    probability = count_tests.none(expected, count_tests.dispersion(weeks))
    return Stop(column, name, last, len(mine), float(expected)), probability


def find_stops(dataset: Dataset) -> list[Finding]:
    """One source of changes that ends in the middle, while others go on."""
    found = stops(dataset)
    if not found:
        return []
    zone, first = dataset.timezone, min(s.last for s in found)
    words = {"repository": "repository", "author": "account"}
    shown = [
        f"{words[s.column]} {s.name}, last on {s.last.tz_convert(zone):%-d %b %Y} ({s.changes:,} changes until then, about "
        f"{s.expected:,.0f} expected since)"
        for s in found
    ]
    rows = pd.DataFrame({"file": "", "line": pd.NA, "id": [s.name for s in found], "what": shown})
    end = (first.tz_convert(zone).normalize() + pd.DateOffset(days=1)).tz_convert("UTC")
    days = [t.tz_convert(zone) for t in (dataset.observed[0], end - pd.Timedelta(seconds=1))]
    return [
        Finding(
            "stopped_source",
            f"{plural(len(found), 'source')} of changes {'stops' if len(found) == 1 else 'stop'} while others go on",
            f"{listed(shown, 4)}. In a complete log of steady rates this would be seen once in {1 / FALSE_ALARM:.0f} logs. What "
            "it set off since then has no change to be traced to. A source that was given up or renamed looks the same.",
            "Export it again to the end. Where that cannot be, learn only from the time before it stopped:",
            toml=f'[attribution]\nobserved = ["{days[0]:%Y-%m-%d}", "{days[1]:%Y-%m-%d}"]',
            rows=rows,
            without=Without(
                "only the time before it stopped", lambda d: within(d, d.observed[0], min(end, d.observed[1]))
            ),
            touches="rates by kind",
        )
    ]


def find_routine(dataset: Dataset) -> list[Finding]:
    """Changes that machines make, or that come in batches, where they are a large part of the log."""
    changes = dataset.changes
    if changes.empty:
        return []
    made = routine(features_of(changes, shipped().factors))
    if made.mean() < MOST_ROUTINE or made.all():
        return []
    rows = changes[made]
    accounts = pd.Series(machine_accounts(rows)).value_counts().drop("", errors="ignore")
    named = [f"{name} ({count:,})" for name, count in accounts.items()]
    return [
        Finding(
            "routine_changes",
            some(len(rows), "changes", "is made", "are made", of=len(changes), share=True)
            + " by machines or in batches",
            "Dependency bumps, nightly settings, scaling, releases of everything at once. The model learns their rate apart from "
            "that of other changes, so that many harmless ones neither make the others look safe nor take the blame for them."
            + (f" Accounts: {listed(named, 5)}." if named else ""),
            "Nothing needs to be done; leave them out of the export where they cannot set anything off, so that no incident is "
            "compared with them.",
            rows=rows_of("changes", rows, rows["title"]),
            without=without_rows("changes", rows["change_id"], "these changes left out"),
            touches="rates by kind, and how many changes compete",
        )
    ]
