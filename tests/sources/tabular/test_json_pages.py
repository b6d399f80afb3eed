"""Pages of JSON in many shapes, and broken ones with the place of the fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.schema.errors import InputError
from aftershock.sources import Options
from aftershock.sources.row_builder import RowBuilder
from aftershock.sources.tabular import json_pages

FIELDS = {"incident_id": "id", "title": ("name", "text"), "started_at": "at"}


def gathered(tmp_path: Path, content: str, **options: object) -> tuple[RowBuilder, list]:
    file = tmp_path / "x.json"
    file.write_text(content, encoding="utf-8")
    made = RowBuilder(Options(**options), FIELDS, updated="updated")
    return made, list(made.json_records([file], ("items",)))


@pytest.mark.parametrize(
    "content",
    [
        '[{"id": "a"}, {"id": "b"}]',
        '{"items": [{"id": "a"}, {"id": "b"}], "next": null}',
        '{"id": "a"}\n{"id": "b"}\n',
        '{"items": [{"id": "a"}]}{"items": [{"id": "b"}]}',
        '[{"id": "a"}]\n[{"id": "b"}]',
        '\ufeff [{"id": "a"},\r\n {"id": "b"}]',
        '[{"items": [{"id": "a"}]}, {"items": [{"id": "b"}]}]',
    ],
    ids=["list", "page", "lines", "pages in one file", "lists in one file", "byte order mark", "list of pages"],
)
def test_json_comes_in_pages_of_many_shapes(tmp_path, content):
    assert [r.value["id"] for r in gathered(tmp_path, content)[1]] == ["a", "b"]


def test_the_page_of_a_record_is_the_item_whose_list_holds_it(tmp_path):
    file = tmp_path / "x.json"
    file.write_text(
        '{"sites": [{"name": "shop", "logs": [{"id": "a"}, {"id": "b"}]}, {"name": "mail", "logs": [{"id": "c"}]}, {"name": "idle"}]}'
    )
    records = RowBuilder(Options(), FIELDS).json_records([file], ("sites.logs",))
    assert [(r.page["name"], r.value["id"]) for r in records] == [("shop", "a"), ("shop", "b"), ("mail", "c")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "x.json, line 1, column 1: found an empty file; expected JSON. Export the file again."),
        (
            '[{"id": "a"},\n {"id": ',
            "x.json, line 2, column 9: found Expecting value; expected JSON. Export the file again; it may be cut off.",
        ),
        (
            '[{"id": "a"}]\noops',
            "x.json, line 2, column 1: found Expecting value; expected JSON. Export the file again; it may be cut off.",
        ),
        (
            "[" * 200_000,
            "x.json, line 1, column 1: found objects nested too deeply to read; expected JSON. Export the records as a flat "
            "list.",
        ),
    ],
    ids=["empty", "cut off", "something else behind it", "too deep"],
)
def test_json_that_is_broken_is_said_to_be_so_with_its_place(tmp_path, content, message):
    with pytest.raises(InputError) as failed:
        gathered(tmp_path, content)
    assert str(failed.value) == message


def test_many_documents_are_each_looked_into_once(tmp_path):
    text = '{"id": "a"}\n' * 100_000  # looking at all of the text for each takes minutes
    assert sum(1 for _ in json_pages.documents(tmp_path / "x.json", text)) == 100_000
