"""Which column of a file holds what, by its name and its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from aftershock.dataset import placeholders
from aftershock.schema import status_words
from aftershock.schema.tables import SCHEMAS, TEXT
from aftershock.sources.json_paths import writable
from aftershock.sources.person_fields import is_person_field
from aftershock.sources.tabular import object_cells
from aftershock.wizard import (
    column_cells,
    histories,
    id_columns,
    kinds_and_states,
    no_logs,
    rivals,
    row_edges,
    service_matching,
    synonyms,
    time_matching,
    time_names,
    time_questions,
    titles,
    vocabulary,
)
from aftershock.wizard.guess import Guess
from aftershock.wizard.table_names import (
    OWN_IDS,
    OWN_WORDS,
    is_called,
    tell_of_changes,
)
from aftershock.wizard.time_candidates import Candidate
from aftershock.wizard.time_cells import TimeCells
from aftershock.wizard.time_formats import Stamps

LEAST = 0.6  # a name that fits less is left alone: below all synonyms, above chance resemblances
MOST_INSIDE = 4  # parts of an object that is a value and no record: a judgement
MOST_ROWS = 50_000  # looked at, so that a log of millions takes seconds
MADE = 0.3  # how sure a log without an id is one: a judgement, below every log that has one
TYPICAL = {
    "incidents": ("severity", "detected_at", "mitigated_at", "resolved_at", "caused_by", "duplicate_of"),
    "changes": ("kind", "author", "paths", "repository", "size", "emergency", "reverts", "finished_at"),
    "dependencies": (),
}
RAN = 0.5  # how much less results of runs are worth as incidents: a judgement, more than an end and a grade
STRANGE = 0.4  # how much less a log of changes is one whose ids are called after incidents: a judgement
ALL_BUT_KNOWN = 0.85  # what a name is worth below which an empty column is left alone: a judgement
NOW = 0.15  # how much less the grade of now is worth next to the worst: more than between synonyms
AN_ID = 0.1  # how much less a number of something is worth than its name: more than between synonyms
_LABELLED = ("severity", "status", "services", "kind", "environment")
_GRADED = re.compile("impact|cause")
_IN_INCIDENTS = re.compile(r"(?:incident|outage)s?_?(?:impact|event|update|message|note)s?\b", re.IGNORECASE)
_RESOLVED = {"resolved", "restored", "recovered", "solved", "mitigated"}  # as no change is
_REFERS = {"id", "type", "summary", "name", "self", "href", "url", "html_url", "link", "number", "key", "reference"}
_DOWN = {"down", "offline", "outage", "unreachable", "unavailable", "unhealthy", "degraded"}
_WATCHED = {
    "service",
    "services",
    "component",
    "components",
    "monitor",
    "host",
    "device",
    "policy",
    "dependency",
    "dependencies",
}  # next to an incident
_MEASURED = {"metric", "metrics", "snapshot", "health"}
_NAMES_OR_IDS = {  # hold what it was, or a number of it
    *("issue", "incident", "vorfall", "stoerung", "problem", "event", "release", "change", "deployment"),
    *("chamado", "incidencia", "incidente"),
}


_ASIDE = ("metadata.", "meta.", "extra.", "extras.")
_TAGGED = ("labels.", "tags.")
SAID_ASIDE = 0.8  # how much what a record says of itself aside is worth next to what it says: a judgement
SPARSE = 0.25  # share of records that have a part below which it says something else of them: a judgement
_OF_MOST = {"author", "environment", "services", "title", "status", "severity"}
_AROUND = {
    "application",
    "account",
    "repository",
    "repo",
    "project",
    "environment",
    "pipeline",
    "organization",
}  # what a record is in
_STATES = {"status", "state"}
_SAID = {"title", "summary", "message", "label"}  # words of a part of the record: what its commit says, no id
_CHANGED = {"change", "changes", "changeset", "changesets", "commit", "commits", "diff", "push", "merge", "pull"}
_RUN_BY = {"agent", "runner", "worker", "executor", "node", "pool"}  # machines that a run was on
_GIT = {"commit", "sha", "branch", "environment"}  # next to these a ref is a branch or a tag
_WENT_WRONG = {"error", "errors", "failure", "exception"}  # parts of a record that say why it failed, not what it is
_NOW = {"current", "latest", "last", "now", "present"}
_WORST = {"max", "maximum", "peak", "worst", "highest", "initial", "original"}
_CAUSES = {"cause", "causes", "causation", "causal"}
_REPOSITORY = {"repo", "repository"}
_PAGES = {"htmlurl", "weburl", "permalink"}


@dataclass(frozen=True)
class Fit:
    """How a file's columns fit a table: canonical name → (name in the file, sureness, why), and how it writes times.

    ``refused``: required columns that have the right name and cannot be read, and why. ``history``: which row of an id is
    the newest, ``last`` or ``first``, where its rows are the states of one record. ``id_from``: columns that tell every row
    from the others, where none is an id. ``service_rule``: the part of a link to a repository that names the service.
    ``questions``: what only the user knows. ``rivals``: which other columns could be a canonical one.
    ``of_states``: the rows are the states of what a monitor watches, good and bad.
    ``tells``: most rows are of incidents by their words, or the columns of changes by their names. ``own_ids``: ids say of
    what they are, such as ``CHG0041``. ``ran``: its states say of runs how they went.
    """

    table: str
    columns: dict[str, Guess] = field(default_factory=dict)
    times: dict[str, Stamps] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    history: Guess | None = None
    id_from: tuple[str, ...] = ()
    service_rule: Guess | None = None
    questions: tuple[str, ...] = ()
    rivals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of_states: bool = False
    tells: bool = False
    own_ids: bool = False
    ran: bool = False

    @property
    def lacking(self) -> list[str]:
        """Required columns without which no row can be used."""
        known = {*self.columns, *([SCHEMAS[self.table].id] if self.id_from else [])}
        return [name for name in synonyms.required(self.table) if name not in known]

    def score(self, file: str) -> float:
        """How well the file fits the table as a whole; 0 when a required column is lacking. The weights are judgements: a
        file's name counts as much as three typical columns, and less than the required ones."""
        others = {"incidents", "changes"} - {self.table}
        if self.lacking or (self.table == "dependencies" and any(is_called(file, table) for table in others)):
            return 0.0
        said = self.tells or "severity" in self.columns or is_called(file, self.table)
        if self.table == "incidents" and self.id_from and is_called(file, "changes") and not said:
            return 0.0
        names = synonyms.required(self.table)
        required = [self.columns[name].sure if name in self.columns else MADE for name in names]
        typical = sum(self.columns[name].sure for name in TYPICAL[self.table] if name in self.columns)
        named, told = is_called(file, self.table), 0.4 if self.table == "incidents" else 0.2
        own = self.own_ids or any(w in name.lower() for name in self._own_names() for w in OWN_WORDS[self.table])
        id = self.columns[SCHEMAS["changes"].id].value.lower() if SCHEMAS["changes"].id in self.columns else ""
        if re.match("(?:bug|defect)_?(?:id|nr|no|number|key)", id) and not is_called(file, "changes"):
            return 0.0
        strange = STRANGE * any(word in id for word in ("alert", *OWN_WORDS["incidents"]))
        ran = RAN * (self.ran and self.table == "incidents" and not self.tells and not is_called(file, "incidents"))
        return (
            sum(required) / len(required) - ran - strange + 0.25 * typical + 0.8 * named + 0.5 * own + told * self.tells
        )

    def _own_names(self) -> list[str]:
        """What the file calls the id and the state: ``IncidentID`` and ``change_state`` say of what they are."""
        return [self.columns[name].value for name in (SCHEMAS[self.table].id, "status") if name in self.columns]


