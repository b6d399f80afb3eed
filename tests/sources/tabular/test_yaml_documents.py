"""YAML from sources that need not be trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock import sources
from aftershock.schema.errors import InputError, Problem
from aftershock.sources import Options
from aftershock.sources.tabular import yaml_documents
from aftershock.sources.vendors import backstage


def catalogue(tmp_path: Path, text: str) -> sources.RawTable:
    file = tmp_path / "catalog-info.yaml"
    file.write_text(text, encoding="utf-8")
    return backstage.read([file], Options(table="dependencies"))


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("a: 1\n---\n" + "[" * 100_000, 3, "a document nested more than 50 deep"),
        ("a: 1\n---\nb: {\n", 5, "did not find expected node content"),
        ("---\n\nb: \x00\n", 3, "control characters are not allowed"),
    ],
    ids=["deep", "broken", "control characters"],
)
def test_a_broken_document_does_not_spoil_the_others(tmp_path, text, line, found):
    file = tmp_path / "x.yaml"
    file.write_text(text + "\n---\nlast: one\n")
    read = list(yaml_documents.documents(file))
    problem = next(d for _, d in read if isinstance(d, Problem))
    assert (problem.line, problem.found) == (line, found)
    assert read[-1][1] == {"last": "one"}


def test_a_catalogue_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(yaml_documents, "MOST_BYTES", 10)
    with pytest.raises(InputError) as failed:
        catalogue(tmp_path, "kind: Component\n")
    assert str(failed.value) == "catalog-info.yaml: found 16 bytes; expected at most 10. Split the file."


def test_null_is_nothing_and_every_other_scalar_text(tmp_path):
    text = 'a: null\nb: ~\nc: "null"\nd: nullable\ne: 2024-01-01\nf: [null, 1]\n'
    found = {"a": None, "b": None, "c": "null", "d": "nullable", "e": "2024-01-01", "f": [None, "1"]}
    assert list(yaml_documents.of_text(tmp_path / "x.yaml", text)) == [(1, found)]


def test_a_list_of_kubernetes_is_its_items(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("apiVersion: v1\nkind: EventList\nitems:\n- {a: 1}\n- {a: 2}\n---\nkind: Playlist\nsongs: [x]\n")
    found = [(1, {"a": "1"}), (1, {"a": "2"}), (7, {"kind": "Playlist", "songs": ["x"]})]
    assert list(yaml_documents.records(file)) == found
