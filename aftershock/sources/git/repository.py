"""A git repository, read without trusting it: git runs in a folder of our own that borrows nothing but its objects.

A repository's configuration can name programs that ``git log`` starts (``gpg.program``, diff drivers, ``core.fsmonitor``,
``core.sshCommand``) and pull in more of it (``include``). Overriding each of them by name would miss the next one. So git
never sees it: :func:`opened` makes a bare repository in a temporary folder with a configuration of ours, whose references
are links to those of the repository and whose objects are the repository's. Hooks, attributes, replaced objects, grafts
and the settings of the user and the system stay outside as well, and nothing is written into the repository.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from aftershock.output import files
from aftershock.schema import input_files
from aftershock.schema.errors import InputError, Problem, nearest

LARGEST_CONTROL_FILE = 10_000_000  # bytes of HEAD, shallow and the like, which have a few lines
FIRST_WITH_REFTABLE = (2, 45)
LONGEST_QUESTION = 30.0  # seconds for what git answers at once, unless it hangs on a file; a judgement
LONGEST_LOG = 900.0  # seconds for a whole history: a judgement, that of Linux takes about two minutes
MOST_REFERENCES = 200_000  # files of references that are looked at; a judgement
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Repository:
    """A repository that :func:`opened` holds ready: ``name`` is its folder's, ``home`` the borrowed git directory,
    ``shallow`` the commits at which a shallow clone ends."""

    name: str
    git: str
    home: Path
    objects: Path
    shallow: frozenset[str]

    def ask(self, *arguments: str) -> str:
        """What a git command prints, as text; ``""`` when it fails. InputError when it takes too long."""
        try:
            done = subprocess.run(
                self._command(arguments),
                env=self._environment(),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=LONGEST_QUESTION,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise InputError.of(self._too_slow(LONGEST_QUESTION)) from None
        return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""

    def stream(self, *arguments: str) -> Iterator[bytes]:
        """What a git command prints, in pieces as they come. InputError at its end when it fails, or takes too long."""
        with tempfile.TemporaryFile() as complaints:
            process = subprocess.Popen(
                self._command(arguments),
                env=self._environment(),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
            )
            output = process.stdout
            assert output is not None  # it is a pipe
            late = threading.Event()

            def end() -> None:
                late.set()
                process.kill()

            watch = threading.Timer(LONGEST_LOG, end)
            watch.daemon = True
            watch.start()
            try:
                while piece := output.read(_CHUNK):
                    yield piece
            except BaseException:
                process.kill()
                raise
            finally:
                watch.cancel()
                output.close()
                process.wait()
            if late.is_set():
                raise InputError.of(self._too_slow(LONGEST_LOG))
            if process.returncode:
                complaints.seek(0)
                raise InputError.of(self._failure(complaints.read(_CHUNK).decode("utf-8", "replace")))

    def commit(self, ref: str) -> str:
        """The hash of the commit that a branch, a tag or a hash means. InputError when there is none."""
        found = self.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        if found:
            return found
        branches = self._branches()
        if ref == "HEAD":
            remedy = f'Name a branch that has some: ref = "{branches[0]}".' if branches else "Commit something first."
            raise InputError.of(_problem(self.name, "no commits", "a history", remedy))
        listed = ", ".join(branches[:10]) or "none"
        expected = f"a branch, a tag or a commit of the repository{nearest(ref, branches)}"
        raise InputError.of(_problem(self.name, f"ref = {ref!r}", expected, f"Its branches are {listed}."))

    @property
    def version(self) -> tuple[int, int]:
        """Git's own version, (0, 0) when it does not say."""
        found = re.search(r"(\d+)\.(\d+)", self.ask("version"))
        return (int(found[1]), int(found[2])) if found else (0, 0)

    def _branches(self) -> list[str]:
        return self.ask(
            "for-each-ref", "--count=200", "--sort=-committerdate", "--format=%(refname:short)", "refs/heads"
        ).split()

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [self.git, "--no-pager", "--bare", *arguments]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("GIT_")}
        return kept | {
            "GIT_DIR": str(self.home),
            "GIT_OBJECT_DIRECTORY": str(self.objects),
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_ALLOW_PROTOCOL": "none",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_LITERAL_PATHSPECS": "1",
            "LC_ALL": "C",
        }

    def _too_slow(self, seconds: float) -> Problem:
        remedy = "Read less of it with since = … or paths = …, or check it with git fsck."
        return _problem(self.name, f"git still running after {seconds:g} seconds", "an answer", remedy)

    def _failure(self, complaint: str) -> Problem:
        said = next((line for line in complaint.splitlines() if line.strip()), "no reason given")
        remedy = "Check it with git fsck; a clone made with --filter=tree:0 lacks what is needed: clone it without."
        return _problem(self.name, f"a history that git cannot read ({said[:200]})", "a complete repository", remedy)


