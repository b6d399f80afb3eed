"""One fetch: plan the windows, ask for their pages, publish each resource when it is complete."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aftershock.output.phrases import plural
from aftershock.schema.errors import UsageError
from aftershock.sources.fetching.backoff import Clock
from aftershock.sources.fetching.client import Client, FetchError, Refused, Request
from aftershock.sources.fetching.resources import Resource, TooMany, Vendor
from aftershock.sources.fetching.store import Run, Store, Window
from aftershock.sources.fetching.token import Token

MOST_PAGES = 50_000  # of a window: a judgement, five million records; a service that never ends has more
LONGEST = timedelta(hours=12)  # for one resource, pauses included: a judgement, what is left is fetched by the next run
GO_ON_WITHIN = timedelta(hours=24)  # a judgement: of an older start the pages have shifted too far to go on


@dataclass(frozen=True)
class Fetched:
    """The outcome for one resource: records and pages published, how many pages are new, or the error."""

    resource: Resource
    records: int = 0
    pages: int = 0
    new_pages: int = 0
    error: str = ""


@dataclass(frozen=True)
class Period:
    """What is asked for: from ``since`` to ``until`` (None: now); ``again`` fetches anew what is there already."""

    since: datetime
    until: datetime | None = None
    again: bool = False


def fetch(
    vendor: Vendor, folder: Path, period: Period, token: Token | None, *, clock: Clock, say: Callable[[str], None]
) -> list[Fetched]:
    """Fetch all resources of a service into a folder. A resource that is refused does not stop the others; a service
    out of reach raises :class:`FetchError`. What was complete before stays in place throughout."""
    if token is None and vendor.needs_token:
        raise UsageError(
            f"{vendor.name} needs a token: set {vendor.variables[0]} or {vendor.variables[1]} in the environment"
        )
    client = Client(
        vendor.base,
        token,
        prefix=vendor.prefix,
        headers=vendor.headers,
        pace=vendor.pace,
        clock=clock,
        say=say,
    )
    store = Store(folder, dict(vendor.identity))
    with store.locked():
        return [_Fetching(resource, client, store, period, clock, say).run() for resource in vendor.resources]


@dataclass
class _Fetching:
    """The work on one resource."""

    resource: Resource
    client: Client
    store: Store
    period: Period
    clock: Clock
    say: Callable[[str], None]
    new_pages: int = 0
    begun: float = 0.0
    bodies: set[str] = field(default_factory=set)  # hashes of the pages of the window

    def __post_init__(self) -> None:
        self.begun = self.clock.now()

    def run(self) -> Fetched:
        try:
            planned = self._fetch_all()
        except Refused as error:
            return Fetched(self.resource, error=str(error))
        self.store.publish(self.resource.name, planned)
        runs = self.store.state_of(self.resource.name).done.values()
        return Fetched(
            self.resource, sum(r.records for r in runs), sum(len(r.pages) for r in runs), new_pages=self.new_pages
        )

    def _fetch_all(self) -> list[Window]:
        """Fetch what is missing of the plan; the windows as they were fetched, those too full cut into halves."""
        now = datetime.fromtimestamp(self.clock.now(), UTC)
        waiting = deque(self.resource.windows(self.period.since, self.period.until, now))
        planned = []
        while waiting:
            window = waiting.popleft()
            if window.key not in self.store.state_of(self.resource.name).cut and self._fetched(window):
                planned.append(window)
            else:
                waiting.extendleft(reversed(self._halves(window)))
        return planned

    def _halves(self, window: Window) -> tuple[Window, Window]:
        halves = window.halves()
        if halves is None:
            raise FetchError(
                f"{self.resource.name}: more records within the second of {window.start} than the service lets anybody "
                "page through. Export this period by hand."
            )
        return halves

    def _fetched(self, window: Window) -> bool:
        """Whether the window is there, fetched now or before; False when it must be cut."""
        if self._is_there(window):
            return True
        run, self.bodies = self._beginning(window), set()
        try:
            while not run.complete:
                run = self._next_page(window, run)
        except TooMany:
            self.store.cut(self.resource.name, window)
            return False
        self.say(f"{self.resource.name} {_words(window)}: {plural(run.records, 'record')}")
        return True

    def _is_there(self, window: Window) -> bool:
        """A window need not be asked for again when it was over by then and nothing in it was open, or when this very
        fetch got it before it was interrupted."""
        state = self.store.state_of(self.resource.name)
        begun = state.under_way.get(window.key)
        if begun and begun.complete and self._is_fresh(begun) and self._intact(begun, False):
            return True
        done = state.done.get(window.key)
        if self.period.again or not done or begun or not window.end:
            return False
        return done.asked_at >= window.end and not done.open and self._intact(done, True)

    def _beginning(self, window: Window) -> Run:
        begun = self.store.state_of(self.resource.name).under_way.get(window.key)
        if begun and not begun.complete and self._is_fresh(begun) and self._intact(begun, False):
            if begun.pages:
                self.say(f"{self.resource.name} {_words(window)}: going on after {plural(len(begun.pages), 'page')}")
            return begun
        return self.store.begin(self.resource.name, window, self.clock.stamp(), self.resource.first(window))

    def _next_page(self, window: Window, run: Run) -> Run:
        request = run.queue[0]
        self._check_end(window, run, request)
        try:
            answer, page = self.client.get(request, lambda answer: self.resource.page(answer, request, window))
        except Refused as error:
            if error.status != 404 or not request.may_be_gone:
                raise
            return self.store.add(self.resource.name, window, b"", (0, 0), ())
        if page.records and page.keep:
            self._check_new(window, answer.body)
        self.new_pages += page.keep
        counts = (len(page.records), page.open) if page.keep else (0, 0)
        return self.store.add(self.resource.name, window, answer.body if page.keep else b"", counts, page.then)

    def _check_end(self, window: Window, run: Run, request: Request) -> None:
        """FetchError where a service leads in a circle, or on and on."""
        about = f"{self.resource.name} {_words(window)}"
        if request.key in run.asked:
            raise FetchError(
                f"{about}: its pages lead back to one that was fetched before, so there is no end to them."
            )
        if len(run.asked) >= MOST_PAGES:
            raise FetchError(f"{about}: more than {MOST_PAGES:,} pages. Ask for less with a later --since.")
        if self.clock.now() - self.begun > LONGEST.total_seconds():
            hours = f"{LONGEST / timedelta(hours=1):g} hours"
            raise FetchError(f"{about}: still not through after {hours}. Run the same command again to go on.")

    def _check_new(self, window: Window, body: bytes) -> None:
        digest = hashlib.sha256(body).hexdigest()
        if digest in self.bodies:
            about = f"{self.resource.name} {_words(window)}"
            raise FetchError(f"{about}: it serves the same page again and again, so there is no end to them.")
        self.bodies.add(digest)

    def _is_fresh(self, run: Run) -> bool:
        asked = datetime.fromisoformat(run.asked_at)
        return datetime.fromtimestamp(self.clock.now(), UTC) - asked < GO_ON_WITHIN

    def _intact(self, run: Run, published: bool) -> bool:
        return self.store.intact(self.resource.name, run, published=published)


def _words(window: Window) -> str:
    return f"{window.start[:10]} to {window.end[:10]}" if window.end else f"since {window.start[:10]}"
