"""Does the self-check keep its promise? What it expects of logs whose causes are known, next to what was measured."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from common import REAL, ROOT, module_of
from oracle import GENERATOR, simulated_year

from aftershock import attribute, load
from aftershock.model.validation.baselines import model_answer
from aftershock.model.validation.expected_accuracy import FEWEST_NEAR, GIVEN, right_at, work_out
from aftershock.model.validation.known_causes import IN_LOG, INNOCENT, read_labels
from aftershock.model.validation.outcomes import outcomes
from aftershock.model.validation.scores import scores
from aftershock.output.text_table import text_table
from aftershock.simulation import Fleet, simulate, write


@dataclass(frozen=True)
class Compared:
    """One log: ``expected`` and ``measured`` by measure, each (value, low, high) or None; ``outcomes`` of its incidents."""

    name: str
    expected: dict[str, tuple[float, float, float] | None]
    measured: dict[str, tuple[float, float, float] | None]
    outcomes: pd.DataFrame


def jobs() -> list[tuple[str, int]]:
    """(kind of log, seed) of each log compared."""
    years = [("year", 1), ("year", 2)] if (REAL / "simulated_year.py").is_file() else []
    real = [("puppet-reverts", 0)] if (REAL / "puppet-reverts").is_dir() else []
    return [("demo", 0), *(("fleet", seed) for seed in range(100, 104)), *years, *real]


def compare(job: tuple[str, int]) -> Compared:
    kind, seed = job
    with tempfile.TemporaryDirectory() as scratch:
        if kind == "demo":
            return _compare("demo", ROOT / "data" / "demo", "truth.csv")
        if kind == "fleet":
            return _compare(f"fleet {seed}", write(simulate(Fleet(seed=seed)), Path(scratch) / "fleet"), "truth.csv")
        if kind == "year":
            year = simulated_year(module_of(REAL, GENERATOR), seed)
            return _compare(f"year {seed}", year.write(Path(scratch) / "year"), "labels.csv")
        return _compare(kind, REAL / kind, "labels.csv")


def _compare(name: str, folder: Path, labels: str) -> Compared:
    dataset = load(folder)
    found = attribute(dataset, blind=True, as_of_onset=True)
    promised = work_out(found)
    true = outcomes(read_labels(folder / labels, dataset), model_answer(found))
    expected = {e.measure: (e.value, e.low, e.high) for e in promised.expected}
    right = promised.right
    table = scores(true).set_index("measure")
    measured = {m: tuple(table.loc[m, ["value", "low", "high"]]) if table.loc[m, "n"] else None for m in table.index}
    return Compared(
        name,
        {**expected, "right": (right.share, right.low, right.high) if right else None},
        {**measured, "right": _right(true)},
        true.assign(log=name),
    )


def _right(true: pd.DataFrame) -> tuple[float, float, float] | None:
    """How often a suspect given 0.8 was right in truth; each incident is its own draw of the bootstrap."""
    known = true[true["cause"].isin([IN_LOG, *INNOCENT])]
    if (known["top_probability"] >= GIVEN - 0.15).sum() < FEWEST_NEAR:
        return None
    right = right_at(known.assign(log=range(len(known))), GIVEN)
    return right.share, right.low, right.high


def show(found: list[Compared]) -> list[str]:
    """Expected and measured side by side; expected with 90 % intervals."""
    pooled = pd.concat([one.outcomes for one in found if one.name != "puppet-reverts"], ignore_index=True)
    right = _right(pooled)
    lines = []
    for part in ({"right": "80 % is right", "top_1": "top-1"}, {"auc": "AUC", "accused": "falsely accused"}):
        head = ["", *(word for name in part.values() for word in (f"{name}: expected", "measured"))]
        cells = [[_said(which.get(m)) for m in part for which in (one.expected, one.measured)] for one in found]
        lines += [
            *text_table([head, *([one.name, *row] for one, row in zip(found, cells, strict=True))], indent="  "),
            "",
        ]
    pooled = f"  all simulated logs together: a suspect given 80 % was right {_said(right)} of the time"
    return [*lines, pooled, ""]


def _said(value: tuple[float, float, float] | None) -> str:
    return "–" if value is None else f"{value[0]:.2f} [{value[1]:.2f}, {value[2]:.2f}]"
