"""What one log says of the columns of the other: a cause is a change of theirs, a service one of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from aftershock.dataset import placeholders
from aftershock.dataset.spreadsheet_ids import KnownIds
from aftershock.schema.tables import SCHEMAS
from aftershock.wizard import time_names
from aftershock.wizard.column_matching import Fit
from aftershock.wizard.guess import Guess
from aftershock.wizard.interpretation import Interpretation

MOSTLY = (
    0.5  # share of the rows of a column that name services of the other log, or of those that it names: a judgement
)
_THINGS = {  # words of columns that may name what broke and what was changed
    *(
        "service",
        "instance",
        "component",
        "product",
        "system",
        "app",
        "application",
        "host",
        "hostname",
        "server",
        "asset",
    ),
    *("ci", "device", "module", "node", "equipment", "machine", "resource", "cluster", "database", "site", "platform"),
}
_CAUSES = {
    *(
        "change",
        "changes",
        "chg",
        "rfc",
        "deploy",
        "deployment",
        "release",
        "rollout",
        "cause",
        "caused",
        "trigger",
        "triggered",
    )
}
_OTHER = {"incidents": "changes", "changes": "incidents"}


def compared(
    chosen: Mapping[str, Interpretation], more: list[Interpretation]
) -> tuple[dict[str, Interpretation], list[Interpretation]]:
    """The logs, of which those in ``more`` join one of the tables ``chosen``: without causes that are no changes (Sentry's
    ``culprit`` is a place in the code), asked about columns that name some, and with services where only the other log tells
    that a column holds them."""
    logs = [*chosen.values(), *more]
    changes = [one for one in logs if one.table == "changes"]
    ids = set().union(*map(ids_of, changes))
    known = KnownIds(pd.Series(sorted(ids))) if changes else None
    sure = all(map(ids_of, changes))
    hit = KnownIds(pd.Series(sorted(set().union(*(ids_of(one) for one in logs if one.table == "incidents")))))
    alone = {table: frozenset(t for one in logs if one.table == table for t in _texts(one)) for table in _OTHER}
    services = {table: _services(texts) for table, texts in alone.items()}

    def settled(one: Interpretation) -> Interpretation:
        one = _without_strange_cause(one, known) if sure else one
        other = _OTHER.get(one.table, "")
        one = replace(one, elsewhere=alone.get(other, frozenset()))
        of_other = known if one.table == "incidents" else hit
        return _with_services(_asked_for_cause(one, of_other), services.get(other, set()))

    known_now = {id(one): settled(one) for one in logs}
    for one in logs:
        others = [known_now[id(other)] for other in logs if other.table == _OTHER.get(one.table)]
        known_now[id(one)] = _with_shared(known_now[id(one)], others)
    return {table: known_now[id(one)] for table, one in chosen.items()}, [known_now[id(one)] for one in more]


def ids_of(one: Interpretation) -> set[str]:
    """The ids of a log's rows; none where they are made."""
    id = SCHEMAS[one.table].id
    column = one.fit.columns[id].value if one.fit and id in one.fit.columns else id
    return set(one.raw.frame[column].map(str)) if one.raw is not None and column in one.raw.frame else set()


def _services(texts: Iterable[str]) -> set[str]:
    """The services that cells name, in small letters."""
    names = (name.strip().lower() for text in texts for name in re.split("[;,]", text))
    return {name for name in names if re.search(r"[^\W\d_]", name)}


def _texts(one: Interpretation) -> set[str]:
    """What the cells of a log's services hold, and each member of those that are lists."""
    column = (
        "services" if one.fit is None else one.fit.columns["services"].value if "services" in one.fit.columns else ""
    )
    if one.raw is None or column not in one.raw.frame:
        return set()
    cells = one.raw.frame[column]
    if isinstance(cells.dtype, pd.StringDtype):
        return set(cells.drop_duplicates().str.strip())
    return {str(text).strip() for cell in cells for text in (cell if isinstance(cell, list) else [cell])}


def _free(one: Interpretation, column: str) -> list[str]:
    """The columns of a file that nothing is made of, where none is the one that is looked for."""
    if one.fit is None or one.raw is None or column in one.fit.columns:
        return []
    used = {guess.value for guess in one.fit.columns.values()}
    return [name for name in map(str, one.raw.frame) if name not in used and name in one.raw.frame]


