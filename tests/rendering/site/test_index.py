from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from conftest import HOSTILE
from hostile import CORPUS, cell

from aftershock.output import safe_html
from aftershock.rendering.page_shell import Link
from aftershock.rendering.site.index import write_site
from aftershock.rendering.site.navigation import strip


def put(path: Path, page: bool = True, **report: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"report": report}))
    if page:
        path.with_suffix(".html").write_text("page")


def titles(html: str) -> list[str]:
    return [" ".join(re.sub(r"<[^>]*>", " ", t).split()) for t in re.findall(r'as-report-title">(.*?)</p>', html, re.S)]


@pytest.fixture
def output(tmp_path) -> Path:
    real = {"dataset_name": "Real things", "simulated": False}
    put(tmp_path / "real/2025-01/index.json", title="January", kind="month", month="2025-01", **real)
    put(tmp_path / "real/2025-02/index.json", title="February", kind="month", month="2025-02", summary="Calm.", **real)
    incident = {"kind": "incident", "severity": "SEV1"}
    put(tmp_path / "real/incidents/b.json", title="Older", started_at="2025-01-02T00:00:00+00:00", **incident, **real)
    put(tmp_path / "real/incidents/a.1.json", title="Newer", started_at="2025-01-09T00:00:00+00:00", **incident, **real)
    put(tmp_path / "demo/2025-03/index.json", title="March", dataset_name="Demo", simulated=True, month="2025-03")
    return tmp_path


def test_index_lists_newest_first_with_relative_links(output):
    html = write_site(output).read_text()
    assert titles(html) == ["February", "January", "Newer SEV1", "Older SEV1", "March"]
    links = ["real/2025-02/index.html", "real/2025-01/index.html", "real/incidents/a.1.html", "real/incidents/b.html"]
    assert re.findall(r'href="([^"#]*)"', html) == [*links, "demo/2025-03/index.html", "feed.xml"]
    assert all((output / link).is_file() for link in links)
    assert "3 monthly reviews and 2 incident reports" in html
    put(output / "real/systemic.json", title="Row", kind="systemic", dataset_name="Real things", simulated=False)
    assert "3 monthly reviews, 2 incident reports and 1 check" in write_site(output).read_text()
    assert html.count("simulated data") == 1 and html.index("simulated data") > html.index("Older")
    assert "Calm." in html


def test_failed_reports_are_marked(output):
    (output / "real/2025-02/index.error.html").write_text("x")
    (output / "real/2025-04").mkdir()
    (output / "real/2025-04/index.error.html").write_text("x")
    (output / "real/incidents/c.2.error.html").write_text("x")
    html = write_site(output).read_text()
    assert titles(html) == [
        "2025-04 error",
        "February error in the latest run",
        "January",
        "Newer SEV1",
        "Older SEV1",
        "c.2 error",
        "March",
    ]
    assert 'href="real/2025-04/index.html"' not in html and 'href="real/incidents/c.2.error.html"' in html


@pytest.mark.parametrize("content", ["{", "[]", '{"report": 3}', "\x00", "[" * 100_000, '{"report": {"title": []}}'])
def test_unreadable_numbers_are_listed_and_do_not_stop_the_index(output, content):
    (output / "real/2025-01/index.json").write_text(content)
    html = write_site(output).read_text()
    expected = "2025-01" if "title" in content else "2025-01 unreadable"
    assert titles(html)[:2] == ["February", expected]
    assert 'href="real/2025-01/index.html"' in html


def test_hostile_reports_are_escaped(tmp_path):
    put(tmp_path / "d/2025-01/index.json", title=HOSTILE, summary=HOSTILE, severity=HOSTILE, dataset_name=HOSTILE)
    (tmp_path / 'd"><img src=x>').mkdir()
    put(tmp_path / 'd"><img src=x>/2025-01/index.json')
    html = write_site(tmp_path).read_text()
    assert "<img" not in html and len(re.findall(r"<script\b", html)) == 2


def test_empty_folder_says_so(tmp_path):
    assert "There are no reports here yet." in write_site(tmp_path / "new").read_text()


def test_same_folder_gives_same_bytes(output):
    assert write_site(output).read_bytes() == write_site(output).read_bytes()


# the feed

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


# links between reports


