"""A file that is no log is named as what it is, with what to do."""

from __future__ import annotations

import re
import zipfile

import pytest

from aftershock.schema.errors import InputError
from aftershock.wizard.create import create_dataset


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook that cannot be read: save the sheet with the log as CSV"),
        (("[Content_Types].xml", "xl/workbook.bin"), "a binary Excel workbook, which is not read: save the sheet with the log as CSV"),
        (("mimetype", "content.xml"), "a workbook of LibreOffice, which is not read: save the sheet with the log as CSV"),
        (("log.csv",), "it is a ZIP archive: unpack it"),
    ],
)  # fmt: skip
def test_a_workbook_is_known_whatever_it_is_called(tmp_path, inside, said):
    path = tmp_path / "changes.csv"
    with zipfile.ZipFile(path, "w") as archive:
        for name in inside:
            archive.writestr(name, "words")
    with pytest.raises(InputError, match=re.escape(said)):
        create_dataset(tmp_path / "m", [path])


def test_text_in_an_encoding_that_is_not_read_is_said_to_be_so(tmp_path):
    path = tmp_path / "incidents.csv"
    path.write_bytes("id,started_at\n1,2024-03-05\n".encode("utf-32"))
    with pytest.raises(InputError, match="it is text in UTF-32: save it in UTF-8"):
        create_dataset(tmp_path / "m", [path])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("planned.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n", "a calendar, which is not read"),
        ("incidents.sql", "-- dump\nINSERT INTO incidents (id) VALUES (1);\n", "SQL, which is not read"),
        ("incidents.log", "ts=2024-03-05T10:00Z id=1 service=till\nts=2024-03-06T10:00Z id=2 service=till\n", "fields as name=value"),
        ("incidents.txt", "Id  Start             Service\nA1  2024-03-05T10:00  till\nA2  2024-03-06T10:00  till\n", "columns parted by spaces"),
        ("incidents.log", "[Tue Mar 05 10:00:00 2024] SERVICE ALERT: till;HTTP;CRITICAL\n", "a log of lines, which are not read"),
        ("changes.log", "Mar  5 10:00:00 web1 systemd: Started nginx\nMar  6 10:00:00 web1 sshd: closed\n", "a log of lines, which are not read"),
        ("changes.txt", "commit 1f2e3d4c5b\nMerge: 1 2\nAuthor: A <a@b.example>\n", "git log, which is not read: give init the repository"),
        ("till.log", "2024-03-05 10:00:00,123 - INFO - began\n2024-03-05 10:00:01,200 - ERROR - stuck\n", "a log of lines, which are not read"),
        ("till.log", "2024-03-05 10:00:00 | * WARNING | till | stuck\n2024-03-05 10:00:01 | DEBUG | till | ran\n", "a log of lines, which are not read"),
        ("run.txt", "deploy\tSet up\t2024-03-05T10:00:00.123Z Runner\ndeploy\tSet up\t2024-03-05T10:00:01.123Z Began\n", "the log of a run of GitHub Actions"),
        ("errors.xml", "HTTP/1.1 200 OK\nContent-Type: text/xml\n\n<groups></groups>", "an answer of HTTP with its head: save what comes behind"),
        ("changes.txt", "1f2e3d4 Fix the till, at last\n2f3e4d5 Raise the limit; again\n", "git log, which is not read"),
        ("changes.txt", "1f2e3d4 2024-03-05 Fix the till\n2f3e4d5 2024-03-06 Raise the limit\n", "git log, which is not read"),
        ("history.atom", '<?xml version="1.0"?>\n<feed xmlns="x"><entry><id>1</id></entry></feed>', "it is a feed (RSS or Atom)"),
        ("releases.atom", '<?xml version="1.0"?>\n<feed xmlns="x"><id>tag:git.example,2008:https://git.example/us/till/releases</id></feed>', "a feed of releases"),
        ("incidents.toml", '[[incident]]\nid = "a"\n', "it is TOML, which is not read: write its tables as YAML or JSON"),
        ("deploys.lp", "deploys,service=till value=1 1709632800000000000\ndeploys,service=web value=1 1709632900000000000\n", "lines of InfluxDB"),
        ("plan.json", '{"terraform_version": "1.7", "resource_changes": [{"address": "a.b", "change": {"actions": ["create"]}}]}', "a plan of Terraform"),
        ("revisions.log", "Branch main (at 4f1d2ab) deployed as release 20240305090000 by pat\n", "Capistrano's revisions.log"),
        ("api.json", '{"openapi": "3.0", "info": {}, "paths": {}, "tags": [{"name": "a"}], "servers": [{"url": "b"}]}', "a description of an API"),
        ("state.json", '{"terraform_version": "1.7", "lineage": "x", "resources": [{"name": "b", "type": "a"}]}', "the state of Terraform"),
        ("incidents.xls", "<html><table><tr><th>id</th></tr></table></html>", "XML or HTML"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_table_is_known_by_how_it_begins(tmp_path, name, text, said):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError, match=re.escape(said)):
        create_dataset(tmp_path / "m", [path])
