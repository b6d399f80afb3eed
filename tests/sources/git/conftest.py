"""What the tests of git repositories share."""

from __future__ import annotations

from pathlib import Path

import pytest
from git_author import Author


@pytest.fixture
def shop(tmp_path: Path) -> Author:
    return Author(tmp_path / "shop")
