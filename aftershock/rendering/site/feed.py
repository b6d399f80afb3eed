"""An Atom feed (RFC 4287) of the reports in a folder."""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from aftershock.rendering.site.catalogue import DatasetReports, ReportEntry
from aftershock.schema.errors import UsageError

NAME = "feed.xml"
MOST = 100  # entries: a judgement, a reader that asks once a month misses none
_ATOM = "http://www.w3.org/2005/Atom"
_OURS = uuid.UUID("6f1c1a52-5a0e-5d0b-9d57-0c4b8a3f7e21")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ID = re.compile(r"<id>(urn:uuid:[0-9a-f-]{36})</id>")
_SELF = re.compile(r'<link href="(https?://[^"<>\s]+/)feed\.xml" rel="self"')


def feed(output: Path, datasets: list[DatasetReports], title: str, base_url: str = "") -> str:
    """The newest reports as Atom.

    Addresses are relative to the feed, or absolute under ``base_url``; the feed's id and base are those of the feed that
    is there already. An entry's id is made of its dataset's name and folder and the report's kind and id: no host is
    made up, and a report keeps its id wherever it is published. Its time is the last moment that the report is about, so
    a report made again from the same log is not announced again.
    """
    older = _head(output / NAME)
    base_url = base_url or next(iter(_SELF.findall(older)), "")
    reports = [report for dataset in datasets for report in dataset.reports if report.href]
    newest = sorted(reports, key=lambda r: (r.updated, r.published, r.href), reverse=True)[:MOST]
    names = "\n".join(f"{dataset.name}/{dataset.folder}" for dataset in datasets)
    identity = next(iter(_ID.findall(older)), f"urn:uuid:{uuid.uuid5(_OURS, base_url or names)}")
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _text(root, "title", title)
    _text(root, "id", identity)
    _text(root, "updated", _stamp(newest[0].updated if newest else datetime.fromisoformat("1970-01-01T00:00:00+00:00")))
    _text(ET.SubElement(root, "author"), "name", "Aftershock")
    _text(root, "generator", "Aftershock")
    ET.SubElement(root, "link", {"href": f"{base_url}index.html", "rel": "alternate", "type": "text/html"})
    if base_url:
        ET.SubElement(root, "link", {"href": f"{base_url}{NAME}", "rel": "self", "type": "application/atom+xml"})
    for report in newest:
        _entry(root, report, base_url)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def checked_base(base_url: str) -> str:
    """An address under which the folder will be read, with a slash at its end; UsageError for anything else."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment or '"' in base_url:
        raise UsageError(
            f"--base-url {base_url!r}: expected the folder's address, such as https://example.org/reports/"
        )
    return base_url.rstrip("/") + "/"


def _entry(root: ET.Element, report: ReportEntry, base_url: str) -> None:
    entry = ET.SubElement(root, "entry")
    _text(entry, "title", report.title)
    known_as = "\n".join([report.dataset_name, report.folder, report.kind, report.identifier])
    _text(entry, "id", f"urn:uuid:{uuid.uuid5(_OURS, known_as)}")
    _text(entry, "published", _stamp(min(report.published, report.updated)))
    _text(entry, "updated", _stamp(report.updated))
    ET.SubElement(entry, "link", {"href": base_url + report.href, "rel": "alternate", "type": "text/html"})
    ET.SubElement(entry, "category", {"term": report.kind})
    _text(entry, "summary", " ".join(filter(None, [f"{report.severity}." if report.severity else "", report.note])))


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NO_XML.sub("", text)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _head(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(4000)
    except OSError:
        return ""
