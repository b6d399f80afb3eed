"""A format says which kind its changes have when their log says none."""

from __future__ import annotations

from dataclasses import replace

from aftershock import sources
from aftershock.sources.raw_table import RawTable


def test_the_default_kind_comes_after_what_title_and_paths_suggest():
    rows = [
        {"title": "Raise the limit", "paths": ["src/a.py"], "kind": ""},
        {"title": "Add an index", "paths": ["db/migrate/2.sql"], "kind": ""},
        {"title": "Add an index", "paths": ["db/migrate/2.sql"], "kind": "config"},
        {"title": "Raise the limit", "paths": "", "kind": ""},
    ]
    places = [("x", n) for n in range(4)]
    raw = RawTable.of(rows, places, columns=["title", "paths", "kind"], problems=[], notes=[])
    git = sources.find("git", "changes")
    assert git.with_kinds(raw).frame["kind"].tolist() == ["deploy", "database", "config", "deploy"]
    assert raw.frame["kind"].tolist() == ["", "", "config", ""], "the raw table is left as it was"
    assert replace(git, default_kind="").with_kinds(raw) is raw
