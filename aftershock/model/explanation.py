"""How a suspect came by its probability: steps in words that add up exactly to the number shown.

In log odds the steps add up. The first is a candidate of which nothing is known; then each piece of evidence, as its
weight against "no recorded change" (weights of evidence: Good 1979); then the other changes, which compete for the same
incident; then how far a small log holds the number back; then the mean over what else the log allows (rates, delays and
the causes of other incidents are not known exactly); and, where people decided, their verdict.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from aftershock.model.decomposition import DELAY, KIND, RELATION, LogOddsDecomposition
from aftershock.model.evidence import EVIDENCE
from aftershock.model.observations import TRUSTED_FROM, ModelInput
from aftershock.model.service_graph import RELATIONS, UNKNOWN
from aftershock.output.phrases import delay_phrase, duration, per_thousand, per_time, percent, plural, quoted, times
from aftershock.schema.tables import NONE

START, COMPETITION, CAUTION, AVERAGE, VERDICT = "start", "other changes", "small log", "uncertainty", "verdict"


@dataclass(frozen=True)
class Step:
    """One step. ``log_odds``: what it adds to the log odds. ``probability``: where the chain is after it.
    ``probability_without``: what the fit would give if this step said nothing of any candidate; NaN for the start."""

    name: str
    words: str
    log_odds: float
    probability: float
    probability_without: float

    @property
    def is_evidence(self) -> bool:
        """Whether it says something of the candidate itself."""
        return self.name not in (START, COMPETITION, CAUTION, AVERAGE, VERDICT)

    @property
    def factor(self) -> float:
        """What the step multiplies the odds by."""
        return math.exp(self.log_odds)


@dataclass(frozen=True)
class Explanation:
    """The steps to one suspect's probability, which is that of :meth:`Attribution.suspects`."""

    incident_id: str
    change_id: str
    title: str
    rank: int
    probability: float
    steps: tuple[Step, ...]

    @property
    def table(self) -> pd.DataFrame:
        """Columns: name, words, factor, log_odds (their sum is that of ``probability``), probability, probability_without."""
        rows = [{**asdict(step), "factor": step.factor} for step in self.steps]
        return pd.DataFrame(rows)[["name", "words", "factor", "log_odds", "probability", "probability_without"]]

    def step(self, name: str) -> Step:
        return next(s for s in self.steps if s.name == name)


def logit(probability: float, complement: float | None = None) -> float:
    """Log odds; infinite for 0 and 1. ``complement``: the probability of all else, where it is known more exactly."""
    rest = 1 - probability if complement is None else complement
    if probability <= 0 or rest <= 0:
        return -math.inf if probability <= 0 else math.inf
    return math.log(probability) - math.log(rest)


def logistic(log_odds: float) -> float:
    """The probability of log odds."""
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0


