"""What if something were otherwise: both answers on an incident, and what is refused."""

from __future__ import annotations

import re

import pytest
from conftest import INCIDENTS, TOML

from aftershock.dataset.audience import for_audience
from aftershock.dataset.loading import load
from aftershock.model.attribution import attribute
from aftershock.reports.explore import open_explore
from aftershock.reports.what_if import what_if
from aftershock.schema.errors import UsageError
from aftershock.schema.tables import NONE

WITH_SERVICES = TOML + '[services]\npath = "services.csv"\n'
CHANGES = """change_id,started_at,services,kind,title
c1,2024-01-10T11:30:00Z,checkout,deploy,Deploy checkout
c2,2024-01-10T02:00:00Z,payments,config,Limit of payments
c3,2024-01-08T12:00:00Z,checkout,deploy,Older deploy
c4,2024-02-20T12:00:00Z,search,deploy,Deploy search
"""
SERVICES = "service,depends_on\nsearch,index\n"


@pytest.fixture
def folder(write):
    return write(WITH_SERVICES, INCIDENTS, CHANGES, services__csv=SERVICES)


@pytest.fixture
def found(folder):
    return attribute(load(folder))


def by_change(answer, column):
    return answer.table.set_index("change_id")[column]


def test_a_shorter_horizon_leaves_older_changes_out(found):
    answer = what_if(found, "i1", horizon="24h")
    assert by_change(answer, "before")["c3"] > 0 and by_change(answer, "after").isna()["c3"]
    assert answer.table[["before", "after"]].sum().tolist() == pytest.approx([1, 1])
    assert answer.table["moved"].sum() == pytest.approx(0)
    assert answer.supposed == "the horizon is 1 d instead of 3 d"


def test_an_edge_makes_a_change_upstream_more_probable_and_its_removal_less(found, write):
    added = what_if(found, "i1", add_edge=("checkout", "payments"))
    assert by_change(added, "moved")["c2"] > 0
    folder = write(WITH_SERVICES, INCIDENTS, CHANGES, services__csv=SERVICES + "checkout,payments\n")
    removed = what_if(attribute(load(folder)), "i1", remove_edge=("checkout", "payments"))
    assert by_change(removed, "after")["c2"] == pytest.approx(by_change(added, "before")["c2"], abs=1e-6)
    assert by_change(removed, "before")["c2"] == pytest.approx(by_change(added, "after")["c2"], abs=1e-6)


def test_a_change_or_a_kind_that_is_irrelevant_is_no_candidate(found):
    one = what_if(found, "i1", without_change="c1")
    assert by_change(one, "after").isna().to_dict() == {"c1": True, "c2": False, "c3": False, NONE: False}
    kind = what_if(found, "i1", without_kind="deploy", without_change="c2")
    assert by_change(kind, "after")[NONE] == pytest.approx(1) and by_change(kind, "after").count() == 1
    assert kind.supposed == "c2 cannot have set anything off, no deploy can have set anything off (3 of 4 changes)"


def test_a_clock_put_on_takes_a_change_behind_the_incident(found):
    answer = what_if(found, "i1", shift_changes="1h")
    assert by_change(answer, "after").isna()["c1"] and answer.supposed == "every change was 1 h later"


def test_nothing_is_written_and_no_other_answer_changes(folder):
    files = {path: path.read_bytes() for path in folder.iterdir()}
    explorer = open_explore(dataset=str(folder), incident_id="i1")
    before = explorer.found.suspects()
    answer = explorer.what_if(add_edge=("checkout", "payments"))
    assert answer.incident_id == "i1" and explorer.what_if("i2", horizon="24h").incident_id == "i2"
    assert explorer.found.suspects().equals(before) and explorer.dataset.dependencies["service"].tolist() == ["search"]
    assert {path: path.read_bytes() for path in folder.iterdir()} == files


def test_a_verdict_holds_the_answer_and_the_figure_says_so(write):
    folder = write(WITH_SERVICES, INCIDENTS, CHANGES, services__csv=SERVICES)
    open_explore(dataset=str(folder), incident_id="i1").decide("i1", "c1", by="incident review")
    answer = what_if(attribute(load(folder)), "i1", without_change="c1")
    assert answer.decided and by_change(answer, "after")["c1"] == 1
    assert "(a verdict holds the answer)" in answer.figure.layout.meta["finding"]


def test_ids_and_services_are_taken_and_given_as_readers_see_them(write):
    secret = "token-ghp_" + "a1B2" * 9
    folder = write(WITH_SERVICES, INCIDENTS, CHANGES.replace("c1,", f"{secret},"), services__csv=SERVICES)
    shown = for_audience(load(folder), "public")
    masked = shown.changes["change_id"].tolist()
    assert secret not in masked
    answer = what_if(
        attribute(shown), "i1", without_change=shown.changes["change_id"][shown.changes["kind"] == "deploy"].iloc[1]
    )
    assert set(answer.table["change_id"]) <= {*masked, NONE} and secret not in str(answer.figure.to_dict())
    assert answer.table["after"].isna().sum() == 1


@pytest.mark.parametrize(
    ("supposed", "said"),
    [
        ({}, "nothing is supposed to be otherwise; expected at least one of horizon, add_edge"),
        ({"horizon": "1 parsec"}, "horizon is '1 parsec'; expected a duration between 10min and 60d, such as '72h'"),
        ({"horizon": "72h"}, "the horizon is 3 d already; expected another one"),
        ({"add_edge": ("chekout", "payments")}, "no service 'chekout' in small; the nearest is 'checkout'"),
        ({"add_edge": ("search", "index")}, "the edge search → index is in the service graph already"),
        ({"add_edge": ("search", "search")}, "the edge search → search leads from a service to itself"),
        ({"add_edge": "search"}, "an edge is 'search'; expected a pair: (service, the service that it depends on)"),
        (
            {"remove_edge": ("index", "search")},
            "no edge index → search in the service graph (index depends on nothing)",
        ),
        (
            {"remove_edge": ("search", "checkout")},
            "no edge search → checkout in the service graph (search depends on index)",
        ),
        ({"without_change": "c9"}, "no change 'c9' in small; the nearest is"),
        ({"without_kind": "deplo"}, "no change of kind 'deplo' in small; the nearest is 'deploy'"),
        ({"shift_changes": "30"}, "shift_changes is '30'; expected a duration up to 2 days either way"),
        ({"shift_changes": "5d"}, "shift_changes is '5d'; expected a duration up to 2 days either way"),
    ],
)
def test_what_names_or_changes_nothing_is_refused_in_words(found, supposed, said):
    with pytest.raises(UsageError, match=re.escape(said)):
        what_if(found, "i1", **supposed)


def test_an_incident_that_is_none_is_refused(found):
    with pytest.raises(UsageError, match="no incident 'i9' in small; the nearest is"):
        what_if(found, "i9", horizon="24h")
