"""Git repositories made for a test, without the settings of the user and the system."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from aftershock import sources

CALM = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"], "HOME": "/nonexistent"}


def git(folder: Path, *arguments: str, text: str | None = None) -> str:
    """What a git command in a folder prints."""
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, env=CALM, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class Author:
    """Writes commits into a repository, one after the other, through fast-import."""

    def __init__(self, folder: Path):
        self.folder = folder
        subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], env=CALM, check=True)
        self.heads: dict[str, str] = {}

    def commit(
        self,
        message: str,
        files: dict[str, str],
        at: str = "1700000000 +0000",
        branch: str = "main",
        start: str = "main",
        merges: str = "",
        mail: str = "ada@example.org",
    ) -> str:
        """Add a commit to a branch (begun at ``start``), merging another; returns its hash."""
        parent = self.heads.get(branch) or self.heads.get(start)
        lines = [f"commit refs/heads/{branch}", "mark :1", f"author Ada <{mail}> 1500000000 +0000"]
        lines += [f"committer GitHub <noreply@example.org> {at}", f"data {len(message.encode())}", message]
        lines += [f"from {parent}"] if parent else []
        lines += [f"merge {self.heads[merges]}"] if merges else []
        for path, content in files.items():
            lines += [f"M 100644 inline {path}", f"data {len(content.encode())}", content]
        git(self.folder, "fast-import", "--quiet", "--force", text="\n".join(lines) + "\n")
        self.heads[branch] = git(self.folder, "rev-parse", branch)
        return self.heads[branch]


def changes_of(folder: Path, **options: object) -> sources.RawTable:
    """The raw change log of a repository."""
    return sources.read([], "git", sources.Options(table="changes", repository=folder, **options))
