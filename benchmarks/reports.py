"""How large a report is and how soon its figures are there, next to the page that plotly and nbconvert make by default.

    python benchmarks/reports.py [--rounds 7]

Both pages come from the monthly review of the demo data. The default page is what users get who set
PLOTLY_RENDERER=notebook, since without it nbconvert drops every figure: the notebook run with nbclient, converted with
nbconvert's own template. Ready is the time from the start of loading until every figure of the page is drawn, by the
page's own clock, in a fresh headless Chromium context without a network; rounds alternate between the pages, and the
medians are compared. Only the ratio of one run means something: seconds are those of the machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from aftershock.output import fast_imports  # isort: skip  (before anything that imports nbformat)

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from aftershock.rendering import batch, jobs

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["fast_imports"]

WANTED = 0.6
# The same question to both pages, asked between frames: has every figure its drawing?
WATCH = """
  window.readyAt = null;
  const look = () => {
    const drawn = [...document.querySelectorAll(".js-plotly-plot")].filter((p) => p.querySelector(".main-svg .draglayer"));
    if (drawn.length >= COUNT) window.readyAt = performance.now();
    else requestAnimationFrame(look);
  };
  look();
"""


def default_page(folder: Path) -> tuple[Path, int]:
    """The review as plotly and nbconvert make it, and how many figures it has."""
    os.environ["PLOTLY_RENDERER"] = "notebook"
    notebook = nbformat.read(jobs.NOTEBOOKS / "monthly_review.ipynb", as_version=4)
    NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    html, _ = HTMLExporter().from_notebook_node(notebook)
    path = folder / "default.html"
    path.write_text(html, encoding="utf-8")
    return path, html.count("Plotly.newPlot(")


def own_page(folder: Path) -> tuple[Path, int]:
    """The review as Aftershock renders it, and how many figures it draws."""
    os.environ.pop("PLOTLY_RENDERER", None)
    (result,) = batch.render(jobs.month("demo", "", with_incidents=False), folder)
    if not result.ok:
        sys.exit(result.error)
    path = folder / result.job.target
    return path, path.read_text(encoding="utf-8").count('class="as-plot"')


def ready(browser: Browser, path: Path, count: int) -> tuple[float, int]:
    """Milliseconds until every figure is drawn, and how many requests the page made for anything but itself."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    requests: list[str] = []
    tab.on("request", lambda request: requests.append(request.url))
    tab.add_init_script(WATCH.replace("COUNT", str(count)))
    tab.goto(path.as_uri(), wait_until="commit")
    tab.wait_for_function("() => window.readyAt !== null", timeout=120_000)
    took = tab.evaluate("window.readyAt")
    context.close()
    return took, sum(not url.startswith(("file:", "data:", "blob:")) for url in requests)


def measured(pages: dict[str, tuple[Path, int]], rounds: int) -> dict[str, tuple[list[float], int]]:
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("AFTERSHOCK_CHROMIUM", "/usr/bin/chromium")
    found: dict[str, tuple[list[float], int]] = {name: ([], 0) for name in pages}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for turn in range(rounds + 1):
            for name, (path, count) in pages.items():
                took, requests = ready(browser, path, count)
                if turn:  # the first warms the disk's cache and the browser
                    found[name] = ([*found[name][0], took], requests)
        browser.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pages = {"plotly and nbconvert": default_page(folder), "Aftershock": own_page(folder)}
        found = measured(pages, rounds)
        for name, (path, count) in pages.items():
            times, requests = found[name]
            print(
                f"{name:22s} {path.stat().st_size / 1000:6,.0f} kB, {count} figures, {requests} requests to elsewhere, "
                f"ready after {statistics.median(times):,.0f} ms ({min(times):,.0f} to {max(times):,.0f}, {rounds} rounds)"
            )
    default, own = (statistics.median(times) for times, _ in found.values())
    print(f"ready in {own / default:.2f} of the default page's time (wanted: at most {WANTED})")


if __name__ == "__main__":
    main()
