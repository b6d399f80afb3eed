"""How often the answer is right, and as sure as it says, beside simple rules, an oracle and itself without each evidence.

    python benchmarks/attribution.py                      everything, in a few minutes
    python benchmarks/attribution.py puppet-reverts year  some parts only; --help lists them
    python benchmarks/attribution.py --coverage 200       do 90 % intervals hold 90 %?

Measured blind and as of the onset: no verdict, no reported cause and nothing that came after an incident counts for its
answer. Real logs and the reference simulation lie in AFTERSHOCK_BENCHMARK (default ../shared/benchmark); without them only
fleets that this package simulates are measured. Ranks are among all changes within the horizon; a culprit outside it is
missed. Nothing is tuned on what is measured here, and each log is answered without the priors that it taught. Intervals hold
95 %: exact binomial ones for shares, bootstrap over incidents for the rest.
"""

from __future__ import annotations

import argparse
import copy
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from oracle import generator, oracle_answer, simulated_year

from aftershock import attribute, fit, load
from aftershock.attribution import Attribution
from aftershock.evidence import EVIDENCE
from aftershock.observations import Reading
from aftershock.priors import shipped
from aftershock.simulation import Fleet, simulate, write
from aftershock.validation.backtest import measured
from aftershock.validation.baselines import OURS, model_answer
from aftershock.validation.labels import read_labels
from aftershock.validation.outcomes import outcomes
from aftershock.validation.printed import grid, number, one_log, with_interval
from aftershock.validation.scores import bootstrap, calibration_of, score_table, scores

ROOT = Path(__file__).resolve().parent.parent
REAL = Path(os.environ.get("AFTERSHOCK_BENCHMARK", ROOT.parent / "shared" / "benchmark"))
ORACLE = "oracle"
YEARS, FLEETS = range(1, 11), range(100, 104)
ABLATED_YEARS = 2
TAUGHT = "taught by 4 of 5 labels"
PARTS, LEAST_TAUGHT, SEED = 5, 50, 20230306


@dataclass(frozen=True)
class Measured:
    """Outcomes by rule, and by piece of evidence left out; ``name`` of the dataset, or the seed of a simulated one."""

    name: str
    by_rule: dict[str, pd.DataFrame]
    without: dict[str, pd.DataFrame] = field(default_factory=dict)


def measure_folder(folder: Path, labels: str, ablate: bool) -> Measured:
    dataset = load(folder)
    known = read_labels(folder / labels, dataset)
    found = attribute(dataset, blind=True, as_of_onset=True, priors=shipped(leaving_out=folder.name))
    by_rule = measured(found, known)
    if known["change_ids"].map(len).gt(0).sum() >= LEAST_TAUGHT and folder.parent == REAL:
        by_rule[TAUGHT] = taught(found, known)
    return Measured(folder.name, by_rule, ablated(found, known) if ablate else {})