def cells_of(frame: pd.DataFrame, zone: str = "UTC") -> TimeCells:
    """The rows of a file that are looked at, as text; ``zone``: that of stamps without one, where it is known."""
    usable = [n for n in frame.columns if str(n) == writable(str(n))]
    around = _around(usable)
    frame = row_edges.cut_off(frame)
    cells = {str(n).removeprefix(around): _as_text(frame[n].head(MOST_ROWS)) for n in usable}
    return TimeCells(pd.DataFrame(cells), zone, around)


def _around(names: list[str]) -> str:
    """What every column is called by before its own name, where each record is inside an object: ``Bug.``."""
    first = {name.partition(".")[0] for name in map(str, names) if "." in name}
    return f"{first.pop()}." if len(first) == 1 and len(names) > 1 and all("." in str(n) for n in names) else ""


def _candidates(table: str, cells: TimeCells, file: str) -> tuple[list[Candidate], dict[str, str]]:
    """(columns of the file that could be one of the table's, by their names and cells, times apart; why one that is called like
    the id is none)."""
    rows = cells.rows
    candidates: list[Candidate] = []
    refused: dict[str, str] = {}
    for column in SCHEMAS[table].columns:
        for name in rows.columns if column.type != "time" else ():
            if _is_other(table, column.name, name, rows, file):
                continue
            by_name = synonyms.likeness(table, column.name, name)
            if column.name in _LABELLED and time_names.words(name)[-1:] == ["id"]:
                by_name -= AN_ID  # what it is called says more
            if by_name >= LEAST and not _is_of_times(column.name, name, cells):
                worth, why = column_cells.weigh(column.name, column.type, rows[name], rows)
                if why == "empty" and by_name < ALL_BUT_KNOWN:
                    continue
                by_name -= NOW * (column.name == "severity" and _is_of_now(name, rows))
                if "." in name and column.name in _OF_MOST and 0 < (rows[name] != "").mean() < SPARSE:
                    worth = 0.0  # a part that few records have is called so by chance
                if column.name in _OF_MOST and name.lower().startswith(_ASIDE + _TAGGED * (column.name == "status")):
                    worth *= SAID_ASIDE
                candidates.append((by_name * worth, by_name, column.name, name, why))
                if worth == 0 and why and column.name == SCHEMAS[table].id:
                    refused[column.name] = f"{name!r} could be {column.name}, and {why}"
    return candidates, refused


