"""A git repository as a change log: what its commits become, and that reading it runs and writes nothing of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from git_author import CALM, Author, git

from aftershock import load, sources
from aftershock.errors import InputError
from aftershock.sources import Options
from aftershock.sources.git import log, messages, reader
from aftershock.sources.git import repository as git_repository

TOML = """name = "small"
timezone = "Europe/Berlin"
[incidents]
path = "incidents.csv"
[changes]
format = "git"
repository = "../shop"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Author:
    return Author(tmp_path / "shop")


def read(folder: Path, **options: object):
    return sources.read([], "git", Options(table="changes", repository=folder, **options))


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


@pytest.mark.parametrize(
    ("message", "numbers", "title"),
    [
        ("Merge pull request #12 from ada/fix\n\nMend it", {"12"}, "Mend it"),
        ("Merge branch 'fix' into 'main'\n\nMend it\n\nSee merge request shop/web!12", {"12"}, "Mend it"),
        ("Merged PR 12: Mend it", {"12"}, "Merged PR 12: Mend it"),
        ("Mend it (#12)\n\n* first (#3)\n", {"12"}, "Mend it (#12)"),
        ("Merged in fix (pull request #12)", {"12"}, "Merged in fix (pull request #12)"),
        ("Merge branch 'fix'\n\n# Conflicts:\n#\ta.py", set(), "Merge branch 'fix'"),
        ("Merge branch 'main' of host:shop", set(), "Merge branch 'main' of host:shop"),
        ("", set(), ""),
    ],
)
def test_what_a_message_says(message, numbers, title):
    assert messages.numbers(message) == numbers
    assert messages.title_and_description(message)[0] == title


def test_the_revert_of_a_merge_request_and_of_a_revert_branch(shop):
    one = shop.commit("Merge branch 'a' into 'main'\n\nOne\n\nSee merge request shop/web!4", {"a": "1"})
    two = shop.commit("Two (#5)", {"a": "2"})
    shop.commit("Revert it\n\nThis reverts merge request !4", {"a": "3"})
    shop.commit('Merge pull request #6 from ada/revert-5-two\n\nRevert "Two"', {"a": "4"})
    assert list(read(shop.folder).frame["reverts"]) == [[two], [one], [], []]


def test_odd_names_and_dates_are_read_as_they_are(shop):
    shop.commit("Odd", {'"\\nline"': "1", '"tab\\there"': "1", "ü.txt": "1", '"\\377"': "1"}, at="253402300800 +0000")
    raw = read(shop.folder)
    assert raw.frame["paths"][0] == ["\nline", "tab\there", "ü.txt", "�"]
    assert raw.frame["started_at"][0] == "253402300800"


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
    frame = read(shop.folder, paths=("api",)).frame
    assert frame["paths"][0] == ["api/a", "web/a"]


def test_since_does_not_depend_on_the_version_of_git(shop, monkeypatch):
    shop.commit("Old", {"a": "1"}, at="1600000000 +0000")
    shop.commit("New", {"a": "2"}, at="1700000000 +0000")
    monkeypatch.setattr(log, "FIRST_WITH_FILTER", (99, 0))
    assert read(shop.folder, since="2023-01-01").frame["title"].tolist() == ["New"]


