"""How often the model is right on incidents whose cause is known, next to simple rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from aftershock.dataset.dataset import Dataset
from aftershock.model.attribution import Attribution, attribute
from aftershock.model.priors import Priors
from aftershock.model.validation.baselines import OURS, baseline_answers, model_answer
from aftershock.model.validation.calibration import Calibration, reliability_table
from aftershock.model.validation.known_causes import IN_LOG, INNOCENT, known_causes, read_labels
from aftershock.model.validation.outcomes import Outcome, outcomes
from aftershock.model.validation.scores import calibration_of, gains, score_table
from aftershock.model.validation.time_folds import Fold, held_out
from aftershock.schema.tables import NONE

EARLIER = "Aftershock, earlier only"
FOLDS = 5  # a judgement: enough to see a trend, and each is a fit of its own


def outcomes_by_rule(found: Attribution, labels: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rule → outcomes, the model first, all from the same candidates. ``found`` must be blind to the labels."""
    answers = {OURS: model_answer(found), **baseline_answers(found)}
    return {rule: outcomes(labels, answer) for rule, answer in answers.items()}


def labels_of(dataset: Dataset, path: str | Path = "") -> pd.DataFrame:
    """Labels from a file, or those that the dataset holds; see :mod:`aftershock.model.validation.known_causes`."""
    return read_labels(Path(path), dataset) if str(path) else known_causes(dataset)


def backtest(
    dataset: Dataset,
    labels: pd.DataFrame,
    *,
    as_of_onset: bool = True,
    folds: int = FOLDS,
    priors: Priors | None = None,
) -> Backtest:
    """Answer the labelled incidents without reading a label, and measure the answers.

    ``as_of_onset``: nothing that came after an incident's start counts for its answer. ``folds``: how many parts of the
    labelled incidents are answered once more, from earlier incidents only; 0 for none. ``priors``: as shipped unless given.
    """
    scored = labels[labels["cause"].isin([IN_LOG, *INNOCENT])].reset_index(drop=True)
    found = attribute(dataset, blind=True, as_of_onset=as_of_onset, priors=priors)
    parts, later = held_out(dataset, scored, folds=folds, as_of_onset=as_of_onset, priors=priors)
    return Backtest(found, labels, outcomes_by_rule(found, labels), parts, later, as_of_onset)


@dataclass(frozen=True)
class Backtest:
    """``by_rule``: rule → outcomes of every labelled incident, the model (:data:`OURS`) first, which learned from the whole
    log without labels; ``folds`` and ``later``: the parts by time, and outcomes of their incidents learned from earlier
    incidents only."""

    found: Attribution
    labels: pd.DataFrame
    by_rule: dict[str, pd.DataFrame]
    folds: list[Fold]
    later: pd.DataFrame
    as_of_onset: bool

    @property
    def ours(self) -> pd.DataFrame:
        return self.by_rule[OURS]

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Rule × measure with 95 % intervals (:func:`score_table`)."""
        return score_table(self.by_rule)

    @cached_property
    def gains(self) -> pd.DataFrame:
        return gains(self.by_rule, OURS)

    @cached_property
    def calibration(self) -> Calibration:
        return calibration_of(self.ours)

    @cached_property
    def reliability(self) -> pd.DataFrame:
        known = self.ours[self.ours["top_probability"].notna()]
        return reliability_table(known["top_probability"].to_numpy(), known["top_right"].to_numpy())

    @cached_property
    def held_out(self) -> dict[str, pd.DataFrame]:
        """Rule → outcomes on the incidents of the folds: learned from earlier ones, from the whole log, and the rules."""
        inside = self.later["incident_id"]
        same = {rule: table[table["incident_id"].isin(inside)] for rule, table in self.by_rule.items()}
        return {EARLIER: self.later, **same} if len(self.later) else {}

    def worst(self, count: int) -> pd.DataFrame:
        """The incidents that were answered wrong (another explanation got more), the one whose truth got least first.

        Columns: incident_id, cause, true_change (the likeliest of them; ``none`` where no logged change did it), given (its
        probability; 0 for no candidate), rank, top_change, top_probability.
        """
        wrong = self.ours[self.ours["first_right"] < 1].sort_values(
            ["log_score", "top_probability", "incident_id"], ascending=[True, False, True], kind="stable"
        )
        suspects = dict(tuple(self.found.suspects().groupby("incident_id")))
        true = self.labels.set_index("incident_id")["change_ids"]
        rows = [_wrong(row, suspects[row.incident_id], true[row.incident_id]) for row in wrong.head(count).itertuples()]
        names = ["incident_id", "cause", "true_change", "given", "rank", "top_change", "top_probability"]
        return pd.DataFrame(rows, columns=names)


def _wrong(row: Outcome, suspects: pd.DataFrame, true: list[str]) -> tuple:
    changes = suspects[suspects["change_id"] != NONE]
    right = suspects[suspects["change_id"].isin(true or [NONE])]
    best, given = (right.iloc[0]["change_id"], right.iloc[0]["probability"]) if len(right) else (true[0], 0.0)
    first = changes.iloc[0]["change_id"] if len(changes) else ""
    return row.incident_id, row.cause, best, float(given), row.rank, first, row.top_probability
