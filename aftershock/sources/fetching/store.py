"""Pages on disk: what is complete, what is under way, and where an interrupted fetch goes on.

A folder holds one sub-folder of pages per resource, only ever a complete set, and ``fetch.state``, which says what they
are. Pages of a fetch under way lie in ``.fetching`` until their resource is whole; then the sub-folder is exchanged.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from aftershock.output import files
from aftershock.schema.errors import AftershockError, UsageError
from aftershock.sources.fetching.client import Request

STATE = "fetch.state"
UNDER_WAY = ".fetching"
VERSION = 2
_STAMP = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, order=True)
class Window:
    """A stretch of time that one run of pages covers: stamps in UTC; ``end`` is ``""`` where there is none."""

    start: str
    end: str = ""

    @property
    def key(self) -> str:
        return f"{self.start}/{self.end}"

    def overlaps(self, other: Window) -> bool:
        return (not other.end or self.start < other.end) and (not self.end or other.start < self.end)

    def halves(self) -> tuple[Window, Window] | None:
        """Two windows of half the length, to the second; None when it is too short to be cut."""
        first, last = (datetime.strptime(t, _STAMP).replace(tzinfo=UTC) for t in (self.start, self.end))
        middle = (first + (last - first) / 2).replace(microsecond=0)
        if (middle - first).total_seconds() < 1:
            return None
        at = middle.strftime(_STAMP)
        return Window(self.start, at), Window(at, self.end)


@dataclass(frozen=True)
class Run:
    """The pages of one window. ``asked_at``: when the first was asked for; ``pages``: their names and sizes in order;
    ``records`` and ``open`` ones among them; ``queue``: what is still to be asked for, the next one first;
    ``asked``: the marks of what was."""

    asked_at: str
    pages: tuple[tuple[str, int], ...] = ()
    records: int = 0
    open: int = 0
    queue: tuple[Request, ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        return not self.queue

    @classmethod
    def of_json(cls, saved: dict) -> Run:
        queue = tuple(Request.of_json(request) for request in saved["queue"])
        pages = tuple((str(name), int(size)) for name, size in saved["pages"])
        return cls(
            str(saved["asked_at"]),
            pages,
            int(saved["records"]),
            int(saved["open"]),
            queue,
            tuple(saved.get("asked", ())),
        )

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "queue": [request.as_json() for request in self.queue]}


@dataclass
class ResourceState:
    """What is known of one resource: runs that are published, runs under way, and windows too full to be one run."""

    done: dict[str, Run] = field(default_factory=dict)
    under_way: dict[str, Run] = field(default_factory=dict)
    cut: list[str] = field(default_factory=list)

    @classmethod
    def of_json(cls, saved: dict) -> ResourceState:
        done, under_way = ({k: Run.of_json(r) for k, r in saved[part].items()} for part in ("done", "under_way"))
        return cls(done, under_way, [str(key) for key in saved["cut"]])

    def as_json(self) -> dict[str, object]:
        parts = {p: {k: r.as_json() for k, r in getattr(self, p).items()} for p in ("done", "under_way")}
        return {**parts, "cut": self.cut}


class Store:
    """The folder of one fetch. ``identity`` says whose pages these are; other ones in the same folder are an error."""

    def __init__(self, folder: Path, identity: dict[str, str]):
        self.folder, self.identity = folder, identity
        self.states: dict[str, ResourceState] = {}
        self._load()

    def _load(self) -> None:
        path = self.folder / STATE
        if not path.exists():
            return
        try:
            saved = json.loads(path.read_text(encoding="utf-8"))
            if saved["version"] != VERSION:
                raise ValueError(f"version {saved['version']!r}")
            found, self.states = saved["identity"], {k: ResourceState.of_json(s) for k, s in saved["resources"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise AftershockError(
                f"{path} cannot be read ({error}): remove it to begin again; the pages stay as they are."
            ) from error
        if found != self.identity:
            words = [", ".join(f"{k} {v}" for k, v in sorted(i.items()) if v) for i in (found, self.identity)]
            raise UsageError(f"{self.folder} holds pages of {words[0]}, not of {words[1]}; choose another folder")

    def _save(self) -> None:
        resources = {name: state.as_json() for name, state in sorted(self.states.items())}
        saved = {"version": VERSION, "identity": self.identity, "resources": resources}
        files.write_whole(self.folder / STATE, json.dumps(saved, indent=1) + "\n")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """The folder for one fetch at a time, where the system can lock; an OSError becomes an AftershockError."""
        try:
            (self.folder / UNDER_WAY).mkdir(parents=True, exist_ok=True)
            with _lock(self.folder / UNDER_WAY):
                self._recover()
                yield
        except BlockingIOError:
            raise AftershockError(f"another fetch is writing into {self.folder}; wait until it is through") from None
        except OSError as error:
            raise AftershockError(f"cannot write into {self.folder}: {error.strerror or error}.") from error
        with contextlib.suppress(OSError):
            (self.folder / UNDER_WAY).rmdir()

    def state_of(self, resource: str) -> ResourceState:
        return self.states.setdefault(resource, ResourceState())

    def _staged(self, resource: str) -> Path:
        return self.folder / UNDER_WAY / resource

    def intact(self, resource: str, run: Run, *, published: bool) -> bool:
        """Whether the pages of a run are there, each of its size."""
        place = self.folder / resource if published else self._staged(resource)
        return all((place / name).is_file() and (place / name).stat().st_size == size for name, size in run.pages)

    def begin(self, resource: str, window: Window, asked_at: str, first: Request) -> Run:
        run = Run(asked_at, queue=(first,))
        self.state_of(resource).under_way[window.key] = run
        return run

    def cut(self, resource: str, window: Window) -> None:
        """Forget a window that holds too much; its halves take its place from now on."""
        state = self.state_of(resource)
        state.under_way.pop(window.key, None)
        state.cut.append(window.key)
        self._save()

    def add(
        self, resource: str, window: Window, body: bytes, counts: tuple[int, int], then: tuple[Request, ...]
    ) -> Run:
        """Keep the page that the queue begins with (none when ``body`` is empty) and put what it leads to in its place;
        ``counts``: records, open ones."""
        run = self.state_of(resource).under_way[window.key]
        pages = run.pages
        if body:
            name = f"{window.start.replace('-', '').replace(':', '')}-{len(pages) + 1:05}.json"
            files.write_whole(self._staged(resource) / name, body)
            pages = (*pages, (name, len(body)))
        records, running = run.records + counts[0], run.open + counts[1]
        first, *others = run.queue
        asked = (*run.asked, first.key) if then or others else ()  # of no use once all is there
        run = replace(run, pages=pages, records=records, open=running, queue=(*then, *others), asked=asked)
        self.state_of(resource).under_way[window.key] = run
        self._save()
        return run

    def publish(self, resource: str, planned: list[Window]) -> None:
        """Exchange the published pages for those just fetched, and for those kept from before.

        Kept: windows of the plan that were not fetched anew, windows that the plan does not touch, and files that are
        none of ours.
        """
        state, live, staged = self.state_of(resource), self.folder / resource, self._staged(resource)
        keys = {w.key for w in planned}
        gone = [
            key
            for key in state.done
            if key in state.under_way or (key not in keys and any(_window(key).overlaps(w) for w in planned))
        ]
        stale = {name for key in gone for name, _ in state.done[key].pages}
        whole = staged.with_name(f"{resource}.whole")
        shutil.rmtree(whole, ignore_errors=True)
        whole.mkdir(parents=True)
        for path in sorted(live.iterdir()) if live.is_dir() else []:
            if path.name not in stale and path.is_file():
                files.link(path, whole / path.name)
        for key in keys & set(state.under_way):
            for name, _ in state.under_way[key].pages:
                files.link(staged / name, whole / name)
        self._exchange(live, whole)
        kept = {k: r for k, r in state.done.items() if k not in gone}
        state.done = dict(sorted({**kept, **{k: r for k, r in state.under_way.items() if k in keys}}.items()))
        state.under_way = {}
        self._save()
        shutil.rmtree(staged, ignore_errors=True)

    def _exchange(self, live: Path, whole: Path) -> None:
        old = whole.with_suffix(".old")
        if live.exists():
            live.rename(old)
        whole.rename(live)
        shutil.rmtree(old, ignore_errors=True)

    def _recover(self) -> None:
        """Finish an exchange that was cut off between its two renames."""
        for old in sorted((self.folder / UNDER_WAY).glob("*.old")):
            live, whole = self.folder / old.stem, old.with_suffix(".whole")
            if not live.exists():
                (whole if whole.exists() else old).rename(live)
            shutil.rmtree(old, ignore_errors=True)


def _window(key: str) -> Window:
    return Window(*key.split("/"))


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)
