"""Wrong parameters: the same sentence before a kernel starts and in a notebook's first cell."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from conftest import TOML

from aftershock import load
from aftershock.reports.notebook_parameters import (
    ExploreParameters,
    MonthlyReviewParameters,
    PostmortemParameters,
    check,
    check_in_notebook,
    check_month,
    injected_parameters,
    months_since,
)
from aftershock.schema.errors import UsageError

WRONG = [
    (
        PostmortemParameters,
        {"dataset": "twitter-2023", "incident_id": "tw-2023-03-06", "incidnet_id": "x"},
        "unknown parameter 'incidnet_id' of postmortem.ipynb; the nearest is 'incident_id' (known "
        "are dataset, audience, incident_id, blind, show_authors).",
    ),
    (
        PostmortemParameters,
        {"dataset": "twitter-2023", "incident_id": 7},
        "parameter incident_id of postmortem.ipynb is 7 (int); expected text in quotes; papermill "
        "guesses types with -p, pass it with -r incident_id and the text as it is.",
    ),
    (
        PostmortemParameters,
        {"dataset": "twitter-2023", "incident_id": "tw-2023-03-06", "blind": "yes"},
        "parameter blind of postmortem.ipynb is 'yes' (str); expected True or False.",
    ),
    (PostmortemParameters, {"dataset": "twitter-2023"}, "parameter incident_id of postmortem.ipynb is missing."),
    (
        PostmortemParameters,
        {"dataset": "famous-outages", "incident_id": "x"},
        "famous-outages is a reference to compare with, not a log: it has no reports",
    ),
    (
        MonthlyReviewParameters,
        {"dataset": "twitter-2023", "month": "2031-01"},
        "no month '2031-01' in twitter-2023: expected YYYY-MM from 2022-12 to 2023-07",
    ),
    (
        MonthlyReviewParameters,
        {"dataset": "twiter-2023"},
        "no dataset 'twiter-2023'; the nearest is 'twitter-2023': expected a folder with a dataset.toml, "
        "or one of demo, famous-outages, twitter-2023",
    ),
    (
        ExploreParameters,
        {"dataset": "demo", "service": "checkot"},
        "no service 'checkot' in demo; the nearest is 'checkout'",
    ),
    (
        ExploreParameters,
        {"dataset": "demo", "start": "March"},
        "parameter start of explore.ipynb is 'March'; expected a date such as 2023-03-06",
    ),
]


@pytest.mark.parametrize(("model", "values", "message"), WRONG)
def test_a_wrong_parameter_is_named_with_what_exists(model, values, message):
    with pytest.raises(UsageError) as failed:
        check(model, values)
    assert str(failed.value) == message


def test_an_unknown_incident_names_the_nearest():
    with pytest.raises(
        UsageError,
        match=r"no incident 'tw-2023-03-07' in twitter-2023; the nearest is 'tw-2023-03-0\d' \(11 incidents: tw-2022-12-11, ",
    ):
        check(PostmortemParameters, {"dataset": "twitter-2023", "incident_id": "tw-2023-03-07"})


def test_an_empty_month_means_the_last_one():
    assert check(MonthlyReviewParameters, {"dataset": "demo"})[0].month == "2025-12"


def test_outside_a_notebook_nothing_is_injected():
    assert injected_parameters() == {}


def test_what_papermill_injects_under_another_name_stops_the_run(monkeypatch):
    cell = '# Parameters\nincidnet_id = "x"\nblind = True\nPAPERMILL_INPUT_PATH = "a"\n'
    names = {"incidnet_id": "x", "blind": True, "PAPERMILL_INPUT_PATH": "a", "n": 5}
    shell = SimpleNamespace(user_ns={**names, "In": ["", "dataset = 'd'", cell, "n = 5"]})
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert injected_parameters() == {"incidnet_id": "x", "blind": True}
    with pytest.raises(
        UsageError, match=r"unknown parameter 'incidnet_id' of postmortem\.ipynb; the nearest is 'incident_id'"
    ):
        check_in_notebook(PostmortemParameters, dataset="twitter-2023", incident_id="tw-2023-03-06", blind=True)


def test_last_is_the_last_month_that_is_covered_wholly(write):
    """Changes until 20 February: January is the last whole month, with or without an incident in it."""
    dataset = load(write())
    assert dataset.months == ["2024-01", "2024-02"]
    folder = write(toml=TOML + '[attribution]\nobserved = ["2024-01-01", "2024-02-20"]\n')
    assert check_month(load(folder), "last") == "2024-01"
    assert check_month(load(folder), "") == "2024-02"
    assert months_since(load(folder), "2024-01", "") == ["2024-01", "2024-02"]
    with pytest.raises(UsageError, match="--since must not be later than --month"):
        months_since(load(folder), "2024-02", "last")


def test_since_before_the_logs_begin_is_their_first_month(write):
    dataset = load(write())
    assert months_since(dataset, "2019-07", "") == ["2024-01", "2024-02"]
    for wrong in ("2019-13", "2019", "2031-01"):
        with pytest.raises(UsageError, match=f"no month '{wrong}' in .*: expected YYYY-MM from 2024-01 to 2024-02"):
            months_since(dataset, wrong, "")


def test_without_a_whole_month_last_says_what_is_covered(write):
    folder = write(toml=TOML + '[attribution]\nobserved = ["2024-01-05", "2024-01-20"]\n')
    with pytest.raises(
        UsageError, match=r"no whole month in small: both logs cover 2024-01-05 to 2024-01-20; name a month"
    ):
        check_month(load(folder), "last")
