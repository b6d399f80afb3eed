"""Services of changes that no column is called by."""

from __future__ import annotations

import pandas as pd
import pytest
from small_logs import INCIDENTS

from aftershock.wizard import service_matching
from aftershock.wizard.create import create_dataset
from aftershock.wizard.guess import Guess

NAMES = pd.DataFrame({"name": ["shop", "auth", "shop", "auth"]})


def chosen():
    return {"title": Guess("title", "name", 0.9, "its name")}


def test_lists_called_after_results_are_no_services():
    rows = pd.DataFrame({"list": ["failure", "success", "others"], "id": ["1", "2", "3"]})
    found: dict[str, Guess] = {}
    assert service_matching.of_lists(rows, found) == [] and found == {}


def test_names_that_return_are_the_services_of_changes():
    found = chosen()
    assert service_matching.of_names("changes", NAMES, found) == []
    assert {c: g.value for c, g in found.items()} == {"services": "name"}


def test_of_incidents_it_is_asked_whether_they_are():
    found = chosen()
    asked = service_matching.of_names("incidents", NAMES, found)
    assert asked == ["'name' is read as the title; if names such as 'shop' are services, write services = 'name'"]
    assert list(found) == ["title"]


def test_names_of_several_words_that_often_return_may_be_services():
    chosen = {"title": Guess("title", "name", 0.9, "")}
    rows = pd.DataFrame({"name": ["Web shop", "Mail"] * 5})
    asked = "'name' is read as the title; if names such as 'Web shop' are services, write services = 'name'"
    assert service_matching.of_names("incidents", rows, chosen) == [asked]
    assert service_matching.of_names("incidents", rows.head(4), chosen) == []


def test_sentences_and_names_of_one_row_each_are_titles():
    for names in (["new cart", "new tax", "new cart", "new tax"], ["a", "b", "c", "d"], ["deploy"] * 4):
        found = chosen()
        assert service_matching.of_names("changes", pd.DataFrame({"name": names}), found) == []
        assert list(found) == ["title"]


def test_a_name_next_to_the_title_may_be_that_of_the_service():
    found = {"title": Guess("title", "message", 0.9, "its name")}
    rows = NAMES.assign(message=["new cart", "new tax", "fix cart", "fix tax"])
    service_matching.of_names("changes", rows, found)
    assert {c: g.value for c, g in found.items()} == {"title": "message", "services": "name"}


@pytest.mark.parametrize(
    ("column", "cells", "asked"),
    [
        ("Resource.Name", ["Ada Moor", "Bo van Dale", "Ada Moor"], True),
        ("Resource.Name", ["db-01", "web 2", "Ada Moor"], False),
        ("service", ["Order Desk", "Till Server", "Order Desk"], False),
        ("Resources", ["", ""], False),
    ],
)
def test_whether_resources_are_people_is_asked(column, cells, asked):
    rows = pd.DataFrame({column: cells})
    questions = service_matching.of_resources(rows, {"services": Guess("services", column, 0.9, "its name")})
    assert [column in question for question in questions] == [True] * asked


def test_a_job_of_a_run_is_no_service_where_its_repository_is_named():
    rows = pd.DataFrame({"ran.job_name": ["lint", "try"], "reponame": ["shop", "shop"]})
    found = {c: Guess(c, n, 0.8, "") for c, n in (("services", "ran.job_name"), ("repository", "reponame"))}
    service_matching.of_repositories("changes", rows, found)
    assert found["services"].value == "reponame"
    found["services"] = Guess("services", "application", 0.8, "")
    service_matching.of_repositories("changes", rows.rename(columns={"ran.job_name": "application"}), found)
    assert found["services"].value == "application"


def test_an_id_by_its_own_name_is_no_link_to_a_repository(tmp_path, put):
    rows = "".join(f"https://github.com/acme/web/pull/{n},Fix {n},2024-03-0{n}\n" for n in (5, 6))
    given = put(incidents__csv=INCIDENTS, changes__csv=f"change_id,title,started_at\n{rows}")
    assert create_dataset(tmp_path / "m", given).dataset.changes["change_id"].str.endswith(("/5", "/6")).all()


def test_services_in_paths_count_before_the_repository():
    log = {
        "change_id": ["1", "2"],
        "repo": ["a/mono", "a/mono"],
        "files": ["services/till/a.py;services/till/b.py", "services/mail/a.py"],
    }
    rows = pd.DataFrame(log)
    chosen = {c: Guess(c, name, 0.8, "") for c, name in (("repository", "repo"), ("paths", "files"))}
    service_matching.of_repositories("changes", rows, chosen)
    assert "services" not in chosen
    service_matching.of_repositories("changes", rows.assign(files="a.py"), chosen)
    assert chosen["services"].value == "repo"


def test_links_to_a_repository_name_the_service_where_the_column_says_so():
    rows = pd.DataFrame({"repoUrl": ["https://git.example/acme/till", "https://git.example/acme/shop"]})
    assert service_matching.rule_of("changes", rows, {}).value == "*://*/*/{name}"
    assert service_matching.rule_of("changes", rows.rename(columns={"repoUrl": "page"}), {}) is None
    compared = pd.DataFrame({"link": ["https://git.example/acme/till/compare/a...b"] * 2})
    assert service_matching.rule_of("changes", compared, {}).value == "*://*/*/{name}/compare/*"
    merged = pd.DataFrame({"url": ["https://git.example/acme/till/pull/1", "https://git.example/acme/shop/pull/2"]})
    assert service_matching.rule_of("changes", merged, {}).value == "*://*/*/{name}/pull/*"
    made = pd.DataFrame({"url": ["https://git.example/acme/till/deployments/live"] * 2})
    assert service_matching.rule_of("changes", made, {}).value == "*://*/*/{name}/deployments/*"


def test_objects_that_hold_the_state_of_each_service_are_asked_about():
    rows = pd.DataFrame({"id": ["1", "2"], "affected.mail": ["down", "ok"], "affected.maps": ["", "degraded"]})
    (asked,) = service_matching.of_keys(rows, {})
    assert asked.startswith(
        "the keys of 'affected', such as 'mail', may be the services and what they hold the state of each"
    )
    assert service_matching.of_keys(rows, {"services": Guess("services", "id", 0.9, "")}) == []
    assert service_matching.of_keys(rows.assign(**{"affected.maps": ["5 users", "none"]}), {}) == []
