"""What reading and attributing cost on large logs, stage by stage, and next to simple joins in pandas and DuckDB.

    python benchmarks/scale.py [--incidents 2000] [--changes 200000] [--month] [--write]

The logs are drawn here: a year of a company with 300 services, half of its incidents set off by a change. Each stage's CPU
seconds and the process's peak memory until its end are those of a process of its own, with nothing kept from before. Two
smaller logs, of half the changes and of half the incidents, give the exponents of growth: 1 is linear. The joins answer less
(which changes came within the horizon on the same service, and which was the last one): they are what a look at the same
files costs in any case; DuckDB is compared where it is installed. --month also renders the last whole month's review of the
same log by `aftershock report month`: its seconds are those of all its processes. --write puts the table into
docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from common import ROOT, write_page

SERVICES, DAYS, HORIZON = 300, 365, 72
PAGE = ROOT / "docs" / "performance.md"
VERBS = ["Rework", "Add", "Simplify", "Speed up", "Harden", "Split", "Rename", "Extend", "Bump", "Tune"]
PARTS = ["checkout retries", "cache eviction", "login form", "search index", "price rounding", "queue consumer"]
SYMPTOMS = ["error rate above 5 %", "latency above 3 s", "time-outs", "returns 502", "backlog grows", "degraded"]
KINDS = ["deploy", "config", "feature_flag", "database"]
SETTINGS = """name = "drawn"
timezone = "UTC"
[incidents]
path = "incidents.csv"
format = "csv"
columns = { incident_id = "incident_id", started_at = "started_at", services = "services", title = "title" }
[changes]
path = "changes.csv"
format = "csv"
columns = { change_id = "change_id", started_at = "started_at", kind = "kind", services = "services", title = "title" }
"""


def draw(folder: Path, incidents: int, changes: int) -> None:
    """Two logs of one year; every second incident follows a change of its service by some minutes to hours."""
    rng = np.random.default_rng(1)
    names = np.array([f"service-{n:03d}" for n in range(SERVICES)])
    at = np.sort(rng.uniform(0, DAYS * 24, changes))
    on = rng.choice(names, changes)
    said = [
        f"{VERBS[v]} {PARTS[p]} of {s}" for v, p, s in zip(*rng.integers(0, [[10], [6]], (2, changes)), on, strict=True)
    ]
    table = {"change_id": [f"c{n:07d}" for n in range(changes)], "started_at": _stamps(at)}
    table |= {"kind": rng.choice(KINDS, changes), "services": on, "title": said}
    pd.DataFrame(table).to_csv(folder / "changes.csv", index=False)
    culprits = rng.choice(changes, incidents // 2, replace=False)
    others = incidents - len(culprits)
    began = np.append(at[culprits] + rng.lognormal(-0.5, 1.2, len(culprits)), rng.uniform(0, DAYS * 24, others))
    failed = np.append(on[culprits], rng.choice(names, others))
    order = np.argsort(began)
    said = [f"{s}: {SYMPTOMS[n]}" for s, n in zip(failed[order], rng.integers(0, 6, incidents), strict=True)]
    table = {"incident_id": [f"i{n:06d}" for n in range(incidents)], "started_at": _stamps(began[order])}
    pd.DataFrame({**table, "services": failed[order], "title": said}).to_csv(folder / "incidents.csv", index=False)
    (folder / "dataset.toml").write_text(SETTINGS, encoding="utf-8")


def _stamps(hours: np.ndarray) -> list[str]:
    moments = pd.Timestamp("2025-01-01", tz="UTC") + pd.to_timedelta(np.round(hours * 60), unit="min")
    return moments.strftime("%Y-%m-%dT%H:%M:%SZ").tolist()


def stages(folder: Path) -> None:
    """In a process of its own: prints a line of JSON per stage, (name, CPU seconds, peak MB)."""
    from aftershock import load
    from aftershock.model import em, gibbs
    from aftershock.model.attribution import Attribution
    from aftershock.model.observations import ModelInput

    clock = _Clock()
    dataset = load(folder)
    clock.stop("reading")
    reading = ModelInput(dataset.as_read, verdicts=True, afterwards=True)
    clock.stop("candidates")
    parameters = em.fit(reading.seen)
    clock.stop("fit")
    found = Attribution(dataset, reading, parameters)
    found._drawn = gibbs.sample(reading.seen, parameters)
    clock.stop("intervals")
    first = dataset.incidents["incident_id"].iloc[len(dataset.incidents) // 2]
    found.suspects(first)
    clock.stop("ranking")
    start = time.process_time()
    found.suspects(first)
    print(json.dumps(["one incident more", time.process_time() - start, _peak()]))


def joins(folder: Path) -> None:
    """In a process of its own: what pandas needs for the two joins, files included."""
    clock = _Clock()
    incidents = pd.read_csv(folder / "incidents.csv", parse_dates=["started_at"])
    changes = pd.read_csv(folder / "changes.csv", parse_dates=["started_at"])
    clock.stop("pandas: reading")
    pd.merge_asof(
        incidents.sort_values("started_at"), changes.sort_values("started_at"), on="started_at", by="services"
    )
    clock.stop("pandas: last change (merge_asof)")
    pairs = incidents.merge(changes, on="services", suffixes=("", "_of_change"))
    delay = pairs["started_at"] - pairs["started_at_of_change"]
    found = pairs[(delay >= pd.Timedelta(0)) & (delay <= pd.Timedelta(hours=HORIZON))]
    clock.stop("pandas: same service within 72 h (merge)")
    assert len(found)


def duckdb(folder: Path) -> None:
    """In a process of its own: the last change on the same service in DuckDB, from files to rows."""
    import duckdb

    clock = _Clock()
    duckdb.execute("SET threads = 1")
    found = duckdb.sql(
        f"SELECT i.incident_id, c.change_id FROM read_csv('{folder / 'incidents.csv'}') AS i "
        f"ASOF JOIN read_csv('{folder / 'changes.csv'}') AS c "
        "ON i.services = c.services AND i.started_at >= c.started_at"
    ).fetchall()
    clock.stop("DuckDB: reading and last change (asof join)")
    assert len(found)


def month(folder: Path) -> None:
    """In a process of its own: the review of the last whole month, by the command."""
    clock = _Clock()
    command = [sys.executable, "-m", "aftershock", "report", "month", str(folder), "--month", "last", "--no-incidents"]
    subprocess.run([*command, "--output", str(folder / "reports")], check=True, stdout=subprocess.DEVNULL)
    clock.stop("the last whole month's review, files to page")


class _Clock:
    def __init__(self) -> None:
        self.before = _cpu()

    def stop(self, stage: str) -> None:
        print(json.dumps([stage, _cpu() - self.before, _peak()]), flush=True)
        self.before = _cpu()


WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def _cpu() -> float:
    """Seconds of this process and of those it has waited for."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, WHOSE))


