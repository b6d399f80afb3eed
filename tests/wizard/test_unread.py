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
        (("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook, which is not read: save the sheet with the log as CSV"),
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
