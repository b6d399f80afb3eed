"""Whether the clocks of the two logs agree with each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from aftershock.dataset.dataset import Dataset
from aftershock.model.times import hours as hours_of
from aftershock.output.phrases import duration, plural
from aftershock.quality.finding import Finding, exact, signed
from aftershock.quality.utc_offsets import ZONES, in_summer, offsets
from aftershock.quality.variants import Without, everywhere, moved

FALSE_ALARM = 0.01  # over all shifts and searches: a convention
SHIFTS = np.arange(-28, 29) / 2  # hours: nearly all pairs of zones, in the half hours by which some differ
WINDOWS = ((0.25, 0.5), (0.5, 1.0))  # hours before and after a change in which incidents are near it: judgements
_DELAYS = "the delays between changes and incidents, and how long to watch a change"
_FIXES = r"(?i)\b(?:revert|roll(?:ed|ing)? ?back|rollback|hot-?fix|fix(?:es|ed)?|restore)\b"
WEEKS = [w for w in range(-8, 9) if w]
LATEST = 2_000  # incidents that the search for a shift looks at, so that it takes seconds
SEARCHES = 3  # the whole year, its winter, its summer


@dataclass(frozen=True)
class Shift:
    """How far the clock of the incidents seems ahead of that of the changes: ``hours``; ``seen`` incidents are near a
    change of their service then, ``chance`` would be by chance, and ``plain`` are as the logs are; ``near``: the hours
    before and after a change that count as near."""

    hours: float
    near: tuple[float, float]
    seen: int
    chance: float
    plain: int


def shift(dataset: Dataset, only: pd.Series | None = None) -> Shift | None:
    """The shift at which incidents follow changes of their own services; None when there is none, or it is not clear.

    For each shift, the incidents near a change of one of their services are counted (WINDOWS), and compared with the same
    count for incidents moved by one to eight whole weeks, which keeps hour and weekday. It must exceed chance (FALSE_ALARM
    over all shifts and searches) and exceed twice what the logs show unshifted. Near means before as well, and changes
    that look like fixes are left out, because people fix what has failed soon after. Whole hours are preferred, as
    nearly all zones are some apart.
    """
    incidents = sharp_incidents(dataset)
    incidents = incidents if only is None else incidents[only]
    if len(incidents) < 8:
        return None
    changes = changes_by_service(dataset.changes)
    found = [s for near in WINDOWS if (s := _best_shift(_near_changes(incidents, changes, near), near))]
    return max(found, key=lambda s: s.seen - s.chance, default=None)


def sharp_incidents(dataset: Dataset) -> pd.DataFrame:
    """The latest incidents whose start is known to a few minutes."""
    incidents = dataset.actual_incidents
    return incidents[exact(incidents)].tail(LATEST)


def _best_shift(counts: np.ndarray, near: tuple[float, float]) -> Shift | None:
    seen, chance = counts[:, 0], counts[:, 1:].mean(axis=1)
    surplus = seen - chance
    plain = int(np.flatnonzero(SHIFTS == 0)[0])
    probability = special.pdtrc(seen - 1, np.maximum(chance, 0.2)) * len(SHIFTS) * SEARCHES * len(WINDOWS)
    able = (np.abs(SHIFTS) >= 1) & (probability < FALSE_ALARM) & (surplus > 2 * max(surplus[plain], 0) + 3)
    if not able.any():
        return None
    whole = np.where(SHIFTS % 1 == 0, 1.0, 0.8)
    best = int(np.argmax(np.where(able, surplus * whole, -np.inf)))
    return Shift(float(SHIFTS[best]), near, int(seen[best]), float(chance[best]), int(seen[plain]))


def changes_by_service(changes: pd.DataFrame) -> dict[str, np.ndarray]:
    fixes = changes["emergency"] | changes["reverts"].map(bool).astype(bool) | changes["title"].str.contains(_FIXES)
    sharp = changes[exact(changes) & ~fixes]
    each = pd.DataFrame({"service": sharp["services"].to_numpy(), "at": hours_of(sharp["started_at"])}).explode(
        "service"
    )
    each = each[each["service"].notna()]
    return {str(service): np.sort(rows.to_numpy()) for service, rows in each.groupby("service")["at"]}


def _near_changes(incidents: pd.DataFrame, changes: dict[str, np.ndarray], near: tuple[float, float]) -> np.ndarray:
    """How many incidents are near a change of one of their services, (shifts, 1 + weeks): moved back by
    each shift, as they are and by whole weeks."""
    back = SHIFTS[:, None] + 168.0 * np.array([0, *WEEKS])[None, :]
    total = np.zeros(back.shape)
    places = incidents["services"].map(tuple)
    for services, rows in incidents.groupby(places, sort=False):
        there = np.sort(np.concatenate([changes[s] for s in services if s in changes] or [np.array([])]))
        at = hours_of(rows["started_at"])[:, None, None] - back
        total += (np.searchsorted(there, at + near[0], "right") > np.searchsorted(there, at - near[1], "left")).sum(
            axis=0
        )
    return total


def find_shifts(dataset: Dataset) -> list[Finding]:
    """One log's clock against the other's: a shift all year, or in one half of it."""
    found = seasons(dataset)
    if found is None:
        return []
    one, winter, summer = found
    return [_shift_finding(dataset, one) if winter == summer else _seasonal_finding(dataset, one, winter, summer)]


def seasons(dataset: Dataset) -> tuple[Shift, float, float] | None:
    """How far the incidents' clock seems ahead of the changes': (what shows it, hours in winter, hours in summer)."""
    incidents = sharp_incidents(dataset)
    summer = in_summer(incidents["started_at"], dataset.timezone)
    found = shift(dataset)
    if found is not None:
        return _settled(incidents, summer, changes_by_service(dataset.changes), found)
    in_halves = [shift(dataset, half) for half in (~summer, summer)]
    winter, high = (half.hours if half else 0.0 for half in in_halves)
    clearest = in_halves[1] or in_halves[0]
    return (clearest, winter, high) if clearest and abs(winter - high) == 1 else None


def _settled(
    incidents: pd.DataFrame, summer: pd.Series, changes: dict[str, np.ndarray], found: Shift
) -> tuple[Shift, float, float]:
    """The shift in the narrower window, which tells half an hour from none: one for the whole year, or two an hour apart
    (a log in local time against one in UTC) where these bring clearly more incidents near changes."""
    counts = [_near_changes(incidents[half], changes, WINDOWS[0]) for half in (~summer, summer)]
    seen = [dict(zip(SHIFTS.tolist(), half[:, 0], strict=True)) for half in counts]
    around = [h for h in SHIFTS.tolist() if abs(h - found.hours) <= 1]
    pairs = {(w, u): seen[0][w] + seen[1][u] for w in around for u in around if w == u != 0 or abs(w - u) == 1}
    best = found.hours, found.hours
    for rivals in ([p for p in pairs if p[0] == p[1]], [p for p in pairs if p[0] != p[1]]):
        rival = max(rivals, key=lambda pair: pairs[pair])
        if pairs[rival] - pairs[best] >= _clear(pairs[rival], likelier=_is_known(rival) > _is_known(best)):
            best = rival
    if best == (found.hours, found.hours):
        return found, *best
    places = [SHIFTS.tolist().index(hours) for hours in best]
    chance = sum(half[place, 1:].mean() for half, place in zip(counts, places, strict=True))
    plain = int(seen[0][0.0] + seen[1][0.0])
    return Shift(max(best, key=abs), WINDOWS[0], int(pairs[best]), float(chance), plain), *best


def likeliest_zone(dataset: Dataset, found: Shift, *, of: str) -> tuple[str, int]:
    """The zone of ZONES, not far from a shift that was found, in which most incidents are near changes if ``of``
    (incidents or changes) were written in it, and how many; ``("", 0)`` when none is near the shift."""
    incidents, sign = sharp_incidents(dataset), 1 if of == "incidents" else -1
    summer = in_summer(incidents["started_at"], dataset.timezone)
    changes = changes_by_service(dataset.changes)
    counts = [
        np.sum([_near_changes(incidents[half], changes, near)[:, 0] for near in WINDOWS], axis=0)
        for half in (~summer, summer)
    ]
    seen = [dict(zip(SHIFTS.tolist(), half, strict=True)) for half in counts]
    near = {
        zone: int(seen[0][sign * w] + seen[1][sign * u])
        for (w, u), zone in ZONES.items()
        if min(abs(sign * w - found.hours), abs(sign * u - found.hours)) <= 1
    }
    best = max(near, key=lambda zone: near[zone], default="")
    return best, near.get(best, 0)


def _is_known(hours: tuple[float, float]) -> bool:
    """Whether a zone is so far from UTC in winter and in summer, on either side."""
    return hours in ZONES or (-hours[0], -hours[1]) in ZONES


def _clear(seen: float, *, likelier: bool) -> float:
    """How many more incidents near changes decide for another shift, in standard deviations of their number (a judgement);
    fewer for one that a zone explains."""
    return max(3.0, np.sqrt(seen)) if likelier else max(4.0, 1.25 * np.sqrt(seen))


def _near_a_change(found: Shift) -> str:
    """How many incidents are close to a change once moved, by chance, and as the logs are."""
    is_ = "is" if found.seen == 1 else "are"
    return (
        f"{plural(found.seen, 'incident')} {is_} within {_minutes(found)} of a change of their own service, where chance gives "
        f"{found.chance:.1f}; as the logs are, {found.plain or 'none'}"
    )


def _shift_finding(dataset: Dataset, found: Shift) -> Finding:
    ahead, length = _ahead(found.hours), duration(pd.Timedelta(hours=abs(found.hours)))
    return Finding(
        "zone_shift",
        f"the clocks of the two logs seem {length} apart: the incidents' is {ahead}",
        f"Moved by {length}, {_near_a_change(found)}. {_one_in(FALSE_ALARM)}"
        + (
            " A process that always fails so much later looks the same."
            if found.hours > 0
            else " Fixes made so soon after an incident look the same."
        ),
        _zone_fix(toml := _zone_toml(dataset, found.hours, found.hours)),
        toml=toml,
        without=Without(
            f"the incidents moved by {signed(-found.hours)}",
            lambda d: moved(d, "incidents", pd.Timedelta(hours=-found.hours), everywhere),
        ),
        touches=_DELAYS,
    )


def _seasonal_finding(dataset: Dataset, one: Shift, winter: float, summer: float) -> Finding:
    zone = dataset.timezone

    def settled(d: Dataset) -> Dataset:
        for hours, season in ((winter, False), (summer, True)):
            d = moved(d, "incidents", pd.Timedelta(hours=-hours), _of_season(zone, summer=season))
        return d

    return Finding(
        "saving_shift",
        f"the clocks of the two logs are {signed(winter)} apart in winter and {signed(summer)} in summer",
        f"One log knows daylight saving and the other does not. Where it is clearest, once moved, "
        f"{_near_a_change(one)}. {_one_in(FALSE_ALARM)}",
        _zone_fix(toml := _zone_toml(dataset, winter, summer)),
        toml=toml,
        without=Without("the incidents moved by these hours", settled),
        touches=_DELAYS,
    )


def _of_season(zone: str, *, summer: bool) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda frame: in_summer(frame["started_at"], zone) == summer


def _zone_fix(toml: str) -> str:
    right = "; for the incidents this would be right:" if toml else "."
    return f"Find out in which zone each log writes its stamps, and say so in its section{right}"


def _zone_toml(dataset: Dataset, winter: float, summer: float) -> str:
    """A zone in which the incidents' stamps would agree with the changes, where one is known and the stamps name none."""
    read_in = dataset.settings.zone_of("incidents")
    there = offsets(read_in)
    zone = ZONES.get((there[0] + winter, there[1] + summer), "")
    return f'[incidents]\ntimezone = "{zone}"' if zone else ""


def _minutes(found: Shift) -> str:
    return f"{60 * max(found.near):.0f} minutes"


def _ahead(hours: float) -> str:
    return "ahead" if hours > 0 else "behind"


def _one_in(chance: float) -> str:
    return f"By chance alone this is seen about once in {1 / chance:.0f} logs."
