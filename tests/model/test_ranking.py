"""Suspects as a table: one incident's are the rows that all incidents' hold of it, in the order of probability and id."""

from __future__ import annotations

import pandas as pd

from aftershock import attribute, load
from aftershock.schema.tables import NONE

INCIDENTS = (
    "incident_id,started_at,services,title,caused_by\n"
    "i1,2024-01-10T12:00Z,checkout,Checkout fails after retries,same-2\n"
    "i2,2024-01-11T12:00Z,search,Search is slow,\n"
    "i3,2024-01-20T12:00Z,cart,Cart is empty,\n"
)
CHANGES = (
    "change_id,started_at,kind,services,title\n"
    "same-2,2024-01-10T11:00Z,deploy,checkout,Change the retries\n"
    "same-10,2024-01-10T11:00Z,deploy,checkout,Change the retries\n"
    "c1,2024-01-11T11:00Z,config,search,New index\n"
    "end,2024-02-20T11:00Z,config,search,End of the log\n"
)


def test_an_incidents_suspects_are_its_rows_of_all(write):
    found = attribute(load(write(incidents=INCIDENTS, changes=CHANGES)))
    every = found.suspects()
    assert every["incident_id"].unique().tolist() == ["i1", "i2", "i3"]
    for incident, rows in every.groupby("incident_id"):
        pd.testing.assert_frame_equal(found.suspects(incident), rows.reset_index(drop=True), check_exact=True)
    assert every.loc[every["incident_id"] == "i3", "change_id"].tolist() == [NONE], "nothing within the horizon"
    assert [every["services"].iloc[-1], every["title"].iloc[-1]] == [[], "No recorded change"]


def test_equal_probabilities_are_in_order_of_ids_and_reported_causes_are_marked(write):
    table = attribute(load(write(incidents=INCIDENTS, changes=CHANGES))).suspects("i1")
    like = table[table["change_id"].str.startswith("same")]
    assert like["probability"].nunique() == 1 and like["change_id"].tolist() == ["same-10", "same-2"]
    assert like["reported"].tolist() == [False, True] and like["matching_words"].tolist() == ["retries", "retries"]
    assert table["rank"].tolist() == list(range(1, len(table) + 1))
