"""Days with clocks next to them, lengths in place of ends and zones of rows, as they are read in the end."""

from __future__ import annotations

import pandas as pd

from aftershock.wizard.create import create_dataset


def test_clocks_lengths_and_zones_make_the_moments_that_are_meant(tmp_path, put):
    rows = (
        "a,05.03.2024,23:30,00:15,Europe/Berlin\nb,06.03.2024,9:00 AM,9:45 AM,America/New_York\n"
        "c,17.03.2024,14:00,14:20,\n"
    )
    made = create_dataset(tmp_path / "m", put(log__csv=f"id,Date,Start Time,End Time,timezone\n{rows}"))
    found = made.dataset.incidents.set_index("incident_id")
    assert found["started_at"].astype(str).str[:16].to_dict() == {
        "a": "2024-03-05 22:30", "b": "2024-03-06 14:00", "c": "2024-03-17 14:00",
    }  # fmt: skip
    assert (found["resolved_at"] - found["started_at"]).tolist() == [pd.Timedelta(minutes=m) for m in (45, 45, 20)]


def test_a_length_is_an_end(tmp_path, put):
    rows = "a,2024-03-05 09:00,90\nb,2024-03-06 09:00,\n"
    made = create_dataset(tmp_path / "m", put(log__csv=f"id,start,Downtime (min)\n{rows}"))
    found = made.dataset.incidents
    assert found["resolved_at"].tolist() == [pd.Timestamp("2024-03-05T10:30Z"), pd.NaT]


def test_a_blank_day_is_that_above_and_an_end_without_a_clock_is_none(tmp_path, put):
    rows = "1;05.03.2024;09:00;10:00\n", "2;;11:00;\n", "3;13.03.2024;08:00;08:30\n"
    made = create_dataset(tmp_path / "m", put(outages__csv="Nr;Datum;von;bis\n" + "".join(rows)))
    found = made.dataset.incidents
    assert found["started_at"].dt.strftime("%d %H:%M").tolist() == ["05 09:00", "05 11:00", "13 08:00"]
    assert found["resolved_at"].isna().tolist() == [False, True, False]
    assert made.dataset.notes.loc[made.dataset.notes["reason"] == "day_above", "line"].tolist() == [3]


def test_a_length_of_what_is_open_is_no_end(tmp_path, put):
    rows = "a,2024-03-05 09:00,Open,9\nb,2024-03-06 09:00,Closed,2\nc,2024-03-07 09:00,PendingPartner,1\n"
    made = create_dataset(tmp_path / "m", put(log__csv=f"id,reported_at,repair_status,resolved_hours\n{rows}"))
    found = made.dataset.incidents
    assert found["status"].tolist() == ["open", "resolved", "open"]
    assert found["resolved_at"].tolist() == [pd.NaT, pd.Timestamp("2024-03-06T11:00Z"), pd.NaT]
