"""Static pictures of figures: what is in the figure is in the picture, and nothing in it is alive."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from xml.etree import ElementTree

import plotly.graph_objects as go
import plotly.io as pio
import pytest
from IPython.core.interactiveshell import InteractiveShell
from toy_figures import HOSTILE, all_figures, empty_figures, ranking, words

from aftershock import figures
from aftershock.figures.frame import Figure
from aftershock.figures.picture import svg
from aftershock.output.blocks import PAGE

NAMESPACE = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn() -> dict[str, tuple[go.Figure, ElementTree.Element]]:
    made = {**all_figures(), **{f"{name}, empty": fig for name, fig in empty_figures().items()}}
    return {name: (fig, ElementTree.fromstring(svg(fig.as_json()))) for name, fig in made.items()}


def text_of(picture: ElementTree.Element) -> str:
    return " ".join(" ".join(t.itertext()) for t in picture.iter(f"{NAMESPACE}text"))


def test_every_figure_has_a_picture_with_its_words(drawn):
    for name, (fig, picture) in drawn.items():
        assert picture.find(f"{NAMESPACE}title").text == fig.layout.meta["alt"], name
        said = re.sub(r"\W+", "", text_of(picture))
        for label in words(fig):
            plain = re.sub(r"\W+", "", re.sub(r"<[^>]+>", "", label))
            assert plain[:5] in said, (name, label)
        marks = [
            e for e in picture.iter() if e.tag.removeprefix(NAMESPACE) in ("circle", "polygon", "polyline", "rect")
        ]
        assert len(marks) > (1 if len(fig.data) else 0), name


def test_a_picture_of_plotlys_json_is_that_of_its_objects(drawn):
    for name in ("timeline", "suspect_bars", "clock_heatmap"):
        fig, picture = drawn[name]
        of_objects = ElementTree.fromstring(svg(fig))
        assert ElementTree.tostring(of_objects) == ElementTree.tostring(picture), name


def test_no_number_of_a_picture_is_missing(drawn):
    for name, (_, picture) in drawn.items():
        values = " ".join(v for e in picture.iter() for k, v in e.attrib.items() if k != "style")
        assert not re.search(r"\b(nan|inf|None)\b", values), name


def test_nothing_is_drawn_outside_the_picture(drawn):
    for name, (_, picture) in drawn.items():
        width, height = map(float, picture.get("viewBox").split()[2:])
        for text in picture.iter(f"{NAMESPACE}tspan"):
            if text.get("x"):
                assert -1 <= float(text.get("x")) <= width + 1 and 0 <= float(text.get("y")) <= height + 4, (
                    name,
                    text.text,
                )


def test_text_from_logs_is_text():
    picture = svg(figures.suspect_bars(ranking(HOSTILE)))
    root = ElementTree.fromstring(picture)
    assert not {e.tag.removeprefix(NAMESPACE) for e in root.iter()} & {"img", "script", "image", "a", "foreignObject"}
    assert not any(k.lower().startswith("on") for e in root.iter() for k in e.attrib)
    assert "\u202e" not in picture and "\x00" not in picture


def test_bars_are_as_long_as_their_probabilities():
    root = ElementTree.fromstring(svg(figures.suspect_bars(ranking())))
    bars = [float(r.get("width")) for r in root.iter(f"{NAMESPACE}rect") if r.get("fill").startswith("rgba")]
    longest = max(bars)
    assert sorted(b / longest for b in bars) == pytest.approx([p / 0.6 for p in (0.05, 0.1, 0.25, 0.6)], abs=0.01)


def test_a_notebook_gets_plotly_and_a_picture_and_no_script(monkeypatch):
    monkeypatch.setattr(pio.renderers, "default", "plotly_mimetype+notebook")
    bundle, _ = InteractiveShell.instance().display_formatter.format(figures.suspect_bars(ranking()))
    assert set(bundle) == {"application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"}
    json.dumps(bundle)
    monkeypatch.setattr(pio.renderers, "default", "json")
    assert set(figures.suspect_bars(ranking())._repr_mimebundle_()) == {"application/json"}, "as whoever set it wants"


def test_a_page_that_draws_its_figures_gets_no_picture(monkeypatch):
    monkeypatch.setattr(pio.renderers, "default", "plotly_mimetype")
    monkeypatch.setenv(PAGE, "1")
    assert set(figures.suspect_bars(ranking())._repr_mimebundle_()) == {"application/vnd.plotly.v1+json", "text/plain"}


def test_a_figure_that_its_user_changed_is_shown_all_the_same(monkeypatch):
    monkeypatch.setattr(pio.renderers, "default", "plotly_mimetype")
    fig = Figure(go.Pie(values=[1, 2]))
    assert set(fig._repr_mimebundle_()) == {"application/vnd.plotly.v1+json", "text/plain"}


def test_stock_nbconvert_shows_every_figure(tmp_path):
    """What a notebook saves of a figure is in an export that knows nothing of Aftershock."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    bundle = figures.suspect_bars(ranking())._repr_mimebundle_()
    cell = new_code_cell("show", outputs=[new_output("display_data", bundle)])
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "one.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--log-level", "ERROR", tmp_path / "one.ipynb"]
    subprocess.run(command, check=True, capture_output=True)
    page = (tmp_path / "one.html").read_text()
    pictures = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert ["Raise the limit" in base64.b64decode(p).decode() for p in pictures] == [True]
