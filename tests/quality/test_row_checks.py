"""Rows without an end, detected early, or rejected."""

from __future__ import annotations

from pathlib import Path

from flawed_logs import checks

from aftershock import load


def test_detected_before_started_and_without_an_end(write):
    incidents = (
        "incident_id,started_at,detected_at,resolved_at,status\n"
        "i1,2024-01-10T12:00Z,2024-01-10T11:40Z,,resolved\n"
        "i2,2024-02-10T12:00Z,2024-02-10T12:01Z,2024-02-10T13:00Z,\n"
        "i3,2024-02-11T12:00Z,,,open\n"
        "i4,2024-12-11T12:00Z,,,open\n"
    )
    found = checks(load(write(incidents=incidents)))
    assert found["detected_before_start"].rows.to_numpy().tolist() == [["incidents.csv", 2, "i1", "20 min before"]]
    assert found["endless_incidents"].title == "2 incidents of 4 have no end"
    assert found["endless_incidents"].said == (
        "Left out of times to resolve: 1 resolved without an end. Open for more than 30 d, which makes these times look longer: 1."
    )
    assert found["endless_incidents"].rows["what"].tolist() == ["resolved, without an end", "open for 304 d"]


def test_rejected_rows_are_findings_with_their_share(write):
    incidents = "incident_id,started_at\n,2024-01-10\ni2,03/04/2024\ni3,2024-02-01\ni3,2024-02-02\n"
    found = checks(load(write(incidents=incidents)))
    assert {c: f.touches for c, f in found.items() if c.startswith("rejected")} == {
        "rejected_ambiguous_date": "25 % of the incidents, which are missing",
        "rejected_duplicate_id": "25 % of the incidents, which are missing",
        "rejected_missing_id": "25 % of the incidents, which are missing",
    }
    assert found["rejected_ambiguous_date"].rows.to_numpy().tolist() == [["incidents.csv", 3, "", "'03/04/2024'"]]


def test_what_the_other_table_reads_of_the_same_pages_is_not_lost(tmp_path: Path):
    pages = {"a": "API down", "b": "Web down", "c": "Planned maintenance", "d": "API slow"}
    for name, title in pages.items():
        more = "informational: true\n" if name == "d" else ""
        page = f"---\ntitle: {title}\ndate: 2024-03-05 10:00:00\nresolved: true\naffected: [API]\n{more}---\n"
        (tmp_path / f"{name}.md").write_text(page, encoding="utf-8")
    sections = "".join(f'[{name}]\npath = "."\nformat = "cstate"\n' for name in ("incidents", "changes"))
    (tmp_path / "dataset.toml").write_text(f'name = "x"\ntimezone = "UTC"\n{sections}', encoding="utf-8")
    dataset = load(tmp_path)
    assert (len(dataset.incidents), len(dataset.changes)) == (2, 1) and "mostly_folded" not in checks(dataset)
    informs = dataset.folded[dataset.folded["file"] == "d.md"]
    assert informs["reason"].tolist() == ["other_thing"] * 2
    (tmp_path / "b.md").unlink()
    alone = 'name = "x"\ntimezone = "UTC"\n[incidents]\npath = "."\nformat = "cstate"\n'
    (tmp_path / "dataset.toml").write_text(alone, encoding="utf-8")
    assert "mostly_folded" in checks(load(tmp_path))
