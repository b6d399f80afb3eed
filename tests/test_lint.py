"""The code keeps the rules of pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
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
