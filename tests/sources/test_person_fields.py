"""Which columns and fields hold people, by their names."""

from __future__ import annotations

import pytest

from aftershock.sources.person_fields import is_person_field, names_people


@pytest.mark.parametrize(
    "name",
    [
        "assigned_to",
        "Opened by",
        "createdBy",
        "sys_updated_by",
        "reporter",
        "pusher",
        "Watchers",
        "assigned_to_user_names",
        "Assignee*+",
        "lastModifiedBy",
        "checkedInBy",
        "System.ChangedBy",
        "Common.ActivatedBy",
    ],
)
def test_fields_of_vendors_records_are_people_everywhere(name):
    assert is_person_field(name)
    assert names_people(name)


@pytest.mark.parametrize(
    "name",
    [
        "reviewer",
        "approved_by",
        "Tech Lead",
        "u_incident_commander.name",
        "on-call engineer",
        "pagedUsers",
        "Demandeur - Demandeur",
        "Attribué à - Technicien",
        "Quem relatou",
        "Técnico",
        "moderator",
        "Tech Lead (2)",
    ],
)
def test_columns_of_a_companys_own_log_are_masked_yet_not_left_out(name):
    assert names_people(name)
    assert not is_person_field(name)


@pytest.mark.parametrize("name", ["title", "service", "name", "caused_by", "detected_by", "priority", "username_count"])
def test_other_names_are_not_people(name):
    assert not names_people(name)
    assert not is_person_field(name)
