"""Files that are never half-written, and never outside the folder they belong to."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from aftershock.schema.errors import AftershockError, UsageError
from aftershock.schema.input_files import resolved

ROOM = 2**20  # bytes that a folder must have room for before a run begins: a judgement, a page has about as many


def inside(folder: Path, relative: Path) -> Path:
    """``folder/relative``; UsageError when that is elsewhere, symbolic links resolved."""
    root = resolved(folder)
    path = folder / relative
    if relative.is_absolute() or not resolved(path.parent).is_relative_to(root) or ".." in relative.parts:
        raise UsageError(f"{str(relative)!r} leads out of the output folder {str(folder)!r}")
    return path


def check_writable(folder: Path) -> None:
    """OSError unless files can be made in a folder, which is made when it is not there, and there is room for one."""
    folder.mkdir(parents=True, exist_ok=True)
    with _beside(folder / "probe") as probe, _named(folder):
        probe.write_bytes(bytes(ROOM))


def unwritable(place: Path | str, error: OSError) -> AftershockError:
    """What to say where a file or a folder cannot be written."""
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    remedy = "Make room there, or choose another folder." if is_full else "Choose a folder that you may write to."
    return AftershockError(f"cannot write {place}: {error.strerror or error}. {remedy}")


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Of an OSError that does not say so, which file or folder it is about: a write that fails never does."""
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        raise


def write_whole(path: Path, text: str | bytes, *, private: bool = False) -> None:
    """Writes a file as a whole: a reader sees the old one or the new one. ``private``: nobody but its owner sees either. Raises
    OSError when it cannot be written."""
    write_together({path: text}, private=private)


def write_new(path: Path, text: str) -> None:
    """Writes a file as a whole where there is none yet. FileExistsError when there is one, even one made meanwhile."""
    with _beside(path) as temporary, _named(path):
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


def write_together(texts: Mapping[Path, str | bytes], *, private: bool = False) -> None:
    """Writes several files so that all are new, or, when one cannot be written, all are as they were; ``private``: as in
    :func:`write_whole`."""
    with contextlib.ExitStack() as stack:
        temporary = {path: stack.enter_context(_beside(path)) for path in texts}
        for path, text in texts.items():
            with _named(path):
                if private:
                    temporary[path].touch(mode=0o600)
                temporary[path].write_bytes(text.encode() if isinstance(text, str) else text)
        _replace_all(temporary)


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A temporary name in the folder of a file, which is made when there is none; nothing is left under it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{_own_mark()}-{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def temporary_folder(kind: str, within: str | None = None) -> Iterator[Path]:
    """A folder for this run alone, which is gone afterwards; those that killed runs left are removed first. AftershockError where
    there is no room for one."""
    with contextlib.ExitStack() as stack:
        place = within or "any folder"
        try:
            place = within or tempfile.gettempdir()
            _sweep_temporary(Path(place))
            made = tempfile.TemporaryDirectory(prefix=f"aftershock-{kind}.{_own_mark()}-", dir=place)
            folder = Path(stack.enter_context(made))
            check_writable(folder)
        except OSError as error:
            raise unwritable(f"into {place}, where temporary files are", error) from error
        yield folder


def sweep(folder: Path) -> None:
    """Remove what killed runs left: half-written files in a folder and below it, and temporary folders."""
    _sweep(folder.rglob(".*.tmp"), _OF_FILE)
    for place in {
        Path(tempfile.gettempdir()),
        Path("/tmp"),
    }:  # where sockets are when the usual place has too long a path
        _sweep_temporary(place)


def _sweep_temporary(place: Path) -> None:
    _sweep(place.glob("aftershock-*"), _OF_FOLDER)


def _sweep(found: Iterable[Path], mark: re.Pattern[str]) -> None:
    with contextlib.suppress(OSError):
        for path in list(found):
            left = mark.search(path.name)
            if left and left["machine"] == _machine() and not _is_running(int(left["process"])):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)


_MARK = r"\.(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-"
_OF_FOLDER = re.compile(rf"^aftershock-[a-z]+{_MARK}\w+$")
_OF_FILE = re.compile(rf"{_MARK}[0-9a-f]{{8}}\.tmp$")


def _own_mark() -> str:
    """Who writes: a process of a machine, as several machines may share a folder."""
    return f"{_machine()}-{os.getpid()}"


@cache
def _machine() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _is_running(process: int) -> bool:
    """Whether a process of this machine still is; on Windows, where asking would end it, always true."""
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


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
