"""The constants of the method with their values and what they mean, as docs/method.md lists them."""

from __future__ import annotations

import numpy as np

from aftershock.model import (
    candidates,
    conditionals,
    delays,
    em,
    evidence,
    gibbs,
    null_rates,
    observations,
    parameters,
    word_match,
)
from aftershock.model.attribution import FEW_INCIDENTS, SHORT_OVERLAP_DAYS


def constants() -> list[tuple[str, object, str]]:
    """(name, value, meaning) of each, in the order of the page."""
    return [*_rates_and_delays(), *_background(), *_evidence(), *_strata(), *_draws(), *_warnings()]


def _rates_and_delays() -> list[tuple[str, object, str]]:
    return [
        ("`CHANGE_SHARE`", parameters.CHANGE_SHARE, "share of incidents that logged changes set off"),
        ("`PSEUDO_INCIDENTS`", parameters.PSEUDO_INCIDENTS, "incidents that `CHANGE_SHARE` counts for"),
        ("`KIND_PSEUDO`", parameters.KIND_PSEUDO, "incidents that each kind's own prior rate counts for, besides"),
        ("`RELATION_PSEUDO`", parameters.RELATION_PSEUDO, "incidents that the shares per relation count for"),
        ("`DELAY_MEDIAN_HOURS`", parameters.DELAY_MEDIAN_HOURS, "median of the log-normal prior delay, hours"),
        ("`DELAY_SIGMA`", parameters.DELAY_SIGMA, "its standard deviation, in natural logarithms"),
        ("`DELAY_PSEUDO`", parameters.DELAY_PSEUDO, "incidents that it counts for, against all kinds together"),
        ("`KIND_SPREAD`", parameters.KIND_SPREAD, "standard deviation of the kinds' places, in natural logarithms"),
        ("`SPREAD_PSEUDO`", parameters.SPREAD_PSEUDO, "kinds that `KIND_SPREAD` counts for"),
        ("`KIND_WIDTH_PSEUDO`", parameters.KIND_WIDTH_PSEUDO, "incidents that the common width counts for, per kind"),
        (
            "`KIND_DELAY_PSEUDO`",
            parameters.KIND_DELAY_PSEUDO,
            "incidents that a kind's log-normal counts for, against its own curve",
        ),
        (
            "`BROAD_SHARE`",
            parameters.BROAD_SHARE,
            "share of the prior delay in that log-normal, so that no delay is impossible",
        ),
        (
            "`FIRST_NAMED`",
            candidates.FIRST_NAMED,
            "probability that an incident on several services began on the first",
        ),
    ]


def _background() -> list[tuple[str, object, str]]:
    return [
        ("`RHYTHM_PSEUDO`", parameters.RHYTHM_PSEUDO, "incidents that the mixed hour of week counts for"),
        (
            "`MIXTURE_PSEUDO`",
            parameters.MIXTURE_PSEUDO,
            "log likelihood that it costs to mix all or nothing of the hours of changes",
        ),
        ("`SERVICE_PSEUDO`", parameters.SERVICE_PSEUDO, "background incidents that the prior counts for, per service"),
        ("`TRUSTED_FROM`", observations.TRUSTED_FROM, "incidents from which odds are taken at face value"),
        ("`LEAST_TRUST`", observations.LEAST_TRUST, "the lowest power that odds are raised to"),
    ]


def _evidence() -> list[tuple[str, object, str]]:
    return [
        ("`WORDS_PSEUDO`", evidence.WORDS_PSEUDO, "culprits that the prior ratio of every bin of words counts for"),
        ("`MINOR_PSEUDO`", evidence.MINOR_PSEUDO, "the same, of every bin of other evidence"),
        (
            "`EVIDENCE_PSEUDO`",
            parameters.EVIDENCE_PSEUDO,
            "culprits that the prior ratios count for besides, spread as they fall",
        ),
        ("`SHARE`", word_match.SHARE, "share of an incident's words that each field of the change behind it gives"),
        (
            "`VOCABULARY`",
            f"{word_match.VOCABULARY:,}",
            "words in use: what a small log has not shown is not impossible",
        ),
        ("`WORDS_POWER`", evidence.WORDS_POWER, "power that the ratio of the words is raised to in the prior"),
        (
            "`REPAIR_HOURS`",
            evidence.REPAIR_HOURS,
            "hours after an onset in which a revert is repair, where no end is known",
        ),
        ("`MANY`", candidates.MANY, "failed services of which a change that reaches all is told apart"),
        (
            "`TAKEN_BACK_SHARE`",
            evidence.TAKEN_BACK_SHARE,
            "share of culprits taken back during the incident, where any change is",
        ),
        ("`SUSPECTED`", null_rates.SUSPECTED, "share of innocent candidates that are taken back by mistake"),
    ]


