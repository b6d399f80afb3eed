"""The draft of a dataset.toml: sections with their guesses, as text with comments and as lines for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from aftershock import sources
from aftershock.dataset import zone_words
from aftershock.output.phrases import listed, verb
from aftershock.schema.tables import SCHEMAS
from aftershock.wizard import (
    environments,
    further_logs,
    kinds_and_states,
    line_evidence,
    row_questions,
    service_matching,
    time_formats,
    vendor_sections,
    vocabulary,
)
from aftershock.wizard.column_matching import Fit
from aftershock.wizard.csv_dialect import encoding, of_workbook, written
from aftershock.wizard.guess import CERTAIN, LIKELY, MOST_NAMES, NOT_KNOWN, UNSURE, Guess, MissingColumn
from aftershock.wizard.interpretation import Interpretation
from aftershock.wizard.section_lines import Line, behind, only, planned_line, type_line
from aftershock.wizard.time_formats import Stamps
from aftershock.wizard.toml_text import array, inline, one_line, quoted

SECTIONS = {table: section for section, table in sources.SECTIONS.items()}
COSTS = {
    "incidents": {
        "services": "every change is as near to an incident as any other; where it happened cannot speak",
        "title": "the words of an incident cannot be compared with those of changes",
        "resolved_at": "no time to resolve",
        "detected_at": "no time to detect",
        "severity": "no counts by severity",
    },
    "changes": {
        "services": "every change is as near to an incident as any other; where it happened cannot speak",
        "kind": "kinds are inferred from titles and paths, roughly; one rate and one delay for what stays other",
        "title": "the words of a change cannot be compared with those of incidents",
    },
    "dependencies": {},
}
NO_GRAPH = "no service graph: a change of one service is no nearer to another that depends on it"
MEANINGS: dict[str, list[tuple[str, str, Callable[[pd.Series], tuple[dict[str, str], list[str]]], str]]] = {
    "incidents": [("status", "statuses", vocabulary.states, "resolved")],
    "changes": [
        ("kind", "kinds", vocabulary.kinds, "deploy"),
        ("status", "statuses", vocabulary.change_states, "done"),
    ],
    "dependencies": [],
}
NO_CHANGES = "no change log: nothing can be said of what set incidents off; the month can be reviewed all the same"


_TOTALS = ("total_count", "totalCount", "TotalResults", "total_results", "totalResults", "totalItems", "total_items")


@dataclass(frozen=True)
class Section:
    """A section of dataset.toml: the log it names, its lines and those of its columns, the guesses behind them, what is
    missing and which columns of the file nothing is made of; ``questions``: what only the user knows."""

    table: str
    path: str
    format: str
    lines: tuple[Line, ...]
    columns: tuple[Line, ...]
    guesses: tuple[Guess, ...]
    missing: tuple[MissingColumn, ...]
    unused: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    offsets: float = 1.0  # the share of its stamps that state an offset
    environments: Guess | None = None  # those in which a change can set off an incident, separated by commas
    rules: tuple[str, ...] = ()  # lines below its tables

    def with_zone(self, zone: str, guess: Guess) -> Section:
        line = Line("timezone", quoted(zone), behind(guess))
        others = tuple(k for k in self.lines if k.key != "timezone")
        return replace(self, lines=(*others, line), guesses=(*self.guesses, guess))


@dataclass(frozen=True)
class Draft:
    """A whole dataset.toml, not written yet. ``more``: sections of tables that have several logs, behind the first."""

    name: str
    timezone: str
    sections: dict[str, Section]
    zone_said: str = "of months, hours of the week and display"
    more: tuple[Section, ...] = ()

    @property
    def in_order(self) -> list[Section]:
        """The sections as they are written and printed."""
        return [one for table in ("incidents", "changes", "dependencies") for one in self.of_table(table)]

    def of_table(self, table: str) -> list[Section]:
        """The sections of a table."""
        first = [self.sections[table]] if table in self.sections else []
        return first + [section for section in self.more if section.table == table]

    def as_toml(self) -> str:
        """The file, every guess with a comment that says how sure it is."""
        lines = [
            "# Guessed by aftershock init from the files themselves; what is not certain says so. Look at what is read before",
            "# you believe anything: aftershock check. docs/datasets.md explains every key.",
            f"name = {quoted(self.name)}",
            f"timezone = {quoted(self.timezone)}  # {one_line(self.zone_said)}",
        ]
        for section in self.in_order:
            lines += ["", *_section_lines(section, several=len(self.of_table(section.table)) > 1)]
        if "changes" not in self.sections:
            lines += ["", f"# [changes]  # {NO_CHANGES}", '# path = "changes.csv"']
        elif guess := self.sections["changes"].environments:
            line = Line("environments", array(guess.value.split(", ")), behind(guess))
            lines += ["", "[attribution]", line.as_toml()]
        if "dependencies" not in self.sections:
            lines += ["", f"# [services]  # {NO_GRAPH}", '# path = "services.csv"']
        return "\n".join(lines) + "\n"


def _section_lines(section: Section, several: bool) -> list[str]:
    name = SECTIONS[section.table]
    lines = [f"[[{name}]]" if several else f"[{name}]", *(line.as_toml() for line in section.lines)]
    if section.columns:
        lines += [
            "",
            f"[{name}.columns]  # name here = name in the file",
            *(line.as_toml() for line in section.columns),
        ]
    else:
        lines += [f"# Nothing for {m.column}: {m.cost}." for m in section.missing]
    if section.unused:
        lines.append(f"# In no column of Aftershock: {one_line(listed(list(section.unused), MOST_NAMES))}.")
    return [*lines, *section.rules]


def section_of(chosen: Interpretation, path: str, several: int = 1) -> Section:
    """What is known of one log, as a section; ``several``: how many logs its table has."""
    where = Line("repository" if chosen.input.repository else "path", quoted(path))
    if chosen.fit is None or chosen.raw is None:
        section = _of_vendor(chosen, path, where)
        if chosen.input.repository:
            return _with_services(section, chosen.input.given, several > 1)
    else:
        section = _of_table(chosen, chosen.fit, chosen.raw, path, where)
    return replace(section, questions=(*section.questions, *_of_other_pages(chosen)))


def _of_other_pages(chosen: Interpretation) -> Iterator[str]:
    """What to say of a page that says how many there are, and holds fewer."""
    around = chosen.input.heads[0].around if len(chosen.input.paths) == len(chosen.input.heads) == 1 else {}
    total = next((said for name in _TOTALS if isinstance(said := around.get(name), int)), 0)
    if chosen.raw is not None and total > chosen.raw.records > 0:
        yield f"it says that there are {total:,} and holds {chosen.raw.records:,}: export the other pages as well"


def _of_vendor(chosen: Interpretation, path: str, where: Line) -> Section:
    known_by = "a git repository" if chosen.input.repository else "recognised by its fields"
    how = Guess("format", chosen.format, chosen.sure, known_by)
    found = [*vendor_sections.label(chosen), *vendor_sections.severity(chosen)]
    lines = [where, Line("format", quoted(chosen.format), behind(how)), *_sheet_lines(chosen)]
    lines += [Line(g.what, array(value), behind(g), off=g.sure < UNSURE) for value, g in found]
    if chosen.format in vendor_sections.OF_BRANCHES:
        lines.append(Line("ref", '"main"', "only what reached this branch", off=True))
    times = vendor_sections.times(chosen)
    written_so = _time_lines(times, chosen.raw, {c: c for c in times}) if chosen.raw is not None else []
    lines += [line for line, _ in written_so]
    labelled = any(guess.what == "label" and guess.value for _, guess in found)
    typed, which = type_line(chosen.table, chosen.raw) if chosen.raw is not None and not labelled else ([], [])
    planned, said = planned_line(chosen, "title", typed)
    lines += [line for line, _ in (*typed, *planned)]
    orders = [guess for _, guess in (*written_so, *typed) if guess]
    inside, asked = (
        environments.suspected(chosen.table, chosen.raw.frame, "environment", "services", "title")
        if chosen.raw
        else (None, [])
    )
    return Section(
        chosen.table,
        path,
        chosen.format,
        tuple(lines),
        (),
        (how, *(guess for _, guess in found if guess.value), *orders, *([inside] if inside else [])),
        tuple(
            MissingColumn(chosen.table, c, COSTS[chosen.table][c])
            for c in vendor_sections.lacking(chosen, COSTS[chosen.table])
        ),
        questions=(
            *asked,
            *which,
            *said,
            *vendor_sections.questions(chosen),
            *_unknown([*orders, *(guess for _, guess in found)]),
        ),
        offsets=vendor_sections.offsets(chosen),
        environments=inside,
    )


def _with_services(section: Section, repository: Path, several: bool) -> Section:
    """The section of a repository with the services that its folders name; of several repositories each is one, else."""
    if folders := service_matching.folders(repository):
        guess, rules = _folder_rules(folders)
        return replace(section, rules=rules, guesses=(*section.guesses, guess))
    name = repository.resolve().name.removesuffix(".git")
    guess = Guess("service", name, 0.5, "called like the repository; rename it as the incidents call it")
    line = Line("service", quoted(name), behind(guess), off=not several)
    guesses = (*section.guesses, guess) if several else section.guesses
    return replace(section, lines=(*section.lines, line), guesses=guesses)


def _folder_rules(folders: list[str]) -> tuple[Guess, tuple[str, ...]]:
    """The rule that takes the folders inside these for services."""
    patterns = [f"{folder}/{{name}}" for folder in folders]
    guess = Guess("services", ", ".join(patterns), 0.8, "the folders there look like services")
    return guess, ("[[changes.service]]", f"path = {array(patterns)}  # {behind(guess)}")


def _of_table(chosen: Interpretation, fit: Fit, raw: sources.RawTable, path: str, where: Line) -> Section:
    frame = raw.frame
    lines = [where, Line("format", quoted(chosen.format)), *_sheet_lines(chosen)]
    guesses = [
        _with_lines(raw, fit.columns[c], fit.rivals.get(c, ()))
        for c in SCHEMAS[chosen.table].accepted
        if c in fit.columns
    ]
    inside, asked = environments.suspected(
        chosen.table,
        frame,
        *(fit.columns[c].value if c in fit.columns else "" for c in ("environment", "services", "title")),
    )
    typed, which = (
        type_line(chosen.table, raw, fit.of_states)
        if chosen.only is None
        else ([only(*chosen.only, "planned work is a change")], [])
    )
    found, questions = _word_lines(chosen, fit, _worded(chosen.table, fit, raw, any(guess for _, guess in typed)))
    zoned = _zone_lines(fit)
    title = fit.columns.get("title")
    planned, said = planned_line(chosen, title.value, typed) if title else ([], [])
    found = [*zoned, *typed, *planned, *found]
    if chosen.table == "changes" and "environment" not in fit.columns and len(chosen.input.paths) > 1:
        questions += environments.of_files(path.name for path in chosen.input.paths)
    questions = [*questions, *asked, *which, *said, *row_questions.asked(chosen, fit, raw)]
    for line, guess in (
        *_delimiter_lines(chosen),
        *_time_lines(fit.times, raw, {c: g.value for c, g in fit.columns.items()}),
        *found,
        *_id_lines(chosen.table, fit, raw),
    ):
        lines.append(line)
        guesses += [guess] if guess else []
    guesses += [inside] if inside else []
    guesses += encoding(chosen.input.paths[0], raw.notes)
    ruled, rules = _rules(chosen, fit, frame)
    guesses += ruled
    there = {*(c.partition("_duration_")[0] for c in fit.columns), *(guess.what for guess in guesses)}
    missing = tuple(
        MissingColumn(chosen.table, c, v + _perhaps(fit.rivals.get(c, ())))
        for c, v in COSTS[chosen.table].items()
        if c not in there
    )
    used = {name.lower() for name in (*(g.value for g in fit.columns.values()), *fit.id_from)}
    used |= set(SCHEMAS[chosen.table].accepted) - fit.columns.keys()
    taken = [g.value for g in fit.columns.values()]
    columns = [
        _column_line(g)
        for g in guesses
        if g.what in fit.columns and (g.value.strip().lower() != g.what or taken.count(g.value) > 1)
    ]
    columns += [Line(m.column, '""', f"no such column found: {m.cost}", off=True) for m in missing]
    return Section(
        chosen.table,
        path,
        chosen.format,
        tuple(lines),
        tuple(columns),
        tuple(guesses),
        missing,
        tuple(str(c) for c in frame.columns if str(c).strip() and str(c).strip().lower() not in used),
        (*fit.questions, *questions, *_unknown(guesses)),
        1.0 if zoned else min((w.offsets for w in fit.times.values()), default=1.0),
        inside,
        rules,
    )


def _worded(table: str, fit: Fit, raw: sources.RawTable, typed: bool) -> pd.DataFrame:
    """The rows whose words count: not totals, nor rows that are ``typed`` otherwise, nor earlier states."""
    dated = raw.frame[fit.columns["started_at"].value] != "" if "started_at" in fit.columns else True
    rows = raw.frame[dated & row_questions.kept(raw, table == "incidents" and typed)]
    return rows.drop_duplicates(fit.columns[SCHEMAS[table].id].value, keep=fit.history.value) if fit.history else rows


def _id_lines(table: str, fit: Fit, raw: sources.RawTable) -> Iterator[tuple[Line, Guess]]:
    """Of what ids are made where no column is one, and which row of an id counts where it has several."""
    if fit.id_from:
        none = fit.refused.get(SCHEMAS[table].id, "no column is an id")
        why = f"{none}; these tell the rows apart, and ids change when they do"
        made = Guess("id_from", ", ".join(fit.id_from), UNSURE, why)
        yield Line("id_from", array(fit.id_from), behind(made)), made
    if fit.history:
        ids = raw.frame[fit.columns[SCHEMAS[table].id].value]
        rows = line_evidence.where(raw, (ids == ids[ids.duplicated()].iloc[0]).to_numpy())
        history = replace(fit.history, why=f"{fit.history.why}, such as {rows}")
        yield Line("history", quoted(history.value), behind(history)), history


def _rules(chosen: Interpretation, fit: Fit, frame: pd.DataFrame) -> tuple[list[Guess], tuple[str, ...]]:
    """The rules on services and kinds of changes that no column names, with the guesses behind them."""
    guesses: list[Guess] = []
    rules: tuple[str, ...] = ()
    touched = fit.columns.get("paths") if "services" not in fit.columns else None
    if fit.service_rule:
        guesses.append(fit.service_rule)
        rules = ("[[changes.service]]", f"repository = {quoted(fit.service_rule.value)}  # {behind(fit.service_rule)}")
    elif touched and (folders := service_matching.folders_in(frame[touched.value])):
        guess, rules = _folder_rules(folders)
        guesses.append(guess)
    called = further_logs.PLANNED if chosen.only else chosen.input.called
    kind = kinds_and_states.of_log(called, fit.columns, frame) if chosen.table == "changes" else None
    if kind:
        guesses.append(kind)
        rules += ("[[changes.kind]]", f'title = "*"  # {behind(kind)}', f"kind = {quoted(kind.value)}")
    return guesses, rules


def _perhaps(names: Sequence[str]) -> str:
    return f"; perhaps {listed([repr(name) for name in names]).replace(' and ', ' or ')}" if names else ""


def _unknown(guesses: Sequence[Guess]) -> Iterator[str]:
    """A question for each guess that nothing speaks for."""
    for guess in guesses:
        if NOT_KNOWN in guess.why:
            yield f"{guess.what}, {guess.value}: {guess.why}; look at it"


def _column_line(guess: Guess) -> Line:
    return Line(guess.what, quoted(guess.value), f"{'look twice, ' if guess.sure < LIKELY else ''}{behind(guess)}")


def _sheet_lines(chosen: Interpretation) -> list[Line]:
    """Which sheets of a workbook are read, where it has several."""
    names = chosen.input.sheets
    return [Line("sheet", quoted(names[0]) if len(names) == 1 else array(names))] if names else []


def _delimiter_lines(chosen: Interpretation) -> list[tuple[Line, Guess]]:
    if chosen.format != "csv" or of_workbook(chosen.input.paths[0]):
        return []
    found = written(chosen.input.heads[0])
    return [(Line("delimiter", quoted(found.value), found.why), found)] if found.value else []


def _with_lines(raw: sources.RawTable, guess: Guess, others: Sequence[str]) -> Guess:
    """A guess on a column with the lines on which it rests, and the ``others`` that it could be."""
    lines = line_evidence.filled(raw, raw.frame[guess.value])
    also = f"also possible: {listed([repr(name) for name in others])}" if others else ""
    return replace(guess, why="; ".join(filter(None, (guess.why, lines, also))))


def _zone_lines(fit: Fit) -> list[tuple[Line, Guess | None]]:
    """The zone that a column's name says, such as ``Start (UTC)``, where no stamp and no other column does."""
    stamps = fit.times.get("started_at")
    names = [fit.columns[c].value for c in ("started_at", "started_at_clock") if stamps and c in fit.columns]
    name = next(filter(zone_words.in_name, names), "")
    if not stamps or not name or "timezone" in fit.columns or stamps.offsets > 0:
        return []
    guess = Guess("timezone", zone_words.in_name(name), CERTAIN, f"{name!r} says so")
    return [(Line("timezone", quoted(guess.value), behind(guess)), guess)]