def test_bare_repositories_work_trees_and_branches_out_of_sight(shop, tmp_path):
    shop.commit("One", {"a": "1"})
    git(shop.folder, "pack-refs", "--all")
    git(shop.folder, "gc", "--quiet")
    subprocess.run(
        ["git", "clone", "-q", "--bare", str(shop.folder), str(tmp_path / "mirror.git")], env=CALM, check=True
    )
    git(shop.folder, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    for folder, name in (("mirror.git", "mirror"), ("linked", "linked"), ("shop/.git", "shop")):
        frame = read(tmp_path / folder).frame
        assert frame[["title", "repository"]].values.tolist() == [["One", name]]


def test_hashes_may_be_sha256(tmp_path):
    subprocess.run(["git", "init", "-q", "--object-format=sha256", str(tmp_path / "long")], env=CALM, check=True)
    person = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    git(tmp_path / "long", *person, "commit", "-q", "--allow-empty", "-m", "One")
    assert read(tmp_path / "long").frame["change_id"].map(len).tolist() == [64]


def test_a_shallow_clone_says_so(shop, tmp_path):
    for n in range(4):
        shop.commit(f"Number {n}", {"a": str(n), f"b{n}": "1"}, at=f"{1700000000 + n} +0000")
    source = f"file://{shop.folder}"
    subprocess.run(["git", "clone", "-q", "--depth=2", source, str(tmp_path / "cut")], env=CALM, check=True)
    raw = read(tmp_path / "cut")
    assert raw.frame[["title", "paths", "size"]].values.tolist() == [
        ["Number 3", ["a", "b3"], "2"],
        ["Number 2", [], ""],
    ]
    begins = raw.frame["change_id"][1][:12]
    assert [str(n) for n in raw.notes] == [
        f"cut, column repository: found a shallow clone, which begins on 2023-11-14 at {begins}; expected the whole "
        "history. Run git fetch --unshallow; the paths of its first commit are left empty."
    ]


def test_of_a_huge_commit_the_first_paths_are_kept(shop, monkeypatch):
    monkeypatch.setattr(log, "MOST_PATHS", 2)
    monkeypatch.setattr(reader, "MOST_PATHS", 2)
    shop.commit("Vendor", {"a": "1", "b": "1", "c/d": "1"})
    raw = read(shop.folder, service_paths={"c": ("c/",), "everything": ("",), "another": ("bb", "c/dd")})
    assert raw.frame[["paths", "size", "services"]].values.tolist() == [[["a", "b"], "3", ["everything", "c"]]]
    assert [(n.found, n.reason) for n in raw.notes] == [("1 commits that touch more than 2 files", "too_many_paths")]


def test_a_long_message_is_kept_in_part(shop, monkeypatch):
    monkeypatch.setattr(log, "LONGEST_MESSAGE", 10)
    shop.commit("x" * 50, {"a": "1"})
    assert read(shop.folder).frame["title"].tolist() == ["x" * 10]


@pytest.mark.parametrize(
    ("repository", "message"),
    [
        (
            "nowhere",
            "nowhere, column repository: found no such folder; expected a git repository. Fix the path in repository = …",
        ),
        (
            "shop/src",
            "src, column repository: found a folder inside a repository; expected the top folder of a git repository. "
            "Name its top folder, shop.",
        ),
        (
            "plain",
            "plain, column repository: found a folder that is no git repository; expected the top folder of a git "
            "repository. Name the folder that holds .git, or a bare clone.",
        ),
        (
            "empty",
            "empty, column repository: found no commits; expected a history. Commit something first.",
        ),
        (
            "unborn",
            'unborn, column repository: found no commits; expected a history. Name a branch that has some: ref = "main".',
        ),
    ],
)
def test_what_is_no_history_is_said(shop, tmp_path, write, repository, message):
    shop.commit("One", {"src/a": "1"})
    git(shop.folder, "checkout", "-q", "main")
    (tmp_path / "plain").mkdir()
    subprocess.run(["git", "init", "-q", str(tmp_path / "empty")], env=CALM, check=True)
    shutil.copytree(shop.folder, tmp_path / "unborn")
    (tmp_path / "unborn" / ".git" / "HEAD").write_text("ref: refs/heads/next\n")
    with pytest.raises(InputError) as failed:
        load(write(TOML.replace("../shop", f"../{repository}"), changes=None))
    assert str(failed.value) == message


def test_an_unknown_ref_names_the_branches(shop):
    shop.commit("One", {"a": "1"})
    shop.commit("Two", {"a": "2"}, branch="release", start="main")
    with pytest.raises(InputError) as failed:
        read(shop.folder, ref="relaese")
    found = str(failed.value)
    assert found.startswith(
        "shop, column repository: found ref = 'relaese'; expected a branch, a tag or a commit of the "
    )
    assert "the nearest is 'release'. Its branches are " in found
    with pytest.raises(InputError, match="found ref = '--output=x'"):
        read(shop.folder, ref="--output=x")


def test_without_git_the_error_says_what_to_install(shop, monkeypatch, tmp_path):
    shop.commit("One", {"a": "1"})
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError) as failed:
        read(shop.folder)
    assert str(failed.value) == (
        "shop, column repository: found no git on this machine; expected the program git, 2.25 or newer, which reads the "
        "history. Install git, or export the log as CSV."
    )


def test_a_broken_repository_is_refused_in_words(shop):
    first = shop.commit("One", {"a": "1"})
    shop.commit("Two", {"a": "2"})
    for pack in (shop.folder / ".git/objects/pack").glob("*.pack"):
        data = pack.read_bytes()
        pack.unlink()
        subprocess.run(["git", "-C", str(shop.folder), "unpack-objects", "-q"], env=CALM, input=data, check=True)
    (shop.folder / ".git/objects" / first[:2] / first[2:]).unlink()
    with pytest.raises(InputError) as failed:
        read(shop.folder)
    assert str(failed.value).startswith("shop, column repository: found a history that git cannot read (")


