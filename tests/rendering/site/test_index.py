"""The start page of a folder: what it lists, and in what order; nothing that a report says stops it."""

from __future__ import annotations

import re

import pytest
from conftest import HOSTILE
from small_pages import put_report as put

from aftershock.rendering.site.index import write_site


def titles(html: str) -> list[str]:
    return [" ".join(re.sub(r"<[^>]*>", " ", t).split()) for t in re.findall(r'as-report-title">(.*?)</p>', html, re.S)]


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
