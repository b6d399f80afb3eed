"""What reading a large log costs: a million changes and 20,000 incidents in CSV, made up, next to plain pandas.

    python -m benchmarks.reading [--changes 1000000] [--incidents 20000] [--rounds 1] [--keep FOLDER]

Each way of reading runs in a process of its own, one after the other, with imports outside the clock; the ratios are to
``pandas.read_csv`` with the dtypes of the canonical table, dates parsed. Pandas reads cells; Aftershock also checks them,
splits lists, infers kinds, tells intervals of time, rejects and notes rows, hashes the files, and keeps the result.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
SEED = 20250301
SERVICES, PEOPLE, FILES = 400, 150, 60_000
CHUNK = 50_000
FIRST, SPAN = 1_600_000_000, 3 * 365 * 86_400
KINDS = ("deploy", "config", "feature_flag", "database", "infrastructure", "")
VERBS = ("Raise", "Tidy", "Move", "Split", "Cache", "Retry", "Drop", "Rename", "Upgrade", "Throttle")
THINGS = ("the payments limit", "index settings", "session store", "user table", "image pipeline", "search ranking")
HEADS = {
    "changes": "change_id,kind,started_at,finished_at,services,title,description,author,paths,repository,size,url,emergency,"
    "environment,status",
    "incidents": "incident_id,title,started_at,detected_at,resolved_at,severity,services,description,status",
}
TOML = """name = "large"
timezone = "Europe/Berlin"
[incidents]
path = "incidents.csv"
[changes]
path = "changes.csv"
"""

LOAD = """
import aftershock, pyarrow.parquet, pyarrow.csv
from aftershock import dataset
def work(): return len(aftershock.load(folder).changes)
"""
PANDAS = """
import pandas as pd, pyarrow.csv
dates = {"changes": ["started_at", "finished_at"], "incidents": ["started_at", "detected_at", "resolved_at"]}
def frame(table):
    path = f"{folder}/{table}.csv"
    if not typed:
        return pd.read_csv(path, dtype="str", keep_default_na=False, engine=engine)
    dtypes = {name: "str" for name in pd.read_csv(path, nrows=0).columns if name not in dates[table]} | {"size": "float64"}
    return pd.read_csv(path, dtype=dtypes, keep_default_na=False, parse_dates=dates[table], date_format="ISO8601")
def work():
    incidents, changes = frame("incidents"), frame("changes")
    return len(changes)
"""
MEASURE = """
import json, resource, sys, time
started, spent = time.perf_counter(), time.process_time()
rows = work()
spent = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - spent}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
print(json.dumps({"rows": rows, "megabytes": peak, **spent}))
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--changes", type=int, default=1_000_000)
    options.add_argument("--incidents", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=1, help="of each way; the fastest counts")
    options.add_argument("--keep", type=Path, help="make the logs here, or use those that are here")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary) / "large"
        if not (folder / "dataset.toml").is_file():
            make(folder, changes=chosen.changes, incidents=chosen.incidents)
        size = sum(p.stat().st_size for p in folder.glob("*.csv")) / 1e6
        print(f"{chosen.changes:,} changes and {chosen.incidents:,} incidents, {size:.0f} MB of CSV\n")
        report(folder, Path(temporary) / "cache", chosen.rounds)


def report(folder: Path, cache: Path, rounds: int) -> None:
    """Measure every way of reading and print it."""
    off, on = {"AFTERSHOCK_CACHE": ""}, {"AFTERSHOCK_CACHE": str(cache)}
    _measured(LOAD, folder, on, 2)  # fill the cache, and let the files settle
    ways = {
        "pandas, dates parsed": _measured("typed = True" + PANDAS, folder, off, rounds),
        "pandas, all text": _measured("typed, engine = False, 'c'" + PANDAS, folder, off, rounds),
        "pandas, Arrow's reader, all text": _measured("typed, engine = False, 'pyarrow'" + PANDAS, folder, off, rounds),
        "aftershock.load, no cache": _measured(LOAD, folder, off, rounds),
        "aftershock.load, first with a cache": _measured(LOAD, folder, {"AFTERSHOCK_CACHE": f"{cache}-new"}, 1),
        "aftershock.load, kept": _measured(LOAD, folder, on, rounds + 1),
        "imports alone": _measured("import aftershock\ndef work(): return len(dir(aftershock.load))", folder, off, 1),
    }
    yardstick = next(iter(ways.values()))["seconds"]
    print(f"{'':36}{'seconds':>9}{'CPU s':>8}{'ratio':>8}{'peak MB':>9}")
    for name, way in ways.items():
        ratio = way["seconds"] / yardstick
        print(f"{name:36}{way['seconds']:9.2f}{way['cpu']:8.2f}{ratio:8.2f}{way['megabytes']:9.0f}")


