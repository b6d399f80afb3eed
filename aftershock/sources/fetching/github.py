"""GitHub: issues of one label, deployments with their statuses, releases and merged pull requests of a repository.

Pages by the header ``Link`` (https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api). Only
issues can be asked for from a day on; the others come newest first, and the asking stops at the first page that is older
(https://docs.github.com/en/rest/issues/issues, …/rest/deployments/deployments, …/rest/releases/releases,
…/rest/pulls/pulls). A pull request cannot have been merged after its last update, so its order by update will do.

A deployment is only a request; its outcome is in its statuses, which are asked for one deployment after the
other (…/rest/deployments/statuses) and lie among the pages of deployments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from requests.utils import parse_header_links

from aftershock.schema.errors import UsageError
from aftershock.sources.fetching.client import Answer, Request
from aftershock.sources.fetching.resources import MOST_PER_PAGE, Page, Vendor, all_before, records_in, stamp
from aftershock.sources.fetching.store import Window

BASE = "https://api.github.com"
VARIABLES = ("AFTERSHOCK_GITHUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN")
RESOURCES = ("issues", "deployments", "releases", "pulls")
LABEL = "incident"
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
_QUERIES = {
    "issues": (("state", "all"), ("sort", "created"), ("direction", "asc")),
    "deployments": (),
    "releases": (),
    "pulls": (("state", "closed"), ("sort", "updated"), ("direction", "desc")),
}
STATUSES = "statuses"  # the mark of a request for those of one deployment
_NEWEST_FIRST_BY = {"deployments": "created_at", "pulls": "updated_at"}


@dataclass(frozen=True)
class RepositoryRecords:
    """One of the lists of a repository; ``label`` is that of issues."""

    name: str
    repository: str
    label: str

    @property
    def table(self) -> str:
        return "incidents" if self.name == "issues" else "changes"

    @property
    def format(self) -> str:
        return "github-pull-requests" if self.name == "pulls" else f"github-{self.name}"

    def windows(self, since: datetime, until: datetime | None, now: datetime) -> list[Window]:
        return [Window(stamp(since))]

    def first(self, window: Window) -> Request:
        query = [("per_page", str(MOST_PER_PAGE)), *_QUERIES[self.name]]
        if self.name == "issues":
            query += [("labels", self.label), ("since", window.start)]
        return Request(f"/repos/{self.repository}/{self.name}", tuple(query))

    def page(self, answer: Answer, request: Request, window: Window) -> Page:
        records = records_in(answer.content)
        if request.mark == STATUSES:
            return Page([], next=_following(answer, request), keep=bool(records))
        running = sum(r.get("state") == "open" for r in records) if self.name == "issues" else 0
        order = _NEWEST_FIRST_BY.get(self.name)
        if order and all_before(records, order, window.start):
            return Page(records, running, keep=request == self.first(window))
        also = tuple(self._statuses(records, window)) if self.name == "deployments" else ()
        return Page(records, running, _following(answer, request), also)

    def _statuses(self, deployments: list[dict], window: Window) -> Iterator[Request]:
        """Requests for what became of the deployments of the period; one may be deleted before it is asked about."""
        for deployment in deployments:
            if "id" in deployment and not all_before([deployment], "created_at", window.start):
                path = f"/repos/{self.repository}/deployments/{quote(str(deployment['id']), safe='')}/statuses"
                yield Request(path, (("per_page", str(MOST_PER_PAGE)),), STATUSES, may_be_gone=True)


def _following(answer: Answer, request: Request) -> Request | None:
    """The page after this one, for the same purpose."""
    header = answer.headers.get("link", "")
    links = parse_header_links(header) if header else []
    urls = [link["url"] for link in links if link.get("rel") == "next" and link.get("url")]
    return replace(request, path=urls[0], query=()) if urls else None


def vendor(repository: str, base: str, only: tuple[str, ...], label: str) -> Vendor:
    if not _REPOSITORY.fullmatch(repository) or set(repository.split("/")) & {".", ".."}:
        raise UsageError(f"{repository!r} does not name a repository: expected OWNER/NAME, such as octocat/hello-world")
    return Vendor(
        name="github",
        base=base or BASE,
        prefix="Bearer ",
        variables=VARIABLES,
        needs_token=False,
        resources=tuple(RepositoryRecords(name, repository, label) for name in only or RESOURCES),
        identity={"service": "github", "at": base or BASE, "repository": repository, "label": label},
        headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"},
    )
