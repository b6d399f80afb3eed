"""What outages are compared with: a baseline of another period, and shares of time that services are to be up."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from aftershock.dataset.targets import BaselineSection, SloSection


def test_a_share_is_a_number_up_to_one_or_a_percentage():
    slo = SloSection.model_validate(
        {"targets": {"shop": "99.9 %", "search": 0.995, "mail": " 99% "}, "partial": {"minor": "20 %", "whole": 1}}
    )
    assert slo.targets == pytest.approx({"shop": 0.999, "search": 0.995, "mail": 0.99})
    assert slo.partial == {"minor": 0.2, "whole": 1.0}
    assert slo.days is None and SloSection.model_validate({"targets": {"shop": 0.9}}).partial == {}


@pytest.mark.parametrize("share", ["50 %", 0.5, "99.9", "99,9 %", True, 1, "100 %", 99.9, "1e-2 %", None, float("nan")])
def test_what_is_no_target_is_refused(share):
    """Half of the time is none, nor all of it, for which there is no budget; a number without its sign may mean either."""
    with pytest.raises(ValidationError, match="the share of time that it is to be up, below 100 %"):
        SloSection.model_validate({"targets": {"shop": share}})


@pytest.mark.parametrize("targets", [{}, [], "99 %"])
def test_targets_name_at_least_one_service(targets):
    with pytest.raises(ValidationError, match="service = the share of time"):
        SloSection.model_validate({"targets": targets})


@pytest.mark.parametrize(
    "partial", [{"minor": 0}, {"minor": "0 %"}, {"minor": 1.5}, {"minor": False}, {"minor": True}, ["minor"]]
)
def test_an_incident_touches_more_than_nobody_and_no_more_than_all(partial):
    with pytest.raises(ValidationError, match="severity = the share of users that it touches"):
        SloSection.model_validate({"targets": {"shop": 0.9}, "partial": partial})


@pytest.mark.parametrize("days", [0, 367])
def test_a_window_is_a_day_to_a_year(days):
    with pytest.raises(ValidationError, match="days"):
        SloSection.model_validate({"targets": {"shop": 0.9}, "days": days})


DAYS = {"from": "2024-01-01", "to": "2024-03-31"}


def test_a_baseline_is_a_period_that_may_be_one_day():
    baseline = BaselineSection.model_validate(DAYS)
    assert (baseline.start, baseline.end, baseline.incidents, baseline.against) == (*DAYS.values(), None, None)
    assert BaselineSection.model_validate({"from": "2024-01-01", "to": "2024-01-01"}).end == "2024-01-01"
    counted = BaselineSection.model_validate({**DAYS, "incidents": 0, "source": "the status page"})
    assert counted.incidents == 0
    compared = BaselineSection.model_validate({**DAYS, "against": ["2025-01-01", "2025-03-31"]})
    assert compared.against == ("2025-01-01", "2025-03-31")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"to": "2023-12-31"}, r"a first day \(from\) that is not after the last day"),
        ({"incidents": 3}, "a source next to incidents: who counted, and what"),
        ({"incidents": 0, "source": "  "}, "a source next to incidents: who counted, and what"),
        ({"incidents": -1, "source": "the press"}, "incidents"),
        ({"from": "2024-02-30"}, 'a date such as "2025-01-01"'),
        ({"against": ["2025-03-31", "2025-01-01"]}, "two dates, first and last day"),
        ({"until": "2024-03-31"}, "until"),
    ],
)
def test_what_is_no_baseline_says_what_is_one(keys, expected):
    with pytest.raises(ValidationError, match=expected):
        BaselineSection.model_validate({**DAYS, **keys})
