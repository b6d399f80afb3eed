"""How often the model is right on incidents whose cause is known, beside the simple rules."""

from __future__ import annotations

import pandas as pd

from aftershock.attribution import Attribution
from aftershock.validation.baselines import OURS, baseline_answers, model_answer
from aftershock.validation.outcomes import outcomes


def measured(found: Attribution, labels: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rule → outcomes, the model first, all from the same candidates. ``found`` must be blind to the labels."""
    answers = {OURS: model_answer(found), **baseline_answers(found)}
    return {rule: outcomes(labels, answer) for rule, answer in answers.items()}
