"""Recipes of a description, made ready: functions that take a column's value out of a record."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import Formatter

from aftershock.schema.patterns import expression
from aftershock.sources.described.description import Choice, Condition, Recipe
from aftershock.sources.json_paths import Cell, at, cell

Names = Mapping[str, object]
"""What stands beside the record: ``@file``, ``@page``, ``@list`` and the names under ``let``, without the sign."""
Getter = Callable[[dict, Names], Cell]


def getter(recipes: tuple[Recipe, ...]) -> Getter:
    """The first of these recipes that gives something."""
    made = [_one(recipe) for recipe in recipes]
    if len(made) == 1:
        return made[0]

    def first(value: dict, names: Names) -> Cell:
        return next((found for get in made if (found := get(value, names))), "")

    return first


def condition(said: Condition) -> Callable[[dict, Names], bool]:
    """Whether it holds for a record: all of ``where``, and not all of ``unless``."""
    wanted, unwanted = _tests(said.where), _tests(said.unless)

    def holds(value: dict, names: Names) -> bool:
        if not all(test(value, names) for test in wanted):
            return False
        return not unwanted or not all(test(value, names) for test in unwanted)

    return holds


def text(found: Cell) -> str:
    """A cell as one text."""
    return found if isinstance(found, str) else "; ".join(found)


def lookup(value: dict, names: Names, path: str) -> object:
    """What lies at a path of the record, or of what stands beside it."""
    return at(names, path[1:]) if path.startswith("@") else at(value, path)


def _one(recipe: Recipe) -> Getter:
    if isinstance(recipe, Choice):
        return _choice(recipe)
    if recipe.startswith("="):
        return lambda value, names: recipe[1:]
    if "{" in recipe:
        return _template(recipe)
    return lambda value, names: _filled(cell(lookup(value, names, recipe)))


def _filled(found: Cell) -> Cell:
    """A list without its empty items."""
    return found if isinstance(found, str) else [one for one in found if one]


def _choice(said: Choice) -> Getter:
    each = [_one(path) for path in said.at]
    part = re.compile(said.part) if said.part else None

    def choose(value: dict, names: Names) -> Cell:
        found: list[str] = []
        for get in each:
            cells = get(value, names)
            listed = [cells] if isinstance(cells, str) else cells
            if said.split:
                listed = [piece for one in listed for piece in one.split(said.split)]
            if part:
                listed = [match[1] for one in listed if (match := part.search(one)) and match[1]]
            found += [one for one in listed if one]
            if found and not said.all:
                break
        found = list(dict.fromkeys(found))
        return found[0] if len(found) == 1 else [] if said.single else found

    return choose


def _template(recipe: str) -> Getter:
    """A text with what lies at its paths; nothing where one of them leads nowhere."""
    parsed = Formatter().parse(recipe)
    pieces = [(literal, path, int(cut) if cut else None, capital == "c") for literal, path, cut, capital in parsed]

    def fill(value: dict, names: Names) -> Cell:
        made = []
        for literal, path, cut, capital in pieces:
            made.append(literal)
            if path is not None:
                found = text(_filled(cell(lookup(value, names, path))))
                if not found:
                    return ""
                made.append((found[:1].upper() + found[1:] if capital else found)[:cut])
        return "".join(made)

    return fill


def _tests(where: Mapping[str, tuple[str, ...]]) -> list[Callable[[dict, Names], bool]]:
    return [
        _equals(path, words[0]) if words[0][:1] == "@" else _test(path, list(map(expression, words)))
        for path, words in where.items()
    ]


def _equals(path: str, other: str) -> Callable[[dict, Names], bool]:
    """Whether what lies at two paths is the same, and there."""

    def matches(value: dict, names: Names) -> bool:
        found = cell(lookup(value, names, path))
        return bool(found) and found == cell(lookup(value, names, other))

    return matches


def _test(path: str, patterns: list[re.Pattern[str]]) -> Callable[[dict, Names], bool]:
    def matches(value: dict, names: Names) -> bool:
        found = cell(lookup(value, names, path))
        listed = [found] if isinstance(found, str) else found or [""]
        return any(pattern.search(one) for one in listed for pattern in patterns)

    return matches