class Chain:
    """Steps in the order in which they are added, each with the probability that it leads to."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.log_odds = 0.0

    def add_weight(self, name: str, words: str, log_odds: float, without: float) -> None:
        """A step of this weight."""
        self.log_odds += log_odds
        self.steps.append(Step(name, words, log_odds, logistic(self.log_odds), without))

    def move_to(self, name: str, words: str, log_odds: float, without: float) -> None:
        """A step that leads to these log odds."""
        weight = log_odds - self.log_odds if log_odds != self.log_odds else 0.0
        self.steps.append(Step(name, words, weight, logistic(log_odds), without))
        self.log_odds = log_odds


class Explainer:
    """Explains the suspects of one attribution. ``suspects``: its table, whose probabilities the chains end at."""

    def __init__(self, reading: ModelInput, decomposition: LogOddsDecomposition, suspects: pd.DataFrame):
        self.reading, self.decomposition, self.seen = reading, decomposition, decomposition.seen
        self.incident_ids = reading.incidents["incident_id"].to_numpy()
        self.change_ids = reading.dataset.changes["change_id"].to_numpy()
        self.titles = reading.dataset.changes["title"].to_numpy()
        self._suspects, self._rows = suspects, suspects.groupby("incident_id", sort=False).indices
        self._of: tuple[int, dict[str, dict]] = (-1, {})

    def suspects_of(self, incident: int) -> dict[str, dict]:
        """The suspects of one incident by change id."""
        if self._of[0] != incident:
            rows = self._suspects.iloc[self._rows[self.incident_ids[incident]]].to_dict("records")
            self._of = (incident, {row["change_id"]: row for row in rows})
        return self._of[1]

    def explain(self, incident: int, change_id: str) -> Explanation:
        """``incident``: its row. KeyError when the change is not a candidate."""
        suspect, chain = self.suspects_of(incident)[change_id], Chain()
        if change_id == NONE:
            fitted = self._none(chain, incident)
        else:
            part = self.decomposition.pairs_of(incident)
            # A list: numpy would compare text without the NULs at its end.
            ids = self.change_ids[self.seen.pairs.change[part]].tolist()
            fitted = self._change(chain, part.start + ids.index(change_id), suspect)
        shown = float(suspect["probability"])
        self._end(chain, incident, shown, fitted)
        title, rank = suspect["title"], int(suspect["rank"])
        return Explanation(suspect["incident_id"], change_id, title, rank, shown, tuple(chain.steps))

    def _change(self, chain: Chain, pair: int, suspect: dict) -> float:
        """The steps of a change up to what the fit gives it; returns that."""
        decomposition, incident = self.decomposition, int(self.seen.pairs.incident[pair])
        chain.add_weight(START, self._start_words(incident), float(decomposition.start[incident]), math.nan)
        said = _Words(self, incident, pair, suspect)
        for name, logs in decomposition.logs.items():
            chain.add_weight(name, said.of(name), float(logs[pair]), float(decomposition.answers(name)[0][pair]))
        part = decomposition.pairs_of(incident)
        odds = np.exp(decomposition.log_odds[part])
        others = np.delete(odds, pair - part.start)
        chain.add_weight(
            COMPETITION, said.competition(odds, part), -math.log1p(others.sum()), decomposition.alone(pair)
        )
        probability, none = decomposition.answers()
        rest = float(none[incident] + np.delete(probability[part], pair - part.start).sum())
        self._caution(chain, float(probability[pair]), rest)
        return float(probability[pair])

    def _none(self, chain: Chain, incident: int) -> float:
        """The steps of "no recorded change" up to what the fit gives it; returns that."""
        part = self.decomposition.pairs_of(incident)
        together = float(np.exp(self.decomposition.log_odds[part]).sum())
        chain.add_weight(START, f"without a recorded change {self._background_words(incident)}", 0.0, math.nan)
        count = part.stop - part.start
        rival = (
            f"{plural(count, 'change')} {'competes' if count == 1 else 'compete'}, together {times(together)} that rate"
        )
        chain.add_weight(
            COMPETITION, rival if count else "no change competes", -math.log(together) if together else math.inf, 1.0
        )
        probability, none = self.decomposition.answers()
        self._caution(chain, float(none[incident]), float(probability[part].sum()))
        return float(none[incident])

    def _caution(self, chain: Chain, probability: float, rest: float) -> None:
        learned, trust = self.seen.learned_from, self.seen.trust
        words = (
            f"only {plural(learned, 'incident')} to learn from: odds are raised to the power {trust:.2f}"
            if trust < 1
            else f"{learned} incidents to learn from, at least {TRUSTED_FROM}: odds are taken at face value"
        )
        chain.move_to(CAUTION, words, logit(probability, rest), chain.steps[-1].probability)

    def _end(self, chain: Chain, incident: int, shown: float, fitted: float) -> None:
        if self.reading.seen.decided[incident]:
            chain.move_to(VERDICT, "people decided; their verdict outranks the model", logit(shown), fitted)
        else:
            words = "the mean over all rates, delays and causes of other incidents that the log allows"
            chain.move_to(AVERAGE, words, logit(shown), fitted)

    def _start_words(self, incident: int) -> str:
        horizon = duration(pd.Timedelta(hours=self.seen.grid.horizon))
        return (
            f"any change of the {horizon} before; {per_thousand(self.decomposition.average_rate)} set an incident off. Without a "
            f"change {self._background_words(incident)}"
        )

    def _background_words(self, incident: int) -> str:
        service = self.reading.services[self.seen.service[incident]]
        where = f"on {service} " if service else ""
        return (
            f"there are {per_time(float(self.decomposition.background[incident]))} {where}at such an hour of the week"
        )


class _Words:
    """What each step of one change says."""

    def __init__(self, explainer: Explainer, incident: int, pair: int, suspect: dict):
        self.explainer, self.incident, self.pair, self.suspect = explainer, incident, pair, suspect
        self.seen, self.decomposition, self.reading = explainer.seen, explainer.decomposition, explainer.reading

    def of(self, name: str) -> str:
        own = {KIND: self._kind, RELATION: self._relation, DELAY: self._delay}
        return own[name]() if name in own else self._evidence(name)

    @cached_property
    def kind_name(self) -> str:
        return self.suspect["kind"].replace("_", " ")

    def _kind(self) -> str:
        rate = float(self.decomposition.fitted.rates[self.seen.kind[self.pair]])
        return f"{self.kind_name} change; {per_thousand(rate)} of these set an incident off"

    def _relation(self) -> str:
        relation = self.seen.pairs.relation[self.pair]
        if relation == UNKNOWN:
            return "unknown: the change or the incident names no service"
        usual = float(self.decomposition.common[self.incident])
        share = float(np.exp(self.decomposition.logs[RELATION][self.pair])) * usual
        return (
            f"{RELATIONS[relation]}: {percent(share)} of what it sets off shows there; of a change at an unknown place "
            f"{percent(usual)}"
        )

    def _delay(self) -> str:
        """Where the delay lies among those of its kind; with imprecise times, between which places."""
        pairs, grid = self.seen.pairs, self.seen.grid
        masses = self.decomposition.fitted.delays[self.seen.kind[self.pair]]
        ends = np.array([pairs.low[self.pair], pairs.high[self.pair]])
        low, high = (float(share) for share in np.clip(grid.cumulative(masses, ends), 0, 1))
        of = f"of the outages that {self.kind_name} changes set off"
        if low < 0.5 <= high:
            least = f"at the least {percent(low)} and " if low >= 0.005 else ""
            return f"{delay_phrase(self.suspect)}: later than {least}at the most {percent(high)} {of}"
        first, last = (percent(1 - high), percent(1 - low)) if high < 0.5 else (percent(low), percent(high))
        said = first if first == last else f"{first} to {last}"
        return f"{delay_phrase(self.suspect)}: {'sooner' if high < 0.5 else 'later'} than {said} {of}"

    def _evidence(self, name: str) -> str:
        number = next(n for n, e in enumerate(EVIDENCE) if e.name == name)
        said = EVIDENCE[number].bins[self.seen.bins[number][self.pair]]
        change = self.seen.pairs.change[self.pair]
        shared = self.reading.reader.words_by_field(name, self.reading.texts[self.incident], change)
        return f"{said} ({shared})" if shared else said

    def competition(self, odds: np.ndarray, part: slice) -> str:
        """How many changes compete, and how strongly."""
        own = self.pair - part.start
        rivals = np.delete(odds, own)
        if not len(rivals):
            return "no other change competes"
        strongest = np.delete(np.arange(part.start, part.stop), own)[int(np.argmax(rivals))]
        change = self.seen.pairs.change[strongest]
        name = self.explainer.titles[change] or self.explainer.change_ids[change]
        count = plural(len(rivals), "other change")
        verb = "competes" if len(rivals) == 1 else "compete"
        return f"{count} {verb}, together {times(float(rivals.sum()))} the rate of “no recorded change”" + (
            f"; the strongest is {quoted(name)}" if len(rivals) > 1 else ""
        )
