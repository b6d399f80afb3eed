"""File names for ids that come from a log: predictable, safe on every file system, and never two alike."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from aftershock.schema.errors import UsageError

CHECK = "check"  # the model check of a dataset, next to its months and incidents
QUALITY = "quality"  # the log quality of a dataset
EXPLORE = "explore"  # the folder of choices of the explore page
SYSTEMIC = "systemic"  # whether a dataset's row of outages is more than bad luck
_AS_IT_IS = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_WINDOWS_DEVICES = frozenset({"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(10)})
# `<name>.error.html` is the page of a failed report, so no report may be called `<something>.error`.
_TAKEN_ENDING = ".error"


def file_name(identifier: str) -> str:
    """The name, without suffix, of the file that shows ``identifier``.

    An id of up to 80 small letters, digits, ``.``, ``_`` and ``-`` that starts with a letter or digit is its own name.
    Any other becomes a readable slug and the first 8 hex digits of the id's SHA-256. Names that Windows reserves
    (``con``, ``nul`` …), that end with a dot or with ``.error`` take the second way too.
    """
    if _AS_IT_IS.fullmatch(identifier) and not _is_reserved(identifier):
        return identifier
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug(identifier) or 'x'}-{digest}"


def slug(text: str, length: int = 60) -> str:
    """``text`` in small ASCII letters and digits, everything else as single hyphens; may be empty."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower())[:length].strip("-")


def file_names(identifiers: Iterable[str]) -> dict[str, str]:
    """Each id and its file name; two ids with the same name are an error, for one report would overwrite the other."""
    names: dict[str, str] = {}
    owners: dict[str, str] = {}
    for identifier in identifiers:
        name = file_name(identifier)
        owner = owners.setdefault(name, identifier)
        if owner != identifier:
            raise UsageError(f"{owner!r} and {identifier!r} would both be written to {name!r}; rename one of them")
        names[identifier] = name
    return names


def _is_reserved(name: str) -> bool:
    return name.endswith((".", _TAKEN_ENDING)) or name.split(".")[0] in _WINDOWS_DEVICES
