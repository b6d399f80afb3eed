"""Kinds of change: the words that logs use for them, and the stated rules where a log uses none."""

from __future__ import annotations

import pandas as pd

KIND_WORDS = {
    **{w: "deploy" for w in ("deploy", "deployment", "release", "rollout", "build", "code", "software", "application", "rollback")},
    **{w: "config" for w in ("config", "configuration", "setting", "settings")},
    **{w: "feature_flag" for w in ("feature_flag", "featureflag", "flag", "toggle", "experiment", "feature")},
    **{w: "database" for w in ("database", "db", "migration", "schema", "schema_migration")},
    **{w: "infrastructure" for w in ("infrastructure", "infra", "network", "hardware", "capacity", "terraform", "maintenance", "dns")},
    **{w: "data" for w in ("data", "content", "backfill")},
    **{w: "policy" for w in ("policy", "rules", "terms")},
    **{w: "staffing" for w in ("staffing", "organisation", "organization", "team")},
    **{w: "other" for w in ("other", "unknown", "none", "misc")},
}

# The first rule that matches title or paths decides; a log with kinds of its own never comes here.
RULES = (
    ("database", r"(?:^|[\s/_-])(?:migrations?|schema change|alter table|db/migrate)\b|\.sql(?:$|[\s;])"),
    ("feature_flag", r"feature[ _-]?flag|\btoggle[ds]?\b|\blaunchdarkly\b"),
    ("infrastructure", r"\.tf(?:vars)?(?:$|[\s;])|\bterraform\b|\bnode pool\b|\bnetworking?\b|\bdns\b|\bsubnet|\bcluster\b"),
    ("config", r"\.(?:ya?ml|toml|ini|conf|cfg|json|erb|properties)(?:$|[\s;])|\bconfig(?:uration)?\b|\bsettings?\b|hieradata|\bvalues\b"),
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
