"""A rendered report as one picture, for a slide, a chat or a mail: its first sentences and the figure that shows most.

Everything is taken from the page and the JSON next to it, so a picture says what the page says and hides what it hides. The SVG is
drawn here; a PNG of it is made by the Chromium that is installed, as mail programs show no SVG.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
import subprocess
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import plotly.graph_objects as go

from aftershock.figures import picture, theme
from aftershock.figures.timeline_of_one import MEASURE
from aftershock.output import files
from aftershock.output.safe_html import clean
from aftershock.schema.errors import AftershockError, UsageError

MARGIN, SCALE = 24, 2  # pixels around; pixels of a PNG per pixel of the SVG
WIDTH = picture.WIDTH + 2 * MARGIN
FIGURES = 2  # of a review: how many there were, and when
OF_A_MONTH = ("Incidents per month", "Days with incidents")  # a month without incidents has no days to show
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 60  # seconds until a browser that does not answer is given up
_PAYLOAD = re.compile(r'<script type="text/plain" id="as-figures">\s*([A-Za-z0-9+/=\s]*)</script>')


@dataclass(frozen=True)
class Page:
    """A rendered report: ``head`` of its JSON (title, kind, audience, summary …), and its figures as the page draws them."""

    path: Path
    head: dict[str, Any]
    figures: list[dict[str, Any]]


def read_page(path: Path) -> Page:
    """The report at ``path``; UsageError where it is no page that ``aftershock report`` has written, or has no JSON next to it."""
    expected = "expected a page that aftershock report has written, with its .json next to it"
    try:
        text = path.read_text(encoding="utf-8")
        head = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["report"]
        found = _PAYLOAD.search(text)
        document = json.loads(gzip.decompress(base64.b64decode(found[1]))) if found else {}
        figures = [
            {
                **figure,
                "template": document["templates"][figure["template"]] if figure["template"] is not None else None,
            }
            for figure in document.get("figures", [])
        ]
        head = {key: str(head.get(key) or "") for key in ("title", "kind", "summary", "audience", "dataset_name")}
    except OSError as error:
        raise UsageError(f"cannot read {error.filename or path}: {error.strerror}; {expected}") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise UsageError(f"{path} cannot be read; {expected}") from error
    return Page(path, head, figures)


def svg(page: Page) -> str:
    """The page as one SVG: title, first sentences, and the figures that show most (:func:`_chosen`)."""
    root = ElementTree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "font-family": theme.FONT, "role": "img"})
    ElementTree.SubElement(root, "title").text = clean(page.head["title"])
    ground = ElementTree.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": theme.PAGES["light"]})
    pen = _Pen(root)
    pen.write(page.head["title"], 22, bold=True)
    pen.write(page.head["summary"], 14)
    for entry in _chosen(page):
        said = entry.get("said") or {}
        pen.y += 12
        pen.write(str(said.get("finding", "")), 15, bold=True)
        pen.write(str(said.get("measure", "")), theme.SMALL)
        pen.key(said.get("key") or [])
        pen.figure(go.Figure(data=entry["data"], layout={**entry["layout"], "template": entry["template"]}))
    pen.write(page.head["dataset_name"], theme.SMALL)
    ground.set("height", str(pen.y + MARGIN))
    root.attrib |= {"width": str(WIDTH), "height": str(pen.y + MARGIN), "viewBox": f"0 0 {WIDTH} {pen.y + MARGIN}"}
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _chosen(page: Page) -> list[dict[str, Any]]:
    """Of a postmortem its hour, of a review its months and days, of any other report the first figures."""
    hour, month = (_measuring(page.figures, what) for what in ((MEASURE,), OF_A_MONTH))
    return hour[:1] or month[:FIGURES] or page.figures[:FIGURES]


def _measuring(figures: list[dict[str, Any]], what: tuple[str, ...]) -> list[dict[str, Any]]:
    return [f for f in figures if str((f.get("said") or {}).get("measure", "")).startswith(what)]


class _Pen:
    """Writes and draws from the top down."""

    def __init__(self, root: ElementTree.Element):
        self.root, self.y = root, MARGIN

    def write(self, text: str, size: int, *, bold: bool = False) -> None:
        joined = re.sub(
            r"(?<=\d) (?=%)|(?<=[<>]) (?=\d)", "\u00a0", clean(text)
        )  # a number and its unit stay on one line
        for line in textwrap.wrap(joined, int(picture.WIDTH / size / picture.CHARACTER)):
            self.y += round(size * 1.4)
            style = {"font-weight": "600"} if bold else {}
            element = ElementTree.SubElement(
                self.root,
                "text",
                {"x": str(MARGIN), "y": str(self.y), "font-size": str(size), "fill": "#1b1f24", **style},
            )
            element.text = line
        self.y += 6 if text else 0

    def key(self, marks: list[list[str]]) -> None:
        """What the marks stand for, in a line."""
        if not marks:
            return
        self.y += 18
        line = ElementTree.SubElement(
            self.root, "text", {"x": str(MARGIN), "y": str(self.y), "font-size": str(theme.SMALL)}
        )
        for colour, sign, name in marks:
            known = str(colour) if re.fullmatch(r"#[0-9a-fA-F]{6}", str(colour)) else "#1b1f24"
            ElementTree.SubElement(line, "tspan", {"fill": known}).text = clean(str(sign))
            ElementTree.SubElement(line, "tspan", {"fill": "#1b1f24"}).text = f" {clean(str(name))}    "
        self.y += 8

    def figure(self, fig: go.Figure) -> None:
        drawn = ElementTree.fromstring(picture.svg(fig))
        height = int(drawn.get("viewBox", "0 0 0 0").split()[3])
        self.y += 14  # what is written on top of a drawing reaches beyond it
        drawn.attrib |= {"x": str(MARGIN), "y": str(self.y), "height": str(height), "overflow": "visible"}
        for ground in drawn.findall("{http://www.w3.org/2000/svg}rect[@fill='" + theme.PAGES["light"] + "']"):
            drawn.remove(ground)
        self.root.append(drawn)
        self.y += height


def browser() -> str:
    """The path of an installed Chromium; "" without one."""
    return next(filter(None, map(shutil.which, BROWSERS)), "")


def png(drawn: str) -> bytes:
    """An SVG of :func:`svg` as PNG, drawn by the installed Chromium with twice the pixels; AftershockError without one."""
    program = browser()
    if not program:
        raise AftershockError(
            f"no browser to make a PNG with: none of {', '.join(BROWSERS)} is installed. Install one, or write an .svg."
        )
    size = ElementTree.fromstring(drawn)
    with files.temporary_folder("picture") as folder:
        source, target = folder / "picture.svg", folder / "picture.png"
        source.write_text(drawn, encoding="utf-8")
        command = [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder / 'profile'}",
            f"--force-device-scale-factor={SCALE}", f"--window-size={size.get('width')},{size.get('height')}",
            f"--screenshot={target}", source.as_uri(),
        ]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise AftershockError(
                f"{program} made no picture: {type(error).__name__}. Write an .svg instead."
            ) from error


def write(page: Path, target: Path) -> None:
    """Write the picture of a page, as SVG or PNG by the ending of ``target``."""
    drawn = svg(read_page(page))
    try:
        files.write_whole(target, png(drawn) if target.suffix.lower() == ".png" else drawn)
    except OSError as error:
        raise AftershockError(
            f"cannot write the picture {target}: {error.strerror}. Choose another --picture."
        ) from error


def check_target(target: Path) -> None:
    """UsageError, before anything is rendered, for an ending that is no picture's; AftershockError for a PNG without a browser."""
    if target.suffix.lower() not in (".svg", ".png"):
        raise UsageError(f"--picture {target}: expected a name that ends in .svg or .png")
    if target.suffix.lower() == ".png" and not browser():
        png("<svg/>")
