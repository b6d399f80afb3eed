"""What a name says that it holds, and which values are secrets: a name is taken apart into its words, and a value is weighed by
the sign between the two."""

from __future__ import annotations

import re

from aftershock.dataset.masking.word_lists import (
    CODE_ROOTS,
    KEY_KINDS,
    NO_PASSES,
    NO_SECRETS,
    NOT_THE_SECRET,
    PASSWORD_WORDS,
    ROLES,
    SECRET_WORDS,
    SENTENCE_WORDS,
    SESSION_WORDS,
    WEAK_KEY_KINDS,
)
from aftershock.schema.words import PART

SPACED = frozenset(w for w in PASSWORD_WORDS if w.isascii() and re.search("[ @-]", w))
"""Password words of more than one word, in English letters."""
WORDS = frozenset(w for w in PASSWORD_WORDS if w.isascii()) - SPACED
"""Those of one word."""

_PART = re.compile(PART)
_PLACEHOLDER = re.compile(
    r"(?-i:\$[A-Z_][A-Z0-9_.]*|\$[a-z]+(?:[A-Z][a-z]+|_[a-z]+){0,6})|(?:\$\{[^{}]*\}?[/:@.-]?)+|\$\(.*|\$?\{\{[^{}]*\}{0,2}|[{(\[][^})\]]*[})\]]?|<[^<>]*>|%\w+%|%(?:\(\w+\))?[sdvr]|"
    r"[A-Za-z_][\w.]*\(.*|[*x.•…#_-]+|\W+"
    r"|[@!]\w+|[A-Za-z]+://[^:@]*|\(\([^()]*\)\)|(?:your|insert|enter|replace)[_-][\w-]*",
    re.IGNORECASE,
)
PATH = re.compile(
    r"(?:~|\.{1,2}|[A-Za-z]:)?(?:[/\\][A-Za-z_.-]+\d{0,2})+[/\\]?|[\w-]+\.(?:ya?ml|json|toml|md|py|rb|go|js|ts|txt|sh|tf|java)"
)
_WORD_AND_VERSION = re.compile(
    r"[A-Za-z]+(?:[-_ ]?v?\d{1,4}(?:[.-]\d+){0,3})?|v?\d+(?:\.\d+)*(?:ms|s|m|h|d|min|mb|kb|gb|k)?|\d[\d,.:/-]*%?",
    re.IGNORECASE,
)
_RESOURCE = re.compile(r"[a-z]+(?:[-/.][a-z]+)+(?:[-.]?v?\d{1,2})?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*")


def kind_of_name(name: str) -> str:
    """What a name holds by its words: password, secret, key, weak key, session; empty for anything else."""
    words = [w.lower() for piece in re.split(r"[\W_]+", name) for w in _PART.findall(piece)]
    words += [w for w in (re.sub(r"[\W_]+", "", name).lower(),) if not words]
    joined = "".join(words)
    if joined.endswith(("sessionid", "sessid", "sesid")):
        return "session"
    if joined.endswith("idtoken"):
        return "secret"
    if not words or words[-1] in NOT_THE_SECRET or words[0] in NOT_THE_SECRET:
        return ""
    if words[-1] in ("hash", "hashes"):
        return "weak key" if len(words) > 1 else ""
    if any(_is_password_word(w) for w in (*words, *re.split(r"[\W_]+", name.lower()))):
        return "password"
    last = words[-1]
    if any(w in SECRET_WORDS or w.endswith(("secret", "token", "apikey")) for w in words) and last != "tokens":
        return "secret"
    if last == "tokens" or (last in ("key", "keys") and set(words[:-1]) & WEAK_KEY_KINDS):
        return "weak key"
    if "key" in words and set(words) & KEY_KINDS:
        return "key"
    if last == "auth" and (len(words) > 1 or name.startswith("_")):
        return "key"
    return "session" if any(w in SESSION_WORDS for w in (*words, joined)) else ""


def _is_password_word(word: str) -> bool:
    if word in WORDS or word.rstrip("s") in WORDS:
        return True
    if word.endswith(("password", "passwd", "passphrase", "passwort", "kennwort", "pwd")):
        return True
    return word.isalpha() and 4 < len(word) < 20 and word.endswith(("pass", "pw")) and not word.endswith(NO_PASSES)


