"""Backstage's catalogue: ``catalog-info.yaml`` files of many documents, or the entities that its API lists as JSON.

https://backstage.io/docs/features/software-catalog/descriptor-format/ and
https://backstage.io/docs/features/software-catalog/references/. ``dependsOn`` and ``dependencyOf`` name entities; an API
that is consumed leads to the components that provide it. A reference is ``[kind:][namespace/]name``, whose upper and
lower case do not count; the kind is a component where it is left out, the namespace that of the entity.

It misleads where it is out of date: it holds what people declared, not what runs.

A service is called by its name; in another namespace than ``default`` by ``namespace/name``; and a resource that shares
its name with a component by ``resource:name``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aftershock.schema.errors import Problem
from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.graph_edges import Edges
from aftershock.sources.json_paths import text_at
from aftershock.sources.raw_table import Options, RawTable, is_json, text
from aftershock.sources.row_builder import Record, RowBuilder
from aftershock.sources.tabular import json_pages
from aftershock.sources.tabular.yaml_documents import documents

FIELDS = {"service": "from", "depends_on": "to", "source": "source"}
RUNNING = ("component", "resource")  # the kinds that are services here
RELATIONS = {
    "dependsOn": "component",
    "dependencyOf": "component",
    "consumesApis": "api",
}  # each with the kind it implies
_REFERENCE = re.compile(r"(?:([^:/\s]+):)?(?:([^:/\s]+)/)?([^:/\s]+)")

Ref = tuple[str, str, str]  # kind, namespace and name, in lower case


@dataclass(frozen=True)
class Entity:
    """One entity of the catalogue and its place."""

    ref: Ref
    name: str
    spec: dict
    file: str
    line: int

    def named(self, relation: str) -> list[object]:
        """What a relation holds: references, or whatever else was written there."""
        found = self.spec.get(relation)
        return found if isinstance(found, list) else [found] if found else []


@dataclass
class Catalogue:
    """The entities that run, by reference, and the components that provide each API."""

    entities: dict[Ref, Entity] = field(default_factory=dict)
    providers: dict[Ref, list[Ref]] = field(default_factory=lambda: defaultdict(list))

    def add(self, entity: Entity) -> None:
        self.entities[entity.ref] = entity
        for written in entity.named("providesApis"):
            api = reference(written, "api", entity.ref[1])
            if api and entity.ref not in self.providers[api]:
                self.providers[api].append(entity.ref)

    def called(self, ref: Ref) -> str:
        """What the service graph calls an entity."""
        kind, namespace, name = ref
        shown = self.entities[ref].name if ref in self.entities else name
        shown = shown if namespace == "default" else f"{namespace}/{shown}"
        return f"{kind}:{shown}" if kind == "resource" and ("component", namespace, name) in self.entities else shown

    def ends(self, entity: Entity, relation: str, other: Ref) -> list[tuple[str, str]]:
        """The edges that a reference means, as names: none for an API that nobody provides, or another kind."""
        reached = self.providers.get(other, []) if other[0] == "api" else [other] if other[0] in RUNNING else []
        pairs = [(entity.ref, one) if relation != "dependencyOf" else (one, entity.ref) for one in reached]
        return [(self.called(one), self.called(needed)) for one, needed in pairs]


def reference(written: object, kind: str, namespace: str) -> Ref | None:
    """An entity reference with its defaults; None when it is none."""
    found = _REFERENCE.fullmatch(written.strip()) if isinstance(written, str) else None
    if not found:
        return None
    return (found[1] or kind).lower(), (found[2] or namespace).lower(), found[3].lower()


def read(files: list[Path], options: Options) -> RawTable:
    builder, catalogue = RowBuilder(options, FIELDS, tuple(FIELDS.values())), Catalogue()
    for path in files:
        for line, document in _documents(path):
            _take(builder, catalogue, path.name, line, document)
    edges = Edges(builder)
    for entity in catalogue.entities.values():
        for relation, kind in RELATIONS.items():
            for written in entity.named(relation):
                _relate(edges, catalogue, entity, relation, written, reference(written, kind, entity.ref[1]))
    return builder.table()


def _documents(path: Path) -> Iterator[tuple[int, object]]:
    """(line or number, document) of each; a document that cannot be read is a Problem."""
    if not is_json(path):
        yield from documents(path)
        return
    for number, (_, _, value) in enumerate(json_pages.records(path, text(path)[0], ("items",)), start=1):
        yield number, value


def _take(builder: RowBuilder, catalogue: Catalogue, file: str, line: int, document: object) -> None:
    """Put a document into the catalogue. Its references are records, the entity itself is not; what is not an
    entity, or comes twice, is accounted for."""
    if isinstance(document, Problem):
        builder.new_record(file, line, {})
        builder.problems.append(document)
        return
    kind, name = _word(document, "kind").lower(), _word(document, "metadata", "name")
    if not kind or not name:
        lost, found = builder.new_record(file, line, {}), f"no {'metadata.name' if kind else 'kind'}"
        builder.reject(lost, None, found, "an entity with kind and metadata.name", "Fix or remove the document.")
        return
    namespace = _word(document, "metadata", "namespace").lower() or "default"
    ref = (kind, namespace, name.lower())
    if ref in catalogue.entities:
        builder.fold(builder.new_record(file, line, {}), "repeated_record", f"{kind}:{namespace}/{name}, seen before")
    elif kind in RUNNING:
        spec = document.get("spec") if isinstance(document, dict) else None
        catalogue.add(Entity(ref, name, spec if isinstance(spec, dict) else {}, file, line))


def _word(document: object, *keys: str) -> str:
    """The text under these keys. Aliases may make anything of a few bytes of YAML, so nothing else is looked into."""
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document.strip() if isinstance(document, str) else ""


def _relate(
    edges: Edges, catalogue: Catalogue, entity: Entity, relation: str, written: object, other: Ref | None
) -> None:
    """One reference of an entity: an edge, one to each provider of an API, or accounted for."""

    def record() -> Record:
        return edges.builder.new_record(entity.file, entity.line, {})

    if other is None:
        found = repr(written[:60]) if isinstance(written, str) else f"a {type(written).__name__}"
        expected = "a reference such as component:default/checkout"
        edges.builder.reject(record(), relation, found, expected, "Fix the reference.", "unknown_value")
        return
    ends = catalogue.ends(entity, relation, other)
    for one, needed in ends:
        edges.add(record(), one, needed, f"{relation} in Backstage")
    if not ends:
        why = "no component provides" if other[0] == "api" else "is neither a component nor a resource"
        into = f"no row: {catalogue.called(entity.ref)} names {':'.join(other[::2])}, which {why}"
        edges.builder.fold(record(), "other_thing", into)


def _recognises(head: FileHead, table: str) -> float:
    if head.kind == "yaml":
        return 0.97 if re.search(r"^apiVersion:\s*[\"']?backstage\.io/", head.text, re.MULTILINE) else 0.0
    mine = [r for r in head.records if text_at(r, "apiVersion").startswith("backstage.io/")]
    return 0.97 * len(mine) / len(head.records) if head.records else 0.0


FORMAT = Format(
    name="backstage",
    title="Backstage catalogue",
    reads={"dependencies": "A reference to a component or resource, or to an API that one provides, is an edge."},
    documented="https://backstage.io/docs/features/software-catalog/descriptor-format/",
    suffixes=(".yaml", ".yml", ".json"),
    read=read,
    recognises=_recognises,
)
