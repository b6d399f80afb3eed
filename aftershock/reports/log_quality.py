"""What is wrong with the logs of a dataset, section by section: what was read, what shifts the answers, coverage, clocks."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from aftershock import quality
from aftershock.dataset.audience import DEFAULT
from aftershock.dataset.dataset import Dataset
from aftershock.dataset.record_account import LogAccount, log_accounts, place_of
from aftershock.dataset.shipped import FILE
from aftershock.output.blocks import Block, CodeBlock, Details, FactCards, Heading, NotebookStyle, Numbers, Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import MISSING, capital, listed, plural, sentence
from aftershock.output.safe_html import join, strong
from aftershock.quality import Finding, Quality, silences
from aftershock.quality.as_text import finding_record, impact_sentence, shift
from aftershock.quality.finding import exact
from aftershock.reports.base import Report, report_numbers
from aftershock.reports.notebook_parameters import LogQualityParameters, check_in_notebook
from aftershock.schema.errors import InputError

TABLES = ("incidents", "changes", "dependencies", "verdicts")
PARTS = {
    "incidents": "the incident log",
    "changes": "the change log",
    "dependencies": "the service graph",
    "verdicts": "the verdicts",
    "observed": "the logs as a whole",
}
MOST_OPEN, MOST_ROWS = 6, 50  # rows of a flaw that are shown without a click, and that are shown at all
UNCHECKED = "What cannot be read cannot be checked."
MEASURED = (
    "The model is fitted to the logs as they are and once more without the flaw: its rows left out, moved by the hour that is "
    "suspected, or under the name that is suggested. What shifts the answers most comes first. A dash: nobody knows what the rows "
    "should have been, so nothing can be compared."
)


def open_log_quality(
    *,
    dataset: str,
    audience: str = DEFAULT,
) -> LogQualityReport:
    """The report that a notebook's parameters ask for; UsageError when one is unknown, ill-typed or names nothing."""
    parameters, loaded = check_in_notebook(
        LogQualityParameters,
        dataset=dataset,
        audience=audience,
    )
    return LogQualityReport(loaded, parameters)


