"""How far the answers can be trusted here: the backtest where causes are known, the self-check and chance where not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from aftershock import figures
from aftershock.dataset.audience import DEFAULT
from aftershock.dataset.dataset import Dataset
from aftershock.model.validation.backtest import OURS, Backtest, backtest, labels_of
from aftershock.model.validation.baselines import RECENT
from aftershock.model.validation.expected_accuracy import ExpectedAccuracy, accuracy_sentence, expected_accuracy
from aftershock.model.validation.known_causes import BY_COMPONENT, IN_LOG
from aftershock.model.validation.scores import score_table
from aftershock.model.validation.text_tables import PROBABILITIES, RANKING, none_first_sentence, sample_size
from aftershock.model.validation.time_shift import unshifted
from aftershock.output.blocks import Block, FactCards, NotebookStyle, Numbers, Prose, Stack
from aftershock.output.file_names import file_name
from aftershock.output.html_table import Table
from aftershock.output.json_values import json_rows
from aftershock.output.phrases import MISSING, interval_percent, listed, percent, percent_range, plural, verb
from aftershock.output.safe_html import join, link, strong
from aftershock.reports import misled_section
from aftershock.reports.base import Report, report_numbers
from aftershock.reports.notebook_parameters import ModelCheckParameters, check_in_notebook

NO_LABELS = (
    "No cause is known in this dataset, so what was answered cannot be compared with what was true. Below is what the model "
    "expects of itself, which is the most that can be hoped for. Record verdicts (aftershock verdict) to find out."
)
NOTHING_KNOWN = "No cause is known in this dataset."
FEW_LABELS = 20
WORST = 12


def open_model_check(
    *,
    dataset: str,
    audience: str = DEFAULT,
    labels: str = "",
    as_of: str = "onset",
    folds: int = 5,
    link_incidents: bool = False,
) -> ModelCheckReport:
    """The report that a notebook's parameters ask for; UsageError when one is unknown, ill-typed or names nothing."""
    parameters, loaded = check_in_notebook(
        ModelCheckParameters,
        dataset=dataset,
        audience=audience,
        labels=labels,
        as_of=as_of,
        folds=folds,
        link_incidents=link_incidents,
    )
    return ModelCheckReport(loaded, parameters)


