"""Do 90 % intervals hold 90 %? On simulated logs whose rates and causes are known, over many seeds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from common import REAL, module_of
from oracle import GENERATOR, simulated_year

from aftershock import attribute, load
from aftershock.model.attribution import Attribution
from aftershock.model.intervals import binomial_interval, posterior_interval
from aftershock.model.validation.known_causes import IN_LOG, read_labels
from aftershock.output.text_table import text_table
from aftershock.simulation import Fleet, planted, simulate, write

SHARE = "share set off by changes"


def year(seed: int) -> dict[str, bool]:
    """Whether each interval of one simulated year holds the truth, by what it is an interval of."""
    made = simulated_year(module_of(REAL, GENERATOR), seed)
    with tempfile.TemporaryDirectory() as scratch:
        folder = made.write(Path(scratch) / "year")
        return _held(folder, "labels.csv", {k: 1000 * p for k, p in made.generator.FAILS.items()})


def fleet(seed: int) -> dict[str, bool]:
    """The same for a company simulated by this package."""
    plan = Fleet(seed=seed)
    truth = planted(plan).set_index("kind")["per_1000"].to_dict()
    with tempfile.TemporaryDirectory() as scratch:
        return _held(write(simulate(plan), Path(scratch) / "fleet"), "truth.csv", truth)


def _held(folder: Path, labels: str, per_1000: dict[str, float]) -> dict[str, bool]:
    dataset = load(folder)
    found = attribute(dataset, blind=True)
    rates = found.rates.set_index("kind")
    held = {
        kind: bool(rates.loc[kind, "per_1000_low"] <= truth <= rates.loc[kind, "per_1000_high"])
        for kind, truth in per_1000.items()
        if kind in rates.index
    }
    return {**held, SHARE: _share_held(found, read_labels(folder / labels, dataset).set_index("incident_id")["cause"])}


def _share_held(found: Attribution, cause) -> bool:
    """Whether the interval of the share of incidents that changes set off holds the share that they did set off."""
    used = found.seen.used
    true = (found.reading.incidents["incident_id"].map(cause) == IN_LOG)[used].mean()
    low, high = posterior_interval(found.draws["incident_changes"][:, used].mean(axis=1))
    return bool(low <= true <= high)


def show(title: str, found: Iterable[dict[str, bool]]) -> list[str]:
    """How often each interval held the truth, with a 95 % interval of that."""
    found = list(found)
    names = list(dict.fromkeys(name for one in found for name in one))
    rows = []
    for name in names:
        held = [one[name] for one in found if name in one]
        low, high = binomial_interval(sum(held), len(held), 0.95)
        rows.append(
            [
                name.replace("_", " "),
                f"{sum(held)} of {len(held)}",
                f"{100 * np.mean(held):.1f} %",
                f"{100 * low:.0f} to {100 * high:.0f} %",
            ]
        )
    head = ["90 % interval of", "held the truth", "", "95 % interval of that"]
    return [title, *text_table([head, *rows], indent="  "), ""]
