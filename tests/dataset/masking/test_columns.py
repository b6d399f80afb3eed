"""Cells that are hidden whole by the name of their column."""

from __future__ import annotations

import pytest

from aftershock.dataset.masking.columns import kind_of_cell
from aftershock.sources.person_fields import names_people


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("db_password", "swordfish", "password"), ("password", "a1", "password"), ("api key", "k1", "password"), ("private_key", "swordfish", "password"),
        ("Passwort", "Wald", "password"), ("token", "t0k", "password"), ("cookie", "swordfish", "password"), ("session_id", "abc123def", "password"),
        ("pin", "4938", "password"), ("OTP", "884213", "password"), ("phone", "5551234", "phone"), ("Mobile number", "0171 234", "phone"),
        ("pager", "x4711", "phone"), ("host", "db77", "host"), ("hostName", "db78", "host"), ("source_ip", "10.1.2.3", "ip"), ("MAC address", "001a2b3c4d5e", "mac"),
        ("db_password", "none", ""), ("password", "rotated", ""), ("token_count", "4096", ""), ("tokens", "4096", ""), ("title", "x1y2z3", ""),
        ("pin", "latest", ""), ("pin", "3", ""), ("service key", "PAY", ""), ("phone", "n/a", ""), ("session", "morning", ""), ("cookies", "on", ""),
        ("primary key", "id", ""), ("key", "PAY-123", ""), ("host", "unknown", ""), ("password", "2025-01-01", ""), ("secret_name", "db", ""),
        ("secret", "rotate the one of checkout", ""), ("ghost", "db7", ""), ("ship", "7", ""), ("telemetry", "1234567", ""),
    ],
)  # fmt: skip
def test_a_cell_is_hidden_whole_by_its_column(column, value, kind):
    assert kind_of_cell(column, value) == kind


@pytest.mark.parametrize(
    "column",
    ["manager", "Change Manager", "Bearbeiter", "ersteller", "Melder", "Mitarbeiterin", "scribe", "who", "paged", "opened by", "technician", "responsible",
     "Ansprechpartner", "bearbeitet von", "担当者", "Автор", "incident_lead", "surname"],
)  # fmt: skip
def test_columns_of_people_are_known(column):
    assert names_people(column)


@pytest.mark.parametrize(
    "column",
    ["manage", "service", "primary", "team", "workflow", "Fehlerbild", "melder_typ", "pagerank", "management zone"],
)
def test_other_columns_hold_none(column):
    assert not names_people(column)
