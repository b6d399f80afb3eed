"""A patient HTTP client for paged JSON: it retries, waits when asked to, and gives its token to one host only."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import queue
import threading
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import requests
from requests.exceptions import ChunkedEncodingError, ContentDecodingError

from aftershock import __version__
from aftershock.output.phrases import duration, plural
from aftershock.output.safe_html import clean
from aftershock.schema.errors import AftershockError, UsageError
from aftershock.sources.fetching.backoff import Clock, asked_to_wait
from aftershock.sources.fetching.token import Token

# Limits of patience, all of them judgements: a page of a hundred records takes a second and a megabyte.
TIMEOUT = (10.0, 60.0)  # seconds to connect, and between two pieces of an answer
LONGEST_ANSWER = 120.0  # seconds, from the first attempt to connect to the last byte behind the last redirect
LARGEST_ANSWER = 200 * 1024 * 1024  # bytes, unpacked
ATTEMPTS = 6  # with about half a minute of pauses
THROTTLES = 10
LONGEST_WAIT = 2 * 3600.0  # seconds; what takes longer is left to another day
REDIRECTS = 5
Read = TypeVar("Read")
_PASSING = (408, 500, 502, 503, 504)
_RESUME = "What was fetched is kept: run the same command again to go on"
_HINTS = {
    401: "the token is not valid (or none was given)",
    403: "the token may not read this",
    404: "it does not exist, or the token may not see it",
}


class FetchError(AftershockError):
    """The service cannot be reached or its answers cannot be used; the same command may go on later."""


class Refused(FetchError):
    """The service refuses one resource, with this status; others may still be fetched."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status


class UnusableAnswer(Exception):
    """An answer that is not what was asked for; asking again may help."""


@dataclass(frozen=True)
class Request:
    """One page to ask for: a path below the base (or an address of the same host), its query, a mark that the vendor's
    module leaves for itself, and whether it may have been deleted since it was listed. An interrupted fetch goes on with
    these."""

    path: str
    query: tuple[tuple[str, str], ...] = ()
    mark: str = ""
    may_be_gone: bool = False

    @property
    def key(self) -> str:
        """A short mark of what is asked for: the same for an address and its parts, in whatever order its query is."""
        try:
            place = urllib.parse.urlsplit(self.path)
        except ValueError:  # no address; asking for it says so
            place = urllib.parse.SplitResult("", "", self.path, "", "")
        query = sorted([*urllib.parse.parse_qsl(place.query, keep_blank_values=True), *self.query])
        asked = json.dumps([place.path.rstrip("/"), query])
        return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def as_json(self) -> dict[str, object]:
        query = [list(pair) for pair in self.query]
        return {"path": self.path, "query": query, "mark": self.mark, "may_be_gone": self.may_be_gone}

    @classmethod
    def of_json(cls, saved: Mapping) -> Request:
        query = tuple((str(k), str(v)) for k, v in saved["query"])
        return cls(str(saved["path"]), query, str(saved["mark"]), bool(saved["may_be_gone"]))


@dataclass(frozen=True)
class Answer:
    """A page as received; header names are in lower case."""

    body: bytes
    headers: Mapping[str, str]
    url: str

    @property
    def content(self) -> object:
        """The page as JSON; UnusableAnswer when it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise UnusableAnswer("the answer is not JSON") from None


class _Session(requests.Session):
    """A session that leaves redirects alone; requests prepares the next request even when it is not to follow it."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


