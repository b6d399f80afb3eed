"""What a description of a format may say: recipes and conditions that are none, names that are unknown."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from aftershock.sources.described.description import Condition, Description, Recipes, paths_of, unknown_names

RECIPES = TypeAdapter(Recipes)


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        ([], "a path, a list of paths, or a table"),
        (3, "a path, a list of paths, or a table"),
        ("{verb", "text with paths in braces"),
        ("{verb!r}", "with a capital letter"),
        ("{}", "paths in braces"),
        ({"at": ""}, "a path such as commit.author"),
        ({"at": "verb", "part": "("}, "a regular expression"),
        ({"at": "verb", "part": "(a)(b)"}, "with one group in brackets"),
    ],
)
def test_a_recipe_that_is_none_says_what_is_one(recipe, expected):
    with pytest.raises(ValidationError, match=expected):
        RECIPES.validate_python(recipe)


@pytest.mark.parametrize("said", [{}, {"where": {}}, {"where": {"state": "/(/"}}, {"where": {"state": 3}}])
def test_a_condition_that_is_none_is_refused(said):
    with pytest.raises(ValidationError):
        Condition.model_validate(said)


def described(table: str = "changes", **more: Any) -> Description:
    columns = {"change_id": "id", "incident_id": "id", "started_at": "at"}
    own = {name: path for name, path in columns.items() if not name.endswith("_id") or name.startswith(table[:-1])}
    said = {"reads": "A run is a row.", "columns": own, **more}
    return Description.model_validate({"title": "Runs", table: said})


def test_a_sound_description_has_no_unknown_name():
    assert unknown_names(described()) == []
    assert unknown_names(described("incidents", lasting={"resolved_at": {"begins": "at", "lasts": "took"}})) == []


@pytest.mark.parametrize(
    ("more", "place", "found"),
    [
        (
            {"lasting": {"ended_at": {"begins": "at", "lasts": "took"}}},
            ("lasting", "ended_at"),
            "the column 'ended_at'",
        ),
        ({"words": {"state": {"ok": "done"}}}, ("words", "state"), "the column 'state'"),
        (
            {"when": [{"where": {"a": "b"}, "columns": {"titel": "x"}}]},
            ("when", 0, "columns", "titel"),
            "the column 'titel'",
        ),
        ({"words": {"kind": {"roll": "deploi"}}}, ("words", "kind", "roll"), "'roll' = 'deploi'"),
        ({"extras": {"who": "@nobody"}}, ("extras", "who"), "'@nobody'"),
        ({"let": {"a": "{@b.c} of {id}"}}, ("let", "a"), "'@b.c'"),
        (
            {"when": [{"where": {"a": "b"}, "columns": {"title": {"at": ["x", "@b"]}}}]},
            ("when", 0, "columns", "title"),
            "'@b'",
        ),
    ],
)
def test_a_name_that_is_none_is_found_where_it_stands(more, place, found):
    ((where, what, expected),) = unknown_names(described(**more))
    assert (where, what) == (("changes", *place), found) and expected


def test_words_of_an_extra_and_names_that_every_export_has_are_known():
    more = {"extras": {"ring": "ring"}, "words": {"ring": {"1": "first"}}, "let": {"own": "x"}}
    used = {"title": ["@file", "@page.name", "{@list}", "@own"], "change_id": "id", "started_at": "at"}
    assert unknown_names(described(**more, columns=used)) == []
    assert unknown_names(described("incidents", words={"kind": {"x": "y"}})) != [], "incidents have no kind"


def test_what_a_table_must_have_is_asked_for():
    missing = unknown_names(described(columns={"title": "name"}))
    assert [(place, what) for place, what, _ in missing] == [
        (("changes", "columns"), "no column 'change_id'"),
        (("changes", "columns"), "no column 'started_at'"),
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"sure": 0.99}, "sure"),
        ({"share": 0}, "share"),
        ({"columns": {}}, "columns"),
        ({"epochs": "min"}, "epochs"),
        ({"default_kind": "deploi"}, "default_kind"),
        ({"fold": [{"where": {"a": "b"}}]}, "because"),
        ({"reject": [{"because": "x"}]}, "expected"),
        ({"lasting": {"finished_at": {"begins": [], "lasts": [""]}}}, "a path such as commit.author"),
        ({"titel": "x"}, "titel"),
    ],
)
def test_a_value_that_is_none_is_refused_by_its_key(more, expected):
    with pytest.raises(ValidationError, match=expected):
        described(**more)


def test_a_description_reads_one_table_or_both():
    with pytest.raises(ValidationError, match=r"a table \[incidents\] or \[changes\]"):
        Description.model_validate({"title": "Nothing"})


def test_every_path_of_a_recipe_is_named():
    recipes = RECIPES.validate_python(
        ["a.b", "=word", "{c} on {d.e:7}", {"at": ["f", "@g"], "part": "(x)"}, "plain {{text}} {h}"]
    )
    assert paths_of(recipes) == ["a.b", "c", "d.e", "f", "@g", "h"]
