"""Rules that give changes their services: from paths, repositories and titles."""

from __future__ import annotations

import pandas as pd
import pytest
from pydantic import ValidationError

from aftershock.dataset.rules import ServiceRule, services_of

ROWS = {
    "title": pd.Series(["Limits", "Docs", "Both", "Chart"]),
    "paths": pd.Series(
        [
            ["services/checkout/main.go", "services/checkout/go.mod"],
            ["services/README.md", "docs/index.md"],
            ["services/search/a.py", "apps/web/b.ts"],
            ["charts/basket.yaml"],
        ]
    ),
    "author": pd.Series([""] * 4),
    "repository": pd.Series(["acme/mono", "acme/mono", "acme/mono", "acme/infra"]),
}


def found(*rules: dict) -> list[list[str]]:
    return services_of([ServiceRule.model_validate(rule) for rule in rules], ROWS)


def test_a_folder_names_the_service():
    assert found({"path": "services/{name}"}) == [["checkout"], [], ["search"], []]
    assert found({"path": ["services/{name}/**", "apps/{name}"]}) == [["checkout"], [], ["search", "web"], []]
    assert found({"path": "charts/{name}.yaml"}) == [[], [], [], ["basket"]]


def test_what_ends_the_link_of_a_clone_is_no_part_of_the_name():
    links = ROWS | {"repository": pd.Series(["https://git.example.com/acme/shop.git"] * 4)}
    assert services_of([ServiceRule.model_validate({"repository": "*://*/*/{name}"})], links) == [["shop"]] * 4


def test_a_folder_without_a_name_is_the_service_that_the_rule_says():
    assert found({"path": "apps/web", "service": "frontend"}) == [[], [], ["frontend"], []]
    assert found({"path": "apps/we", "service": "frontend"}) == [[], [], [], []]
    assert found({"path": "/^docs/", "service": "docs"}) == [[], ["docs"], [], []]


def test_all_that_a_rule_names_must_match_and_the_rest_has_a_rule_of_its_own():
    ruled = {"path": "services/{name}", "repository": "acme/infra"}
    assert found(ruled, {"service": "other"}) == [["other"]] * 4
    assert found({"repository": "acme/{name}"}) == [["mono"], ["mono"], ["mono"], ["infra"]]
    assert found({"path": "services/{name}"}, {"service": "rest"}) == [["checkout"], ["rest"], ["search"], ["rest"]]


def test_a_rule_must_name_a_service():
    with pytest.raises(ValidationError, match=r"a service, or a pattern with \{name\} in it"):
        ServiceRule.model_validate({"path": "services/*"})
