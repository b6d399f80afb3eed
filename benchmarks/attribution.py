"""How often the answer is right, beside the rule that blames the most recent change; and what the fit costs.

    python benchmarks/attribution.py

Measured as of the onset and blind, on fleets simulated by this package and, where AFTERSHOCK_BENCHMARK (default
../shared/benchmark) holds them, on real logs with known causes. Nothing is tuned on what is measured here. Intervals are
exact binomial ones and hold 90 %. Time is given as a ratio to reading the same dataset in the same run.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pandas as pd

from aftershock import attribute, load
from aftershock.phrases import percent, percent_range
from aftershock.reliability.estimate import binomial_interval
from aftershock.simulation import Fleet, simulate, write
from aftershock.tables import NONE

ROOT = Path(__file__).resolve().parent.parent
REAL = Path(os.environ.get("AFTERSHOCK_BENCHMARK", ROOT.parent / "shared" / "benchmark"))
SEEDS = range(100, 104)
NO_CHANGE = ("no_change", "change_not_logged")


def measured(folder: Path, labels_file: str) -> tuple[pd.DataFrame, pd.Series, float]:
    """(rank of the true cause per incident under each rule, accused at 0.5 or more per incident without one, time ratio)."""
    start = time.perf_counter()
    dataset = load(folder)
    read = time.perf_counter() - start
    found = attribute(dataset, blind=True, as_of_onset=True)
    fitted = time.perf_counter() - start - read
    labels = pd.read_csv(folder / labels_file, dtype=str, keep_default_na=False).set_index("incident_id")
    labels = labels[labels.index.isin(found.reading.incidents["incident_id"])]
    changes = found.suspects()
    changes = changes[changes["change_id"] != NONE]
    caused = labels[labels["cause"] == "change_in_log"]
    ranks = pd.DataFrame({name: _ranks(table, caused) for name, table in _rules(changes).items()})
    innocent = labels.index[labels["cause"].isin(NO_CHANGE)]
    best = changes.groupby("incident_id")["probability"].max().reindex(innocent).fillna(0)
    return ranks, best >= 0.5, fitted / read


def _rules(changes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Candidates in the order of each rule."""
    recent = changes.sort_values(["incident_id", "delay_minutes"], kind="stable")
    near = recent.assign(far=recent["relation"] != "same service").sort_values(["incident_id", "far"], kind="stable")
    return {"Aftershock": changes, "most recent change": recent, "most recent on the same service": near}


def _ranks(ordered: pd.DataFrame, caused: pd.DataFrame) -> pd.Series:
    """Rank of the true cause among the changes; infinite when it is no candidate."""
    ordered = ordered.assign(place=ordered.groupby("incident_id").cumcount() + 1)
    true = {i: set(c.split(";")) for i, c in caused["change_ids"].items()}
    hits = ordered[[c in true.get(i, ()) for i, c in zip(ordered["incident_id"], ordered["change_id"], strict=True)]]
    return hits.groupby("incident_id")["place"].min().reindex(caused.index).fillna(float("inf"))


def show(name: str, ranks: pd.DataFrame, accused: pd.Series, ratio: float) -> None:
    print(
        f"\n{name}: {len(ranks)} incidents with a known change, {len(accused)} known to have none; "
        f"fitting took {ratio:.1f} times as long as reading"
    )
    for rule in ranks:
        cells = []
        for top in (1, 3, 5):
            hits = int((ranks[rule] <= top).sum())
            cells.append(
                f"top-{top} {percent(hits / max(len(ranks), 1))} ({percent_range(*binomial_interval(hits, len(ranks)))})"
            )
        print(f"  {rule:32s} " + "   ".join(cells))
    if len(accused):
        low, high = binomial_interval(int(accused.sum()), len(accused))
        print(f"  falsely accused at 50 % or more: {int(accused.sum())} of {len(accused)} ({percent_range(low, high)})")


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        parts = [measured(write(simulate(Fleet(seed=seed)), Path(scratch) / str(seed)), "truth.csv") for seed in SEEDS]
    ranks, accused = pd.concat([p[0] for p in parts]), pd.concat([p[1] for p in parts])
    show(f"simulated, {len(SEEDS)} companies", ranks, accused, sum(p[2] for p in parts) / len(parts))
    folders = sorted(p.parent for p in REAL.glob("*/labels.csv"))
    if not folders:
        print(f"\nno real logs at {REAL}: set AFTERSHOCK_BENCHMARK to measure on them")
    for folder in folders:
        show(folder.name, *measured(folder, "labels.csv"))


if __name__ == "__main__":
    main()
