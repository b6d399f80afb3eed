"""The index in a browser: it is searched without a network, and no text of a log gets more than to be read."""

from __future__ import annotations

import hashlib
import html
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_pages import Texts
from test_end_to_end import AXE, axe
from test_hostile import Tab

from aftershock.output.file_names import file_name
from aftershock.rendering.page_shell import Link
from aftershock.rendering.site import index
from aftershock.rendering.site.navigation import strip

__all__ = ["axe"]
pytestmark = pytest.mark.browser


def put(folder: Path, name: str, **report: object) -> None:
    page = folder / f"{name}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"<!DOCTYPE html>{strip([Link('All reports', 'index.html')])}")
    numbers = {"report": report, "counts": [{"month": f"2024-0{m}", "incidents": m} for m in range(1, 9)]}
    page.with_name(f"{page.stem}.json").write_text(json.dumps(numbers))


def made(folder: Path, texts: list[str]) -> Path:
    """A folder of reports with one of these texts in every field of each; failed and unreadable ones among them."""
    for n, text in enumerate(texts):
        fields = dict.fromkeys(("title", "summary", "severity", "identifier", "dataset_name"), text)
        at = f"2024-{n % 8 + 1:02}-10T{n % 24:02}:00:00+00:00"
        put(folder, f"logs/incidents/{file_name(text)}", kind="incident", started_at=at, services=[text], **fields)
    for month in range(1, 9):
        fields = dict.fromkeys(("title", "summary", "dataset_name"), texts[month])
        put(folder, f"logs/2024-{month:02}/index", kind="month", month=f"2024-{month:02}", audience="public", **fields)
    put(folder, "more/check", kind="check", title=texts[9], dataset_name=texts[10])
    (folder / "more/check.error.html").write_text("failed")
    (folder / "logs/2024-08/index.json").write_text("{")
    return index.write_site(folder)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    return made(tmp_path_factory.mktemp("hostile-site"), Texts.hostile().texts)


@pytest.fixture(scope="module")
def harmless(tmp_path_factory) -> Path:
    count = len(Texts.hostile().texts)
    return made(tmp_path_factory.mktemp("harmless-site"), [f"plain text {n:03}" for n in range(count)])


@pytest.fixture(scope="module")
def tab(chromium) -> Iterator[Tab]:
    opened = Tab(chromium)
    yield opened
    opened.context.close()


def test_nothing_runs_is_fetched_or_moves(tab, hostile, harmless):
    tab.open(harmless)
    expected = tab.counts()
    tab.open(hostile)
    assert tab.counts() == expected
    tab.assert_calm(hostile)


def test_only_the_scripts_of_the_page_may_run(hostile):
    page = hostile.read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = {b64decode(one) for one in re.findall(r"sha256-([\w+/=]+)", policy)}
    assert {hashlib.sha256(script.encode()).digest() for script in scripts} <= hashes
    assert len(scripts) == 2
    assert html.unescape(policy).startswith("default-src 'none';")


def test_every_text_is_found_by_itself(tab, hostile):
    """What is typed in is text as well."""
    tab.open(hostile)
    texts = [text for text in Texts.hostile().texts if re.search(r"[^\W_]{4}", text)][::6]
    for text in texts:
        word = max(re.findall(r"[^\W_]+", text), key=len)
        tab.page.fill("#as-search", word)
        assert tab.page.locator(".as-report:not([hidden])").count() > 0, word
        tab.page.fill("#as-search", text)
    assert len(texts) > 30
    tab.assert_calm(hostile)


def shown(tab: Tab) -> list[str]:
    return tab.page.evaluate(
        "[...document.querySelectorAll('.as-report')].filter((r) => r.checkVisibility()).map((r) => r.querySelector('a').textContent)"
    )


def test_the_index_is_searched_with_the_keyboard(tab, harmless):
    tab.open(harmless)
    tab.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = false; })")
    before = len(shown(tab))
    assert 20 < before < 40, "the newest of each kind stand open"
    tab.page.keyboard.press("/")
    tab.page.keyboard.type("TEXT 200")
    assert shown(tab) == ["plain text 200"]
    assert tab.page.inner_text(".as-search output") == f"1 of {len(Texts.hostile().texts) + 9}"
    tab.page.keyboard.press("ArrowDown")
    assert tab.page.evaluate("document.activeElement.textContent") == "plain text 200"
    tab.page.keyboard.press("Escape")
    assert len(shown(tab)) == before, "what the search unfolded is folded again"
    assert tab.page.input_value("#as-search") == ""
    tab.page.keyboard.type("model check")
    assert shown(tab) == ["plain text 009"]
    tab.page.keyboard.press("Enter")
    assert tab.page.evaluate("document.activeElement.textContent") == "plain text 009"
    tab.page.fill("#as-search", "no such thing")
    assert (shown(tab), tab.page.inner_text(".as-search output")[0]) == ([], "0")
    tab.assert_calm(harmless)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("searching", ["", "text 2"])
def test_nothing_keeps_a_reader_out(chromium, harmless, axe, scheme, searching):
    context = chromium.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(harmless.as_uri())
    page.fill("#as-search", searching)
    page.evaluate(axe)
    found = page.evaluate(AXE, scheme)
    context.close()
    assert found == []
