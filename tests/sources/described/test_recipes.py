"""Recipes: what each way to say where a column stands takes out of a record, and which records a condition holds for."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from aftershock.sources.described.description import Condition, Recipes
from aftershock.sources.described.recipes import condition, getter, text

RECORD = {
    "state": "closed",
    "verb": "deploy",
    "commit": {"sha": "0123456789abcdef", "author": ""},
    "labels": [{"name": "svc:web"}, {"name": ""}, {"name": "svc:db"}, {"name": "urgent"}],
    "where": "web, db",
    "repo": "shop",
}
NAMES = {"file": "export.json", "repository": {"name": "shop"}}


def taken(recipe: object) -> object:
    return getter(TypeAdapter(Recipes).validate_python(recipe))(RECORD, NAMES)


@pytest.mark.parametrize(
    ("recipe", "cell"),
    [
        ("commit.sha", "0123456789abcdef"),
        ("nowhere.at.all", ""),
        ("=deploy", "deploy"),
        ("=", ""),
        ("@file", "export.json"),
        ("@repository.name", "shop"),
        ("labels.name", ["svc:web", "svc:db", "urgent"]),
        (["commit.author", "verb"], "deploy"),
        (["commit.author", "nowhere"], ""),
        ("{verb!c} {commit.sha:7} of {@repository.name}", "Deploy 0123456 of shop"),
        ("{verb} by {commit.author}", ""),
        ("{labels.name}", "svc:web; svc:db; urgent"),
        ({"at": "labels.name", "part": "^svc:(.+)"}, ["web", "db"]),
        ({"at": "labels.name", "part": "^svc:(.+)", "single": True}, []),
        ({"at": "labels.name", "part": "^(urg.*)"}, "urgent"),
        ({"at": "where", "split": ", "}, ["web", "db"]),
        ({"at": ["commit.author", "verb", "state"]}, "deploy"),
        ({"at": ["commit.author", "verb", "state", "verb"], "all": True}, ["deploy", "closed"]),
        ([{"at": "nowhere"}, "verb"], "deploy"),
    ],
)
def test_what_a_recipe_takes(recipe, cell):
    assert taken(recipe) == cell


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({"where": {"state": "closed"}}, True),
        ({"where": {"state": ["open", "clo*"]}}, True),
        ({"where": {"state": "/^c.+d$/"}}, True),
        ({"where": {"state": "open"}}, False),
        ({"where": {"state": "closed", "verb": "rollback"}}, False),
        ({"where": {"commit.author": ""}}, True),
        ({"where": {"verb": ""}}, False),
        ({"where": {"labels.name": "urgent"}}, True),
        ({"where": {"@file": "*.json"}}, True),
        ({"where": {"repo": "@repository.name"}}, True),
        ({"where": {"verb": "@repository.name"}}, False),
        ({"where": {"nowhere": "@nowhere"}}, False),
        ({"unless": {"state": "closed"}}, False),
        ({"unless": {"state": "closed", "verb": "rollback"}}, True),
        ({"where": {"state": "closed"}, "unless": {"verb": "rollback"}}, True),
    ],
)
def test_a_condition_holds_where_all_of_it_does(said, holds):
    assert condition(Condition.model_validate(said))(RECORD, NAMES) is holds


def test_a_list_is_read_as_one_text_where_one_is_needed():
    assert text(["web", "db"]) == "web; db" and text("web") == "web"