class ModelCheckReport(Report):
    """One dataset. Every method is one section's block or figure; without known causes most of them are empty."""

    def __init__(self, dataset: Dataset, parameters: ModelCheckParameters):
        super().__init__(dataset)
        self.parameters = parameters

    @cached_property
    def labels(self) -> pd.DataFrame:
        return labels_of(self.dataset, self.parameters.labels)

    @property
    def labelled(self) -> bool:
        return not self.labels.empty

    @cached_property
    def backtest(self) -> Backtest:
        onset = self.parameters.as_of == "onset"
        return backtest(self.dataset, self.labels, as_of_onset=onset, folds=self.parameters.folds)

    @cached_property
    def expected(self) -> ExpectedAccuracy:
        expected = expected_accuracy(self.found)
        assert expected is not None, "computed now, so it is there"
        return expected

    @cached_property
    def expectation(self) -> str:
        return accuracy_sentence(self.found, self.expected)

    @cached_property
    def measured(self) -> pd.DataFrame:
        """Rule, measure → value, low, high, n."""
        return self.backtest.scores.set_index(["rule", "measure"])

    # the answer

    def summary(self) -> Stack:
        """How often the first suspect is right, against naming the last change; what to expect of a suspect given 80 %."""
        said = [join("", self._hits())] if self.labelled else [NO_LABELS]
        return Stack(
            NotebookStyle(), Prose(*said, self.expectation, kind="answer"), self.warnings(), self._few_labels()
        )

    def _hits(self) -> list[object]:
        ours, recent = (self.measured.loc[(rule, "top_1")] for rule in (OURS, RECENT))
        accused = self.measured.loc[(OURS, "accused")]
        said: list[object] = []
        if ours["n"]:
            gain = self.backtest.gains.set_index(["rule", "measure"]).loc[(RECENT, "top_1")]
            said = [
                strong(ranked_first(ours)),
                f" Naming the most recent change gets {_with_ends(recent)}; the gain is {_points(gain)} points.",
            ]
        if accused["n"]:
            said.append(f" {pinned(accused)}")
        return said or ["No known cause can be compared with an answer."]

    def _few_labels(self) -> Stack:
        known = int(self.labels["cause"].ne("unknown").sum()) if self.labelled else FEW_LABELS
        if known >= FEW_LABELS:
            return Stack()
        return Stack(Prose(few_known(known), kind="warning"))

    def facts(self) -> FactCards:
        """Four numbers, each with its interval."""
        return FactCards([*(self._measured_facts() if self.labelled else []), *self._promised_facts()])

    def _measured_facts(self) -> list[tuple[str, str, str]]:
        rows = [("True change among the first five", "top_5"), ("Tells a change from none (AUC)", "auc")]
        facts = []
        for words, measure in rows:
            row = self.measured.loc[(OURS, measure)]
            if row["n"]:
                value = percent(row["value"]) if measure == "top_5" else f"{row['value']:.2f}"
                ends = (
                    percent_range(row["low"], row["high"])
                    if measure == "top_5"
                    else f"{row['low']:.2f}–{row['high']:.2f}"
                )
                facts.append((words, value, ends))
        found = self.backtest.calibration
        if found.n:
            words = "as small as a right model's" if found.passes else "larger than a right model's"
            facts.append(("Calibration error", f"{found.error:.3f}", f"{words}: at most {found.perfect_95:.3f}"))
        return facts

    def _promised_facts(self) -> list[tuple[str, str, str]]:
        expected = {e.measure: e for e in self.expected.expected}
        facts = []
        if "top_1" in expected:
            e = expected["top_1"]
            facts.append(("First suspect right, expected", percent(e.value), percent_range(e.low, e.high)))
        if self.expected.linked_by_chance:
            mean, least, most = self.expected.linked_by_chance
            facts.append(("Linked to a change", str(self.expected.linked), f"by chance {mean:.0f} ({least}–{most})"))
        return facts

    # where causes are known

    @property
    def reliability(self) -> pd.DataFrame:
        """Bins of what top suspects were given, against how often they were right; without labels the self-check's."""
        return self.backtest.reliability if self.labelled else self._reached

    @property
    def _reached(self) -> pd.DataFrame:
        """The same bins of the self-check, whose causes are known because they were drawn."""
        rows = pd.DataFrame([r.model_dump() for r in self.expected.reached])
        return rows.rename(columns={"start": "from", "end": "to"})

    def reliability_figure(self, reliability: pd.DataFrame) -> go.Figure:
        """The bins as dots, with the self-check's promise where they are measured."""
        if not self.labelled:
            return figures.reliability_diagram(reliability, drawn=True)
        return figures.reliability_diagram(reliability, promised=self._reached)

    @property
    def ranks(self) -> pd.DataFrame:
        """How many true changes have each rank (1 to 10, later, missed): ours, and by recency; without labels the self-check's."""
        names = [*map(str, range(1, 11)), "later", "missed"]
        if self.labelled:
            ours, recent = (_ranks(self.backtest.by_rule[rule]) for rule in (OURS, RECENT))
            return _without_empty(pd.DataFrame({"rank": names, "ours": ours, "recent": recent}))
        return _without_empty(pd.DataFrame({"rank": names, "ours": [*self.expected.ranks, 0], "recent": np.nan}))

    def rules_table(self) -> Stack:
        """The model against the simple rules, on the same incidents and candidates."""
        if not self.labelled:
            return Stack(Prose(NOTHING_KNOWN))
        table = self.backtest.scores
        blocks: list[Block] = [
            Prose(self._measured_on()),
            _table(table, RANKING, "Ranks of the true change, with 95 % intervals"),
        ]
        blocks.append(_table(table, PROBABILITIES, "Probabilities, with 95 % intervals"))
        return Stack(*blocks, *self._by_method())

    def _measured_on(self) -> str:
        of = listed([f"{n} {m or 'from the file'}" for m, n in self.labels["method"].value_counts().items()])
        when = "as of each incident's onset" if self.backtest.as_of_onset else "with all that is known now"
        said = f"Answered blind and {when}: {sample_size(self.backtest.ours)}. Labels: {of}."
        return " ".join(filter(None, [said, none_first_sentence(self.backtest.ours)]))

    def _by_method(self) -> list[Table]:
        ours = self.backtest.ours
        matched = (ours["method"] == BY_COMPONENT) & (ours["cause"] == IN_LOG)
        if not matched.any():
            return []
        part = {rule: table[table["method"] == BY_COMPONENT] for rule, table in self.backtest.by_rule.items()}
        return [_table(score_table(part), RANKING, "Labels matched by component alone, which flatters recency")]

    def later_table(self) -> Stack:
        """The same when only earlier incidents were learned from."""
        if not self.labelled or not self.backtest.held_out:
            words = "There are too few incidents with a known cause to cut them by time."
            return Stack(Prose(words if self.labelled else NOTHING_KNOWN))
        parts, held_out = self.backtest.folds, self.backtest.held_out
        words = (
            f"Cut by time into {plural(len(parts), 'part')}; each was answered by a model that had seen only what came before, "
            f"{plural(parts[0].learned_from, 'incident')} for the first and {parts[-1].learned_from:,} for the last."
        )
        table = score_table(held_out)
        caption = "Later incidents alone, with 95 % intervals"
        return Stack(Prose(words), _table(table, RANKING, caption), _table(table, PROBABILITIES, caption))

    def worst_table(self) -> Table | Stack:
        """The incidents answered most wrongly, and what spoke for the wrong explanation."""
        if not self.labelled:
            return Stack(Prose(NOTHING_KNOWN))
        worst = self.backtest.worst(WORST)
        return misled_section.worst_table(self.backtest.found, worst, [self._linked(i) for i in worst["incident_id"]])

    def _linked(self, incident_id: str) -> object:
        if not self.parameters.link_incidents:
            return incident_id
        return link(incident_id, f"incidents/{file_name(incident_id)}.html")

    # without labels

    def self_check(self) -> Stack:
        """What the model expects of itself on logs like these."""
        kept = self.expected
        if not kept.drawn:
            return Stack(Prose(self.expectation))
        words = (
            f"{plural(kept.logs, 'log')} with {plural(kept.drawn, 'incident')} {verb(kept.logs, 'was', 'were')} drawn from the "
            "fitted model on this change log, and the model was fitted to each. This is what it then got right. It is the best "
            "case: where the real world is not as the model holds, the truth is worse."
        )
        names = {"top_1": "True change first", "top_3": "Among the first 3", "top_5": "Among the first 5"}
        names |= {"accused": "Falsely accused", "auc": "Tells change from none (AUC)"}
        table = pd.DataFrame(
            [
                (names[e.measure], f"{e.value:.2f}", f"{e.low:.2f} to {e.high:.2f}", self._real(e.measure))
                for e in kept.expected
            ],
            columns=["Measure", "Expected", "90 % interval", "Measured here (95 %)"],
        )
        if not self.labelled:
            table = table.drop(columns="Measured here (95 %)")
        return Stack(Prose(words), Table(table, "Expected on logs like these", align={"Expected": "right"}))

    def _real(self, measure: str) -> str:
        if not self.labelled:
            return ""
        row = self.measured.loc[(OURS, measure)]
        return f"{row['value']:.2f} ({row['low']:.2f} to {row['high']:.2f})" if row["n"] else MISSING

    @property
    def shifted(self) -> pd.DataFrame:
        """Incidents linked to a change in the logs as they are (first row) and in logs moved against each other."""
        return pd.DataFrame([log.model_dump() for log in (unshifted(self.found), *self.expected.chance)])

    def chance(self) -> Prose:
        """The share that remains when the logs are moved against each other."""
        share = self.expected.share_by_chance
        if share is None:
            return Prose("The period is too short to move the logs against each other.")
        here = float(self.found.shares["change_probability"].mean())
        return Prose(
            f"Changes are given {percent(here)} of the incidents here; in the moved logs {interval_percent(*share)}. Small shares "
            "given to many changes add up, so this is more than the incidents linked by name."
        )

    def footer(self) -> Stack:
        return self.made_from({k: v for k, v in self.parameters.model_dump().items() if k != "labels"})

    def numbers(self) -> Numbers:
        """The report's numbers, for the JSON next to it."""
        measured = (
            {"scores": json_rows(self.backtest.scores), "gains": json_rows(self.backtest.gains)}
            if self.labelled
            else {}
        )
        return report_numbers(
            self.dataset,
            updated_at=self.dataset.observed[1],
            summary=f"{join('', self._hits()) if self.labelled else NOTHING_KNOWN} {self.expectation}",
            numbers={**measured, "expected": self.expected.model_dump()},
        )


