from __future__ import annotations

import re

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


def test_what_is_hidden_is_found_in_the_text_that_is_read():
    def hide(text: str) -> list[tuple[int, int, str]]:
        return [(m.start(), m.end(), "[x]") for m in re.finditer("secret", text)]

    shown = markdown.Markdown(
        "a **se**cret, `secret` and [secret](http://secret.example)\n\n| se**cre**t | b |\n|---|---|\n\n```secret\nsecret\n```",
        hide,
    )
    html = shown._repr_html_()
    assert "secret" not in html and html.count("[x]") == 5
    assert "<strong>[x]</strong>" in html and 'href="#"' in html
