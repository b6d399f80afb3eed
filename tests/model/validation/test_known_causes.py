"""Labels: those a dataset holds, and those of a file."""

from __future__ import annotations

import pytest
from labelled import CHANGES, INCIDENTS, TOML

from aftershock import load
from aftershock.model.validation.known_causes import known_causes, read_labels
from aftershock.schema.errors import InputError, UsageError


def test_causes_that_the_dataset_holds(write):
    verdicts = "incident_id,change_id,decided_by,decided_at\ni1,none,ops,2024-01-12\ni1,c2,ops,2024-01-11\n"
    found = known_causes(load(write(TOML, INCIDENTS, CHANGES, verdicts__csv=verdicts)))
    # the last verdict outranks the report; c is in no log, so nothing is known of i2
    assert found[["incident_id", "cause", "change_ids", "method"]].values.tolist() == [
        ["i1", "no_change", [], "verdict"]
    ]


def test_labels_from_a_file(small, tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("incident_id,cause,change_ids,also_right\ni1,change_in_log,c1;c2,c3\ni3,no_change,,\n")
    found = read_labels(path, small)
    assert found["change_ids"].tolist() == [["c1", "c2"], []]
    assert found["also_right"].tolist() == [["c3"], []]


def test_every_problem_of_a_file_of_labels_is_named(small, tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text(
        "incident_id,cause,change_ids,also_right\n"
        "i9,no_change,,\ni1,change_in_lag,c1,\ni1,change_in_log,,\ni2,no_change,c1,\ni3,change_in_log,c1;c77,d\n"
    )
    with pytest.raises(InputError) as failed:
        read_labels(path, small)
    assert str(failed.value).splitlines() == [
        "labels.csv, line 2, column incident_id: found 'i9'; expected an incident of the dataset; the nearest is 'i3'. Fix or remove the row.",
        "labels.csv, line 3, column cause: found 'change_in_lag'; expected one of change_in_log, change_logged_later, change_not_logged, no_change, unknown; the nearest is 'change_in_log'. Fix the cell.",
        "labels.csv, line 4, column incident_id: found 'i1'; expected one row per incident. Remove all but one.",
        "labels.csv, line 4, column change_ids: found no change; expected the change, since the cause is change_in_log. Name it, or change the cause.",
        "labels.csv, line 5, column change_ids: found 'c1'; expected an empty cell, since the cause is no_change. Empty it, or change the cause.",
        "labels.csv, line 6, column change_ids: found 'c77'; expected a change of the dataset. Fix or remove the id.",
        "labels.csv, line 6, column also_right: found 'd'; expected a change of the dataset. Fix or remove the id.",
    ]


def test_what_is_not_a_file_of_labels(small, tmp_path):
    path = tmp_path / "labels.csv"
    with pytest.raises(UsageError) as failed:
        read_labels(path, small)
    assert str(failed.value) == f"no file of labels at {path}"
    path.write_text("incident,cause\ni1,no_change\n")
    with pytest.raises(InputError) as failed:
        read_labels(path, small)
    assert str(failed.value).splitlines() == [
        "labels.csv, line 1: found no column 'incident_id'; expected the columns incident_id, cause, change_ids; the nearest is 'incident'. The file has incident, cause.",
        "labels.csv, line 1: found no column 'change_ids'; expected the columns incident_id, cause, change_ids. The file has incident, cause.",
    ]
