"""What a description of a format may say, checked key by key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from aftershock.schema import tables
from aftershock.schema.change_kinds import KIND_WORDS
from aftershock.schema.errors import nearest
from aftershock.schema.patterns import expression
from aftershock.schema.toml_file import Place, Section

SUFFIXES = (".json", ".json.gz", ".jsonl", ".jsonl.gz", ".ndjson")
Unit = Literal["", "s", "ms", "us", "ns", "size"]


def _group(pattern: str) -> str:
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from error
    if groups != 1:
        raise ValueError(f"a regular expression with one group in brackets, which is what is taken (it has {groups})")
    return pattern


def _template(text: str) -> str:
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        raise ValueError(f"text with paths in braces, such as 'Deploy {{version}} to {{stage}}' ({error})") from error
    for _, path, cut, conversion in pieces:
        if path == "" or (conversion and conversion != "c") or (cut and not cut.isdigit()):
            raise ValueError(
                "paths in braces: {verb}, {commit.sha:12} for its first 12 signs, {verb!c} with a capital letter"
            )
    return text


def _paths(value: object) -> object:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(path, str) and path for path in given):
        raise ValueError("a path such as commit.author, or a list of them")
    return tuple(given)


Paths = Annotated[tuple[str, ...], BeforeValidator(_paths)]


class Choice(Section):
    """What a column is read from, where a path alone does not say it."""

    at: Paths
    """Paths, of which the first that leads to something counts."""
    part: Annotated[str, AfterValidator(_group)] = ""
    """A regular expression whose group is taken of each value; a value without it is empty."""
    split: str = ""
    """What separates several values in one text."""
    all: bool = False
    """For lists: what lies at all of the paths, not at the first alone."""
    single: bool = False
    """Nothing where there are several values."""


Recipe = str | Choice


def _recipes(value: object) -> tuple[Recipe, ...]:
    """A path, a text with paths in braces, ``=word`` for a word itself, a table of ``at``, or a list of these."""
    given = value if isinstance(value, list) else [value]
    if not given or not all(isinstance(one, (str, dict)) for one in given):
        raise ValueError("a path, a list of paths, or a table { at = path, part = regular expression }")
    return tuple(_template(one) if isinstance(one, str) else Choice.model_validate(one) for one in given)


Recipes = Annotated[tuple[Recipe, ...], BeforeValidator(_recipes)]


def _patterns(value: object) -> object:
    """Conditions with patterns; ``""`` stands for a field that is not there or empty."""
    if not isinstance(value, dict) or not value:
        raise ValueError('path = word, such as { state = "closed" }, or = "" for an empty field')
    made: dict[str, tuple[str, ...]] = {}
    for path, words in value.items():
        given = [words] if isinstance(words, str) else words
        if not isinstance(given, list) or not given or not all(isinstance(word, str) for word in given):
            raise ValueError(f"a word, a pattern or a list of them (found {path!r} = {words!r})")
        for word in given:
            try:
                expression(word)
            except re.error as error:
                raise ValueError(f"a regular expression between slashes (in {word!r}: {error})") from error
        made[path] = tuple(given)
    return made


Where = Annotated[dict[str, tuple[str, ...]], BeforeValidator(_patterns)]


class Condition(Section):
    """Records for which all of ``where`` holds and not all of ``unless``."""

    where: Where = Field(default_factory=dict)
    """Path = a word, pattern (`*`, `?`), `/regular expression/`, `@path` to the same, `""` for empty, or a list of them."""
    unless: Where = Field(default_factory=dict)
    """The same, for records that are meant not to."""

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        if not self.where and not self.unless:
            raise ValueError("a condition under where or unless")
        return self


class Fold(Condition):
    """Records that are deliberately no row."""

    because: str
    """What such a record is, to follow its id: `is a draft`."""
    table: Literal["", "incidents", "changes"] = ""
    """The table to which it belongs instead, where the format reads that too."""
    without_label: bool = False
    """True where this holds only as long as dataset.toml gives no `label`."""


class Reject(Condition):
    """Records that cannot be a row."""

    column: str = ""
    """The field that is wrong."""
    expected: str
    """What was expected there."""
    remedy: str
    """What to do about it."""


class When(Condition):
    """Records whose columns are read otherwise."""

    columns: dict[str, Recipes] = Field(min_length=1)
    """Column = what it is read from in these records; `"="` is nothing."""


class Lasting(Section):
    """An end that is a beginning and a duration."""

    begins: Paths
    """Paths of the beginning."""
    lasts: Paths
    """Paths of the duration."""
    unit: Literal["s", "ms", "us", "ns"] = "s"
    """The unit of the duration."""


class Recovery(Condition):
    """Records that say when the trouble of another was over."""

    of: Recipes
    """What tells of which record: the same in both. The first recovery after a start is its end."""
    named: Recipes = ()
    """The same of the recovery, where it stands elsewhere there."""
    at: Recipes
    """When it was over."""


class Branch(Section):
    """What says of which branch a record is."""

    at: Paths
    """Path of the branch."""
    because: str = "is of"
    """What a record of another branch is: `was merged into`, say."""


class TableDescription(Section):
    """How records become rows of one table."""

    title: str = ""
    """What this export is called, where the format has one for each table."""
    reads: str
    """A sentence that says which record becomes a row."""
    records: list[str] = Field(default_factory=list)
    """Paths of the lists that hold the records; left out: the document is a list, or each is a record."""
    recognised_by: list[list[str]] = Field(default_factory=list)
    """Lists of fields: a record that has all of one list is of this format; `path=word` asks for a value, as under `where`."""
    sure: float = Field(default=0.95, ge=0, le=0.98)
    """How sure such a record makes it, from 0 to 0.98: the more peculiar the fields, the higher."""
    share: float = Field(default=1, gt=0, le=1)
    """The share of such records that is enough, where the export holds others too."""
    columns: dict[str, Recipes] = Field(min_length=1)
    """Column = path of the field, text with paths in braces, `=word`, or a list of which the first that is filled counts."""
    let: dict[str, Recipes] = Field(default_factory=dict)
    """Names for what is used in several places, which paths then write as `@name`."""
    extras: dict[str, Recipes] = Field(default_factory=dict)
    """What is kept besides columns and the fields that are not read: its name = what it is read from."""
    words: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Column = { word of the format = word of Aftershock }, with `"*"` for all others, which else stay as they are."""
    when: list[When] = Field(default_factory=list)
    """Records whose columns are read otherwise; of several that hold the last counts."""
    fold: list[Fold] = Field(default_factory=list)
    """Records that are no row."""
    reject: list[Reject] = Field(default_factory=list)
    """Records that cannot be one."""
    hidden: list[str] = Field(default_factory=list)
    """Fields that become neither columns nor extras."""
    updated: Paths = ()
    """Path of the stamp by which the newer of two versions of a record is known."""
    epochs: Unit = ""
    """Unit of times that are numbers; `size`: by the number of digits."""
    zone: str = ""
    """Zone of times that name none: a name, or the path of one in the record or around it."""
    empty: list[str] = Field(default_factory=list)
    """What stands for no time, such as `0001-01-01T00:00:00Z`."""
    lasting: dict[str, Lasting] = Field(default_factory=dict)
    """Time = { begins, lasts, unit }, where the record has a duration and no end."""
    recovery: Recovery | None = None
    """Records that are the ends of others: `OK` after `ALARM`."""
    message: Paths = ()
    """Path of a commit's message, which gives title and description."""
    reverts_in: Paths = ()
    """Paths of texts that say what a change takes back, as GitHub and GitLab write it: `Reverts #12`."""
    labels: Paths = ()
    """Path of an issue's labels, which give severity and services where nothing else does; `label` then says which count."""
    branch: Branch | None = None
    """The branch that a record is of, which `ref` then asks for."""
    named: Paths = ()
    """Text with paths in braces by which other records of the export refer to a record."""
    severity: list[str] = Field(default_factory=list)
    """The grades that every export has, worst first, which `init` then writes down; left out where companies choose theirs."""
    default_kind: Literal["", *tables.KINDS] = ""  # type: ignore[valid-type]
    """The kind of changes whose words suggest none."""