def _peak() -> float:
    """MB of the largest of these processes."""
    return max(used.ru_maxrss for used in map(resource.getrusage, WHOSE)) / 1024


def measured(incidents: int, changes: int, works: list[str]) -> dict[str, tuple[float, float]]:
    """Seconds of CPU and peak MB by stage."""
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "AFTERSHOCK_CACHE": "",
    }
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder), incidents, changes)
        for work in works:
            command = [sys.executable, __file__, "--only", work, folder]
            done = subprocess.run(command, env=env, capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"{work} of {incidents:,} × {changes:,}: {done.stderr[-2000:] or done.returncode}")
            found |= {name: (cpu, peak) for name, cpu, peak in map(json.loads, done.stdout.splitlines())}
    return found


def table(incidents: int, changes: int, *, with_month: bool) -> list[str]:
    more = ["duckdb"] * (find_spec("duckdb") is not None) + ["month"] * with_month
    whole = measured(incidents, changes, ["stages", "joins", *more])
    fewer_changes = measured(incidents, changes // 2, ["stages"])
    fewer_incidents = measured(incidents // 2, changes, ["stages"])
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}; {incidents:,} incidents × {changes:,} changes in a year",
        "",
        f"{'':44s} {'CPU s':>8s} {'peak MB':>8s}   growth with changes, incidents",
    ]
    for stage, (cpu, peak) in whole.items():
        grown = ""
        if cpu >= 0.5 and stage in fewer_changes:
            halves = (fewer_changes[stage][0], fewer_incidents[stage][0])
            grown = ", ".join(f"{math.log2(cpu / half):.1f}" for half in halves)
        lines.append(f"{stage:44s} {cpu:8.2f} {peak:8.0f}   {grown}".rstrip())
    own = {name: whole[name] for name in fewer_changes}
    return [
        *lines,
        "",
        f"from files to ranking: {sum(cpu for cpu, _ in own.values()):.1f} s of CPU, {max(p for _, p in own.values()):.0f} MB",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--incidents", type=int, default=2000)
    parser.add_argument("--changes", type=int, default=200_000)
    parser.add_argument("--month", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        {"stages": stages, "joins": joins, "duckdb": duckdb, "month": month}[given.only[0]](Path(given.only[1]))
        return
    lines = table(given.incidents, given.changes, with_month=given.month)
    print("\n".join(lines))
    if given.write:
        write_page({"scale": lines}, PAGE)


if __name__ == "__main__":
    main()