def _is_of_now(name: str, rows: pd.DataFrame) -> bool:
    """Whether a grade is that of now, next to one of the worst: ``current_severity``, ``max_severity``."""
    said = set(time_names.words(name))
    return bool(said & _NOW) and any(
        said - _NOW == (own := set(time_names.words(n))) - _WORST and own & _WORST for n in rows
    )


def _is_of_another(name: str, rows: pd.DataFrame) -> bool:
    """Whether an id is that of something that the record only refers to: it has an id of its own, and of the other no more
    than what it is called and where it lies."""
    whole, _, last = name.rpartition(".")
    said = {n.rpartition(".")[2].lower() for n in rows if n.startswith(f"{whole}.")}
    own = last == "id" and whole and "id" in rows and rows["id"].nunique() == len(rows)
    return bool(own) and said <= _REFERS


def _is_other(table: str, column: str, name: str, rows: pd.DataFrame, file: str) -> bool:
    """Whether a column of the file holds something else than the table's ``column``, however it is called."""
    bare = synonyms.bare(name)
    before = (table == "changes" or column == "status") and _is_what_was_before(name, rows)
    if before or _is_of_a_part(column, name):
        return True
    if column == SCHEMAS[table].id and _is_of_another(name, rows):
        return True
    own = time_names.words(name)
    if column in ("repository", "services") and own[-1:] == ["id"] and _REPOSITORY & set(own):  # next to a link to it
        linked = (n for n in rows if n != name and _REPOSITORY & set(time_names.words(n)))
        if any(rows[n][rows[n] != ""].str.match(r"https?://").any() for n in linked):
            return True
    if column == "environment":
        return _is_step(name, rows[name]) or ("target" in bare and time_names.words(name)[-1:] == ["id"])
    if column == "description":  # a grade of impact, a kind of cause
        return bool(_GRADED.search(bare)) and not titles.are_words(rows[name])
    if column in ("services", "title", "url") and _is_of_a_person(name):
        return True
    if column == "services" and bare.endswith("product") and f"{name.rpartition('.')[0]}.name" in rows:
        return True  # of what tool the part of a record is
    if column in ("title", "services") and bare == "name" and _is_of_somebody(rows):
        return True
    if column == "title":
        if bare.startswith("action") and rows[name].nunique() <= len(rows) / 2:
            return True  # a kind of what was done
        return (bare in _NAMES_OR_IDS or bare.startswith("action")) and not titles.are_words(rows[name])
    if column == "url":  # next to the link of a page it is that of the interface
        part, _, last = name.rpartition(".")
        beside = {synonyms.bare(n.rpartition(".")[2]) for n in rows.columns if n.rpartition(".")[0] == part}
        return last.lower() == "url" and bool(_PAGES & beside)
    if column == "services" and (bare in id_columns.OF_RUNS or name.rpartition(".")[2] in ("source", "ref", "event")):
        return True
    if column != SCHEMAS[table].id:
        return False
    if bare == "key" and any(synonyms.bare(n).endswith("value") for n in rows):
        return True  # of a setting
    parts = [synonyms.bare(part) for part in name.split(".")]
    if column == "change_id" and "ref" in parts and _GIT & {synonyms.bare(n.partition(".")[0]) for n in rows.columns}:
        return True
    names_others = column == "change_id" and id_columns.counts_or_names_others(name, rows, file)
    return names_others or (bare in _NAMES_OR_IDS and not id_columns.is_numbered(rows[name]))


