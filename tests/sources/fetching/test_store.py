"""The folder of a fetch: whole pages, one fetch at a time, one account."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fake_services import (
    GitHub,
    PagerDuty,
    Reply,
    ids,
    many,
    pages,
    serving,
)

from aftershock.schema.errors import AftershockError, UsageError
from aftershock.sources.fetching import github, pagerduty, store


def test_a_page_is_written_as_received(fetch, tmp_path):
    body = b'{"incidents": [],   "more":false, "limit":100,"offset":0, "note":"\\u00e9 \xc3\xa9"}\n'
    with serving(lambda asked: Reply(body)) as server:
        fetch(pagerduty.vendor(server.url, ("incidents",)), since=datetime(2025, 3, 1, tzinfo=UTC))
    assert [p.read_bytes() for p in pages(tmp_path / "raw" / "incidents")] == [body]


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
