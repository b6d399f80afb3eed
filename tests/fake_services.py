"""A server on this machine that pages like PagerDuty, GitHub and Statuspage do, and fails in every way that they can."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from aftershock.sources.fetching import backoff

CUT = object()  # a trouble: promise more bytes than are sent, and hang up


@dataclass
class Reply:
    """An answer; ``headers`` join those that every answer has."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    path: str
    query: dict[str, str]
    headers: dict[str, str]


Service = Callable[[Asked], Reply]


def reply(content: object, **headers: str) -> Reply:
    return Reply(json.dumps(content).encode(), headers={k.replace("_", "-"): v for k, v in headers.items()})


class FakeServer:
    """``asked`` holds every request; ``troubles`` maps the number of a request (from 1) to a Reply that replaces its
    answer, or to CUT."""

    def __init__(self, service: Service):
        self.service, self.asked, self.troubles = service, [], {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        asked = Asked(parts.path, {k: v[-1] for k, v in parse_qs(parts.query).items()}, dict(handler.headers))
        self.asked.append(asked)
        trouble = self.troubles.get(len(self.asked))
        given = self.service(asked) if trouble is None or trouble is CUT else trouble
        handler.send_response(given.status)
        for name, value in given.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(given.body) + (100 if trouble is CUT else 0)))
        handler.end_headers()
        handler.wfile.write(given.body)
        if trouble is CUT:
            handler.close_connection = True

    def paths(self) -> list[str]:
        return [a.path for a in self.asked]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(service: Service) -> Iterator[FakeServer]:
    server = FakeServer(service)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def incident(number: int, created: str, status: str = "resolved") -> dict:
    return {"id": f"P{number}", "incident_number": number, "created_at": created, "status": status, "title": "Down"}


@dataclass
class PagerDuty:
    """Serves lists between ``since`` and ``until``; refuses to page beyond ``cap`` as the service does."""

    incidents: list[dict] = field(default_factory=list)
    change_events: list[dict] = field(default_factory=list)
    cap: int = 10_000

    def __call__(self, asked: Asked) -> Reply:
        name = asked.path.strip("/")
        if name not in ("incidents", "change_events"):
            return Reply(b'{"error":{"message":"Not Found"}}', 404)
        offset, limit = int(asked.query["offset"]), int(asked.query["limit"])
        if offset + limit > self.cap:
            return Reply(b'{"error":{"message":"Offset must be less than the cap"}}', 400)
        column = "created_at" if name == "incidents" else "timestamp"
        since, until = (datetime.fromisoformat(asked.query[k]) for k in ("since", "until"))
        found = [r for r in getattr(self, name) if since <= datetime.fromisoformat(r[column]) < until]
        page = found[offset : offset + limit]
        return reply({name: page, "limit": limit, "offset": offset, "more": offset + limit < len(found), "total": None})


@dataclass
class GitHub:
    """Serves lists of one repository with ``Link`` headers; ``statuses`` of its deployments by id, None for one that was
    deleted. No page holds more than ``most``."""

    url: str = ""
    lists: dict[str, list[dict]] = field(default_factory=dict)
    statuses: dict[str, list[dict] | None] = field(default_factory=dict)
    most: int = 100

    def __call__(self, asked: Asked) -> Reply:
        *_, of, name = asked.path.split("/")
        size, page = min(int(asked.query["per_page"]), self.most), int(asked.query.get("page", "1"))
        records = self.statuses.get(of, []) if name == "statuses" else self.lists.get(name, [])
        if records is None:
            return Reply(b'{"message":"Not Found"}', 404)
        last = page * size >= len(records)
        following = f'<{self.url}{asked.path}?per_page={size}&page={page + 1}>; rel="next", <{self.url}/x>; rel="last"'
        return reply(records[(page - 1) * size : page * size], **({} if last else {"Link": following}))


SECRET = "s3cr3t+/token=0123456789"
JANUARY = datetime(2025, 1, 1, tzinfo=UTC)


class FakeClock(backoff.Clock):
    """Time passes by sleeping only; ``slept`` holds the lengths above zero."""

    def __init__(self, now: str = "2025-03-10T12:00:00+00:00"):
        self.at, self.slept = datetime.fromisoformat(now).timestamp(), []
        super().__init__(lambda: self.at, self.pass_time, random.Random(7))

    def pass_time(self, seconds: float) -> None:
        self.at += seconds
        if seconds > 0:
            self.slept.append(seconds)


def pages(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def ids(folder: Path, key: str = "") -> list[str]:
    contents = [json.loads(p.read_bytes()) for p in pages(folder)]
    return [r["id"] for c in contents for r in (c[key] if key else c)]


def many(count: int, month: str = "2025-01") -> list[dict]:
    return [incident(n, f"{month}-{1 + n % 28:02}T10:00:{n % 60:02}Z") for n in range(count)]
