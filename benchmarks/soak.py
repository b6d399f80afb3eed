"""Whether rendering holds: many reports in one process leave nothing behind, and whatever is killed, pages are whole.

    python benchmarks/soak.py [--reports 500] [--kills 100] [--seed 1]

The soak renders postmortems of three datasets (both that ship, and a small company drawn here) in one process, some at a
time, and writes after each such batch what the process holds: memory, open files, threads, and the files and processes that
are left. The kills run `aftershock report incident` and, at a random moment, kill -9 the batch, the parent of its kernels or
one of these; then every page must be whole, no process left, and the next run must finish with the files of an undisturbed
one. It exits with 1 where anything grows, is left or differs.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import ROOT

from aftershock.rendering import batch, jobs
from aftershock.simulation import Fleet, simulate, write

AT_A_TIME = 25  # reports of a batch
WARM_UP = 3  # batches until everything is imported and each dataset has been held once
MOST_GROWTH = 1.1  # of memory after that: what an allocator keeps varies by some percent (measured: 6 over 300 reports)
MARK = "AFTERSHOCK_SOAK"  # a variable by which the processes of a run are known
KILLED_IDS = 6  # reports of a run that is disturbed
SECONDS_TO_END = 10


def held(temporary: Path) -> tuple[int, int, int, int, int]:
    """Of this process: MB, open files, threads; files in the temporary folder; child processes."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    megabytes, threads = int(status["VmRSS"].split()[0]) // 1024, int(status["Threads"])
    return megabytes, len(list(Path("/proc/self/fd").iterdir())), threads, len(list(temporary.iterdir())), len(children)


def soak(reports: int, folder: Path) -> bool:
    """Whether nothing grew."""
    temporary = folder / "tmp"
    temporary.mkdir()
    tempfile.tempdir = os.environ["TMPDIR"] = str(temporary)
    small = write(simulate(Fleet(seed=1, months=3, services=8, changes=300, postmortems=0)), folder / "small")
    planned = [
        job for name in ("twitter-2023", small, "demo") for job in jobs.everything(name) if job.kind == "incident"
    ]
    print(f"{'reports':>8} {'MB':>6} {'files':>6} {'threads':>8} {'left in temp':>13} {'children':>9}", flush=True)
    seen: list[tuple[int, int, int, int, int]] = []
    for start in range(0, reports, AT_A_TIME):
        own = [planned[n % len(planned)] for n in range(start, min(start + AT_A_TIME, reports))]
        results = batch.render(own, folder / f"out-{start}")
        failed = [result.error for result in results if not result.ok]
        if failed:
            sys.exit(f"{len(failed)} reports failed: {failed[0]}")
        seen.append(held(temporary))
        megabytes, files, threads, left, children = seen[-1]
        print(f"{start + len(own):8} {megabytes:6} {files:6} {threads:8} {left:13} {children:9}", flush=True)
    first, last = seen[min(WARM_UP, len(seen)) - 1], seen[-1]
    return last[0] <= first[0] * MOST_GROWTH and last[1:] == first[1:]


def contents(output: Path) -> dict[str, bytes]:
    pages = (
        path for path in output.rglob("*") if path.suffix in (".html", ".json") and path.parent.name == "incidents"
    )
    return {str(path.relative_to(output)): path.read_bytes() for path in pages}


def is_whole(data: bytes, undisturbed: bytes | None) -> bool:
    """A page gets the links to its neighbours once all are rendered, numbers are the same from the first; the page that says why
    a report has failed, of a kernel that was killed, is in no undisturbed run."""
    return data == undisturbed or data.endswith(b"</html>\n")


def started(output: Path, ids: list[str], mark: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), MARK: mark, "SOURCE_DATE_EPOCH": "1700000000"}
    command = [sys.executable, "-m", "aftershock", "report", "incident", "twitter-2023", *ids, "--output", str(output)]
    return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def processes(mark: str) -> dict[int, str]:
    """The command lines of the living processes of a run, by number."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}\0".encode() in (path / "environ").read_bytes() and (path / "cmdline").read_bytes():
                found[int(path.name)] = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def victim(run: subprocess.Popen[bytes], mark: str, kind: str) -> int:
    """The process of this kind, or the batch where there is none yet."""
    parents = {pid: line for pid, line in processes(mark).items() if "kernel_parent" in line and pid != run.pid}
    if kind == "batch" or not parents:
        return run.pid
    parent = min(parents)  # kernels are forked from it and bear its name
    return random.choice([p for p in parents if p != parent] or [parent]) if kind == "kernel" else parent


def disturbed(kill: int, ids: list[str], whole: dict[str, bytes], seconds: float, folder: Path) -> list[str]:
    """What was wrong after one kill."""
    output, mark = folder / f"killed-{kill}", f"kill-{kill}"
    kind, wait = random.choice(["batch", "parent", "kernel"]), random.uniform(0, seconds)
    run = started(output, ids, mark)
    time.sleep(wait)
    pid = victim(run, mark, kind)
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        kind = "nothing"
    run.wait()
    end = time.monotonic() + SECONDS_TO_END
    while processes(mark) and time.monotonic() < end:
        time.sleep(0.1)
    wrong = [f"left: {line}" for line in processes(mark).values()]
    wrong += [f"not whole: {name}" for name, data in contents(output).items() if not is_whole(data, whole.get(name))]
    again = started(output, ids, f"again-{kill}")
    if again.wait():
        wrong.append(f"the next run failed with {again.returncode}")
    if contents(output) != whole:
        wrong.append("the next run's files are others")
    wrong += [f"left: {path.name}" for path in output.rglob(".*.tmp")]
    print(f"kill {kill}: {kind} after {wait:.1f} s: {'; '.join(wrong) or 'whole'}", flush=True)
    return wrong


def kills(number: int, folder: Path) -> bool:
    """Whether every page was whole after each."""
    ids = [job.identifier for job in jobs.everything("twitter-2023") if job.kind == "incident"][:KILLED_IDS]
    began = time.monotonic()
    if started(folder / "undisturbed", ids, "undisturbed").wait():
        sys.exit("the undisturbed run failed")
    seconds, whole = time.monotonic() - began, contents(folder / "undisturbed")
    wrong = [disturbed(kill, ids, whole, seconds, folder) for kill in range(number)]
    return not any(wrong)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    random.seed(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        held_up = [kills(given.kills, Path(folder)), not given.reports or soak(given.reports, Path(folder))]
    sys.exit(not all(held_up))


if __name__ == "__main__":
    main()
