"""What kinds of change a log has and which of its columns says what became of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from aftershock.output.phrases import plural
from aftershock.schema import status_words
from aftershock.wizard import environments, severity_scale, synonyms, time_names, vocabulary
from aftershock.wizard.guess import Guess

MOST_STATES = 25  # distinct words that a column of states may have: a judgement, more are something else
MOST_OPEN = 0.5  # share of rows that may have no result yet for results to count over states: a judgement
_OF_FILES = {  # what logs of one kind of change are called
    "feature_flag": r"(?:feature.?)?flags?(?![a-z])|toggles?(?![a-z])",
    "config": r"(?<![a-z])config(?:uration)?s?.?(?:changes|history|log|audit)",
    "infrastructure": r"maintenances?(?![a-z])|wartung|メンテナンス|保守|维护|維護|점검|manuten|mantenim|onderhoud|underhåll",
    "deploy": r"deploys?(?:ment)?s?(?![a-z])|deployed|deployment|released?s?(?![a-z])|rollouts?(?![a-z])"
    r"|mises?.?en.?prod|miseenproduction|d[eé]ploiement|despliegue|implanta[cç]|rilasci|wdro[zż]e|リリース|デプロイ|发布|上线|배포|релиз",
}
VERSION = r"v?\d+\.\d+\.\d+(?:[-+.].*)?"
_RESULTS = ("conclusion", "result", "outcome", "buildresult", "closecode", "closurecode", "completioncode")
_OF_OTHERS = {  # what states next to an incident's may be of: steps of the work on it, and what was hit
    *(
        "approval",
        "review",
        "test",
        "build",
        "sla",
        "slo",
        "postmortem",
        "rca",
        "payment",
        "order",
        "delivery",
        "customer",
    ),
    *(
        "service",
        "component",
        "monitor",
        "host",
        "device",
        "health",
        "metric",
        "before",
        "after",
        "previous",
        "old",
        "prior",
    ),
}
OF_PEOPLE = {"employment", "employee", "user", "account", "marital", "license", "subscription"}  # not of a change
_OF_ALERTS = {*("warning", "warn", "fatal", "sev1", "sev2", "p1", "p2", "disaster")}  # words of no other grades
_BEFORE = {"from", "old", "previous", "prior", "before"}  # what a state was until then
_OVER = {"completed", "complete", "finished", "done", "closed", "resolved"}
_HAPPENED = {"event", "eventtype", "action", "operation", "activity"}
PLACES = {*("prod", "production", "live", "staging", "stage", "stg", "preprod", "pre-production", "uat", "qa", "dev")}
PLACES |= {*("development", "test", "testing", "sandbox", "demo", "integration")}
_BRANCHES = {"branch", "ref", "tag", "base", "head", "stage", "label", "labels"}


def settle(rows: pd.DataFrame, chosen: dict[str, Guess], of_history: Sequence[str] = (), file: str = "") -> list[str]:
    """Put right which columns of a log of changes are ``kind``, ``emergency`` and ``status``, which may be one ``of_history``,
    in which the rows of an id differ; what is to be asked of them. ``file``: what the log is called."""
    if "status" in chosen and time_names.is_in_holder(chosen["status"].value):
        del chosen["status"]
    _drop_idle_kind(rows, chosen, file)
    _kind_by_words(rows, chosen)
    _environment_by_words(rows, chosen)
    _status_of_history(rows, chosen, of_history)
    _status_of_steps(rows, chosen)
    return _prefer_results(rows, chosen)


def grades_called_status(rows: pd.DataFrame, chosen: dict[str, Guess]) -> None:
    """Take a column of the status for the severity where all of its words are grades and none is a state."""
    name = chosen["status"].value if "status" in chosen and "severity" not in chosen else ""
    words = set(vocabulary.filled(rows[name])) if name else set()
    states = any(status_words.meaning(word, status_words.STATUS_WORDS) for word in words)
    if words and not states and all(map(severity_scale.is_grade, words)):
        del chosen["status"]
        chosen["severity"] = Guess("severity", name, 0.8, "its words are grades and no states")


def over_by_ends(rows: pd.DataFrame, chosen: Mapping[str, Guess]) -> dict[str, str]:
    """What the states of a log mean in which each row has an end, or says how long it lasted, and that say what was wrong,
    ``Down``, and not how that stands: all are over. Empty for every other log."""
    name = chosen["status"].value if "status" in chosen else ""
    ends = [guess.value for column, guess in chosen.items() if column.startswith("resolved_at")]
    ended = any((rows[end].map(str) != "").all() for end in ends)
    words = dict.fromkeys(vocabulary.filled(rows[name])) if name and ended else {}
    return dict.fromkeys(words, "resolved") if vocabulary.are_troubles([*words]) else {}


def severity_by_words(rows: pd.DataFrame, chosen: dict[str, Guess]) -> None:
    """Where no column of incidents is called the severity, the only one all of whose words are grades of alerts."""
    taken = {guess.value for guess in chosen.values()}
    able = [n for n in rows.columns if "severity" not in chosen and n not in taken and _grades_alerts(n, rows[n])]
    if len(able) == 1:
        chosen["severity"] = Guess(
            "severity", able[0], 0.7, "its words are grades of alerts; no column is called severity"
        )


def _grades_alerts(name: str, cells: pd.Series) -> bool:
    words = {status_words.plain(word) for word in vocabulary.filled(cells)}
    graded = 1 < len(words) <= severity_scale.MOST_GRADES and bool(words & _OF_ALERTS)
    told = graded and (cells != "").mean() > MOST_OPEN and all(map(severity_scale.is_grade, words))
    return told and not _OF_OTHERS & set(time_names.words(name))


def status_by_words(rows: pd.DataFrame, chosen: dict[str, Guess], of_history: Sequence[str] = ()) -> None:
    """Where no column of incidents is called the status, one whose name says of what it is and whose words are all states, or
    one ``of_history``: in which the rows of an id differ, as an ``event`` does."""
    taken = {guess.value for guess in chosen.values()}
    for name in rows.columns if "status" not in chosen else ():
        said, words = set(time_names.words(name)), set(vocabulary.filled(rows[name]))
        named = said & {"status", "state"} and "." not in name and not said & _OF_OTHERS
        if name in taken or not (named or name in of_history) or len(words) > MOST_STATES or said & _BEFORE:
            continue
        unknown = len(vocabulary.states(rows[name])[1])
        able = not unknown or (
            name in of_history and 2 * unknown <= len(words)
        )  # Responded is what was done, and no state
        if able and {status_words.meaning(word, status_words.STATUS_WORDS) for word in words} >= {"open", "resolved"}:
            chosen["status"] = Guess("status", name, 0.8, "its words are states; no column is called status")
            return


def of_file(file: str, *columns: str) -> Guess | None:
    """The kind of all changes of a log whose name, or that of whose id or start, says it: a list of deployments, of flags."""
    for kind, words in _OF_FILES.items():
        parted = {name: re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name) for name in (file, *columns)}  # releaseDate
        if called := next((name for name in parted if re.search(words, parted[name], re.IGNORECASE)), None):
            return Guess("kind", kind, 0.8, f"no column says it, {called!r} does")
    return None


def of_log(file: str, chosen: Mapping[str, Guess], rows: pd.DataFrame) -> Guess | None:
    """The kind of all changes of a log by its name, or by its id and its start, where no column says it."""
    if "kind" in chosen:
        return None
    id, start = (chosen[c].value if c in chosen else "" for c in ("change_id", "started_at"))
    return of_file(file, id, start) or (of_ids(rows[id]) if id else None)


def of_ids(ids: pd.Series) -> Guess | None:
    """The kind of changes whose ids are all versions: each is a release."""
    versions = len(ids) > 1 and ids.str.fullmatch(VERSION).all()
    return Guess("kind", "deploy", 0.75, f"ids are versions, such as {ids.iloc[0]!r}") if versions else None


def _drop_idle_kind(rows: pd.DataFrame, chosen: dict[str, Guess], file: str) -> None:
    """A kind whose words are states is the state, one of normal, standard and emergency changes says which were urgent; one
    of a part of a change, such as ``agent.type``, is none, nor is one without a kind where all are releases: Final, Beta."""
    kind = chosen.get("kind")
    if kind is None:
        return
    words = set(vocabulary.filled(rows[kind.value]))
    if vocabulary.are_classes(words):
        chosen.setdefault("emergency", Guess("emergency", kind.value, 0.85, "how each was approved, not what it was"))
        del chosen["kind"]
    if "kind" not in chosen or synonyms.bare(kind.value) in ("kind", "changetype"):
        return
    known, unknown = vocabulary.kinds(rows[kind.value])
    if known or len(unknown) < len(words) or not words:
        return
    if "status" not in chosen and are_states(rows[kind.value]):
        chosen["status"] = Guess("status", kind.value, 0.8, "its words are states")
        del chosen["kind"]
    elif "." in kind.value or len(words) == 1 or of_log(file, {c: g for c, g in chosen.items() if c != "kind"}, rows):
        del chosen["kind"]


def _kind_by_words(rows: pd.DataFrame, chosen: dict[str, Guess]) -> None:
    """Where no column is called the kind, one that says what happened and most of whose words are kinds."""
    taken = {guess.value for guess in chosen.values()}
    for name in rows.columns if "kind" not in chosen else ():
        words = set(vocabulary.filled(rows[name]))
        told = (rows[name] != "").mean() > MOST_OPEN
        if name in taken or synonyms.bare(name) not in _HAPPENED or not told or not 1 < len(words) <= MOST_STATES:
            continue
        if len(vocabulary.kinds(rows[name])[1]) <= len(words) / 2:
            chosen["kind"] = Guess("kind", name, 0.75, "most of its words are kinds of change")
            return


def _environment_by_words(rows: pd.DataFrame, chosen: dict[str, Guess]) -> None:
    """Where no column is called the environment, one all of whose words are usual names of some."""
    taken = {guess.value for guess in chosen.values()}
    for name in rows.columns if "environment" not in chosen else ():
        words = {word.lower() for word in vocabulary.filled(rows[name])}
        named = set(time_names.words(name)) & _BRANCHES or synonyms.bare(name) in ("name", "title")
        told = (rows[name] != "").mean() > MOST_OPEN
        if told and words <= PLACES and not named and name not in taken:
            chosen["environment"] = Guess("environment", name, 0.75, "all of its words name environments")
            return
        if words and name not in taken and environments.ask_for_production(rows[name]):
            chosen["environment"] = Guess("environment", name, 0.8, "yes or no: whether each was made in production")
            return


def _status_of_history(rows: pd.DataFrame, chosen: dict[str, Guess], of_history: Sequence[str]) -> None:
    """Where no column is called the status, one in which the rows of an id differ and whose words are all states."""
    taken = {guess.value for guess in chosen.values()}
    for name in of_history if "status" not in chosen else ():
        if name not in taken and rows[name].nunique() <= MOST_STATES and are_states(rows[name]):
            chosen["status"] = Guess("status", name, 0.8, "its words are states, of which each change has several")
            return


def _status_of_steps(rows: pd.DataFrame, chosen: dict[str, Guess]) -> None:
    """Where no column is called the status, one of a step of the change is: of its making before that of its approval."""
    taken = {guess.value for guess in chosen.values()}
    able = [
        name
        for name in rows.columns
        if name not in taken
        and {"status", "state"} & set(time_names.words(name)[-1:])
        and not OF_PEOPLE & set(time_names.words(name))
        and len(time_names.words(name)) > 1
    ]
    told = [n for n in able if are_states(rows[n]) and (rows[n] != "").mean() > MOST_OPEN]
    if "status" not in chosen and told:
        best = min(told, key=lambda name: bool({"approval", "review", "test", "build"} & set(time_names.words(name))))
        chosen["status"] = Guess("status", best, 0.7, "the status of a step; no column is that of the change")


def are_states(texts: pd.Series) -> bool:
    """Whether every word is one of which it is known whether such a change took effect."""
    words = set(vocabulary.filled(texts))
    return bool(words) and all(status_words.took_effect(word) is not None for word in words)


def _prefer_results(rows: pd.DataFrame, chosen: dict[str, Guess]) -> list[str]:
    """A status that only says that a change is over gives way to a column that says how it ended; the question what becomes
    of those that never took effect and so have not ended."""
    status = chosen.get("status")
    over = rows[status.value].str.lower().isin(_OVER) if status else pd.Series(dtype=bool)
    if status is None or not over.any():
        return []
    for name in rows.columns:
        open_ = rows[status.value][rows[name] == ""]
        idle = any(status_words.took_effect(word) is False for word in vocabulary.filled(open_))
        told = (rows[name] if idle else rows[name][over]).ne("").mean() > MOST_OPEN  # what never was has no result
        asks = _is_result(name) or bool(vocabulary.tells_end(rows[name]))
        if asks and told and rows[name].nunique() <= MOST_STATES:
            why = f"it says how each ended, {status.value!r} only that it is over"
            chosen["status"] = Guess("status", name, 0.9, why)
            return _without_result(rows[status.value][rows[name] == ""])
    return []


def _without_result(states: pd.Series) -> list[str]:
    never = [word for word in vocabulary.filled(states) if status_words.took_effect(word) is False]
    if not never:
        return []
    such = f"{plural(len(never), 'row')} of {never[0]!r} or the like in {states.name!r} and without a result"
    return [f"{such}: read as made; leave out what was not, under only"]


def _is_result(name: str) -> bool:
    """``result``, ``state.result`` and ``state.result.name``."""
    *_, before, last = ["", *(synonyms.bare(part) for part in name.split("."))]
    return last in _RESULTS or (last == "name" and before in _RESULTS)