def fit(table: str, cells: TimeCells, file: str = "") -> Fit:
    """Match the columns of raw rows to those of a table: the best pairs first, each column once; a column whose cells
    cannot be what its name says is not taken. ``file``: what it is called."""
    rows = cells.rows
    candidates, refused = _candidates(table, cells, file)
    if table == "dependencies":
        timeless = [one for one in candidates if not cells.stamps(one[3])]  # from and to may be moments
        if not is_called(file, table) and any(map(cells.stamps, rows)):
            timeless = []  # rows of moments are no edges
        return Fit(table, _matching(timeless), {}, refused)  # edges have no object around them
    found = time_matching.match(table, rows, cells, file)
    chosen = _matching([*candidates, *found.candidates])
    questions = [*found.complete(chosen, cells), *time_questions.asked(table, chosen, cells)]
    questions += time_questions.of_writeups(chosen, cells, file)
    repeated = [name for _, _, c, name, why in candidates if c == SCHEMAS[table].id and why.startswith("it repeats")]
    made = id_columns.numbers_within(table, rows, chosen, repeated)
    id_columns.of_pages(table, rows, chosen)
    if not made:
        id_columns.by_cells(table, rows, chosen, cells)
    id_columns.wholly_distinct(table, rows, chosen)
    no_logs.refuse(table, rows, chosen, found)
    titles.settle(chosen, rows)
    id = chosen.get(SCHEMAS[table].id)
    states = histories.varying(rows, rows[id.value]) if id else []
    if table == "changes":
        questions += kinds_and_states.settle(rows, chosen, states, file)
    else:
        kinds_and_states.grades_called_status(rows, chosen)
        kinds_and_states.status_by_words(rows, chosen, states)
        kinds_and_states.severity_by_words(rows, chosen)
    if "status" not in chosen and (told := next((n for n in rows if vocabulary.answers(rows[n], table)), "")):
        what = "is over" if table == "incidents" else "was made, or went well"
        chosen["status"] = Guess("status", told, 0.8, f"yes or no: whether each {what}")
    service_matching.of_repositories(table, rows, chosen)
    questions += [*service_matching.of_lists(rows, chosen), *service_matching.of_keys(rows, chosen)]
    rule = service_matching.rule_of(table, rows, chosen)
    questions += [*service_matching.of_names(table, rows, chosen), *service_matching.of_resources(rows, chosen)]
    histories.find_start(rows, chosen, found.refused, states, cells)
    of_time = found.settled(chosen, cells)
    id_columns.of_what_began(table, rows, chosen, candidates)
    id = chosen.get(SCHEMAS[table].id)
    history = histories.of(rows, id, cells)
    if history and id:
        questions += histories.question(rows, id) or histories.mixed(rows, chosen, id)
        questions += histories.planned(rows, chosen, id)
    made = made or (() if history else id_columns.with_start(table, rows, chosen))
    of_states = table == "incidents" and _is_of_states(rows, chosen, cells)
    several = "" if SCHEMAS[table].id in chosen else id_columns.of_none(table, rows, chosen, cells)
    if several:
        refused[SCHEMAS[table].id] = f"{several}, and a row has to be one {table.removesuffix('s')}"
    made = made or (() if several else id_columns.made_of(table, rows, chosen, file, of_states))
    others = rivals.of(table, chosen, [*candidates, *found.candidates], cells) | rivals.of_missing(table, chosen, cells)
    named = {c: replace(guess, value=cells.around + guess.value) for c, guess in chosen.items()}
    made = tuple(cells.around + name for name in made)
    tells = tell_of_changes(rows) if table == "changes" else _tell_of_incidents(rows, chosen)
    refused |= found.refused
    questions += _of_records_inside(rows, chosen)
    own = id is not None and bool(rows[id.value].str.fullmatch(OWN_IDS[table], case=False).mean() > LEAST)
    ran = "status" in chosen and id_columns.are_results(rows[chosen["status"].value])
    asked = tuple(questions)
    return Fit(table, named, of_time, refused, history, made, rule, asked, others, of_states, tells, own, ran)


