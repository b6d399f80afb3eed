"""Pages opened in a headless Chromium with the network off, as a reader would who got one by mail."""

from __future__ import annotations

import contextlib
from pathlib import Path


@contextlib.contextmanager
def opened(chromium, path: Path, **options):
    """The page with the network off; gives it with the addresses it asked for and what it complained about."""
    context = chromium.new_context(**options)
    context.set_offline(True)
    tab = context.new_page()
    requests, complaints = [], []
    tab.on("request", lambda request: requests.append(request))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    try:
        tab.goto(path.as_uri())
        yield tab, requests, complaints
    finally:
        context.close()


def fetched(requests) -> list[str]:
    """The addresses that were asked for; what the policy refused never left the page."""
    local = ("data:", "blob:")
    return [request.url for request in requests if request.failure != "csp" and not request.url.startswith(local)]


def wait_drawn(tab) -> None:
    tab.wait_for_selector(":root.as-drawn", state="attached", timeout=30_000)
