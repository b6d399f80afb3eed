"""A git repository as a change log: every first-parent commit of a branch is a change that was deployed at once.

The time is the committer's date: when the commit, or the merge, came to the branch. The title of a merge is that of the
pull request (https://docs.github.com/articles/about-merge-methods-on-github) or merge request
(https://docs.gitlab.com/user/project/merge_requests/commit_templates/) that it names; the paths are all that it brought
to the branch. What a message says that it reverts is resolved to that change, where the log has it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from aftershock.schema.errors import Problem, UsageError
from aftershock.sources.epochs import from_epoch
from aftershock.sources.format import Format
from aftershock.sources.git import repository as git_repository
from aftershock.sources.git.log import MOST_PATHS, Commit, Query, commits
from aftershock.sources.git.messages import numbers, reverted, title_and_description
from aftershock.sources.raw_table import Options, RawTable

COLUMNS = ["change_id", "kind", "started_at", "services", "title", "description", "author", "paths", "repository"]
COLUMNS += ["size", "reverts"]


def read(files: list[Path], options: Options) -> RawTable:
    """The commits of ``options.repository``, newest first; ``files`` is empty. InputError when there is no such
    repository, ref or commit, or git fails."""
    query = Query(options.ref or "HEAD", _midnight(options), options.paths, options.service_paths)
    with git_repository.opened(_path(options)) as repository:
        changes = _Changes(repository.name, repository.shallow)
        for commit in commits(repository, query):
            changes.add(commit)
        raw = changes.table()
        return replace(raw, hashes={f"{repository.name} (git)": repository.commit(query.ref)})


def state(options: Options) -> dict[str, str]:
    """The commit that is read, and where the clone ends. InputError as of :func:`read`."""
    with git_repository.opened(_path(options)) as repository:
        ends = ",".join(sorted(repository.shallow))
        return {"commit": repository.commit(options.ref or "HEAD"), "shallow": ends, "name": repository.name}


def _path(options: Options) -> Path:
    if options.repository is None:
        raise UsageError("the format 'git' reads a repository: name it with repository = …")
    return options.repository


def _midnight(options: Options) -> int | None:
    """``since`` as seconds since 1970, at the beginning of that day in the zone of the log."""
    if not options.since:
        return None
    return int(datetime.fromisoformat(options.since).replace(tzinfo=ZoneInfo(options.timezone)).timestamp())


@dataclass
class _Change:
    """A commit as a row, with the parts that later commits or notes ask for."""

    hash: str
    started_at: str
    cells: dict[str, object]
    reverts: list[str] = field(default_factory=list)


class _Changes:
    """Commits becoming rows; reverts are resolved at the end, when all older commits are known."""

    def __init__(self, name: str, shallow: frozenset[str]):
        self.name, self.shallow = name, shallow
        self.rows: list[_Change] = []
        self.notes: list[Problem] = []
        self.reverts: list[tuple[int, str, str]] = []  # row, hash or "", number or ""
        self.by_number: dict[str, list[int]] = {}
        self.cut = 0
        self.known: dict[str, str] = {}  # paths come again and again: one copy of each

    def add(self, commit: Commit) -> None:
        row = len(self.rows)
        title, description = title_and_description(commit.message)
        self.cut += commit.touched > MOST_PATHS
        whole = commit.hash in self.shallow  # its parent is not there, so its paths would be every file there is
        cells: dict[str, object] = {
            "kind": "",
            "services": [] if whole else commit.services,
            "title": title,
            "description": description,
            "author": commit.author,
            "paths": [] if whole else [self.known.setdefault(p, p) for p in commit.paths],
            "repository": self.name,
            "size": "" if whole else str(commit.touched),
        }
        self.rows.append(_Change(commit.hash, from_epoch(commit.seconds, "s"), cells))
        for number in numbers(commit.message):
            self.by_number.setdefault(number, []).append(row)
        for hash, number in reverted(commit.message):
            self.reverts.append((row, hash, number))

    def table(self) -> RawTable:
        self._settle_reverts()
        self._note_limits()
        places = [(f"{self.name}@{row.hash[:12]}", n) for n, row in enumerate(self.rows, start=1)]
        rows = [{"change_id": r.hash, "started_at": r.started_at, "reverts": r.reverts, **r.cells} for r in self.rows]
        raw = RawTable.of(rows, places, columns=COLUMNS, problems=[], notes=self.notes)
        return replace(raw, origins={})

    def _settle_reverts(self) -> None:
        hashes = sorted((row.hash, n) for n, row in enumerate(self.rows))
        for row, hash, number in self.reverts:
            found = _beginning_with(hashes, hash) if hash else self.by_number.get(number, [])
            older = [n for n in found if n > row]
            reverts = self.rows[row].reverts
            if not older:
                self.notes.append(self._unknown(row, hash or f"#{number}"))
            elif (reverted := self.rows[older[0]].hash) not in reverts:
                reverts.append(reverted)

    def _unknown(self, row: int, what: str) -> Problem:
        commit = self.rows[row].hash
        expected = "an earlier first-parent commit of the log"
        remedy = "Read without what it reverts; it may lie inside a merged branch, or before the log begins."
        place = f"{self.name}@{commit[:12]}"
        return Problem(place, row + 1, "reverts", f"a revert of {what}", expected, remedy, "unknown_change")

    def _note_limits(self) -> None:
        for row in self.rows:
            if row.hash in self.shallow:
                self.notes.append(self._shallow(row))
        if self.cut:
            found = f"{self.cut} commits that touch more than {MOST_PATHS} files"
            remedy = f"The first {MOST_PATHS} paths of each are kept; size counts them all."
            self.notes.append(Problem(self.name, None, "paths", found, "smaller commits", remedy, "too_many_paths"))

    def _shallow(self, row: _Change) -> Problem:
        found = f"a shallow clone, which begins on {row.started_at[:10]} at {row.hash[:12]}"
        remedy = "Run git fetch --unshallow; the paths of its first commit are left empty."
        return Problem(self.name, None, "repository", found, "the whole history", remedy, "shallow_clone")


def _beginning_with(hashes: list[tuple[str, int]], beginning: str) -> list[int]:
    """Rows of the commits whose hash begins so; hashes are sorted."""
    first = bisect_left(hashes, (beginning,))
    found = []
    for hash, row in hashes[first : first + 2]:
        if hash.startswith(beginning):
            found.append(row)
    return found if len(found) == 1 else []


FORMAT = Format(
    name="git",
    title="A git repository",
    reads={"changes": "A first-parent commit of a branch is a change, made when it came to the branch."},
    documented="https://git-scm.com/docs/git-log",
    suffixes=(),
    read=read,
    recognises=lambda head, table: 0.0,
    keys=("repository", "ref", "since", "paths", "services"),
    state=state,
    default_kind="deploy",
)