def ranked_first(row: pd.Series) -> str:
    """In how many incidents the true change is ranked first; ``row``: of the scores."""
    count, share = int(row["n"]), row["value"]
    if count == 1:
        first = "is" if share > 0.5 else "is not"
        return f"The change that did it {first} ranked first in the one incident whose change is known."
    return f"The change that did it is ranked first in {_with_ends(row)} of {count:,} incidents."


def pinned(row: pd.Series) -> str:
    """How many of the incidents without a logged cause are pinned on a change; ``row``: of the scores."""
    count = int(row["n"])
    if count == 1:
        return f"The one that no logged change set off is {'' if row['value'] > 0.5 else 'not '}pinned on one."
    return f"Of {count:,} incidents that no logged change set off, {_with_ends(row)} are pinned on one."


def few_known(count: int) -> str:
    """What so few known causes are worth."""
    if not count:
        return "No incident has a known cause: every label says unknown."
    return f"Only {plural(count, 'cause')} known: the intervals are wide, and one incident more or less changes every number."


def _with_ends(row: pd.Series) -> str:
    return interval_percent(row["value"], row["low"], row["high"])


def _points(row: pd.Series) -> str:
    return f"{100 * row['value']:+.0f} ({100 * row['low']:+.0f} to {100 * row['high']:+.0f})"


