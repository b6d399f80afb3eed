"""Fetching from a fake server on this machine: paging, waiting, failing, going on, and keeping the token to itself."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fake_services import CUT, GitHub, PagerDuty, Reply, incident, reply, serving

import aftershock
from aftershock.cli.app import app
from aftershock.errors import AftershockError, UsageError
from aftershock.sources import find
from aftershock.sources.fetching import backoff, client, github, pagerduty, run, statuspage, store
from aftershock.sources.fetching.token import Token, from_environment

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


@pytest.fixture
def fetch(tmp_path: Path):
    """Fetch into one folder; the lines said are in ``fetch.said``."""

    def _fetch(vendor, *, since=JANUARY, until=None, again=False, clock=None, token=SECRET):
        _fetch.said = []
        return run.fetch(
            vendor,
            tmp_path / "raw",
            run.Period(since, until, again),
            Token(token) if token else None,
            clock=clock or FakeClock(),
            say=_fetch.said.append,
        )

    return _fetch


def pages(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def ids(folder: Path, key: str = "") -> list[str]:
    contents = [json.loads(p.read_bytes()) for p in pages(folder)]
    return [r["id"] for c in contents for r in (c[key] if key else c)]


def many(count: int, month: str = "2025-01") -> list[dict]:
    return [incident(n, f"{month}-{1 + n % 28:02}T10:00:{n % 60:02}Z") for n in range(count)]


# PagerDuty


def test_pagerduty_is_read_by_months_and_offsets(fetch, tmp_path):
    service = PagerDuty(
        [*many(250), incident(900, "2025-02-03T00:00:00Z")], [{"id": "C1", "timestamp": "2025-03-01T00:00:00Z"}]
    )
    with serving(service) as server:
        found = fetch(pagerduty.vendor(server.url, ()))
    asked = [(a.path, a.query["since"][:10], a.query["until"][:10], a.query["offset"]) for a in server.asked]
    january = [("/incidents", "2025-01-01", "2025-02-01", str(o)) for o in (0, 100, 200)]
    rest = [("/incidents", "2025-02-01", "2025-03-01", "0"), ("/incidents", "2025-03-01", "2025-04-01", "0")]
    changes = [("/change_events", f"2025-0{m}-01", f"2025-0{m + 1}-01", "0") for m in (1, 2, 3)]
    assert asked == january + rest + changes
    assert server.asked[0].headers["Authorization"] == f"Token token={SECRET}"
    assert [p.name for p in pages(tmp_path / "raw" / "incidents")][:4] == [
        "20250101T000000Z-00001.json",
        "20250101T000000Z-00002.json",
        "20250101T000000Z-00003.json",
        "20250201T000000Z-00001.json",
    ]
    assert ids(tmp_path / "raw" / "incidents", "incidents") == [f"P{n}" for n in (*range(250), 900)]
    assert [(f.resource.name, f.records, f.pages) for f in found] == [("incidents", 251, 5), ("change_events", 1, 3)]
    assert not (tmp_path / "raw" / ".fetching").exists()


def test_a_page_is_written_as_received(fetch, tmp_path):
    body = b'{"incidents": [],   "more":false, "limit":100,"offset":0, "note":"\\u00e9 \xc3\xa9"}\n'
    with serving(lambda asked: Reply(body)) as server:
        fetch(pagerduty.vendor(server.url, ("incidents",)), since=datetime(2025, 3, 1, tzinfo=UTC))
    assert [p.read_bytes() for p in pages(tmp_path / "raw" / "incidents")] == [body]


def test_a_month_beyond_the_cap_is_cut_in_two(fetch, tmp_path, monkeypatch):
    monkeypatch.setattr(pagerduty, "MOST_RECORDS", 300)
    with serving(PagerDuty(sorted(many(700), key=lambda r: r["created_at"]), cap=300)) as server:
        fetch(pagerduty.vendor(server.url, ("incidents",)), until=datetime(2025, 1, 31, tzinfo=UTC))
        assert max(int(a.query["offset"]) for a in server.asked) <= 200
        assert sorted(ids(tmp_path / "raw" / "incidents", "incidents")) == sorted(f"P{n}" for n in range(700))
        before = len(server.asked)
        fetch(pagerduty.vendor(server.url, ("incidents",)), until=datetime(2025, 1, 31, tzinfo=UTC))
        assert len(server.asked) == before  # the cuts are remembered, and all is settled


def test_a_second_that_holds_too_much_is_an_error(fetch, monkeypatch):
    monkeypatch.setattr(pagerduty, "MOST_RECORDS", 200)
    same = [incident(n, "2025-01-01T00:00:00Z") for n in range(500)]
    with (
        serving(PagerDuty(same, cap=200)) as server,
        pytest.raises(client.FetchError, match="more records within the second of 2025-01-01T00:00:00Z"),
    ):
        fetch(pagerduty.vendor(server.url, ("incidents",)))


def test_a_repeated_fetch_asks_for_what_can_have_changed_only(fetch, tmp_path):
    service = PagerDuty([incident(1, "2025-01-05T00:00:00Z"), incident(2, "2025-02-05T00:00:00Z", "acknowledged")])
    vendor = ("incidents",)
    with serving(service) as server:
        fetch(pagerduty.vendor(server.url, vendor))
        service.incidents[1]["status"] = "resolved"
        service.incidents.append(incident(3, "2025-03-11T00:00:00Z"))
        server.asked.clear()
        later = FakeClock("2025-03-12T00:00:00+00:00")
        found = fetch(pagerduty.vendor(server.url, vendor), clock=later)
        assert [a.query["since"][:7] for a in server.asked] == ["2025-02", "2025-03"]
        assert ids(tmp_path / "raw" / "incidents", "incidents") == ["P1", "P2", "P3"]
        assert found[0].new_pages == 2
        texts = [p.read_text() for p in pages(tmp_path / "raw" / "incidents")]
        assert "acknowledged" not in "".join(texts)
        server.asked.clear()
        fetch(pagerduty.vendor(server.url, vendor), clock=later, again=True)
        assert len(server.asked) == 3


def test_another_period_keeps_the_months_that_it_does_not_touch(fetch, tmp_path):
    with serving(PagerDuty([incident(1, "2025-01-05T00:00:00Z"), incident(2, "2025-02-05T00:00:00Z")])) as server:
        fetch(pagerduty.vendor(server.url, ("incidents",)), until=datetime(2025, 1, 31, tzinfo=UTC))
        (tmp_path / "raw" / "incidents" / "notes.txt").write_text("mine")
        fetch(pagerduty.vendor(server.url, ("incidents",)), since=datetime(2025, 2, 10, tzinfo=UTC))
    assert ids(tmp_path / "raw" / "incidents", "incidents") == ["P1", "P2"]
    assert (tmp_path / "raw" / "incidents" / "notes.txt").read_text() == "mine"


# trouble


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


def test_lasting_trouble_stops_and_the_next_run_goes_on(fetch, tmp_path):
    with serving(PagerDuty(many(250))) as server:
        vendor = pagerduty.vendor(server.url, ("incidents",))
        server.troubles = dict.fromkeys(range(3, 9), Reply(b"", 503))
        with pytest.raises(client.FetchError) as error:
            fetch(vendor)
        assert str(error.value) == (
            f"{server.url}/incidents: the service is in trouble (status 503), 6 times in a row. What was fetched is kept: "
            "run the same command again to go on."
        )
        assert not (tmp_path / "raw" / "incidents").exists()  # half a log is never on display
        server.asked.clear()
        server.troubles = {}
        fetch(vendor, until=datetime(2025, 1, 31, tzinfo=UTC))
        assert [a.query["offset"] for a in server.asked] == ["200"]
        assert "incidents 2025-01-01 to 2025-02-01: going on after 2 pages" in fetch.said
    assert ids(tmp_path / "raw" / "incidents", "incidents") == [f"P{n}" for n in range(250)]


def test_an_interrupted_update_leaves_the_old_pages_on_display(fetch, tmp_path):
    service = PagerDuty([incident(1, "2025-03-05T00:00:00Z")])
    march = datetime(2025, 3, 1, tzinfo=UTC)
    with serving(service) as server:
        vendor = pagerduty.vendor(server.url, ("incidents",))
        fetch(vendor, since=march)
        service.incidents = many(150, "2025-03")
        server.troubles = {3: Reply(b"", 401)}
        assert fetch(vendor, since=march)[0].error
        assert ids(tmp_path / "raw" / "incidents", "incidents") == ["P1"]
        fetch(vendor, since=march)
    assert ids(tmp_path / "raw" / "incidents", "incidents") == [f"P{n}" for n in range(150)]


def test_a_beginning_that_is_old_or_damaged_is_begun_again(fetch, tmp_path):
    with serving(PagerDuty(many(250))) as server:
        vendor, end = pagerduty.vendor(server.url, ("incidents",)), datetime(2025, 1, 31, tzinfo=UTC)
        server.troubles = {2: Reply(b"", 401)}
        fetch(vendor, until=end)
        next((tmp_path / "raw" / ".fetching" / "incidents").glob("*.json")).write_text("{")
        server.asked.clear()
        server.troubles = {2: Reply(b"", 401)}
        fetch(vendor, until=end)
        assert [a.query["offset"] for a in server.asked] == ["0", "100"]
        server.asked.clear()
        server.troubles = {}
        fetch(vendor, until=end, clock=FakeClock("2025-03-12T12:00:00+00:00"))
        assert [a.query["offset"] for a in server.asked] == ["0", "100", "200"]
    assert ids(tmp_path / "raw" / "incidents", "incidents") == [f"P{n}" for n in range(250)]


def test_an_exchange_cut_off_between_its_renames_is_finished(fetch, tmp_path):
    with serving(PagerDuty(many(50))) as server:
        vendor, end = pagerduty.vendor(server.url, ("incidents",)), datetime(2025, 1, 31, tzinfo=UTC)
        fetch(vendor, until=end)
        raw = tmp_path / "raw"
        (raw / ".fetching").mkdir()
        (raw / "incidents").rename(raw / ".fetching" / "incidents.old")
        before = len(server.asked)
        fetch(vendor, until=end)
        assert len(server.asked) == before
    assert ids(raw / "incidents", "incidents") == [f"P{n}" for n in range(50)]


def test_one_refused_resource_does_not_stop_the_others(fetch, tmp_path):
    service = PagerDuty(many(3))
    with serving(
        lambda a: (
            Reply(b'{"error":{"message":"Your plan has no change events."}}', 403) if "change" in a.path else service(a)
        )
    ) as server:
        found = fetch(pagerduty.vendor(server.url, ()))
    assert found[0].records == 3
    assert found[1].error == (
        f"{server.url}/change_events: status 403 (the token may not read this); it says: Your plan has no change events."
    )


def test_one_fetch_at_a_time(tmp_path):
    folder = store.Store(tmp_path, {})
    with (
        folder.locked(),
        pytest.raises(AftershockError, match="another fetch is writing into"),
        store.Store(tmp_path, {}).locked(),
    ):
        pass


def test_a_folder_holds_the_pages_of_one_account(fetch, tmp_path):
    with serving(GitHub()) as server:
        fetch(github.vendor("o/one", server.url, ("releases",), "incident"))
        with pytest.raises(UsageError) as error:
            fetch(github.vendor("o/two", server.url, ("releases",), "incident"))
    assert "repository o/one, service github, not of" in str(error.value)
    assert str(error.value).endswith("choose another folder")


def test_a_state_that_cannot_be_read_says_what_to_do(fetch, tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "fetch.state").write_text('{"version": 1}')
    with pytest.raises(AftershockError, match=r"fetch\.state cannot be read .* remove it to begin again"):
        fetch(pagerduty.vendor("http://127.0.0.1:9", ()))


# waiting


NOW = 1_741_608_000.0


@pytest.mark.parametrize(
    ("status", "headers", "body", "times", "seconds"),
    [
        (200, {}, b"", 0, None),
        (403, {}, b'{"message":"Not yours"}', 0, None),
        (429, {"retry-after": "17"}, b"", 0, 17),
        (420, {"retry-after": "2.5"}, b"", 0, 2.5),
        (429, {"retry-after": "Mon, 10 Mar 2025 12:01:00 GMT"}, b"", 0, 60),
        (429, {"retry-after": "Mon, 10 Mar 2020 12:01:00 GMT"}, b"", 0, 0),
        (429, {"retry-after": "soon"}, b"", 0, 60),
        (429, {"ratelimit-reset": "33"}, b"", 0, 33),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) + 600)}, b"", 0, 601),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) - 5)}, b"", 0, 0),
        (403, {"x-ratelimit-remaining": "0", "retry-after": "8"}, b"", 0, 8),
        (403, {}, b'{"message":"You have exceeded a secondary rate limit."}', 0, 60),
        (403, {}, b'{"message":"You have exceeded a secondary rate limit."}', 2, 240),
        (429, {"retry-after": "-1"}, b"", 0, 60),
        (429, {"retry-after": "nan"}, b"", 0, 60),
    ],
)
def test_what_a_throttled_answer_asks_for(status, headers, body, times, seconds):
    assert backoff.asked_to_wait(status, headers, body, NOW, times) == seconds


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


def test_backoff_grows_to_a_minute_and_is_random():
    clock = FakeClock()
    longest = [max(clock.backoff(n) for _ in range(300)) for n in (1, 3, 5, 9)]
    assert [round(x) for x in longest] == [2, 8, 32, 60]
    assert len({clock.backoff(3) for _ in range(20)}) == 20


# GitHub


def deployment(n: int, at: str) -> dict:
    return {"id": f"d{n}", "created_at": at, "updated_at": at}


def became(id: str, state: str, at: str) -> dict:
    """A status of a deployment."""
    of = f"https://api.github.com/repos/o/r/deployments/{id}"
    return {"id": f"{id}-{state}", "state": state, "created_at": at, "deployment_url": of}


def test_github_follows_links_until_older_pages(fetch, tmp_path):
    new = [deployment(n, "2025-02-01T00:00:00Z") for n in range(150)]
    old = [deployment(n, "2024-06-01T00:00:00Z") for n in range(150, 450)]
    service = GitHub(
        lists={"deployments": new + old, "releases": [deployment(900, "2020-01-01T00:00:00Z")], "pulls": old}
    )
    service.lists["issues"] = [{"id": 7, "state": "open"}]
    with serving(service) as server:
        service.url = server.url
        found = fetch(github.vendor("o/r", server.url, (), "outage"))
    lists = [path for path in server.paths() if not path.endswith("/statuses")]
    assert lists == [
        f"/repos/o/r/{n}" for n in ("issues", "deployments", "deployments", "deployments", "releases", "pulls")
    ]
    assert server.asked[0].query == {
        "per_page": "100",
        "state": "all",
        "sort": "created",
        "direction": "asc",
        "labels": "outage",
        "since": "2025-01-01T00:00:00Z",
    }
    assert server.asked[0].headers["Authorization"] == f"Bearer {SECRET}"
    assert server.asked[-1].query == {"per_page": "100", "state": "closed", "sort": "updated", "direction": "desc"}
    assert ids(tmp_path / "raw" / "deployments") == [f"d{n}" for n in range(200)]  # the second page spans the day
    assert [f.records for f in found] == [1, 200, 1, 100]  # a first page stays even when it is old: an empty log is one
    assert sum(f.pages for f in found) == 5


def test_github_tells_what_became_of_the_deployments_of_the_period(fetch, tmp_path, write):
    """Those before it are left alone, one that was deleted meanwhile stops nothing, and the reader joins the rest."""
    made = [deployment(n, f"2025-02-0{n}T00:00:00Z") for n in (5, 4, 3, 2)] + [deployment(1, "2024-06-01T00:00:00Z")]
    service = GitHub(lists={"deployments": made}, most=2)
    service.statuses = {
        "d5": [
            became("d5", "success", "2025-02-05T00:09:00Z"),
            became("d5", "in_progress", "2025-02-05T00:07:00Z"),
            became("d5", "queued", "2025-02-05T00:01:00Z"),
        ],
        "d4": None,
        "d2": [became("d2", "failure", "2025-02-02T00:30:00Z")],
    }
    with serving(service) as server:
        service.url = server.url
        [found] = fetch(github.vendor("o/r", server.url, ("deployments",), "incident"))
    listed, of = "/repos/o/r/deployments", "/repos/o/r/deployments/d{}/statuses"
    assert server.paths() == [
        *[listed, of.format(5), of.format(5), of.format(4)],
        *[listed, of.format(3), of.format(2), listed],
    ], "as deep as a page goes before the next one, so that little waits at a time"
    assert (found.records, found.pages, found.error) == (4, 5, "")
    toml = (
        'name = "mine"\n[incidents]\npath = "incidents.csv"\n[changes]\npath = "raw"\nformat = "github-deployments"\n'
    )
    folder = write(toml=toml, changes=None)
    (tmp_path / "raw" / "deployments").rename(folder / "raw")
    dataset = aftershock.load(folder)
    read = dataset.changes.set_index("change_id")
    assert read["status"].to_dict() == {"d5": "done", "d4": "", "d3": "", "d2": "failed"}
    assert str(read.loc["d5", "finished_at"]) == "2025-02-05 00:09:00+00:00"
    assert len(dataset.rejected) == 0


def test_a_fetch_goes_on_among_the_statuses(fetch, tmp_path):
    service = GitHub(lists={"deployments": [deployment(n, "2025-02-01T00:00:00Z") for n in range(3)]})
    service.statuses = {f"d{n}": [became(f"d{n}", "success", "2025-02-01T00:05:00Z")] for n in range(3)}
    with serving(service) as server:
        server.troubles = {n: Reply(b"oops", 500) for n in range(3, 20)}
        vendor = github.vendor("o/r", server.url, ("deployments",), "incident")
        with pytest.raises(client.FetchError, match="status 500"):
            fetch(vendor)
        server.troubles.clear()
        server.asked.clear()
        [found] = fetch(vendor)
    assert server.paths() == [f"/repos/o/r/deployments/d{n}/statuses" for n in (1, 2)]
    assert (found.records, found.pages, found.new_pages) == (3, 4, 2)


def test_github_needs_no_token(fetch):
    with serving(GitHub()) as server:
        fetch(github.vendor("o/r", server.url, ("releases",), "incident"), token="")
    assert "Authorization" not in server.asked[0].headers


@pytest.mark.parametrize("name", ["octocat", "a/b/c", "../..", "./x", "a/b?x=1", "a b/c"])
def test_a_repository_is_owner_and_name(name):
    with pytest.raises(UsageError, match="does not name a repository: expected OWNER/NAME"):
        github.vendor(name, "", (), "incident")


# Statuspage


def test_statuspage_pages_to_the_end_and_keeps_its_pace(fetch, tmp_path):
    records = [{"id": f"s{n}", "created_at": "2025-02-01T00:00:00.000-08:00", "status": "resolved"} for n in range(120)]

    def service(asked):
        page = int(asked.query["page"])
        return reply(records[(page - 1) * 50 : page * 50])  # fewer than asked for, as a service may

    clock = FakeClock()
    with serving(service) as server:
        fetch(statuspage.vendor("abc123", server.url), clock=clock)
    assert [(a.path, a.query) for a in server.asked] == [
        ("/v1/pages/abc123/incidents", {"limit": "100", "page": str(n)}) for n in (1, 2, 3, 4)
    ]
    assert server.asked[0].headers["Authorization"] == f"OAuth {SECRET}"
    assert clock.slept == pytest.approx([1, 1, 1])
    assert ids(tmp_path / "raw" / "incidents") == [f"s{n}" for n in range(120)]


def test_statuspage_that_serves_one_page_for_ever_ends(fetch, tmp_path):
    record = {"id": "s1", "created_at": "2025-02-01T00:00:00Z", "status": "investigating"}
    with serving(lambda asked: reply([record])) as server:
        fetch(statuspage.vendor("abc123", server.url))
    assert len(server.asked) == 2
    assert ids(tmp_path / "raw" / "incidents") == ["s1"]


def test_a_public_status_page_needs_no_token(fetch, tmp_path):
    def service(asked):
        name = "incidents" if asked.path == "/api/v2/incidents.json" else "scheduled_maintenances"
        return reply({"page": {"id": "x"}, name: [{"id": name[:3], "status": "completed"}]})

    with serving(service) as server:
        fetch(statuspage.vendor(server.url, ""), token="")
    assert server.paths() == ["/api/v2/incidents.json", "/api/v2/scheduled-maintenances.json"]
    assert ids(tmp_path / "raw" / "scheduled-maintenances", "scheduled_maintenances") == ["sch"]


# the token


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


def test_a_page_that_repeats_the_token_is_not_written(fetch, tmp_path):
    body = json.dumps({"incidents": [{"id": "1", "title": f"key {SECRET}"}], "more": False}).encode()
    with serving(lambda a: Reply(body)) as server, pytest.raises(client.FetchError) as error:
        fetch(pagerduty.vendor(server.url, ()))
    assert str(error.value) == f"{server.url}/incidents: the answer repeats the token, so it is not written to disk."
    assert SECRET.encode() not in b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())


def test_a_token_does_not_show_itself():
    token = Token(SECRET)
    assert SECRET not in f"{token} {token!r} {vars(client.Client('https://x.example', token))!r}"
    assert token.hide(f"a {SECRET} b s3cr3t%2B%2Ftoken%3D0123456789 c") == "a (the token) b (the token) c"
    with pytest.raises(TypeError):
        import pickle

        pickle.dumps(token)


@pytest.mark.parametrize("bad", ["two words in it", "line\nbreak-in-it", "schlüssel-schlüssel", "short"])
def test_what_is_no_token_is_refused_without_being_shown(bad):
    with pytest.raises(UsageError) as error:
        from_environment(("ONE", "TWO"), {"TWO": bad})
    assert str(error.value) == "what TWO holds is not a token: expected one word of at least 8 ASCII characters"


def test_the_first_variable_that_is_set_holds_the_token():
    found = from_environment(("ONE", "TWO", "THREE"), {"ONE": " ", "TWO": " abcdefgh\n", "THREE": "ijklmnop"})
    assert found.header("Bearer ") == "Bearer abcdefgh"
    assert from_environment(("ONE",), {}) is None


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


# the command


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    kept = {k: v for k, v in os.environ.items() if "TOKEN" not in k}
    return subprocess.run(
        [sys.executable, "-m", "aftershock", "fetch", *arguments],
        capture_output=True,
        env={**kept, "NO_COLOR": "1", "COLUMNS": "200", "PYTHONDEVMODE": "1", **environment},
        check=False,
    )


def test_the_command_fetches_and_says_where(tmp_path):
    raw = tmp_path / "raw"
    with serving(PagerDuty(many(2), [])) as server:
        done = command(
            "pagerduty",
            "--since",
            "2025-01-01",
            "--until",
            "2025-01-31",
            "--to",
            str(raw),
            "--url",
            server.url,
            PAGERDUTY_TOKEN=SECRET,
        )
    assert (done.returncode, done.stderr.decode()) == (
        0,
        "incidents 2025-01-01 to 2025-02-01: 2 records\nchange_events 2025-01-01 to 2025-02-01: 0 records\n",
    )
    assert done.stdout.decode().startswith(
        f'{raw}/incidents: 2 records on 1 page, 1 of them fetched now; read under [incidents] by format = "pagerduty"\n'
        f'{raw}/change_events: 0 records on 1 page, 1 of them fetched now; read under [changes] by format = "pagerduty"\n'
    )


def test_the_token_is_in_no_byte_of_what_the_command_leaves(tmp_path):
    """The server repeats the header in its error, in every form that hides it badly."""

    def echoing(asked):
        header = asked.headers["Authorization"]
        told = {"error": {"message": f"bad header {header!r} " * 12, "header": header}}
        return Reply(json.dumps(told).encode(), 401, {"X-Echo": header, "WWW-Authenticate": header})

    with serving(echoing) as server:
        done = command(
            "pagerduty",
            "--since",
            "2025-01-01",
            "--to",
            str(tmp_path / "raw"),
            "--url",
            server.url,
            PAGERDUTY_TOKEN=SECRET,
        )
    left = done.stdout + done.stderr + b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert done.returncode == 1
    assert (
        b"status 401 (the token is not valid (or none was given)); it says: bad header 'Token token=(the token)'"
        in done.stderr
    )
    for start in range(len(SECRET) - 9):
        assert SECRET[start : start + 10].encode() not in left


def test_without_a_token_nothing_is_asked_or_made(tmp_path):
    done = command("pagerduty", "--since", "2025-01-01", "--to", str(tmp_path / "raw"))
    assert (done.returncode, done.stderr.decode()) == (
        2,
        "aftershock: pagerduty needs a token: set AFTERSHOCK_PAGERDUTY_TOKEN or PAGERDUTY_TOKEN in the environment\n",
    )
    assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pagerduty", "--since", "2099-01-01"], "--since 2099-01-01 lies after today"),
        (["pagerduty", "--since", "2025-02-01", "--until", "2025-01-01"], "--since 2025-02-01 lies after --until"),
        (
            ["pagerduty", "--since", "2025-01-01", "--only", "incident"],
            "--only 'incident': expected one of incidents, change_events; the nearest is 'incidents'",
        ),
        (
            ["statuspage", "no page", "--since", "2025-01-01"],
            "'no page' is not a status page: expected its id, such as kctbh9vrtdwd, or its address, such as https://status.example.com",
        ),
    ],
)
def test_wrong_usage_is_said_before_anything_is_asked(tmp_path, arguments, message):
    with pytest.raises(UsageError) as error:
        app(["fetch", *arguments, "--to", str(tmp_path / "raw")], standalone_mode=False)
    assert str(error.value) == message
    assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize(
    "vendor",
    [
        pagerduty.vendor("", ()),
        github.vendor("shop/web", "", (), "incident"),
        statuspage.vendor("kctbh9vrtdwd", ""),
        statuspage.vendor("https://status.example.com", ""),
    ],
    ids=["pagerduty", "github", "own statuspage", "public statuspage"],
)
def test_every_page_has_a_format_that_reads_it(vendor):
    for resource in vendor.resources:
        assert resource.table in find(resource.format, resource.table).tables
