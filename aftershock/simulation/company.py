"""Kestrel Parcels, the invented parcel carrier whose year :mod:`aftershock.simulation` makes up: its services.

Each service names its tier, its team, what it depends on, the parts that people change in it, and what people notice
when it fails. The names are those of an ordinary trade; any likeness to a real company's systems is chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

COMPANY = "Kestrel Parcels"
TIERS = ("edge", "product", "platform", "store")


@dataclass(frozen=True)
class Service:
    """One running service.

    ``components`` are the parts that a change touches and a symptom may name; ``effect`` is what people notice when it
    fails, in the past tense and without a full stop.
    """

    name: str
    tier: str
    team: str
    depends_on: tuple[str, ...]
    components: tuple[str, ...]
    effect: str


def _service(name: str, tier: str, team: str, depends_on: str, components: str, effect: str) -> Service:
    parts = tuple(part.strip() for part in components.split(","))
    return Service(name, tier, team, tuple(depends_on.split()), parts, effect)


CATALOGUE: tuple[Service, ...] = (
    _service(
        "cdn",
        "edge",
        "edge",
        "object-store",
        "image resizing, cache rules, asset bundle, error page",
        "pages loaded without pictures or styles",
    ),
    _service(
        "dns",
        "edge",
        "edge",
        "",
        "zone file, resolver list, record lifetimes, health checks of records",
        "names did not resolve for a part of the network",
    ),
    _service(
        "gateway",
        "edge",
        "edge",
        "dns identity feature-flags",
        "routing table, rate limiter, header rewriting, upload limit, certificate bundle",
        "requests from outside failed before they reached a service",
    ),
    _service(
        "web-shop",
        "edge",
        "shop",
        "gateway cdn checkout pricing address-book search",
        "landing page, quote form, language switch, account menu, cookie banner",
        "visitors of the shop saw an error page",
    ),
    _service(
        "courier-app",
        "edge",
        "delivery",
        "gateway route-planner proof-of-delivery map-tiles delivery-slots",
        "stop list, offline mode, barcode scanner, shift login, push messages",
        "couriers could not see their next stop",
    ),
    _service(
        "depot-terminal",
        "edge",
        "depot",
        "gateway parcel-sorting label-printing identity",
        "scan screen, weighing dialog, printer selection, shift handover, gate list",
        "depot staff wrote parcel numbers down by hand",
    ),
    _service(
        "partner-api",
        "edge",
        "partners",
        "gateway checkout tracking label-printing pricing",
        "webhook delivery, bulk upload, API keys, sandbox mode, version header",
        "partners could not hand in parcels",
    ),
    _service(
        "checkout",
        "product",
        "shop",
        "pricing payments-adapter delivery-slots postgres-orders redis-sessions kafka",
        "basket total, voucher check, payment form, address step, order confirmation",
        "customers could not finish an order",
    ),
    _service(
        "pricing",
        "product",
        "shop",
        "postgres-orders feature-store feature-flags",
        "tariff table, fuel surcharge, volume discount, zone lookup, price rounding",
        "quotes were missing or wrong",
    ),
    _service(
        "label-printing",
        "product",
        "depot",
        "postgres-orders object-store customs",
        "barcode layout, printer driver, label template, batch printing, address block",
        "labels came out late or not at all",
    ),
    _service(
        "route-planner",
        "product",
        "delivery",
        "geocoder map-tiles delivery-slots postgres-orders feature-store",
        "tour optimiser, driving times, stop ordering, depot cut-off, vehicle limits",
        "tours were not ready at the start of the shift",
    ),
    _service(
        "tracking",
        "product",
        "delivery",
        "kafka opensearch postgres-orders redis-sessions",
        "event timeline, arrival estimate, status mapping, public tracking page, event deduplication",
        "recipients saw no news of their parcel",
    ),
    _service(
        "notifications",
        "product",
        "customer",
        "kafka feature-flags postgres-accounts job-scheduler",
        "e-mail template, text message sender, quiet hours, unsubscribe list, push gateway",
        "messages about deliveries did not go out",
    ),
    _service(
        "billing",
        "product",
        "payments",
        "ledger pricing postgres-accounts job-scheduler",
        "invoice run, tax rules, dunning letters, credit notes, collective invoice",
        "invoices were delayed",
    ),
    _service(
        "ledger",
        "product",
        "payments",
        "postgres-accounts kafka",
        "posting rules, daily closing, account balances, currency conversion, audit trail",
        "bookings were held back",
    ),
    _service(
        "returns",
        "product",
        "customer",
        "label-printing checkout postgres-orders",
        "return label, refund trigger, reason list, collection request, return window",
        "customers could not register a return",
    ),
    _service(
        "pickup-points",
        "product",
        "delivery",
        "geocoder postgres-orders redis-sessions",
        "opening hours, locker assignment, shop finder, capacity counter, pickup code",
        "lockers did not open or showed as full",
    ),
    _service(
        "address-book",
        "product",
        "customer",
        "postgres-accounts geocoder search",
        "address form, duplicate check, postcode lookup, saved recipients, import dialog",
        "saved addresses could not be used",
    ),
    _service(
        "customs",
        "product",
        "partners",
        "postgres-orders object-store payments-adapter",
        "tariff codes, declaration form, duty estimate, document upload, broker feed",
        "parcels abroad waited for their papers",
    ),
    _service(
        "delivery-slots",
        "product",
        "delivery",
        "postgres-orders redis-sessions feature-store",
        "slot calendar, capacity model, booking lock, cut-off times, holiday rules",
        "no delivery windows were offered",
    ),
    _service(
        "parcel-sorting",
        "product",
        "depot",
        "kafka postgres-orders geocoder",
        "sorting plan, chute assignment, misroute handling, conveyor feed, scan buffer",
        "belts stood still in some depots",
    ),
    _service(
        "proof-of-delivery",
        "product",
        "delivery",
        "object-store kafka postgres-orders",
        "signature upload, photo check, neighbour drop-off, delivery receipt, location stamp",
        "deliveries could not be confirmed",
    ),
    _service(
        "support-desk",
        "product",
        "customer",
        "tracking identity search postgres-accounts",
        "case form, call routing, reply templates, claim workflow, agent view",
        "agents could not open cases",
    ),
    _service(
        "reporting",
        "product",
        "data",
        "clickhouse job-scheduler file-storage",
        "depot dashboard, nightly export, customer statement, delay report, column mapping",
        "morning reports were missing",
    ),
    _service(
        "identity",
        "platform",
        "platform",
        "postgres-accounts redis-sessions",
        "token lifetime, login form, password reset, role mapping, single sign-on, session renewal",
        "people were logged out or could not log in",
    ),
    _service(
        "geocoder",
        "platform",
        "data",
        "opensearch file-storage",
        "address parser, postcode file, house number ranges, fuzzy matching, result cache",
        "addresses were not found on the map",
    ),
    _service(
        "feature-store",
        "platform",
        "data",
        "clickhouse redis-sessions kafka",
        "feature tables, freshness check, backfill job, online lookup, model registry",
        "forecasts fell back to yesterday's numbers",
    ),
    _service(
        "search",
        "platform",
        "platform",
        "opensearch kafka",
        "index mapping, synonym list, ranking weights, reindex job, query parser",
        "searches returned nothing",
    ),
    _service(
        "payments-adapter",
        "platform",
        "payments",
        "postgres-accounts kafka feature-flags",
        "card processor client, direct debit file, refund queue, retry schedule, strong authentication",
        "card payments were declined",
    ),
    _service(
        "job-scheduler",
        "platform",
        "platform",
        "postgres-accounts kafka",
        "worker pool, cron table, job lease, retry queue, time zone handling",
        "nightly jobs did not start",
    ),
    _service(
        "map-tiles",
        "platform",
        "data",
        "object-store cdn",
        "tile cache, style sheet, road closures, zoom levels",
        "maps stayed grey",
    ),
    _service(
        "feature-flags",
        "platform",
        "platform",
        "redis-sessions postgres-accounts",
        "flag evaluation, audience rules, flag cache, default values",
        "services fell back to default settings",
    ),
    _service(
        "file-storage",
        "platform",
        "platform",
        "object-store identity",
        "upload handler, virus scan, signed links, retention job",
        "documents could not be opened",
    ),
    _service(
        "postgres-orders",
        "store",
        "storage",
        "",
        "orders table, connection pooler, vacuum settings, replica, partitions",
        "reads and writes of orders queued up",
    ),
    _service(
        "postgres-accounts",
        "store",
        "storage",
        "",
        "accounts table, connection pooler, replica, lock timeout, backup job",
        "account data was slow or read-only",
    ),
    _service(
        "redis-sessions",
        "store",
        "storage",
        "",
        "session keys, eviction policy, failover, memory limit",
        "sessions were lost",
    ),
    _service(
        "kafka",
        "store",
        "storage",
        "",
        "partition count, consumer groups, retention, broker list, schema registry",
        "events arrived late",
    ),
    _service(
        "opensearch",
        "store",
        "storage",
        "",
        "shard layout, heap size, index template, snapshot job, analyser",
        "the search cluster answered slowly",
    ),
    _service(
        "object-store",
        "store",
        "storage",
        "",
        "bucket policy, lifecycle rules, multipart upload, replication",
        "files could not be read or written",
    ),
    _service(
        "clickhouse",
        "store",
        "data",
        "kafka object-store",
        "materialised views, merge settings, user quotas, ingest table",
        "analytical queries failed",
    ),
)


def services(count: int) -> tuple[Service, ...]:
    """``count`` services of the company, spread over all tiers; dependencies only among those returned.

    Beyond the catalogue's 40 come further copies (``checkout-2`` and so on), which depend on what the first one does.
    """
    size = len(CATALOGUE)
    if count <= size:
        chosen = [CATALOGUE[k] for k in np.unique(np.linspace(0, size - 1, count).round().astype(int))]
    else:
        chosen = [
            service if copy == 1 else replace(service, name=f"{service.name}-{copy}")
            for copy in range(1, -(-count // size) + 1)
            for service in CATALOGUE
        ][:count]
    names = {service.name for service in chosen}
    return tuple(replace(s, depends_on=tuple(d for d in s.depends_on if d in names)) for s in chosen)
