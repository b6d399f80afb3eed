"""A backtest as JSON."""

from __future__ import annotations

import pandas as pd

from aftershock.model.validation.backtest import Backtest
from aftershock.model.validation.calibration import reliability_table
from aftershock.model.validation.scores import calibration_of, gains, score_table
from aftershock.output.json_values import json_rows, json_text


def backtest_json(result: Backtest) -> str:
    """How it was made, the measures of each rule, gains, calibration, folds, and every incident's outcome."""
    parts = {"in_sample": result.by_rule, "held_out": result.held_out}
    return json_text(
        {
            "dataset": result.found.dataset.key,
            "as_of": "onset" if result.as_of_onset else "now",
            "labels": result.labels["method"].value_counts().to_dict(),
            **{name: _measured(by_rule) for name, by_rule in parts.items() if by_rule},
            "folds": [vars(fold) for fold in result.folds],
            "incidents": _outcomes(result),
        }
    )


def _measured(by_rule: dict[str, pd.DataFrame]) -> dict[str, object]:
    ours = next(iter(by_rule))
    table = by_rule[ours][by_rule[ours]["top_probability"].notna()]
    reached = reliability_table(table["top_probability"].to_numpy(), table["top_right"].to_numpy())
    return {
        "scores": json_rows(score_table(by_rule)),
        "gains": json_rows(gains(by_rule, ours)),
        "calibration": vars(calibration_of(table)),
        "reliability": json_rows(reached),
    }


def _outcomes(result: Backtest) -> list[dict[str, object]]:
    labels = result.labels[["incident_id", "change_ids"]]
    return json_rows(result.ours.merge(labels, on="incident_id", how="left"))