class Description(Section):
    """A description of a format: what it is, and a table for each log that it holds."""

    title: str
    """What the export is called."""
    documented: str = ""
    """The page that describes the export."""
    suffixes: list[str] = Field(default_factory=lambda: list(SUFFIXES))
    """Ends of the names of files that are read of a folder."""
    incidents: TableDescription | None = None
    """How records become incidents."""
    changes: TableDescription | None = None
    """How records become changes."""

    @model_validator(mode="after")
    def _is_whole(self) -> Description:
        if not self.incidents and not self.changes:
            raise ValueError("a table [incidents] or [changes]")
        return self


Unknown = tuple[Place, str, str]
"""Where a name is, what was found, and what was expected."""


def unknown_names(description: Description) -> list[Unknown]:
    """Columns, kinds and names under ``let`` that are none."""
    found: list[Unknown] = []
    for table in ("incidents", "changes"):
        said: TableDescription | None = getattr(description, table)
        if said:
            found += [*_unknown_columns(table, said), *_unknown_kinds(table, said), *_unknown_lets(table, said)]
    return found


def _unknown_columns(table: str, said: TableDescription) -> Iterator[Unknown]:
    schema = tables.SCHEMAS[table]
    parts: list[tuple[Place, Iterable[str]]] = [(("columns",), said.columns), (("lasting",), said.lasting)]
    parts += [(("words",), (c for c in said.words if c not in said.extras))]
    parts += [(("when", n, "columns"), when.columns) for n, when in enumerate(said.when)]
    for place, named in parts:
        for name in named:
            if name not in schema.accepted:
                expected = f"a column of {table}{nearest(name, schema.accepted)}"
                yield (table, *place, name), f"the column {name!r}", expected
    for column in schema.columns:
        if column.required and column.name not in said.columns:
            yield (table, "columns"), f"no column {column.name!r}", f"{column.name} = path of the field"


