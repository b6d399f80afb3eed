"""Files that are never half-written, and never outside the folder they belong to."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Mapping
from pathlib import Path

from aftershock.errors import UsageError


def inside(folder: Path, relative: Path) -> Path:
    """``folder/relative``; UsageError when that is elsewhere, symbolic links resolved."""
    root = folder.resolve()
    path = folder / relative
    if relative.is_absolute() or not path.parent.resolve().is_relative_to(root) or ".." in relative.parts:
        raise UsageError(f"{str(relative)!r} leads out of the output folder {str(folder)!r}")
    return path


def write(path: Path, text: str | bytes) -> None:
    """Writes a file as a whole: a reader sees the old one or the new one."""
    write_together({path: text})


def write_together(texts: Mapping[Path, str] | Mapping[Path, bytes]) -> None:
    """Writes several files so that all are new, or, when one cannot be written, all are as they were."""
    temporary: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary[path] = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
            temporary[path].write_bytes(text.encode() if isinstance(text, str) else text)
        _replace_all(temporary)
    finally:
        for leftover in temporary.values():
            leftover.unlink(missing_ok=True)


def _replace_all(temporary: Mapping[Path, Path]) -> None:
    before = {path: path.read_bytes() if path.is_file() else None for path in temporary}
    replaced: list[Path] = []
    try:
        for path, new in temporary.items():
            new.replace(path)
            replaced.append(path)
    except OSError:
        for path in replaced:
            _restore(path, before[path])
        raise


def _restore(path: Path, content: bytes | None) -> None:
    with contextlib.suppress(OSError):
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
