"""The write-ups of a simulated company."""

from __future__ import annotations

from datetime import date


def test_postmortems_have_their_sections_and_dated_actions(default):
    assert len(default.postmortems) == 6
    open_, done, overdue = 0, 0, 0
    for name, text in default.postmortems.items():
        headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
        assert headings == ["Narrative", "What went well", "What went badly", "Where we were lucky", "Action items"]
        assert name in set(default.incidents["incident_id"]) and "team-" not in text
        assert "| action | type | owner | due | done | ticket |" in text
        for row in (line.strip("| ").split(" | ") for line in text.splitlines() if " | KP-" in line):
            due, finished = date.fromisoformat(row[3]), row[4].strip()
            done += bool(finished)
            open_ += not finished and due > date(2025, 12, 31)
            overdue += not finished and due <= date(2025, 12, 31)
            assert not finished or date.fromisoformat(finished) <= date(2025, 12, 31)
    assert min(open_, done, overdue) >= 2
