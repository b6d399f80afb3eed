"""How often the answer is right, and as sure as it says, next to simple rules, an oracle and itself without each evidence.

    python benchmarks/attribution.py                      everything, in a few minutes
    python benchmarks/attribution.py puppet-reverts year  some parts only; --help lists them
    python benchmarks/attribution.py --coverage 200       do 90 % intervals hold 90 %? Ten minutes and more
    python benchmarks/attribution.py --write              puts what was measured into docs/accuracy.md

Measured blind and as of the onset: no verdict, no reported cause and nothing that came after an incident counts for its
answer. Real logs and the reference simulation lie in AFTERSHOCK_BENCHMARK (default ../shared/benchmark); without them only
fleets that this package simulates are measured. Ranks are among all changes within the horizon; a culprit outside it is
missed. Nothing is tuned on what is measured here, and each log is answered without the priors that it taught. Intervals hold
95 %: exact binomial ones for shares, bootstrap over incidents for the rest.
"""

from __future__ import annotations

import argparse
import copy
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import coverage
import numpy as np
import pandas as pd
import promises
from common import REAL, in_processes, module_of, write_page
from oracle import GENERATOR, oracle_answer, simulated_year

from aftershock import attribute, load
from aftershock.model import em
from aftershock.model.attribution import Attribution
from aftershock.model.evidence import EVIDENCE
from aftershock.model.observations import ModelInput
from aftershock.model.priors import shipped
from aftershock.model.validation.backtest import outcomes_by_rule
from aftershock.model.validation.baselines import OURS, model_answer
from aftershock.model.validation.known_causes import read_labels
from aftershock.model.validation.outcomes import outcomes
from aftershock.model.validation.scores import bootstrap, calibration_of, score_table, scores
from aftershock.model.validation.text_tables import measurements, number, with_interval
from aftershock.output.text_table import text_table
from aftershock.schema.tables import ACCEPTED
from aftershock.simulation import Fleet, simulate, write

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
    by_rule = outcomes_by_rule(found, known)
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


def refitted(reading: ModelInput, *, without: frozenset[str] = frozenset()) -> Attribution:
    """The answer of the model without these pieces of evidence."""
    reading = copy.copy(reading)
    reading.seen = replace(reading.seen, without=without)
    return Attribution(reading.dataset, reading, em.fit(reading.seen))


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
                "decision": ACCEPTED,
            }
        )
        decided = replace(found.dataset, verdicts=verdicts)
        reading = ModelInput(decided, verdicts=True, afterwards=False, priors=found.seen.priors)
        answers.append(outcomes(labels[part == k], model_answer(refitted(reading))))
    return pd.concat(answers, ignore_index=True)


def measure_year(seed: int) -> Measured:
    year = simulated_year(module_of(REAL, GENERATOR), seed)
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
    lines = measurements(pooled(p.by_rule for p in parts), OURS)
    return ["", title, "=" * len(title), *lines, *show_ablations([p for p in parts if p.without])]


def show_ablations(parts: list[Measured]) -> list[str]:
    if not parts:
        return []
    whole = pooled(p.by_rule for p in parts)[OURS]
    rows = {"with all evidence": whole, **pooled(p.without for p in parts)}
    columns = {"top_1": "top-1", "top_5": "top-5", "auc": "AUC", "log_score": "log score"}
    table = score_table(rows)
    cells = {(r.rule, r.measure): with_interval(r.value, r.low, r.high) for r in table.itertuples() if r.n}
    known = [m for m in columns if (next(iter(rows)), m) in cells]
    errors = {rule: calibration_of(outcome) for rule, outcome in rows.items()}
    lines = text_table(
        [
            ["", *(columns[m] for m in known), "calibration"],
            *(
                [
                    rule,
                    *(cells[rule, m] for m in known),
                    f"{number(errors[rule].error)} ({number(errors[rule].perfect_95)})",
                ]
                for rule in rows
            ),
        ],
        indent="  ",
    )
    return ["", "  what each piece of evidence is worth:", *lines]