class LogQualityReport(Report):
    """One dataset. Every method is one section's block or figure."""

    def __init__(self, dataset: Dataset, parameters: LogQualityParameters):
        super().__init__(dataset)
        self.parameters = parameters

    @cached_property
    def quality(self) -> Quality:
        return quality.examine(self.dataset)

    @property
    def findings(self) -> list[Finding]:
        return self.quality.findings

    @property
    def with_impact(self) -> list[Finding]:
        """Findings that move an answer or the share that changes set off."""
        return [f for f in self.findings if f.impact and f.impact.size > 0.005]

    # the answer

    def summary(self) -> Stack:
        """How many flaws there are, and what the worst of them does to the answers."""
        return Stack(NotebookStyle(), Prose(*self.answer(), kind="answer"), self.warnings())

    def warnings(self) -> Stack:
        if not self.dataset.unread:
            return super().warnings()
        return Stack(
            Prose("Nothing can be attributed, and no other report made, before this is fixed.", kind="warning")
        )

    def answer(self) -> list[object]:
        """The summary in sentences."""
        unread = list(self.dataset.unread)
        if unread:
            parts = listed([PARTS.get(part, part) for part in unread], 5)
            said = "No row of either log can be used." if unread == ["observed"] else f"Not readable: {parts}."
            return [join("", [strong(said), " What follows is what can be said of the rest."])]
        if not self.findings:
            return ["Nothing was found wrong with these logs. What is in no log cannot be found."]
        worst = self.findings[0]
        said = f"{plural(len(self.findings), 'flaw')} found; {self._how_many_matter()}."
        rest = f" {'The worst' if self.with_impact else 'The first'}: {worst.title}."
        return [join("", [strong(said), rest + (f" {impact_sentence(worst.impact)}" if worst.impact else "")])]

    def _how_many_matter(self) -> str:
        moving, measured = len(self.with_impact), sum(f.impact is not None for f in self.findings)
        if not measured:
            return "what they do to the answers cannot be measured"
        if not moving:
            return "none that can be measured shifts the answers"
        if moving == len(self.findings):
            return "it shifts the answers" if moving == 1 else "each shifts the answers"
        return f"{moving} {'shifts' if moving == 1 else 'shift'} the answers"

    def facts(self) -> FactCards:
        """Records used, and how far the worst flaw reaches."""
        facts = [(name.capitalize(), self._used_words(name), self._not_used(name)) for name in TABLES[:2]]
        worst = self.findings[0].impact if self.findings else None
        if worst:
            moved = f"{worst.moved:,} of {worst.incidents:,}"
            facts.append(("Answers that the worst flaw moves", moved, "incidents with another first explanation"))
        note = "" if self.dataset.unread else f"shifting the answers: {len(self.with_impact)}"
        return FactCards([*facts, ("Flaws", f"{len(self.findings):,}", note)])

    def _is_unread(self, name: str) -> bool:
        return not {name, FILE}.isdisjoint(self.dataset.unread)

    def _used_words(self, name: str) -> str:
        return MISSING if self._is_unread(name) else f"{len(getattr(self.dataset, name)):,}"

    @cached_property
    def _accounts(self) -> dict[str, LogAccount]:
        return {log.log: log for log in log_accounts(self.dataset)}

    def _not_used(self, name: str) -> str:
        if self._is_unread(name):
            return "not read"
        log = self._accounts[name]
        return f"{log.rejected:,} rejected, {log.folded:,} folded"

    # sections

    def read(self) -> Stack:
        """What cannot be read at all and how to fix it; what became of every record of the rest."""
        unread = [block for part, error in self.dataset.unread.items() for block in self._unread(part, error)]
        rows = [self._records(name) for name in TABLES]
        shown = [r for r in rows if r["Log"] in TABLES[:2] or r["Records"]]
        return Stack(*unread, Table(pd.DataFrame(shown), "Records: used, rejected or folded; odd ones are used"))

    def _unread(self, part: str, error: InputError) -> list[Block]:
        title = f"{sentence(PARTS[part]) if part in PARTS else part}: not readable"
        if not error.problems:
            return [Prose(strong(title), *str(error).splitlines()[:MOST_ROWS])]
        rows = [
            {
                "Where": place_of(p),
                "Column": p.column or "",
                "Found": p.found,
                "Expected": p.expected,
                "To fix it": p.remedy,
            }
            for p in error.problems[:MOST_ROWS]
        ]
        return [Table(pd.DataFrame(rows), title)]

    def _records(self, name: str) -> dict[str, object]:
        log = self._accounts[name]
        return {
            "Log": log.log,
            "Records": log.records,
            "Used": log.used,
            "Rejected": log.rejected,
            "Folded": log.folded,
            "Odd": log.noted,
        }

    def ranking(self) -> Stack:
        """Every flaw with its impact."""
        rows = [
            {
                "Flaw": sentence(f.title),
                "Rows": len(f.rows) or None,
                "Answers that move": f.impact.moved / f.impact.incidents if f.impact else None,
                "Share set off by changes": capital(shift(f.impact, "does not move")) if f.impact else MISSING,
                "Touches": f.touches or MISSING,
            }
            for f in self.findings
        ]
        columns = ["Flaw", "Rows", "Answers that move", "Share set off by changes", "Touches"]
        table = pd.DataFrame(rows, columns=columns).astype({"Rows": "Int64"})
        nothing = UNCHECKED if self.dataset.unread else "Nothing was found wrong with these logs."
        said = Table(table, "Flaws", bars=["Answers that move"], empty=nothing)
        return Stack(Prose(MEASURED), said) if any(f.impact for f in self.findings) else Stack(said)

    @property
    def testable_logs(self) -> list[str]:
        """The logs with enough rows to tell a hole from chance."""
        logs = silences.LOGS
        return [log for log in logs if silences.is_testable(getattr(self.dataset, log)["started_at"], self.zone)]

    @property
    def weeks(self) -> pd.DataFrame:
        """Rows of each log per whole week: log, week, rows."""
        parts = []
        for log in silences.LOGS:
            counts = silences.weekly(getattr(self.dataset, log)["started_at"], self.zone)
            parts.append(pd.DataFrame({"log": log, "week": counts.index, "rows": counts.to_numpy()}))
        return pd.concat(parts, ignore_index=True)

    @property
    def stretches(self) -> pd.DataFrame:
        """Where a log has too few rows: log, first and last in the dataset's zone, rows, expected."""
        rows = [
            {
                "log": log,
                "first": s.first.tz_convert(self.zone).tz_localize(None),
                "last": s.last.tz_convert(self.zone).tz_localize(None),
                "rows": s.rows,
                "expected": s.expected,
            }
            for log in silences.LOGS
            for s in silences.stretches(getattr(self.dataset, log)["started_at"], self.zone)
        ]
        return pd.DataFrame(rows, columns=["log", "first", "last", "rows", "expected"])

    def hours(self, log: str) -> pd.DataFrame:
        """Rows of a log per hour of the week in the dataset's zone: weekday (0 is Monday), hour, rows. Only exact stamps."""
        frame = getattr(self.dataset, log)
        local = frame.loc[exact(frame), "started_at"].dt.tz_convert(self.zone)
        hours = pd.DataFrame({"weekday": local.dt.day_of_week, "hour": local.dt.hour})
        return hours.value_counts().reset_index(name="rows") if len(hours) else hours.assign(rows=0)

    def details(self) -> Stack:
        """Each flaw: what was seen, what it does, how to fix it, its rows."""
        if not self.findings:
            return Stack(Prose(UNCHECKED if self.dataset.unread else "Nothing was found."))
        return Stack(*(block for number, f in enumerate(self.findings, 1) for block in self._detail(number, f)))

    def _detail(self, number: int, finding: Finding) -> list[Block]:
        said: list[object] = [finding.said]
        if finding.impact:
            said.append(impact_sentence(finding.impact))
        if finding.touches:
            said.append(f"It affects {finding.touches}.")
        blocks: list[Block] = [
            Heading(f"{number}. {sentence(finding.title)}"),
            Prose(*said, join("", [strong("To fix it: "), finding.fix])),
        ]
        if finding.toml:
            blocks.append(CodeBlock(finding.toml))
        if len(finding.rows) and self.dataset.audience != "public":
            blocks.append(self._rows(finding))
        return blocks

    def _rows(self, finding: Finding) -> Block:
        shown = finding.rows.head(MOST_ROWS)
        table = pd.DataFrame(
            {"Where": [place_of(r) for r in shown.itertuples()], "Id": shown["id"], "What": shown["what"].map(str)}
        )
        table = Table(table[[c for c in table if c == "What" or (table[c] != "").any()]])
        if len(finding.rows) <= MOST_OPEN:
            return table
        more = f", the first {MOST_ROWS}; the JSON next to this page has more" if len(finding.rows) > MOST_ROWS else ""
        return Details(f"{plural(len(finding.rows), 'row')}{more}", table)

    def data_notes(self) -> Stack:
        """What was read, what was rejected and what was odd."""
        if not self.dataset.unread:
            return super().data_notes()
        tables = self.account()
        return Stack(*tables) if tables else Stack(Prose("No single row was rejected or odd."))

    def footer(self) -> Stack:
        return Stack(*self.inputs(self.parameters.model_dump()))

    def numbers(self) -> Numbers:
        """The report's numbers, for the JSON next to it."""
        return report_numbers(
            self.dataset,
            updated_at=self.dataset.observed[1],
            summary=str(self.answer()[0]),
            numbers={
                "records": [self._records(name) for name in TABLES],
                "findings": [self._record(f) for f in self.findings],
                "unread": {part: str(error) for part, error in self.dataset.unread.items()},
            },
        )

    def _record(self, finding: Finding) -> dict[str, object]:
        """A finding for the JSON; a public report holds no single rows."""
        record = finding_record(finding)
        return {**record, "rows": []} if self.dataset.audience == "public" else record
