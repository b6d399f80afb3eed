"""How one explanation of an incident came by its probability: steps in words that lead exactly to the number shown.

In log odds the steps add up. The first is a candidate of which nothing is known; then each piece of evidence, as its
weight against "no recorded change" (weights of evidence: Good 1979); then what the incident's own aftershocks say of their root;
then the other changes and earlier incidents, which compete for the same incident; then what comes through an earlier incident of
the same outage; and, where people decided, their verdict.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from aftershock.model import likelihood
from aftershock.model.decomposition import DELAY, KIND, RELATION, LogOddsDecomposition
from aftershock.model.evidence import EVIDENCE, WORDS
from aftershock.model.gibbs import kind_rates
from aftershock.model.likelihood import USUAL
from aftershock.model.risk import Feature
from aftershock.model.service_graph import RELATIONS, UNKNOWN
from aftershock.model.shown import Shown
from aftershock.output.phrases import (
    delay_phrase,
    duration,
    number,
    per_thousand,
    per_time,
    percent,
    plural,
    quoted,
    times,
)
from aftershock.schema.tables import NONE

START, AFTERSHOCKS, COMPETITION, OUTAGE, VERDICT = "start", "aftershocks", "competition", "same outage", "verdict"

LEAST_SAID, LEAST_LINKED = 0.01, 0.001  # log odds below which a step is left out; share of an incident that goes unsaid
SHARED = {  # features whose levels are what many changes share: the words for none, and for one
    "account": ("no machine's account", "made by a machine, like"),
    "opening": ("a title of its own kind", "its title begins like those of"),
    "repository": ("no repository that many share", "its repository has"),
}


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
        return self.name not in (START, COMPETITION, OUTAGE, VERDICT)

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

    def __repr__(self) -> str:
        said = f"{percent(self.probability)}, rank {self.rank}, {len(self.steps)} steps"
        return f"<Explanation of {self.incident_id} by {self.change_id}: {said}; see table>"

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
    """Explains the suspects of one attribution, in the words of what is ``shown``. ``suspects``: the table of those of an
    incident, by its row, whose probabilities the chains end at."""

    def __init__(self, shown: Shown, decomposition: LogOddsDecomposition, suspects: Callable[[int], pd.DataFrame]):
        self.shown, self.decomposition, self.seen = shown, decomposition, decomposition.seen
        self.incident_ids = shown.incidents["incident_id"].to_numpy()
        self.change_ids = shown.changes["change_id"].to_numpy()
        self.titles = shown.changes["title"].to_numpy()
        self._suspects = suspects
        self._of: tuple[int, dict[str, dict]] = (-1, {})

    def suspects_of(self, incident: int) -> dict[str, dict]:
        """The suspects of one incident by change id."""
        if self._of[0] != incident:
            rows = self._suspects(incident).to_dict("records")
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
        """The steps of a change up to what the model gives it; returns that."""
        parts, incident = self.decomposition, int(self.seen.pairs.incident[pair])
        chain.add_weight(START, self._start_words(incident), float(parts.start[incident]), math.nan)
        said = _Words(self, incident, pair, suspect)
        for name, logs in parts.logs.items():
            chain.add_weight(name, said.of(name), float(logs[pair]), float(parts.without(name)[0][pair]))
        self._aftershocks(chain, incident, 1.0)
        inside = parts.pairs_of(incident)
        direct = float(parts.origins.pairs[pair])
        rest = float(parts.origins.none[incident] + np.delete(parts.origins.pairs[inside], pair - inside.start).sum())
        rest += float(parts.origins.rest[incident])
        linked = float(parts.origins.links[self._links_to(incident)].sum())
        chain.move_to(COMPETITION, said.competition(inside, linked), logit(direct, rest + linked), parts.alone(pair))
        root, none = parts.roots
        others = float(none[incident] + np.delete(root[inside], pair - inside.start).sum() + parts.unlisted[incident])
        self._same_outage(chain, incident, float(root[pair]), others, direct)
        return float(root[pair])

    def _none(self, chain: Chain, incident: int) -> float:
        """The steps of "no recorded change" up to what the model gives it; returns that."""
        parts = self.decomposition
        inside = parts.pairs_of(incident)
        chain.add_weight(START, f"without a recorded change {self._background_words(incident)}", 0.0, math.nan)
        self._aftershocks(chain, incident, -1.0)
        direct = float(parts.origins.none[incident])
        rival = float(parts.origins.pairs[inside].sum() + parts.origins.rest[incident])
        linked = float(parts.origins.links[self._links_to(incident)].sum())
        count = inside.stop - inside.start
        together = times(rival / max(direct, likelihood.IMPOSSIBLE))
        words = f"{plural(count, 'change')} {'competes' if count == 1 else 'compete'}, together {together} that rate"
        words += _earlier(linked)
        chain.move_to(COMPETITION, words if count else "no change competes", logit(direct, rival + linked), 1.0)
        root, none = parts.roots
        changes = float(root[inside].sum() + parts.unlisted[incident])
        self._same_outage(chain, incident, float(none[incident]), changes, direct)
        return float(none[incident])

    def _links_to(self, incident: int) -> slice:
        return slice(*self.seen.links.starts[incident : incident + 2])

    def _aftershocks(self, chain: Chain, incident: int, sign: float) -> None:
        """What the incident's own aftershocks say of its root, where they say anything."""
        weight = sign * float(self.decomposition.leaning[incident])
        if abs(weight) >= LEAST_SAID:
            of_change, of_none = self.decomposition.drawn.answer.rates.productivity
            words = (
                f"{number(float(of_change))} aftershocks follow an incident that a change set off, {number(float(of_none))} "
                "one that none did"
            )
            chain.add_weight(AFTERSHOCKS, words, weight, math.nan)

    def _same_outage(self, chain: Chain, incident: int, root: float, rest: float, direct: float) -> None:
        """What comes through earlier incidents of the same outage, where anything does."""
        links = self._links_to(incident)
        strength = self.decomposition.origins.links[links]
        if not strength.any():
            return
        parent = self.incident_ids[self.seen.links.change[links][int(np.argmax(strength))]]
        words = f"part of the same outage as an earlier incident: {percent(float(strength.sum()))}, most probably as {parent}"
        chain.move_to(OUTAGE, words, logit(root, rest), direct)

    def _end(self, chain: Chain, incident: int, shown: float, modelled: float) -> None:
        if self.decomposition.decided[incident]:
            chain.move_to(VERDICT, "people decided; their verdict outranks the model", logit(shown), modelled)

    def _start_words(self, incident: int) -> str:
        horizon = duration(pd.Timedelta(hours=self.seen.grid.horizon))
        return (
            f"any change of the {horizon} before; {per_thousand(self.decomposition.average_rate)} set an incident off. Without a "
            f"change {self._background_words(incident)}"
        )

    def _background_words(self, incident: int) -> str:
        service = self.shown.services[self.seen.service[incident]]
        where = f"on {service} " if service else ""
        return (
            f"there are {per_time(float(self.decomposition.background[incident]))} {where}at such an hour of the week"
        )


