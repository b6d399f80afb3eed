"""What reading a long git history costs: 100,000 first-parent commits, a fifth of them merges, made up with fast-import.

    python benchmarks/git_history.py [--commits 100000] [--keep FOLDER]

Prints time and peak memory of the reader next to those of ``git log`` alone, which it cannot beat, in one run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

SERVICES = 40
FILES = 200  # of each service
FIRST = 1_500_000_000
STEP = 600


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--commits", type=int, default=100_000, help="first-parent commits")
    options.add_argument("--keep", type=Path, help="make the repository here, or use the one that is here")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repository = chosen.keep or Path(folder) / "made.git"
        if not (repository / "HEAD").is_file():
            make(repository, chosen.commits)
        plain = _timed(["git", "-C", str(repository), "log", "--first-parent", "-m", "--name-only", "--no-renames"])
        reader = _timed([sys.executable, "-c", READ, str(repository)])
    print(f"{'':8}{'seconds':>9}{'peak MB':>9}")
    for name, (seconds, megabytes) in (("git log", plain), ("reader", reader)):
        print(f"{name:8}{seconds:9.1f}{megabytes:9.0f}")


READ = """
import sys
from pathlib import Path
from aftershock.sources import Options, git
print(len(git.read([], Options(table="changes", repository=Path(sys.argv[1]))).frame), "rows")
"""


def make(repository: Path, commits: int) -> None:
    """A bare repository of so many first-parent commits."""
    shutil.rmtree(repository, ignore_errors=True)
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(repository)], check=True)
    importer = subprocess.Popen(["git", "-C", str(repository), "fast-import", "--quiet"], stdin=subprocess.PIPE)
    with cast(IO[bytes], importer.stdin) as commands:
        for piece in _history(commits):
            commands.write(piece.encode())
    if importer.wait():
        raise SystemExit("git fast-import failed")


def _history(commits: int) -> Iterator[str]:
    """Commands of fast-import: commits of one to six files; every fifth brings in a branch of two commits."""
    mark, tip = 0, None
    for n in range(commits):
        at = FIRST + n * STEP
        merged = None
        if n % 5 == 4:
            for side in range(2):
                mark += 1
                parent = f"from :{merged or tip}\n"
                yield _commit("side", mark, at - 60 + side, f"Step {side} of {n}", parent, n + side)
                merged = mark
        mark += 1
        parents = (f"from :{tip}\n" if tip else "") + (f"merge :{merged}\n" if merged else "")
        message = (
            f"Merge pull request #{n} from team/branch-{n}\n\nChange {n}" if merged else f"Change number {n} (#{n})"
        )
        if n % 50 == 49:
            message = f'Revert "Change number {n - 2}" (#{n})\n\nReverts shop/shop#{n - 2}'
        yield _commit("main", mark, at, message, parents, n)
        tip = mark


def _commit(branch: str, mark: int, at: int, message: str, parents: str, seed: int) -> str:
    lines = [
        f"commit refs/heads/{branch}",
        f"mark :{mark}",
        f"committer Dev {seed % 97} <dev{seed % 97}@example.org> {at} +0000",
    ]
    lines += [f"data {len(message)}", message]
    text = "\n".join(lines) + "\n" + parents
    for k in range(1 + seed % 6):
        service, file = (seed * 7 + k) % SERVICES, (seed * 13 + k * 5) % FILES
        body = f"{mark} {k}\n"
        text += (
            f"M 100644 inline services/service{service}/src/module{file % 17}/file{file}.py\ndata {len(body)}\n{body}"
        )
    return text + "\n"


def _timed(command: list[str]) -> tuple[float, float]:
    """(seconds, peak megabytes) of a command and of those that it starts."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
