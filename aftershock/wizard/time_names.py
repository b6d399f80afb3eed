"""What the name of a column says of the time that it holds: a start, an end, a plan, or when somebody wrote it down."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aftershock.sources.person_fields import is_person_field
from aftershock.wizard.translations import UMLAUTS, in_english

_WORDS = {
    role: frozenset(text.split())
    for role, text in tomllib.loads(Path(__file__).with_name("time_names.toml").read_text(encoding="utf-8")).items()
}
START, END, PLAN, ENTRY, REAL = (_WORDS[role] for role in ("start", "end", "plan", "entry", "real"))
FILLING = _WORDS["filling"]
_FORMS = FILLING | {"unixtime", "epoch", "epochmillis", "iso", "value", "seconds", "millis", "string", "raw"}
_OF_TIME = re.compile(
    r"(?<=...)(?:datum|zeitpunkt|tijdstip|tijd|zeit|tid)$"
)  # what compounds of German, Dutch and Swedish end with
_ENDING = re.compile(r"(?<=geplant)e[rs]?$")  # German adjectives, which end like what they are of
_LENGTH, _UNIT, _TOOK, _ALLOWED = (_WORDS[role] for role in ("length", "unit", "took", "allowed"))
_KNOWN = START | END | PLAN | ENTRY | _LENGTH | _WORDS["filling"] | _WORDS["own"]


@dataclass(frozen=True)
class Pair:
    """Two columns that begin and end the same thing, and how sure that is from 0 to 1."""

    start: str
    end: str
    sure: float


def words(name: str) -> list[str]:
    """The words of a column's name without accents, taken apart at signs and at capitals; of a path its last part, and the
    one before where that only says that it is a time: ``date-ended.date``, or says that it was planned: ``planned.start``."""
    *before, text = in_english(name).split(".")
    bare = re.sub("[^a-z]", "", before[-1].lower()) if before else ""
    if before and (re.sub("[^a-z]", "", text.lower()) in _FORMS or bare in PLAN | REAL):
        text = f"{before[-1]} {text}"
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text).lower()
    text = text.translate(UMLAUTS)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return [part for word in re.findall(r"[a-z]+", text) for part in _apart(word)]


@lru_cache(maxsize=4096)
def _apart(word: str) -> tuple[str, ...]:
    """``timefrom`` is two words; what is known as one stays one."""
    if word not in _KNOWN:
        for place in range(2, len(word) - 1):
            if word[:place] in _KNOWN and word[place:] in _KNOWN and max(place, len(word) - place) > 3:
                return word[:place], word[place:]
        if found := _OF_TIME.search(word):
            return word[: found.start()], found[0]
    return (word,)


def is_length(name: str) -> bool:
    """Whether a column says how long something took; not how long it may take, nor hours of anything else."""
    said = words(name)
    own = set(said)
    if own & _ALLOWED or own >= {"queue", "length"}:
        return False
    of_a_part = "." in name and own <= _UNIT  # the days of a request, of a filter
    in_units = bool(own & _UNIT) and own <= _UNIT | _TOOK and not of_a_part
    return bool(own & _LENGTH) or {"time", "to"} <= own or said[-2:] == ["resolution", "time"] or in_units


def is_before(name: str) -> bool:
    """Whether a length of a change is what passed until it was made: ``time to merge``, ``lead time``."""
    return bool(_WORDS["before"] & set(words(name)))


def what_ended(name: str) -> str:
    """The time of an incident at which a length ends."""
    said = set(words(name))
    return next((time for time in ("mitigated_at", "detected_at") if _WORDS[time] & said), "resolved_at")


def _begins(said: set[str]) -> bool:
    """Whether words say that something begins: a word that may only join others counts where none says an end."""
    return bool(said & (START if not said & END else START - _WORDS["joining"]))


def is_plan(name: str) -> bool:
    said = words(name)
    guessed = len(said) > 1 and said[0] == "est"  # est. return; behind a time it is a zone
    return (guessed or bool(PLAN & set(said))) and not REAL & set(said)


def is_plainly_planned(name: str) -> bool:
    """Whether a name says that its time was planned and nothing else: ``Scheduled Date``."""
    said = {word for word in words(name) if word not in _WORDS["filling"] | _WORDS["own"]}
    return bool(said) and said <= PLAN


def is_due(name: str) -> bool:
    """Whether a name says until when something was to be done."""
    return bool(_WORDS["due"] & set(words(name))) and not REAL & set(words(name))


def is_request(name: str) -> bool:
    """Whether a column says when somebody asked for something or agreed to it."""
    return bool(_WORDS["asked"] & set(words(name)))


def is_about(name: str) -> bool:
    """Whether a column says something about a step and not when it was: ``Implementation status``, ``closed by``."""
    return bool(_WORDS["about"] & set(words(name)[-1:]))


_RAN = {"run", "deploy", "deployed", "deployment", "build", "execution", "release"}


def is_in_holder(name: str) -> bool:
    """Whether a column is a part of what the record is in: the state of its repository or project."""
    return bool(_HOLDERS & set(words(" ".join(name.split(".")[:-1]))))


def is_of_holder(name: str) -> bool:
    """Whether a time is a part of somebody, or of what the record is in: when their account or its repository was made; or
    of what was asked for: ``filter.start_time``."""
    *parts, last = name.split(".")
    if _QUERIES & set(words(" ".join(parts))):
        return True
    if is_in_holder(name):
        return is_creation(last) or is_entry(last)
    return is_creation(last) and any(map(is_person_field, parts))


def is_entry(name: str) -> bool:
    """Whether a column says when a row was written or changed; when it was last resolved is its end."""
    said = set(words(name))
    if (END & said - _WORDS["joining"]) or said & _RAN:
        said -= {"last"}  # the last run is one
    return bool(ENTRY & said) and not START & said - _WORDS["joining"]


_QUERIES = {"filter", "filters", "query", "criteria"}
_HOLDERS = {
    "repository",
    "repo",
    "organization",
    "organisation",
    "project",
    "workspace",
    "namespace",
    "account",
}  # of records
_MADE = {"publish", "published", "uploaded", "upload", "pushed"}  # of a version, when it was released


def is_of_change(name: str) -> bool:
    """Whether a name says when something was changed or published: of a row when it was written, of a change when it was
    made."""
    return set(words(name)) - FILLING - {"status", "state"} in ({"changed"}, {"change"}) or bool(
        _MADE & set(words(name))
    )


def is_published(name: str) -> bool:
    """Whether a name says that its time is when something was published, as issues are when they are opened."""
    return set(words(name)) - FILLING == {"published"}


def is_asked(name: str) -> bool:
    """Whether a name says when a change was asked for."""
    return bool({"raised", "request", "requested", "submitted", "proposed"} & set(words(name)))


def is_agreed(name: str) -> bool:
    """Whether a name says when somebody agreed to a change: when its board met, say."""
    return bool({"cab", "approval", "approved", "decision", "decided"} & set(words(name)))


def is_clock(name: str) -> bool:
    """Whether a name says that its numbers are times of day: ``Start 9.30``, and no version or rate."""
    return bool(
        {"time", "uhrzeit", "zeit", "heure", "hora", "tijd", "clock", "uhr", "tid", "ora", "cas"} & set(words(name))
    ) or (bool((START | END) & set(words(name))))


def joins(name: str) -> bool:
    """Whether a name may be of a time as of anything else: ``from`` and ``to``."""
    return set(words(name)) <= _WORDS["joining"]


def is_plain(name: str, marks: frozenset[str]) -> bool:
    """Whether a name says one of the ``marks`` and nothing else than that it is a time of the record: ``Closed Date Time``."""
    said = {word for word in words(name) if word not in _WORDS["filling"] | _WORDS["own"]} - {"last"}
    return len(said) == 1 and said <= marks - _WORDS["joining"]


def is_over(name: str) -> bool:
    """Whether a name says, among other things, that something was over then: ``monitorConditionResolvedTime``."""
    return bool(_WORDS["over"] & set(words(name))) and not (
        is_plan(name) or is_entry(name) or {"first", "by"} & set(words(name))
    )


def is_creation(name: str) -> bool:
    """Whether a name says that its time is when the row was made."""
    return bool({"created", "creation", "erstellt", "cree", "creado", "criado"} & set(words(name)))


def is_entered(name: str) -> bool:
    """Whether a name says that its time is when somebody made, opened or reported a record, not when something began."""
    said = set(words(name))
    return bool(_WORDS["entered"] & said) and not (START - _WORDS["entered"]) & said


def is_beginning(name: str) -> bool:
    """Whether a name says that its time is when something began, and not only when that was entered or planned."""
    return _begins(set(words(name))) and not (is_entered(name) or is_plan(name) or is_about(name) or is_length(name))


def is_of_record(name: str) -> bool:
    """Whether a name says of what it is the time: ``Incident start``; ``Started`` alone may be of the work on it."""
    return bool(_WORDS["own"] & set(words(name))) or bool(
        {"occurred", "down", "trigger", "triggered"} & set(words(name))
    )


def is_of_record_or_bare(name: str) -> bool:
    """Whether all words of a name say a time, a start or what a record is: ``Event date``, and no ``Valid date``."""
    return set(words(name)) <= _WORDS["filling"] | _WORDS["own"] | START


def is_filed(name: str) -> bool:
    """Whether the end that a name says is that of the record: a ticket is closed days after the trouble is over."""
    return bool(_WORDS["filed"] & set(words(name)))


def is_end(name: str) -> bool:
    said = set(words(name))
    return bool(END & said) and not _begins(said)


def says_time(name: str) -> bool:
    """Whether a word of a name is one of times: the numbers of others count something else."""
    return bool((FILLING | START | END | PLAN | ENTRY) & set(words(name)))


def may_begin(name: str) -> bool:
    """Whether a time may be a start for all that its name says."""
    return not (is_entry(name) or is_end(name) or is_plan(name))


def pairs(names: Iterable[str], holds_times: Callable[[str], bool]) -> list[Pair]:
    """The starts and ends among names that differ in nothing else and hold times, the surest first: of several ends that of
    the trouble, and then the one that is named like the start."""
    by_stem: dict[tuple[str, frozenset[str]], dict[str, list[str]]] = {}
    for name in (n for n in names if not is_of_holder(n)):
        said = words(name)
        for role, marks, is_one in (("start", START, _begins(set(said))), ("end", END, bool(END & set(said)))):
            if is_one and not (ENTRY & set(said) - {"change"}):  # a change may begin and end
                kept = [w for w in said if w not in marks | _WORDS["filling"] | _WORDS["joining"]]
                stem = frozenset("actual" if w in REAL else _ENDING.sub("", w) for w in kept)
                by_stem.setdefault((name.rpartition(".")[0], stem), {}).setdefault(role, []).append(name)
    found = []
    for (_, stem), named in by_stem.items():
        start, ends = named.get("start", [""])[0], named.get("end", [])
        like = set(words(start)) - START
        end = min(ends, key=lambda one: (is_filed(one), set(words(one)) - END != like), default=start)
        if start and start != end and holds_times(start) and holds_times(end):
            found.append(Pair(start, end, _sureness(set(stem))))
    return sorted(found, key=lambda pair: -pair.sure)


def are_twins(pair: Pair) -> bool:
    """Whether what happened began and ended in columns of one wording."""
    alike = set(words(pair.start)) - START == set(words(pair.end)) - END
    return alike and not (is_filed(pair.end) or is_plan(pair.start) or is_plan(pair.end))


def _sureness(stem: set[str]) -> float:
    if PLAN & stem and not REAL & stem:
        return 0.62
    if REAL & stem:
        return 0.96
    if stem & _WORDS["before_it"]:
        return 0.9  # what is built is deployed afterwards
    return 0.93 if len(stem) < 2 and stem <= _WORDS["own"] else 0.87
