"""The feed of a folder: valid, newest first, with ids that stay."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hostile import CORPUS, cell
from small_pages import put_report as put

from aftershock.output import safe_html
from aftershock.rendering.site.feed import checked_base
from aftershock.rendering.site.index import write_site
from aftershock.schema.errors import UsageError

ATOM = "{http://www.w3.org/2005/Atom}"


INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def feed(output: Path, **options: str) -> ET.Element:
    write_site(output, **options)
    return ET.fromstring((output / "feed.xml").read_bytes())


def test_the_feed_holds_what_rfc_4287_demands(output):
    root = feed(output)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, (element, name)
        assert INSTANT.fullmatch(element.findtext(f"{ATOM}updated"))
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", element.findtext(f"{ATOM}id"))
        links = [link.get("href") for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(links) == 1 and (output / links[0]).is_file()
    ids = [e.text for e in root.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids) == 6
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Aftershock"
    assert not any("example" in e.get("href", "") or "localhost" in e.get("href", "") for e in root.iter())


def test_the_feed_begins_with_what_is_newest(output):
    put(output / "real/2025-01/index.json", title="January", month="2025-01", updated_at="2025-06-01T00:00:00+00:00")
    root = feed(output)
    assert [e.findtext(f"{ATOM}title") for e in root.iter(f"{ATOM}entry")][:2] == ["January", "March"]
    assert root.findtext(f"{ATOM}updated") == "2025-06-01T00:00:00Z"


def test_ids_of_the_feed_stay_and_are_those_of_the_dataset(output, tmp_path):
    def ids() -> dict[str, str]:
        return {e.findtext(f"{ATOM}title"): e.findtext(f"{ATOM}id") for e in feed(output).iter(f"{ATOM}entry")}

    before, identity = ids(), feed(output).findtext(f"{ATOM}id")
    put(output / "new/2025-01/index.json", title="Another", dataset_name="Real things", month="2025-01")
    after = ids()
    assert feed(output).findtext(f"{ATOM}id") == identity
    assert {title: after[title] for title in before} == before
    assert after["Another"] not in before.values()


def test_addresses_of_the_feed_are_relative_until_a_base_is_given(output):
    assert [link.get("rel") for link in feed(output).findall(f"{ATOM}link")] == ["alternate"]
    for options in ({"base_url": "https://example.org/r/"}, {}):
        root = feed(output, **options)
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        assert links == {
            "alternate": "https://example.org/r/index.html",
            "self": "https://example.org/r/feed.xml",
        }
        assert all(e.get("href").startswith("https://example.org/r/") for e in root.iter(f"{ATOM}link"))


def test_an_empty_folder_has_an_empty_feed(tmp_path):
    root = feed(tmp_path / "new")
    assert (root.findtext(f"{ATOM}updated"), list(root.iter(f"{ATOM}entry"))) == ("1970-01-01T00:00:00Z", [])


def test_hostile_texts_are_text_in_the_feed(tmp_path):
    texts = [cell(t) for t in CORPUS]
    for n, text in enumerate(texts):
        put(
            tmp_path / f"d/incidents/i{n}.json",
            title=text,
            summary=text,
            severity=text,
            identifier=text,
            kind="incident",
        )
    entries = list(feed(tmp_path).iter(f"{ATOM}entry"))
    assert len(entries) == 100
    assert {e.findtext(f"{ATOM}title") for e in entries} <= {_in_xml(safe_html.clean(_whole(t))) for t in texts}
    assert {child.tag.removeprefix(ATOM) for e in entries for child in e} == {
        "title", "id", "published", "updated", "link", "category", "summary"
    }  # fmt: skip


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _in_xml(text: str) -> str:
    """What a parser of XML hands on: no control characters, line ends as line feeds."""
    kept = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
    return re.sub("\r\n?", "\n", kept)


@pytest.mark.parametrize(
    "address", ["example.org/x", "ftp://example.org/", "https://", "https://example.org/?a=1", 'https://a"b/']
)
def test_a_base_that_is_no_address_is_refused(address):
    with pytest.raises(UsageError) as refused:
        checked_base(address)
    expected = f"--base-url {address!r}: expected the folder's address, such as https://example.org/reports/"
    assert str(refused.value) == expected


def test_an_address_ends_with_one_slash():
    for given in ("https://example.org/r", "https://example.org/r/", "https://example.org/r//"):
        assert checked_base(given) == "https://example.org/r/"


def test_a_report_is_not_announced_again_when_it_is_made_again(output):
    def times() -> list[str]:
        return [e.findtext(f"{ATOM}updated") for e in feed(output).iter(f"{ATOM}entry")]

    before = times()
    page = output / "real/2025-01/index.html"
    page.write_text("made again")
    assert times() == before


def test_nothing_was_published_after_its_last_change(tmp_path):
    """A start that lies after the last moment of the log, as an imprecise one may."""
    put(
        tmp_path / "d/incidents/a.json",
        started_at="2025-01-09T00:00:00+00:00",
        updated_at="2025-01-08T00:00:00+01:00",
        severity="SEV1",
        summary="It broke.",
    )
    (entry,) = feed(tmp_path).iter(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}{n}") for n in ("published", "updated")] == ["2025-01-07T23:00:00Z"] * 2
    assert entry.findtext(f"{ATOM}summary") == "SEV1. It broke."
    assert entry.find(f"{ATOM}category").get("term") == "incident"


def test_what_has_no_page_is_not_announced(output):
    put(output / "real/2025-05/index.json", page=False, title="May", month="2025-05")
    assert "May" not in [e.findtext(f"{ATOM}title") for e in feed(output).iter(f"{ATOM}entry")]
