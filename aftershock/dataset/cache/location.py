"""Where results are kept from one run to the next, and what every one of them follows from besides its input: the code.

The folder is ``$AFTERSHOCK_CACHE``, else ``$XDG_CACHE_HOME/aftershock``, else ``~/.cache/aftershock``; an empty
``AFTERSHOCK_CACHE`` keeps nothing. All of it may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import stat
import zoneinfo
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import aftershock
from aftershock.output import files
from aftershock.schema import input_files

PACKAGE = Path(aftershock.__file__).resolve().parent
_COMPUTED_WITH = ("numpy", "scipy", "pandas", "pyarrow")


def folder() -> Path | None:
    """The folder, made when it is not there; None when there can be none, or others could write into it."""
    try:
        base = _made()
        return base if base and os.access(base, os.W_OK) and is_ours(base) else None
    except (OSError, RuntimeError):  # RuntimeError: no home directory
        return None


def _made() -> Path | None:
    named = os.environ.get("AFTERSHOCK_CACHE")
    if named == "":
        return None
    base = Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aftershock"
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    return base


def problem() -> str:
    """Why results are not kept though they are to be; empty where they can be written."""
    try:
        if base := _made():
            files.check_writable(base)
    except OSError as error:
        return f"nothing is kept for the next run: {files.unwritable(error.filename, error)} AFTERSHOCK_CACHE names it."
    except RuntimeError:
        return "nothing is kept for the next run: there is no home directory. AFTERSHOCK_CACHE names a folder for it."
    return ""


@cache
def code() -> str:
    """The package's own code and tables, and the versions of what it computes with: other code gives other results."""
    digest = hashlib.sha256()
    for path in sorted(p for p in PACKAGE.rglob("*") if p.suffix in (".py", ".toml", ".json")):
        digest.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes())
    return " ".join([digest.hexdigest(), platform.python_version(), *map(version_of, _COMPUTED_WITH)])


def version_of(package: str) -> str:
    """Name and version of an installed package; its name alone when it is not installed."""
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return package


def zone_data(zone: str) -> str:
    """Hash of the clock changes of a zone, which countries decide anew every year."""
    for base in zoneinfo.TZPATH:
        with contextlib.suppress(OSError):
            return hashlib.sha256((Path(base) / zone).read_bytes()).hexdigest()
    return version_of("tzdata")


def is_ours(path: Path) -> bool:
    """Whether a folder or a file belongs to this user and nobody else may write it; nor may everybody write into a folder
    around it, unless a sticky bit keeps what is there."""
    if not hasattr(os, "getuid"):
        return True
    about = path.stat()
    if about.st_uid != os.getuid() or about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return False
    around = [folder.stat().st_mode for folder in input_files.resolved(path).parents]
    return all(mode & stat.S_ISVTX or not mode & stat.S_IWOTH for mode in around)
