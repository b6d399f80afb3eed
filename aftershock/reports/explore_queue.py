"""Which incident to decide on next, and what a verdict taught the others."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from aftershock.model.attribution import Attribution
from aftershock.output.phrases import percent, plural

MOVED = 0.05  # of probability from which another incident's answer counts as moved: a judgement


def queue(found: Attribution) -> pd.DataFrame:
    """The incidents that nobody has decided on, a row each, the one to decide first on top: incident_id, bits (the entropy of
    its suspects' probabilities: 1 is a coin's toss), weight (of its severity: 1 the mildest or not given, one more for each
    grade above) and priority, their product. A judgement: a verdict teaches most where the model knows least, and is wanted
    most where most was lost."""
    suspects = found.suspects()
    p = suspects["probability"].to_numpy()
    bits = pd.Series(-p * np.log2(np.where(p > 0, p, 1.0))).groupby(suspects["incident_id"].to_numpy()).sum()
    listed = found.incidents[["incident_id", "incident_severity"]]
    grades = len(listed["incident_severity"].cat.categories)
    codes = listed["incident_severity"].cat.codes.to_numpy()
    made = pd.DataFrame(
        {
            "incident_id": listed["incident_id"],
            "bits": listed["incident_id"].map(bits),
            "weight": np.where(codes >= 0, grades - codes, 1),
        }
    )
    made["priority"] = made["bits"] * made["weight"]
    open_ones = made[~made["incident_id"].isin(decided_ids(found))]
    return open_ones.sort_values("priority", ascending=False, kind="stable", ignore_index=True)


def decided_ids(found: Attribution) -> set[str]:
    """The incidents that a verdict names."""
    return set(found.dataset.decisions["incident_id"])


@dataclass
class VerdictQueue:
    """The queue as somebody works through it: ``skipped`` come last."""

    skipped: list[str] = field(default_factory=list)

    def order(self, found: Attribution) -> list[str]:
        """Ids of those undecided, the next first."""
        ids = queue(found)["incident_id"].tolist()
        later = [i for i in self.skipped if i in ids]
        return [i for i in ids if i not in later] + later

    def skip(self, incident_id: str) -> None:
        """Put one at the end."""
        self.skipped = [i for i in self.skipped if i != incident_id] + [incident_id]


def taught(before: Attribution, after: Attribution, incident_id: str) -> str:
    """How far a verdict on one incident moved the answers on others, in a sentence."""
    columns = ["incident_id", "change_id", "probability"]
    both = before.suspects()[columns].merge(after.suspects()[columns], on=columns[:2], how="outer").fillna(0.0)
    both = both[both["incident_id"] != incident_id]
    if both.empty:
        return ""
    both["by"] = (both["probability_y"] - both["probability_x"]).abs()
    most = both.loc[both["by"].idxmax()]
    moved = both[both["by"] >= MOVED]["incident_id"].nunique()
    what = "no recorded change" if most["change_id"] == "none" else most["change_id"]
    return (
        f"It moved the answer on {plural(moved, 'other incident')} by {percent(MOVED)} or more; most on {most['incident_id']}: "
        f"{what} from {percent(most['probability_x'])} to {percent(most['probability_y'])}."
    )
