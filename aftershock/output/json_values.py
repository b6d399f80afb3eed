"""Values and tables as JSON can hold them: one way, for the files next to reports and for ``--json``."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from aftershock.output.safe_html import plain


def json_value(value: Any) -> Any:
    """``value`` with times as ISO 8601, lengths of time in seconds, and null for what is missing or infinite.

    Works inside mappings and lists too; arrays become lists, markup becomes text. Raises TypeError for anything else.
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): json_value(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(inner) for inner in value]
    if hasattr(value, "__html__"):
        return plain(value)
    if hasattr(value, "tolist"):  # a numpy scalar or array
        return json_value(value.tolist()) if not isinstance(value.tolist(), type(value)) else str(value)
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, pd.Timedelta):
        return value.total_seconds()
    raise TypeError(f"a number for the JSON file is text, a number, a time or a list or dict of these, not {value!r}")


def json_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as a list of its rows, each a mapping from column to :func:`json_value`."""
    return [json_value(row) for row in frame.to_dict("records")]


def json_text(value: Any, *, sort_keys: bool = False) -> str:
    """A file of JSON: indented, so that two versions can be compared line by line, with a line feed at its end."""
    return json.dumps(json_value(value), indent=1, sort_keys=sort_keys, ensure_ascii=False, allow_nan=False) + "\n"
