"""The files of a log are read in the order in which people count."""

from __future__ import annotations

from pathlib import Path

from conftest import TOML

from aftershock import load


def test_pages_are_read_in_the_order_in_which_people_count(write):
    folder = write(TOML.replace('"incidents.csv"', '"pages"'), incidents=None)
    (folder / "pages").mkdir()
    for number in (10, 9, 1):
        text = f"incident_id,started_at\ni{number},2024-01-10\n"
        (folder / "pages" / f"page-{number}.csv").write_text(text)
    assert load(folder).incidents["file"].tolist() == ["page-1.csv", "page-10.csv", "page-9.csv"]  # by id
    names = ["b2", "page-10.csv", "page-9.csv", "10", "page-1.csv"]
    from aftershock.dataset.log_files import _natural

    ordered = sorted(map(Path, names), key=_natural)
    assert [p.name for p in ordered] == ["10", "b2", "page-1.csv", "page-9.csv", "page-10.csv"]
