"""Google Cloud's own incidents: ``https://status.cloud.google.com/incidents.json``.

The schema is https://status.cloud.google.com/incidents.schema.json. The document is a list, the newest first. ``end`` is
absent, null or empty while an incident lasts. ``external_desc`` is a headline or a whole text in Markdown; ``updates``
begin with the newest. It misleads as every status page does: it lists what was published, and by product, not by the
services of a customer.
"""

from __future__ import annotations

from pathlib import Path

from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.json_paths import list_at, text_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, RowBuilder

SITE = "https://status.cloud.google.com/"
FIELDS: Fields = {
    "incident_id": "id",
    "title": "external_desc",
    "started_at": ("begin", "created"),
    "resolved_at": "end",
    "severity": ("severity", "status_impact"),
    "services": ("affected_products.title", "currently_affected_products.title", "service_name"),
    "url": "uri",
}
LONGEST_TITLE = 160  # characters of the headline: a judgement, two lines of a report
HIDDEN = (
    "updates", "most_recent_update", "service_key", "currently_affected_locations", "previously_affected_locations",
)  # fmt: skip


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN, updated="modified")
    for record in builder.json_records(files):
        builder.add(record, _row(record.value))
    return builder.table()


def _row(value: dict) -> dict[str, object]:
    text = text_at(value, "external_desc")
    address = text_at(value, "uri")
    places = ("previously_affected_locations.title", "currently_affected_locations.title")
    return {
        "title": _headline(text),
        "status": "resolved" if text_at(value, "end") else "open",
        "services": list_at(value, FIELDS["services"]),
        "description": text if text != _headline(text) else text_at(value, "updates.-1.text"),
        "url": address if "://" in address or not address else SITE + address.lstrip("/"),
        "locations": list_at(value, *places),
    }


def _headline(text: str) -> str:
    """The first line that says something, without marks of Markdown."""
    line = next((line for line in text.splitlines() if line.strip("#* \t") not in ("", "Summary", "Summary:")), "")
    plain = line.replace("**", "").strip("# ")
    return plain if len(plain) <= LONGEST_TITLE else plain[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def _recognises(head: FileHead, table: str) -> float:
    return 0.98 * head.share("begin", "external_desc", "status_impact")


FORMAT = Format(
    name="google-cloud",
    title="Google Cloud incidents.json",
    reads={"incidents": "An incident of the status dashboard is an incident."},
    documented="https://status.cloud.google.com/incidents.schema.json",
    suffixes=(".json", ".json.gz"),
    read=read,
    recognises=_recognises,
)
