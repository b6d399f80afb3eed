"""What only the user knows of the rows of a log: whether they are changes, or incidents, and which."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from aftershock.output.phrases import listed, plural, verb
from aftershock.schema import status_words
from aftershock.schema.tables import SCHEMAS, TEXT
from aftershock.sources import RawTable
from aftershock.wizard import id_columns, kinds_and_states, no_logs, synonyms, table_names, time_names, vocabulary
from aftershock.wizard.column_matching import Fit
from aftershock.wizard.guess import LIKELY, MOST_NAMES
from aftershock.wizard.interpretation import Interpretation

_OF_INCIDENTS = {"detected_at", "mitigated_at", "caused_by", "duplicate_of"}
_OF_ANY_ROW = {"change_id", "started_at", "finished_at", "url", "author", "environment", "status"}
_AUDIT = re.compile(r"audit|activit|trail", re.IGNORECASE)  # what logs of all that people do are called
_TRACKED = re.compile(
    r"(?<![a-z])(?:issues?|bugs?|defects?|jira)(?![a-z])", re.IGNORECASE
)  # what lists of work of any kind are called
_ANY_ID = {
    *("record", "unique", "object", "global", "internal", "external", "incident", "event", "issue", "ticket", "case"),
}
_SORTS = {
    *(
        "date",
        "time",
        "day",
        "month",
        "at",
        "type",
        "category",
        "class",
        "kind",
        "status",
        "state",
        "level",
        "severity",
    ),
    *("priority", "count", "number", "related", "similar"),
}
MOST_A_GROUP = 50  # rows of one incident, on the average: a judgement
_GROUPS = {"incident", "incidents", "parent", "correlation", "episode", "storm"}
MOSTLY_IDS = 0.9  # share of the cells of such a column that are ids: a judgement
FEWEST_A_GROUP = 0.7  # groups to a row, from which on rows are not grouped: a judgement
_TESTS = re.compile(r"test|lint|check|scan|build|compile", re.IGNORECASE)  # stages that change nothing that users have
_MAKES = re.compile(  # what is done to a version
    r"deploy|release|roll|revert|promot|upgrad|updat|install|migrat|config|flag|patch|publish|ship|scal|provision|merge|push",
    re.IGNORECASE,
)
_RUNS = re.compile(r"(?<![a-z])(?:ci|runs?|jobs?|builds?|pipelines?|workflows?)(?![a-z])", re.IGNORECASE)
_OF_RUNS = (  # in links
    r"/actions/runs/|/-/(?:pipelines|jobs)/|/pipelines/results/|circleci\.com/|buildkite\.com/|/job/.+/\d+|viewLog\.html|"
    r"/buildConfiguration/"
)
_TRIAL = re.compile(  # flags of what was tried, or taken back, and changed nothing
    r"(?:is|was)?(?:test(?:mode|run)?|dryrun|draft|prerelease|simulat(?:ed|ion)|mock(?:ed)?|demo|noop|checkmode|deleted|archived)"
)
_FOUND = re.compile(
    r"(?!.*(?:sla|repeat|recur|relat|parent|child|linked|similar|previous|major|known))(?:is|was)?\w*(?:detected|incident|outage|anomaly|anomalous|breach|breached|violated|triggered)"
)
_YES, _NO = ["true", "yes", "1", "y"], ["false", "no", "0", "n"]
_UNTIL = {"to", "until", "end", "thru", "valid", "bis", "expires", "expiry"}
_FOR_EVER = re.compile(r"^(?:9999|2[5-9]\d\d|3000)-\d\d-\d\d|^\d\d?[./]\d\d?[./](?:9999|2[5-9]\d\d|3000)(?!\d)")
_LINES = re.compile(r"(?:^|[^a-z])logs?(?:\.|$)", re.IGNORECASE)
_STREAMS = ("stdout", "stderr")
FIRST = 1000  # rows that tell whether a column names streams
SOME_LINES = 0.2  # share of rows with such grades from which on they are those of a log: a judgement
_AMOUNT = re.compile(
    r"value|count|counts|total|amount|sum|avg|average|mean|min|max|rate|ratio|percent(?:age)?|n|num|number_of_\w+"
)
PARTS = re.compile(
    r"(?<![a-z])(?:comments|notes|work_?logs|replies|attachments|assignees|watchers|participants|risks?|tasks?|feedback|surveys?"
    r"|orders?|invoices?|shipments?|assets?|vulnerabilit(?:y|ies)|findings?|requirements?|customers?|employees?|queries)(?![a-z])",
    re.IGNORECASE,
)
MOSTLY = 0.5  # share of rows of an audit log that say what was done, below which all may be anything: a judgement
_MADE = re.compile(r"deployed|released|rolled|merged|shipped|implemented|applied")  # in what the start is called
_OF_CI = {"build", "job", "run", "pipeline", "workflow", "approval"}  # kinds that say nothing of what a run does
_DENIED = ("rejected", "not approved", "denied", "declined", "disapproved")
_STAGES = ("stage", "stagename", "step", "stepname", "phase")
_BEGINS = re.compile(r"(?:^|\b)(?:started|start|begin|in progress|running)$")
BEGUN = (
    0.25  # share of rows that say that something began from which on others may say that the same ended: a judgement
)


def asked(chosen: Interpretation, fit: Fit, raw: RawTable) -> list[str]:
    """The questions on the rows of one log."""
    frame = raw.frame
    return [
        *_of_anything(chosen, fit, raw),
        *_of_states(chosen.table, fit, frame),
        *_of_flags(chosen.table, fit, frame),
        *_of_log_lines(chosen.input.name, chosen.table, fit, frame),
        *_of_amounts(chosen.table, fit, frame),
        *_of_others(chosen, fit, frame),
        *_of_groups(chosen.table, fit, frame[kept(raw, chosen.table == "incidents")]),
        *_of_approvals(chosen.table, fit, frame),
        *([] if fit.history or fit.id_from else _of_versions(frame)),
    ]


def columns_of(raw: RawTable) -> dict[str, pd.Series]:
    """The columns of a file, or what its records hold besides canonical ones."""
    if raw.extras is None:
        return {str(name): raw.frame[name] for name in raw.frame}
    names = dict.fromkeys(name for one in raw.extras for name in one)
    return {name: pd.Series([one.get(name, "") for one in raw.extras], dtype="object") for name in names}


def kept(raw: RawTable, sorted_out: bool) -> np.ndarray:
    """Which rows of incidents stay, where those of other types are ``sorted_out``."""
    columns = columns_of(raw)
    types = vocabulary.record_types(columns) if sorted_out else None
    return columns[types[0]].isin(types[1]).to_numpy() if types else np.ones(len(raw.frame), dtype=bool)


def told_by_titles(raw: RawTable, title: str, sorted_out: bool) -> list[tuple[str, str]]:
    """(what is asked of incidents whose titles say that they are none, the pattern of all other titles); ``sorted_out``: rows
    of other types are left out already."""
    titles, found = raw.frame[title][kept(raw, sorted_out)], []
    for what, (such, said) in vocabulary.no_incidents(titles).items():
        rows = plural(int(titles.isin(such).sum()), "title says", "titles say")
        asked = f"{rows} that {what}, such as {such[0]!r}, read as an incident: leave such rows out under only"
        found.append((asked, f"/^(?!.*(?:{'|'.join(map(re.escape, said[:MOST_NAMES]))}))/"))
    return found


def _of_anything(chosen: Interpretation, fit: Fit, raw: RawTable) -> list[str]:
    """The question whether the rows of a log are changes, or incidents, where it may hold all that people did, or says nothing
    of them."""
    file, table, frame = chosen.input.called, chosen.table, raw.frame
    used = {guess.value for guess in fit.columns.values()}
    of_all = bool(_AUDIT.search(file)) or (kinds_and_states.of_file(file, "") is None and "kind" not in fit.columns)
    ran = vocabulary.requests({str(n): frame[n] for n in frame})
    used |= {ran[0]} if ran else set()
    done = {str(n): frame[n] for n in frame if _AUDIT.search(file) or str(n) not in used}
    found = vocabulary.actions(done)
    acts = not all(map(_MAKES.search, found[1])) and found[0] not in used
    if table == "changes" and (of_all or acts) and found[0]:
        listing = listed([repr(word) for word in found[1]], MOST_NAMES)
        return [f"rows of every {found[0]!r} are read as changes, of {listing}: say which are, under only"]
    stage = next((n for n in done if n not in used and n.lower().replace("_", "") in _STAGES), "")
    steps = list(dict.fromkeys(vocabulary.filled(done[stage]))) if stage and table == "changes" else []
    if any(map(_TESTS.search, steps)) and max(map(len, steps)) <= vocabulary.LONGEST_NAME:
        listing = listed([repr(word) for word in steps], MOST_NAMES)
        return [f"runs of every {stage!r} are read as changes, of {listing}: say which deploy, under only"]
    own = table_names.OWN_WORDS[table]
    named = table_names.is_called(file, table) or any(w in str(n).lower() for w in own for n in frame.columns)
    if table == "changes":
        words = [frame[fit.columns[c].value] for c in ("title", "description", "kind") if c in fit.columns]
        of_all = bool(_AUDIT.search(file)) and not any((cells.map(str) != "").mean() > MOSTLY for cells in words)
        filled = {column: (frame[guess.value].map(str) != "").any() for column, guess in fit.columns.items()}
        said = {column.partition("_duration_")[0] for column in fit.columns if filled[column]}
        id, start = (fit.columns[c].value.lower() if c in fit.columns else "" for c in ("change_id", "started_at"))
        silent = (
            not said - _OF_ANY_ROW - ({"services"} if fit.id_from else set())
            and not any(word in id for word in own)
            and not _MADE.search(start)
            and (fit.id_from or kinds_and_states.of_file(file, "") is None)
        )
        asked = "no column says what its rows are; if they are no changes, leave this file out"
        runs = "no column says what its runs are; those that deploy nothing are no changes: say which are, under only"
        links = [g.value for c, g in fit.columns.items() if c in ("url", "repository")]
        of_ci = _RUNS.search(file) or any(frame[n].map(str).str.contains(_OF_RUNS).mean() > 0.5 for n in links)
        if (
            "kind" in said
            and set(map(status_words.plain, vocabulary.filled(frame[fit.columns["kind"].value]))) <= _OF_CI
        ):
            said.remove("kind")
        runs_only = of_ci and not {"kind", "environment"} & said and kinds_and_states.of_file(file, "") is None
        return [asked] if of_all or silent else [runs] * bool(runs_only)
    if table_names.is_called(file, "changes") and not named:
        return [
            f"{file!r} is called like a log of changes, and its rows are read as incidents: if they are changes, call the id "
            "change_id"
        ]
    columns = columns_of(raw)
    types = vocabulary.record_types(columns)
    sorted_by = vocabulary.labelled(columns) or (
        types and (not types[1] or any(map(vocabulary.INCIDENT.search, types[1])))
    )
    own_names = any(w in str(n).lower() for w in own for n in frame.columns)
    links = frame[fit.columns["url"].value].map(str) if "url" in fit.columns else pd.Series(dtype=TEXT)
    tracked = _TRACKED.search(file) or (len(links) and links.str.contains(r"/issues/\d+$").mean() > MOSTLY)
    if table == "incidents" and tracked and not (own_names or fit.tells or sorted_by):
        return [
            "no column says which of these issues are incidents, and every one is read as one: say which are, under only"
        ]
    if named:
        return []
    if thing := _of_something(fit):
        return [f"{thing}: if they are no incidents, leave this file out"]
    over = fit.columns.get("resolved_at")
    graded = "severity" in fit.columns and frame[fit.columns["severity"].value].map(str).str.strip().nunique() > 1
    told = fit.tells or set(fit.columns) & _OF_INCIDENTS or graded or (over and time_names.is_over(over.value))
    if table == "incidents" and not told:
        return ["no column says that its rows are incidents; if they are changes, call the id change_id"]
    return []


def _of_something(fit: Fit) -> str:
    """What the name of their ids says of rows that may be something else than incidents."""
    id = fit.columns.get("incident_id")
    if id and id.sure < LIKELY and len(said := time_names.words(id.value)) > 1 and said[-1] == "id" and not fit.tells:
        return f"its rows are read as incidents, and each is a {' '.join(said[:-1])} by its id, {id.value!r}"
    return ""


def _of_flags(table: str, fit: Fit, frame: pd.DataFrame) -> list[str]:
    """What is asked where a flag says of some changes that they were only tried, or of some rows that nothing was found."""
    used = {guess.value for guess in fit.columns.values()}
    for name in (str(n) for n in frame if str(n) not in used):
        flag = re.sub(r"[^a-z]", "", name.rpartition(".")[2].lower())
        if flag.startswith("sla"):  # whether it took too long
            continue
        if not (_TRIAL if table == "changes" else _FOUND).fullmatch(flag):
            continue
        words = pd.Series(vocabulary.filled(frame[name]), dtype=TEXT).map(status_words.plain)
        yes, no = words.isin(_YES), words.isin(_NO)
        rows = int(yes.sum() if table == "changes" else no.sum())
        if not rows or not (yes | no).all():
            continue
        if table == "changes":
            return [
                f"{name!r} says so of {plural(rows, 'row')}, read as changes: leave out what changed nothing, under only"
            ]
        return [f"{name!r} says no of {plural(rows, 'row')}, read as incidents: leave out what is none, under only"]
    return []


def _of_approvals(table: str, fit: Fit, frame: pd.DataFrame) -> list[str]:
    """What is asked where a column says that changes were not approved which are read as made."""
    used = {guess.value for guess in fit.columns.values()}
    state = frame[fit.columns["status"].value].map(str) if "status" in fit.columns else pd.Series("", frame.index)
    said = {"approval", "approved", "cab", "decision"}
    for name in (str(n) for n in frame if table == "changes" and str(n) not in used):
        if not said & set(time_names.words(name)):
            continue
        denied = frame[name].map(lambda cell: status_words.plain(str(cell)) in _DENIED).astype(bool)
        if rows := sum(status_words.took_effect(word) is not False for word in state[denied]):
            such = frame[name][denied].iloc[0]
            return [f"{name!r} is {such!r} in {plural(rows, 'row')} read as made: leave out what was not, under only"]
    return []


def _of_log_lines(file: str, table: str, fit: Fit, frame: pd.DataFrame) -> list[str]:
    """What is asked where grades are those of a program's log, of which most lines tell of no trouble, or a column names the
    streams to which a program writes; in a ``file`` called a log one such line is enough."""
    used = {guess.value for guess in fit.columns.values()}
    named = fit.columns["severity"].value if table == "incidents" and "severity" in fit.columns else ""
    if table == "changes":
        named = next(
            (str(n) for n in frame if str(n) not in used and id_columns.LEVEL.fullmatch(str(n).rpartition(".")[2])), ""
        )
    said = pd.Series(vocabulary.filled(frame[named]) if named else [], dtype=TEXT)
    plain = said[said.map(status_words.plain).isin(id_columns.OF_LOGS)]
    if len(plain) <= SOME_LINES * len(said) * (not _LINES.search(file)):
        first = frame.head(FIRST)
        named = next((str(n) for n in frame if first[n].map(str).isin(_STREAMS).mean() > 0.5), "")
        plain = frame[named].map(str) if named else plain.head(0)
        plain = plain[plain.isin(_STREAMS)]
    if plain.empty or fit.history:
        return []
    rows, words = plural(len(plain), "row"), listed([repr(word) for word in plain.unique()], 3).replace(" and ", " or ")
    return [f"{named!r} is {words} in {rows}, read as {table}: if they are lines of a log, leave them out under only"]


def _of_versions(frame: pd.DataFrame) -> list[str]:
    """What is asked where a column says until when each row was valid, by a year far ahead for those that are."""
    for name in frame:
        texts = frame[name].map(str).str.strip()
        open_ended = texts[texts.str.contains(_FOR_EVER)]
        if (
            _UNTIL & set(time_names.words(str(name)))
            and open_ended.nunique() == 1
            and len(open_ended) < (texts != "").sum()
        ):
            now = open_ended.iloc[0]
            return [
                f"{str(name)!r} says until when a row was valid, {now!r} for {len(open_ended):,} of {len(texts):,}: the others "
                f"may be older versions of the same records; if they are, keep these under only, by {now!r}"
            ]
    return []


def _of_amounts(table: str, fit: Fit, frame: pd.DataFrame) -> list[str]:
    """The question whether rows without ids are counts or measurements, where a column is called as these are."""
    for name in map(str, frame.columns) if fit.id_from else ():
        texts = frame[name].map(str) if _AMOUNT.fullmatch(name.lower()) else pd.Series(dtype=TEXT)
        texts = texts[texts != ""]
        if len(texts) and texts.str.fullmatch(r"-?\d+(?:[.,]\d+)?").all():
            return [
                f"{name!r} holds numbers: if the rows are counts or measurements, they are no {table}; leave this file out"
            ]
    return []


def _of_others(chosen: Interpretation, fit: Fit, frame: pd.DataFrame) -> list[str]:
    """The question whether the rows are something else that names an incident, or a change, each: they have ids of their own,
    called like the file, or before those of incidents."""
    id, names = fit.columns.get(SCHEMAS[chosen.table].id), list(map(str, frame.columns))
    start = fit.columns["started_at"].value if "started_at" in fit.columns else ""
    if start.endswith("metadata.creationTimestamp"):
        return [
            f"{start!r} is when each object was made, not when it was last changed: if these are the objects of a cluster as they "
            f"are now, they are no {chosen.table}; give its events, or the history of what deploys to it"
        ]
    made = chosen.table == "changes" and id and kinds_and_states.of_file("", id.value)  # DeploymentId
    if (parts := PARTS.search(chosen.input.called)) and not (made and parts[0].lower().startswith("task")):
        return [
            f"the file is called after {parts[0].lower()}: if its rows are these, they are no {chosen.table}; leave it out"
        ]
    stem = re.match(r"[a-z]{4,}", chosen.input.called.lower())
    if id is None or id.value not in names:
        return []
    other = chosen.table == "incidents" and not table_names.is_called(chosen.input.called, "incidents")
    before = names[: names.index(id.value)] if other else []
    for name in names:
        own = re.fullmatch(r"([a-z]{4,}?)s?[_ ]?id", name.lower())
        called = own and ((stem and stem[0].startswith(own[1])) or (name in before and own[1] not in _ANY_ID))
        if called and name != id.value and frame[name].map(str).nunique() == len(frame) > 1:
            return [
                f"{name!r} is an id of the rows, and {id.value!r} is read as theirs: if that names what they belong to, name "
                f"{name!r} as {SCHEMAS[chosen.table].id}, or leave this file out"
            ]
    if chosen.table == "incidents" and _are_problems(frame[id.value].map(str), names):
        return [
            "its rows may be problems, each of which stands behind several incidents: if they are, leave this file out"
        ]
    return []


def _are_problems(ids: pd.Series, names: list[str]) -> bool:
    """Whether rows are problems as service management has them, by their ids or by what is said of each."""
    said = set(map(synonyms.bare, names))
    return bool({"knownerror", "problemid", "problemnumber"} & said) or (
        len(ids) > 0 and bool(ids.str.match(r"(?i:PRB|PBI)[-_]?\d").all())
    )


def _of_groups(table: str, fit: Fit, frame: pd.DataFrame) -> list[str]:
    """The question whether rows are signals of incidents, where a column of ids groups them: ``incident_group``."""
    used = {guess.value for guess in fit.columns.values()}
    for name in map(str, frame.columns) if table == "incidents" and not fit.history else ():
        said = set(time_names.words(name))
        if name in used or not said & _GROUPS or said & _SORTS:
            continue
        cells = frame[name].map(str)
        cells = cells[cells != ""]
        groups = cells.nunique()
        ids = len(cells) > len(frame) / 2 and cells.str.fullmatch(r"\S*\d\S*").mean() > MOSTLY_IDS
        if len(cells) <= MOST_A_GROUP * groups and ids and 1 < groups <= FEWEST_A_GROUP * len(cells):
            asked = f"{name!r} groups {len(cells):,} rows into {groups:,}: if each group is one incident, write "
            return [f'{asked}incident_id = {name!r} and history = "last"']
    return []


def _of_mitigated(name: str, fit: Fit, frame: pd.DataFrame) -> Iterator[str]:
    """The question whether what was mitigated is over, where others are resolved and such rows have no end."""
    word = vocabulary.mitigated(frame[name])
    ends = [frame[g.value].map(str) != "" for c, g in fit.columns.items() if c.startswith("resolved_at")]
    rows = int((frame[name].map(str).eq(word) & ~np.logical_or.reduce([np.zeros(len(frame), dtype=bool), *ends])).sum())
    if word and rows:
        what = f"{plural(rows, 'row')} of {word!r} in {name!r} {verb(rows, 'is', 'are')} read as over, without an end"
        yield f"{what}; others are resolved: if these go on, say so under statuses"


def _of_states(table: str, fit: Fit, frame: pd.DataFrame) -> list[str]:
    """What is asked where states say of rows without ids that one began and others how one ended, or that a request was merged
    and no column says when."""
    if table == "incidents" and "status" in fit.columns and not fit.of_states:
        name = fit.columns["status"].value
        states = None if vocabulary.answers(frame[name]) else vocabulary.recoveries({name: frame[name]})
        well = f"rows whose {name!r} is {states[2][0]!r} are read as incidents" if states and states[1] else ""
        asked = [f"{well}: if these say when all was well, leave them out under only"] * bool(well)
        return [*asked, *_of_mitigated(name, fit, frame)]
    if table == "incidents" and "status" not in fit.columns:
        used = {guess.value for guess in fit.columns.values()}
        states = vocabulary.recoveries({str(n): frame[n] for n in frame if str(n) not in used})
        if states and states[1] and not fit.of_states:
            well = f"rows whose {states[0]!r} is {states[2][0]!r} are read as incidents"
            return [f"{well}: if these say when all was well, leave them out under only"]
    if table != "changes":
        return []
    linked = frame[fit.columns["url"].value].map(str) if "url" in fit.columns else pd.Series(dtype=str)
    if "status" not in fit.columns:
        of_requests = len(linked) and linked.str.contains(no_logs.REQUEST).all()
        name = fit.columns["started_at"].value if "started_at" in fit.columns else ""
        unsaid = (
            f"its rows are requests to merge, by their links, and nothing says that {name!r} is when each was merged"
        )
        return [unsaid] * bool(of_requests and "merged" not in time_names.words(name))
    start = fit.columns["started_at"].value if "started_at" in fit.columns else ""
    words = list(dict.fromkeys(vocabulary.filled(frame[fit.columns["status"].value])))
    if time_names.is_creation(start) and "merged" in map(str.lower, words):
        merged = next((str(n) for n in frame if "merged" in time_names.words(str(n)) and (frame[n] != "").any()), "")
        told = f"{merged!r} says of few when it was" if merged else "no column says when it was"
        return [f"{start!r} is when each was opened; {told} merged"]
    if "merged" in map(str.lower, words) and not {"merged", "merge", "closed"} & set(time_names.words(start)):
        return [f"nothing says that {start!r} is when each was merged, and not when it was opened"]
    begun = [word for word in words if _BEGINS.search(status_words.plain(word))]
    often = frame[fit.columns["status"].value].map(str).isin(begun).mean() >= BEGUN
    ended = not fit.id_from and any(column.startswith("finished_at") for column in fit.columns)
    if fit.history or ended or not (fit.id_from or often) or not begun or len(begun) == len(words):
        return []
    other = next(word for word in words if word not in begun)
    return [f"each row is read as a change; if one of {begun[0]!r} and one of {other!r} are the same, give them one id"]