@dataclass
class Client:
    """Asks one service. ``prefix``: what precedes the token in the header ``Authorization``; ``pace``: the least number of
    seconds between two requests; ``say``: called with a line whenever the client waits."""

    base: str
    token: Token | None
    prefix: str = "Bearer "
    headers: Mapping[str, str] = field(default_factory=dict)
    pace: float = 0.0
    clock: Clock = field(default_factory=Clock)
    say: Callable[[str], None] = print

    def __post_init__(self) -> None:
        self.base = checked_base(self.base)
        self._session = self._new_session()
        self._last = float("-inf")

    def _new_session(self) -> requests.Session:
        session = _Session()
        session.headers.update({"User-Agent": f"aftershock/{__version__}", "Accept": "application/json"})
        session.headers.update(self.headers)
        return session

    def get(self, request: Request, read: Callable[[Answer], Read]) -> tuple[Answer, Read]:
        """A page and what ``read`` makes of it (it raises :class:`UnusableAnswer` for one that is broken or foreign).

        Raises :class:`Refused` when the service denies it, :class:`FetchError` when it stays out of reach.
        """
        url = self._url(request)
        failures, throttles = 0, 0
        while True:
            try:
                answer, wait = self._try(url, request, throttles)
                if answer is not None:
                    return answer, read(answer)
            except UnusableAnswer as trouble:
                failures += 1
                if failures >= ATTEMPTS:
                    raise FetchError(self._about(url, f"{trouble}, {ATTEMPTS} times in a row. {_RESUME}.")) from None
                self._wait(self.clock.backoff(failures), str(trouble))
                continue
            throttles += 1
            self._check_wait(url, wait, throttles)
            self._wait(wait + self.clock.random.uniform(0, 1), "the service asks to wait")

    def _try(self, url: str, request: Request, throttles: int) -> tuple[Answer | None, float]:
        """One attempt: the answer, or None and the seconds to wait."""
        self._keep_pace()
        try:
            status, answer = self._in_time(url, request.query)
        except requests.Timeout:
            raise UnusableAnswer("no answer in time") from None
        except requests.exceptions.SSLError as error:
            hint = "for a certificate of your own authority set REQUESTS_CA_BUNDLE to its file"
            raise FetchError(self._about(url, f"no secure connection ({_name_of(error)}); {hint}.")) from None
        except (requests.ConnectionError, ChunkedEncodingError, ContentDecodingError) as error:
            raise UnusableAnswer(f"the connection failed ({_name_of(error)})") from None
        except requests.RequestException as error:
            raise FetchError(self._about(url, f"the request failed ({type(error).__name__}).")) from None
        wait = asked_to_wait(status, answer.headers, answer.body, self.clock.now(), throttles)
        if wait is not None:
            return None, wait
        if status in _PASSING:
            raise UnusableAnswer(f"the service is in trouble (status {status})")
        if status != 200:
            raise Refused(self._about(url, self._refusal(status, answer.body)), status)
        self._check_secret(url, answer)
        return answer, 0.0

    def _in_time(self, url: str, query: tuple[tuple[str, str], ...]) -> tuple[int, Answer]:
        """The answer, in a thread of its own: a socket's limit holds between two bytes only, of the head as of the body.
        A thread that is too slow is left behind, with its session; it ends with its connection or with this process."""
        outcome: queue.SimpleQueue[tuple[int, Answer] | BaseException] = queue.SimpleQueue()
        given_up, session = threading.Event(), self._session

        def ask() -> None:
            try:
                outcome.put(self._followed(session, url, query, given_up))
            except BaseException as error:
                outcome.put(error)

        threading.Thread(target=ask, daemon=True).start()
        try:
            found = outcome.get(timeout=LONGEST_ANSWER)
        except queue.Empty:
            given_up.set()
            self._session = self._new_session()
            raise UnusableAnswer("the answer trickles in too slowly") from None
        if isinstance(found, BaseException):
            raise found
        return found

    def _followed(
        self, session: requests.Session, url: str, query: tuple[tuple[str, str], ...], given_up: threading.Event
    ) -> tuple[int, Answer]:
        """The answer behind at most REDIRECTS redirects; the token goes to the service's own host only."""
        for _ in range(REDIRECTS + 1):
            response = session.get(
                url,
                params=list(query),
                auth=self._authorise if _origin(url) == _origin(self.base) else _as_it_is,
                allow_redirects=False,
                stream=True,
                timeout=TIMEOUT,
            )
            with response:
                target = response.headers.get("location", "") if response.is_redirect else ""
                if not target:
                    headers = {k.lower(): v for k, v in response.headers.items()}
                    return response.status_code, Answer(self._body(response, given_up), headers, url)
            url, query = self._redirected(response.url, target), ()
        raise FetchError(self._about(url, f"more than {REDIRECTS} redirects."))

    def _redirected(self, url: str, target: str) -> str:
        target = _joined(url, target)
        if self.token is not None and self.token.is_in(target.encode("utf-8", "replace")):
            raise FetchError(
                self._about(url, "it redirects to an address that holds the token, which is not followed.")
            )
        if not _is_secure(target) and not (_is_local(self.base) and _is_local(target)):
            raise FetchError(self._about(url, "it redirects to an address without https, which is not followed."))
        return target

    def _authorise(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token is not None:
            prepared.headers["Authorization"] = self.token.header(self.prefix)
        return prepared

    def _body(self, response: requests.Response, given_up: threading.Event) -> bytes:
        """The whole body, unless it is too large or nobody waits for it any more."""
        parts, size = [], 0
        for part in response.iter_content(65536):
            parts.append(part)
            size += len(part)
            if size > LARGEST_ANSWER:
                raise FetchError(self._about(response.url, f"an answer of more than {LARGEST_ANSWER >> 20} MB."))
            if given_up.is_set():
                break
        return b"".join(parts)

    def _url(self, request: Request) -> str:
        url = request.path if "://" in request.path else self.base + request.path
        if _origin(url) != _origin(self.base):
            raise FetchError(self._about(self.base, "its next page is at another host, which is not followed."))
        return url

    def _keep_pace(self) -> None:
        self.clock.sleep(max(0.0, self._last + self.pace - self.clock.now()))
        self._last = self.clock.now()

    def _wait(self, seconds: float, why: str) -> None:
        if seconds >= 5:
            self.say(f"{why}; trying again in {duration(seconds / 60)}")
        self.clock.sleep(seconds)

    def _check_wait(self, url: str, wait: float, throttles: int) -> None:
        if wait > LONGEST_WAIT:
            raise FetchError(self._about(url, f"the service asks to wait {duration(wait / 60)}. {_RESUME} after that."))
        if throttles > THROTTLES:
            raise FetchError(self._about(url, f"throttled {plural(throttles, 'time')} in a row. {_RESUME} later."))

    def _check_secret(self, url: str, answer: Answer) -> None:
        headers = "\n".join(part for pair in answer.headers.items() for part in pair)
        shown = answer.body + b"\n" + headers.encode("utf-8", "replace")
        if self.token is not None and self.token.is_in(shown):
            raise FetchError(self._about(url, "the answer repeats the token, so it is not written to disk."))

    def _refusal(self, status: int, body: bytes) -> str:
        hint = f" ({_HINTS[status]})" if status in _HINTS else ""
        said = _message(body)
        said = (self.token.hide(said) if self.token is not None else said)[:200].rstrip(". ")
        return f"status {status}{hint}" + (f"; it says: {said}" if said else "") + "."

    def _about(self, url: str, what: str) -> str:
        """A message about an address, without its query and without the token."""
        place = urllib.parse.urlsplit(url)
        text = clean(f"{place.scheme}://{place.hostname}{_port(place)}{place.path}: {what}")
        return self.token.hide(text) if self.token is not None else text


def checked_base(base: str) -> str:
    """The address of a service, without a slash at its end. UsageError unless it is https (http on this machine only),
    with a host and without a user, a query or a fragment."""
    try:
        parts = urllib.parse.urlsplit(base.strip())
        port_is_number = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_is_number = urllib.parse.urlsplit(""), False
    if "@" in parts.netloc:
        raise UsageError("--url holds a user or a password: give the token in the environment instead")
    if not parts.hostname or not port_is_number or parts.query or parts.fragment:
        raise UsageError(f"--url {base!r} is not an address: expected one such as https://api.example.com")
    if not _is_secure(base) and not (parts.scheme == "http" and _is_local(base)):
        raise UsageError(f"--url {base!r}: expected https (plain http is allowed on localhost only)")
    return base.strip().rstrip("/")


def _as_it_is(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    """No credentials at all; it also keeps requests from looking into ~/.netrc."""
    return prepared


def _origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port; empty ones, which match no host, for what is not an address."""
    try:
        parts = urllib.parse.urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        return "", "", 0


def _joined(url: str, target: str) -> str:
    """Where a redirect leads; ``""`` when that is not an address."""
    try:
        return urllib.parse.urljoin(url, target)
    except ValueError:
        return ""


def _port(parts: urllib.parse.SplitResult) -> str:
    return f":{parts.port}" if parts.port else ""


def _is_secure(url: str) -> bool:
    return urllib.parse.urlsplit(url).scheme == "https"


def _is_local(url: str) -> bool:
    host = urllib.parse.urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _message(body: bytes) -> str:
    """What a service says about an error, in a line: GitHub and Statuspage write ``message`` or ``error``, PagerDuty
    ``error.message``."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for _ in range(2):
        if isinstance(content, dict):
            content = content.get("error") or content.get("message") or ""
    return " ".join(content.split()) if isinstance(content, str) else ""


def _name_of(error: Exception) -> str:
    """The innermost kind of an error, such as NewConnectionError or SSLCertVerificationError: its text may hold an
    address with its query."""
    while error.args and isinstance(error.args[-1], Exception):
        error = error.args[-1]
    reason = getattr(error, "reason", None)
    return _name_of(reason) if isinstance(reason, Exception) else type(error).__name__
