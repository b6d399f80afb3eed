from __future__ import annotations

import re

import pytest

from aftershock.dataset.audience import DEFAULT, for_audience
from aftershock.rendering import jobs
from aftershock.reports import prepared
from aftershock.schema.errors import UsageError


@pytest.fixture(scope="module", autouse=True)
def _demo_is_read_once(demo):
    prepared.put(for_audience(demo, DEFAULT), fit=False)
    yield
    prepared.drop(demo.folder, DEFAULT)


def test_the_plan_holds_every_report_once():
    planned = jobs.shipped()
    assert len({job.target for job in planned}) == len(planned)
    assert sum(job.kind == "incident" and job.dataset_key == "twitter-2023" for job in planned) == 11
    assert sum(job.kind == "month" and job.dataset_key == "twitter-2023" for job in planned) == 8
    assert [job.identifier for job in planned if job.kind == "month" and job.dataset_key == "demo"] == ["2025-12"]
    assert [job.dataset_key for job in planned if job.kind == "check"] == ["twitter-2023"]


def test_awkward_ids_become_safe_names(write):
    folder = write(
        incidents="incident_id,started_at\nmybinder/2017-09-27-hub-403,2024-01-10\n../../etc/passwd,2024-02-10\n"
    )
    names = [job.target.name for job in jobs.incidents(folder, ["mybinder/2017-09-27-hub-403", "../../etc/passwd"])]
    assert names == [
        "mybinder-2017-09-27-hub-403-9fabd862.html",
        "etc-passwd-3754d6cb.html",
    ]  # the first digits of their SHA-256


def test_an_incident_that_repeats_another_has_no_report_of_its_own(write):
    folder = write(incidents="incident_id,started_at,duplicate_of\ni1,2024-01-10,\ni2,2024-01-11,i1\n")
    with pytest.raises(UsageError, match="incident 'i2' repeats 'i1'; ask for that one"):
        jobs.incidents(folder, ["i2"])
    assert [job.identifier for job in jobs.everything(folder) if job.kind == "incident"] == ["i1"]


def test_two_folders_of_one_name_are_refused(write, tmp_path):
    folder = write()
    other = tmp_path / "elsewhere" / "small"
    other.parent.mkdir()
    folder.rename(other)
    second = write()
    with pytest.raises(UsageError, match="have the same name"):
        jobs.all_of([str(other), str(second)])
    assert len(jobs.all_of([str(second), str(second)])) == len(jobs.everything(second))


def test_a_choice_of_the_explore_page_has_a_page_of_its_own():
    [job] = jobs.explore("demo", period="2025-11", service="checkout")
    assert (job.kind, job.parameters["start"], job.parameters["end"]) == ("explore", "2025-11-01", "2025-11-30")
    assert job.parameters["incident_id"] in job.identifier, (
        "the worst incident of the choice is chosen before it is rendered"
    )
    [days] = jobs.explore("demo", start="2025-11-01", end="2025-11-30", service="checkout")
    [other] = jobs.explore("demo", start="2025-11-02", end="2025-11-30", service="checkout")
    assert days.target == job.target != other.target and job.target.parts[:2] == ("demo", "explore")


def test_an_incident_without_a_period_is_shown_with_the_days_around_it():
    [job] = jobs.explore("twitter-2023", incident_id="tw-2023-03-06")
    assert (job.parameters["start"], job.parameters["end"]) == ("2023-02-10", "2023-03-13")


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"service": "chekout"}, "no service 'chekout' in demo; the nearest is 'checkout'"),
        ({"incident_id": "nothing"}, "no incident 'nothing' in demo"),
        ({"period": "2031-02"}, "no month '2031-02' in demo: expected YYYY-MM from 2025-01 to 2025-12"),
        (
            {"period": "2025-11", "end": "2025-12-01"},
            "--period is a whole month; expected it alone, or --from and --to",
        ),
        ({"start": "2025-13-01"}, "parameter start of explore.ipynb is '2025-13-01'; expected a date such as"),
        ({"start": "2025-06-10", "end": "2025-06-01"}, "the period ends before it begins: 2025-06-10 to 2025-06-01"),
        (
            {"start": "2031-01-01"},
            "the logs hold no day of 2031-01-01 to 2026-01-01: they run from 2025-01-01 to 2026-01-01",
        ),
    ],
)
def test_a_choice_that_is_none_is_refused_before_anything_is_rendered(chosen, said):
    with pytest.raises(UsageError, match=re.escape(said)):
        jobs.explore("demo", **chosen)
