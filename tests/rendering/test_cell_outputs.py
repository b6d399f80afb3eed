"""What a cell displayed as HTML: the best form that a page can show, and a message where there is none."""

from __future__ import annotations

import base64

import pytest
from conftest import displayed, figure

from aftershock.output.blocks import NUMBERS_MIMETYPE
from aftershock.rendering.cell_outputs import UnshownOutput, html_of, plain_text
from aftershock.rendering.figure_payload import FigurePayload


def shown(**data: object) -> str | None:
    return html_of({name.replace("_", "/", 1): value for name, value in data.items()}, 1, FigurePayload())


@pytest.mark.parametrize(
    "data",
    [
        {"application/vnd.vega.v5+json": {}},
        {"application/pdf": "x", "text/latex": "$x$"},
        {"text/html": "<div><script>draw()</script></div>"},
        {"text/html": "<meta http-equiv=refresh content='0;https://example.org'>"},
        {"text/html": "<iframe srcdoc=x></iframe>", "text/plain": "fallback"},
    ],
)
def test_output_that_cannot_be_shown_stops_the_export(data):
    with pytest.raises(UnshownOutput) as caught:
        html_of(data, 2, FigurePayload())
    assert caught.value.cell_number == 2
    assert caught.value.mimetypes == (["text/html"] if "text/html" in data else sorted(data))
    assert str(caught.value).startswith("code cell 2 displayed ")


def test_message_of_an_unshown_output_says_what_to_do():
    with pytest.raises(UnshownOutput) as caught:
        html_of({"text/html": ["<scr", "ipt>1</script>"]}, 1, FigurePayload())
    assert str(caught.value) == (
        "code cell 1 displayed text/html, which a report cannot show because it holds a <script> element; "
        "return a figure, a block of aftershock.output.blocks, an image, HTML without scripts, Markdown or text"
    )


@pytest.mark.parametrize("html", ["<SCRIPT>x</SCRIPT>", "<p>a<object data=x>", "<svg><script/></svg>", "<form><input>"])
def test_active_elements_are_found_however_they_are_written(html):
    with pytest.raises(UnshownOutput, match="because it holds a <"):
        shown(text_html=html)


def test_html_that_only_speaks_of_scripts_is_shown_as_it_is():
    html = "<p title='<script>'>&lt;script&gt; in words</p>"
    assert shown(text_html=html) == html
    assert shown(text_html=["<p>", "in parts</p>"]) == "<p>in parts</p>"


def test_of_several_forms_the_best_is_shown():
    figures = FigurePayload()
    bundle = {**displayed(figure())["data"], "text/html": "<p>html</p>", "text/plain": "plain"}
    assert 'id="figure-1"' in html_of(bundle, 1, figures) and len(figures) == 1
    assert shown(text_html="<p>html</p>", text_plain="plain", image_png="aGk=") == "<p>html</p>"
    assert "<p><em>em</em></p>" in shown(text_markdown="*em*", text_plain="plain")
    assert shown(image_png="aGk=", text_plain="A dot").startswith("<img")
    assert shown(text_plain="plain") == plain_text("plain")


def test_numbers_for_the_file_are_not_shown():
    assert html_of({NUMBERS_MIMETYPE: {"one": 1}, "text/plain": "Numbers"}, 1, FigurePayload()) is None
    with pytest.raises(UnshownOutput, match="displayed nothing, which a report cannot show;"):
        html_of({}, 1, FigurePayload())


def test_an_image_is_described_by_its_text_unless_that_is_an_object_s_name():
    assert 'alt="A &lt;dot&gt;"' in shown(image_png="a Gk\n=", text_plain="A <dot>")
    assert "base64,aGk=" in shown(image_png="a Gk\n=")
    for plain in ("<PIL.Image at 0x1>", ""):
        assert 'alt="Image without a description"' in shown(image_jpeg="aGk=", text_plain=plain)
    svg = "<svg onload='x()'/>"
    packed = base64.b64encode(svg.encode()).decode()
    assert f'src="data:image/svg+xml;base64,{packed}"' in html_of({"image/svg+xml": svg}, 1, FigurePayload())


def test_text_of_a_terminal_loses_its_colours_and_stays_text():
    assert plain_text("\x1b[31mred\x1b[0m <b>") == '<pre class="as-text" tabindex="0">red &lt;b&gt;</pre>'