def _unknown_kinds(table: str, said: TableDescription) -> Iterator[Unknown]:
    meanings = said.words.get("kind", {}) if table == "changes" else {}
    for word, kind in meanings.items():
        if kind not in KIND_WORDS:
            expected = f"one of {', '.join(tables.KINDS)}{nearest(kind, list(tables.KINDS))}"
            yield (table, "words", "kind", word), f"{word!r} = {kind!r}", expected


def _unknown_lets(table: str, said: TableDescription) -> Iterator[Unknown]:
    known = {f"@{name}" for name in (*said.let, "file", "page", "list")}
    places: list[tuple[Place, tuple[Recipe, ...]]] = []
    for part, named in (("columns", said.columns), ("let", said.let), ("extras", said.extras)):
        places += [((table, part, name), recipes) for name, recipes in named.items()]
    for part in ("of", "named", "at") if said.recovery else ():
        places.append(((table, "recovery", part), getattr(said.recovery, part)))
    for n, when in enumerate(said.when):
        places += [((table, "when", n, "columns", name), recipes) for name, recipes in when.columns.items()]
    for place, recipes in places:
        for path in paths_of(recipes):
            if path.startswith("@") and path.split(".")[0] not in known:
                yield place, repr(path), f"a name under let{nearest(path, sorted(known))}"


def paths_of(recipes: tuple[Recipe, ...]) -> list[str]:
    """Every path that these recipes read."""
    found: list[str] = []
    for one in recipes:
        if isinstance(one, Choice):
            found += [path for at in one.at for path in paths_of((at,))]
        elif "{" in one:
            found += [path for _, path, _, _ in Formatter().parse(one) if path]
        elif not one.startswith("="):
            found.append(one)
    return found