def _of_records_inside(rows: pd.DataFrame, chosen: dict[str, Guess]) -> Iterator[str]:
    """The question what a column is whose cells are objects with more in them than a value has, or the table has columns,
    where the table itself says little of a log."""
    if len({"title", "status", "severity", "services"} & chosen.keys()) > 1:
        return
    taken = {guess.value for guess in chosen.values()}
    for name in (n for n in rows.columns if n not in taken):
        filled = rows[name][rows[name] != ""]
        if len(filled) and filled.str.match(r"(?s)\{.*\}$").all():
            inside = object_cells.opened(filled.head(1).to_frame())[name].iloc[0]
            if isinstance(inside, dict) and len(inside) > min(len(rows.columns), MOST_INSIDE):
                yield (
                    f"{name!r} holds records as JSON, of which nothing is read: if they are the log itself, save them alone, "
                    "one on a line, as JSON Lines"
                )


def _tell_of_incidents(rows: pd.DataFrame, chosen: dict[str, Guess]) -> bool:
    """Whether the words of most rows are those of incidents, as in write-ups, or a column of types calls some so, or lists in
    them are parts of incidents (``incidentUpdates``), or each row has an error or a state such as down, or some were resolved."""
    if any(map(_IN_INCIDENTS.match, rows)) or ("error" in rows and (rows["error"] != "").all()):
        return True
    if any(_RESOLVED & set(time_names.words(chosen[c].value)) for c in ("resolved_at", "status") if c in chosen):
        return True
    if "status" in chosen and _DOWN.issuperset(map(str.lower, vocabulary.filled(rows[chosen["status"].value]))):
        return True
    types = vocabulary.record_types({name: rows[name] for name in rows})
    if types and any(map(vocabulary.INCIDENT.search, types[1])):
        return True
    if any(vocabulary.is_of_incidents(name, rows[name]) for name in rows):
        return True
    if no_logs.are_writeups(rows):
        return True
    told = [rows[chosen[c].value].str.contains(vocabulary.INCIDENT) for c in ("title", "description") if c in chosen]
    return bool(told) and bool(pd.concat(told, axis=1).any(axis=1).mean() > 0.5)


def _is_of_a_part(column: str, name: str) -> bool:
    """Whether what a path leads to is said of a part of the record and not of the record: the link of its author or of its
    repository, the text of its status, how long a list in it is."""
    parts = name.split(".")[:-1]
    said = {word for part in parts for word in time_names.words(part)}
    if column != "author" and any(map(is_person_field, parts)):
        return True
    if column == "author" and synonyms.bare(name.rpartition(".")[2]) == "owner" and "source" in said:
        return True  # of the repository that it came from
    if column == "author" and parts and synonyms.bare(name.rpartition(".")[2]) == "group":
        return True
    if column in ("incident_id", "change_id") and parts and synonyms.bare(name.rpartition(".")[2]) in _SAID:
        return True
    if column == "url" and "commit" in said:
        return True
    if column == "services" and said & _CAUSES:
        return True  # whose fault it was
    if column == "paths" and not said & _CHANGED:
        return bool(parts)
    if column == "size":
        return bool(parts) and synonyms.bare(name.rpartition(".")[2]) == "size"
    if column == "title" and said & _WENT_WRONG:
        return True
    if column in ("title", "description", "url") and (
        {synonyms.bare(part) for part in parts} & _AROUND or said & _WATCHED
    ):
        return True
    if column in ("title", "description", "status") and said & _RUN_BY:
        return True
    if column == "status" and "commit" in said:
        return True  # what other checks say of it
    if column == "status" and said & (_WATCHED | _MEASURED):
        return True
    if column == "status" and kinds_and_states.OF_PEOPLE & set(time_names.words(name)):
        return True
    if column == "kind" and said & {*kinds_and_states.OF_PEOPLE, "sender"}:
        return True  # whether an account is somebody's or a company's
    if column == "author" and {synonyms.bare(part) for part in parts} & _AROUND:
        return True  # the owner of a repository
    return column in ("title", "author", "services") and any(_STATES & set(time_names.words(part)) for part in parts)


