from __future__ import annotations

from aftershock import load
from aftershock.cli.account import counted, listed_problems


def test_every_record_is_accounted_for(write):
    rows = "".join(f"x{n},soon,a\n" for n in range(22))
    folder = write(incidents=f"incident_id,started_at,services\ni1,2024-01-10T12:00Z,a\n{rows}")
    dataset = load(folder)
    assert "  incidents: 23 records = 1 row used + 22 rejected + 0 folded; 0 noted" in counted(dataset)
    lines = listed_problems(dataset)
    assert lines[0].startswith("rejected: 22 rows, ")
    assert lines[1].startswith("  incidents.csv, line 3, column started_at: found 'soon'; expected a time")
    assert len(lines) == 22 and lines[-1] == "  … and 2 more"


def test_a_clean_log_has_nothing_to_list(write):
    assert listed_problems(load(write())) == []
