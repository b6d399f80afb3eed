"""The words of a log: the order of its grades, its states, its kinds of change, what separates several in a cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

import pandas as pd

from aftershock.dataset import placeholders
from aftershock.output.phrases import listed, plural, verb
from aftershock.schema import status_words
from aftershock.schema.change_kinds import KIND_WORDS
from aftershock.schema.status_words import STATUS_WORDS
from aftershock.wizard import severity_scale
from aftershock.wizard.guess import MOST_NAMES, Guess
from aftershock.wizard.toml_text import array

KINDS = {
    "deploy": "hotfix patch upgrade update ship shipping rollforward canary bugfix einspielung livegang mise_en_production "
    "despliegue feature new_feature improvement enhancement fix bug_fix 发布 部署 上线 升级 リリース デプロイ 배포",
    "config": "configuration_change config_change konfiguration parameter parametrage configuracion 配置 設定 설정",
    "infrastructure": "scaling provisioning hardware_change os_patch firmware kubernetes k8s cloud netzwerk reseau 维护 扩容 缩容 "
    "扩缩容 保守",
    "database": "ddl sql data_migration schema_change datenbank base_de_donnees 数据库 索引",
    "feature_flag": "feature_toggle flag_change launch kill_switch",
}
_KINDS = {word: kind for kind, words in KINDS.items() for word in words.split()}
INCIDENT = re.compile(
    r"inciden|^storing(?:en)?$|outage|post-?mortem|st(?:ö|oe)rung|ausfall|panne|incydent|awaria|guasto", re.IGNORECASE
)
_TROUBLES = re.compile(  # in titles of what goes wrong
    r"inciden|outage|disrupt|degrad|unavailab|inaccessib|elevated|increased|error|fail|latenc|latent|slow|timeouts?|connectivity"
    r"|interrupt|impair|down\b|issue|problem|delay|unable|cannot|st(?:ö|oe)rung|ausfall|panne|fallo|falha|guasto",
    re.IGNORECASE,
)
_AN_INCIDENT = re.compile(r"incidents?|incidente|vorfall|st(?:ö|oe)rung", re.IGNORECASE)
_ONE_WORD = re.compile(r"[^\W_]+")
_CALLED = re.compile(r"inciden|incydent", re.IGNORECASE)  # what each is, and not of which kind
_WORK = re.compile(
    r"^(?:user )?(?:stor|task|sub-?task|epic|bug|feature|improvement|new feature|enhancement|request|service request|question|"
    r"problem|change|aufgabe|fehler|anfrage|anforderung|demande|requisi|solicit|petici|tarea|tarefa|richiesta|wniosek|zgłoszenie|"
    r"t[âa]che|aanvraag|wijziging|vraag|故事|任务|子任务|缺陷|[\w ]+ (?:request|question)s?$)",
    re.IGNORECASE,
)
_TYPES = re.compile(
    r"(?:issue|ticket|record|request|workitem|call)?type|kind|stream|tipo|typ|art|nature|natura|tracker|ticketart"
    r"|tipode(?:incidencia|item|ticket|chamado|solicita\w+|peticion)|typede(?:ticket|demande)|vorgangstyp"
)
_IS_OBJECT = r"\{|\[(?![A-Za-z][\w ]*\] )"  # and no name such as [System] Incident
_LABELS = re.compile(r"labels?|tags?|etiquetas?|etiquettes?|schlagw(?:o|oe)rte?r?")
_CLASSES = re.compile(
    r"\w*(?:type|category)|class|classification|kind|tipo|typ|art|kategorie|categorie|categoria|klasse|classe|clase"
)
_NONE = re.compile(  # what is no incident, whatever else a log of outages or of a provider's notices holds
    r"^(?:scheduled|planned|maint|geplant|wartung|planifi|programad|prevista|planowan|account ?notif|announce|notice|advisor|"
    r"(?:test|tests|testing|drill|exercise|example|tutorial|training|übung)$)",
    re.IGNORECASE,
)
_GRADES = re.compile(r"\w*(?:impact|severity)")
UPKEEP = re.compile(
    r"^(?:(?:under|scheduled|planned)[ _-]?)?maintenance$|^wartung$"
    r"|^(?:planned|scheduled|geplante?r?|programad[oa]|planifi[eé]e?|planejad[oa])"
    r"(?:[ _-]?(?:work|outage|maintenance|downtime|wartung|change|event|activity|arbeit)(?:s|en)?)?$"
    r"|^(?:maintenance|mantenimiento|manuten[cç][aã]o) (?:planifi[eé]e|planificado|programad[oa]|programmée)$",
    re.IGNORECASE,
)  # as a grade, on status pages and of suppliers
_WELL = re.compile(
    "up|ok|recovery|recovered|normal|cleared|clear|green|healthy|online|available|passing|passed|operational"
)
_TROUBLE = re.compile(
    "down|critical|crit|warning|warn|unknown|unreachable|triggered|firing|problem|alert|alarm|error|err|red|yellow|unhealthy|offline|"
    "unavailable|degraded|timeout|failing|high|major|minor|failed|fail"
)
_WATCHING = re.compile(
    "started|paused|resumed|pending|maintenance|enabled|disabled"
)  # of the monitor, and nothing of what it watches
_TRIED = re.compile(  # at the beginning: a test that fails is an incident
    r"^\W*(?:test|drill|exercise|game ?day|dry run|fire drill|dr test|übung|simulacro|exercice)(?:\W*$|\W*[:\])|–—-])"
    r"|^\W*test (?:incident|alert|ticket|page|event|notification)\b|(?:please|pls) ignore|\bignore (?:this|me)\b"
    r"|^\W*(?:this is )?(?:only |just )?a (?:test|drill)\b",
    re.IGNORECASE,
)
_PLANNED_WORK = re.compile(  # in titles
    r"(?<![\w-])(?:scheduled|planned|routine|emergency|geplante\w*|planifi\w+|programad\w+)\W+(?:[\w-]+\W+){0,2}?"
    r"(?:maint\w+|works?|downtime|outage|upgrade|wartung\w*|mantenimiento|manuten\w+)"
    r"|(?:maintenance|mantenimiento|manuten\w+)\W+(?:planifi\w+|programm?\w+)"
    r"|^\W*(?:scheduled|planned|geplant)\W*[\])|:]"
    r"|(?<!\w)(?:wegen|aufgrund|due\W+to|because\W+of|for)\W+(?:[a-zäöü]+e[nrms]?\W+)??(?P<because>maintenance|wartung\w*)(?!\w)"
    r"|^(?!.*\b(?:after|during|post|following|due|unplanned|unscheduled|nach|wegen|solicit\w*|pedido|requests?|petici\w*)\b)(?:.*\s[-–|]\s|.*:\s)?\W*(?:[\w-]+\s+){0,2}(?P<work>maintenance|wartung|mantenimiento)\b",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"(un|non|not|nicht|non )?(?:planned|scheduled|geplant|planifi\w+|programad\w+|prevu\w*|planejad\w+|planeret)"
)
_PLANNED = re.compile(
    r"(?:is|was|war)?(?:planned|scheduled|geplant|maintenance|wartung|drill|exercise|test|induced|simulated|chaos|gameday|pr|pullrequest|mergerequest)(?:outage|maintenance|incident)?"
    r"(?:flag|yn|ind|indicator)?"
)
_CLASSES_OF_CHANGES = re.compile(  # of service management: how a change was approved
    r"(?:normal|standard|emergency|expedited|urgent|routine|major|minor|significant|pre approved|notfall|planned)(?: change)?"
)
YES = {"yes", "true", "y", "1", "ja", "oui", "si", "sí", "sim"}
_NO = {"no", "false", "n", "0", "nein", "non", "nao", "não", "nej"}
_TICKED = {"checked", "x", "✓", "✔", ""}  # what is in a box, and in one that is empty
_OVER = re.compile(
    r"(?:is|was)?(?:resolved|closed|solved|fixed|restored|recovered|cleared|behoben|erledigt|resolu|resuelt[oa]|resolvid[oa])"
)
_ONGOING = re.compile(r"(?:is|still)?(?:open|active|ongoing|unresolved)")
_WELL_DONE = re.compile(
    r"(?:is|was|deploy|deployment)?(?:ok|success|successful|succeeded|passed|erfolgreich|erfolg|succes|sucesso|exito)"
)
_FAILED = re.compile(r"(?:is|was|has|deploy|deployment)?(?:failed|failure|fehlgeschlagen)")
_MADE = re.compile(r"(?:is|was)?(?:released|deployed|published|implemented|applied|executed|shipped|rolledout|merged)")
_CALLED_OFF = re.compile(
    r"(?:is|was|has|been)*(?:cancell?ed|aborted|rejected|declined|withdrawn|skipped|abandoned|postponed|abgesagt|storniert)"
)
_NOT_MADE = re.compile(r"(?:is)?(?:draft|unreleased|dryrun)")
_ASKED = {  # what names of columns ask, and what yes and no to it mean
    "incidents": ((_OVER, "resolved", "open"), (_ONGOING, "open", "resolved")),
    "changes": (
        (_WELL_DONE, "done", "failed"),
        (_OVER, "done", "in progress"),
        (_FAILED, "failed", "done"),
        (_MADE, "done", "planned"),
        (_NOT_MADE, "planned", "done"),
        (_CALLED_OFF, "cancelled", "done"),
    ),
}
_PULLS = {"pullrequest", "pullrequesturl", "mergerequest"}  # what issues have that are requests to merge
_FLAGS = {"true", "false", "True", "False", "0", "1"}
_SET_OFF_BY = re.compile(
    r"(?:triggering|trigger|run|build|pipeline|workflow)?(?:event|source|reason|trigger|cause)(?:name|type)?|triggeredby"
)
_REQUEST = re.compile(r"(?:pull|merge)[ _-]?request|^prs?$|pull:", re.IGNORECASE)
_DONE = re.compile(r"action(?:name)?|operation|activity|verb|event(?:name|type)?|actiontype|operationname|changetype")
_STEP = re.compile(r"^.*\bfrom \w+ to (?=\w+$)", re.IGNORECASE)  # what comes before the new state where both are said
_NUMBERED = ("0", "1", "2", "3")  # states of Nagios and of Uptime Kuma, which do not mean the same
LONGEST_NAME = 40  # characters of what may be one of several names in a cell: a judgement
FEW_WORDS = 6  # of a column that tells incidents from what is none: a judgement
MOST_TYPES = 25  # of records in one tracker: a judgement
PROVED = 0.6  # share of the parts of cells that must be cells of their own: a judgement
SEPARATORS = (
    ";#",  # of SharePoint's lists
    *(";", ",", "|", "\n", "/", "、", "，", "；", " & ", " + ", " and ", " und ", " et ", " y ", " e ", " en ", " i "),
    *("<br>", "<br/>", "<br />"),
)


def severity_order(cells: pd.Series) -> tuple[list[str], Guess] | None:
    """The grades of a log, worst first; None when there are none or too many."""
    empty = set(placeholders.words_for("severity", "text").to_pylist())
    counted = status_words.spellings(g for g, _ in Counter(filled(cells)).most_common())
    grades = [g for g in counted.values() if g not in empty or severity_scale.is_ungraded(g)]
    return severity_scale.ordered(grades) if 1 < len(grades) <= severity_scale.MOST_GRADES else None


def filled(cells: pd.Series) -> list[str]:
    texts = cells.map(lambda v: "; ".join(v) if isinstance(v, list) else str(v)).str.strip()
    return texts[texts != ""].tolist()


def counted(cells: pd.Series) -> str:
    """The words of a column with their rows, the most frequent first."""
    return listed([f"{word!r} ({n:,})" for word, n in Counter(filled(cells)).most_common()], MOST_NAMES)


def states(cells: pd.Series) -> tuple[dict[str, str], list[str]]:
    """What yes and no mean of a column that asks whether incidents are over, and the states whose meaning is not known."""
    words = [w for w, _ in Counter(filled(cells)).most_common() if not status_words.meaning(w, STATUS_WORDS)]
    known = answers(cells) | _of_bugs(cells)
    return known, [word for word in words if word not in known]


def answers(cells: pd.Series, table: str = "incidents") -> dict[str, str]:
    """What the words of a column mean whose name asks whether an incident is over, or still open, or whether a change was
    made, or went well, or failed, and whose cells are yes and no; empty for every other."""
    name = re.sub(
        r"\W+(?:y|yes|j|ja)(?:/(?:n|no|nein))?\W*$", "", str(cells.name).rpartition(".")[2].lower()
    )  # Solved = Y
    name = re.sub(r"[^a-z]", "", name)
    meant = next(((yes, no) for asks, yes, no in _ASKED[table] if asks.fullmatch(name)), None)
    words = dict.fromkeys(filled(cells)) if meant else {}
    if meant is None or not all(status_words.plain(word) in YES | _NO for word in words):
        return {}
    return {word: meant[0] if status_words.plain(word) in YES else meant[1] for word in words}


def tells_end(cells: pd.Series) -> bool:
    """Whether a column says with yes and no how changes ended: whether one is a draft says how it began."""
    said = answers(cells, "changes")
    return bool(said) and not _NOT_MADE.fullmatch(re.sub(r"[^a-z]", "", str(cells.name).rpartition(".")[2].lower()))


def change_states(cells: pd.Series) -> tuple[dict[str, str], list[str]]:
    """What yes and no mean of a column that asks whether changes went well, and the states of which it is not known whether
    they took effect."""
    known = answers(cells, "changes") | _of_requests(cells) | _of_builds(cells)
    words = [w for w, _ in Counter(filled(cells)).most_common() if status_words.took_effect(w) is None]
    return known, [word for word in words if word not in known]


def _of_requests(cells: pd.Series) -> dict[str, str]:
    """What the states of requests to merge mean: one that is closed next to those that are merged was not."""
    words = {status_words.plain(word): word for word in filled(cells)}
    if "merged" not in words or not words.keys() <= {"merged", "closed", "open", "opened", "draft"}:
        return {}
    return {word: "cancelled" if said == "closed" else "planned" for said, word in words.items() if said != "merged"}


def _of_bugs(cells: pd.Series) -> dict[str, str]:
    """What ``verified`` means next to ``resolved``: as Bugzilla has it, that somebody looked after what was done."""
    words = {status_words.plain(word): word for word in filled(cells)}
    return {words["verified"]: "resolved"} if {"verified", "resolved"} <= words.keys() else {}


def mitigated(cells: pd.Series) -> str:
    """The word for what was mitigated, in a column that calls other incidents resolved; ``""`` where there is none."""
    words = {status_words.plain(word): word for word in filled(cells)}
    over = words.keys() & {"resolved", "closed", "fixed"}
    return next((words[w] for w in ("mitigated", "contained", "stabilized", "stabilised") if over and w in words), "")


def are_troubles(words: list[str]) -> bool:
    """Whether states say what was wrong with what is watched, ``Down`` or ``Critical``, and never that it was well."""
    return bool(words) and all(_is_all(_TROUBLE, word) for word in words)


def _of_builds(cells: pd.Series) -> dict[str, str]:
    """What ``ready`` means next to states of a build: it went live, and does not wait for it."""
    words = {status_words.plain(word): word for word in filled(cells)}
    built = words.keys() & {"error", "errored", "failed", "building", "build failed", "live", "current"}
    return {words["ready"]: "done"} if built and "ready" in words else {}


def mostly_never(cells: pd.Series) -> str:
    """What to say of states by which most changes never took effect; ``""`` where fewer did not."""
    counts = Counter(word for word in filled(cells) if status_words.took_effect(word) is False)
    if sum(counts.values()) <= len(cells) / 2:
        return ""
    word, rows = counts.most_common(1)[0]
    return f"most changes are read as never made, such as {rows} that are {word!r}, a word"


def kinds(cells: pd.Series) -> tuple[dict[str, str], list[str]]:
    """The same for kinds of change."""
    return _meanings(cells, lambda w: re.sub(r"[\s-]+", "_", w.lower()), KIND_WORDS, _KINDS)


def are_classes(words: set[str]) -> bool:
    """Whether words say how changes were approved, as service management sorts them: normal, standard, emergency."""
    said = {status_words.plain(word) for word in words}
    return all(map(_CLASSES_OF_CHANGES.fullmatch, said)) and any(word[:4] in ("norm", "stan", "emer") for word in said)


def _meanings(
    cells: pd.Series, plain: Callable[[str], str], known: dict[str, str], more: dict[str, str]
) -> tuple[dict[str, str], list[str]]:
    strange = [w for w, _ in Counter(filled(cells)).most_common() if plain(w) not in known]
    likely = {w: more[plain(w)] for w in strange if plain(w) in more}
    return likely, [w for w in strange if w not in likely]


def record_types(columns: Mapping[str, pd.Series]) -> tuple[str, list[str], list[str]] | None:
    """(column, its words for incidents, its other words) of the column that says what each record of a tracker is, where
    they are of several types; None where there is no such column, or all are incidents."""
    columns = {
        name: cells
        for name, cells in columns.items()
        if "parent" not in name.lower().split(".") and not cells.map(str).str.match(_IS_OBJECT).any()
    }  # of the records themselves
    if (sure := _sorted_by(columns)) and any(map(_AN_INCIDENT.fullmatch, sure[1])):  # incidents next to requests
        return sure
    for name, cells in columns.items():
        last = re.sub(r"[^a-z]", "", name.lower().removesuffix(".name").rpartition(".")[2])
        if (
            last in _PULLS
            and {"number", "created_at"} <= {*columns}
            and 0 < len(filled(cells)) < len(cells)
            and not set(filled(cells)) <= _FLAGS
        ):
            return name, [""], ["a pull request"]
        words = [word for word, _ in Counter(filled(cells)).most_common()]
        if not 0 < len(words) <= MOST_TYPES:
            continue
        if words and _PLANNED.fullmatch(last) and all(status_words.plain(w) in YES | _TICKED for w in words):
            words += [""] * (len(filled(cells)) < len(cells))  # of a box that is ticked, nothing says no
        if (unplanned := _unplanned(last, words)) is not None:
            return name, unplanned, [word for word in words if word not in unplanned]
        idle = _NONE if _CLASSES.fullmatch(last) else UPKEEP if _GRADES.fullmatch(last) else None
        none = [word for word in words if idle.search(word)] if idle else []
        if none and not (_TYPES.fullmatch(last) and any(map(_WORK.search, words))):
            words += [""] * (len(filled(cells)) < len(cells))  # what has no type may be an incident
            return name, [word for word in words if word not in none], none
        if not _TYPES.fullmatch(last):
            continue
        meant = [word for word in words if INCIDENT.search(word)]
        others = [word for word in words if word not in meant]
        of_work = any(_WORK.search(word) for word in others)
        if others and (of_work or any(map(_CALLED.search, meant))):
            return name, meant, others
        if others and any(map(_ONE_WORD.fullmatch, meant)):  # an outage may be one kind, and packets lost another
            return name, [], words
    return _sorted_by(columns)


def _sorted_by(columns: Mapping[str, pd.Series]) -> tuple[str, list[str], list[str]] | None:
    """The same of a column that tells by its words, whatever it is called: each is an incident or other work."""
    for name, cells in columns.items():
        words = [word for word, _ in Counter(filled(cells)).most_common(MOST_TYPES + 1)]
        returning = len(words) < len(filled(cells))  # titles are of a row each
        if _LABELS.fullmatch(name.lower()) is None and 1 < len(words) <= MOST_TYPES and returning:
            meant = [word for word in words if INCIDENT.search(word)]
            others = [word for word in words if word not in meant]
            if meant and others and all(map(_WORK.search, others)):
                return name, meant, others
    return None


def is_of_incidents(name: str, cells: pd.Series) -> bool:
    """Whether a column of classes calls every row an incident or an outage."""
    last = re.sub(r"[^a-z]", "", name.lower().rpartition(".")[2])
    words = set(filled(cells)) if _CLASSES.fullmatch(last) else set()
    return 0 < len(words) <= MOST_TYPES and all(map(INCIDENT.search, words))


def no_incidents(titles: pd.Series) -> dict[str, tuple[list[str], list[str]]]:
    """What titles of incidents say that makes them none → (such titles, what in them says so)."""
    kinds = {"work was planned": _PLANNED_WORK, "it was a test or a drill": _TRIED}
    found = {}
    for what, pattern in kinds.items():
        such = {title: said[said.lastgroup or 0].lower() for title in filled(titles) if (said := pattern.search(title))}
        if such:
            found[what] = list(such), list(dict.fromkeys(such.values()))
    return found


def tell_of_troubles(titles: pd.Series) -> bool:
    """Whether most titles say that something goes wrong."""
    return bool(titles[titles != ""].str.contains(_TROUBLES).mean() > 0.5)


def labelled(columns: Mapping[str, pd.Series]) -> tuple[str, list[str]] | None:
    """(column, its cells that say incident) of labels that call some rows so and others not; None where there are none."""
    for name, cells in columns.items():
        if not _LABELS.fullmatch(re.sub(r"[^a-z]", "", name.lower().removesuffix(".name").rpartition(".")[2])):
            continue
        said = filled(cells)
        meant = [word for word in dict.fromkeys(said) if any(map(_is_label_of_incidents, re.split("[;,] ?", word)))]
        if meant and sum(map(meant.count, said)) < len(cells):
            return name, meant[:MOST_TYPES]
    return _called_incidents(columns)


def _called_incidents(columns: Mapping[str, pd.Series]) -> tuple[str, list[str]] | None:
    """The same of a column of few words that calls some rows incidents and others something else: a hazard, a near miss."""
    for name, cells in columns.items():
        words = list(dict.fromkeys(filled(cells)))
        meant = [word for word in words if _AN_INCIDENT.fullmatch(word)]
        if len(meant) == 1 < len(words) <= FEW_WORDS and all(len(word) <= LONGEST_NAME for word in words):
            return name, meant
    return None


def _is_label_of_incidents(word: str) -> bool:
    return bool(INCIDENT.search(word)) and len(word) <= LONGEST_NAME and not re.search("[:=].*[:=]|-.*-.*-", word)


def recoveries(columns: Mapping[str, pd.Series]) -> tuple[str, list[str], list[str]] | None:
    """(column, its words for trouble, those for being well again) of a log of a monitor's states, where each trouble and
    each recovery has a row: ``Down`` and ``Up``, ``from OK to ALARM`` and ``from ALARM to OK``; None where there is no such
    column. Of states in numbers, it is not known which are those of trouble: all are among the last."""
    for name, cells in columns.items():
        words = [word for word, _ in Counter(filled(cells)).most_common(MOST_TYPES + 1)]
        if (
            1 < len(words) <= 4
            and all(w in _NUMBERED or _is_all(_TROUBLE, w) for w in words)
            and sum(w in _NUMBERED for w in words) > 1
            and {"state", "status"} & set(name.lower().split("."))
        ):
            return name, [], words
        last = name.lower().rpartition(".")[2].removeprefix("is_")
        if len(words) == 2 and _is_all(_WELL, last) and all(status_words.plain(w) in YES | _NO for w in words):
            well = [w for w in words if status_words.plain(w) in YES]
            return name, [w for w in words if w not in well], well
        well = [word for word in words if _is_all(_WELL, word)]
        watching = [word for word in words if _is_all(_WATCHING, word)]
        others = [word for word in words if word not in (*well, *watching)]
        if well and others and all(_is_all(_TROUBLE, word) for word in others):
            return name, others, [*well, *watching]
    return None


def _unplanned(name: str, words: list[str]) -> list[str] | None:
    """The words for what was not planned, of a column that says nothing else: ``Planned?`` with yes and no, or the words
    themselves. None for another column, and where nothing was planned."""
    if _PLANNED.fullmatch(name) and all(status_words.plain(word) in YES | _NO | _TICKED for word in words):
        unplanned = [word for word in words if status_words.plain(word) in _NO | {""}]
        return unplanned if len(unplanned) < len(words) else None
    plans = [_PLAN.fullmatch(re.sub(r"[^\w]|_", "", word.lower())) for word in words]
    if len(words) < 2 or not all(plans):
        return None
    return [word for word, plan in zip(words, plans, strict=True) if plan and plan[1]]


def _is_all(pattern: re.Pattern[str], word: str) -> bool:
    """Whether every word of a state is one of a pattern: ``CRITICAL (CRIT)``."""
    said = status_words.plain(_STEP.sub("", word)).split()
    return bool(said) and all(map(pattern.fullmatch, said))


def workflows(columns: Mapping[str, pd.Series]) -> tuple[str, list[str]]:
    """The column of the workflows whose runs a log of changes holds and their names, where there are several: some may only
    test."""
    runs = {"event", "conclusion"} <= {*columns}
    named = next(
        (n for n in columns if n.lower().replace("_", "") in ("workflow", "workflowname")), "name" if runs else ""
    )
    names = list(dict.fromkeys(filled(columns[named]))) if named in columns else []
    return (named, names) if 1 < len(names) <= MOST_TYPES else ("", [])


def requests(columns: Mapping[str, pd.Series]) -> tuple[str, list[str], list[str]] | None:
    """(column, its other words, those for requests to merge) of the column that says what the runs of a log of changes were
    set off by, where some ran for requests to merge and others not; None where there is none."""
    for name, cells in columns.items():
        if not _SET_OFF_BY.fullmatch(re.sub(r"[^a-z]", "", name.lower().rpartition(".")[2])):
            continue
        words = list(dict.fromkeys(filled(cells)))
        asked = [word for word in words if _REQUEST.search(word)]
        if 0 < len(asked) < len(words) <= MOST_TYPES:
            return name, [word for word in words if word not in asked], asked
    return None


def actions(columns: Mapping[str, pd.Series]) -> tuple[str, list[str]]:
    """The column of an audit log that says what was done in each row and its words, where they are several."""
    for name, cells in columns.items():
        words = list(dict.fromkeys(filled(cells)))
        *_, above, last = ["", *(re.sub(r"[^a-z]", "", part) for part in name.lower().split("."))]
        named = _DONE.fullmatch(last) or _DONE.fullmatch(above + last)
        if named and len(words) > 1 and not any(word.startswith(("{", "[{")) for word in words):
            return name, words
    return "", []


def says_yes_or_no(cells: pd.Series) -> bool:
    """Whether every cell that holds something is a yes or a no."""
    return {status_words.plain(word) for word in filled(cells)} <= YES | _NO


def separator(cells: pd.Series, elsewhere: frozenset[str] = frozenset()) -> Guess | None:
    """What separates several names in one cell, where that is not a semicolon: the sign at which cells fall into
    parts that are cells of their own, in other rows or among the texts ``elsewhere``. None where the cells do not prove
    one: a name may hold any sign."""
    texts = list(filled(cells[~cells.map(lambda v: isinstance(v, list))]))
    cut = {part.strip() for text in (*texts, *elsewhere) for part in text.split(";")}
    best, most = None, 0
    for sign in SEPARATORS:
        alone = {part.removesuffix(sign.strip()).strip() for part in cut}
        joined = {t for t in texts if sign in t}
        parts = [p.strip() for t in joined for p in t.split(sign) if p.strip()]
        if parts and sum(p in alone for p in parts) / len(parts) > PROVED and len(joined) > most:
            best, most = sign, len(joined)
    if best is None or best == ";":
        return None
    return Guess(
        "list_separator",
        best,
        0.85,
        f"{plural(most, 'cell')} {verb(most, 'falls', 'fall')} into names that are cells of their own elsewhere",
    )


def perhaps_lists(cells: pd.Series) -> list[str]:
    """Cells that may hold several names, where nothing proves it: of a separator whose parts return in other cells."""
    texts = set(filled(cells[~cells.map(lambda v: isinstance(v, list))]))
    for sign in (",", "|", "\n", "、", "，", " + ", " & ", " and ", " und ", " et ", " y ", "<br>"):
        joined = sorted(t for t in texts if sign in t)
        parts = Counter(p.strip() for t in joined for p in t.split(sign) if p.strip())
        if joined and sum(n for n in parts.values() if n > 1) > len(parts) / 2:
            return joined
        short = [t for t in joined if all(0 < len(part.strip()) <= LONGEST_NAME for part in t.split(sign))]
        if joined and sign in ",|\n" and len(short) == len(joined):
            return joined
    return []


def asked_of_lists(cells: pd.Series) -> list[str]:
    """The question whether cells hold several services, with the signs between those of an enumeration: ``Search, Feed and
    Images``."""
    several = perhaps_lists(cells)
    words = [sign for sign in SEPARATORS if len(sign) > 2 and sign[0] == sign[-1] == " "]
    last = next((sign for cell in several for sign in words if sign in cell and "," in cell), "")
    what = "list_separator" + f" = {array([',', last])}" * bool(last)
    return [
        f"{cell!r} is read as one service; if it is several, say what separates them: {what}" for cell in several[:1]
    ]