def ablated(found: Attribution, labels: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Outcomes when each piece of evidence that this log has anything of says nothing; all at once last."""
    telling = [e.name for e, bins in zip(EVIDENCE, found.seen.bins, strict=True) if len(np.unique(bins)) > 1]
    left_out = {f"without {name}": (name,) for name in telling} | {"without any of them": tuple(telling)}
    answers = {}
    for words, names in left_out.items():
        answers[words] = outcomes(labels, model_answer(refitted(found.reading, without=frozenset(names))))
    return answers


def refitted(reading: Reading, **changed: object) -> Attribution:
    """The answer after these fields of what the model reads were changed."""
    reading = copy.copy(reading)
    reading.seen = replace(reading.seen, **changed)
    return Attribution(reading.dataset, reading, fit.fit(reading.seen))


def taught(found: Attribution, labels: pd.DataFrame) -> pd.DataFrame:
    """Outcomes when the labels of four fifths of the incidents, taken as verdicts, teach the answer of the fifth part: as much
    as this model can make of these two logs."""
    part = np.random.default_rng(SEED).permutation(len(labels)) % PARTS
    answers = []
    for k in range(PARTS):
        known = labels[(part != k) & labels["change_ids"].map(len).gt(0)]
        verdicts = pd.DataFrame(
            {
                "incident_id": known["incident_id"],
                "change_id": known["change_ids"].str[0],
                "decided_by": "",
                "decided_at": pd.NaT,
                "note": "",
            }
        )
        told = replace(found.dataset, verdicts=verdicts)
        reading = Reading(told, verdicts=True, afterwards=False, priors=found.seen.priors)
        answers.append(outcomes(labels[part == k], model_answer(refitted(reading))))
    return pd.concat(answers, ignore_index=True)


def measure_year(seed: int) -> Measured:
    year = simulated_year(generator(REAL), seed)
    with tempfile.TemporaryDirectory() as scratch:
        folder = year.write(Path(scratch) / "year")
        part = measure_folder(folder, "labels.csv", seed < YEARS[0] + ABLATED_YEARS)
        known = read_labels(folder / "labels.csv", load(folder))
    return Measured(str(seed), {**part.by_rule, ORACLE: outcomes(known, oracle_answer(year))}, part.without)


def measure_fleet(seed: int) -> Measured:
    with tempfile.TemporaryDirectory() as scratch:
        folder = write(simulate(Fleet(seed=seed)), Path(scratch) / str(seed))
        return measure_folder(folder, "truth.csv", ablate=True)


def measure_real(name: str) -> Measured:
    return measure_folder(REAL / name, "labels.csv", ablate=True)


def pooled(parts: Iterable[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Outcomes of several datasets as one, rule by rule, for the rules that all of them have; ids stay apart."""
    parts = [p for p in parts if p]
    return {
        rule: pd.concat(
            [p[rule].assign(incident_id=f"{k}/" + p[rule]["incident_id"]) for k, p in enumerate(parts)],
            ignore_index=True,
        )
        for rule in (parts[0] if parts else {})
        if all(rule in p for p in parts)
    }


# printing


def show_log(title: str, parts: list[Measured]) -> list[str]:
    lines = one_log(pooled(p.by_rule for p in parts), OURS)
    return ["", title, "=" * len(title), *lines, *show_ablations([p for p in parts if p.without])]


def show_ablations(parts: list[Measured]) -> list[str]:
    if not parts:
        return []
    whole = pooled(p.by_rule for p in parts)[OURS]
    rows = {"with all evidence": whole, **pooled(p.without for p in parts)}
    columns = {"top_1": "top-1", "top_5": "top-5", "auc": "change or not, AUC", "log_score": "log score"}
    table = score_table(rows)
    cells = {(r.rule, r.measure): with_interval(r.value, r.low, r.high) for r in table.itertuples() if r.n}
    known = [m for m in columns if (next(iter(rows)), m) in cells]
    errors = {rule: calibration_of(outcome) for rule, outcome in rows.items()}
    lines = grid(
        ["", *(columns[m] for m in known), "calibration error (a perfect model: at most)"],
        [
            [
                rule,
                *(cells[rule, m] for m in known),
                f"{number(errors[rule].error)} ({number(errors[rule].perfect_95)})",
            ]
            for rule in rows
        ],
    )
    return ["", "  what each piece of evidence is worth:", *lines]


def show_year(parts: list[Measured]) -> list[str]:
    """The pooled years, then seed by seed beside the oracle."""
    title = f"simulated_year.py, seeds {parts[0].name} to {parts[-1].name}"
    rows, far = [], []
    for part in parts:
        ours, best = (scores(part.by_rule[r]).set_index("measure")["value"] for r in (OURS, ORACLE))
        far.append((ours["top_1"] - best["top_1"], ours["auc"] - best["auc"]))
        rows.append([part.name, *(number(v) for m in ("top_1", "auc", "brier") for v in (ours[m], best[m]))])
    head = ["seed", "top-1", "oracle", "AUC", "oracle", "Brier", "oracle"]
    ends = [bootstrap(np.array([f[k] for f in far])) for k in (0, 1)]
    means = np.mean(far, axis=0)
    told = ", ".join(
        f"{word} {m:+.4f} ({low:+.4f} to {high:+.4f})"
        for word, m, (low, high) in zip(("top-1", "AUC"), means, ends, strict=True)
    )
    return [*show_log(title, parts), "", *grid(head, rows), f"  distance from the oracle, mean over seeds: {told}"]


# the command


def parts_there() -> dict[str, tuple[Callable, list, Callable]]:
    """Part → (what measures one job, its jobs, what prints them)."""
    real = sorted(p.parent.name for p in REAL.glob("*/labels.csv"))
    there = {name: (measure_real, [name], lambda found: show_log(found[0].name, found)) for name in real}
    if (REAL / "simulated_year.py").is_file():
        there["year"] = (measure_year, list(YEARS), show_year)
    title = f"{len(FLEETS)} fleets simulated by aftershock, seeds {FLEETS[0]} to {FLEETS[-1]}"
    there["fleets"] = (measure_fleet, list(FLEETS), lambda found: show_log(title, found))
    return there


def report(wanted: list[str], workers: int) -> Iterable[str]:
    there = parts_there()
    if not any(REAL.glob("*/labels.csv")):
        yield f"no real logs at {REAL}: only simulated fleets are measured (set AFTERSHOCK_BENCHMARK)"
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        running = {name: [pool.submit(there[name][0], job) for job in there[name][1]] for name in wanted or there}
        for name, jobs in running.items():
            yield "\n".join(there[name][2]([job.result() for job in jobs]))


def main() -> None:
    there = parts_there()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*there, []], help=f"of {', '.join(there)}")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes; default one per core")
    chosen = parser.parse_args()
    for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(threads, "1")  # of the workers: a process per core is faster than threads within one
    for text in report(chosen.parts, chosen.workers):
        print(text, flush=True)


if __name__ == "__main__":
    main()
