"""The small HTML of plotly's labels as lines of runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True)
class Run:
    """Text of one look; no colour means the page's ink."""

    text: str
    bold: bool = False
    colour: str | None = None


def text_lines(text: str) -> list[list[Run]]:
    """Lines of runs. Bold, colours and line ends are kept, any other tag is dropped and its text kept."""
    parser = _Lines()
    parser.feed(str(text))
    parser.close()
    return parser.lines


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[list[Run]] = [[]]
        self.bold, self.colours = 0, [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.lines.append([])
        elif tag == "b":
            self.bold += 1
        elif tag == "span":
            found = re.search(r"color:\s*(#[0-9a-fA-F]{6})", dict(attrs).get("style") or "")
            self.colours.append(found[1] if found else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "b":
            self.bold = max(self.bold - 1, 0)
        elif tag == "span" and len(self.colours) > 1:
            self.colours.pop()

    def handle_data(self, data: str) -> None:
        self.lines[-1].append(Run(data, self.bold > 0, self.colours[-1] or None))
