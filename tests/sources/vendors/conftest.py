from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from aftershock import sources


@pytest.fixture
def read(tmp_path) -> Callable[..., sources.RawTable]:
    """Reads records, or pages of them, as one file of a format."""

    def made(format: str, *records: object, table: str = "changes", **options: object) -> sources.RawTable:
        file = tmp_path / "export.json"
        file.write_text("\n".join(map(json.dumps, records)))
        return sources.read([file], format, sources.Options(table=table, **options))

    return made
