"""Kinds of change: the words that logs use for them, and the stated rules where a log uses none."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from aftershock.schema.tables import TEXT, text_array

KIND_WORDS = {
    **dict.fromkeys(
        ("deploy", "deployment", "release", "rollout", "build", "code", "software", "application", "rollback"), "deploy"
    ),
    **dict.fromkeys(("config", "configuration", "setting", "settings"), "config"),
    **dict.fromkeys(("feature_flag", "featureflag", "flag", "toggle", "experiment"), "feature_flag"),
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

_VERSION = r"v?\d+\.\d+\.\d+(?:[^.\d]|$)"
_PACKED = r"(?:images?|charts?|tags?|versions?|releases?|digests?|dependenc(?:y|ies)|packages?|plugins?|modules?)"
_STORED = r"(?:schemas?|tables?|columns?|index(?:es)?|indices|databases?|sql|postgres(?:ql)?|mysql|mariadb|mongodb|collections?)"
_END = r"(?:$|[\s;])"  # of a path

# The first rule that matches the title, a line break and the paths, in small letters, decides; only cells without a kind come
# here. What was done comes before where: a new version of an image is a deploy although its number is in a YAML file, and a
# migration is one of a database only where something says so.
RULES = (
    (
        "deploy",
        rf"^[^\n]*\b(?:bump|updat|upgrad|promot|pin|roll)[a-z]*\b[^\n]*[^.\d\n]{_VERSION}"
        rf"|^[^\n]*\bbump(?:s|ed|ing)?\b[^\n]*\b{_PACKED}\b"
        rf"|^[^\n]*\b{_PACKED}\b[^\n]*(?:->|→|\bto\b)\s*[`'\"]?v?\d"
        rf"|^[^\n]*\b(?:updat|upgrad)[a-z]*\b[^\n]*\b{_PACKED}\b[^\n]*\bto\b"
        r"|^[^\n]*\b(?:updat|upgrad)[a-z]* (?:dependency|docker image|helm release|module)\b"
        r"|^\s*(?:chore|build|fix)\(deps|^\s*releas(?:e|ing)\b[^\n]*\d",
    ),
    (
        "database",
        rf"^[^\n]*\bmigrat[a-z]*\b[^\n]*\b{_STORED}\b|^[^\n]*\b{_STORED}\b[^\n]*\bmigrat[a-z]*\b"
        r"|\bschema[ -]changes?\b|\b(?:alter|create|drop|truncate) (?:table|index|column)\b"
        r"|^[^\n]*\b(?:add|drop|remov|renam|creat|rebuild)[a-z]*\b[^\n]*\b(?:columns?|db index|database index|unique index)\b"
        rf"|\b(?:run|apply|pending) migrations?\b|db/migrate\b|(?:^|[\s/_-])migrations?/|\.sql{_END}",
    ),
    ("feature_flag", r"feature[ _-]?flag|\btoggle[ds]?\b|\blaunchdarkly\b"),
    (
        "infrastructure",
        rf"\.tf(?:vars)?{_END}|\bterraform\b|\bnode pool\b|\bnetworking?\b|\bdns\b|\bsubnet|\bcluster\b",
    ),
    (
        "config",
        rf"\.(?:ya?ml|toml|ini|conf|cfg|json|erb|properties){_END}|\bconfig(?:uration)?\b|\bsettings?\b|hieradata|\bvalues\b",
    ),
    (
        "deploy",
        r"\bdeploy|\breleas|\bbump(?:s|ed|ing)?\b|\bupgrade|\bversion\b|\bv?\d+\.\d+\.\d+\b|\brevert\b|\brollback\b",
    ),
)

_PLAIN = r"^[ -~\t\n]*$"  # text on which all engines agree what a word, a space and a digit is


def infer_kinds(changes: pd.DataFrame) -> pd.Series:
    """A kind for each change from its title and paths by :data:`RULES`, else ``other``."""
    texts = rule_texts(changes)
    kinds = pd.Series("other", index=changes.index, dtype="object")
    simple = _arrow_search(texts, _PLAIN)
    for rows, search in ((texts[simple], _arrow_search), (texts[~simple], _python_search)):
        for kind, pattern in RULES:
            found = search(rows, pattern)
            kinds[rows.index[found]] = kind
            rows = rows[~found]
    return kinds


def rule_texts(changes: pd.DataFrame) -> pd.Series:
    """What the rules read of each change: its title on one line and its paths on the next, in small letters."""
    paths = changes["paths"].map(" ".join).astype(TEXT)
    titles = changes["title"].astype(TEXT).str.replace("\n", " ")
    return (titles + "\n" + paths).str.lower()


def _arrow_search(texts: pd.Series, pattern: str) -> np.ndarray:
    """Whether a pattern is found. Arrow's expressions are many times as fast as Python's, and like them on plain text."""
    return pc.match_substring_regex(text_array(texts), pattern).to_numpy(zero_copy_only=False)


def _python_search(texts: pd.Series, pattern: str) -> np.ndarray:
    search = re.compile(pattern).search
    return np.array([search(text) is not None for text in texts], dtype=bool)
