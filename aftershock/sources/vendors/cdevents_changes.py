"""CDEvents of services: ``service.deployed``, ``service.upgraded``, ``service.rolledback`` and ``service.removed``.

https://github.com/cdevents/spec/blob/main/continuous-deployment.md;
for the envelope see :mod:`aftershock.sources.vendors.cdevents`.
``service.published`` only says that a service is reachable and is folded. A rollback takes back the last event before it
of the same service in the same environment. Events that share an id, as those of a context that was copied do, have what
happened to what added to it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import unquote

from aftershock.sources.epochs import moment
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.json_paths import text_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, Record, RowBuilder
from aftershock.sources.vendors.cdevents import HIDDEN, events, predicate

FIELDS: Fields = {
    "change_id": "context.id",
    "title": "subject.content.artifactId",
    "started_at": "context.timestamp",
    "services": "subject.id",
    "environment": ("subject.content.environment.name", "subject.content.environment.id"),
}
VERBS = {"deployed": "Deploy", "upgraded": "Upgrade", "rolledback": "Roll back", "removed": "Remove"}


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN)
    last: dict[tuple[str, str], str] = {}
    found = sorted(events(builder, files, "service", tuple(VERBS)), key=_moment)
    shared = Counter(id for id, *_ in {(_id(event), predicate(event), *_place(event)) for event in found})
    for event in found:
        id, place = _id(event), _place(event)
        id = "/".join((id, predicate(event), *filter(None, place))) if shared[id] > 1 else id
        back = predicate(event) == "rolledback" and last.get(place) not in (None, id)
        builder.add(event, _row(event) | {"change_id": id, "reverts": [last[place]] if back else []})
        last[place] = id
    return builder.table()


def _id(event: Record) -> str:
    return text_at(event.value, FIELDS["change_id"])


def _moment(event: Record) -> float:
    return moment(text_at(event.value, FIELDS["started_at"]))


def _place(event: Record) -> tuple[str, str]:
    return text_at(event.value, FIELDS["services"]), text_at(event.value, FIELDS["environment"])


def _row(event: Record) -> dict[str, object]:
    service, artifact = _place(event)[0], unquote(text_at(event.value, FIELDS["title"]))
    what = f"{VERBS[predicate(event)]} {service}"
    return {
        "kind": "deploy",
        "title": f"{what} to {artifact}" if artifact and predicate(event) != "removed" else what,
        "artifact": artifact,
    }


def _recognises(head: FileHead, table: str) -> float:
    types = [text_at(r, "context.type", "data.context.type") for r in head.records]
    services = sum(t.startswith("dev.cdevents.service.") for t in types)
    return max(0.98 * services, 0.5 * sum(t.startswith("dev.cdevents.") for t in types)) / max(len(types), 1)


FORMAT = Format(
    name="cdevents",
    title="CDEvents of services",
    reads={"changes": "An event that a service was deployed, upgraded, rolled back or removed is a change."},
    documented="https://github.com/cdevents/spec/blob/main/continuous-deployment.md",
    suffixes=(".json", ".json.gz", ".jsonl", ".jsonl.gz", ".ndjson"),
    read=read,
    recognises=_recognises,
)
