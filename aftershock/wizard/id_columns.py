"""The id of a log: a column that is one by its cells, a number that each repository counts for itself, or columns that together
tell every row from the others."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from aftershock.dataset import spreadsheet_ids
from aftershock.output.phrases import listed
from aftershock.schema import status_words
from aftershock.schema.tables import SCHEMAS
from aftershock.sources.person_fields import is_person_field
from aftershock.sources.tabular.json_maps import LIST
from aftershock.wizard import (
    histories,
    kinds_and_states,
    service_matching,
    synonyms,
    time_matching,
    time_names,
    vocabulary,
)
from aftershock.wizard.guess import Guess
from aftershock.wizard.table_names import OWN_WORDS, is_called, tell_of_changes
from aftershock.wizard.time_candidates import ENDS, Candidate
from aftershock.wizard.time_cells import TimeCells

SENTENCE = r"[^\W\d_]+\s+[^\W\d_]+\s+[^\W\d_]+"
MOST_EMPTY = 0.5  # share of rows in which an id has to be filled: a judgement, rows without one cannot be used
FEWEST_STARTS = (
    0.25  # share of rows with a start, of a file called as a log that has ends: a judgement, other rows are left out
)
DISTINCT = 0.98  # share of rows that an id tells from all others: a judgement, exports repeat a few
LONGEST_ID = 80  # characters: a judgement, longer cells are texts
FEW_COLUMNS = 4  # of a log of changes by its name, in which a word next to the time says what was done: a judgement
WORDS = {  # without any of which rows say too little to be a log
    "incidents": {"title", "description", "services", "status", "severity"},
    "changes": {"title", "description", "services", "status", "kind", "environment", "author", "url", "paths"},
}
_ID_WORDS = {
    "id",
    "number",
    "no",
    "nr",
    "key",
    "ref",
    "code",
    "uuid",
    "guid",
    "sha",
    "hash",
    "build",
    "run",
    "tag",
    "version",
    "nummer",
    "numero",
}
_OF_BUILDS = {"version", "tag", "build", "run", "sha", "hash"}  # numbers of what was deployed, not of an incident
_SIGNS = ("#", "№", "nº", "Nº")  # names of columns of numbers
_IDS_OF_OTHERS = {
    "pipelineid",
    "runid",
    "jobid",
    "buildid",
    "releaseid",
    "executionid",
    "serviceid",
}  # next to an ``id``
_LINKS = {  # to a record of a tool, each of which has one
    "incidents": r"https?://\S+/(?:issues?|incidents?|tickets?|browse|outages?)/[^/\s?]+/?",
    "changes": r"https?://\S+/(?:pulls?|pull-?requests?|merge_requests|commits?|runs|builds?|deploy(?:ment)?s|jobs?|pipelines|"
    r"releases?(?:/tag)?|changes?|\+|attempts)/[^/\s?]+/?",
}
LEVEL = re.compile(r"(?:log_?)?(?:level|severity)|levelname|lvl", re.IGNORECASE)
OF_LOGS = ("info", "debug", "trace", "notice", "verbose")
_GRADES_OF_LOGS = {*OF_LOGS, "warn", "warning", "error", "err", "critical", "fatal", "success", "exception"}
OF_RUNS = _IDS_OF_OTHERS - {"serviceid"}
_SEVERAL = {
    *("incidents", "outages", "alerts", "failures", "stoerungen", "vorfaelle", "pannes", "incidencias", "incidentes"),
    "storingen",
}
_OF_COUNTS = {"count", "total", "anzahl", "cantidad", "nb"}
_NUMBERS = {"number", "num", "no", "nr", "numero"}
_STEPS = {
    "event",
    "action",
    "activity",
    "step",
    "update",
    "happened",
    "entry",
    "note",
    "ereignis",
    "evenement",
    "evento",
}
_OF_STEPS = {"started_at", "started_at_clock", "timezone", "title", "description", "author", "url"}
_COUNTED = {"number", "no", "nr", "buildnumber", "runnumber", "iid"}


def counts_or_names_others(name: str, rows: pd.DataFrame, file: str = "") -> bool:
    """Whether a column next to an ``id`` holds ids of something else, such as what was deployed with a setting in a
    ``file`` of settings, or numbers that each project counts for itself."""
    ids = next((rows[n] for n in ("id", "ID", "Id") if n in rows and n != name), None)
    if ids is None:
        return False
    own, of_id = kinds_and_states.of_file(file, ""), kinds_and_states.of_file("", name)
    if own and of_id and own.value != of_id.value and ids.nunique() == len(rows):
        return True
    counted = synonyms.bare(name) in _COUNTED and ids.nunique() == len(rows) and not ids.isin(rows[name]).all()
    return synonyms.bare(name) in _IDS_OF_OTHERS or (counted and bool(rows[name].str.fullmatch(r"\d*").all()))


def is_numbered(texts: pd.Series) -> bool:
    """Whether most of what is filled has a number in it."""
    return bool(texts[texts != ""].str.contains(r"\d").mean() > 0.5)


def distinct(filled: pd.Series, texts: pd.Series, rows: pd.DataFrame) -> tuple[float, str]:
    """How well cells tell the rows apart: a factor from 0 to 1, and why. ``filled``: those of ``texts`` that are not empty."""
    if filled.str.contains(SENTENCE).mean() > 0.5:
        return 0.0, "it holds sentences"
    if len(filled) < MOST_EMPTY * len(texts):
        return 0.0, f"it is empty in {len(texts) - len(filled)} of {len(texts)} rows"
    distinct = filled.nunique() / len(texts)
    if distinct > DISTINCT:
        return 1.0, "distinct in every row" if filled.is_unique else "distinct in nearly every row"
    if histories.varying(rows, texts):
        return 0.9, "repeated by the states of each"
    if distinct > 0.7:
        return 0.8, "some repeat"
    many = filled.value_counts()
    if spreadsheet_ids.altered(many.index[:1].to_series()).any():
        return 0.0, f"it repeats, as a spreadsheet has shortened it: {many.index[0]!r} is in {many.iloc[0]} rows"
    return 0.0, f"it repeats: {many.index[0]!r} is in {many.iloc[0]} rows, and nothing says which of them counts"


def numbers_within(table: str, rows: pd.DataFrame, chosen: dict[str, Guess], repeated: list[str]) -> tuple[str, ...]:
    """A number that every repository or service counts for itself, with the column that names it, or the id of a run with that
    of its attempt; ``repeated``: columns that would be the id."""
    id = chosen.get(SCHEMAS[table].id)
    numbers = [id.value] if id else repeated
    attempts = [n for n in rows if {"attempt", "retry"} & set(time_names.words(n)[-1:]) and table == "changes"]
    for number, attempt in ((n, a) for n in numbers for a in attempts if rows[n].duplicated().any()):
        if not rows.drop_duplicates().duplicated([number, attempt]).any():
            chosen.pop(SCHEMAS[table].id, None)
            return number, attempt
    if table == "incidents":  # one of several services has a row for each
        numbers = [name for name in numbers if synonyms.bare(name) in _COUNTED]
    for number in numbers:
        for of in ("repository", "services"):
            name = chosen[of].value if of in chosen else number
            if name != number and rows[number].duplicated().any() and not rows.duplicated([name, number]).any():
                chosen.pop(SCHEMAS[table].id, None)
                return name, number
    of_lists = [
        n for n in rows if table == "changes" and not id and LIST in rows and synonyms.bare(n) in ("version", "tag")
    ]
    for version in of_lists:  # each package has its own
        if any(_tells_files_apart(rows, n) for n in rows):
            break
        if (
            rows[version].duplicated().any()
            and not rows.duplicated([LIST, version]).any()
            and (rows[version] != "").all()
        ):
            return LIST, version
    return ()


def _tells_files_apart(rows: pd.DataFrame, name: str) -> bool:
    """Whether a column holds the checksum or the name of what was released, another in each row."""
    of_files = {"digest", "sha", "sha256", "md5", "checksum", "hash", "filename", "filepath"}
    return bool(of_files & set(time_names.words(name))) and rows[name].is_unique and bool((rows[name] != "").all())


def wholly_distinct(table: str, rows: pd.DataFrame, chosen: dict[str, Guess]) -> None:
    """Of changes whose id returns, such as a commit that was released twice or the number of a build of each plan, the version
    or the key that tells all apart."""
    id, there = chosen.get("change_id"), rows.drop_duplicates()
    if table != "changes" or not id or there[id.value].is_unique:
        return
    counted = synonyms.bare(id.value) in _COUNTED and there[id.value].str.fullmatch(r"\d*").all()
    wanted = {"version", "release", "tag"} if {*_OF_BUILDS, "commit"} & set(time_names.words(id.value)) else set()
    wanted |= {"key", "id"} if counted else set()
    taken = {guess.value for column, guess in chosen.items() if column != "title"}
    for name in (n for n in there if n not in taken and not n.startswith("_") and wanted & set(time_names.words(n))):
        if there[name].is_unique and (there[name] != "").all() and not there[name].str.contains(SENTENCE).any():
            why = f"tells all rows apart, and {id.value!r} returns"
            chosen["change_id"] = Guess("change_id", name, 0.8, why)
            return
    linked = (
        (n for n in there if there[n].is_unique and there[n].str.fullmatch(_LINKS[table]).all()) if wanted else iter(())
    )
    if name := next(linked, ""):
        chosen["change_id"] = Guess(
            "change_id", name, 0.75, f"links that tell all rows apart, and {id.value!r} returns"
        )


def of_what_began(table: str, rows: pd.DataFrame, chosen: dict[str, Guess], candidates: Sequence[Candidate]) -> None:
    """Of the ids of several things in a row, that of what the start is of: of ``pipeline_id`` and ``job_id`` next to
    ``job_started_at`` the latter."""
    id, start = chosen.get(SCHEMAS[table].id), chosen.get("started_at")
    own = time_names.words(start.value)[0] if start and time_names.words(start.value) else ""
    said = time_names.words(id.value) if id else []
    if id and synonyms.bare(id.value) in OF_RUNS and not rows[id.value].is_unique:  # of a run that each is a part of
        parts = [
            n
            for n in rows
            if not n.startswith("_")
            and time_names.words(n)[-1:] == ["id"]
            and rows[n].is_unique
            and (rows[n] != "").all()
        ]
        if len(parts) == 1:
            why = f"tells all rows apart, and {id.value!r} returns"
            chosen[SCHEMAS[table].id] = Guess(SCHEMAS[table].id, parts[0], 0.8, why)
            return
    if len(said) != 2 or said[1] != "id" or said[0] == own:
        return
    able = [n for _, _, c, n, _ in candidates if c == SCHEMAS[table].id and time_names.words(n) == [own, "id"]]
    if able and rows[able[0]].is_unique and (rows[able[0]] != "").all():
        why = f"the id of what {start.value!r} is of" if start else ""
        chosen[SCHEMAS[table].id] = Guess(SCHEMAS[table].id, able[0], 0.85, why)


def with_start(table: str, rows: pd.DataFrame, chosen: dict[str, Guess]) -> tuple[str, ...]:
    """The start and the id of changes whose id returns at other times: a commit that was deployed again is another change."""
    id, start = chosen.get("change_id"), chosen.get("started_at")
    if table != "changes" or not id or not start or rows[id.value].nunique() > DISTINCT * len(rows):
        return ()
    pair = [start.value, id.value]
    if rows.drop_duplicates().duplicated(pair).any():
        return ()
    del chosen["change_id"]
    return tuple(pair)


def of_pages(table: str, rows: pd.DataFrame, chosen: dict[str, Guess]) -> None:
    """Take the names of pages for the ids where a column like one is empty in some or returns: each page is a record."""
    id = chosen.get(SCHEMAS[table].id)
    if id is None or id.value == "file" or not {"file", "body"} <= {*rows.columns} or not rows["file"].is_unique:
        return
    empty, again = int((rows[id.value] == "").sum()), int(rows[id.value].replace("", pd.NA).dropna().duplicated().sum())
    if (empty or again) and not histories.varying(rows, rows[id.value]):
        why = f"the names of the pages: {id.value!r} is empty in {empty} of them and returns in {again}"
        chosen[id.what] = Guess(id.what, "file", 0.8, why)


def by_cells(table: str, rows: pd.DataFrame, chosen: dict[str, Guess], cells: TimeCells) -> None:
    """Find an id by its cells alone, where no name gave it away: numbers and codes before other words, never people."""
    identifier = SCHEMAS[table].id
    taken = {guess.value for guess in chosen.values()}
    if identifier in chosen:
        return
    free = [n for n in rows.columns if n not in taken and not is_person_field(n) and not n.lower().endswith("_by")]
    free = [n for n in free if time_matching.words(n)[-1:] != ["value"] and not n.lower().startswith("ref.")]
    free = [n for n in free if not time_names.is_length(n) and not cells.is_of_clocks(n)]
    if table == "incidents":
        free = [n for n in free if not _OF_BUILDS & set(time_matching.words(n))]
    free.sort(key=lambda name: name.count("."))  # an id of a part is the record's only where it has none itself
    for wanted, sure in ((True, 0.7), (False, 0.6)):
        if not wanted and "file" in free and "body" in rows and rows["file"].is_unique:
            chosen[identifier] = Guess(identifier, "file", 0.8, "the names of the pages, of which no column is an id")
            return
        for name in free:
            texts = rows[name]
            distinct = len(texts) and texts.nunique() == len(texts) and (texts != "").all()
            distinct = distinct and texts.str.contains(SENTENCE).mean() <= 0.5
            short = (
                distinct and texts.str.len().max() <= LONGEST_ID and not texts.str.match(service_matching.LINK).any()
            )
            named = bool(_ID_WORDS & set(time_matching.words(name))) or name.strip() in _SIGNS
            if named and cells.stamps(name) and not texts.str.fullmatch(r"\d+").all():
                continue  # when the next run is
            if texts.str.fullmatch(r"\d{1,2}:\d\d(?::\d\d)?").all():
                continue  # a time of day
            if short and named == wanted and (named or _is_code(texts, name, cells)):
                chosen[identifier] = Guess(identifier, name, sure, "short, and distinct in every row")
                return
    for name in rows.columns if table in _LINKS else ():
        if len(rows) and rows[name].is_unique and rows[name].str.fullmatch(_LINKS[table]).all():
            chosen[identifier] = Guess(identifier, name, 0.65, "links that tell all rows apart")
            return


def _is_code(texts: pd.Series, name: str, cells: TimeCells) -> bool:
    """Whether cells could be ids although no name says so: words with numbers in them that are no times and no samples."""
    coded = texts.str.contains(r"\d") & ~texts.str.contains(r"[\s;,|]")
    return len(texts) > 1 and bool(coded.mean() > 0.5) and not cells.stamps(name) and not _is_measure(texts)


def _is_measure(texts: pd.Series) -> bool:
    """Whether cells are numbers that neither count the rows nor are all of one length: samples of something."""
    if texts.str.fullmatch(r"[-+]?[\d.,]+\s?%").all():
        return True
    if not texts.str.fullmatch(r"[-+]?\d+(?:[.,]\d+)?").all():
        return False
    steps = pd.to_numeric(texts.str.replace(",", ".")).diff().dropna().abs()
    return not ((steps == 1).all() or (texts.str.fullmatch(r"\d{4,}").all() and texts.str.len().nunique() == 1))


def of_none(table: str, rows: pd.DataFrame, chosen: dict[str, Guess], cells: TimeCells) -> str:
    """Why rows without an id are none of a table: they say how many there were, or which, of a day or a place; or they
    are the steps of one incident, as a write-up has them."""
    if table == "changes":
        return _of_counts(rows, chosen, cells) or _of_lines(rows, chosen)
    if counted := next((n for n in rows if synonyms.bare(n) in _SEVERAL or _counts(set(time_names.words(n)))), ""):
        return f"{counted!r} counts or lists what happened"
    start, step = chosen.get("started_at"), chosen.get("title", chosen.get("description"))
    if not start or not step:
        return ""
    timed = {"time", "timestamp", "ts", "zeit", "uhrzeit", "heure", "hora"} & set(_words(start.value))
    if timed and set(chosen) <= _OF_STEPS and _STEPS & set(_words(step.value)):
        return f"{start.value!r} and {step.value!r} are the course of one incident, step by step"
    return ""


def _of_counts(rows: pd.DataFrame, chosen: dict[str, Guess], cells: TimeCells) -> str:
    """What to say of rows that next to a time hold numbers only, of how much there was; ``""`` for others."""
    start = chosen["started_at"].value if "started_at" in chosen else next(filter(cells.is_of_days, rows.columns), "")
    others = [n for n in rows.columns if n != start and (rows[n] != "").any()]
    if not start or len(others) < 2 or not all(rows[n].str.fullmatch(r"[-+]?\d*(?:[.,]\d+)?%?").all() for n in others):
        return ""
    return f"{listed([repr(n) for n in others[:2]])} are numbers of each {start!r}"


def _of_lines(rows: pd.DataFrame, chosen: dict[str, Guess]) -> str:
    """What to say of rows that are the lines of a program's log: a level, what was said, and when."""
    said = chosen.get("title", chosen.get("description"))
    if not said or not {"message", "msg", "text", "log"} & set(time_names.words(said.value)):
        return ""
    for name in rows.columns:
        words = {status_words.plain(word) for word in rows[name].unique() if word}
        if LEVEL.fullmatch(name.rpartition(".")[2]) and words <= _GRADES_OF_LOGS and words & {*OF_LOGS}:
            return f"{name!r} and {said.value!r} are those of the lines of a log, {sorted(words)[0]!r} and so on"
    return ""


