"""Kinds of change: the words that logs use for them, and the stated rules where a log uses none."""

from __future__ import annotations

import pandas as pd

KIND_WORDS = {
    **dict.fromkeys(
        ("deploy", "deployment", "release", "rollout", "build", "code", "software", "application", "rollback"), "deploy"
    ),
    **dict.fromkeys(("config", "configuration", "setting", "settings"), "config"),
    **dict.fromkeys(("feature_flag", "featureflag", "flag", "toggle", "experiment", "feature"), "feature_flag"),
    **dict.fromkeys(("database", "db", "migration", "schema", "schema_migration"), "database"),
    **dict.fromkeys(
        ("infrastructure", "infra", "network", "hardware", "capacity", "terraform", "maintenance", "dns"),
        "infrastructure",
    ),
    **dict.fromkeys(("data", "content", "backfill"), "data"),
    **dict.fromkeys(("policy", "rules", "terms"), "policy"),
    **dict.fromkeys(("staffing", "organisation", "organization", "team"), "staffing"),
    **dict.fromkeys(("other", "unknown", "none", "misc"), "other"),
}

# The first rule that matches title or paths decides; only cells without a kind come here.
RULES = (
    ("database", r"(?:^|[\s/_-])(?:migrations?|schema change|alter table|db/migrate)\b|\.sql(?:$|[\s;])"),
    ("feature_flag", r"feature[ _-]?flag|\btoggle[ds]?\b|\blaunchdarkly\b"),
    (
        "infrastructure",
        r"\.tf(?:vars)?(?:$|[\s;])|\bterraform\b|\bnode pool\b|\bnetworking?\b|\bdns\b|\bsubnet|\bcluster\b",
    ),
    (
        "config",
        r"\.(?:ya?ml|toml|ini|conf|cfg|json|erb|properties)(?:$|[\s;])|\bconfig(?:uration)?\b|\bsettings?\b|hieradata|\bvalues\b",
    ),
    ("deploy", r"\bdeploy|\breleas|\bbump|\bupgrade|\bversion\b|\bv?\d+\.\d+\.\d+\b|\brevert\b|\brollback\b"),
)


def infer_kinds(changes: pd.DataFrame) -> pd.Series:
    """A kind for each change from its title and paths by :data:`RULES`, else ``other``."""
    text = (changes["title"].astype(str) + " " + changes["paths"].map(" ".join)).str.lower()
    kinds = pd.Series("other", index=changes.index, dtype="object")
    open_cases = pd.Series(True, index=changes.index)
    for kind, pattern in RULES:
        matches = open_cases & text.str.contains(pattern, regex=True)
        kinds[matches] = kind
        open_cases &= ~matches
    return kinds