def _with_services(one: Interpretation, known: set[str]) -> Interpretation:
    for name in _free(one, "services") if known else []:
        cells = one.raw.frame[name].map(str).str.strip().str.lower() if one.raw is not None else pd.Series(dtype="str")
        met = known.intersection(cells)
        if one.fit is not None and (
            cells.isin(known).mean() > MOSTLY or (len(met) > 1 and len(met) > MOSTLY * len(known))
        ):
            guess = Guess("services", name, 0.75, f"its cells are services of the {_OTHER[one.table]}")
            return replace(one, fit=_with_column(one.fit, guess))
    return one


def _with_shared(one: Interpretation, others: Iterable[Interpretation]) -> Interpretation:
    """A log of which a column that is called after things is in the other log, too, and names the same: what broke, and what
    was changed."""
    named = {name: set(time_names.words(re.sub(r"_?[iI][dD]$", "", name))) for name in _free(one, "services")}
    for name in sorted((n for n in named if named[n] & _THINGS), key=lambda n: "service" not in named[n]):
        own = _names(one, name)
        for other in others:
            used = other.fit.columns["services"].value if other.fit and "services" in other.fit.columns else name
            theirs = _names(other, name) if used == name else set()
            if one.fit and own and len(own & theirs) > MOSTLY * min(len(own), len(theirs)):
                guess = Guess("services", name, 0.7, f"{other.input.name} has it, too, and names the same")
                return replace(one, fit=_with_column(one.fit, guess))
    return one


def _names(one: Interpretation, column: str) -> set[str]:
    return (set(one.raw.frame[column].map(str)) if one.raw is not None and column in one.raw.frame else set()) - {""}


def _with_column(fit: Fit, guess: Guess) -> Fit:
    rivals = {canonical: tuple(n for n in names if n != guess.value) for canonical, names in fit.rivals.items()}
    return replace(fit, columns={**fit.columns, guess.what: guess}, rivals=rivals)


def _asked_for_cause(one: Interpretation, known: KnownIds | None) -> Interpretation:
    """Asks whether a column of incidents says what set them off whose cells are ids of changes, or one of changes what they
    set off, whatever it is called; of numbers such as 12, which may be of anything, its name has to say that it is about
    changes or causes."""
    if one.table not in _OTHER or known is None or one.fit is None or one.raw is None:
        return one
    for name in _free(one, "caused_by"):
        cells = [cell for cell in one.raw.frame[name].map(str).unique() if cell]
        told = bool(_CAUSES & set(re.findall(r"[a-z]+", name.lower())))
        found = (known.find(cell) for cell in cells)
        if cells and all(id in known and (told or re.search(r"[^\W\d_]|\d{4}", id)) for id in found):
            asked = (
                f"{name!r} names changes of the log; if it says what set incidents off, write caused_by = {name!r}"
                if one.table == "incidents"
                else f"{name!r} names incidents of the log; if it says what a change set off, write the ids of these changes "
                "next to the incidents, as caused_by"
            )
            return replace(one, fit=replace(one.fit, questions=(*one.fit.questions, asked)))
    return one


def _without_strange_cause(one: Interpretation, known: KnownIds | None) -> Interpretation:
    """``known``: the ids of the changes; without a log of them, what holds no numbers is no id either."""
    cause = one.fit.columns.get("caused_by") if one.fit else None
    if one.fit is None or one.raw is None or cause is None or cause.sure == 1:
        return one
    named = {
        word for cell in one.raw.frame[cause.value].map(str) for word in (cell, *re.split(r"[\s;,|/]+", cell)) if word
    } - set(placeholders.words_for("caused_by", "list").to_pylist())
    if not named or any(known.find(word) in known if known else re.search(r"\d", word) for word in named):
        return one
    asked = f"{cause.value!r} names no change of the log; if it names what set an incident off, write caused_by = {cause.value!r}"
    columns = {name: guess for name, guess in one.fit.columns.items() if name != "caused_by"}
    questions = (*one.fit.questions, *([asked] if known else []))  # without a log of changes there is none to name
    return replace(one, fit=replace(one.fit, columns=columns, questions=questions))
