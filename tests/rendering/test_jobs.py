from __future__ import annotations

import pytest

from aftershock.rendering import jobs
from aftershock.schema.errors import UsageError


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
