"""The code keeps the rules of pyproject.toml."""

from __future__ import annotations

import ast
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "aftershock"
MOST_ENTRIES = 16  # of the package's top: what one sees at a glance
MOST_CODE = 400  # lines of a module that are neither blank nor comment nor docstring
LOGIC = 25  # lines of functions from which a module has a test module of its own
NO_CODE = {tokenize.ENCODING, tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
TESTED_IN = {  # parts of one thing are tested as that thing
    "wizard/vendor_sections.py": "wizard/test_inputs.py",
}
IMPORT_LINTER = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["-m", "ruff", "check", "."], "All checks passed!", id="ruff"),
        pytest.param(["-m", "ruff", "format", "--check", "."], "already formatted", id="format"),
        pytest.param(["-c", IMPORT_LINTER], "Contracts: 2 kept, 0 broken.", id="rooms"),
        pytest.param(["-m", "mypy"], "Success: no issues found", id="types"),
    ],
)
def test_the_tool_finds_nothing(arguments, says):
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert says in done.stdout


def test_the_package_shows_its_plan():
    entries = [p.name for p in PACKAGE.iterdir() if p.name != "__pycache__"]
    assert len(entries) <= MOST_ENTRIES, sorted(entries)


def lines_of_code(path: Path) -> int:
    with path.open("rb") as file:
        tokens = [t for t in tokenize.tokenize(file.readline) if t.type not in NO_CODE and t.string.strip()]
    lines = {line for token in tokens for line in range(token.start[0], token.end[0] + 1)}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            lines -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(lines)


def test_no_module_is_longer_than_one_can_keep_in_mind():
    lengths = {str(path.relative_to(PACKAGE)): lines_of_code(path) for path in PACKAGE.rglob("*.py")}
    assert lengths["wizard/draft.py"] > 100
    assert {name: n for name, n in lengths.items() if n > MOST_CODE} == {}


def lines_of_functions(path: Path) -> int:
    functions = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef)]
    return sum(n.end_lineno - n.lineno for n in functions)


def test_a_module_with_logic_has_its_test_module():
    untested = []
    for path in PACKAGE.rglob("*.py"):
        module = path.relative_to(PACKAGE)
        elsewhere = module.as_posix() in TESTED_IN
        own = ROOT / "tests" / module.with_name(f"test_{module.name}")
        if lines_of_functions(path) >= LOGIC and not elsewhere and not own.exists():
            untested.append(module.as_posix())
    assert untested == []


def test_what_is_tested_elsewhere_exists_on_both_sides():
    assert [a for a, b in TESTED_IN.items() if not (PACKAGE / a).exists() or not (ROOT / "tests" / b).exists()] == []