@contextmanager
def opened(path: Path) -> Iterator[Repository]:
    """The repository at a path: a work tree with ``.git``, a linked work tree, or a bare one. InputError when there is
    none, or no git."""
    name = (path.parent if path.name == ".git" else path).name.removesuffix(".git") or "repository"
    own = _git_directory(path, name)
    shared = _shared_directory(own, name)
    git = shutil.which("git")
    if git is None:
        expected = "the program git, 2.25 or newer, which reads the history"
        raise InputError.of(
            _problem(name, "no git on this machine", expected, "Install git, or export the log as CSV.")
        )
    _refuse_special_files(shared, name)
    with files.temporary_folder("git") as home:
        shallow = _borrow(own, shared, home, name)
        repository = Repository(name, git, home, shared / "objects", shallow)
        if (home / "reftable").exists() and repository.version < FIRST_WITH_REFTABLE:
            expected = "git 2.45 or newer, which reads references kept as reftable"
            raise InputError.of(
                _problem(name, f"git {'.'.join(map(str, repository.version))}", expected, "Update git.")
            )
        yield repository


def _git_directory(path: Path, name: str) -> Path:
    """Where a repository keeps itself: ``.git``, what a file ``.git`` points to, or the folder of a bare one."""
    dotted = path / ".git"
    if dotted.is_file():
        pointer = re.match(r"gitdir: (.+)", _read(dotted, name))
        if pointer and _is_repository(found := input_files.resolved(path / pointer[1].strip())):
            return found
    kept = next((folder for folder in (dotted, path) if _is_repository(folder)), None)
    if kept:
        return kept
    if not path.exists():
        raise InputError.of(_problem(name, "no such folder", "a git repository", "Fix the path in repository = …"))
    outer = next((p for p in path.parents if _is_repository(p / ".git")), None)
    remedy = f"Name its top folder, {outer.name}." if outer else "Name the folder that holds .git, or a bare clone."
    where = "a folder inside a repository" if outer else "a folder that is not a git repository"
    raise InputError.of(_problem(name, where, "the top folder of a git repository", remedy))


def _is_repository(folder: Path) -> bool:
    shared = folder / "commondir"
    return (folder / "HEAD").is_file() and (shared.is_file() or (folder / "objects").is_dir())


def _refuse_special_files(shared: Path, name: str) -> None:
    """InputError for a pipe or a device where git would read a file: it would wait there for ever."""
    looked_at = chain(
        (shared / part for part in ("packed-refs", "shallow", "objects/info/alternates", "objects/info/commit-graph")),
        *((shared / part).rglob("*") for part in ("refs", "reftable", "objects/pack")),
    )
    for path in islice(looked_at, MOST_REFERENCES):
        if os.path.lexists(path) and not path.is_file() and not path.is_dir():
            found = f"{path.relative_to(shared)}, which is neither a file nor a folder"
            raise InputError.of(_problem(name, found, "a readable repository", "Clone it anew."))


def _shared_directory(own: Path, name: str) -> Path:
    """Where a linked work tree and its main one keep what they share."""
    pointer = own / "commondir"
    return input_files.resolved(own / _read(pointer, name).strip()) if pointer.is_file() else own


def _borrow(own: Path, shared: Path, home: Path, name: str) -> frozenset[str]:
    """Fill ``home``: HEAD as it is, links to the references, a configuration of ours; returns where a shallow clone ends."""
    (home / "HEAD").write_text(_read(own / "HEAD", name), encoding="utf-8")
    for part in ("refs", "packed-refs", "reftable"):
        if (shared / part).exists():
            (home / part).symlink_to(input_files.resolved(shared / part))
    (home / "refs").mkdir(exist_ok=True)
    settings = "[core]\n\tbare = true\n\trepositoryformatversion = 1\n\thooksPath = /dev/null\n[extensions]\n"
    theirs = _read(shared / "config", name) if (shared / "config").is_file() else ""
    if re.search(r"objectformat\s*=\s*\"?sha256", theirs, re.IGNORECASE):
        settings += "\tobjectFormat = sha256\n"
    if (home / "reftable").exists():
        settings += "\trefStorage = reftable\n"
    (home / "config").write_text(settings, encoding="utf-8")
    if not (shared / "shallow").is_file():
        return frozenset()
    ends = _read(shared / "shallow", name)
    (home / "shallow").write_text(ends, encoding="utf-8")
    return frozenset(ends.split())


def _read(path: Path, name: str) -> str:
    """A small file of the repository. InputError when it cannot be read."""
    try:
        return input_files.read_regular(path, LARGEST_CONTROL_FILE).decode("utf-8", "replace")
    except OSError as error:
        found = f"{path.name}: {error.strerror}"
        raise InputError.of(_problem(name, found, "a readable repository", "Check the rights of its files.")) from error


def _problem(name: str, found: str, expected: str, remedy: str) -> Problem:
    return Problem(name, None, "repository", found, expected, remedy, "unreadable_repository")