def _measured(code: str, folder: Path, environment: dict[str, str], rounds: int) -> dict[str, float]:
    """The fastest of several rounds, each in a process of its own."""
    program = f"folder = {str(folder)!r}\n{code}{MEASURE}"
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    found = []
    for _ in range(rounds):
        done = subprocess.run(
            [sys.executable, "-c", program], env=surroundings, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        found.append(json.loads(done.stdout))
    return min(found, key=lambda one: one["seconds"])


def make(folder: Path, *, changes: int, incidents: int) -> None:
    """A dataset of so many rows, the same each time."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(SEED)
    for table, rows, lines in (("changes", changes, _changes), ("incidents", incidents, _incidents)):
        with (folder / f"{table}.csv").open("w", encoding="utf-8") as file:
            file.write(HEADS[table] + "\n")
            for first in range(0, rows, CHUNK):
                file.writelines(lines(rng, first, min(CHUNK, rows - first), rows))
    (folder / "dataset.toml").write_text(TOML, encoding="utf-8")


def _changes(rng: np.random.Generator, first: int, count: int, total: int) -> Iterator[str]:
    starts = _stamps(first, count, total, rng.integers(0, 60, count))
    ends = _stamps(first, count, total, rng.integers(60, 3000, count))
    picks = rng.integers(0, 1 << 30, (count, 12)).tolist()
    for n, start, end, p in zip(range(first, first + count), starts, ends, picks, strict=True):
        services = ";".join(f"service-{x % SERVICES}" for x in p[: 1 + p[9] % 2])
        paths = ";".join(f"services/{x % SERVICES}/source/module_{x % FILES}.py" for x in p[2 : 3 + p[10] % 4])
        title = f"{VERBS[p[7] % 10]} {THINGS[p[8] % 6]} of service {p[0] % SERVICES}"
        body = f'"{title}, as asked in ticket {p[6] % 99_999}; the old way is kept for a week"'
        yield (
            f"{(n * 2654435761) % (1 << 64):016x},{KINDS[p[3] % 6]},{start},{end},{services},{title},{body},role-{p[4] % PEOPLE},"
            f"{paths},company/repository-{p[0] % 60},{p[5] % 400},https://example.org/changes/{n},"
            f"{'yes' if p[11] % 50 == 0 else ''},{'staging' if p[11] % 7 == 0 else 'production'},done\n"
        )


def _incidents(rng: np.random.Generator, first: int, count: int, total: int) -> Iterator[str]:
    stamps = [
        _stamps(first, count, total, rng.integers(low, high, count)) for low, high in ((0, 60), (60, 600), (600, 9000))
    ]
    picks = rng.integers(0, 1 << 30, (count, 4)).tolist()
    for n, start, seen, end, p in zip(range(first, first + count), *stamps, picks, strict=True):
        yield (
            f"INC-{n},{THINGS[p[0] % 6]} fails,{start},{seen},{end},SEV{1 + p[1] % 4},service-{p[2] % SERVICES},"
            f'"Errors from service {p[2] % SERVICES}, first seen by a probe",resolved\n'
        )


def _stamps(first: int, count: int, total: int, seconds: np.ndarray) -> list[str]:
    """Stamps in UTC, spread evenly over the period, each so many seconds late."""
    at = FIRST + np.arange(first, first + count) * SPAN // total + seconds
    return [f"{text}Z" for text in np.datetime_as_string(at.astype("datetime64[s]")).tolist()]


if __name__ == "__main__":
    main()
