"""A report as small as one can be, written by the payload that pages have, for what reads pages."""

from __future__ import annotations

import json
from pathlib import Path

from aftershock.figures import frame
from aftershock.figures.drawing import Sketch
from aftershock.rendering.figure_payload import FigurePayload


def write_page(path: Path, *, measure: str = "Incidents per month", figures: int = 1, **head: str) -> Path:
    """A page with as many figures and its JSON; ``head``: of the JSON's report."""
    payload = FigurePayload()
    drawn = ""
    for number in range(figures):
        sketch = Sketch()
        sketch.add_scatter(x=[1, 2], y=[1, 2])
        lines = frame.key([("#D55E00", "▬", "incident")])
        frame.base(sketch, height=200, measure=measure if number == figures - 1 else "Something else", lines=lines)
        fig = frame.describe(sketch, alt="A", caption="C", columns=["n"], rows=[[1]], finding=f"Finding {number} <b>")
        drawn += str(payload.add(json.loads(fig.to_json())))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'<html>{drawn}<script type="text/plain" id="as-figures">{payload.payload()}</script></html>')
    report = {"title": "Calm", "summary": "Nothing: 99 % of it.", "kind": "month", "audience": "public", **head}
    path.with_suffix(".json").write_text(json.dumps({"report": report}))
    return path


def put_report(path: Path, page: bool = True, **report: object) -> None:
    """The JSON of a report, with a page of one word next to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"report": report}))
    if page:
        path.with_suffix(".html").write_text("page")
