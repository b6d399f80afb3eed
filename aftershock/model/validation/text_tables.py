"""Measures as lines of text, for the terminal and for docs/accuracy.md."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from aftershock.model.validation.calibration import Calibration, reliability_table
from aftershock.model.validation.known_causes import BY_COMPONENT, IN_LOG, INNOCENT
from aftershock.model.validation.outcomes import TOP
from aftershock.model.validation.scores import calibration_of, gains, score_table
from aftershock.output.phrases import MISSING, among, plural
from aftershock.output.text_table import text_table

RANKING = {"top_1": "top-1", "top_3": "top-3", "top_5": "top-5", "mrr": "reciprocal rank"}
PROBABILITIES = {
    "first_right": "first is right",
    "accused": "falsely accused",
    "auc": "AUC",
    "brier": "Brier",
    "log_score": "log score",
}
ROLLOUT = {"also_1": "top-1", "also_3": "top-3", "also_5": "top-5"}


def number(value: float) -> str:
    """``0.540``; a dash where there is none."""
    return MISSING if value is None or math.isnan(value) else f"{value:.3f}"


def with_interval(value: float, low: float, high: float) -> str:
    """``0.540 [.46, .62]``; two digits are enough for an end."""
    if math.isnan(value):
        return MISSING
    return number(value) if math.isnan(low) else f"{value:.3f} [{_end(low)}, {_end(high)}]"


def _end(value: float) -> str:
    return f"{value:.2f}".replace("0.", ".", 1) if abs(value) < 0.995 else f"{value:.2f}"


def measures(table: pd.DataFrame, columns: Mapping[str, str]) -> list[str]:
    """Rules × measures, from :func:`score_table`; measures that no rule has are left out."""
    known = {m: head for m, head in columns.items() if table.loc[table["measure"] == m, "n"].sum()}
    if not known:
        return []
    cells = {(r.rule, r.measure): with_interval(r.value, r.low, r.high) for r in table.itertuples()}
    rows = [[rule, *(cells[rule, m] for m in known)] for rule in table["rule"].unique()]
    return text_table([["", *known.values()], *rows], indent="  ")


def sample_size(table: pd.DataFrame) -> str:
    """How many incidents were measured: ``29 incidents set off by a logged change, 8 known to have none``."""
    caused, innocent = int((table["cause"] == IN_LOG).sum()), int(table["cause"].isin(INNOCENT).sum())
    missed = int((table["rank"] == math.inf).sum())
    outside = f" ({missed} of them beyond the horizon)" if missed else ""
    return f"{plural(caused, 'incident')} set off by a logged change{outside}, {innocent:,} known to have none"


def none_first_sentence(table: pd.DataFrame) -> str:
    """In how many incidents that a logged change set off "no recorded change" came first, which ranks do not show; "" without any.
    ``table``: the model's outcomes."""
    caused = table[table["cause"] == IN_LOG]
    if caused.empty:
        return ""
    count = int((1 - caused["change_probability"] >= caused["top_probability"]).sum())
    of = among(count, len(caused), "incident") + " that a logged change set off"
    return f"Ranks are among changes: “no recorded change” came before all of them in {of}."


def measurements(by_rule: Mapping[str, pd.DataFrame], ours: str) -> list[str]:
    """All that is measured on one log: the rules, whether probabilities come true, rollouts, and labels of two methods."""
    table = by_rule[ours]
    known = table[table["top_probability"].notna()]
    reached = reliability_table(known["top_probability"].to_numpy(), known["top_right"].to_numpy())
    return [
        *comparison(by_rule, ours),
        *filter(None, [none_first_sentence(table)]),
        "",
        calibration_line(calibration_of(table)),
        *reliability_lines(reached),
        *_rollouts(by_rule, ours),
        *_by_method(by_rule, ours),
    ]


def _rollouts(by_rule: Mapping[str, pd.DataFrame], ours: str) -> list[str]:
    table = by_rule[ours]
    if all((table[f"top_{k}"].fillna(0) == table[f"also_{k}"].fillna(0)).all() for k in TOP):
        return []
    return ["", "  a change of the same rollout counted as right:", *measures(score_table(by_rule), ROLLOUT)]


def _by_method(by_rule: Mapping[str, pd.DataFrame], ours: str) -> list[str]:
    """Labels matched by component and rough time flatter recency, so they are shown apart."""
    matched = by_rule[ours]["method"] == BY_COMPONENT
    caused = by_rule[ours]["cause"] == IN_LOG
    if not (matched & caused).any() or matched[caused].all():
        return []
    lines = []
    for words, rows in (("labels matched by component", matched), ("other labels", ~matched)):
        part = {rule: table[rows.to_numpy()] for rule, table in by_rule.items()}
        lines += ["", f"  {words}", f"  {sample_size(part[ours])}"]
        lines += measures(score_table(part), {k: v for k, v in RANKING.items() if k != "mrr"})
    return lines


def comparison(by_rule: Mapping[str, pd.DataFrame], ours: str) -> list[str]:
    """The rules side by side, and the gain over each."""
    table = score_table(by_rule)
    lines = [sample_size(by_rule[ours])]
    for columns in (RANKING, PROBABILITIES):
        part = measures(table, columns)
        lines += ["", *part] if part else []
    return [*lines, "", *gain_lines(by_rule, ours)]


def gain_lines(by_rule: Mapping[str, pd.DataFrame], ours: str) -> list[str]:
    gained = gains(by_rule, ours)
    top = gained[(gained["measure"] == "top_1") & (gained["n"] > 0)]
    return [
        f"  gain in top-1 over {r.rule}, paired: {r.value:+.3f} ({r.low:+.3f} to {r.high:+.3f})"
        for r in top.itertuples()
    ]


def calibration_line(found: Calibration) -> str:
    """The calibration error next to a perfect model's."""
    if not found.n:
        return "  no incident to measure calibration by"
    verdict = "within" if found.passes else "beyond"
    return (
        f"  calibration error of the top suspect: {found.error:.3f}; a perfect model's: {found.perfect_median:.3f}, "
        f"in 95 % of cases at most {found.perfect_95:.3f} ({verdict})"
    )


def reliability_lines(table: pd.DataFrame) -> list[str]:
    """The reliability table of the top suspect."""
    rows = [
        [
            f"{r.start:.1f} to {r.to:.1f}",
            f"{r.incidents}",
            number(r.said),
            with_interval(r.share, r.low, r.high),
            f"{_end(r.expected_low)} to {_end(r.expected_high)}",
        ]
        for r in table.rename(columns={"from": "start"}).itertuples()
    ]
    head = ["top suspect given", "incidents", "said", "came true", "a perfect model shows"]
    return text_table([head, *rows], indent="  ")
