"""Which changes are suspects by where they were made."""

from __future__ import annotations

import pandas as pd

from aftershock.wizard import environments
from aftershock.wizard.guess import Guess


def suspected(**columns: list[str]) -> tuple[Guess | None, list[str]]:
    return environments.suspected("changes", pd.DataFrame(columns), "production", "app")


def test_a_flag_of_production_says_which_changes_are_suspects():
    found, asked = suspected(production=["TRUE", "FALSE"])
    assert (found.value, asked) == ("TRUE", [])


def test_services_that_name_environments_are_asked_about():
    asked = suspected(app=["shop-prod", "shop-staging", "mail"])[1]
    assert asked[0].startswith("'shop-prod' and 'shop-staging' in 'app' name environments")
    assert suspected(app=["acme/live-cam", "acme/free-for-dev", "acme/mail"])[1] == []
    assert not suspected(app=["shop-live", "mail"])[1]


def test_what_is_not_production_is_no_suspect_and_targets_without_usual_names_are_asked_about():
    assert suspected(production=["Produção", "Homologação"])[0].value == "Produção"
    assert suspected(production=["Produzione", "Collaudo"])[0].value == "Produzione"
    found, asked = suspected(production=["prod-eu", "preprod", "live", ""])
    assert (found.value, asked) == ("prod-eu, live", [])
    found, _ = suspected(production=[["prod", "dev"], ["dev"], ["prod"]])
    assert found.value == "prod; dev, prod"
    assert suspected(production=["blue", "green"]) == (
        None,
        ["which of 'blue', 'green' is production? Say so as [attribution] environments; now all count alike"],
    )
    assert suspected(production=["prod", "prod"]) == (None, [])
    assert environments.suspected("incidents", pd.DataFrame({"app": ["a-prod", "a-dev"]}), "", "app") == (None, [])


def test_titles_and_files_that_name_environments_are_asked_about():
    titles = pd.DataFrame({"name": ["v1.2 to production", "v1.3 to staging", "Fix the test of prod"]})
    said = environments.suspected("changes", titles, "", "", "name")[1]
    assert said and "1 title says that a change was made where no users are, such as 'v1.3 to staging'" in said[0]
    assert environments.suspected("changes", titles.iloc[[1, 2]], "", "", "name") == (None, [])
    assert environments.of_files(["deploys_prod.csv", "deploys_staging.csv"])
    assert environments.of_files(["deploys_prod.csv", "deploys_latest.csv"]) == []
