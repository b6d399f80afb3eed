"""What the labels of an issue say: its severity and the services that it concerns."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aftershock.sources.json_paths import list_at

EVERY_ISSUE = "*"  # in place of a label: every issue is meant, of whatever labels and type
_SEVERITY = re.compile(
    r"(?:severity|prio(?:rity)?|pri)\s*(?:::|[:/=_ -])\s*(.+)|(sev(?:erity)?[-_ ]?\d|[ps]\d)"
    r"|impact\s*(?:::|[:/=_ -])\s*((?:very )?(?:critical|severe|high|major|medium|moderate|low|minor|none|large|small|wide|\d).*)",
    re.IGNORECASE,
)  # what an impact is on is no severity
_SERVICE = re.compile(r"(?:service|component|area|app|application|system)\s*(?:::|[:/=])\s*(.+)", re.IGNORECASE)


def labels_of(value: Mapping) -> list[str]:
    """The labels of an issue, whether they are words or objects with a name."""
    return list_at(value, "labels.name", "labels.title", "labels.nodes.name", "labels")


def severity_in(labels: list[str]) -> str:
    """``severity: high``, ``severity::1``, ``priority/P2``, ``sev1`` and ``S2`` are severities; the first one counts."""
    found = next((m for label in labels if (m := _SEVERITY.fullmatch(label))), None)
    return next(filter(None, found.groups())).strip() if found else ""


def services_in(labels: list[str]) -> list[str]:
    """``service: checkout``, ``component/search`` and ``area::web`` name services."""
    return [m.group(1).strip() for label in labels if (m := _SERVICE.fullmatch(label))]


def bears_one(labels: list[str], wanted: tuple[str, ...]) -> bool:
    """Whether an issue bears one of the labels wanted, of whatever case; every issue does when none is, or ``*``."""
    return (
        not wanted or EVERY_ISSUE in wanted or bool({w.lower() for w in wanted} & {label.lower() for label in labels})
    )
