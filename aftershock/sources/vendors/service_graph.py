"""Service graphs that tracing has seen: Jaeger's dependencies, and the metrics of OpenTelemetry's service graphs.

https://www.jaegertracing.io/docs/latest/apis/ (``GET /api/dependencies``: ``parent``, ``child``, ``callCount``) and
https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/connector/servicegraphconnector, whose metric
``traces_service_graph_request_total`` Grafana Tempo makes too: the reply of Prometheus to a query for it, with labels
``client`` and ``server``. A caller or callee that was not traced is called ``user`` or ``unknown`` there.
It misleads by what is missing: traces are sampled, and a service that is not instrumented has no edges.
"""

from __future__ import annotations

from pathlib import Path

from aftershock.sources.file_head import FileHead
from aftershock.sources.format import Format
from aftershock.sources.graph_edges import Edges
from aftershock.sources.json_paths import text_at
from aftershock.sources.raw_table import Options, RawTable
from aftershock.sources.row_builder import Fields, RowBuilder

FIELDS: Fields = {"service": ("parent", "metric.client"), "depends_on": ("child", "metric.server")}
UNTRACED = ("", "user", "unknown")


def read(files: list[Path], options: Options) -> RawTable:
    builder = RowBuilder(options, FIELDS, ("metric", "value", "values"))
    edges = Edges(builder)
    for record in builder.json_records(files, ("data", "data.result")):
        caller, callee = (text_at(record.value, FIELDS[name]) for name in ("service", "depends_on"))
        if "metric" in record.value and (caller in UNTRACED or callee in UNTRACED):
            builder.fold(record, "other_thing", "no row: one end of the call was not traced")
        else:
            edges.add(record, caller, callee, "traces")
    return builder.table()


def _recognises(head: FileHead, table: str) -> float:
    clients = sum("client" in r["metric"] for r in head.records if isinstance(r.get("metric"), dict))
    return 0.97 * max(head.share("parent", "child", "callCount"), clients / max(len(head.records), 1))


FORMAT = Format(
    name="service-graph",
    title="Service graphs from traces: Jaeger, OpenTelemetry, Grafana Tempo",
    reads={"dependencies": "A caller and the service that it calls are an edge."},
    documented="https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/connector/servicegraphconnector",
    suffixes=(".json", ".json.gz"),
    read=read,
    recognises=_recognises,
)
