"""What the services have in common: resources that come in pages, and how to walk through them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from aftershock.sources.fetching.client import Answer, Request, UnusableAnswer
from aftershock.sources.fetching.store import Window

MOST_PER_PAGE = 100  # what all three services allow


class TooMany(Exception):
    """A window holds more records than the service lets anybody page through."""


@dataclass(frozen=True)
class Page:
    """A page of an answer. ``records``: what it lists; ``open``: how many of them are still open; ``next``: the page to ask
    for next; ``also``: what belongs to these records and is asked for before that; ``keep``: whether to store the page."""

    records: list[dict]
    open: int = 0
    next: Request | None = None
    also: tuple[Request, ...] = ()
    keep: bool = True

    @property
    def then(self) -> tuple[Request, ...]:
        return (*self.also, *([self.next] if self.next else []))


class Resource(Protocol):
    """One kind of record of a service. ``name``: the sub-folder of its pages; ``table``: incidents or changes;
    ``format``: the format of dataset.toml that reads them."""

    @property
    def name(self) -> str: ...

    @property
    def table(self) -> str: ...

    @property
    def format(self) -> str: ...

    def windows(self, since: datetime, until: datetime | None, now: datetime) -> list[Window]: ...

    def first(self, window: Window) -> Request: ...

    def page(self, answer: Answer, request: Request, window: Window) -> Page:
        """Raises UnusableAnswer for an answer of another shape, TooMany when the window must be cut."""


@dataclass(frozen=True)
class Vendor:
    """A service: how its token is sent, under which names the environment holds it, and what can be fetched.

    ``identity`` says whose pages these are, so that two accounts never end up in one folder.
    """

    name: str
    base: str
    prefix: str
    variables: tuple[str, ...]
    needs_token: bool
    resources: tuple[Resource, ...]
    identity: Mapping[str, str]
    headers: Mapping[str, str]
    pace: float = 0.0


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def months(since: datetime, until: datetime | None, now: datetime) -> list[Window]:
    """The whole months in UTC that a period touches, the last one possibly still running."""
    last = min(until, now) if until else now
    first = since.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = []
    while first < last:
        then = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        found.append(Window(stamp(first), stamp(then)))
        first = then
    return found


def records_in(content: object, key: str = "") -> list[dict]:
    """The objects of a list, or of the list under a key; UnusableAnswer when there is none."""
    found = content.get(key) if key and isinstance(content, dict) else content
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        wanted = f"a list of objects under {key!r}" if key else "a list of objects"
        raise UnusableAnswer(f"the answer does not hold {wanted}")
    return found


def all_before(records: Sequence[dict], column: str, since: str) -> bool:
    """Whether each record's stamp lies before ``since``: what comes after a page of such is older still."""
    return bool(records) and all(_instant(r.get(column)) < _instant(since) for r in records)


def _instant(text: object) -> datetime:
    """A stamp in UTC; the latest possible moment where it cannot be read, so that nothing unread counts as old."""
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.max.replace(tzinfo=UTC)


def mark_of(records: Sequence[dict]) -> str:
    """A mark of a page by its ids: two pages of the same mark are one page served twice."""
    return hashlib.sha256("\n".join(str(r.get("id")) for r in records).encode()).hexdigest()[:16]