class _Words:
    """What each step of one change says."""

    def __init__(self, explainer: Explainer, incident: int, pair: int, suspect: dict):
        self.explainer, self.incident, self.pair, self.suspect = explainer, incident, pair, suspect
        self.seen, self.decomposition = explainer.seen, explainer.decomposition

    def of(self, name: str) -> str:
        own = {KIND: self._kind, RELATION: self._relation, DELAY: self._delay, USUAL: self._usual}
        if name in own:
            return own[name]()
        feature = next((f for f in self.seen.features if f.name == name), None)
        return self._evidence(name) if feature is None else self._feature(feature)

    def _feature(self, feature: Feature) -> str:
        """What many changes share is counted, not named: a machine's account is nobody's business."""
        level = int(feature.codes[self.seen.pairs.change[self.pair]])
        if feature.name not in SHARED:
            return feature.levels[level]
        if level == 0:
            return SHARED[feature.name][0]
        return f"{SHARED[feature.name][1]} {plural(int((feature.codes == level).sum()), 'change')}"

    @cached_property
    def kind_name(self) -> str:
        return self.suspect["kind"].replace("_", " ")

    def _kind(self) -> str:
        rate = float(kind_rates(self.seen, self.decomposition.fitted)[self.seen.kind[self.pair]])
        return f"{self.kind_name} change; {per_thousand(rate)} of these set an incident off"

    def _relation(self) -> str:
        relation = self.seen.pairs.relation[self.pair]
        if relation == UNKNOWN:
            return "unknown: the change or the incident names no service"
        usual = float(self.decomposition.place[self.incident])
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

    def _usual(self) -> str:
        """How the evidence goes together among changes that are not to blame."""
        mean = float(np.exp(-self.decomposition.logs[USUAL][self.pair]))
        return f"innocent {self.kind_name} changes at such a place show evidence that weighs {times(mean)} on average"

    def _evidence(self, name: str) -> str:
        place = next(n for n, e in enumerate(EVIDENCE) if e.name == name)
        said = EVIDENCE[place].bins[self.seen.bins[place][self.pair]]
        change = self.seen.pairs.change[self.pair]
        shared = self.explainer.shown.words_by_field(self.incident, change) if name == WORDS else ""
        return f"{said} ({shared})" if shared else said

    def competition(self, inside: slice, linked: float) -> str:
        """How many changes compete, and how strongly. ``inside``: the incident's pairs; ``linked``: what earlier incidents take."""
        parts, own = self.decomposition, self.pair - inside.start
        rivals = np.delete(parts.origins.pairs[inside], own)
        if not len(rivals):
            return "no other change competes" + _earlier(linked)
        strongest = np.delete(np.arange(inside.start, inside.stop), own)[int(np.argmax(rivals))]
        change = self.seen.pairs.change[strongest]
        name = self.explainer.titles[change] or self.explainer.change_ids[change]
        count = plural(len(rivals), "other change")
        verb = "competes" if len(rivals) == 1 else "compete"
        none = max(float(parts.origins.none[self.incident]), likelihood.IMPOSSIBLE)
        return (
            f"{count} {verb}, together {times(float(rivals.sum()) / none)} the rate of “no recorded change”"
            + (f"; the strongest is {quoted(name)}" if len(rivals) > 1 else "")
            + _earlier(linked)
        )


def _earlier(linked: float) -> str:
    """That earlier incidents compete, too, where they do."""
    return f"; earlier incidents take {percent(linked)}" if linked >= LEAST_LINKED else ""
