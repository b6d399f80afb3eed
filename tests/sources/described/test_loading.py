"""A description of a format in a dataset's folder: read like a built-in one, and refused with file, line and key."""

from __future__ import annotations

import json

import pytest
from conftest import TOML

from aftershock import load
from aftershock.schema.errors import InputError

OURS = """title = "Deploys of our own tool"
[changes]
reads = "A finished deploy is a change."
records = ["result.deploys"]
recognised_by = [["deploy_no", "went_live"]]
epochs = "s"
hidden = ["internal"]
columns.change_id = "D{deploy_no}"
columns.started_at = "went_live"
columns.services = { at = ["app", "apps.name"], all = true }
columns.title = ["note", "Deploy {version:7} of {app!c}"]
columns.author = "who"
columns.status = "state"
words.status = { ok = "done", "*" = "failed" }
[[changes.when]]
where = { state = "rolled-back" }
columns.title = "Roll back {app}"
[[changes.fold]]
where = { dry_run = "true" }
because = "is a rehearsal on {stage}"
[[changes.reject]]
where = { app = "", apps = "" }
column = "app"
expected = "the name of the app"
remedy = "Add it to the deploy."
[changes.lasting.finished_at]
begins = "went_live"
lasts = "took"
unit = "ms"
"""
DEPLOYS = {
    "result": {
        "deploys": [
            {"deploy_no": 1, "went_live": 1704885300, "app": "shop", "version": "0123456789", "state": "OK", "took": 90_000,
             "who": "ann@example.org", "internal": 3, "ring": "eu"},
            {"deploy_no": 2, "went_live": 1704885400, "app": "shop", "apps": [{"name": "web"}], "state": "rolled-back"},
            {"deploy_no": 3, "went_live": 1704885500, "app": "web", "dry_run": True, "stage": "night"},
            {"deploy_no": 4, "went_live": 1704885600, "note": "of nothing"},
        ]
    }
}  # fmt: skip
SECTION = '"deploys.json"\nformat = "ours.toml"'


def described(write, description: str = OURS, section: str = SECTION):
    files = {"ours__toml": description, "deploys__json": json.dumps(DEPLOYS)}
    return write(TOML.replace('"changes.csv"', section), changes=None, **files)


def test_a_description_in_the_folder_reads_a_tool_s_export(write):
    dataset = load(described(write))
    first, second = dataset.changes.to_dict("records")
    assert (first["change_id"], second["change_id"]) == ("D1", "D2")
    assert (first["title"], second["title"]) == ("Deploy 0123456 of Shop", "Roll back shop")
    assert (first["services"], second["services"]) == (["shop"], ["shop", "web"])
    assert (first["status"], second["status"]) == ("done", "failed")
    assert first["finished_at"].isoformat() == "2024-01-10T11:16:30+00:00"
    assert len(first["author"]) == 10
    assert first["extras"] == {"deploy_no": "1", "version": "0123456789", "ring": "eu"}
    assert dataset.folded["into"].tolist() == ["no row: D3 is a rehearsal on night"]
    assert dataset.rejected[["column", "expected"]].to_numpy().tolist() == [["app", "the name of the app"]]
    assert "ours.toml" in dataset.hashes


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            ('epochs = "s"', 'epoch = "s"'),
            "ours.toml, line 6: found the key '[changes] epoch'; expected one of title, reads, records, recognised_by, sure, ",
        ),
        (
            ("columns.title =", "columns.titel ="),
            "ours.toml, line 11: found the column 'titel'; expected a column of changes; the nearest is 'title'. Fix the line.",
        ),
        (
            ('"D{deploy_no}"', '"D{deploy_no"'),
            "ours.toml, line 8: found [changes.columns] change_id = 'D{deploy_no'; expected text with paths in braces, such as",
        ),
        (
            ('"Roll back {app}"', '"{@app}"'),
            "ours.toml, line 17: found '@app'; expected a name under let. Fix the line.",
        ),
        (
            ('because = "is a rehearsal on {stage}"\n', ""),
            "ours.toml, line 18: found no '[[changes.fold]] 1: because'; expected the key '[[changes.fold]] 1: because'. Add it; "
            "docs/formats.md shows a whole description.",
        ),
        (
            ('where = { dry_run = "true" }', "where = { dry_run = 1 }"),
            "ours.toml, line 19: found [[changes.fold]] 1: where = {'dry_run': 1}; expected a word, a pattern or a list of them "
            "(found 'dry_run' = 1). Fix the value.",
        ),
        (
            ('columns.change_id = "D{deploy_no}"\n', ""),
            "ours.toml, line 8: found no column 'change_id'; expected change_id = path of the field. Fix the line.",
        ),
        (("[changes]\n", "[changes\n"), "ours.toml, line 2: found "),
    ],
)
def test_a_wrong_description_names_file_line_and_key(write, wrong, message):
    with pytest.raises(InputError) as failed:
        load(described(write, OURS.replace(*wrong)))
    assert str(failed.value).startswith(message)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            '"deploys.json"\nformat = "their.toml"',
            "their.toml: found No such file or directory; expected a file of TOML.",
        ),
        (
            '"deploys.json"\nformat = "../ours.toml"',
            "../ours.toml: found a path out of the folder; expected a file inside the dataset's folder. Copy it into the folder.",
        ),
    ],
)
def test_a_description_that_is_not_there(write, section, message):
    with pytest.raises(InputError) as failed:
        load(described(write, section=section))
    assert str(failed.value).startswith(message)
