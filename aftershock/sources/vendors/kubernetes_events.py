"""Kubernetes events: ``kubectl get events -A -o json`` or ``-o yaml``, of the API ``v1`` or ``events.k8s.io/v1``.

https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/. A cluster keeps events for an hour by
default, so keep them elsewhere, one object per line. Of the events, ``ScalingReplicaSet`` of Deployments (and of Argo
Rollouts) shows rollouts: every version has a replica set of its own, so a rollout begins when one that is not the
current one is scaled up, and goes on as long as the next event of the Deployment comes within half an hour. Scaling the
current one up or down later changes no version and is folded. A replica set that was current before takes back the
rollout in between. What Flux installed, upgraded, rolled back or configured is a change as well; all other events are
folded.

``firstTimestamp`` and ``lastTimestamp`` are null in events of the newer API, which has ``eventTime`` and
``deprecatedFirstTimestamp``. Of an event that was counted several times the first one counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from aftershock.sources.epochs import moment
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.json_paths import text_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, Record, RowBuilder

PAUSE = 30 * 60  # seconds after which scaling no longer belongs to a rollout: a judgement, thrice its default deadline
FIRST = ("firstTimestamp", "deprecatedFirstTimestamp", "eventTime", "metadata.creationTimestamp", "timestamp")
LAST = ("lastTimestamp", "deprecatedLastTimestamp", "series.lastObservedTime", *FIRST)
FIELDS: Fields = {
    "change_id": "metadata.uid",
    "title": ("message", "note"),
    "started_at": FIRST,
    "finished_at": LAST,
    "services": ("involvedObject.name", "regarding.name"),
}
HIDDEN = (
    "metadata", "involvedObject", "regarding", "source", "apiVersion", "kind", "reportingComponent", "count",
    "reportingInstance", "reportingController", "type", "action", "related", "deprecatedSource", "deprecatedCount",
    "series", "reason",
)  # fmt: skip
_OF_FLUX = {  # reasons of its controllers, of what changed something, and how that went
    f"{what}{went}": state
    for what in ("Install", "Upgrade", "Rollback", "Uninstall")
    for went, state in (("Succeeded", "done"), ("Failed", "failed"))
}
_CONFIGURED = re.compile(r"(?m)^\S+ (?:configured|created|deleted)\b")  # what a Kustomization says that it applied
_SCALED = re.compile(
    r"Scaled (?P<way>up|down) replica ?set (?P<set>\S+)(?: \(revision \d+\))?"
    r"(?: from (?P<before>\d+))? to (?P<to>\d+)(?: from (?P<of>\d+))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Scaling:
    """An event that scales a replica set: of which Deployment, up or down, from how many replicas (None when not said),
    and when, in seconds since 1970."""

    record: Record
    deployment: tuple[str, str]
    replica_set: str
    up: bool
    before: int | None
    at: float

    @property
    def id(self) -> str:
        return f"{self.deployment[0]}/{self.replica_set}".removeprefix("/")


@dataclass
class Rollout:
    """A row in the making: the event that began it, the name it goes by, what it takes back, and its last event."""

    began: Scaling
    id: str
    reverts: list[str]
    last: Scaling


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, HIDDEN)
    known: dict[str, Scaling] = {}
    for record in builder.records(files, ("items",)):
        scaling = _scaling(record)
        if scaling:
            _keep(builder, known, scaling)
        elif state := _applied(record.value):
            builder.add(record, _of_flux(record.value, state))
        else:
            what = text_at(record.value, "reason") or "an object that is not an event"
            builder.fold(record, "other_thing", f"no row: {what}")
    by_deployment: dict[tuple[str, str], list[Scaling]] = defaultdict(list)
    for scaling in sorted(known.values(), key=lambda s: s.at):
        by_deployment[scaling.deployment].append(scaling)
    for scalings in by_deployment.values():
        for rollout in _rollouts(builder, scalings):
            builder.add(rollout.began.record, _row(rollout))
    return builder.table()


def _keep(builder: RowBuilder, known: dict[str, Scaling], scaling: Scaling) -> None:
    """Exports of a cluster overlap: of two versions of an event the one that was counted last is kept."""
    uid = text_at(scaling.record.value, "metadata.uid") or f"{len(known)}"
    other = known.setdefault(uid, scaling)
    if other is scaling:
        return
    newer = max(other, scaling, key=lambda s: moment(text_at(s.record.value, LAST)))
    known[uid] = newer
    older = scaling if newer is other else other
    reason = "repeated_record" if other.record.value == scaling.record.value else "older_version"
    builder.fold(older.record, reason, f"{uid}, of {newer.record.file}, record {newer.record.line}")


def _rollouts(builder: RowBuilder, scalings: list[Scaling]) -> list[Rollout]:
    """The rollouts of one Deployment, from its events in order of time; accounts for those that begin none."""
    rollouts: list[Rollout] = []
    current = ""  # the replica set that is being rolled out, or was last
    for scaling in scalings:
        if scaling.up and scaling.replica_set != current and (current or not scaling.before):
            rollouts.append(_begun(scaling, rollouts))
        elif rollouts and scaling.at - rollouts[-1].last.at <= PAUSE:
            rollouts[-1].last = scaling
            builder.fold(scaling.record, "part_of_row", f"{rollouts[-1].id}, a step of it")
        else:
            builder.fold(scaling.record, "other_thing", f"no row: {scaling.id} was scaled, which is not a new version")
        current = scaling.replica_set if scaling.up else current
    return rollouts


def _begun(scaling: Scaling, earlier: list[Rollout]) -> Rollout:
    same = [r for r in earlier if r.began.replica_set == scaling.replica_set]
    id = f"{scaling.id}#{len(same) + 1}" if same else scaling.id
    return Rollout(scaling, id, [earlier[-1].id] if same else [], scaling)


def _row(rollout: Rollout) -> dict[str, object]:
    namespace, name = rollout.began.deployment
    ended = "" if rollout.last is rollout.began else text_at(rollout.last.record.value, FIRST)
    return {
        "change_id": rollout.id,
        "kind": "deploy",
        "title": f"{'Roll back' if rollout.reverts else 'Roll out'} {name}: {rollout.began.replica_set}",
        "finished_at": ended,
        "reverts": rollout.reverts,
        "namespace": namespace,
    }


def _applied(value: dict) -> str:
    """How it went, of an event in which Flux changed something; ``""`` of others."""
    kind, reason = text_at(value, "involvedObject.kind", "regarding.kind"), text_at(value, "reason")
    if kind == "Kustomization":
        return "done" if _CONFIGURED.search(text_at(value, "message", "note")) else ""
    return _OF_FLUX.get(reason, "") if kind == "HelmRelease" else ""


def _of_flux(value: dict, state: str) -> dict[str, object]:
    name = text_at(value, FIELDS["services"])
    own = text_at(value, "metadata.uid", "metadata.name") or f"{name}@{text_at(value, FIRST)}"
    namespace = text_at(value, "involvedObject.namespace", "regarding.namespace")
    return {"change_id": own, "kind": "deploy", "status": state, "namespace": namespace, "finished_at": ""}


def _scaling(record: Record) -> Scaling | None:
    value = record.value
    found = _SCALED.match(text_at(value, "message", "note"))
    if text_at(value, "reason") != "ScalingReplicaSet" or not found:
        return None
    before = found["before"] or found["of"]
    namespace = text_at(value, "involvedObject.namespace", "regarding.namespace", "metadata.namespace")
    return Scaling(
        record,
        (namespace, text_at(value, FIELDS["services"])),
        found["set"],
        found["way"].lower() == "up",
        int(before) if before else None,
        moment(text_at(value, FIRST)),
    )


def _recognises(head: FileHead, table: str) -> float:
    old = head.share("involvedObject", "reason", "message")
    return 0.97 * max(old, head.share("regarding", "reason", "note"))


FORMAT = Format(
    name="kubernetes-events",
    title="Kubernetes events",
    reads={
        "changes": "A rollout of a Deployment, or what Flux applied, as events show it, is a change; other events are folded."
    },
    documented="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/",
    suffixes=(".json", ".json.gz", ".jsonl", ".jsonl.gz", ".ndjson", ".yaml", ".yml"),
    read=read,
    recognises=_recognises,
)
