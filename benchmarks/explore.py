"""How fast the explore notebook answers in a real JupyterLab: from Run All to the last view, from a click to its suspects …

    python benchmarks/explore.py [--changes 48000] [--clicks 5] [--write]

JupyterLab is started here and driven by a browser, as the tests do; once on the demo, once on a year of logs drawn here.
Its kernels are those of ``scripts/lab``, which import what the notebooks need before a cell is run; Run All begins once
they rest. On the demo it is measured in a kernel without that, too, as soon as it is ready. Nothing is kept from an earlier
run. For each step it takes the wall time in the browser, from the key or the mouse, as the browser hears of it, to the view
(the median of several; a brush ends when both the sentence and the timeline show the new period), and the CPU seconds of
kernel and browser until both are at rest, which are more: what nobody waits for is drawn later. On a machine with other
work to do wall time says little; next to it is what `import pandas` takes there. Needs what the tests need.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import scale
from common import ROOT, module_of, write_page
from playwright.sync_api import sync_playwright

from aftershock.output import phrases

here = module_of(ROOT / "tests", "lab_in_browser")
PAGE = ROOT / "docs" / "performance.md"
KERNELS = ROOT / "scripts" / "jupyter"
RUN, RUN_PLAIN = "run all", "run all, plain kernel"
BARS = {RUN: {"demo": 6.0, "drawn": 12.0}, RUN_PLAIN: 6.0, "click": 0.3, "brush": 0.3, "filter": 0.3, "what if": 2.0}
CHROMIUM = os.environ.get("AFTERSHOCK_CHROMIUM", "/usr/bin/chromium")
LONGEST = 120  # seconds; a step that takes longer has failed
REST = 1.5  # seconds in which nobody does anything: both are at rest
LAST = f"""() => {here.TIMELINE}?._fullData?.length
    && [...document.querySelectorAll('.js-plotly-plot')].some(g => g._fullLayout && g.layout.meta?.finding)
    && document.querySelector('table.dataTable tbody tr')
    && [...document.querySelectorAll('button')].some(b => b.innerText.startsWith('Next: '))"""
SUSPECTS = """id => [...document.querySelectorAll(`button[title^="Record: ${id} was"]`)].some(b => b.offsetParent)"""
SAID = r"said => document.body.innerText.replace(/\s/g, ' ').includes(said)"
PERIOD = f"""() => {here.TIMELINE}._fullLayout.xaxis.range.join()"""
BRUSHED = f"([said, period]) => ({PERIOD})() !== period && !document.body.innerText.includes(said)"
ROWS = "[...document.querySelectorAll('table.dataTable tbody tr')]"
ONLY = f"said => {ROWS}.length && {ROWS}.every(row => row.innerText.includes(said))"
WATCH = """([met, arg]) => { const is = eval(met); window.measured = null;
    let began = performance.now();
    const events = ['mouseup', 'keydown', 'change'], begin = () => began = performance.now();
    events.forEach(name => window.addEventListener(name, begin, {capture: true, once: true}));
    const look = () => {
        if (!is(arg)) return requestAnimationFrame(look);
        window.measured = performance.now() - began;
        events.forEach(name => window.removeEventListener(name, begin, {capture: true}));
    };
    look(); }"""


@dataclass
class Step:
    """What one kind of step took, in seconds, each time: on the clock, of the kernel's CPU and of the browser's."""

    wall: list[float] = field(default_factory=list)
    kernel: list[float] = field(default_factory=list)
    browser: list[float] = field(default_factory=list)


class Meter:
    """Takes what steps cost in a tab."""

    def __init__(self, lab: Any):
        self.lab, self.steps = lab, {}

    @contextmanager
    def step(self, name: str, met: str, arg: object = None) -> Iterator[None]:
        """What is done inside, until the JavaScript function ``met`` is true of ``arg``."""
        tab, before = self.lab.tab, self.cpu()
        tab.evaluate(WATCH, [met, arg])
        yield
        tab.wait_for_function("() => window.measured !== null", timeout=1000 * LONGEST)
        step = self.steps.setdefault(name, Step())
        step.wall.append(tab.evaluate("() => window.measured") / 1000)
        tab.wait_for_function(here.READY)
        tab.wait_for_timeout(1000 * REST)
        kernel, browser = (b - a for a, b in zip(before, self.cpu(), strict=True))
        step.kernel.append(kernel)
        step.browser.append(browser)

    def rest(self) -> None:
        """Wait until the kernel has nothing to do."""
        before = -1.0
        while (now := self.cpu()[0]) > before + 0.02:
            before = now
            self.lab.tab.wait_for_timeout(1000 * REST)

    def cpu(self) -> tuple[float, float]:
        """Seconds so far of the kernel and of the browser."""
        kernel = psutil.Process(self.lab.server).children(recursive=True)
        own = psutil.Process().children(recursive=True)
        return _seconds(kernel), _seconds(p for p in own if "chrom" in p.name())


def _seconds(processes: Any) -> float:
    times = [p.cpu_times() for p in processes]
    return sum(t.user + t.system for t in times)


def measure_plain(browser: Any, home: Path, dataset: str) -> dict[str, Step]:
    """Run All in a kernel that has imported nothing."""
    with here.opened(browser, home, dataset) as lab:
        meter = Meter(lab)
        _run_all(meter, RUN_PLAIN)
        return meter.steps


def _run_all(meter: Meter, name: str) -> None:
    lab = meter.lab
    with meter.step(name, LAST):
        lab.run_all()
    errors = lab.tab.evaluate(here.ERRORS)
    if errors or lab.elsewhere or lab.complaints:
        raise SystemExit(f"the notebook does not run: {errors} {lab.elsewhere} {lab.complaints}")


def measure(browser: Any, home: Path, dataset: str, clicks: int) -> dict[str, Step]:
    """Each step on one dataset, in a kernel of ``scripts/lab``."""
    with here.opened(browser, home, dataset, kernels=KERNELS) as lab:
        meter = Meter(lab)
        meter.rest()
        _run_all(meter, RUN)
        ids = [i for i, _, _ in lab.tab.evaluate(here.PLACES)]
        for incident in list(dict.fromkeys(ids))[:clicks]:
            lab.point_at(incident)
            with meter.step("click", SUSPECTS, incident):
                lab.click()
        narrow = lab.tab.locator("select").filter(has_text="every kind of change").first
        for kind in ["deploy", "config"]:
            with meter.step("filter", ONLY, kind):
                narrow.select_option(label=kind)
        narrow.select_option(label="every kind of change")
        for share in (0.3, 0.5):
            _brush(lab, meter, share)
        lab.tab.get_by_role("button", name="What if …").press("Enter")
        for horizon in ("24h", "36h"):
            asked = lab.tab.get_by_label("horizon", exact=True)
            asked.fill(horizon)
            with meter.step(
                "what if",
                SAID,
                f"What if the horizon is {' '.join(phrases.duration(pd.Timedelta(horizon)).split())} instead",
            ):
                asked.press("Tab")
        return meter.steps


def _brush(lab: Any, meter: Meter, share: float) -> None:
    """Drag over a twelfth of the weeks."""
    said = lab.tab.get_by_text(" changes from ").first.inner_text()
    lab.drag_over_weeks(share, share + 1 / 12)
    with meter.step("brush", BRUSHED, [said, lab.tab.evaluate(PERIOD)]):
        lab.tab.mouse.up()


def show(found: dict[str, dict[str, Step]], changes: int) -> list[str]:
    """A table, a row for each step."""
    again = [sys.executable, "-c", "import time, pandas; print(time.process_time())"]
    imports = float(subprocess.run(again, capture_output=True, text=True, check=True).stdout)
    head = (
        f"{datetime.now(UTC):%Y-%m-%d}, load {os.getloadavg()[0]:.1f}; import pandas takes {imports:.2f} s of CPU here"
    )
    lines = [head, "", f"{'':24}{'bar s':>8}{'wall s':>8}{'kernel CPU s':>14}{'browser CPU s':>15}"]
    for dataset, steps in found.items():
        lines.append(f"{dataset}, {changes:,} changes" if dataset != "demo" else dataset)
        for name, step in steps.items():
            bar = BARS[name]
            bar = bar[dataset] if isinstance(bar, dict) else bar
            middle = [statistics.median(v) for v in (step.wall, step.kernel, step.browser)]
            lines.append(f"  {name:22}{bar:8.1f}{middle[0]:8.2f}{middle[1]:14.2f}{middle[2]:15.2f}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=48_000)
    parser.add_argument("--clicks", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        options = ["--no-sandbox", "--enable-unsafe-swiftshader"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        found = {"demo": measure_plain(browser, home / "plain-home", "demo")}
        found["demo"] |= measure(browser, home / "demo-home", "demo", given.clicks)
        if given.changes:
            (home / "drawn").mkdir()
            scale.draw(home / "drawn", max(given.changes // 100, 50), given.changes)
            found["drawn"] = measure(browser, home / "drawn-home", str(home / "drawn"), given.clicks)
        browser.close()
    lines = show(found, given.changes)
    print("\n".join(lines))
    if given.write:
        write_page({"explore": lines}, PAGE)


if __name__ == "__main__":
    main()
