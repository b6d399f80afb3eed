"""What files and columns of each table are called."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from aftershock.wizard import time_names

_words = str.split

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
        "postmortem",
        "downtime",
        "problem",
        "breakdown",
        "defect",
        "helpdesk",
        "chamado",
        "glpi",
        *("障害", "インシデント", "故障", "장애", "инцидент", "guast", "disserviz", "awari", "incydent"),
        *("reclamo", "reclama", "queja", "complaint"),
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
        "pull_request",
        "pull-request",
        "pullrequest",
        "build",
        "pipeline",
        "maintenance",
        "wartung",
        *_words(
            "mise_en_prod mises_en_prod déploiement deploiement despliegue implanta gmud mudanca mudança rilasci wdroze wdroże"
        ),
        *_words("flag toggle migration upgrade hotfix"),
        *_words("メンテナンス 保守 维护 維護 割接 점검 manuten mantenim onderhoud underhåll konserwacj"),
        *_words("リリース デプロイ 変更 发布 变更 上线 배포 변경 релиз"),
        "audit",
    ),
    "dependencies": ("depend", "service", "edge", "graph", "catalog", "topolog"),
}
_TOOLS = (  # that hardly anybody exports changes from
    *("jira", "zendesk", "freshservice", "servicenow", "pagerduty", "opsgenie", "victorops", "zabbix", "nagios"),
    *("icinga", "bugzilla", "otrs", "sentry", "uptimerobot"),
)
OWN_WORDS = {
    "incidents": ("incident", "outage"),
    "changes": ("change", "deploy", "release", "commit", "rollout"),
    "dependencies": (),
}
OWN_IDS = {  # what ids of service management begin with; versions are releases
    "incidents": r"(?:INC|IR|OUTAGE|SEV)[-_ #]?\d.*",
    "changes": r"(?:CHG|CHANGE|CRQ?|RFC|DEPLOY|DEP|REL|RELEASE)[-_ #]?\d.*|v?\d+\.\d+\.\d+(?:[-+.].*)?|v\d+(?:\.\d+)?",
    "dependencies": "",
}


def is_called(file: str, table: str) -> bool:
    """Whether a file has the name of a log of a table."""
    return table in _called(file) or (table == "incidents" and is_of_tool(file))


def is_of_tool(file: str) -> bool:
    """Whether a file is called after a tool from which incidents are exported, and not after what it holds."""
    return not _called(file) and any(word in PurePath(file).name.lower() for word in _TOOLS)


def _called(file: str) -> set[str]:
    """The logs whose words a file has in its name."""
    name = PurePath(file).name.lower()
    of_desk = any(tool in name for tool in ("servicenow", "freshservice", "servicedesk"))  # which are no services
    words_of = {**FILE_NAMES, "dependencies": ()} if of_desk else FILE_NAMES
    return {one for one, words in words_of.items() if any(word in name for word in words)}


_OF_DELIVERY = {
    *("commit", "commits", "sha", "branch", "pipeline", "workflow", "build", "builds"),
    *("deploy", "deployment", "deployments", "deployed", "release", "released", "rollout", "rollback"),
}


_OF_SILENCES = (  # parts of the names of columns by which tools write when they are not to alert
    {"matchers", "createdby"},
    {"matchers", "comment"},
    {"monitorid", "recurrence"},
    {"monitoridentifier", "schedule"},
    {"muteid"},
    {"silenceid"},
    {"rules", "time", "startdate"},
)


def are_of_silences(columns: Iterable[str]) -> bool:
    """Whether columns are those of silences of alerts, of downtimes of monitors or of windows of maintenance."""
    parts = {"".join(time_names.words(part)) for name in columns for part in name.split(".")}
    return any(said <= parts for said in _OF_SILENCES)


def tell_of_changes(columns: Iterable[str]) -> bool:
    """Whether columns have words of building and deploying in their names, or say who did what."""
    names = {"".join(time_names.words(name)) for name in columns}
    did = "actor" in names and bool({"action", "operation", "verb", "eventtype"} & names)
    return did or any(set(time_names.words(name)) & _OF_DELIVERY for name in columns)