def show_year(parts: list[Measured]) -> list[str]:
    """The pooled years, then seed by seed next to the oracle."""
    title = f"simulated_year.py, seeds {parts[0].name} to {parts[-1].name}"
    rows, far = [], []
    for part in parts:
        ours, best = (scores(part.by_rule[r]).set_index("measure")["value"] for r in (OURS, ORACLE))
        far.append((ours["top_1"] - best["top_1"], ours["auc"] - best["auc"]))
        rows.append([part.name, *(number(v) for m in ("top_1", "auc", "brier") for v in (ours[m], best[m]))])
    head = ["seed", "top-1", "oracle", "AUC", "oracle", "Brier", "oracle"]
    ends = [bootstrap(np.array([f[k] for f in far])) for k in (0, 1)]
    means = np.mean(far, axis=0)
    distances = ", ".join(
        f"{word} {m:+.4f} ({low:+.4f} to {high:+.4f})"
        for word, m, (low, high) in zip(("top-1", "AUC"), means, ends, strict=True)
    )
    return [
        *show_log(title, parts),
        "",
        *text_table([head, *rows], indent="  "),
        f"  distance from the oracle, mean over seeds: {distances}",
    ]


# the command


@dataclass(frozen=True)
class Part:
    """What can be asked for: the function that measures one job, its jobs, what prints them, and where the pages put it."""

    measure: Callable
    jobs: list
    show: Callable[[list], list[str]]
    block: str = "benchmark"


def parts_there(coverage_seeds: int) -> dict[str, Part]:
    real = sorted(p.parent.name for p in REAL.glob("*/labels.csv"))
    there = {name: Part(measure_real, [name], lambda found: show_log(found[0].name, found)) for name in real}
    if (REAL / "simulated_year.py").is_file():
        there["year"] = Part(measure_year, list(YEARS), show_year)
    title = f"{len(FLEETS)} fleets simulated by aftershock, seeds {FLEETS[0]} to {FLEETS[-1]}"
    there["fleets"] = Part(measure_fleet, list(FLEETS), lambda found: show_log(title, found))
    there["self-check"] = Part(promises.compare, promises.jobs(), promises.show, "self-check")
    seeds = list(range(1000, 1000 + coverage_seeds))
    if seeds:
        words = f"seeds {seeds[0]} to {seeds[-1]}"
        if "year" in there:
            shown = partial(coverage.show, f"simulated_year.py, {words}")
            there["coverage of years"] = Part(coverage.year, seeds, shown, "coverage")
        shown = partial(coverage.show, f"fleets simulated by aftershock, {words}")
        there["coverage of fleets"] = Part(coverage.fleet, seeds, shown, "coverage")
    return there


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(parts_there(0))}; default all")
    parser.add_argument("--coverage", nargs="?", type=int, const=200, default=0, metavar="N", help="over N seeds, 200")
    parser.add_argument("--write", action="store_true", help="put what is measured into docs/accuracy.md")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes; default one per core")
    asked = parser.parse_args()
    there = parts_there(asked.coverage)
    if unknown := [p for p in asked.parts if p not in there]:
        parser.error(f"no part {unknown[0]!r}; there are {', '.join(there)}")
    covering = [name for name in there if there[name].block == "coverage"]
    chosen = {name: there[name] for name in ([*asked.parts, *covering] or there)}
    blocks: dict[str, list[str]] = {}
    if not any(REAL.glob("*/labels.csv")):
        print(f"no real logs at {REAL}: only simulated fleets are measured (set AFTERSHOCK_BENCHMARK)")
    work = {name: (part.measure, part.jobs) for name, part in chosen.items()}
    for name, found in in_processes(work, asked.workers):
        lines = chosen[name].show(found)
        print("\n".join(lines), flush=True)
        blocks.setdefault(chosen[name].block, []).extend(lines)
    if asked.write:
        write_page(blocks)


if __name__ == "__main__":
    main()