def _ranks(table: pd.DataFrame) -> list[float]:
    """How many true changes have rank 1 to 10, later, and how many were no candidates; a mean place is rounded."""
    ranks = table["rank"].dropna().to_numpy(dtype=float)
    whole = np.floor(ranks[np.isfinite(ranks)] + 0.5)
    return [*(float((whole == k).sum()) for k in range(1, 11)), float((whole > 10).sum()), float(np.isinf(ranks).sum())]


def _without_empty(table: pd.DataFrame) -> pd.DataFrame:
    """Without the last ranks that nothing has; the first five always stay."""
    filled = table[["ours", "recent"]].fillna(0).sum(axis=1) > 0
    return table[filled | (table.index < 5)].reset_index(drop=True)


def _table(scores: pd.DataFrame, columns: Mapping[str, str], caption: str) -> Table:
    """Rules × measures with their intervals; measures that nothing was measured for are left out."""
    known = {m: head for m, head in columns.items() if scores.loc[scores["measure"] == m, "n"].sum()}
    cells = {(r.rule, r.measure): f"{r.value:.2f} ({r.low:.2f} to {r.high:.2f})" for r in scores.itertuples() if r.n}
    rows = [[rule, *(cells.get((rule, m), MISSING) for m in known)] for rule in scores["rule"].unique()]
    heads = ["Rule", *known.values()]
    return Table(pd.DataFrame(rows, columns=heads), caption, align=dict.fromkeys(known.values(), "right"))
