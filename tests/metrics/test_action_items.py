"""Action items of write-ups and their states."""

from __future__ import annotations

import pandas as pd
from toy import ToyDataset, incidents, utc

from aftershock import metrics


def test_action_items_with_states_and_notes(tmp_path):
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "postmortems" / "inc-1.md").write_text(
        "## Action items\n"
        "| Action | Type | Owner | Due | Done | Ticket |\n|---|---|---|---|---|---|\n"
        "| Add an alert | prevent | on-call lead | 2025-02-01 | 2025-01-20 | T-1 |\n"
        "| Write a test | process | team | 2025-02-01 | | T-2 |\n"
        "| Tidy up | process | team | 2025-04-01 | – | T-3 |\n"
        "| Finished later | process | team | 2025-02-01 | 2025-03-20 | T-4 |\n"
        "| One cell too few | process | team | 2025-02-01 | |\n",
        encoding="utf-8",
    )
    (tmp_path / "postmortems" / "stray.md").write_text("nothing", encoding="utf-8")
    dataset = ToyDataset(incidents({"incident_id": "INC/1", "started_at": "2025-01-05"}), folder=tmp_path)
    items, notes = metrics.action_items(dataset, utc("2025-03-01"), stem=lambda i: i.lower().replace("/", "-"))
    assert items["incident_id"].unique().tolist() == ["INC/1"]
    assert items["state"].tolist() == ["done", "overdue", "open", "overdue"]
    assert items["age_days"].tolist() == [15, 55, 55, 55]
    assert notes["file"].tolist() == ["postmortems/inc-1.md", "postmortems/stray.md"]
    assert notes["reason"].tolist() == ["malformed_row", "unknown_incident"]
    assert notes["line"].iloc[0] == 8 and pd.isna(notes["line"].iloc[1])


def test_no_postmortems_folder_means_no_items():
    items, notes = metrics.action_items(ToyDataset(incidents()), utc("2025-03-01"))
    assert items.empty and notes.empty and "state" in items


def test_repeats_whose_item_was_open_when_they_began(tmp_path):
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "postmortems" / "a.md").write_text(
        "| action | done |\n|---|---|\n| never | |\n| before | 2025-01-19 |\n| that day | 2025-01-20 |\n| after | 2025-01-21 |\n",
        encoding="utf-8",
    )
    rows = ({"incident_id": "a", "started_at": "2025-01-05"}, {"incident_id": "b", "started_at": "2025-01-20T23:00"})
    dataset = ToyDataset(incidents(*rows), folder=tmp_path)
    items = metrics.action_items(dataset, utc("2025-03-01")).items
    repeats = pd.DataFrame({"incident_id": ["b"], "earlier_id": ["a"]})
    again = metrics.repeats_with_open_items(repeats, items, dataset)
    assert again["action"].tolist() == ["never", "after"] and again["days_open"].tolist() == [15, 15]
    assert metrics.repeats_with_open_items(repeats.iloc[:0], items, dataset).empty
    assert metrics.repeats_with_open_items(repeats, items.iloc[:0], dataset).empty
