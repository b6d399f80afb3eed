"""Google Cloud's incidents: headlines out of whole texts, and addresses of the dashboard."""

from __future__ import annotations

import pytest

from aftershock.sources.vendors.google_cloud import LONGEST_TITLE


def row(read, **more: object) -> dict:
    plain = {"id": "g1", "begin": "2024-01-10T12:00:00+00:00", "external_desc": "Slow disks"}
    return read("google-cloud", plain | more, table="incidents").frame.to_dict("records")[0]


@pytest.mark.parametrize("end", ["", None])
def test_one_without_an_end_is_open(read, end):
    assert row(read, end=end)["status"] == "open"
    assert row(read, end="2024-01-10T13:00:00+00:00")["status"] == "resolved"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Slow disks", "Slow disks"),
        ("# Summary\n\n**Slow** disks in the *west*\nMore", "Slow disks in the *west*"),
        ("**Summary:**\n\nSlow disks", "Slow disks"),
        ("\n## Slow disks ##\n", "Slow disks"),
        ("word " * 50, "word " * 30 + "word…"),
    ],
)
def test_the_headline_is_the_first_line_that_says_something(read, text, title):
    found = row(read, external_desc=text)
    assert found["title"] == title and len(title) <= LONGEST_TITLE


def test_a_headline_alone_is_described_by_its_oldest_update(read):
    updates = [{"text": "newest"}, {"text": "oldest"}]
    assert row(read, updates=updates)["description"] == "oldest"
    whole = "Slow disks\nIn the west."
    assert row(read, updates=updates, external_desc=whole)["description"] == whole


@pytest.mark.parametrize(
    ("uri", "url"),
    [
        ("incidents/g1", "https://status.cloud.google.com/incidents/g1"),
        ("/incidents/g1", "https://status.cloud.google.com/incidents/g1"),
        ("https://x.example/g1", "https://x.example/g1"),
        ("", ""),
    ],
)
def test_an_address_is_whole(read, uri, url):
    assert row(read, uri=uri).get("url", "") == url
