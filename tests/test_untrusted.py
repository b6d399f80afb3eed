"""Text from a log has one way onto a page, and that way escapes: the others are not used anywhere in the project.

pandas' Styler, ``display(HTML(…))`` and ``display(Markdown(…))`` were seen to run what a log says. ``Markup`` takes
text as it is, so it may only be given what stands in our own source.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "aftershock").rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TEMPLATES = sorted((ROOT / "aftershock/rendering/templates").rglob("*"))

ON_DISPLAY = {"HTML", "Markdown", "Javascript", "Latex", "Math", "SVG", "IFrame", "publish_display_data"}
OURS = "markdown.Markdown"
OF_FRAMES = {"style", "to_html", "to_markdown", "to_latex", "write_html"}
SAFE_MARKUP = {
    # the functions whose one purpose is to turn checked text into markup
    ("aftershock/output/safe_html.py", "markup"),
    ("aftershock/rendering/markdown_cells.py", "html"),
    ("aftershock/rendering/markdown_cells.py", "markdown"),
    ("aftershock/rendering/cell_outputs.py", "_checked_html"),
    ("aftershock/rendering/page_shell.py", "style"),
    ("aftershock/rendering/page_shell.py", "boot"),
    ("aftershock/rendering/page_shell.py", "_running_head"),
    ("aftershock/rendering/site/index.py", "_own_style"),
    ("aftershock/rendering/site/index.py", "search"),
}
HTML_WIDGETS = {
    # a live message of the explore page must be a widget; it is given text, which it turns into markup through safe_html
    ("aftershock/reports/explore_widgets.py", "Text"),
    # and so must what shows its blocks, whose own HTML is made through safe_html
    ("aftershock/reports/explore_widgets.py", "BlockView"),
}


def faults(source: str, file: str = "") -> list[str]:
    """What a piece of Python does that could show a log's text unescaped."""
    found = []
    tree = ast.parse(source)
    bases = {b: c.name for c in ast.walk(tree) if isinstance(c, ast.ClassDef) for b in c.bases}
    around = {inner: f for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for inner in ast.walk(f)}
    for node in ast.walk(tree):
        place = f"{file}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            ("IPython", "matplotlib", "great_tables")
        ):
            found += [f"{place} imports {n.name}" for n in node.names if n.name in ON_DISPLAY]
        if isinstance(node, ast.Import):
            found += [f"{place} imports {n.name}" for n in node.names if n.name.startswith("IPython.display")]
        if isinstance(node, ast.Attribute) and node.attr in OF_FRAMES | ON_DISPLAY and ast.unparse(node) != OURS:
            if (file, bases.get(node)) in HTML_WIDGETS:
                continue
            found.append(f"{place} uses .{node.attr}")
        if isinstance(node, ast.Name) and node.id == "Styler":
            found.append(f"{place} uses Styler")
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Markup" and not _is_own(node):
            inside = around[node].name if node in around else "the module"
            if (file, inside) not in SAFE_MARKUP:
                found.append(f"{place} makes markup of what is no literal, in {inside}")
    return found


def _is_own(call: ast.Call) -> bool:
    return len(call.args) == 1 and isinstance(call.args[0], ast.Constant)


@pytest.mark.parametrize(
    "source",
    [
        "from IPython.display import HTML",
        "from IPython.display import display, Markdown",
        "import IPython.display as d",
        "display.HTML(text)",
        "widgets.HTML(value=text)",
        "class Message(widgets.HTML): pass",
        "frame.style.background_gradient()",
        "frame.to_html(escape=False)",
        "Markup(text)",
        "Markup(f'<b>{text}</b>')",
        "Markup('<b>' + text)",
        "Markup('<b>%s</b>' % text)",
    ],
)
def test_each_way_around_the_escaping_is_seen(source):
    assert faults(source)


def test_what_escapes_is_allowed():
    assert faults("from IPython.display import display\nMarkup('<b>{}</b>').format(text)") == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_no_module_shows_text_unescaped(path):
    assert faults(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_no_notebook_shows_text_unescaped(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert [f for c in cells if c["cell_type"] == "code" for f in faults("".join(c["source"]), path.name)] == []


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.suffix == ".j2"], ids=lambda p: p.name)
def test_no_template_switches_escaping_off(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\|\s*safe\b|autoescape|Markup", text) == []
    assert re.findall(r"\bon[a-z]+\s*=|javascript:|<a [^>]*href=(?![\"'])", text) == []


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.suffix == ".js"], ids=lambda p: p.name)
def test_no_script_makes_markup_or_code_of_text(path):
    text = path.read_text(encoding="utf-8")
    ways = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\b|\bFunction\("
    assert re.findall(ways, text) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_only_one_module_prints(path):
    """Text for a terminal goes through aftershock.output.terminal; the progress bar hands on what that made plain."""
    if path.stem in ("terminal", "progress"):
        return
    calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
    assert [
        c.lineno for c in calls if ast.unparse(c.func) in ("print", "typer.echo", "click.echo", "typer.secho")
    ] == []
