"""The client tries again, waits when asked to, and gives its token to one host only."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest
from fake_services import (
    CUT,
    SECRET,
    FakeClock,
    PagerDuty,
    Reply,
    ids,
    many,
    reply,
    serving,
)

from aftershock.schema.errors import UsageError
from aftershock.sources.fetching import client, github, pagerduty


def escaped(text: str) -> str:
    return "".join(f"%{ord(c):02x}" for c in text)


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(b"", 500),
        Reply(b"<html>bad gateway</html>", 502),
        CUT,
        Reply(b"<html>maintenance</html>"),
        Reply(b'{"incidents": "none", "more": false}'),
        Reply(b'{"incidents": [], "more": "perhaps"}'),
        Reply(b'{"incidents": [1], "more": false}'),
        Reply(b"\x1f\x8bnot gzip", headers={"Content-Encoding": "gzip"}),
        Reply(b"[" * 100_000),
    ],
)
def test_passing_trouble_is_tried_again(fetch, tmp_path, trouble):
    clock = FakeClock()
    with serving(PagerDuty(many(150))) as server:
        server.troubles = {2: trouble, 3: trouble}
        fetch(pagerduty.vendor(server.url, ("incidents",)), until=datetime(2025, 1, 31, tzinfo=UTC), clock=clock)
        assert [a.query["offset"] for a in server.asked] == ["0", "100", "100", "100"]
    assert ids(tmp_path / "raw" / "incidents", "incidents") == [f"P{n}" for n in range(150)]
    assert len(clock.slept) == 2
    assert all(0 < seconds <= 4 for seconds in clock.slept)


def test_throttling_is_waited_out_and_told(fetch, tmp_path):
    clock = FakeClock()
    with serving(PagerDuty(many(3))) as server:
        server.troubles = {1: Reply(b"", 429, {"ratelimit-reset": "40"}), 2: Reply(b"", 429, {"Retry-After": "1"})}
        fetch(pagerduty.vendor(server.url, ("incidents",)), until=datetime(2025, 1, 31, tzinfo=UTC), clock=clock)
    assert [int(s) for s in clock.slept] == [40, 1]
    assert fetch.said[0].startswith("the service asks to wait; trying again in 4")
    assert len(fetch.said) == 2  # a short wait is not worth a line
    assert len(ids(tmp_path / "raw" / "incidents", "incidents")) == 3


def test_a_wait_of_hours_is_left_to_the_user(fetch):
    with (
        serving(lambda a: Reply(b"", 429, {"Retry-After": "86400"})) as server,
        pytest.raises(client.FetchError) as error,
    ):
        fetch(pagerduty.vendor(server.url, ()))
    assert str(error.value) == (
        f"{server.url}/incidents: the service asks to wait 1 d. What was fetched is kept: run the same command again to go on "
        "after that."
    )


def test_throttling_without_end_ends(fetch):
    clock = FakeClock()
    with (
        serving(lambda a: Reply(b"", 429, {"Retry-After": "1"})) as server,
        pytest.raises(client.FetchError, match="throttled 11 times"),
    ):
        fetch(pagerduty.vendor(server.url, ()), clock=clock)
    assert len(server.asked) == 11


def test_the_token_goes_to_its_own_host_only(fetch, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password hunter2hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(PagerDuty(many(2))) as other:

        def service(asked):
            if asked.path == "/incidents":
                return Reply(b"", 302, {"Location": "/moved"})
            return Reply(
                b"",
                307,
                {
                    "Location": f"{other.url}/incidents?since=2025-01-01T00:00:00Z&until=2025-02-01T00:00:00Z&offset=0&limit=100"
                },
            )

        with serving(service) as server:
            fetch(pagerduty.vendor(server.url, ("incidents",)), until=datetime(2025, 1, 31, tzinfo=UTC))
    assert [a.headers.get("Authorization") for a in server.asked] == [f"Token token={SECRET}"] * 2
    assert [a.headers.get("Authorization") for a in other.asked] == [None]
    assert len(ids(tmp_path / "raw" / "incidents", "incidents")) == 2


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("http://example.com/x", "it redirects to an address without https, which is not followed."),
        ("file:///etc/passwd", "it redirects to an address without https, which is not followed."),
        ("http://[bad", "it redirects to an address without https, which is not followed."),
        ("/incidents", "more than 5 redirects."),
    ],
)
def test_redirects_that_are_not_followed(fetch, location, message):
    with (
        serving(lambda a: Reply(b"", 301, {"Location": location})) as server,
        pytest.raises(client.FetchError) as error,
    ):
        fetch(pagerduty.vendor(server.url, ()))
    assert str(error.value) == f"{server.url}/incidents: {message}"


@pytest.mark.parametrize("elsewhere", ["https://example.com/repos?page=2", "http://127.0.0.1:1/x", "https://[bad/"])
def test_a_next_page_at_another_host_is_not_followed(fetch, elsewhere):
    link = {"Link": f'<{elsewhere}>; rel="next"'}
    with serving(lambda a: reply([{"id": 1}], **link)) as server, pytest.raises(client.FetchError) as error:
        fetch(github.vendor("o/r", server.url, ("releases",), "incident"))
    assert str(error.value).endswith(": its next page is at another host, which is not followed.")


@pytest.mark.parametrize(
    "written", [SECRET, escaped(SECRET), "".join(f"\\u{ord(c):04x}" for c in SECRET), SECRET[: len(SECRET) // 2 + 1]]
)
def test_a_page_that_repeats_the_token_is_not_written(fetch, tmp_path, written):
    body = f'{{"incidents": [{{"id": "1", "title": "key {written}"}}], "more": false}}'.encode()
    with serving(lambda a: Reply(body)) as server, pytest.raises(client.FetchError) as error:
        fetch(pagerduty.vendor(server.url, ()))
    assert str(error.value) == f"{server.url}/incidents: the answer repeats the token, so it is not written to disk."
    assert written.encode() not in b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())


@pytest.mark.parametrize("where", ["https://{}.example.com/", "/incidents?back={}", "https://example.com/{}#x"])
@pytest.mark.parametrize("written", [SECRET.replace("+", "-").replace("/", "-"), escaped(SECRET)])
def test_a_redirect_that_holds_the_token_is_not_followed(fetch, where, written):
    location, token = (
        where.format(written),
        SECRET.replace("+", "-").replace("/", "-") if "%" not in written else SECRET,
    )
    with (
        serving(lambda a: Reply(b"", 302, {"Location": location})) as server,
        pytest.raises(client.FetchError) as error,
    ):
        fetch(pagerduty.vendor(server.url, ()), token=token)
    assert str(error.value).endswith(": it redirects to an address that holds the token, which is not followed.")
    assert len(server.asked) == 1 and token not in str(error.value) and written not in str(error.value)


@pytest.mark.parametrize("part", ["head", "status", "body"])
def test_a_server_that_trickles_is_given_up(fetch, monkeypatch, part):
    """Each byte comes in time for a socket, the whole never does."""
    monkeypatch.setattr(client, "LONGEST_ANSWER", 0.3)
    with (
        trickling(part) as server,
        pytest.raises(client.FetchError, match="the answer trickles in too slowly, 6 times in a row"),
    ):
        fetch(pagerduty.vendor(server, ()))


@contextmanager
def trickling(part: str):
    """A server that sends a byte every 50 ms, without end: of its status line, its head or its body."""
    begin = {
        "status": b"",
        "head": b"HTTP/1.1 200 OK\r\nX: ",
        "body": b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n",
    }
    over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            with suppress(OSError):
                self.request.sendall(begin[part])
                while not over.wait(0.05):
                    self.request.sendall(b"H")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            over.set()
            server.shutdown()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "http://api.example.com",
            "--url 'http://api.example.com': expected https (plain http is allowed on localhost only)",
        ),
        ("https://me:pw@x.example", "--url holds a user or a password: give the token in the environment instead"),
        ("ftp://localhost", "--url 'ftp://localhost': expected https (plain http is allowed on localhost only)"),
        ("api.example.com", "--url 'api.example.com' is not an address: expected one such as https://api.example.com"),
        (
            "https://x.example:port",
            "--url 'https://x.example:port' is not an address: expected one such as https://api.example.com",
        ),
        (
            "https://x.example/?token=1",
            "--url 'https://x.example/?token=1' is not an address: expected one such as https://api.example.com",
        ),
        (
            "http://127.0.0.1.example.com",
            "--url 'http://127.0.0.1.example.com': expected https (plain http is allowed on localhost only)",
        ),
    ],
)
def test_addresses_that_are_refused(url, message):
    with pytest.raises(UsageError) as error:
        client.checked_base(url)
    assert str(error.value) == message
