"""The first-parent history of a branch, one commit at a time and in bounded memory.

On the branch that is deployed, each first-parent commit is what arrived at once: a merge, a squashed pull request or a
plain commit. https://git-scm.com/docs/git-log describes the options and formats used.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from aftershock.schema.errors import InputError, Problem
from aftershock.sources.git.repository import Repository
from aftershock.sources.pseudonyms import pseudonym

FIRST_WITH_FILTER = (2, 37)  # before, --since stops at the first older commit, although dates need not be in order
LONGEST_MESSAGE = 100_000  # bytes of a commit's message or path that are kept: bounds what one commit can take
MOST_PATHS = 1_000  # paths of a commit that are kept; all are counted. A judgement: larger commits are mass edits
_FIELDS = ("%H", "%ct", "%ae", "%B")


@dataclass(frozen=True)
class Query:
    """Which commits: of what ``ref``, from which epoch second ``since`` on, and only those that touch ``paths``.

    ``services``: service → the folders and files that make it up; ``""`` is everything.
    """

    ref: str = "HEAD"
    since: int | None = None
    paths: tuple[str, ...] = ()
    services: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class Commit:
    """A first-parent commit: ``seconds`` since 1970 of its committer's date (None when it
    has no readable one), ``author`` as a pseudonym, the first
    ``paths`` that it touches against its first parent, how many they are, and which services they belong to."""

    hash: str
    seconds: int | None
    author: str
    message: str
    paths: list[str] = field(default_factory=list)
    touched: int = 0
    services: list[str] = field(default_factory=list)

    def touch(self, path: str, owners: dict[str, list[str]]) -> None:
        """Add a path; ``owners``: folder or file → the services that it is a part of."""
        self.touched += 1
        if len(self.paths) < MOST_PATHS:
            self.paths.append(path)
        for folder in _around(path) if owners else ():
            self.services += [s for s in owners.get(folder, ()) if s not in self.services]


def commits(repository: Repository, query: Query) -> Iterator[Commit]:
    """The commits that a query names, newest first. InputError when there is no such ref or git fails."""
    tip = repository.commit(query.ref)
    with_filter = query.since is not None and repository.version >= FIRST_WITH_FILTER
    since = [f"--since-as-filter=@{query.since}"] if with_filter else []
    pieces = repository.stream(
        "log",
        "--first-parent",
        "-m",
        "--name-only",
        "-z",
        "--format=tformat:%x00" + "%x00".join(_FIELDS) + "%x00",
        "--full-diff",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--no-show-signature",
        "--no-mailmap",
        "--no-notes",
        "--no-color",
        "--encoding=UTF-8",
        *since,
        "--end-of-options",
        tip,
        "--",
        *query.paths,
    )
    for commit in _parsed(_tokens(pieces), query):
        if query.since is None or commit.seconds is None or commit.seconds >= query.since:
            yield commit


def _parsed(tokens: Iterator[bytes], query: Query) -> Iterator[Commit]:
    """Commits from the parts between NULs: an empty part begins a commit, its fields follow, an empty part ends them;
    then come its paths, the first behind a line break. No path is empty, so the next empty part begins the next commit.
    """
    owners: dict[str, list[str]] = defaultdict(list)
    for service, folders in query.services.items():
        for folder in folders:
            owners[folder.strip("/")].append(service)
    commit: Commit | None = None
    for token in tokens:
        if token and commit is None:
            raise _foreign(token)
        if token and commit is not None:
            path = token if commit.touched else token.removeprefix(b"\n")
            commit.touch(path.decode("utf-8", "replace"), owners)
            continue
        if commit:
            yield commit
        commit = _begun(list(islice(tokens, len(_FIELDS))))
        next(tokens, None)
    if commit:
        yield commit


def _begun(fields: list[bytes]) -> Commit:
    if len(fields) < len(_FIELDS):
        raise _foreign(b" ".join(fields))
    hash, seconds, author, message = (field.decode("utf-8", "replace") for field in fields)
    return Commit(hash, int(seconds) if seconds.isdigit() else None, pseudonym(author), message.strip())


def _foreign(token: bytes) -> InputError:
    """What to say of output that is not in the form asked for: a warning, a git that is wrapped or was cut off."""
    found = f"git log printing {token[:80].decode('utf-8', 'replace')!r}"
    remedy = "Run git log there yourself; a wrapper around git must print nothing of its own."
    return InputError.of(Problem("git log", None, "repository", found, "commits", remedy, "unreadable_repository"))


def _tokens(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The parts between NULs; of a longer one its first LONGEST_MESSAGE bytes."""
    held = b""
    for piece in pieces:
        first, *others = piece.split(b"\0")
        held = (held + first)[:LONGEST_MESSAGE]
        for other in others:
            yield held
            held = other[:LONGEST_MESSAGE]
    if held:
        yield held


def _around(path: str) -> Iterator[str]:
    """Everything (``""``), the folders that a path lies in from the outermost on, and the path itself."""
    yield ""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)
    yield path
