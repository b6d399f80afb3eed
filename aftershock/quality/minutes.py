"""Whether the two logs agree to the minute: clocks that differ by minutes, and incidents stamped long after they began.

Both show in the lags between the starts of incidents and of changes of their own services. A change sets off what comes after
it, so the incidents that are near a change beyond chance begin right after it: before it when a clock is off, and only after a
long pause when incidents are stamped when somebody noticed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from aftershock.dataset.dataset import Dataset
from aftershock.model.times import hours as hours_of
from aftershock.output.phrases import plural
from aftershock.quality.clocks import FALSE_ALARM, WEEKS, changes_by_service, sharp_incidents
from aftershock.quality.finding import Finding
from aftershock.quality.variants import Without, everywhere, moved

WINDOWS = (
    3,
    5,
    10,
    20,
)  # minutes after an incident in which a change of its service is looked for; longer are zones' or fixes'
LEAST_SEEN = 4  # incidents; fewer may be fixes that say nothing of it (a judgement)
REACH = 60  # minutes on either side of an incident that the edge is looked for in
PAUSES = (15, 20, 30, 45)  # minutes without an incident after a change that are tested
FOLLOWING, WIDE = 3, 12  # times the pause: until then what follows it is counted, and half of all within WIDE has shown
LEAST_EARLY = (
    0.25  # of the incidents within three times the pause fall into it, where half of all have shown by then: so it is
)
# for delays of an exponential, and of a log-normal from a factor of e wide on
LEAST_FOLLOWING = 15  # incidents beyond chance after the pause; fewer show nothing
RISES = np.array([1, 5, 10, 20])  # minutes in which what changes set off comes to its highest rate
INSIDE = 1.92  # log likelihood within which 95 % intervals reach: half of the 0.95 quantile of chi square


@dataclass(frozen=True)
class Lead:
    """Incidents that begin just before a change of their own service: ``seen`` within ``window`` minutes, ``chance`` by chance.
    ``minutes``: by how much the changes' clock seems ahead, with the 95 % interval ``low`` to ``high``."""

    window: int
    seen: int
    chance: float
    minutes: float
    low: float
    high: float


@dataclass(frozen=True)
class Pause:
    """``minutes`` after a change in which its service's incidents do not begin, though they do until FOLLOWING times as many:
    ``seen`` in the pause, ``following`` after it, and what ``chance`` gives each."""

    minutes: int
    seen: int
    following: int
    chance: tuple[float, float]


class Lags:
    """Lags between incidents and changes of their own services, as they are and moved by whole weeks."""

    def __init__(self, dataset: Dataset):
        incidents = sharp_incidents(dataset)
        changes = changes_by_service(dataset.changes)
        self.places = [
            (hours_of(rows["started_at"]), there)
            for services, rows in incidents.groupby(incidents["services"].map(tuple), sort=False)
            if len(there := np.sort(np.concatenate([np.array([]), *(changes[s] for s in services if s in changes)])))
        ]

    def counts(self, low: float, high: float) -> np.ndarray:
        """Incidents that begin from ``low`` up to ``high`` minutes after a change, (1 + weeks,): as they are, and moved."""
        by = 168.0 * np.array([0, *WEEKS])
        total = np.zeros(len(by))
        for at, there in self.places:
            moment = at[:, None] - by
            first = np.searchsorted(there, moment - high / 60, side="right")
            total += (np.searchsorted(there, moment - low / 60, side="right") > first).sum(axis=0)
        return total

    def seen(self, low: float, high: float) -> tuple[int, float]:
        """How many there are, and how many chance gives."""
        counts = self.counts(low, high)
        return int(counts[0]), float(counts[1:].mean())


def lead(lags: Lags) -> Lead | None:
    """How far the changes' clock seems ahead of the incidents', in minutes; None where nothing shows it."""
    found = [(*lags.seen(-window, 0), window) for window in WINDOWS]
    tests = [
        (float(special.pdtrc(seen - 1, max(chance, 0.2))) * len(WINDOWS), window, seen, chance)
        for seen, chance, window in found
        if seen >= LEAST_SEEN
    ]
    if not tests or min(tests)[0] >= FALSE_ALARM:
        return None
    _, window, seen, chance = min(tests)
    return Lead(window, seen, chance, *_edge(lags))


