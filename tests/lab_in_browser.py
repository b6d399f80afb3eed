"""The explore notebook in a real JupyterLab in a browser: its server, the tab, and where the marks of its timeline are."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from playwright.sync_api import TimeoutError as TooLate

ROOT = Path(__file__).parent.parent
PATIENCE = 300_000  # milliseconds; a busy machine is no reason to fail
HIGHEST, SETTLED = 7000, 3000  # pixels of a window in which the whole notebook is seen; milliseconds until it is drawn
READY = "() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
RAN = """() => {
    const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
    const code = cells.filter(c => c.type === 'code');
    return code.length > 0 && code.every(c => c.executionCount !== null);
}"""
ERRORS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(c => c.type === 'code').flatMap(c => c.toJSON().outputs).filter(o => o.output_type === 'error')
    .map(o => o.ename + ': ' + o.evalue)"""

TIMELINE = "[...document.querySelectorAll('.js-plotly-plot')].find(g => (g.data || []).some(t => t.name === 'incidents by WebGL'))"
PLACES = f"""() => {{
    const g = {TIMELINE}, l = g._fullLayout, r = g.getBoundingClientRect(),
        t = g.data.find(t => /^incidents( by WebGL)?$/.test(t.name) && t.visible);
    return t.customdata.map((id, n) => [id, r.x + l.xaxis._offset + l.xaxis.d2p(t.x[n]),
        r.y + l.yaxis._offset + l.yaxis.d2p(t.y[n])]);
}}"""
SLOW = "[anywidget] Failed to initialize model."  # after two seconds on a busy machine; views that it hits are asserted below


@dataclass
class Lab:
    """A tab with the notebook; the server's process; what the tab asked of other hosts and complained of."""

    tab: object
    url: str
    token: str
    server: int
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def command(self, name: str) -> None:
        self.tab.evaluate("name => window.jupyterapp.commands.execute(name)", name)

    def run_all(self) -> None:
        self.command("notebook:run-all-cells")
        self.tab.wait_for_function(RAN, timeout=PATIENCE)

    def point_at(self, incident_id: str) -> None:
        """Bring the mouse over an incident of the timeline."""
        self.tab.locator(".js-plotly-plot").first.scroll_into_view_if_needed()
        x, y = next((x, y) for i, x, y in self.tab.evaluate(PLACES) if i == incident_id)
        self.tab.mouse.move(x - 9, y)
        self.tab.mouse.move(x, y)

    def choose(self, incident_id: str, between: str = "() => {}") -> None:
        """Click on an incident until it is the chosen one: what is above it may grow between the look and the click.
        ``between``: what the page does between press and release."""
        title = self.tab.get_by_text(re.compile(f"^{incident_id}, ")).first
        for _ in range(20):
            self.point_at(incident_id)
            self.tab.mouse.down()
            self.tab.evaluate(between)
            self.tab.mouse.up()
            with contextlib.suppress(TooLate):
                title.wait_for(timeout=PATIENCE / 20)
                return
        raise AssertionError(f"{incident_id} cannot be chosen")

    def click(self) -> None:
        """Press and release the mouse where it is."""
        self.tab.mouse.down()
        self.tab.mouse.up()

    def drag_over_weeks(self, start: float, end: float) -> None:
        """Press the mouse over the timeline's weeks and move it, from and to these shares of their width; it stays pressed."""
        self.tab.locator(".js-plotly-plot").first.scroll_into_view_if_needed()
        box = self.tab.locator("[data-subplot=x2y2]").first.bounding_box()
        x, y, width = box["x"], box["y"] + box["height"] / 2, box["width"]
        self.tab.mouse.move(x + start * width, y)
        self.tab.mouse.down()
        for share in ((start + end) / 2, end):
            self.tab.mouse.move(x + share * width, y)

    def look(self, folder: Path, theme: str, width: int) -> Path:
        """A picture of the whole notebook in a window of this width; ``theme``: Light or Dark."""
        self.tab.set_viewport_size({"width": width, "height": HIGHEST})
        self.tab.evaluate(
            "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})", f"JupyterLab {theme}"
        )
        self.tab.wait_for_function(
            "light => document.body.dataset.jpThemeLight === light", arg=str(theme == "Light").lower()
        )
        self.tab.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0")
        self.tab.wait_for_timeout(SETTLED)
        path = folder / f"explore-{theme.lower()}-{width}.png"
        self.tab.screenshot(path=path)
        return path

    def wait_for(self, text: str | re.Pattern[str]) -> None:
        self.tab.get_by_text(text).first.wait_for(timeout=PATIENCE)


