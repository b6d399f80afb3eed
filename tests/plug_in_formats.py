"""What a package that adds a format would bring: ``OWN`` and ``TWO`` are formats named ``own``, ``NO_FORMAT`` is none."""

from __future__ import annotations

from dataclasses import replace

from aftershock.sources import registry

OWN = replace(registry.find("pagerduty", "incidents"), name="own")
TWO = [OWN, replace(OWN, reads={"changes": "A change."})]
NO_FORMAT = "a text"
