"""Statuspage: the incidents of a page, with a key from its owner, or the latest ones that anybody may read.

The owner's API pages by ``page`` and ``limit`` and allows one request a second; 420 and 429 mean too many
(https://developer.statuspage.io/#operation/getPagesPageIdIncidents). Every status page also serves its latest 50
incidents and its scheduled maintenance to anybody, in one page each (``/api`` on the page itself explains them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from aftershock.schema.errors import UsageError
from aftershock.sources.fetching.client import Answer, Request
from aftershock.sources.fetching.resources import MOST_PER_PAGE, Page, Vendor, all_before, mark_of, records_in, stamp
from aftershock.sources.fetching.store import Window

BASE = "https://api.statuspage.io"
VARIABLES = ("AFTERSHOCK_STATUSPAGE_TOKEN", "STATUSPAGE_TOKEN", "STATUSPAGE_API_KEY")
PACE = 1.0  # seconds between requests
OVER = ("resolved", "postmortem", "completed")
PUBLIC = {"incidents": "incidents", "scheduled-maintenances": "scheduled_maintenances"}


@dataclass(frozen=True)
class OwnPage:
    """All incidents of one's own page, newest first, scheduled maintenance among them."""

    page_id: str
    name: str = "incidents"
    table: str = "incidents"
    format: str = "statuspage"

    def windows(self, since: datetime, until: datetime | None, now: datetime) -> list[Window]:
        return [Window(stamp(since))]

    def first(self, window: Window) -> Request:
        return self._at(1)

    def _at(self, number: int) -> Request:
        query = (("limit", str(MOST_PER_PAGE)), ("page", str(number)))
        return Request(f"/v1/pages/{self.page_id}/incidents", query)

    def page(self, answer: Answer, request: Request, window: Window) -> Page:
        """It ends at an empty page, at one that is older than the window, or at one served a second time."""
        records = records_in(answer.content)
        mark = mark_of(records)
        if not records or mark == request.mark or all_before(records, "created_at", window.start):
            return Page(records, _running(records), keep=request == self.first(window))
        following = self._at(int(dict(request.query)["page"]) + 1)
        return Page(records, _running(records), replace(following, mark=mark))


@dataclass(frozen=True)
class PublicPage:
    """What the page itself serves to anybody."""

    name: str
    format: str = "statuspage"

    @property
    def table(self) -> str:
        return "incidents" if self.name == "incidents" else "changes"

    def windows(self, since: datetime, until: datetime | None, now: datetime) -> list[Window]:
        return [Window(stamp(since))]

    def first(self, window: Window) -> Request:
        return Request(f"/api/v2/{self.name}.json")

    def page(self, answer: Answer, request: Request, window: Window) -> Page:
        records = records_in(answer.content, PUBLIC[self.name])
        return Page(records, _running(records))


def _running(records: list[dict]) -> int:
    return sum(r.get("status") not in OVER for r in records)


def vendor(page: str, base: str) -> Vendor:
    """``page``: the id of one's own page, or the address of any status page."""
    public = "://" in page
    if not public and not re.fullmatch(r"[A-Za-z0-9]+", page):
        raise UsageError(
            f"{page!r} is not a status page: expected its id, such as kctbh9vrtdwd, or its address, such as https://status.example.com"
        )
    base = page.rstrip("/") if public else base or BASE
    return Vendor(
        name="statuspage",
        base=base,
        prefix="OAuth ",
        variables=() if public else VARIABLES,
        needs_token=not public,
        resources=tuple(PublicPage(name) for name in PUBLIC) if public else (OwnPage(page),),
        identity={"service": "statuspage", "at": base, "page": "" if public else page},
        headers={},
        pace=PACE,
    )
