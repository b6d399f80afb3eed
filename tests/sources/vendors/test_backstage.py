"""A catalogue from people who need not be trusted."""

from __future__ import annotations

from pathlib import Path

from aftershock import sources
from aftershock.sources import Options
from aftershock.sources.vendors import backstage


def catalogue(tmp_path: Path, text: str) -> sources.RawTable:
    file = tmp_path / "catalog-info.yaml"
    file.write_text(text, encoding="utf-8")
    return backstage.read([file], Options(table="dependencies"))


def test_aliases_that_multiply_are_not_followed(tmp_path):
    levels = ["a0: &a0 [component:x, component:y]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    text = "\n".join(
        [*levels, "kind: Component", "metadata: {name: bomb}", "spec: {dependsOn: *a11, consumesApis: *a0}"]
    )
    table = catalogue(tmp_path, text)
    assert [(p.column, p.found) for p in table.problems] == [("dependsOn", "a list")] * 9
    assert table.frame["depends_on"].tolist() == ["x", "y"]


def test_merge_keys_and_tags_make_nothing(tmp_path):
    text = """
kind: Component
metadata: {name: !!python/object/apply:os.getcwd []}
---
kind: Component
metadata: {name: a}
spec: {<<: {dependsOn: [b]}, dependsOn: !!int "c"}
"""
    table = catalogue(tmp_path, text)
    assert table.frame.values.tolist() == [["a", "c", "dependsOn in Backstage"]]
    assert [(p.line, p.found) for p in table.problems] == [(2, "no metadata.name")]
