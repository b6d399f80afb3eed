"""Pages of every kind in which every text is too wide for a window: what a log may hold."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
from conftest import figure, shows
from nbformat.v4 import new_markdown_cell, new_notebook

from aftershock.output import blocks, html_table
from aftershock.output.markdown import Markdown
from aftershock.rendering import batch, kernels
from aftershock.rendering.exporter import export
from aftershock.rendering.job import Job, ReportPage
from aftershock.rendering.site.index import write_site

LINE = ("x = call(" + "a" * 400 + ") ") * 3
WORDS = {
    "title": "X" * 3000,
    "word": "donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaftsrat",
    "path": "services/" * 200,
    "glued": "\u2060".join("ab" * 200),
}
STORY = """# {w}

{w} **{w}** `{line}` [{w}](https://x.example/{w}) https://x.example/{w}

## {w}

### {w}

- {w}

> {w}

```
{line}
```

| {w} | b |
| --- | --- |
| {w} | `{line}` |
"""


def page_of(word: str) -> ReportPage:
    return ReportPage(word, word, [(word, "../index.html"), (word, "x.html")], generator=word)


def notebook(word: str) -> str:
    """A page with every block, each full of a word."""
    tables = [
        html_table.Table(pd.DataFrame({word: [word] * rows, "b": 1, f"c {word}": LINE}), caption=word)
        for rows in (2, 20)
    ]
    drawn = figure(word)
    key = [["#2f7fb5", "●", word]] * 2
    head = {"measure": word, "lines": [word, key], "height": 40, "top": 20}
    table = {"columns": ["what", word], "rows": [[word, 1]]}
    drawn.update_layout(title=word, meta={"alt": word, "caption": word, "finding": word, "head": head, "table": table})
    prose = [blocks.Prose(word, kind=kind) for kind in ("prose", "answer", "warning", "notice")]
    others = [
        blocks.Bullets([word]),
        blocks.FactCards([(word, word, word), ("a", "b", "c")]),
        blocks.Heading(word),
        blocks.CodeBlock(LINE),
        blocks.Details(word, blocks.Prose(word)),
        Markdown(STORY.format(w=word, line=LINE)),
    ]
    cells = [
        new_markdown_cell(STORY.format(w=word, line=LINE)),
        shows(*prose, *others, *tables, source=LINE),
        shows(drawn, source=LINE),
    ]
    return export(new_notebook(cells=cells), page_of(word)).html


def failure(word: str) -> str:
    """The page of a report that could not be made."""
    job = Job(word, "month", word, word, Path(f"{word[:40]}.ipynb"), {}, Path("a.html"), page_of(word))
    failed = kernels.CellFailed(
        cell_number=1, source=LINE, name=word, message=word, traceback=f"{LINE}\n{word}", notebook=new_notebook()
    )
    return batch.failure_page(job, failed, has_older=True)


def index(word: str, folder: Path) -> str:
    """The index over a report whose every text is a word."""
    for kind, place in (("month", "2025-01/index"), ("incident", "incidents/a"), ("check", "check")):
        path = folder / "real" / f"{place}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        texts = dict.fromkeys(("title", "dataset_name", "summary", "severity", "identifier"), word)
        report = {
            "kind": kind,
            "month": "2025-01",
            "started_at": "2025-01-02T00:00:00+00:00",
            "services": [word],
            **texts,
        }
        path.write_text(json.dumps({"report": report}))
        path.with_suffix(".html").write_text("page")
    return write_site(folder).read_text(encoding="utf-8")
