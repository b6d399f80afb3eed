"""Files that are never half-written, and never outside the folder they belong to."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from aftershock.schema.errors import UsageError


def inside(folder: Path, relative: Path) -> Path:
    """``folder/relative``; UsageError when that is elsewhere, symbolic links resolved."""
    root = folder.resolve()
    path = folder / relative
    if relative.is_absolute() or not path.parent.resolve().is_relative_to(root) or ".." in relative.parts:
        raise UsageError(f"{str(relative)!r} leads out of the output folder {str(folder)!r}")
    return path


def write_whole(path: Path, text: str | bytes) -> None:
    """Writes a file as a whole: a reader sees the old one or the new one. Raises OSError when it cannot be written."""
    write_together({path: text})


def write_new(path: Path, text: str) -> None:
    """Writes a file as a whole where there is none yet. FileExistsError when there is one, even one made meanwhile."""
    with _beside(path) as temporary:
        temporary.write_bytes(text.encode())
        try:
            os.link(temporary, path)  # unlike a rename it fails when the name is taken
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            with path.open("xb") as file:
                file.write(text.encode())


def copy(source: Path, target: Path) -> None:
    """Copies a file as a whole: nobody sees a part of it."""
    with _beside(target) as temporary:
        shutil.copyfile(source, temporary)
        temporary.replace(target)


def link(source: Path, target: Path) -> None:
    """The same file under a second name, whatever had that name before; a copy where the file system has no links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copy2(source, target)


def write_together(texts: Mapping[Path, str | bytes]) -> None:
    """Writes several files so that all are new, or, when one cannot be written, all are as they were."""
    with contextlib.ExitStack() as stack:
        temporary = {path: stack.enter_context(_beside(path)) for path in texts}
        for path, text in texts.items():
            temporary[path].write_bytes(text.encode() if isinstance(text, str) else text)
        _replace_all(temporary)


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A temporary name in the folder of a file, which is made when there is none; nothing is left under it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


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
