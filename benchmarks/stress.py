"""How the answer holds up on ordinary logs: simulated years that each have one difficulty, with known causes.

    python benchmarks/stress.py                   all years, seeds 1 to 3
    python benchmarks/stress.py 7 8               other seeds
    python benchmarks/stress.py --years base bumps
    python benchmarks/stress.py --write           puts what was measured into docs/accuracy.md

The years are written by stress_years.py and scored by score_stress.py of AFTERSHOCK_BENCHMARK (default ../shared/benchmark),
which are run where they are. Each year is answered blind and as of the onset: no verdict, no reported cause and nothing that
came after an incident counts for its answer. Nothing is tuned on what is measured here.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from common import REAL, in_processes, module_of, write_page

from aftershock import attribute, load
from aftershock.model.intervals import binomial_interval, posterior_interval
from aftershock.output.text_table import text_table

GENERATOR, SCORER = "stress_years", "score_stress"
SEEDS = (1, 2, 3)
BLOCK = "stress"
HEAD = [
    "",
    "share",
    "true",
    "farthest",
    "top-1",
    "rule",
    "any change",
    "sure: said",
    "right",
    "calibration",
    "limit",
    "within",
    "interval",
]


@dataclass(frozen=True)
class Scored:
    """One year of one seed: ``scores`` as score_stress.py names them, and whether the 90 % interval of the share ``held``."""

    year: str
    seed: int
    scores: dict[str, float]
    held: bool


def measure(job: tuple[str, int], folder: Path = REAL) -> Scored:
    """Write one year, answer it and score the answer. ``job``: (name of the year, seed)."""
    year, seed = job
    scenarios = module_of(folder, GENERATOR).SCENARIOS
    with tempfile.TemporaryDirectory() as scratch:
        written = Path(scratch) / year
        scenarios[year](seed).write(written)
        found = attribute(load(written), blind=True, as_of_onset=True)
        suspects = found.suspects()[["incident_id", "change_id", "probability"]].to_csv(index=False)
        scores = module_of(folder, SCORER).score(written, io.StringIO(suspects))
    low, high = posterior_interval(found.draws["incident_changes"].mean(axis=1))
    return Scored(year, seed, scores, bool(low <= scores["true_share"] <= high))


def show(found: Iterable[Scored]) -> list[str]:
    """One line per year, in the order in which they come; then how often intervals and calibration held over all."""
    found = list(found)
    years = list(dict.fromkeys(one.year for one in found))
    rows = [_row(year, [one for one in found if one.year == year]) for year in years]
    seeds = sorted({one.seed for one in found})
    low, high = binomial_interval(sum(one.held for one in found), len(found), 0.95)
    return [
        f"means over seeds {', '.join(map(str, seeds))}",
        *text_table([HEAD, *rows], indent="  "),
        "",
        f"  the 90 % interval of the share held the truth in {sum(one.held for one in found)} of {len(found)} runs "
        f"(95 % interval of that: {100 * low:.0f} to {100 * high:.0f} %)",
        f"  the calibration error was within its limit in {sum(map(_calibrated, found))} of {len(found)} runs",
    ]


def _calibrated(one: Scored) -> bool:
    return one.scores["calibration"] <= one.scores["calibration_limit"]


def _row(year: str, runs: list[Scored]) -> list[str]:
    def mean(name: str, digits: int = 2) -> str:
        """Over the seeds that have it; a dash where none has, as a year without causes has no top-1."""
        values = np.array([run.scores[name] for run in runs], dtype=float)
        values = values[~np.isnan(values)]
        return f"{values.mean():.{digits}f}".lstrip("0") if len(values) else "–"

    farthest = max((run.scores["share"] - run.scores["true_share"] for run in runs), key=abs)
    return [
        year,
        mean("share"),
        mean("true_share"),
        f"{farthest:+.2f}",
        mean("top1"),
        mean("rule"),
        mean("any_change"),
        mean("sure_said"),
        mean("sure_right"),
        mean("calibration", 3),
        mean("calibration_limit", 3),
        f"{sum(map(_calibrated, runs))} of {len(runs)}",
        f"{sum(run.held for run in runs)} of {len(runs)}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seeds", nargs="*", type=int, default=SEEDS, metavar="SEED", help="default 1 2 3")
    parser.add_argument("--years", nargs="+", metavar="YEAR", help="some years only; default all that there are")
    parser.add_argument("--write", action="store_true", help="put what is measured into docs/accuracy.md")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes; default one per core")
    asked = parser.parse_args()
    if missing := [name for name in (GENERATOR, SCORER) if not (REAL / f"{name}.py").is_file()]:
        sys.exit(
            f"no {missing[0]}.py at {REAL}: nothing was measured (set AFTERSHOCK_BENCHMARK to the folder that has it)"
        )
    there = list(module_of(REAL, GENERATOR).SCENARIOS)
    if unknown := [y for y in asked.years or [] if y not in there]:
        parser.error(f"no year {unknown[0]!r}; there are {', '.join(there)}")
    jobs = [(year, seed) for year in asked.years or there for seed in asked.seeds]
    [(_, found)] = in_processes({BLOCK: (partial(measure, folder=REAL), jobs)}, asked.workers)
    lines = show(found)
    print("\n".join(lines))
    if asked.write:
        write_page({BLOCK: lines})


if __name__ == "__main__":
    main()