def is_secret(value: str) -> bool:
    """Whether an assigned value is one, and no placeholder, call, type or plain answer."""
    bare = value.strip("\"'`\\.,;")
    return bool(bare) and not _PLACEHOLDER.fullmatch(bare) and bare.lower() not in NO_SECRETS and not _is_code(bare)


def _is_code(value: str) -> bool:
    root, dot, _ = value.partition(".")
    return (bool(dot) and root.lower() in CODE_ROOTS) or bool(
        re.fullmatch(
            r"[a-z]+(?:_[a-z]+)+(?:\.[a-z]\w*)+|\$[A-Za-z_]*(?:pass|pw|secret|token|key|cred|var|env)\w*|\$\d",
            value,
            re.IGNORECASE,
        )
    )


def is_mixed(value: str) -> bool:
    """Whether a value has a digit or a sign among its letters, or small letters before large ones."""
    return (
        re.search(r"[^\W\d_]", value) is not None
        and re.search(r"\d|[^\W_][!@#$%^&*+?~]|[!@#$%^*+~][^\W_]|[a-z][A-Z]", value) is not None
    )


def is_random(value: str) -> bool:
    """Whether a value is drawn rather than named: digits among letters, and neither a version nor a resource."""
    return (
        len(value) >= 8
        and len(re.findall(r"\d", value)) >= 2
        and not _WORD_AND_VERSION.fullmatch(value)
        and not _RESOURCE.fullmatch(value)
    )


def accepted(kind: str, value: str, sign: str, *, quoted: bool, whole: bool) -> bool:
    """Whether a value is a secret behind a name of this kind. ``whole``: it is all that its line has behind the name."""
    if not is_secret(value) or _DATE.fullmatch(value):
        return False
    if kind in ("weak key", "session"):
        is_long = len(value) >= 6 and re.search(r"\d[^\W\d]", value) is not None and not _RESOURCE.fullmatch(value)
        return is_random(value) or (kind == "session" and is_mixed(value) and (len(value) >= 16 or is_long))
    assigns = "=" in sign or "/" in sign
    if kind == "password":
        if PATH.fullmatch(value) and not (quoted and assigns and re.search(r"\d", value)):
            return False
        if value.isdigit():
            return len(value) >= 4 and (assigns or whole or ":" in sign)
        if assigns or quoted:
            return len(value) >= 2
        return (len(value) >= 4 and is_mixed(value)) or (whole and len(value) >= 4 and " " not in value)
    if PATH.fullmatch(value) or len(value) < 3 or (len(value) == 3 and (sign != "=" or not re.search(r"\d", value))):
        return False
    if _RESOURCE.fullmatch(value) and re.search("secret|token|credential|key", value):  # the name of one
        return False
    if value.isdigit():
        return kind == "secret" and len(value) >= 6
    if kind == "key":
        return (
            len(value) >= 6
            and is_mixed(value)
            and not re.fullmatch(r"[A-Za-z]{1,6}-?\d{1,4}(?:-[A-Z\d]{1,6}){0,3}", value)
        ) or (quoted and len(value) >= 12)
    if (assigns and (quoted or " " not in sign)) or (
        len(value) >= 20 and not _RESOURCE.fullmatch(value) and " " not in value
    ):
        return True
    return (
        len(value) >= 6
        and is_mixed(value)
        and not _RESOURCE.fullmatch(value)
        and not re.fullmatch(r"v?\d+[a-z]{0,3}", value)
    )


def is_no_sentence(value: str) -> bool:
    """Whether words that follow "password:" say nothing about it."""
    words = value.lower().replace("-", " ").split()
    return not any(
        w in SENTENCE_WORDS or w in NO_SECRETS or w in NOT_THE_SECRET or w in ROLES or re.search(r".{3}(?:ing|ed|tion|ment"
            r"|ly|able)$", w)
        for w in words
    )  # fmt: skip


def says_nothing(value: str) -> bool:
    """Whether a word is none that a sentence goes on with."""
    return value.lower() not in SENTENCE_WORDS | NOT_THE_SECRET
