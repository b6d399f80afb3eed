"""Edges of a service graph as the rows of a table: each once, and none from a service to itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from aftershock.sources.row_builder import Record, RowBuilder


@dataclass
class Edges:
    """Edges in the making; every record given becomes one or is accounted for."""

    builder: RowBuilder
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def add(self, record: Record, service: str, depends_on: str, source: str) -> None:
        """Use a record as the edge from a service to one that it needs."""
        if service == depends_on and service:
            self.builder.fold(record, "other_thing", f"no row: {service} needs itself")
        elif (service, depends_on) in self._seen:
            self.builder.fold(record, "repeated_record", f"{service} needs {depends_on}, seen before")
        else:
            self._seen.add((service, depends_on))
            self.builder.add(record, {"service": service, "depends_on": depends_on, "source": source})
