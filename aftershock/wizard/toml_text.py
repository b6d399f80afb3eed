"""Values and keys of dataset.toml as text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from aftershock.sources.json_paths import writable

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def inline(table: dict[str, str]) -> str:
    return f"{{ {', '.join(f'{as_key(k)} = {quoted(v)}' for k, v in table.items())} }}"


def as_key(text: str) -> str:
    return text if _BARE_KEY.fullmatch(text) else quoted(text)


def array(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, texts))}]"


def quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(writable(text), ensure_ascii=False).replace("\x7f", "\\u007F")


def one_line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", writable(text)).split())