def test_references_kept_as_reftable_need_a_newer_git(shop, monkeypatch):
    shop.commit("One", {"a": "1"})
    (shop.folder / ".git/reftable").mkdir()
    monkeypatch.setattr(git_repository, "FIRST_WITH_REFTABLE", (99, 0))
    with pytest.raises(InputError, match=r"expected git 2\.45 or newer, which reads references kept as reftable"):
        read(shop.folder)


TRAPS = """[core]
    repositoryformatversion = 0
    bare = false
    fsmonitor = {evil}
    sshCommand = {evil}
    pager = {evil}
    editor = {evil}
    hooksPath = {hooks}
    alternateRefsCommand = {evil}
    attributesFile = {attributes}
    gitProxy = {evil}
[pager]
    log = {evil}
[log]
    showSignature = true
[gpg]
    program = {evil}
[diff]
    external = {evil}
[diff "trap"]
    textconv = {evil}
    command = {evil}
[filter "trap"]
    process = {evil}
    clean = {evil}
    smudge = {evil}
    required = true
[credential]
    helper = {evil}
[alias]
    log = !{evil}
[extensions]
    partialClone = origin
[remote "origin"]
    url = ext::{evil}
    promisor = true
[protocol]
    allow = always
[include]
    path = {more}
"""


@pytest.fixture
def hostile(shop, tmp_path) -> tuple[Path, Path]:
    """A repository whose configuration, hooks, attributes and signatures all run a program; and what that would leave."""
    marker, evil = tmp_path / "marker", tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {marker}\n")
    evil.chmod(0o755)
    shop.commit("One", {"a.trap": "1", ".gitattributes": "* diff=trap filter=trap\n"})
    tree = git(shop.folder, "rev-parse", "main^{tree}")
    signed = (
        f"tree {tree}\nparent {shop.heads['main']}\nauthor A <a@x> 1700000000 +0000\ncommitter A <a@x> 1700000001 +0000\n"
        "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n\nTwo\n"
    )
    commit = git(shop.folder, "hash-object", "-t", "commit", "-w", "--stdin", text=signed)
    git(shop.folder, "update-ref", "refs/heads/main", commit)
    git(shop.folder, "checkout", "-q", "main")
    own = shop.folder / ".git"
    for name in ("post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc"):
        (own / "hooks" / name).write_text(f"#!/bin/sh\ntouch {marker}\n")
        (own / "hooks" / name).chmod(0o755)
    (own / "info").mkdir(exist_ok=True)
    (own / "info" / "attributes").write_text("* diff=trap filter=trap\n")
    (own / "more").write_text(f"[core]\n\tfsmonitor = {evil}\n[log]\n\tshowSignature = true\n")
    names = {"evil": evil, "hooks": own / "hooks", "attributes": own / "info" / "attributes", "more": own / "more"}
    (own / "config").write_text(TRAPS.format(**names))
    return shop.folder, marker


def test_nothing_that_a_repository_brings_along_is_run(hostile, monkeypatch):
    folder, marker = hostile
    subprocess.run(
        ["git", "-C", str(folder), "-c", "safe.directory=*", "log", "-p"], env=CALM, capture_output=True, check=False
    )
    assert marker.exists(), "the trap itself does not work"
    marker.unlink()
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "include.path")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(folder / ".git" / "config"))
    before = {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(folder.rglob("*"))}
    assert read(folder).frame["title"].tolist() == ["Two", "One"]
    with pytest.raises(InputError):
        read(folder, ref="nowhere")
    assert not marker.exists()
    assert before == {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(folder.rglob("*"))}


def test_replaced_commits_are_read_as_they_were(shop):
    one = shop.commit("One", {"a": "1"})
    other = shop.commit("Other", {"a": "2"}, branch="other", start="none")
    git(shop.folder, "replace", one, other)
    assert read(shop.folder).frame["title"].tolist() == ["One"]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            'delimiter = ";"\n',
            "dataset.toml, line 8: found [changes] delimiter; expected no such key beside format = 'git'. Remove it.",
        ),
        (
            'since = "last year"\n',
            "dataset.toml, line 8: found [changes] since = 'last year'; expected a date such as \"2025-01-01\". Mend the value.",
        ),
    ],
)
def test_keys_that_a_repository_does_not_have(shop, write, keys, message):
    with pytest.raises(InputError) as failed:
        load(write(TOML + keys, changes=None))
    assert str(failed.value) == message
