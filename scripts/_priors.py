"""Counts how culprits fall into the bins of evidence, on logs with known causes, and writes aftershock/model/priors.json.

    scripts/priors [FOLDER…]     default: every folder with labels.csv in AFTERSHOCK_BENCHMARK (../shared/benchmark)

Read as of each incident's onset. What is written are counts per bin: no row, word or name of a log but the folder's.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from aftershock import attribute, load  # noqa: E402
from aftershock.model.em import likely_counts  # noqa: E402
from aftershock.model.evidence import EVIDENCE  # noqa: E402
from aftershock.model.observations import Observations  # noqa: E402
from aftershock.model.priors import COUNTABLE, LEARNED, SHIPPED, bins_of, judged  # noqa: E402
from aftershock.model.risk import Feature  # noqa: E402
from aftershock.model.validation.known_causes import IN_LOG, read_labels  # noqa: E402
from aftershock.output.files import write_whole  # noqa: E402

BENCHMARK = Path(os.environ.get("AFTERSHOCK_BENCHMARK", ROOT.parent / "shared" / "benchmark"))


def counted(folder: Path) -> dict:
    """The entry of one log: how many culprits, and per piece of evidence where they and their like fall."""
    dataset = load(folder)
    found = attribute(dataset, blind=True, as_of_onset=True, priors=judged())
    weight = _labelled(found, folder)
    rows = np.flatnonzero(weight)
    neutral = tuple(np.ones(len(evidence.bins)) for evidence in EVIDENCE)
    counts = {e.name: likely_counts(found.seen, n, neutral, rows, weight[rows]) for n, e in enumerate(EVIDENCE)}
    counts |= {f.name: _of_feature(found.seen, f, weight) for f in found.seen.features}
    tables = {
        name: {"culprits": _rounded(culprits), "expected": _rounded(expected)}
        for name, (culprits, expected) in counts.items()
        if name in LEARNED
    }
    return {"dataset": folder.name, "culprits": round(float(weight.sum()), 3), "evidence": tables}


def _of_feature(seen: Observations, feature: Feature, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Culprits per level of a feature of changes, and what as many candidates of their kind and incident would give."""
    size, kinds = len(feature.levels), len(seen.kinds)
    codes = feature.codes[seen.pairs.change]
    stratum = seen.pairs.incident * kinds + seen.kind
    table = np.bincount(stratum * size + codes, minlength=seen.incidents * kinds * size).reshape(-1, size)
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    culprits = np.bincount(codes, weights=weight, minlength=size)
    return culprits, np.bincount(stratum, weights=weight, minlength=len(shares)) @ shares


def _labelled(found, folder: Path) -> np.ndarray:
    """1 for the pair of each labelled incident and its culprit, shared where several changes are right; (pairs,)."""
    labels = read_labels(folder / "labels.csv", found.dataset)
    true = {row.incident_id: set(row.change_ids) for row in labels.itertuples() if row.cause == IN_LOG}
    pairs, weight = found.seen.pairs, np.zeros(len(found.seen.pairs))
    ids, changes = found.reading.incidents["incident_id"].tolist(), found.dataset.changes["change_id"].to_numpy()
    for row, incident in enumerate(ids):
        part = slice(pairs.starts[row], pairs.starts[row + 1])
        right = np.isin(changes[pairs.change[part]], list(true.get(incident, ())))
        weight[part] = right / max(right.sum(), 1)
    return weight


def _rounded(values: np.ndarray) -> list[float]:
    return [round(float(v), 3) for v in values]


def main() -> None:
    folders = [Path(f) for f in sys.argv[1:]] or sorted(p.parent for p in BENCHMARK.glob("*/labels.csv"))
    if not folders:
        sys.exit(f"no folder with labels.csv in {BENCHMARK}: set AFTERSHOCK_BENCHMARK or name folders")
    bins = {evidence.name: bins_of(evidence) for evidence in COUNTABLE if evidence.name in LEARNED}
    written = {"made_by": "scripts/priors", "bins": bins, "made_from": [counted(folder) for folder in folders]}
    lines = json.dumps(written, indent=1)
    write_whole(SHIPPED, re.sub(r"\[\s*([\d.,\s]+?)\s*\]", lambda m: f"[{' '.join(m[1].split())}]", lines) + "\n")
    print(f"{SHIPPED.name}: {', '.join(f.name for f in folders)}")


if __name__ == "__main__":
    main()
