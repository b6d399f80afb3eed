"""Names that differ between the logs, and the lines of dataset.toml that match them."""

from __future__ import annotations

import pytest
from flawed_logs import checks, toml

from aftershock import load
from aftershock.quality import name_matching


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Payments-API (prod)", "payments_service", True),
        ("PaymentGateway", "payment-gateway", True),
        ("api", "service", False),
        ("search", "research", False),
    ],
)
def test_bare_names(one, other, same):
    assert (name_matching.bare(one) == name_matching.bare(other)) is same


def test_suggested_names():
    found = name_matching.suggestions(
        ["Checkout Service", "serach", "quux", "billing-v2"], ["checkout", "search", "billing-v1"]
    )
    assert {name: meant for name, (meant, _) in found.items()} == {
        "Checkout Service": "checkout",
        "serach": "search",
        "billing-v2": "billing-v1",
    }
    assert all(name_matching.ALIKE <= likeness < 1 for _, likeness in found.values())


def test_services_that_only_incidents_name(write):
    incidents = "incident_id,started_at,services\ni1,2024-01-10T12:00Z,Checkout Service\ni2,2024-01-20T12:00Z,web\ni3,2024-02-01T12:00Z,web\n"
    changes = (
        "change_id,started_at,services,kind\nc1,2024-01-10T11:30Z,checkout,deploy\nc2,2024-02-20T11:30Z,db,deploy\n"
    )
    graph = "service,depends_on\nweb,db\n"
    more = '[services]\npath = "deps.csv"'
    found = checks(load(write(toml(more=more), incidents, changes, deps__csv=graph)))["strangers"]
    assert found.title == "1 service of 2 with incidents is out of reach of any change"
    assert found.toml == '[aliases]\n"Checkout Service" = "checkout"'
    assert found.rows["id"].tolist() == ["i1"]
    assert found.impact.how == "1 name replaced as suggested"
    assert "strangers" not in checks(
        load(write(toml(more=f"{more}\n{found.toml}"), incidents, changes, deps__csv=graph))
    )


def test_names_behind_another_separator(write):
    incidents = 'incident_id,started_at,services\ni1,2024-01-10T12:00Z,"web, db"\ni2,2024-01-20T12:00Z,web\ni3,2024-02-01T12:00Z,db\n'
    found = checks(load(write(toml(), incidents)))["unsplit_services"]
    assert found.toml == '[incidents]\nlist_separator = ","'
    assert found.title == "1 incident holds several services in one name"
    assert "unsplit_services" not in checks(load(write(toml(incidents='list_separator = ","'), incidents)))


def test_names_of_two_words_in_lists_are_not_parted(write):
    rows = "i1,2024-01-10T12:00Z,Web Tills; Web\ni2,2024-01-20T12:00Z,Web\ni3,2024-02-01T12:00Z,Tills\n"
    log = f"incident_id,started_at,services\n{rows}"
    assert "unsplit_services" not in checks(load(write(toml(), log)))
    assert "unsplit_services" in checks(load(write(toml(), log.replace("; Web\n", "\n"))))


def test_words_that_are_no_kind(write):
    changes = "change_id,started_at,kind,services\nc1,2024-01-01T11:30Z,hotfix-train,a\nc2,2024-01-02T11:30Z,hotfix-train,a\nc3,2024-02-20T11:30Z,deploy,a\n"
    found = checks(load(write(toml(), changes=changes)))["unknown_kinds"]
    assert found.said.endswith("Words that are not known: hotfix_train (2).")
    assert found.toml == '[changes]\nkinds = { "hotfix_train" = "deploy" }  # or another kind'
    fixed = load(write(toml(changes=found.toml.split("\n")[1]), changes=changes))
    assert fixed.changes["kind"].tolist() == ["deploy"] * 3


def test_rows_without_a_service(write):
    changes = "change_id,started_at,services\nc1,2024-01-10T11:30Z,\nc2,2024-02-20T11:30Z,search\n"
    found = checks(load(write(changes=changes)))
    assert found["changes_without_service"].title == "1 change of 2 (50 %) names no service"
    assert found["changes_without_service"].impact.how == "these rows left out"
