"""A repository is found, borrowed and left alone: nothing that it brings along is run, nothing in it is written."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from git_author import CALM, changes_of, git

from aftershock import load
from aftershock.schema.errors import InputError
from aftershock.sources.git import repository as git_repository

TOML = """name = "small"
timezone = "Europe/Berlin"
[incidents]
path = "incidents.csv"
[changes]
format = "git"
repository = "../shop"
"""


def test_bare_repositories_work_trees_and_branches_out_of_sight(shop, tmp_path):
    shop.commit("One", {"a": "1"})
    git(shop.folder, "pack-refs", "--all")
    git(shop.folder, "gc", "--quiet")
    subprocess.run(
        ["git", "clone", "-q", "--bare", str(shop.folder), str(tmp_path / "mirror.git")], env=CALM, check=True
    )
    git(shop.folder, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    for folder, name in (("mirror.git", "mirror"), ("linked", "linked"), ("shop/.git", "shop")):
        frame = changes_of(tmp_path / folder).frame
        assert frame[["title", "repository"]].values.tolist() == [["One", name]]


def test_hashes_may_be_sha256(tmp_path):
    subprocess.run(["git", "init", "-q", "--object-format=sha256", str(tmp_path / "long")], env=CALM, check=True)
    person = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    git(tmp_path / "long", *person, "commit", "-q", "--allow-empty", "-m", "One")
    assert changes_of(tmp_path / "long").frame["change_id"].map(len).tolist() == [64]


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
            "plain, column repository: found a folder that is not a git repository; expected the top folder of a git "
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
        changes_of(shop.folder, ref="relaese")
    found = str(failed.value)
    assert found.startswith(
        "shop, column repository: found ref = 'relaese'; expected a branch, a tag or a commit of the "
    )
    assert "the nearest is 'release'. Its branches are " in found
    with pytest.raises(InputError, match="found ref = '--output=x'"):
        changes_of(shop.folder, ref="--output=x")


def test_without_git_the_error_says_what_to_install(shop, monkeypatch, tmp_path):
    shop.commit("One", {"a": "1"})
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError) as failed:
        changes_of(shop.folder)
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
        changes_of(shop.folder)
    assert str(failed.value).startswith("shop, column repository: found a history that git cannot read (")


def test_references_kept_as_reftable_need_a_newer_git(shop, monkeypatch):
    shop.commit("One", {"a": "1"})
    (shop.folder / ".git/reftable").mkdir()
    monkeypatch.setattr(git_repository, "FIRST_WITH_REFTABLE", (99, 0))
    with pytest.raises(InputError, match=r"expected git 2\.45 or newer, which reads references kept as reftable"):
        changes_of(shop.folder)


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
    assert changes_of(folder).frame["title"].tolist() == ["Two", "One"]
    with pytest.raises(InputError):
        changes_of(folder, ref="nowhere")
    assert not marker.exists()
    assert before == {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(folder.rglob("*"))}


def test_replaced_commits_are_read_as_they_were(shop):
    one = shop.commit("One", {"a": "1"})
    other = shop.commit("Other", {"a": "2"}, branch="other", start="none")
    git(shop.folder, "replace", one, other)
    assert changes_of(shop.folder).frame["title"].tolist() == ["One"]


@pytest.mark.parametrize(
    "place", ["packed-refs", "refs/heads/other", "objects/pack/pack-0.idx", "objects/info/alternates", "reftable/x"]
)
def test_a_pipe_inside_a_repository_is_refused_and_not_waited_for(shop, place):
    shop.commit("One", {"a": "1"})
    path = shop.folder / ".git" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    with (
        pytest.raises(InputError, match=f"found {place}, which is neither a file nor a folder"),
        git_repository.opened(shop.folder),
    ):
        pass


def test_git_that_hangs_is_ended(shop, tmp_path, monkeypatch):
    shop.commit("One", {"a": "1"})
    hanging = tmp_path / "bin" / "git"
    hanging.parent.mkdir()
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o755)
    monkeypatch.setenv("PATH", str(hanging.parent), prepend=os.pathsep)
    monkeypatch.setattr(git_repository, "LONGEST_QUESTION", 0.1)
    monkeypatch.setattr(git_repository, "LONGEST_LOG", 0.1)
    with git_repository.opened(shop.folder) as held:
        with pytest.raises(InputError, match=r"found git still running after 0.1 seconds"):
            held.commit("HEAD")
        with pytest.raises(InputError, match=r"found git still running after 0.1 seconds"):
            list(held.stream("log"))
