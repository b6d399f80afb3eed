"""Canonical columns found under the names of a file."""

from __future__ import annotations

import pytest

from aftershock import load
from aftershock.schema.errors import InputError


def test_a_missing_column_names_those_there(write):
    with pytest.raises(InputError) as failed:
        load(write(incidents="number,opened\n1,2024-01-01\n"))
    assert str(failed.value).splitlines()[0] == (
        "incidents.csv, line 1: found no column 'incident_id'; expected a column for incident_id. "
        'Map it in dataset.toml: columns = { incident_id = "…" }. The file has number, opened.'
    )
