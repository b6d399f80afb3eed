"""Small results that take seconds to work out, kept between the kernels of a batch and from one day to the next.

A result is filed under the hash of all that it follows from: the dataset's files, the fit, the package's own code and the
versions of what it computes with. What changes any of these changes the name, so nothing kept can be stale, and every file may
be deleted at any time. Kept are numbers only, never anything that a log says.

Where the folder (:mod:`aftershock.dataset.cache.location`) cannot be written, a result is remembered by its own process alone.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
from pydantic import BaseModel, ValidationError

from aftershock.dataset.cache import location
from aftershock.model.attribution import Attribution
from aftershock.output import files
from aftershock.schema import input_files

try:
    import fcntl
except ImportError:  # Windows: kernels that start together each work it out
    fcntl = None  # type: ignore[assignment]  # a module or nothing; asked for before each use

MOST_KEPT, MOST_REMEMBERED = 200, 8  # results on disk, a few kB each, and in a process; judgements
LARGEST = 1_000_000  # bytes
Kept = TypeVar("Kept", bound=BaseModel)
_MEMORY: dict[str, BaseModel] = {}


def kept(found: Attribution, kind: type[Kept], work_out: Callable[[], Kept], *, compute: bool = True) -> Kept | None:
    """The result kept for this fit, else ``work_out()``, then kept; None when there is none and ``compute`` is False.

    Of several processes that ask at the same time one works it out and the others wait for it.
    """
    folder, name = location.folder(), f"{kind.__name__.lower()}-{key(found)}"
    if folder is None:
        return _remembered(name, work_out) if compute or name in _MEMORY else None
    path = folder / f"{name}.json"
    result = _read(path, kind)
    if result is not None or not compute:
        return result
    with _locked(path.with_suffix(".lock")):
        result = _read(path, kind)
        if result is None:
            result = work_out()
            _write(path, result)
    return result


def _remembered(name: str, work_out: Callable[[], Kept]) -> Kept:
    if name not in _MEMORY:
        _MEMORY[name] = work_out()
        for oldest in list(_MEMORY)[:-MOST_REMEMBERED]:
            del _MEMORY[oldest]
    return cast(Kept, _MEMORY[name])  # a name begins with its kind


def key(found: Attribution) -> str:
    """Hash of the dataset's files, the fit and the code: what a result of this fit follows from, whoever may see it."""
    digest = hashlib.sha256(location.code().encode())
    for name, value in sorted(found.reading.dataset.hashes.items()):
        digest.update(f"{name}\0{value}\0".encode())
    digest.update("\0".join(found.reading.texts).encode("utf-8", "surrogatepass"))
    fitted = vars(found.parameters)
    for name in sorted(fitted):
        for part in fitted[name] if isinstance(fitted[name], tuple) else (fitted[name],):
            digest.update(np.ascontiguousarray(np.asarray(part, dtype=float)).tobytes())
    seen = found.seen
    for part in (seen.used, found.reading.told.until, *seen.priors.ratios, *seen.priors.factors.values()):
        digest.update(np.ascontiguousarray(part, dtype=float).tobytes())
    digest.update("\0".join(sorted(seen.without)).encode())
    return digest.hexdigest()[:32]


def _read(path: Path, kind: type[Kept]) -> Kept | None:
    try:
        return kind.model_validate_json(input_files.read_regular(path, LARGEST)) if location.is_ours(path) else None
    except (OSError, ValidationError):
        return None


def _write(path: Path, result: BaseModel) -> None:
    with contextlib.suppress(OSError):
        files.write_whole(path, result.model_dump_json(), private=True)
        _forget_oldest(path.parent)


def _forget_oldest(folder: Path) -> None:
    newest = sorted(folder.glob("*-*.json"), key=lambda p: p.stat().st_mtime, reverse=True)
    for path in newest[MOST_KEPT:]:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Alone in here among processes; the lock goes with the process that held it, however that ends."""
    try:
        file = path.open("a")
    except OSError:
        file = None
    if file is None or fcntl is None:
        yield
        return
    with file:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
        path.unlink(missing_ok=True)
