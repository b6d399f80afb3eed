"""What a file is that is no log: by its first bytes, by what its archive holds, or by its name."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from aftershock.sources.tabular import positions

_UNREAD = {
    b"PK\x03\x04": "it is a ZIP archive: unpack it",
    b"\xd0\xcf\x11\xe0": "it is an old Excel workbook, or one with a password: save it as .xlsx without one, or the sheet as CSV",
    b"\x1f\x8b": "it is compressed: unpack it",
    b"\xff\xfe\0\0": "it is text in UTF-32: save it in UTF-8",
    b"%PDF": "it is a PDF: export the table as CSV",
}


_WORKBOOKS = {
    ".xlsx": "an Excel workbook that cannot be read",
    ".xlsb": "a binary Excel workbook, which is not read",
    ".ods": "a workbook of LibreOffice, which is not read",
    ".numbers": "a workbook of Numbers, which is not read",
}
MOST_LOOKED_AT = 4096  # bytes
_COLUMN = re.compile(r"\S {2,}(?=\S)")
GIT_LOG = "the output of git log, which is not read: give init the repository itself"
_LINES = "a log of lines, which are not read: write them as CSV, or as an object of JSON a line"
_TEXTS = {  # how a text begins that is no table: what it is
    r"\[(?:[A-Z][a-z]{2}[ ,]|\d{4}-\d\d-\d\d[ T]|\d{9,10}\])": _LINES,
    r"commit [0-9a-f]{7,64}\b[^\n]*\n(?:[A-Z][A-Za-z]*:[^\n]*\n)*(?:Author|Date):": GIT_LOG,
    r"(?:[*|\\/ ]*(?=[0-9a-f]*[a-f])(?=[a-f]*\d)[0-9a-f]{7,40} [^\n]*\r?\n+){2}": GIT_LOG,
    r"HTTP/[\d.]+ \d{3}\b": "an answer of HTTP with its head: save what comes behind the first empty line alone",
    r"(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [^\n]*\n?){2}": _LINES,
    r"(?:[^\n]*\n)?\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?[^\w\n,;\t][^\n,;\t]{0,60}?"
    r"\b(?i:info|debug|warn|warning|error|critical|fatal|trace|notice)\b": _LINES,
    r"(?:[^\t\n]+\t){2}\W{0,6}\d{4}-\d\d-\d\dT[\d:.]+Z ": "the log of a run of GitHub Actions, which is not read: export the runs",
    r"Branch \S+ \(at \w+\) deployed as release \d{14} by": (
        "Capistrano's revisions.log, which is not read: write it as CSV, with the release as the time"
    ),
    r"[\w.-]+(?:,[\w.-]+=[^\s,]+)* [\w.-]+=.*\S \d{10,19}(?:\n|$)": "lines of InfluxDB, which are not read: export CSV",
    r"BEGIN:VCALENDAR": "a calendar, which is not read: save its events as CSV, each with a start, an end and a title",
    r"(?si:(?:--[^\n]*\n|/\*.*?\*/|\s)*(?:INSERT|CREATE|DROP|SET|BEGIN|USE|COPY|PRAGMA|LOCK)\s)": (
        "SQL, which is not read: export the table as CSV"
    ),
    r'(?:[\w.-]+=(?:"[^"\n]*"|[^\s"]*)[ \t]+){2,}[\w.-]+=': (
        "text with fields as name=value, which are not read: write them as CSV, or as an object of JSON a line"
    ),
}
API = "a description of an API, and holds none of its answers: save what the API answers"
_DOCUMENTS = (  # keys of objects in JSON that are no log: what these are
    (
        {"terraform_version", "resource_changes"},
        "a plan of Terraform, which says what would be changed, and not when: export the runs, or keep a log of when each was "
        "applied",
    ),
    ({"terraform_version", "lineage"}, "the state of Terraform, which says what there is: export the runs"),
    ({"swagger", "paths"}, API),
    ({"openapi", "paths"}, API),
    ({"$schema", "properties"}, "a description of the form of other files, and holds no records itself"),
)
PARTED_BY_SPACES = (
    "it is text with columns parted by spaces, which are not told apart: write CSV or JSON, as most commands can"
)
FEED = (
    "it is a feed (RSS or Atom), which says when each was written about and is not read: take the page's JSON, which of Statuspage "
    "is at /api/v2/incidents.json"
)
RELEASES = (
    "it is a feed of releases, which is not read: take those of the API, gh api repos/OWNER/NAME/releases or GitLab's"
)
MARKED_UP = "it is XML or HTML, which is not read: export JSON or CSV"


def _ending_by_content(path: Path) -> str:
    """The ending of a workbook whose name has another, by what its archive holds; ``""`` for other files."""
    if not zipfile.is_zipfile(path):
        return ""
    with suppress(zipfile.BadZipFile, OSError), zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if {"xl/workbook.xml", "xl/workbook.bin"} & names:
            return ".xlsx" if "xl/workbook.xml" in names else ".xlsb"
        if "mimetype" in names and "content.xml" in names:
            return ".ods"
        return ".numbers" if any(name.endswith(".iwa") for name in names) else ""
    return ""


def of_text(path: Path) -> str:
    """What a text is that is no table, by its name or how it begins; ``""`` for others."""
    if path.suffix.lower() == ".toml":
        return "it is TOML, which is not read: write its tables as YAML or JSON"
    with path.open("rb") as file:
        start = file.read(MOST_LOOKED_AT)
    text = start.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace").lstrip()
    if re.match(r"(?s)<\?xml[^>]*>\s*(?:<!--.*?-->\s*)?<(?:rss|feed)[\s>]|<(?:rss|feed)[\s>]", text):
        return RELEASES if re.search(r"<id>[^<]*/releases</id>|/releases\.atom\b", text) else FEED
    if text.startswith("<"):  # also under the name of a workbook, as web pages export tables
        return MARKED_UP
    lines = text.splitlines()[:2]
    parted = (
        len(lines) == 2 and not re.search("[,;\t|]", lines[0]) and all(len(_COLUMN.findall(one)) > 1 for one in lines)
    )
    if parted and positions.plain(text) == text:
        return PARTED_BY_SPACES
    return next((f"it is {said}" for begins, said in _TEXTS.items() if re.match(begins, text)), "")


def of_document(keys: Collection[str]) -> str:
    """What an object in JSON is that is no log, by its keys; ``""`` for others."""
    return next((f"it is {said}" for known, said in _DOCUMENTS if known <= {*keys}), "")


def what_unread(path: Path) -> str:
    """Why a file is no log: what it is, and what to do, where its first bytes or its name say that."""
    if said := of_text(path):
        return said
    with path.open("rb") as file:
        start = file.read(8)
    if kind := _WORKBOOKS.get(_ending_by_content(path)):
        return f"it is {kind}: save the sheet with the log as CSV, a file for each sheet"
    for magic, said in _UNREAD.items():
        if start.startswith(magic):
            return said
    if path.suffix.lower() == ".json":
        return "it is called JSON, and is none: it begins with a text; save what comes behind that alone"
    if path.suffix.lower() in (".md", ".mdx", ".markdown"):
        return "it is Markdown without front matter, a table or dated headings; lists and sentences are not read"
    return "it is neither a table nor JSON nor anything else that is known"
