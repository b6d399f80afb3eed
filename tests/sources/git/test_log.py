"""The history of a branch as git prints it."""

from __future__ import annotations

import pytest
from git_author import changes_of

from aftershock.schema.errors import InputError
from aftershock.sources.git import log, reader
from aftershock.sources.git import repository as git_repository


def test_odd_names_and_dates_are_read_as_they_are(shop):
    shop.commit("Odd", {'"\\nline"': "1", '"tab\\there"': "1", "ü.txt": "1", '"\\377"': "1"}, at="253402300800 +0000")
    raw = changes_of(shop.folder)
    assert raw.frame["paths"][0] == ["\nline", "tab\there", "ü.txt", "�"]
    assert raw.frame["started_at"][0] == "253402300800"


def test_since_does_not_depend_on_the_version_of_git(shop, monkeypatch):
    shop.commit("Old", {"a": "1"}, at="1600000000 +0000")
    shop.commit("New", {"a": "2"}, at="1700000000 +0000")
    monkeypatch.setattr(log, "FIRST_WITH_FILTER", (99, 0))
    assert changes_of(shop.folder, since="2023-01-01").frame["title"].tolist() == ["New"]


def test_of_a_huge_commit_the_first_paths_are_kept(shop, monkeypatch):
    monkeypatch.setattr(log, "MOST_PATHS", 2)
    monkeypatch.setattr(reader, "MOST_PATHS", 2)
    shop.commit("Vendor", {"a": "1", "b": "1", "c/d": "1"})
    raw = changes_of(shop.folder, service_paths={"c": ("c/",), "everything": ("",), "another": ("bb", "c/dd")})
    assert raw.frame[["paths", "size", "services"]].values.tolist() == [[["a", "b"], "3", ["everything", "c"]]]
    assert [(n.found, n.reason) for n in raw.notes] == [("1 commits that touch more than 2 files", "too_many_paths")]


def test_a_long_message_is_kept_in_part(shop, monkeypatch):
    monkeypatch.setattr(log, "LONGEST_MESSAGE", 10)
    shop.commit("x" * 50, {"a": "1"})
    assert changes_of(shop.folder).frame["title"].tolist() == ["x" * 10]


@pytest.mark.parametrize("printed", [b"warning: replaced\n\0", b"\0abc\x001700000000"], ids=["a warning", "cut off"])
def test_a_git_that_prints_something_else_is_named(shop, monkeypatch, printed):
    shop.commit("One", {"a": "1"})
    monkeypatch.setattr(git_repository.Repository, "stream", lambda self, *arguments: iter([printed]))
    with pytest.raises(InputError) as failed:
        changes_of(shop.folder)
    assert "expected commits. Run git log there yourself; a wrapper around git must print nothing of its own." in str(
        failed.value
    )