def _strata() -> list[tuple[str, object, str]]:
    return [
        ("`TAU`", f"{delays.TAU * 60:g} min", "delays well below it are not told apart"),
        ("`STEPS`", delays.STEPS, "steps of the delay grid between 0 and the horizon"),
        (
            "`DELAY_CLASSES`",
            null_rates.DELAY_CLASSES,
            "classes of delay that evidence which comes with time is stratified by",
        ),
        ("`LEAN_ON_RELATION`", null_rates.LEAN_ON_RELATION, "pairs that a stratum borrows from its relation"),
        ("`LEAN_ON_ALL`", null_rates.LEAN_ON_ALL, "pairs that a relation borrows from all"),
        ("`MOST_COPIES`", observations.MOST_COPIES, "moved copies of an incident, at most"),
        ("`MOST_PAIRS`", f"{observations.MOST_PAIRS:,}", "pairs of copies and changes aimed at"),
        ("`LEAST_NULL_PAIRS`", observations.LEAST_NULL_PAIRS, "pairs below which copies are too few to serve as null"),
    ]


def _draws() -> list[tuple[str, object, str]]:
    return [
        ("`ITERATIONS`", em.ITERATIONS, "steps of expectation–maximisation, at most"),
        ("`TOLERANCE`", f"{em.TOLERANCE:g}", "it stops when no probability moves by more"),
        ("`SWEEPS`", gibbs.SWEEPS, "draws from the posterior"),
        ("`THIN`", gibbs.THIN, "sweeps of the sampler per draw"),
        ("`WARM_UP`", gibbs.WARM_UP, "sweeps thrown away before them"),
        (
            "`BACKGROUND_EVERY`",
            gibbs.BACKGROUND_EVERY,
            "sweeps between draws of the background's services and rhythm",
        ),
        ("`EVIDENCE_EVERY`", gibbs.EVIDENCE_EVERY, "sweeps between draws of what evidence is worth"),
        ("`SEED`", gibbs.SEED, "of the draws, so that the same logs give the same answer"),
        ("`BUMP_WIDTH`", delays.BUMP_WIDTH, "nodes: standard deviation of a bump of a delay curve"),
        (
            "`CURVE_WIDTH`",
            conditionals.CURVE_WIDTH,
            "median of the prior of a drawn log-normal's own standard deviation",
        ),
        ("`CURVE_WIDTH_SPREAD`", conditionals.CURVE_WIDTH_SPREAD, "standard deviation of that one's natural logarithm"),
        (
            "`STIFFNESS`",
            _ends(conditionals.STIFFNESS),
            "incidents that a drawn log-normal counts for, against its curve",
        ),
        (
            "`SERVICE_WEIGHTS`",
            _ends(conditionals.SERVICE_WEIGHTS),
            "incidents that the services' prior counts for in the draws",
        ),
        (
            "`SERVICE_MIXTURES`",
            _ends(conditionals.SERVICE_MIXTURES),
            "how far that prior follows the changes; the rest is even",
        ),
        (
            "`RHYTHM_WEIGHTS`",
            _ends(conditionals.RHYTHM_WEIGHTS),
            "incidents that the mixed week counts for in the draws",
        ),
    ]


def _warnings() -> list[tuple[str, object, str]]:
    return [
        ("`FEW_INCIDENTS`", FEW_INCIDENTS, "incidents below which every report warns"),
        ("`SHORT_OVERLAP_DAYS`", SHORT_OVERLAP_DAYS, "days of overlap of the logs below which it warns"),
    ]


def _ends(grid: np.ndarray) -> str:
    """The ends of a grid of values that a draw may choose from."""
    return f"{grid[0]:g} to {grid[-1]:,g}"
