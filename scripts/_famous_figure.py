"""The delays of famous outages as a static picture for docs/famous-outages.md."""

from __future__ import annotations

import math
import re
from html import escape

import pandas as pd

TICKS = ((0.5, "<1 min"), (5, "5 min"), (60, "1 h"), (600, "10 h"), (4320, "3 d"), (43200, "30 d"))
LEFT, RIGHT, TOP, ROW, WIDTH = 190, 20, 44, 15, 760
STYLE = (
    "text{font:11px system-ui,sans-serif;fill:#333}.head{font-size:13px;font-weight:600}.dim{fill:#666}"
    ".grid{stroke:#ddd}.span{stroke:#e08a2e;stroke-opacity:.5;stroke-width:4}circle{fill:#c96a12}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}.dim{fill:#aaa}.grid{stroke:#444}circle{fill:#f0a04b}}"
)


def famous_figure(frame: pd.DataFrame, sentence: str) -> str:
    """The delays as a static SVG: a dot per outage at its shortest delay, a bar to the longest that its times allow.

    ``frame``: organisation, incident_id, shortest and longest minutes, in the order of the rows; ``sentence``: what the
    picture shows, for those who cannot see it.
    """
    bottom = TOP + ROW * len(frame)
    start, end = math.log10(TICKS[0][0]), math.log10(frame["longest"].max() * 1.3)

    def x(minutes: float) -> float:
        share = (math.log10(max(minutes, TICKS[0][0])) - start) / (end - start)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    lines = [
        f'<text x="{LEFT}" y="16" class="head">Time from change to outage, as far as the published times say</text>'
    ]
    for minutes, label in TICKS:
        at = x(minutes)
        lines += [
            f'<line x1="{at}" x2="{at}" y1="{TOP - 8}" y2="{bottom}" class="grid"/>',
            f'<text x="{at}" y="{TOP - 12}" text-anchor="middle" class="dim">{escape(label)}</text>',
        ]
    for n, row in enumerate(frame.itertuples()):
        y = TOP + ROW * n + ROW / 2
        name = f"{row.organisation} {re.search(r'[0-9]{4}', row.incident_id).group()}"
        lines.append(f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(name)}</text>')
        if row.longest > row.shortest:
            ends = f'x1="{x(row.shortest)}" x2="{x(row.longest)}"'
            lines.append(f'<line {ends} y1="{y}" y2="{y}" class="span"/>')
        lines.append(f'<circle cx="{x(row.shortest)}" cy="{y}" r="4"/>')
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 8}" role="img" aria-labelledby="t d">'
    )
    said = escape(" ".join(sentence.split()))
    described = ['<title id="t">Delays of famous outages</title>', f'<desc id="d">{said}</desc>']
    return "\n".join([head, *described, f"<style>{STYLE}</style>", *lines, "</svg>"]) + "\n"
