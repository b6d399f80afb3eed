"""A page as one picture."""

from __future__ import annotations

import struct
from xml.etree import ElementTree

import pytest
from small_pages import write_page

from aftershock.figures.timeline_of_one import MEASURE
from aftershock.rendering import page_picture
from aftershock.schema.errors import AftershockError, UsageError

SVG = "{http://www.w3.org/2000/svg}"


def drawn(path):
    return ElementTree.fromstring(page_picture.svg(page_picture.read_page(path)))


def texts(root):
    return ["".join(t.itertext()) for t in root.iter(f"{SVG}text")]


def test_a_review_shows_its_sentences_and_its_first_two_figures(tmp_path):
    root = drawn(write_page(tmp_path / "index.html", figures=3, measure="Another"))
    said = texts(root)
    assert said[:2] == ["Calm", "Nothing: 99\u00a0% of it."]
    assert len(root.findall(f"{SVG}svg")) == page_picture.FIGURES
    assert "Finding 0 <b>" in said and "Finding 2 <b>" not in said
    assert any("incident" in line and "▬" in line for line in said)


def test_a_postmortem_shows_its_hour(tmp_path):
    said = texts(drawn(write_page(tmp_path / "a.html", figures=3, measure=f"{MEASURE}; this incident")))
    assert "Finding 2 <b>" in said and "Finding 0 <b>" not in said


def test_of_a_month_without_incidents_nothing_else_takes_the_place_of_its_days(tmp_path):
    figures = [{"said": {"measure": m}} for m in ("Incidents per month; shaded: chance", "Share of outages by then")]
    assert page_picture._chosen(page_picture.Page(tmp_path, {}, figures)) == figures[:1]


def test_nothing_is_drawn_outside_the_picture_and_hostile_text_stays_text(tmp_path):
    long = "<script>alert(1)</script> " * 20 + "\x00\u202e"
    root = drawn(write_page(tmp_path / "a.html", title=long, summary=long))
    assert not list(root.iter(f"{SVG}script")) and not list(root.iter("script"))
    bottom = max(float(t.get("y", 0)) for t in root.findall(f"{SVG}text"))
    assert bottom < float(root.get("height")) and root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


@pytest.mark.parametrize("spoil", ["page", "json", "figures"])
def test_what_is_no_page_is_refused_in_words(tmp_path, spoil):
    path = write_page(tmp_path / "a.html")
    if spoil == "page":
        path.unlink()
    elif spoil == "json":
        path.with_suffix(".json").write_text("[]")
    else:
        path.write_text('<script type="text/plain" id="as-figures">AAAA</script>')
    with pytest.raises(
        UsageError, match=r"expected a page that aftershock report has written, with its \.json next to it"
    ):
        page_picture.read_page(path)


def test_a_png_without_a_browser_and_another_ending_are_refused_before_anything_is_rendered(tmp_path, monkeypatch):
    monkeypatch.setattr(page_picture, "BROWSERS", ("no-such-browser",))
    with pytest.raises(AftershockError, match="no browser to make a PNG with: none of no-such-browser is installed"):
        page_picture.check_target(tmp_path / "a.png")
    with pytest.raises(UsageError, match=r"expected a name that ends in .svg or .png"):
        page_picture.check_target(tmp_path / "a.jpg")
    page_picture.check_target(tmp_path / "a.svg")


@pytest.mark.browser
@pytest.mark.skipif(not page_picture.browser(), reason="needs Chromium")
def test_a_png_has_twice_the_pixels(tmp_path):
    path = write_page(tmp_path / "a.html")
    page_picture.write(path, tmp_path / "a.png")
    width, height = struct.unpack(">II", (tmp_path / "a.png").read_bytes()[16:24])
    root = drawn(path)
    assert (width, height) == (2 * int(root.get("width")), 2 * int(root.get("height")))