def _time_lines(
    times: dict[str, Stamps], raw: sources.RawTable, named: dict[str, str]
) -> list[tuple[Line, Guess | None]]:
    formats = tuple(dict.fromkeys(form for written in times.values() for form in written.formats))
    if not formats:
        return []
    proof = next((w.order for w in times.values() if w.order), None)
    if proof:
        beyond = [time_formats.proves(raw.frame[named[c]], proof.value) for c, w in times.items() if w.order]
        if lines := line_evidence.where(raw, np.logical_or.reduce(beyond)):
            proof = replace(proof, why=f"{proof.why}: {lines}")
    said = f"{proof.value} first, {proof.why}" if proof else ""
    return [(Line("time_format", time_formats.as_toml(formats), said), proof)]


def _word_lines(
    chosen: Interpretation, fit: Fit, frame: pd.DataFrame
) -> tuple[list[tuple[Line, Guess | None]], list[str]]:
    """Lines on the words of a log, and what only the user knows of them."""
    table = chosen.table
    cells = {c: frame[g.value] for c, g in fit.columns.items()}
    found: list[tuple[Line, Guess | None]] = []
    asked: list[str] = []
    needed = [cells[c] for c in ("depends_on", "service") if c in cells]
    listed_in = pd.concat(needed, ignore_index=True) if needed else cells.get("services")
    if listed_in is not None and (sign := vocabulary.separator(listed_in, chosen.elsewhere)):
        found.append((Line("list_separator", quoted(sign.value), behind(sign)), sign))
    elif "services" in cells:
        asked += vocabulary.asked_of_lists(cells["services"])
    if "severity" in cells and (grades := vocabulary.severity_order(cells["severity"])):
        guess = replace(grades[1], what="order of severities")
        line = Line("severity", array(grades[0]), f"worst first; {behind(guess)}", off=guess.sure < UNSURE)
        found.append((line, guess))
    if table == "changes" and "status" in cells and (never := vocabulary.mostly_never(cells["status"])):
        asked.append(f"{never} of {fit.columns['status'].value!r}: say so under statuses where that is wrong")
    for column, key, meanings, example in MEANINGS[table]:
        known, unknown = meanings(cells[column]) if column in cells else ({}, [])
        over = kinds_and_states.over_by_ends(frame, fit.columns) if example == "resolved" else {}
        if known := known | over:
            why = "each row has an end" if over else "usual words"
            meant = Guess(key, ", ".join(f"{k} = {v}" for k, v in known.items()), 0.8, why)
            found.append((Line(key, inline(known), behind(meant)), meant))
        if unknown:
            whole = inline({**known, **dict.fromkeys(unknown[:MOST_NAMES], example)})
            found.append((Line(key, whole, "what do these mean? Fill in, and use this line", off=True), None))
            words = f"{listed([repr(w) for w in unknown], MOST_NAMES)} in {fit.columns[column].value!r}"
            asked.append(f"not known what {words} {verb(len(unknown), 'means', 'mean')}: say so under {key}")
    return found, asked
