"""The gallery shows the whole family, each figure with data and without."""

from __future__ import annotations

import re

import pytest

from aftershock import figures
from aftershock.cli import app
from aftershock.rendering import gallery
from aftershock.schema.errors import AftershockError


@pytest.fixture(scope="module")
def material(demo, demo_found) -> gallery.Material:
    return gallery.Material(demo, demo_found)


def test_every_figure_has_a_place():
    assert {exhibit.figure for exhibit in gallery.EXHIBITS} == set(figures.__all__)
    titles = [exhibit.title for exhibit in gallery.EXHIBITS]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("exhibit", gallery.EXHIBITS, ids=lambda e: e.title)
def test_each_is_drawn_from_the_demo_data_and_speaks_without(material, exhibit):
    drawn, without = exhibit.draw(material), exhibit.without(material)
    assert len(drawn.data) > 0 and len(without.data) == 0
    for told in (drawn.layout.meta, without.layout.meta):
        assert told["finding"] and told["alt"] and "nan" not in told["finding"].lower()


def test_the_page_numbers_them_all_and_draws_those_with_data(material):
    html = gallery.render(material)
    count = len(gallery.EXHIBITS)
    assert len(re.findall(r'<figure class="as-figure"', html)) == 2 * count
    assert len(re.findall(r'class="as-plot"', html)) == count
    assert [int(n) for n in re.findall(r'<p class="as-number">Figure (\d+)<', html)] == list(range(1, 2 * count + 1))
    assert html == gallery.render(material), "equal bytes"


def test_the_command_says_what_it_wrote_or_why_not(material, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(gallery, "load", lambda name: material.dataset)
    monkeypatch.setattr(gallery, "attribute", lambda dataset: material.found)
    monkeypatch.setattr(gallery, "render", lambda given: f"all of {given.dataset.key}")
    with pytest.raises(SystemExit) as done:
        app.app(["gallery", "--output", str(tmp_path / "g.html")])
    assert done.value.code == 0
    assert (
        capsys.readouterr().out
        == f"{len(gallery.EXHIBITS)} figures, each with and without data: {tmp_path / 'g.html'}\n"
    )
    assert (tmp_path / "g.html").read_text() == "all of demo"
    (tmp_path / "folder").mkdir()
    target = tmp_path / "folder"
    with pytest.raises(AftershockError) as refused:
        app.app(["gallery", "--output", str(target)], standalone_mode=False)
    assert str(refused.value) == (f"cannot write {target}: it is a folder. Choose a folder that you may write to.")