def are_results(texts: pd.Series) -> bool:
    """Whether states say of runs how they went, and of no incident anything: ``Succeeded`` and ``Failed``."""
    words = texts[texts != ""].unique()
    went = [status_words.took_effect(word) is not None for word in words]
    return len(words) > 1 and all(went) and not any(status_words.meaning(w, status_words.STATUS_WORDS) for w in words)


def _words(name: str) -> list[str]:
    return re.findall("[a-z]+", name.lower())


def _counts(said: set[str]) -> bool:
    """``Number of failures``, ``incident_count``, and no ``incident number``."""
    one = {word.removesuffix("s") for word in _SEVERAL}
    counted = bool(_OF_COUNTS & said) and bool(said & (one | _SEVERAL))
    return counted or (bool(_NUMBERS & said) and bool(said & _SEVERAL))


def _is_version(name: str) -> bool:
    """Whether a column says what was released, by its name."""
    return bool({"version", "release", "tag", "build"} & set(time_names.words(name)))


def made_of(table: str, rows: pd.DataFrame, chosen: dict[str, Guess], file: str, of_states: bool) -> tuple[str, ...]:
    """Columns that together tell every row from the others, where none is an id and the file is a log by what else it
    says: a start and words, and an end or a name that says so. Without that, samples of a metric would be incidents."""
    id = SCHEMAS[table].id
    if id in chosen or "started_at" not in chosen or any(n.strip().lower() == id for n in rows.columns):
        return ()
    ended = any(name.startswith(ENDS[table]) for name in chosen)
    named = is_called(file, table) or any(w in n.lower() for n in rows.columns for w in OWN_WORDS[table])
    ran = "status" in chosen and are_results(rows[chosen["status"].value])
    named = named or (
        table == "changes" and (ran or tell_of_changes(rows.columns) or kinds_and_states.of_file(file, "") is not None)
    )
    if table == "incidents" and ran and not named:
        return ()
    if table == "incidents" and {"title", "services"} <= {*chosen}:
        named = named or vocabulary.tell_of_troubles(rows[chosen["title"].value])
    filled = {column for column, guess in chosen.items() if (rows[guess.value] != "").mean() > MOST_EMPTY}
    if (rows[chosen["started_at"].value] != "").mean() < (FEWEST_STARTS if named and ended else MOST_EMPTY):
        return ()
    filled |= {"title"} & {"title" for n in rows if table == "changes" and _is_version(n) and (rows[n] != "").all()}
    said = filled & WORDS.get(table, set()) and (named or (ended and table == "incidents"))
    windows = ended and is_called(file, table)
    texts = [n for n in rows.columns if n not in {guess.value for guess in chosen.values()}]
    words = r"[^\W\d_]{2}" if table == "changes" and len(rows.columns) < FEW_COLUMNS else SENTENCE
    worded = is_called(file, table) and any(rows[n].str.contains(words).mean() > MOST_EMPTY for n in texts)
    alone = table == "changes" and len(rows.columns) == 1 and (named or is_called(file, table))  # when each was
    if not (said or windows or alone or worded or (ended and of_states)):
        return ()
    wanted = [c for c in ("started_at", "started_at_clock", "title", "services", "description", "url") if c in chosen]
    more = [chosen[c].value for c in ("environment", "author") if c in chosen]
    first = [*dict.fromkeys([*(chosen[c].value for c in wanted), *more])]
    last = [guess.value for guess in chosen.values() if guess.value not in first]
    found: list[str] = []
    rows = rows.drop_duplicates()  # records that are there twice are one
    for name in (n for n in first if table == "changes" and _is_version(n) and n != chosen["started_at"].value):
        if len(rows) > 1 and rows[name].is_unique and rows[name].str.contains(r"\d").all():
            chosen[id] = Guess(id, name, 0.75, "what was released, distinct in every row")
            return ()
    alike = rows.iloc[:, 0].map(lambda _: "")
    for name in [*first, *(n for n in rows.columns if n not in {*first, *last}), *last]:
        longer = alike + "\x1f" + rows[name]
        if (len(found) < 2 and name not in last and (rows[name] != "").any()) or longer.nunique() > alike.nunique():
            found.append(name)
            alike = longer
    return tuple(found) if len(rows) and alike.nunique() > DISTINCT * len(rows) else ()