def _edge(lags: Lags) -> tuple[float, float, float]:
    """By how many minutes incidents begin to be near changes too early, and the 95 % interval, by profile likelihood: from an
    edge on, the rate of chance rises evenly to a higher one, within one of RISES minutes."""
    bins = np.arange(-REACH, RISES[-1])
    found = np.array([lags.counts(k, k + 1) for k in bins])
    seen, chance = found[:, 0], max(float(found[:, 1:].mean()), 1e-3)
    heights = np.geomspace(0.02, 50, 40) * max(float(seen.mean()), chance)
    fits = []
    for edge in range(REACH + 1):
        into = np.maximum(bins + 0.5 + edge, 0.0)
        rates = chance + heights[:, None] * np.minimum(into / RISES[:, None, None], 1.0)
        fits.append(float((seen * np.log(rates) - rates).sum(axis=-1).max()))
    inside = np.flatnonzero(np.array(fits) >= max(fits) - INSIDE)
    return float(np.argmax(fits)), float(inside.min()), float(inside.max())


def pause(lags: Lags) -> Pause | None:
    """The longest time after a change in which nothing begins though much does right after it; None where there is none."""
    for minutes in reversed(PAUSES):
        (seen, by_chance), (following, then) = lags.seen(0, minutes), lags.seen(minutes, FOLLOWING * minutes)
        wide, usual = lags.seen(0, WIDE * minutes)
        beyond = max(seen - by_chance, 0.0) + following - then
        if following - then < LEAST_FOLLOWING or beyond < (wide - usual) / 2:
            continue
        if special.pdtr(seen, by_chance + LEAST_EARLY * beyond) * len(PAUSES) < FALSE_ALARM:
            return Pause(minutes, seen, following, (by_chance, then))
    return None


def find_minutes(dataset: Dataset) -> list[Finding]:
    """Clocks that are minutes apart, and incidents that are stamped late."""
    lags = Lags(dataset)
    found = []
    if ahead := lead(lags):
        found.append(_lead_finding(ahead))
    elif late := pause(lags):
        found.append(_pause_finding(late))
    return found


def _lead_finding(found: Lead) -> Finding:
    length = plural(round(found.minutes), "minute")
    back = pd.Timedelta(minutes=-found.minutes)
    return Finding(
        "minutes_ahead",
        f"the changes' clock seems about {length} ahead of the incidents'",
        f"{plural(found.seen, 'incident')} {'begins' if found.seen == 1 else 'begin'} up to {found.window} minutes before a change "
        f"of their own service, where chance gives {found.chance:.1f}. Where that begins says how far the clock is ahead: "
        f"{found.minutes:.0f} minutes (95 %: {found.low:.0f} to {found.high:.0f}). By chance alone this is seen "
        f"about once in {1 / FALSE_ALARM:.0f} logs. Fixes made so soon after an incident, and changes stamped when they end, "
        "look the same.",
        "No line of dataset.toml moves a clock by minutes. Set the clocks of both systems by one time server, and export the "
        "moment at which a change began, not the one at which it ended or was recorded.",
        without=Without(f"the changes moved by −{length}", lambda d: moved(d, "changes", back, everywhere))
        if found.minutes
        else None,
        touches="the delays between changes and incidents",
    )


def _pause_finding(found: Pause) -> Finding:
    back = pd.Timedelta(minutes=-found.minutes)
    return Finding(
        "late_onset",
        f"hardly any incident begins within {found.minutes} minutes of a change, many in the {2 * found.minutes} after that",
        f"{found.seen} begin in the first {found.minutes} minutes after a change of their own service (chance gives "
        f"{found.chance[0]:.1f}), {found.following} in the next {2 * found.minutes} (chance: {found.chance[1]:.1f}). What changes "
        "set off begins sooner, so the incidents seem to be stamped when somebody noticed or wrote them down, or the clocks differ "
        f"by so much. In a log of exact starts this is seen at most once in {1 / FALSE_ALARM:.0f} logs. A process that always "
        "fails so much later looks the same.",
        "Export the moment at which the impact began, and map it to started_at; the moment at which it was noticed belongs into "
        "detected_at.",
        without=Without(
            f"the incidents moved by −{found.minutes} minutes", lambda d: moved(d, "incidents", back, everywhere)
        ),
        touches="the delays between changes and incidents, and how long to watch a change",
    )
