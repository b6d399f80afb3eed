"""The links above a report: to its neighbours and its month, as far as its readers may go."""

from __future__ import annotations

import re
from pathlib import Path

from small_pages import put_report as put

from aftershock.rendering.page_shell import Link
from aftershock.rendering.site import catalogue
from aftershock.rendering.site.index import write_site
from aftershock.rendering.site.navigation import LONGEST, bring_up_to_date, strip, without_links_and_time


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
    about = {"kind": "incident", "month": "2025-02", "audience": "public", "started_at": "2025-02-01T00:00:00+00:00"}
    incident = page_with_links(tmp_path / "d/incidents/a.json", **about)
    write_site(tmp_path)
    assert [text for _, text in links(incident)] == ["All reports"], "the review of February is not for them"


def test_only_pages_whose_links_are_others_are_written(tmp_path):
    pages = [page_with_links(tmp_path / f"d/2025-0{m}/index.json", kind="month", month=f"2025-0{m}") for m in (1, 2)]
    assert bring_up_to_date(tmp_path, catalogue.read(tmp_path)) == 2
    assert bring_up_to_date(tmp_path, catalogue.read(tmp_path)) == 0
    page_with_links(tmp_path / "d/2025-03/index.json", kind="month", month="2025-03")
    assert bring_up_to_date(tmp_path, catalogue.read(tmp_path)) == 2, "the new one and its neighbour"
    assert all(page.read_text().startswith("before<!--links-->") for page in pages)
    assert all(page.read_text().endswith("<!--/links-->after") for page in pages)


def test_a_long_id_is_cut_where_it_is_shown_and_whole_where_it_is_said(tmp_path):
    long = "x" * (LONGEST + 1)
    first = page_with_links(
        tmp_path / "d/incidents/a.json", kind="incident", identifier="a", started_at="2025-01-01T00:00:00+00:00"
    )
    page_with_links(
        tmp_path / "d/incidents/b.json", kind="incident", identifier=long, started_at="2025-01-02T00:00:00+00:00"
    )
    write_site(tmp_path)
    assert links(first)[-1] == ("b.html", f"{'x' * (LONGEST - 1)}… →")
    assert f'aria-label="Next incident: {long}"' in first.read_text()


def test_ids_that_need_quoting_are_found(tmp_path):
    page = page_with_links(tmp_path / "d e/incidents/a#1.json", kind="incident", month="2025-01", identifier="a#1")
    page_with_links(tmp_path / "d e/2025-01/index.json", kind="month", month="2025-01")
    page_with_links(tmp_path / "d e/incidents/b%.json", kind="incident", month="2025-01", identifier="b%")
    write_site(tmp_path)
    assert [href for href, _ in links(page)] == ["../../index.html", "../2025-01/index.html", "b%25.html"]


def test_of_a_page_its_links_and_its_time_say_nothing():
    page = b"a<!--links-->x<!--/links-->b<!--rendered-->today<!--/rendered-->c"
    assert without_links_and_time(page) == b"abc"
    assert without_links_and_time(b"abc") == b"abc"
    assert without_links_and_time(page + page).startswith(b"abca<!--links-->"), "only the page's own, which come first"
