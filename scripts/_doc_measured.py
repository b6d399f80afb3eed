"""The parts of docs/method.md that are measured: attributed here, compared with what is known."""

from __future__ import annotations

import math
import tempfile
from functools import cache
from pathlib import Path

import pandas as pd
from _doc_parts import ROOT, table, wrapped

from aftershock import attribute, load, simulation
from aftershock.model.attribution import Attribution
from aftershock.schema import tables


def blamed(deployments: int, incidents: int) -> list[float]:
    """Probability of each number of deployments with an incident between them and the next, in random order."""
    n, k = deployments, incidents
    ways = [1] + [
        math.comb(n, b) * sum(math.comb(k - j - 1, b - 1) for j in range(k - b + 1)) for b in range(1, min(n, k) + 1)
    ]
    return [w / math.comb(n + k, k) for w in ways]


def chance_arithmetic() -> str:
    n, k, measured = 23, 6, 4
    law = blamed(n, k)
    windows = [100 * -math.expm1(-5 * hours / 24) for hours in (4, 24)]
    said = (
        "**The last deployment before the incident.** Put *n* deployments and *k* incidents in random order. A "
        "deployment is blamed when the next entry is an incident, which happens with probability *k*/(*n* + *k*): that "
        'is the "change failure rate" of pure noise. A production case in DevLake\'s pull request 8890 has '
        f"{n} deployments, {k} incidents and {measured} deployments blamed, {100 * measured / n:.1f} %. Noise gives "
        f"{100 * k / (n + k):.1f} % on average, and {measured} blamed or fewer with probability "
        f"{sum(law[: measured + 1]):.2f}: the measured rate is not above chance.",
        "**Whatever changed in the window before.** With 5 changes a day at random times, some change falls into the 4 "
        f"hours before {windows[0]:.1f} % of all moments, and into the 24 hours before {windows[1]:.1f} %. Such a "
        "window accuses nearly always.",
    )
    return "\n".join(map(wrapped, said))


@cache
def demo_found() -> Attribution:
    return attribute(load("demo"))


def demo_check() -> str:
    """How the answers for data/demo compare with its truth.csv, which nothing else reads."""
    found = demo_found()
    truth = pd.read_csv(ROOT / "data" / "demo" / "truth.csv", dtype=str, keep_default_na=False).set_index("incident_id")
    suspects = found.suspects()
    best = suspects[suspects["rank"] == 1].set_index("incident_id")
    truth = truth.loc[best.index]
    logged = truth["cause"] == "change_in_log"
    right = [
        c in set(t.split(";")) if t else c == tables.NONE
        for c, t in zip(best["change_id"], truth["change_ids"].where(logged, ""), strict=True)
    ]
    best = best.assign(right=right, logged=logged)
    accused = best[~best["logged"] & (best["change_id"] != tables.NONE)]
    rows = []
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.0)):
        part = best[(best["probability"] > low) & (best["probability"] <= high)]
        rows.append(
            (
                f"{100 * low:.0f}–{100 * high:.0f} %",
                len(part),
                f"{100 * part['probability'].mean():.0f} %",
                int(part["right"].sum()),
            )
        )
    share, chance = found.shares["change_probability"].mean(), found.shares["chance"].mean()
    draws = pd.Series(found.draws["incident_changes"].mean(axis=1)).quantile([0.05, 0.95])
    text = wrapped(
        f"`data/demo` is a simulated year of {len(best)} incidents. Its causes stand in `truth.csv`, which the model "
        f"does not read. A logged change set off {int(logged.sum())} of them ({100 * logged.mean():.0f} %); the model "
        f"says {100 * share:.0f} % ({100 * draws.iloc[0]:.0f}–{100 * draws.iloc[1]:.0f} %), and chance alone would "
        f"give {100 * chance:.0f} %. The explanation ranked first is the true one for {int(best['right'].sum())}. Of "
        f"the {int((~logged).sum())} incidents that no logged change set off, {len(accused)} have a change on top all "
        "the same."
    )
    return (
        text + "\n" + table(["probability of the first rank", "incidents", "mean probability", "of these right"], rows)
    )


FLEETS = 6


@cache
def trial(seed: int) -> dict[str, float]:
    """A simulated year with planted rates (a fleet of tests/model/test_attribution.py): what was planted and what found."""
    fleet = simulation.Fleet(seed=seed, services=25, changes=9000, background_incidents=110)
    with tempfile.TemporaryDirectory() as folder:
        written = simulation.write(simulation.simulate(fleet), Path(folder) / "fleet")
        found = attribute(load(written))
        truth = pd.read_csv(written / "truth.csv", dtype=str, keep_default_na=False).set_index("incident_id")
    best = found.suspects().query("rank == 1").set_index("incident_id")
    truth = truth.loc[best.index]
    draws = pd.Series(found.draws["incident_changes"].mean(axis=1))
    both = found.rates.merge(simulation.planted(fleet), on="kind", suffixes=("", "_planted"))
    covered = both["per_1000_planted"].between(both["per_1000_low"], both["per_1000_high"])
    return {
        "incidents": len(best),
        "true": (truth["cause"] == "change_in_log").mean(),
        "share": draws.mean(),
        "low": draws.quantile(0.05),
        "high": draws.quantile(0.95),
        "chance": found.shares["chance"].mean(),
        "right": (best["change_id"] == truth["change_ids"].replace("", tables.NONE)).mean(),
        "said": best["probability"].mean(),
        "rates": len(both),
        "covered": int(covered.sum()),
    }


def trial_row(seed: int) -> tuple[object, ...]:
    r = trial(seed)
    shares = [f"{100 * r[name]:.0f} %" for name in ("true", "share", "chance", "right", "said")]
    return (
        seed,
        r["incidents"],
        *shares[:2],
        f"{100 * r['low']:.0f}–{100 * r['high']:.0f} %",
        *shares[2:],
        f"{r['covered']} of {r['rates']}",
    )


def trial_table() -> str:
    years = [trial(seed) for seed in range(FLEETS)]
    inside = sum(r["low"] <= r["true"] <= r["high"] for r in years)
    errors = [r["share"] - r["true"] for r in years]
    covered, rates = (sum(r[name] for r in years) for name in ("covered", "rates"))
    head = [
        "seed",
        "incidents",
        "truly set off",
        "model says",
        "its 90 % interval",
        "by chance",
        "first rank right",
        "said of it",
        "rates covered",
    ]
    said = wrapped(
        f"The planted rate of a kind of change is inside its 90 % interval in {covered} of {rates} cases, the true "
        f"share of incidents set off by changes inside its own in {inside} of {FLEETS}. Nine in ten would be right. "
        f"The share is off by up to {100 * max(map(abs, errors)):.0f} points, and too high in "
        f"{sum(e > 0 for e in errors)} of these years."
    )
    return table(head, map(trial_row, range(FLEETS))) + "\n" + said
