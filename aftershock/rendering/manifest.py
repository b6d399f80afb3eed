"""Which reports in a folder are up to date: what each was made from, in ``.aftershock/manifest.jsonl`` of the output folder.

A report is up to date while everything it follows from is the same (its notebook, parameters, the dataset's files, the
package and what it computes with) and the page and its JSON are as they were written. The model learns from the whole log,
so a changed row makes every report of its dataset out of date. The manifest gets a line per report as soon as that is
written: a batch that is killed loses nothing, and a line that cannot be read costs one rendering.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from aftershock.dataset.cache import location
from aftershock.dataset.shipped import shipped_folder
from aftershock.dataset.writeups import WRITEUPS
from aftershock.output import files
from aftershock.output.terminal import say
from aftershock.rendering.job import Job
from aftershock.rendering.site import navigation
from aftershock.schema.input_files import open_regular
from aftershock.sources import registry

if TYPE_CHECKING:
    from aftershock.dataset.dataset import Dataset

FOLDER = ".aftershock"
FORMAT = "1"  # of what a fingerprint is made from
_RENDERED_WITH = (
    "numpy", "scipy", "pandas", "pyarrow", "pydantic", "plotly", "networkx", "ipykernel", "ipython", "papermill", "nbconvert",
    "markdown-it-py", "jinja2", "detect-secrets",
)  # fmt: skip


class Manifest:
    """What is known of the reports in a folder. ``part``: of a run, which has a file of its own, so that the folders of all
    parts can be laid over each other; ``damaged``: lines that could not be read."""

    def __init__(self, output: Path, part: str = ""):
        name = f"manifest-{part.replace('/', '-of-')}.jsonl" if part else "manifest.jsonl"
        self.output, self.path, self.damaged = output, output / FOLDER / name, 0
        self._files = sorted({*(output / FOLDER).glob("manifest*.jsonl"), self.path})
        self._known: dict[str, dict[str, str]] = {}
        self._datasets: dict[int, str] = {}
        for path in self._files:
            with contextlib.suppress(FileNotFoundError):
                for line in path.read_bytes().splitlines():
                    self._read(line)

    def _read(self, line: bytes) -> None:
        try:
            entry = json.loads(line)
            self._known[entry["file"]] = {name: entry[name] for name in ("made_from", "page", "numbers")}
        except (ValueError, KeyError, TypeError, RecursionError):
            self.damaged += 1

    def is_current(self, job: Job) -> bool:
        """Whether the report is there, whole, and would come out the same."""
        return self.holds(job, self.fingerprint(job))

    def holds(self, job: Job, made_from: str) -> bool:
        """Whether the report is there, whole, and was made from what has this fingerprint."""
        known = self._known.get(job.target.as_posix())
        if not known or not made_from or known["made_from"] != made_from:
            return False
        path = self.output / job.target
        return not path.with_suffix(".error.html").exists() and known == self._entry(path, made_from)

    def note(self, job: Job) -> None:
        """Adds a report that has just been written. What cannot be noted is rendered again."""
        made_from = self.fingerprint(job)
        entry = self._entry(self.output / job.target, made_from)
        if not made_from or entry is None:
            return
        line = json.dumps({"file": job.target.as_posix(), **entry}) + "\n"
        with contextlib.suppress(OSError), self.path.open("ab") as file:
            file.write(line.encode())
        self._known[job.target.as_posix()] = entry

    def tidy(self) -> None:
        """Writes the manifest anew with a line per report that is still there."""
        kept = {name: entry for name, entry in self._known.items() if (self.output / name).is_file()}
        lines = [json.dumps({"file": name, **entry}) + "\n" for name, entry in sorted(kept.items())]
        with contextlib.suppress(OSError):
            files.write_whole(self.path, "".join(lines))
            for other in {*self._files} - {self.path}:
                other.unlink(missing_ok=True)

    def _entry(self, path: Path, made_from: str) -> dict[str, str] | None:
        try:
            page, numbers = path.read_bytes(), path.with_suffix(".json").read_bytes()
        except OSError:
            return None
        return {
            "made_from": made_from,
            "page": _digest(navigation.without_links_and_time(page)),
            "numbers": _digest(numbers),
        }

    def fingerprint(self, job: Job) -> str:
        """Hash of all that a report follows from; empty where that is not known, as of a dataset that could not be read."""
        dataset = job.dataset
        if dataset is None or dataset.unread:
            return ""
        if id(dataset) not in self._datasets:
            self._datasets[id(dataset)] = _of_dataset(dataset)
        parameters = {name: value for name, value in job.parameters.items() if name != "dataset"}
        page = (
            job.page.title,
            job.page.subtitle,
            list(job.page.links),
            job.page.language,
            job.page.generator,
            job.page.brief,
        )
        about = (job.kind, job.identifier, job.title, job.dataset_key, job.dataset_name, _labels(job), page, parameters)
        text = json.dumps(about, default=str, sort_keys=True)
        parts = [FORMAT, package(), self._datasets[id(dataset)], _file(job.notebook), text]
        return _digest("\0".join(parts).encode("utf-8", "surrogatepass"))


def _labels(job: Job) -> str:
    """The content of a file of known causes, which the model check compares with."""
    labels = job.parameters.get("labels")
    return _file(Path(str(labels))) if labels else ""


def _of_dataset(dataset: Dataset) -> str:
    """Hash of the files that a dataset was read from, its write-ups, and the clock changes of its zone."""
    read = sorted(dataset.as_read.hashes.items())
    written = sorted((p.name, _file(p)) for p in (dataset.folder / WRITEUPS).glob("*.md"))
    return _digest(json.dumps([dataset.key, read, written]).encode("utf-8", "surrogatepass"))


@cache
def package() -> str:
    """Hash of the package with its templates, the famous outages that reviews compare with, and the versions of what
    renders; of formats that other packages add, their versions."""
    shipped = (location.PACKAGE, shipped_folder("data") / "famous-outages")
    paths = [p for folder in shipped for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".pyc"]
    parts = [f"{p.name}\0{_file(p)}" for p in paths]
    parts += [platform.python_version(), *map(location.version_of, (*_RENDERED_WITH, "tzdata"))]
    parts += [f"{p.value} {p.dist.version if p.dist else ''}" for p in entry_points(group=registry.GROUP)]
    return _digest("\0".join(parts).encode())


def _file(path: Path) -> str:
    """Hash of a file; empty for what cannot be read, and for a pipe, whose reading might never end."""
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextlib.contextmanager
def opened(output: Path, part: str = "") -> Iterator[Manifest]:
    """The manifest of a folder, for one run at a time: another one waits. What a killed run left half-written is removed."""
    try:
        (output / FOLDER).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise files.unwritable(f"into {output}", error) from error
    lock = FileLock(output / FOLDER / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"another run renders into {output}; waiting until it is done", error=True)
        lock.acquire()
    try:
        files.sweep(output)
        manifest = Manifest(output, part)
        if manifest.damaged:
            say(f"{manifest.path} is damaged: reports that it no longer knows are rendered again", error=True)
        yield manifest
        manifest.tidy()
    finally:
        lock.release()
