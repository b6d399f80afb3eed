"""What a dataset is read from, as one hash, without reading its tables: while that is the same, so is the dataset."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from aftershock.dataset.cache import location
from aftershock.dataset.dataset import VERDICTS_FILE
from aftershock.dataset.shipped import FILE
from aftershock.dataset.writeups import WRITEUPS
from aftershock.schema.input_files import open_regular, read_regular, resolved
from aftershock.schema.toml_file import LARGEST
from aftershock.sources import DESCRIPTION, SECTIONS, registry


def digest(folder: Path) -> str:
    """Hash of dataset.toml, the files that it names, verdicts, write-ups, and the clock changes of its zones.

    Empty where more may count than is known here (a repository, a format of another package) and where something cannot be
    read: then only reading the dataset tells.
    """
    made = hashlib.sha256(str(folder).encode("utf-8", "surrogateescape"))
    try:
        text = read_regular(folder / FILE, LARGEST + 1)
        settings = tomllib.loads(text.decode())
        logs = [log for section in SECTIONS for log in _listed(settings.get(section, []))]
        if not all(_is_of_files(log) for log in logs):
            return ""
        zones = {settings.get("timezone", "UTC"), *(log["timezone"] for log in logs if "timezone" in log)}
        described = [log["format"] for log in logs if str(log.get("format")).endswith(DESCRIPTION)]
        paths = [FILE, VERDICTS_FILE, WRITEUPS, *described, *(log["path"] for log in logs)]
        for part in (text, *map(_zone, sorted(zones)), *(part for path in paths for part in _contents(folder / path))):
            made.update(hashlib.sha256(part).digest())
    except (OSError, ValueError, TypeError, KeyError, AttributeError):  # it is read in full, which says what is wrong
        return ""
    return made.hexdigest()


def _listed(section: dict | list) -> list[dict]:
    return section if isinstance(section, list) else [section]


def _is_of_files(log: dict) -> bool:
    """Whether what a section becomes follows from its settings and files alone."""
    name = log.get("format", "csv")
    coded = [format for format in registry.CODED if format.name == name]
    known = coded or name in registry.DESCRIBED or name.endswith(DESCRIPTION)
    return bool(known) and not any(format.reads_repository or format.state for format in coded)


def _zone(name: str) -> bytes:
    ZoneInfo(name)  # a name that is none must not be looked for as a file
    return location.zone_data(name).encode()


def _contents(path: Path) -> Iterator[bytes]:
    """Where a path leads and what it holds: a file's hash, a folder's files one level deep."""
    real = resolved(path)
    yield os.fsencode(real)
    if real.is_dir():
        for child in sorted(real.iterdir()):
            leads_to = resolved(child)
            yield os.fsencode(child) + b"\0" + os.fsencode(leads_to)
            yield b"folder" if leads_to.is_dir() else _file(child)
    else:
        yield _file(real) if os.path.lexists(path) else b"nothing"


def _file(path: Path) -> bytes:
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").digest()