def page_with_links(path: Path, **report: object) -> Path:
    put(path, **report)
    page = path.with_name(path.name.removesuffix(".json") + ".html")
    page.write_text(f"before{strip([Link('All reports', 'index.html')])}after")
    return page


def links(page: Path) -> list[tuple[str, str]]:
    return re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', page.read_text())


def test_reports_are_linked_to_their_neighbours_and_months(tmp_path):
    months = [
        page_with_links(tmp_path / f"d/{m}/index.json", kind="month", month=m)
        for m in ("2025-01", "2025-02", "2025-04")
    ]
    days = {"a": "2025-01-05", "b.1": "2025-01-31", "c": "2025-03-01"}
    incidents = {
        i: page_with_links(
            tmp_path / f"d/incidents/{i}.json",
            kind="incident",
            month=d[:7],
            identifier=i,
            started_at=f"{d}T00:00:00+00:00",
        )
        for i, d in days.items()
    }
    checks = [page_with_links(tmp_path / f"d/{name}.json", kind=name) for name in ("check", "quality")]
    write_site(tmp_path)
    assert links(months[1]) == [
        ("../../index.html", "All reports"),
        ("../2025-01/index.html", "← January 2025"),
        ("../2025-04/index.html", "April 2025 →"),
    ]
    assert links(incidents["b.1"]) == [
        ("../../index.html", "All reports"),
        ("../2025-01/index.html", "Review of January 2025"),
        ("a.html", "← a"),
        ("c.html", "c →"),
    ]
    assert links(incidents["c"])[1:] == [("b.1.html", "← b.1")], "there is no review of March"
    assert links(checks[0]) == [("../index.html", "All reports"), ("quality.html", "What is wrong with the logs")]
    assert links(checks[1])[1:] == [("check.html", "How far to trust it")]
    for page in tmp_path.rglob("*.html"):
        assert all((page.parent / href).is_file() for href, _ in links(page))


def test_a_report_links_to_none_that_its_readers_may_not_see(tmp_path):
    pages = {
        m: page_with_links(tmp_path / f"d/{m}/index.json", month=m, audience=a)
        for m, a in (("2025-01", "public"), ("2025-02", "internal"), ("2025-03", "public"))
    }
    write_site(tmp_path)
    assert [text for _, text in links(pages["2025-01"])] == ["All reports", "March 2025 →"]
    assert [text for _, text in links(pages["2025-02"])] == ["All reports", "← January 2025", "March 2025 →"]


def test_pages_without_links_and_of_other_versions_stay_as_they_are(tmp_path):
    put(tmp_path / "d/2024-01/index.json", title="Old", month="2024-01")
    later = {
        "title": "Later",
        "month": "2025-01",
        "format": 99,
        "audience": "friends",
        "services": "none",
        "updated_at": "?",
    }
    put(tmp_path / "d/2025-01/index.json", **later)
    html = write_site(tmp_path).read_text()
    assert titles(html) == ["Later", "Old"]
    assert [p.read_text() for p in tmp_path.glob("d/*/index.html")] == ["page", "page"]


# sparklines


def test_a_sparkline_says_in_words_what_it_draws(output):
    counts = [{"month": f"2025-0{m}", "incidents": n} for m, n in ((1, 4), (2, 0), (3, 8))]
    (output / "real/2025-02/index.json").write_text(
        json.dumps({"report": {"title": "February", "month": "2025-02"}, "counts": counts})
    )
    html = write_site(output).read_text()
    said = re.search(r'<svg class="as-spark" role="img" aria-label="([^"]*)"', html)[1]
    assert said == (
        "Incidents per month from January 2025 to March 2025: 4, 0, 8. Most were 8 incidents in March 2025."
    )
    assert re.findall(r'<rect x="(\d+)" y="([\d.]+)" width="7" height="([\d.]+)"/>', html) == [
        ("0", "16", "14"),
        ("9", "29", "1"),
        ("18", "2", "28"),
    ]


@pytest.mark.parametrize(
    "counts", [None, 3, [3], [{}], [{"month": "2025-01", "incidents": "many"}], [{"month": 3, "incidents": 1}]]
)
def test_counts_that_make_no_sense_draw_nothing(output, counts):
    (output / "demo/2025-03/index.json").write_text(json.dumps({"report": {"title": "March"}, "counts": counts}))
    assert write_site(output).read_text().count("<svg") == 0
