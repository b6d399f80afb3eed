"""What mkdocs does not do by itself: pages from outside docs/, tutorials from notebooks, roles of docstrings."""

from __future__ import annotations

import json
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
#: Page of the site → file of the repository.
ELSEWHERE = {name: ROOT / name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")} | {
    f"data/{folder}.md": ROOT / "data" / folder / "README.md" for folder in ("twitter-2023", "famous-outages")
}
#: The tutorials in the order in which one reads them; others follow by name.
TUTORIALS = (
    "first_look",
    "what_a_probability_means",
    "reading_a_delay_curve",
    "is_it_calibrated_here",
    "five_questions",
    "a_figure_of_your_own",
)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The tutorials join the navigation, after the pages for analysts."""
    tutorials = [{_title(path): f"tutorials/{path.stem}.md"} for path in _tutorials()]
    if tutorials:
        config.nav.insert(2, {"Tutorials": tutorials})
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for page, path in ELSEWHERE.items():
        files.append(File.generated(config, page, content=path.read_text(encoding="utf-8")))
    for path in _tutorials():
        files.append(File.generated(config, f"tutorials/{path.stem}.md", content=_as_markdown(path)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links as they lead in the repository, so that they lead to the same page of the site."""
    there = ELSEWHERE.get(page.file.src_uri, DOCS / page.file.src_uri).parent
    pages = {path: uri for uri, path in ELSEWHERE.items()}
    depth = "../" * page.file.src_uri.count("/")

    def lead(link: re.Match[str]) -> str:
        target = (there / link[1]).resolve()
        uri = pages.get(target)
        if uri is None and target.is_relative_to(DOCS):
            uri = target.relative_to(DOCS).with_suffix(".md" if target.suffix == ".ipynb" else target.suffix).as_posix()
        return f"]({depth}{uri}{link[2] or ''})" if uri else link[0]

    return re.sub(r"\]\(([^)\s:#]+)(#[^)\s]*)?\)", lead, markdown)


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A role such as ``:func:`load``` names the thing alone."""
    return re.sub(r":(?:attr|class|data|func|meth|mod):<code>~?", "<code>", html)


def _tutorials() -> list[Path]:
    order = {name: n for n, name in enumerate(TUTORIALS)}
    return sorted((DOCS / "tutorials").glob("*.ipynb"), key=lambda p: (order.get(p.stem, len(order)), p.stem))


def _cells(path: Path) -> list[tuple[str, str]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def _title(path: Path) -> str:
    text = "\n".join(source for kind, source in _cells(path) if kind == "markdown")
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    return heading[1] if heading else path.stem.replace("_", " ").replace("-", " ").capitalize()


def _as_markdown(path: Path) -> str:
    """A notebook as a page: its prose and its code; figures are for whoever runs it."""
    parts = [source if kind == "markdown" else f"```python\n{source}\n```" for kind, source in _cells(path)]
    return "\n\n".join([*parts, f"*Run it: `scripts/lab {path.name}`.*"]) + "\n"
