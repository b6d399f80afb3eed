"""PagerDuty: incidents and change events.

Pages by ``offset`` and ``limit`` until ``more`` is false (https://developer.pagerduty.com/docs/pagination); offset and
limit together may not pass 10,000, so a fuller window is cut in two. ``since`` and ``until`` may lie six months apart at
most (https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents), so it is asked month by month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aftershock.sources.fetching.client import Answer, Request, UnusableAnswer
from aftershock.sources.fetching.resources import MOST_PER_PAGE, Page, TooMany, Vendor, months, records_in
from aftershock.sources.fetching.store import Window

BASE = "https://api.pagerduty.com"
VARIABLES = ("AFTERSHOCK_PAGERDUTY_TOKEN", "PAGERDUTY_TOKEN")
RESOURCES = ("incidents", "change_events")
MOST_RECORDS = 10_000  # offset and limit together, as the service documents


@dataclass(frozen=True)
class AccountRecords:
    """All that an account has of ``GET /incidents`` or ``GET /change_events``."""

    name: str
    format: str = "pagerduty"

    @property
    def table(self) -> str:
        return "incidents" if self.name == "incidents" else "changes"

    def windows(self, since: datetime, until: datetime | None, now: datetime) -> list[Window]:
        return months(since, until, now)

    def first(self, window: Window) -> Request:
        return self._at(window, 0)

    def _at(self, window: Window, offset: int) -> Request:
        query = [("since", window.start), ("until", window.end), ("time_zone", "UTC")]
        query += [("limit", str(MOST_PER_PAGE)), ("offset", str(offset))]
        if self.name == "incidents":
            query.append(("sort_by", "created_at:asc"))
        return Request(f"/{self.name}", tuple(query))

    def page(self, answer: Answer, request: Request, window: Window) -> Page:
        content = answer.content
        records = records_in(content, self.name)
        more = content.get("more") if isinstance(content, dict) else None
        if not isinstance(more, bool):
            raise UnusableAnswer("the answer does not say whether there is more")
        running = sum(r.get("status") in ("triggered", "acknowledged") for r in records)
        if not more:
            return Page(records, running)
        offset = int(dict(request.query)["offset"]) + (len(records) or MOST_PER_PAGE)
        if offset + MOST_PER_PAGE > MOST_RECORDS:
            raise TooMany
        return Page(records, running, self._at(window, offset))


def vendor(base: str, only: tuple[str, ...]) -> Vendor:
    return Vendor(
        name="pagerduty",
        base=base or BASE,
        prefix="Token token=",
        variables=VARIABLES,
        needs_token=True,
        resources=tuple(AccountRecords(name) for name in only or RESOURCES),
        identity={"service": "pagerduty", "at": base or BASE},
        headers={"Accept": "application/vnd.pagerduty+json;version=2"},
    )
