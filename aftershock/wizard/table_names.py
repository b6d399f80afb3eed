"""What files and columns of each table are called."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from aftershock.wizard import time_names

FILE_NAMES = {
    "incidents": (
        "incident",
        "outage",
        "alert",
        "ticket",
        "issue",
        "bug",
        "vorfall",
        "stoerung",
        "störung",
        "panne",
        "incidenc",
        "averia",
        "avería",
        "storing",
        "disruption",
        "failure",
        "incidenc",
        "averia",
        "avería",
        "storing",
        "disruption",
        "postmortem",
        "downtime",
        "helpdesk",
        "chamado",
        "glpi",
    ),
    "changes": (
        "change",
        "deploy",
        "release",
        "commit",
        "rollout",
        "aenderung",
        "änderung",
        "merge",
        "build",
        "pipeline",
        "maintenance",
        "wartung",
        "audit",
    ),
    "dependencies": ("depend", "service", "edge", "graph", "catalog", "topolog"),
}
OWN_WORDS = {
    "incidents": ("incident", "outage"),
    "changes": ("change", "deploy", "release", "commit", "rollout"),
    "dependencies": (),
}


def is_called(file: str, table: str) -> bool:
    """Whether a file has the name of a log of a table."""
    return any(word in PurePath(file).name.lower() for word in FILE_NAMES[table])


_OF_DELIVERY = {
    *("commit", "commits", "sha", "branch", "pipeline", "workflow", "build", "builds"),
    *("deploy", "deployment", "deployments", "deployed", "release", "released", "rollout", "rollback"),
}


def tell_of_changes(columns: Iterable[str]) -> bool:
    """Whether columns have words of building and deploying in their names."""
    return any(set(time_names.words(name)) & _OF_DELIVERY for name in columns)
