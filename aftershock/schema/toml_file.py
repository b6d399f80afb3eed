"""Files of TOML that a user writes, checked against a model: what is wrong names file, line and key, and the nearest key."""

from __future__ import annotations

import re
import tomllib
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from aftershock.schema.errors import InputError, Problem, nearest
from aftershock.schema.input_files import read_regular

LARGEST = 1_000_000  # bytes: a judgement, those of a company with 10,000 aliases
DEEPEST = 8  # parts of a key, where ours have three: a parser's time and memory grow with their square
LONGEST_SHOWN = 120  # characters of a wrong value
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_DEEP_KEY = re.compile(rf'(?:[\w-]+|"")(?:[ \t]*\.[ \t]*(?:[\w-]+|"")){{{DEEPEST},}}[ \t]*[]=]')
Place = tuple[str | int, ...]
"""A key with the tables around it; a number picks one of several tables of a name: ``("changes", 1, "format")``."""
_HEAD = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


class Section(BaseModel):
    """A table of such a file: keys that it does not know are errors; the docstring of each is its meaning in the docs."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, strict=True, frozen=True)


Model = TypeVar("Model", bound=Section)


def parsed(text: str, file: str) -> dict:
    """The content of such a file. InputError with the line where it is not TOML, or holds what no such file does."""
    bare = _QUOTED.sub('""', text)
    deep = _DEEP_KEY.search(bare)
    if deep:
        line = bare.count("\n", 0, deep.start()) + 1
        raise _unfit(file, line, f"a key of more than {DEEPEST} parts", "keys such as incidents.columns.title")
    try:
        content = tomllib.loads(text)
    except RecursionError:
        raise _unfit(file, None, "values nested hundreds deep", "sections with keys and values") from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        remedy = "Fix the line; strings need quotes."
        problem = Problem(file, int(found[1]) if found else None, None, str(error), "TOML", remedy, "unreadable_record")
        raise InputError.of(problem) from error

    waiting: list[object] = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and "\0" in value:
            expected = "names that a file or a column can have"
            raise _unfit(file, None, f"a NUL character in {value[:40]!r}", expected)
    return content


def _unfit(file: str, line: int | None, found: str, expected: str) -> InputError:
    return InputError.of(Problem(file, line, None, found, expected, "Fix the file.", "unreadable_record"))


def read(path: Path, shown: str = "") -> str:
    """The text of such a file, which errors call ``shown``. InputError where it cannot be read, or is too large."""
    try:
        data = read_regular(path, LARGEST + 1)
        if len(data) > LARGEST:
            raise _unfit(shown or path.name, None, f"more than {LARGEST:,} bytes", f"at most {LARGEST:,}")
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        found = (isinstance(error, OSError) and error.strerror) or str(error)
        remedy = f"Check that {path.name} is there, may be read and is UTF-8."
        problem = Problem(shown or path.name, None, None, found, "a file of TOML", remedy, "unreadable_record")
        raise InputError.of(problem) from error


def validated(model: type[Model], content: dict, text: str, file: str, remedy: str) -> Model:
    """The content as the model has it. InputError with every problem; ``remedy`` says what to do about a missing key."""
    try:
        return model.model_validate(content)
    except ValidationError as failed:
        raise InputError.of(*[_problem(e, model, text, file, remedy) for e in failed.errors()]) from failed


def line_of(place: Place, text: str) -> int | None:
    """The line of a key, else that of what holds it, from 1; None where neither is written."""
    lines = _lines(text)
    place = _as_written(place, lines)
    return next((found for n in range(len(place), 0, -1) if (found := lines.get(place[:n]))), None)


def shown(place: Place, text: str) -> str:
    """A key as its reader knows it: ``[changes] format``, ``[[changes]] 2: format``, ``name``."""
    place = _as_written(place, _lines(text))
    names = [part for part in place if isinstance(part, str)]
    last = max((n for n, part in enumerate(place) if isinstance(part, int)), default=-1)
    if last < 0:
        *section, key = names
        return f"[{'.'.join(section)}] {key}" if section else key
    inner = [str(part) for part in place[last + 1 :]]
    table = f"[[{'.'.join(names[: len(names) - len(inner)])}]] {int(place[last]) + 1}"
    return f"{table}: {'.'.join(inner)}" if inner else table


def _as_written(place: Place, lines: dict[Place, int]) -> Place:
    """The place without the numbers of lists that are not written as ``[[tables]]``, be it as values or as one table."""
    written: Place = ()
    for part in place:
        if isinstance(part, str) or (*written, part) in lines:
            written = (*written, part)
    return written


def _lines(text: str) -> dict[Place, int]:
    """The first line of every head of a table and every key that begins a line."""
    lines: dict[Place, int] = {}
    for place, line in _places(text):
        lines.setdefault(place, line)
    return lines


def _places(text: str) -> Iterator[tuple[Place, int]]:
    around: Place = ()
    counted: dict[Place, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if found := _HEAD.match(line):
            around = ()
            parts = _names(found[2])
            for depth, name in enumerate(parts, 1):
                around = (*around, name)
                if found[1] == "[[" and depth == len(parts):
                    counted[around] = counted.get(around, -1) + 1
                    yield (*around, counted[around]), number
                if around in counted:
                    around = (*around, counted[around])
            yield around, number
        elif found := _KEY.match(line):
            key = _names(found[1])
            for depth in range(1, len(key) + 1):
                yield (*around, *key[:depth]), number


def _names(dotted: str) -> list[str]:
    return [name.strip("\"'") for name in _PART.findall(dotted)]


def _problem(error: ErrorDetails, model: type[BaseModel], text: str, file: str, remedy: str) -> Problem:
    """One of pydantic's findings in this project's words."""
    place = tuple(error["loc"])
    line, key, name = line_of(place, text), str(place[-1]), shown(place, text)
    if error["type"] == "extra_forbidden":
        fields = _model_at(model, place[:-1]).model_fields
        known = [field.alias or name for name, field in fields.items()]
        expected = f"one of {', '.join(known)}{nearest(key, known)}"
        return Problem(file, line, None, f"the key {name!r}", expected, "Remove or rename it.", "unknown_value")
    if error["type"] == "missing":
        return Problem(file, line, None, f"no {name!r}", f"the key {name!r}", remedy, "unknown_value")
    written = repr(error["input"])
    written = written if len(written) <= LONGEST_SHOWN else f"{written[:LONGEST_SHOWN]}…"
    expected = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return Problem(file, line, None, f"{name} = {written}", expected, "Fix the value.", "unknown_value")


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel]:
    """The model of the table at a place."""
    for part in place:
        if isinstance(part, int) or part not in model.model_fields:
            continue
        model = next(_models_in(model.model_fields[part].annotation), model)
    return model


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """The models that a type mentions: of ``tuple[Log, ...]`` and ``Log | None`` that is ``Log``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from _models_in(inner)
