"""Kestrel Parcels, the invented parcel carrier whose year :mod:`aftershock.simulation` makes up: its services."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

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


CATALOGUE: tuple[Service, ...] = tuple(
    Service(depends_on=tuple(service.pop("depends_on")), components=tuple(service.pop("components")), **service)
    for service in tomllib.loads(Path(__file__).with_name("company.toml").read_text(encoding="utf-8"))["services"]
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
