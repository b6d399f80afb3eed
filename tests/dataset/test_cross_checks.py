"""Rows that refer to other rows: verdicts and repetitions."""

from __future__ import annotations

import pytest

from aftershock import load
from aftershock.schema.errors import InputError


def test_a_verdict_on_an_unknown_incident_is_an_error(write):
    with pytest.raises(InputError, match="found 'i9'; expected an id of the dataset"):
        load(write(verdicts__csv="incident_id,change_id\ni9,c1\n"))


def test_a_decision_is_accepted_or_rejected_and_none_is_never_rejected(write):
    with pytest.raises(
        InputError,
        match="line 2, column decision: found 'rejectd'; expected accepted or rejected; the nearest is 'rejected'",
    ):
        load(write(verdicts__csv="incident_id,change_id,decision\ni1,c1,rejectd\n"))
    with pytest.raises(InputError, match="found 'none', rejected; expected the id of a change"):
        load(write(verdicts__csv="incident_id,change_id,decision\ni1,none,rejected\n"))


def test_duplicates_lead_to_their_root_and_loops_lose_nothing(write):
    rows = "incident_id,started_at,duplicate_of\na,2024-01-10,\nb,2024-01-11,a\nc,2024-01-12,b\nd,2024-01-13,d\ne,2024-01-14,f\nf,2024-01-15,e\ng,2024-01-16,zz\n"
    dataset = load(write(incidents=rows))
    of = dict(zip(dataset.incidents["incident_id"], dataset.incidents["duplicate_of"], strict=True))
    assert of == {"a": "", "b": "a", "c": "a", "d": "", "e": "", "f": "", "g": ""}
    assert dataset.notes[["line", "reason"]].values.tolist() == [
        [5, "duplicate_loop"],
        [6, "duplicate_loop"],
        [7, "duplicate_loop"],
        [8, "unknown_incident"],
    ]