def write_notebook(path: Path, dataset: Path | str, **parameters: str) -> None:
    """The notebook, with these parameters in its first cell."""
    notebook = nbformat.read(ROOT / "notebooks" / "explore.ipynb", as_version=4)
    first = next(c for c in notebook.cells if "parameters" in c.metadata.get("tags", []))
    for name, value in {"dataset": str(dataset), **parameters}.items():
        first.source = re.sub(rf'^{name}: str = ".*?"', f"{name}: str = {value!r}", first.source, flags=re.MULTILINE)
    nbformat.write(notebook, path)


def start(home: Path, kernels: Path | None = None) -> subprocess.Popen:
    """A server of its own: no settings, runtime files or news of whoever runs the test. ``kernels``: a folder of kernels that come
    before the environment's own."""
    settings = home / "settings" / "@jupyterlab"
    for name, set_to in (
        ("notebook-extension/tracker", '{"windowingMode": "none"}'),
        ("apputils-extension/notification", '{"fetchNews": "false", "checkForUpdates": false}'),
    ):
        path = settings / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(set_to)
    folders = {"HOME": home, "JUPYTER_RUNTIME_DIR": home / "runtime", "JUPYTER_CONFIG_DIR": home / "config"}
    folders |= {"JUPYTERLAB_SETTINGS_DIR": home / "settings", "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces"}
    own = {
        **os.environ,
        **{k: str(v) for k, v in folders.items()},
        "PYTHONPATH": str(ROOT),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_PATH": str(kernels or ""),
    }
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", f"--ServerApp.root_dir={home / 'lab'}"]
    options += ["--expose-app-in-browser", "--LabApp.news_url=None", "--ServerApp.open_browser=False"]
    options += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    with (home / "server.log").open("w") as log:
        return subprocess.Popen([sys.executable, "-m", "jupyterlab", *options], env=own, stdout=log, stderr=log)


def address(home: Path, server: subprocess.Popen) -> tuple[str, str]:
    """Where the server listens, and its token."""
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end and server.poll() is None:
        for path in (home / "runtime").glob("jpserver-*.json"):
            if said := path.read_text():
                known = json.loads(said)
                return known["url"], known["token"]
        time.sleep(0.2)
    raise RuntimeError(f"JupyterLab does not start:\n{(home / 'server.log').read_text()[-3000:]}")


@contextmanager
def opened(
    chromium, home: Path, dataset: Path | str, *, kernels: Path | None = None, **parameters: str
) -> Iterator[Lab]:
    """A tab with the notebook, its kernel ready, nothing run yet; ``kernels`` as in :func:`start`."""
    (home / "lab").mkdir(parents=True)
    write_notebook(home / "lab" / "explore.ipynb", dataset, **parameters)
    server = start(home, kernels)
    try:
        url, token = address(home, server)
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        tab = context.new_page()
        tab.set_default_timeout(PATIENCE)
        lab = Lab(tab, url, token, server.pid)
        host = urlsplit(url).netloc
        tab.on("request", lambda r: lab.elsewhere.append(r.url) if _is_elsewhere(r.url, host) else None)
        tab.on("pageerror", lambda error: lab.complaints.append(str(error)) if SLOW not in str(error) else None)
        tab.goto(f"{url}lab/tree/explore.ipynb?token={token}")
        tab.wait_for_selector(".jp-Notebook .jp-CodeCell")
        tab.wait_for_function(READY)
        yield lab
        context.close()
    finally:
        server.terminate()
        server.wait(30)


def _is_elsewhere(url: str, host: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != host
