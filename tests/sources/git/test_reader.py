"""A git repository as a change log: what its commits become."""

from __future__ import annotations

import subprocess

import pandas as pd
import pytest
from git_author import CALM, changes_of

from aftershock import load
from aftershock.schema.errors import InputError

TOML = """name = "small"
timezone = "Europe/Berlin"
[incidents]
path = "incidents.csv"
[changes]
format = "git"
repository = "../shop"
"""


def test_a_history_becomes_changes(shop, write):
    root = shop.commit("Begin", {"README.md": "shop", "src/api/main.py": "1"}, at="1700000000 +0000")
    squashed = shop.commit(
        "Raise the limit (#7)\n\nIt was low.\n\nReviewed-by: Bob <bob@example.org>\nAsk carol@example.org.",
        {"src/api/main.py": "2"},
        at="1700003600 -0800",
    )
    shop.commit("Step one", {"src/web/a.js": "1"}, branch="side")
    shop.commit("Step two", {"src/web/b.js": "1", "db/migrate/2.sql": "x"}, branch="side")
    shop.commit("Meanwhile", {"deploy/values.yaml": "1"}, at="1700007200 +0000")
    merged = shop.commit(
        "Merge pull request #8 from bob/new-basket\n\nNew basket\n\nFaster.",
        {"src/web/a.js": "1", "src/web/b.js": "1", "db/migrate/2.sql": "x"},
        at="1700010800 +0100",
        merges="side",
        mail="BOB@example.org",
    )
    shop.commit(f'Revert "Raise the limit"\n\nThis reverts commit {squashed[:10]}.', {"src/api/main.py": "1"})
    shop.commit('Revert "New basket" (#9)\n\nReverts example/shop#8', {"src/web/a.js": "0"})
    lost = shop.commit("Revert a thing\n\nThis reverts commit 0123456789abcdef.", {"src/web/a.js": "2"})
    toml = TOML + '[changes.services]\napi = ["src/api/"]\nweb = ["src/web", "deploy"]\n'
    dataset = load(write(toml, changes=None))
    rows = dataset.changes.set_index("title")
    whole = rows.loc["New basket"]
    assert whole.drop(["extras", "line", "finished_at", "finished_at_before"]).to_dict() == {
        "change_id": merged,
        "kind": "database",
        "started_at": pd.Timestamp("2023-11-15T01:13:20Z"),
        "started_at_before": pd.Timestamp("2023-11-15T01:13:20Z"),
        "services": ["web"],
        "description": "Merge pull request #8 from new-basket\nFaster.",
        "author": "686b5e4cf4",
        "paths": ["db/migrate/2.sql", "src/web/a.js", "src/web/b.js"],
        "repository": "shop",
        "size": 3.0,
        "url": "",
        "emergency": False,
        "environment": "",
        "reverts": [],
        "status": "",
        "file": f"shop@{merged[:12]}",
    }
    assert rows["change_id"]["Begin"] == root
    assert rows["services"].to_dict() == {
        "Begin": ["api"],
        "Raise the limit (#7)": ["api"],
        "Meanwhile": ["web"],
        "New basket": ["web"],
        'Revert "Raise the limit"': ["api"],
        'Revert "New basket" (#9)': ["web"],
        "Revert a thing": ["web"],
    }
    assert rows["kind"]["Meanwhile"] == "config"
    assert rows["kind"]["Begin"] == "deploy"
    assert rows["description"]["Raise the limit (#7)"] == "It was low.\n\nAsk …."
    assert rows["reverts"]['Revert "Raise the limit"'] == [squashed]
    assert rows["reverts"]['Revert "New basket" (#9)'] == [merged]
    assert dataset.notes[["file", "column", "found", "reason"]].values.tolist() == [
        [f"shop@{lost[:12]}", "reverts", "a revert of 0123456789abcdef", "unknown_change"]
    ]
    assert dataset.rejected.empty
    assert dataset.hashes["shop (git)"] == lost


def test_ref_since_and_paths_choose_commits(shop, write):
    shop.commit("Old", {"api/a": "1"}, at="1672526000 +0000")  # 2022-12-31T22:33:20Z, 23:33 in Berlin
    shop.commit("New year", {"api/a": "2", "web/a": "1"}, at="1672528000 +0000")  # 2022-12-31T23:06:40Z: 2023 in Berlin
    shop.commit("Clock went back", {"docs/a": "1"}, at="1672520000 +0000")
    shop.commit("Beside", {"web/a": "2"}, at="1672540000 +0000")
    shop.commit("Elsewhere", {"web/b": "1"}, branch="stable", start="main")

    def titles(keys: str) -> list[str]:
        return load(write(TOML + keys, changes=None)).changes["title"].tolist()

    assert titles('since = "2023-01-01"') == ["New year", "Beside"]
    assert titles('ref = "stable"\nsince = 2023-02-01') == ["Elsewhere"]
    assert titles('paths = ["api"]') == ["Old", "New year"]
    frame = changes_of(shop.folder, paths=("api",)).frame
    assert frame["paths"][0] == ["api/a", "web/a"]


def test_a_shallow_clone_says_so(shop, tmp_path):
    for n in range(4):
        shop.commit(f"Number {n}", {"a": str(n), f"b{n}": "1"}, at=f"{1700000000 + n} +0000")
    source = f"file://{shop.folder}"
    subprocess.run(["git", "clone", "-q", "--depth=2", source, str(tmp_path / "cut")], env=CALM, check=True)
    raw = changes_of(tmp_path / "cut")
    assert raw.frame[["title", "paths", "size"]].values.tolist() == [
        ["Number 3", ["a", "b3"], "2"],
        ["Number 2", [], ""],
    ]
    begins = raw.frame["change_id"][1][:12]
    assert [str(n) for n in raw.notes] == [
        f"cut, column repository: found a shallow clone, which begins on 2023-11-14 at {begins}; expected the whole "
        "history. Run git fetch --unshallow; the paths of its first commit are left empty."
    ]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            'delimiter = ";"\n',
            "dataset.toml, line 8: found [changes] delimiter; expected no such key next to format = 'git'. Remove it.",
        ),
        (
            'since = "last year"\n',
            "dataset.toml, line 8: found [changes] since = 'last year'; expected a date such as \"2025-01-01\". Fix the value.",
        ),
    ],
)
def test_keys_that_a_repository_does_not_have(shop, write, keys, message):
    with pytest.raises(InputError) as failed:
        load(write(TOML + keys, changes=None))
    assert str(failed.value) == message
