"""Argo CD: the history of deployments that each Application keeps in ``status.history``.

https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#applications; its fields are ``RevisionHistory``
of https://github.com/argoproj/argo-cd (``pkg/apis/application/v1alpha1/types.go``). Export with ``kubectl get applications
-A -o json`` or ``argocd app list -o json``. An Application keeps its last ten deployments only
(``spec.revisionHistoryLimit``), so keep the exports of several weeks in one folder: a deployment that is in two of
them counts once. ``deployStartedAt`` is missing in older ones. A deployment of an earlier revision takes back the one
before it.

The destination says where an Application runs, in words of one's own: name the environment with
``columns = { environment = "application.destination.namespace" }`` or ``"application.labels.env"``.
"""

from __future__ import annotations

from pathlib import Path

from aftershock.sources.epochs import moment
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.json_paths import at, list_at, objects_at, text_at
from aftershock.sources.pseudonyms import pseudonym
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, Record, RowBuilder

FIELDS: Fields = {
    "change_id": "id",
    "title": "revision",
    "started_at": ("deployStartedAt", "deployedAt"),
    "finished_at": "deployedAt",
    "services": "application.name",
    "repository": ("source.repoURL", "sources.0.repoURL"),
    "author": "initiatedBy.username",
}
HIDDEN = ("revisions", "source", "sources", "initiatedBy")


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN)
    known: dict[str, str] = {}
    for record in builder.records(files, ("items",)):
        history = sorted(objects_at(record.value, "status.history"), key=lambda entry: moment(entry.get("deployedAt")))
        name = text_at(record.value, "metadata.name") or "an object without a name"
        if history:
            builder.fold(record, "part_of_row", f"{name}: its history holds the rows")
        else:
            builder.fold(record, "other_thing", f"no row: {name} has no deployments")
        for row, entry in zip(_rows(record.value, history), history, strict=True):
            event = builder.new_record(record.file, record.line, {**entry, "application": _described(record.value)})
            _add(builder, event, row, known)
    return builder.table()


def _add(builder: RowBuilder, event: Record, row: dict[str, object], known: dict[str, str]) -> None:
    """Make the row, once. The numbers of an Application that was made again start again: then the time distinguishes them."""
    id, stamp = str(row["change_id"]), str(row["finished_at"])
    if id in known and known[id] != stamp:
        id = f"{id}@{stamp}"
    if known.get(id) == stamp:
        builder.fold(event, "repeated_record", f"{id}, seen before")
        return
    known[id] = stamp
    builder.add(event, row | {"change_id": id})


def _rows(value: dict, history: list[dict]) -> list[dict[str, object]]:
    """The cells of each entry of the history of an Application, the oldest first."""
    name, namespace = text_at(value, "metadata.name"), text_at(value, "metadata.namespace")
    place = name if namespace in ("", "argocd") else f"{namespace}/{name}"
    ids = [f"{place}/{text_at(entry, 'id')}" for entry in history]
    rows: list[dict[str, object]] = []
    for number, entry in enumerate(history):
        before = [_revision(e) for e in history[:number]]
        back = _revision(entry) in before and _revision(entry) != before[-1]
        rows.append(
            {
                "change_id": ids[number],
                "kind": "deploy",
                "title": f"{'Roll back' if back else 'Deploy'} {name} to {', '.join(r[:12] for r in _revision(entry))}",
                "finished_at": text_at(entry, "deployedAt"),
                "author": pseudonym(text_at(entry, FIELDS["author"])),
                "reverts": [ids[number - 1]] if back else [],
            }
        )
    return rows


def _revision(entry: dict) -> list[str]:
    """The revision deployed, or one of each source."""
    return list_at(entry, "revision") or list_at(entry, "revisions")


def _described(value: dict) -> dict[str, object]:
    """What an Application says of itself that its deployments share."""
    destination = at(value, "spec.destination")
    return {
        "name": text_at(value, "metadata.name"),
        "project": text_at(value, "spec.project"),
        "destination": destination if isinstance(destination, dict) else {},
        "labels": at(value, "metadata.labels"),
    }


def _recognises(head: FileHead, table: str) -> float:
    applications = sum(r.get("kind") == "Application" or bool(at(r, "status.history")) for r in head.records)
    return 0.97 * applications / max(len(head.records), 1)


FORMAT = Format(
    name="argocd",
    title="Argo CD deployments",
    reads={"changes": "An entry of the history of an Application is a change; the Application itself is folded."},
    documented="https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#applications",
    suffixes=(".json", ".json.gz"),
    read=read,
    recognises=_recognises,
)
