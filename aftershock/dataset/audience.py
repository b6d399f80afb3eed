"""For whom a report is: the one gate between a dataset as it was read and everything that shows it.

``private`` is everything as the logs have it. ``internal`` (the default) hides mail addresses, tokens, keys and
passwords, and turns people into pseudonyms. ``public`` also hides IP addresses and internal hosts, every word that is
the name of a known author, the code and whatever tells of the machine. The gate stands between what is read and what is
shown: answers are worked out from the dataset as it was read (:attr:`Dataset.as_read`), so that they are the same for every
audience, and whatever names or quotes anything takes it from the masked tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aftershock.dataset.dataset import Dataset
from aftershock.dataset.extras import ExtrasArray
from aftershock.dataset.masking import KINDS, MENTIONS, Mask, People, kind_of_cell, mentioned, names_people
from aftershock.dataset.masking.places import PLACES, places
from aftershock.dataset.masking.secrets import SECRETS
from aftershock.dataset.masking.seen import NOT_BARE, seen
from aftershock.dataset.settings import Settings
from aftershock.dataset.shipped import FILE
from aftershock.dataset.writeups import WRITEUPS, read_text, read_writeup
from aftershock.output.phrases import listed, plural
from aftershock.schema.errors import InputError, UsageError, nearest

AUDIENCES = ("public", "internal", "private")
"""The widest first: what is fit for one is fit for those behind it."""
DEFAULT = "internal"

MASKED_COLUMNS = ["kind", "mask", "table", "file", "line", "id", "field", "rows"]
IDS = {"incidents": "incident_id", "changes": "change_id", "dependencies": "service", "verdicts": "incident_id"}
TIMES = {"incidents": "started_at", "changes": "started_at", "verdicts": "decided_at"}
TABLES = ("incidents", "changes", "verdicts", "dependencies", "rejected", "notes", "folded")
PERSONS = {("changes", "author"), ("verdicts", "decided_by")}
QUOTED = 58
"""Signs of a cell that an account of rows may quote; what is as long may have been cut."""
FEW_TEXTS = 1000
"""Of a column: to look at as many takes about as long as to read the patterns that they are searched for."""
OWN_WORDS = {"table", "reason"}  # of the accounts of rows


def check_audience(audience: str) -> str:
    """The audience itself; UsageError for a word that is none."""
    if audience not in AUDIENCES:
        raise UsageError(
            f"audience {audience!r}: expected {', '.join(AUDIENCES[:-1])} or {AUDIENCES[-1]}{nearest(audience, list(AUDIENCES))}"
        )
    return audience


def for_audience(dataset: Dataset, audience: str) -> Dataset:
    """The dataset as an audience may see it. Its ``masked`` says what was hidden, a row for each place with the columns
    ``kind, mask, table, file, line, id, field, rows``, and never the hidden text. A person has one row for each column of
    people, at its first place; ``rows`` is how many there are."""
    check_audience(audience)
    if audience == "private":
        return replace(dataset, audience=audience, masked=pd.DataFrame(columns=MASKED_COLUMNS))
    return _Gate(dataset, audience).shown()


class _Gate:
    """Masks one dataset. Numbers are given in order of time, so that they stay when a log grows."""

    def __init__(self, dataset: Dataset, audience: str):
        self.dataset, self.audience = dataset, audience
        self.is_public = audience == "public"
        settings = dataset.settings.masking
        self.tables: dict[str, pd.DataFrame] = {name: _spread(getattr(dataset, name)) for name in TABLES}
        for name in ("rejected", "notes", "folded"):
            self.tables[name] = self.tables[name].assign(**_without_stumps(self.tables[name]))
        self.times: dict[str, np.ndarray] = {}  # table → when, row by row
        self.distinct: dict[tuple[str, str], pd.Series] = {}
        people = self._people()
        hidden = SECRETS if audience == "internal" else (*SECRETS, *places(tuple(settings.internal_hosts)))
        self.mask = Mask(hidden, people, settings.keep)
        self.account: list[dict[str, object]] = []
        self.hits: dict[tuple[str, str], list[str]] = {}  # table, column → texts in which something is hidden

    def shown(self) -> Dataset:
        self._number()
        made = {name: self._masked(name) for name in TABLES}
        self._check_ids(made)
        for path, text in _writeups(self.dataset.folder):
            self._tell(("write-ups", f"{WRITEUPS}/{path.name}", None, "", ""), self.mask.found(text))
        settings = self._settings()
        return replace(
            self.dataset,
            **made,
            settings=settings,
            hashes={self.mask.text(file): digest for file, digest in self.dataset.hashes.items()},
            unread={self.mask.text(part): self._unread(error) for part, error in self.dataset.unread.items()},
            audience=self.audience,
            mask=self.mask,
            masked=pd.DataFrame(self.account, columns=MASKED_COLUMNS),
            raw_ids=self._own(made, "incidents"),
            raw_change_ids=self._own(made, "changes"),
        ).masking(self.dataset)

    def _own(self, made: Mapping[str, pd.DataFrame], name: str) -> dict[str, str]:
        """Ids that were masked, and what the log has in their place."""
        shown, own = (table[IDS[name]].to_numpy() for table in (made[name], getattr(self.dataset, name)))
        changed = np.flatnonzero(shown != own)
        return dict(zip(shown[changed].tolist(), own[changed].tolist(), strict=True))

    # who is known

    def _people(self) -> People:
        settings = self.dataset.settings.masking
        services = {
            s for t in ("incidents", "changes") for cell in self.tables[t]["services"] for s in cell if len(s) < 40
        }
        people = People(roles=settings.roles, services=services)
        people.meet_all(self._names())
        return people

    def _names(self) -> Iterator[str]:
        """Everybody whom a column of people or a text names, the earliest first, then those of the write-ups."""
        columns = [(n, c) for n in TABLES for c in self.tables[n].columns]
        matches = self._screened([key for key in columns if not _holds_people(*key)], [[MENTIONS]])
        met = [
            (when, TABLES.index(name), row, who)
            for name, column in columns
            for when, row, who in self._met(name, column, matches.get((name, column)))
        ]
        for *_, who in sorted(met, key=lambda m: m[:3]):
            yield from who
        for path, text in _writeups(self.dataset.folder):
            yield from mentioned(text, all_handles=self.is_public)
            try:
                yield from read_writeup(path, self.dataset.folder).actions["owner"]
            except InputError:
                continue  # the report says so where it would show it

    def _met(self, name: str, column: str, matches: np.ndarray | None) -> list[tuple[int, int, list[str]]]:
        """(time, row, people) of the cells of a column that name somebody, each content at its first row; ``matches``: which
        texts may mention somebody, as of :func:`_matches`, None for a column of people."""
        texts = self._distinct(name, column)
        if texts.empty:
            return []
        if matches is None:
            times = self._times(name)
            return [(times[row], row, [who]) for row, who in texts.items()]
        found = texts[matches.any(axis=1)].map(lambda text: list(mentioned(text, all_handles=self.is_public)))
        times = self._times(name)
        return [(times[row], row, who) for row, who in found.items() if who]

    def _distinct(self, name: str, column: str) -> pd.Series:
        """The texts of a column, each at its first row."""
        if (name, column) not in self.distinct:
            texts = _texts(self.tables[name][column])
            self.distinct[name, column] = texts[~texts.duplicated()]
        return self.distinct[name, column]

    def _times(self, name: str) -> np.ndarray:
        """When what each row tells of happened, to be compared; the last moment there is for a row without a time."""
        if name not in self.times:
            self.times[name] = self._times_of(name)
        return self.times[name]

    def _times_of(self, name: str) -> np.ndarray:
        table, last = self.tables[name], np.iinfo(np.int64).max
        if name not in TIMES:
            return np.full(len(table), last)
        at = table[TIMES[name]]
        return np.where(at.isna(), last, at.astype("int64"))

    # what is hidden

    def _number(self) -> None:
        """Gives every masked value its number: first what names the dataset and its reports' folder, then by the time of
        the first row that has it."""
        for text in (self.dataset.key, self.dataset.settings.name, self.dataset.settings.description):
            self.mask.text(text)
        columns = [(n, c) for n in TABLES for c in self.tables[n].columns if not _holds_people(n, c)]
        matches = self._screened(columns, self.mask.screens)
        found = [
            (when, TABLES.index(name), row, text)
            for name, column in columns
            for when, row, text in self._suspicious(name, column, matches[name, column])
        ]
        for *_, text in sorted(found, key=lambda f: f[:3]):
            self.mask.text(text)

    def _screened(self, columns: list[tuple[str, str]], screens: list[list[str]]) -> dict[tuple[str, str], np.ndarray]:
        """Which screen finds something in which text of each column. Columns of few texts are looked at together, as a look at
        them costs what it takes to read the patterns."""
        texts = {key: self._distinct(*key) for key in columns}
        few = [key for key in columns if len(texts[key]) <= FEW_TEXTS]
        together = _matches(pd.concat([texts[key] for key in few]), screens) if few else np.zeros((0, 1))
        ends = np.cumsum([len(texts[key]) for key in few])
        found = dict(zip(few, np.split(together, ends[:-1]), strict=True))
        return {key: found[key] if key in found else _matches(texts[key], screens) for key in columns}

    def _suspicious(self, name: str, column: str, matches: np.ndarray) -> list[tuple[int, int, str]]:
        """(time, row, text) of each text of a column in which something is hidden, at its first row; ``matches`` as of
        :func:`_matches`."""
        texts = self._distinct(name, column)
        if texts.empty:
            return []
        some = matches.any(axis=1)
        found = [
            (row, text)
            for row, text, matched in zip(texts.index[some], texts[some], matches[some], strict=True)
            if self.mask.hides(text, matched.nonzero()[0].tolist())
        ]
        self.hits[name, column] = [text for _, text in found]
        times = self._times(name)
        return [(times[row], row, text) for row, text in found]

    def _masked(self, name: str) -> pd.DataFrame:
        """A table with every text masked, its extras put together again."""
        table = self.tables[name]
        made = {c: self._column(name, c) for c in table.columns if not c.startswith(EXTRA)}
        frame = pd.DataFrame(made, index=table.index)
        extras = {self.mask.text(c.removeprefix(EXTRA)): self._column(name, c) for c in table if c.startswith(EXTRA)}
        if "extras" in getattr(self.dataset, name):
            columns = pd.DataFrame(extras, index=range(len(table)))
            frame["extras"] = pd.Series(ExtrasArray(columns), index=table.index)
        return frame[list(getattr(self.dataset, name).columns)]

    def _column(self, name: str, column: str) -> pd.Series:
        values = self.tables[name][column]
        if column in OWN_WORDS or self._distinct(name, column).empty:
            return values
        if _holds_people(name, column):
            changed = {old: new for old in self._distinct(name, column) if (new := self._pseudonym(old)) != old}
        else:
            changed = {old: self.mask.text(old) for old in self.hits.get((name, column), ())}
        if column.startswith(EXTRA) and not _holds_people(name, column):
            kinds = {text: kind_of_cell(column.removeprefix(EXTRA), text) for text in self._distinct(name, column)}
            hidden = {text: kind for text, kind in kinds.items() if kind and (self.is_public or kind not in PLACES)}
            changed |= {text: self.mask.whole(kind, text) for text, kind in hidden.items()}
        if not changed:
            return values
        texts = _texts(values)
        self._tell_all(name, column, texts[texts.isin(list(changed))], changed)
        return values.map(lambda cell: _replaced(cell, changed)).astype(values.dtype)

    def _pseudonym(self, name: str) -> str:
        """A name in a column of people; a cell that says more than a name is masked as text as well."""
        return self.mask.text(self.mask.person(name))

    def _unread(self, error: InputError) -> InputError:
        """Why a part cannot be read, masked; a public report says no more than that it cannot."""
        if self.audience == "public":
            return InputError("Whoever rendered this report has the message.")
        if not error.problems:
            return InputError(self.mask.text(str(error)))
        text = self.mask.text
        return InputError.of(
            *(
                replace(
                    problem,
                    file=text(problem.file),
                    column=text(problem.column or ""),
                    found=text(problem.found),
                    expected=text(problem.expected),
                    remedy=text(problem.remedy),
                )
                for problem in error.problems
            )
        )

    def _settings(self) -> Settings:
        settings, text = self.dataset.settings, self.mask.text
        incidents = [log.model_copy(update={"severity": list(map(text, log.severity))}) for log in settings.incidents]
        attribution = settings.attribution.model_copy(
            update={"environments": list(map(text, settings.attribution.environments))}
        )
        update = {"name": text(settings.name), "description": text(settings.description)}
        self._tell(("settings", "", None, "", "folder"), self.mask.found(self.dataset.key))
        for field in ("name", "description"):
            self._tell(("settings", FILE, None, "", field), self.mask.found(getattr(settings, field)))
        return settings.model_copy(update={**update, "incidents": incidents, "attribution": attribution})

    def _check_ids(self, made: Mapping[str, pd.DataFrame]) -> None:
        for name in ("incidents", "changes"):
            ids = made[name][IDS[name]]
            if ids.duplicated().any():
                raise InputError(
                    f"two ids of {name} are {ids[ids.duplicated()].iloc[0]!r} once masked for a report that is "
                    f"{self.audience}; rename one, or list what is no secret under [masking] keep in dataset.toml"
                )

    # the account of it

    def _tell_all(self, name: str, column: str, texts: pd.Series, changed: Mapping[str, str]) -> None:
        """An entry for every row of a column in which something was hidden; a person, and the name of a file, have one."""
        table, field = self.tables[name], self.mask.text(column.removeprefix(EXTRA))
        is_person = _holds_people(name, column)
        once = is_person or column == "file"
        counts = texts.value_counts()
        masked_ids = frozenset(self.hits.get((name, IDS.get(name, "")), ()))
        ids, files, lines = (_cells(table, column) for column in (IDS.get(name, ""), "file", "line"))
        for row, text in (texts[~texts.duplicated()] if once else texts).items():
            identifier = self.mask.text(str(ids[row])) if ids[row] in masked_ids else str(ids[row] or "")
            found = (
                [("person", changed[text])]
                if is_person
                else self.mask.found(text) or [(changed[text].strip("[").partition(" ")[0], changed[text])]
            )
            place = (name, files[row], lines[row], identifier, field)
            self._tell(place, found, int(counts[text]) if once else 1)

    def _tell(self, place: tuple, found: list[tuple[str, str]], rows: int = 1) -> None:
        """``place``: table, file, line, id and field."""
        for kind, mask in found:
            self.account.append(dict(zip(MASKED_COLUMNS, (kind, mask, *place, rows), strict=True)))


EXTRA = "extra: "


def _spread(table: pd.DataFrame) -> pd.DataFrame:
    """A table with a column for each extra, and rows numbered from 0."""
    if "extras" not in table:
        return table.reset_index(drop=True)
    extras = table["extras"].array
    columns = extras.columns if isinstance(extras, ExtrasArray) else pd.DataFrame(list(table["extras"])).fillna("")
    columns = columns.reset_index(drop=True).add_prefix(EXTRA)
    return pd.concat([table.drop(columns="extras").reset_index(drop=True), columns], axis=1)


def _without_stumps(problems: pd.DataFrame) -> dict[str, pd.Series]:
    """What was found, without the last word of what was cut there: no rule knows half a token, and half of one says half."""
    if "found" not in problems:
        return {}
    return {"found": problems["found"].astype(object).map(lambda text: _LONG_QUOTE.sub(_without_end, str(text)))}


_LONG_QUOTE = re.compile(rf"(['\"]).{{{QUOTED},}}\1|^[^'\"].{{{QUOTED},}}$", re.DOTALL)


def _without_end(quote: re.Match[str]) -> str:
    mark = quote[1] or ""
    whole = re.match(r"(.*)([\s,;])", quote[0], re.DOTALL)
    return f"{whole[1] or mark}{whole[2]}…{mark}" if whole else f"{mark}…{mark}"


def _holds_people(table: str, column: str) -> bool:
    return (table, column) in PERSONS or (column.startswith(EXTRA) and names_people(column.removeprefix(EXTRA)))


def _holds_text(values: pd.Series) -> bool:
    return pd.api.types.is_string_dtype(values.dtype) or values.dtype == object


def _texts(values: pd.Series) -> pd.Series:
    """The texts of a column by number of row, those of lists one by one; nothing where it holds none."""
    if values.empty or not _holds_text(values):
        return pd.Series([], dtype=object)
    texts = values.explode() if values.dtype == object else values
    texts = texts[texts.map(lambda v: isinstance(v, str) and v != "").astype(bool)] if texts.dtype == object else texts
    return texts[texts.notna() & (texts != "")].astype(object)


def _matches(texts: pd.Series, screens: list[list[str]]) -> np.ndarray:
    """Which of the patterns is found in which text: a row for each text, a column for each pattern."""
    if texts.empty or not screens:
        return np.zeros((len(texts), 1), dtype=bool)
    array = pa.array(texts.to_list(), type=pa.large_string())
    odd = pc.match_substring_regex(array, NOT_BARE).to_numpy(zero_copy_only=False)
    if odd.any():
        array = pa.array(
            [seen(t) if is_odd else t for t, is_odd in zip(texts, odd, strict=True)], type=pa.large_string()
        )
    found = np.zeros((len(texts), sum(map(len, screens))), dtype=bool)
    with ThreadPoolExecutor() as pool:  # Arrow looks without Python's lock
        for column, rows in enumerate(rows for each in pool.map(partial(_each, array), screens) for rows in each):
            found[rows, column] = True
    return found


def _each(array: pa.Array, patterns: list[str]) -> list[np.ndarray]:
    """The numbers of the texts that match each of some patterns; those that match none are found out by one look."""
    some = _hits(array, "|".join(patterns))
    if len(patterns) == 1 or not len(some):
        return [some] * len(patterns)
    few = array.take(pa.array(some))
    return [some[_hits(few, pattern)] for pattern in patterns]


def _hits(array: pa.Array, pattern: str) -> np.ndarray:
    return pc.match_substring_regex(array, pattern).to_numpy(zero_copy_only=False).nonzero()[0]


def _replaced(cell: object, changed: Mapping[str, str]) -> object:
    if isinstance(cell, list):
        return [changed.get(one, one) for one in cell]
    return changed.get(cell, cell) if isinstance(cell, str) else cell


def _cells(table: pd.DataFrame, column: str) -> list[object]:
    values = list(table[column]) if column in table else [None] * len(table)
    return [None if isinstance(value, float) or value is pd.NA else value for value in values]


def _paths(folder: Path) -> list[Path]:
    return sorted((folder / WRITEUPS).glob("*.md"))


def _writeups(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in _paths(folder):
        try:
            yield path, read_text(path, folder)
        except InputError:
            continue


def masked_in_words(masked: pd.DataFrame) -> str:
    """What was masked, in words: ``3 mail addresses and 1 token``; empty for nothing."""
    counts = masked.groupby("kind")["mask"].nunique()
    return listed(
        [plural(int(counts[kind]), *words) for kind, words in KINDS.items() if kind in counts], most=len(KINDS)
    )
