"""GitHub from a fake server: links, statuses of deployments, labels."""

from __future__ import annotations

import pytest
from fake_services import (
    SECRET,
    GitHub,
    Reply,
    ids,
    serving,
)

import aftershock
from aftershock.schema.errors import UsageError
from aftershock.sources.fetching import client, github


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
