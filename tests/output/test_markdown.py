from __future__ import annotations

from conftest import HOSTILE
from seen_html import Seen

from aftershock.output import markdown


def test_markdown_shows_html_as_text_and_checks_links_and_images():
    html = markdown.Markdown(
        f"# Big\n\n### Small\n\n{HOSTILE}\n\n[bad](javascript:alert(1)) [good](https://example.org) "
        "![tracker](https://example.org/t.png) [evil](//evil.org)"
    )._repr_html_()
    seen = Seen(html)
    assert set(seen.tags) == {"div", "h3", "h5", "p", "a"}
    assert [value for name, value in seen.attributes if name == "href"] == [
        "https://example.org",
        "https://example.org/t.png",
    ]
