"""What every report has: the warnings on top, the account of the data, the footer that lets somebody make it again."""

from __future__ import annotations

import math
import platform
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version

import pandas as pd

from aftershock import __version__, metrics
from aftershock.dataset.dataset import Dataset
from aftershock.dataset.record_account import by_reason, place_of
from aftershock.metrics import Estimate
from aftershock.model.attribution import Attribution
from aftershock.model.validation.expected_accuracy import accuracy_sentence
from aftershock.output.blocks import Numbers, Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import MISSING, clock, percent, plural, verb
from aftershock.reports import prepared
from aftershock.schema.tables import FOLDS, REASONS

ENOUGH = 3.0  # expected incidents set off by changes; below, rates and delays are mostly the priors' (a judgement)
FORMAT = 1
"""Of the JSON next to a report: a number that grows when a reader must do something differently."""
HOW_TO_READ = (
    "A probability is the share of this incident that the model gives to one explanation; all of them, “no recorded change” "
    "included, add up to 100 %. Intervals hold 90 %. A suspect is not a verdict."
)


def by_chance(share: Estimate) -> str:
    """``; by chance 22 %`` behind a share; nothing where chance is not known."""
    return "" if percent(share.chance) == MISSING else f"; by chance {percent(share.chance)}"


class Report:
    """Base of the reports: one dataset, the model's findings, and blocks that need no more than these."""

    def __init__(self, dataset: Dataset, *, blind: bool = False):
        self.dataset, self.blind = dataset, blind

    @cached_property
    def found(self) -> Attribution:
        return prepared.attribution(self.dataset, blind=self.blind)

    @cached_property
    def expectation(self) -> str:
        """How far answers on logs like these can be trusted, in a sentence (:func:`accuracy_sentence`)."""
        return accuracy_sentence(self.found, prepared.accuracy(self.found))

    @cached_property
    def learned(self) -> bool:
        """Whether changes set off enough outages here, and more than chance would, to say anything of their delays and
        risk; else such numbers would be the priors'."""
        everywhere = metrics.change_share(self.found, self.found.shares["incident_id"].tolist())
        return float(self.found.rates["set_off"].sum()) >= ENOUGH and everywhere.above_chance is True

    @property
    def shares(self) -> pd.DataFrame:
        """``found.shares``; no row where no change could compete for any incident."""
        return self.found.shares if self.dataset.overlapping else self.found.shares.iloc[:0]

    def share_of(self, incident_ids: list[str]) -> Estimate:
        """The share of these incidents that changes set off; not known where no change could compete for them."""
        return metrics.change_share(self.found, incident_ids if self.dataset.overlapping else [])

    @property
    def zone(self) -> str:
        return self.dataset.timezone

    def warnings(self) -> Stack:
        """What a reader must know before the first number."""
        said = list(self.found.warnings)
        if said and self.dataset.overlapping:  # the page may be of one month, and that an empty one
            said[0] = f"About the whole log: {said[0]}"
        if self.dataset.simulated:
            said.insert(0, "This is simulated data: no such company, service or incident exists.")
        rejected = len(self.dataset.rejected)
        if rejected:
            where = "counted" if self.dataset.audience == "public" else "listed"
            said.append(f"{plural(rejected, 'row')} of the logs could not be used; they are {where} under data notes.")
        return Stack(*([Prose(*said, kind="warning")] if said else []))

    def data_notes(self) -> Stack:
        """What was read, what was rejected and what was odd."""
        dataset = self.dataset
        without_service = dataset.changes_without_service / max(len(dataset.changes), 1)
        rejected, odd = len(dataset.rejected), len(dataset.notes)
        unused = f"{plural(rejected, 'row')} could not be used" if rejected else "every row could be used"
        looked = f"{plural(odd, 'oddity', 'oddities')} {verb(odd, 'was', 'were')} noted" if odd else "none looked odd"
        copies = int((dataset.incidents["duplicate_of"].fillna("") != "").sum())
        again = f"; {copies} of the incidents {verb(copies, 'repeats another and counts', 'repeat another and count')} once with it"
        nameless = "Every change names a service" if not without_service else "No change names a service"
        if 0 < without_service < 1:
            nameless = f"{percent(without_service)} of the changes name no service"
        intro = (
            f"{plural(len(dataset.incidents), 'incident')} and {plural(len(dataset.changes), 'change')} were read; "
            f"{unused} and {looked}{again if copies else ''}. Both logs cover "
            f"{clock(dataset.observed[0], self.zone)} to {clock(dataset.observed[1], self.zone)}."
            f"{f' {nameless}.' if len(dataset.changes) else ''}"
        )
        return Stack(Prose(intro), *self.account())

    def account(self) -> list[Table]:
        """Rows that could not be used, rows that looked odd, records that are no rows: those tables that have rows. A public
        report counts the rows."""
        if self.dataset.audience == "public":
            return [t for t in (*self._reasons(), self._folded()) if t]
        tables = [
            self._problems(getattr(self.dataset, name), title)
            for name, title in (("rejected", "Rows that could not be used"), ("notes", "Rows that looked odd"))
        ]
        return [t for t in (*tables, self._folded()) if t]

    def _folded(self) -> Table | None:
        """Records that are no rows by intention, as counts: there may be thousands of them."""
        folded = self.dataset.folded
        if folded.empty:
            return None
        counts = folded.groupby(["table", "reason"], sort=True).size().reset_index(name="Records")
        counts["Why"] = counts["reason"].map(FOLDS)
        title = "Records that are no rows of their own"
        return Table(counts.rename(columns={"table": "Log"})[["Log", "Why", "Records"]], title)

    def _reasons(self) -> list[Table]:
        """How many rows for which reason: what a public report says of them."""
        counts = [
            (f"Rows {what}", reason.words, len(reason.rows))
            for name, what in (("rejected", "not used"), ("notes", "odd"))
            for reason in by_reason(getattr(self.dataset, name))
        ]
        return [Table(pd.DataFrame(counts, columns=["Rows", "Why", "Number"]), "Why")] if counts else []

    def _problems(self, problems: pd.DataFrame, title: str) -> Table | None:
        if problems.empty:
            return None
        shown = problems.head(50)
        table = pd.DataFrame(
            {
                "Where": [place_of(row) for row in shown.itertuples()],
                "Column": shown["column"],
                "Found": shown["found"],
                "Expected": shown["expected"],
                "Why": [REASONS.get(r, r) for r in shown["reason"]],
            }
        )
        more = f" (the first 50 of {len(problems)})" if len(problems) > 50 else ""
        return Table(table, title + more)

    def made_from(self, parameters: dict[str, object]) -> Stack:
        """How far such answers can be trusted, and what it takes to make the report again: inputs, parameters, versions."""
        model = (
            f"Model {self.found.fingerprint}: a report with the same digits has its probabilities of the same model."
        )
        return Stack(Prose(self.expectation), *self.inputs(parameters), Prose(model))

    def inputs(self, parameters: dict[str, object]) -> list[Prose | Table]:
        """Versions, parameters, and the files with their hashes."""
        chosen = "".join(f"; {k} = {v}" for k, v in parameters.items() if k != "dataset")
        text = (
            f"Aftershock {__version__}, Python {platform.python_version()}, pandas "
            f"{version('pandas')}; dataset {self.dataset.mask.text(self.dataset.key)}, "
            f"times in {self.zone}, horizon {self.dataset.settings.attribution.horizon / pd.Timedelta(hours=1):g} hours{chosen}."
        )
        return [Prose(text), self._files()]

    def _files(self) -> Prose | Table:
        """The input files and their hashes; of a public report one hash of all, enough to know the inputs again."""
        hashes = self.dataset.hashes
        if self.dataset.audience == "public":
            return Prose(
                f"{plural(len(hashes), 'input file')}; first 16 digits of the SHA-256 of theirs: {self.dataset.reading}."
            )
        files = pd.DataFrame({"File": list(hashes), "SHA-256": [h[:16] for h in hashes.values()]})
        return Table(files, "Input files, first 16 digits of their SHA-256")


def one_decimal(value: float) -> str:
    """A number with one decimal; a dash for none."""
    return MISSING if math.isnan(value) else f"{value:.1f}"


def report_numbers(
    dataset: Dataset,
    *,
    updated_at: pd.Timestamp,
    summary: str,
    numbers: dict[str, object],
    month: str = "",
    started_at: pd.Timestamp | None = None,
    severity: str = "",
    services: Sequence[str] = (),
) -> Numbers:
    """The numbers of a report for the JSON next to it; ``report`` is what the index and the feed show.

    ``updated_at``: the last moment that the report tells of, not the one at which it was made, so that equal inputs
    give equal files and a feed announces only what has something new to tell.
    """
    head = {
        "format": FORMAT,
        "audience": dataset.audience,
        "dataset_name": dataset.given_name,
        "reading": dataset.reading,
        "simulated": dataset.simulated,
        "month": month,
        "started_at": started_at.isoformat() if started_at is not None else "",
        "updated_at": updated_at.isoformat(),
        "severity": severity,
        "services": list(services),
        "summary": summary,
    }
    return Numbers({"report": head, **numbers})
