"""What a file is that is no log: by its first bytes, by what its archive holds, or by its name."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path

_UNREAD = {
    b"PK\x03\x04": "it is a ZIP archive: unpack it",
    b"\xd0\xcf\x11\xe0": "it is an old Excel workbook: save the sheet as CSV",
    b"\x1f\x8b": "it is compressed: unpack it",
    b"\xff\xfe\0\0": "it is text in UTF-32: save it in UTF-8",
    b"%PDF": "it is a PDF: export the table as CSV",
}


_WORKBOOKS = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls"), "an Excel workbook"),
    ".ods": "a workbook of LibreOffice",
    ".numbers": "a workbook of Numbers",
}
MARKED_UP = "it is XML or HTML, which is not read: export JSON or CSV"


def _ending_by_content(path: Path) -> str:
    """The ending of a workbook whose name has another, by what its archive holds; ``""`` for other files."""
    if not zipfile.is_zipfile(path):
        return ""
    with suppress(zipfile.BadZipFile, OSError), zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if {"xl/workbook.xml", "xl/workbook.bin"} & names:
            return ".xlsx"
        if "mimetype" in names and "content.xml" in names:
            return ".ods"
        return ".numbers" if any(name.endswith(".iwa") for name in names) else ""
    return ""


def what_unread(path: Path) -> str:
    """Why a file is no log: what it is, and what to do, where its first bytes or its name say that."""
    with path.open("rb") as file:
        start = file.read(8)
    if kind := _WORKBOOKS.get(path.suffix.lower()) or _WORKBOOKS.get(_ending_by_content(path)):
        return f"it is {kind}, which is not read: save the sheet with the log as CSV, a file for each sheet"
    for magic, said in _UNREAD.items():
        if start.startswith(magic):
            return said
    if path.suffix.lower() in (".md", ".markdown"):
        return "it is Markdown without front matter, a table or dated headings; lists and sentences are not read"
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return MARKED_UP
    return "it is neither a table nor JSON nor anything else that is known"