def _is_what_was_before(name: str, rows: pd.DataFrame) -> bool:
    """Whether a column is about what was replaced, next to one about what was deployed: ``from_revision``, ``to_revision``."""
    pairs = (("from", "to"), ("old", "new"), ("previous", "current"))
    others = {re.sub(rf"(^|[._]){old}(?=[._A-Z])", rf"\g<1>{new}", name) for old, new in pairs}
    return any(other in rows for other in others - {name})


def _is_of_somebody(rows: pd.DataFrame) -> bool:
    """Whether a name is that of who reported it, as next to an address of mail."""
    return bool(
        {"email", "emailaddress", "mail", "phone", "phonenumber", "telephone"} & {synonyms.bare(n) for n in rows}
    )


def _is_of_times(column: str, name: str, cells: TimeCells) -> bool:
    """Whether a column holds moments where words are looked for; ids, and numbers, may look like some."""
    named = column not in ("incident_id", "change_id", "description") or synonyms.bare(name) in _NAMES_OR_IDS
    texts = cells.rows[name][cells.rows[name] != ""]
    return named and not texts.str.fullmatch(r"[\d.]*").all() and cells.stamps(name) is not None


def _is_step(name: str, texts: pd.Series) -> bool:
    """Whether a column is about how far a run got or where it came from: part of a state, the stage of a pipeline."""
    parts = [synonyms.bare(part) for part in name.split(".")]
    if {"state", "status"} & set(parts[:-1]) or parts[-1] == "source":
        return True
    if "stages" in parts:
        return True  # all that a run went through
    return "stage" in parts and not texts.str.contains(column_cells.PLACE, case=False).any()


def _as_text(cells: pd.Series) -> pd.Series:
    """Cells as text without what stands for nothing; lists are joined."""
    texts = cells.map(lambda v: "; ".join(v) if isinstance(v, list) else str(v)).str.strip().astype(TEXT)
    return placeholders.blanked(texts, "", "text")


def _matching(pairs: list[tuple[float, float, str, str, str]]) -> dict[str, Guess]:
    chosen: dict[str, Guess] = {}
    taken: set[str] = set()
    for sure, by_name, canonical, name, why in sorted(pairs, key=lambda p: (-p[0], p[2], p[3].count("."), p[3])):
        if sure >= LEAST and canonical not in chosen and name not in taken:
            chosen[canonical] = Guess(canonical, name, sure, _words(by_name, why))
            taken.add(name)
    return chosen


def _is_of_a_person(name: str) -> bool:
    """Whether a column is a part of somebody, ``dismissed_by.url``, or GitHub's second id of whatever it is."""
    *_, above, last = ["", *name.lower().split(".")]
    return last == "node_id" or above.endswith("_by") or is_person_field(above)


def _words(by_name: float, why: str) -> str:
    named = "its canonical name" if by_name == 1 else "its name" if by_name >= 0.85 else "a name like it"
    return f"{named}{', ' if why else ''}{why}"


def _is_of_states(rows: pd.DataFrame, chosen: dict[str, Guess], cells: TimeCells) -> bool:
    """Whether rows are the states of what a monitor watches, each from one moment on: without ends, or each until the next."""
    states = vocabulary.recoveries({n: rows[n] for n in rows.columns})
    if "started_at" not in chosen or not states:
        return False
    if "resolved_at" not in chosen:
        of_things = all(status_words.plain(word) in no_logs.WELL_THINGS for word in states[2])
        titled = rows[chosen["title"].value] if "title" in chosen else rows.iloc[:, 0].map(lambda _: "")
        repeat = titled.nunique() <= len(rows) / 2
        return SCHEMAS["incidents"].id not in chosen or (of_things and repeat)
    start, end = cells.read(chosen["started_at"].value), cells.read(chosen["resolved_at"].value)
    return start is not None and end is not None and bool(end.dropna().isin(start).mean() > id_columns.MOST_EMPTY)
