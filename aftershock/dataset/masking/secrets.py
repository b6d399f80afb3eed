"""What a text must not give away, as patterns: addresses of people, secrets, and the places of a private network."""

from __future__ import annotations

import ipaddress
import math
import re
from collections import Counter
from functools import cache

from aftershock.dataset.masking.rule import MaskingRule
from aftershock.dataset.masking.vendor_tokens import DETECTED, OWN_TOKENS
from aftershock.dataset.masking.word_lists import NO_HOSTS, NO_SECRETS, PORTS, SHARED_HOMES

# secrets

_PLACEHOLDER = re.compile(r"\$[A-Z_][A-Z0-9_]*|\$?[{(\[].*|<.*|%\w+%|\w+\(.*|[*x.•…]+|\W+", re.IGNORECASE)


def _is_secret(value: str) -> bool:
    """Whether an assigned value is one, and no placeholder, call or plain answer."""
    bare = value.strip("\"'`.")
    return bool(bare) and not _PLACEHOLDER.fullmatch(bare) and bare.lower() not in NO_SECRETS


def _is_mixed(value: str) -> bool:
    """Whether an unquoted value has a digit among its letters: "password: reset" is a sentence, no secret."""
    is_quoted = value[:1] in "\"'`" and len(value) > 2
    return _is_secret(value) and (is_quoted or (re.search(r"\d", value) and re.search(r"[^\W\d_]", value)) is not None)


def _is_random(value: str) -> bool:
    """Whether a long word looks drawn at random: letters of both cases and digits without a break, few repetitions
    (4.2 bits a sign). Names of branches, whose words stand between hyphens, do not."""
    run = max(re.split(r"[-_=]", value), key=len)
    if len(run) < 12 or len(re.findall(r"\d", run)) < 2 or not (re.search("[a-z]", run) and re.search("[A-Z]", run)):
        return False
    counts = Counter(value)
    bits = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    return bits >= 4.2


_NAME = (
    r"(?:pass(?:word|wd|phrase|code)s?|pwd|secrets?|tokens?|credentials?|client[_ -]?secret"
    r"|(?:api|access|auth|private|encryption|signing|account|shared|service|license)[_ -]?(?:key|token|secret)s?)"
)
_LEAD = r"(?<![a-z])(?:[\w.-]{0,40}[_.-])?"
_VALUE = r"(?P<it>\"[^\"\n]{1,300}\"|'[^'\n]{1,300}'|[^\s\"'&,;<>)\]}]{4,300})"
_KEY_END = r"(?:(?:(?!BEGIN )[\s\S]){0,9000}?-----END [A-Z0-9 ]{0,30}-----|(?:(?:\s|\\[nr])*[A-Za-z0-9+/=]{16,})*)"

# Somewhere in a run of letters and digits a large letter and a digit follow each other, with small ones between.
_TURN = "(?:[A-Z][a-z]*[0-9]|[0-9][a-z]*[A-Z])"
_RANDOM = f"{_TURN}[A-Za-z0-9]{{5}}|[A-Za-z0-9]{{5}}{_TURN}|[A-Z][a-z]{{6,}}[0-9]|[0-9][a-z]{{6,}}[A-Z]"

SECRETS: tuple[MaskingRule, ...] = (
    MaskingRule(
        "key",
        re.compile(r"-{0,5}BEGIN [A-Z0-9 ]{0,20}PRIVATE KEY(?: BLOCK)?-{0,5}" + _KEY_END),
        screen="BEGIN [A-Z0-9 ]*PRIVATE KEY",
    ),
    MaskingRule("key", re.compile(r"PuTTY-User-Key-File-\d(?:.*\n?){0,60}"), screen="PuTTY-User-Key-File"),
    MaskingRule(
        "login",
        re.compile(r"://(?P<it>[^\s/<>\"'@:]*:(?!\d{1,5}[/?#])[^\s<>\"'@]{0,120}(?:@[^\s/<>\"'@]{1,80})*)@(?=[\w\[])"),
    ),
    MaskingRule(
        "login", re.compile(r"://(?P<it>[^\s/<>\"'@:?#]{1,120})@(?=[\w\[])"), lambda v: v not in ("git", "hg", "svn")
    ),
    *(MaskingRule("token", pattern) for pattern in (*OWN_TOKENS, *DETECTED)),
    MaskingRule(
        "token", re.compile(r"(?i:\b(?:bearer|basic|token|apikey)) +(?P<it>[A-Za-z0-9._~+/=-]{16,})"), _is_mixed
    ),
    MaskingRule(
        "token", re.compile(r"[?&;](?i:sig|signature|x-amz-[a-z-]+|key|code)=(?P<it>[^&\s\"'<>]{12,})"), _is_mixed
    ),
    MaskingRule(
        "password", re.compile(_LEAD + _NAME + r"[\"'`\])]{0,3}\s*(?:=>|:=|=)\s*" + _VALUE, re.IGNORECASE), _is_secret
    ),
    MaskingRule(
        "password", re.compile(_LEAD + _NAME + r"[\"'`\])]{0,3}\s*:(?!:)\s*" + _VALUE, re.IGNORECASE), _is_mixed
    ),
    MaskingRule(
        "password",
        re.compile(
            r"(?<![a-z])(?:password|passwd|passphrase|pwd):\s*(?P<it>[^\s\"'<>]{6,80})\s*$", re.IGNORECASE | re.M
        ),
        _is_secret,
    ),
    MaskingRule(
        "password",
        re.compile(r"(?<![a-z])(?:password|passphrase|passcode|pwd) +(?:is|was) +" + _VALUE, re.IGNORECASE),
        _is_mixed,
    ),
    MaskingRule("password", re.compile(r"(?<![\w-])--?" + _NAME + r"[ =]+" + _VALUE, re.IGNORECASE), _is_mixed),
    MaskingRule("password", re.compile(r"(?<![\w-])-u +(?P<it>[\w.@-]{1,60}:[^\s\"']{3,100})")),
    MaskingRule(
        "mail",
        re.compile(
            r"(?<![\w.+%/-])(?P<it>[\w.+%'-]{1,64}(?:@|%40)(?!v?\d+\.\d)[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[^\W\d_]{2,24})(?![\w-])"
        ),
        lambda v: not v.startswith("git@"),
        screen=r"(?:@|%40)[^\s@]+\.",
    ),
    MaskingRule(
        "home",
        re.compile(
            r"(?<![\w.])(?:/home/|/Users/|[A-Za-z]:\\(?:Users|Documents and Settings)\\)(?P<it>[^\s/\\\"'<>:|?*,;)]+)"
        ),
        lambda v: v.lower() not in SHARED_HOMES and v[0].isalnum(),
    ),
    MaskingRule(
        "token",
        re.compile(r"(?<![\w/+.=-])(?<!sha256:)(?P<it>[A-Za-z0-9_-]{32,200}={0,2})(?![\w/+.])"),
        _is_random,
        screen=_RANDOM,
    ),
)


# places

_QUAD = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
INTERNAL_SUFFIXES = (
    "internal", "local", "corp", "lan", "intra", "intranet", "localdomain", "private", "svc", "home.arpa",
)  # fmt: skip


def _is_v6(value: str) -> bool:
    """``Puppet::db`` and ``12:30:45`` are no addresses, ``fe80::1`` and ``2001:db8::7`` are."""
    return any(c.isdigit() for c in value) and _is_address(value.partition("%")[0])


def _is_address(value: str) -> bool:
    """Whether it is an address, and of some other machine than the one that speaks."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


def _is_host_with_port(value: str) -> bool:
    name, _, port = value.rpartition(":")
    if name.lower() in NO_HOSTS:
        return False
    return int(port) in PORTS or (any(c.isdigit() for c in name) and 1024 <= int(port) <= 65535)


@cache
def places(suffixes: tuple[str, ...] = ()) -> tuple[MaskingRule, ...]:
    """Addresses and names of a private network: IPs, hosts under an internal suffix (ours and ``suffixes``), single
    names in URLs, with a port or after ``\\\\``."""
    endings = "|".join(re.escape(s.strip(".")) for s in (*suffixes, *INTERNAL_SUFFIXES))
    return (
        MaskingRule(
            "ip",
            re.compile(
                r"(?<![\w:.])(?P<it>(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f]{0,4})(?:%\w+)?)(?![\w:])"
            ),
            _is_v6,
            screen="[0-9A-Fa-f]*[0-9][0-9A-Fa-f]*::|::[0-9A-Fa-f]*[0-9]|[0-9A-Fa-f]:[0-9A-Fa-f]+::|::[0-9A-Fa-f]+:|(?:[0-9A-Fa-f]+:){7}",
        ),
        MaskingRule(
            "ip",
            re.compile(rf"(?<![\w.])(?<!version )(?<!==)(?P<it>{_QUAD}(?:\.{_QUAD}){{3}})(?![\w-]|\.\d)"),
            _is_address,
        ),
        MaskingRule(
            "host",
            re.compile(rf"(?<![\w.-])(?P<it>(?:[\w-]{{1,63}}\.){{1,10}}(?:{endings}))(?!\.?[\w-])", re.IGNORECASE),
        ),
        MaskingRule(
            "host",
            re.compile(r"://(?P<it>[A-Za-z0-9-]{1,63})(?=[:/?#\s\"'<>)]|$)"),
            lambda v: v.lower() != "localhost",
        ),
        MaskingRule(
            "host", re.compile(r"(?<![\w.:/-])(?P<it>[a-z][a-z0-9-]{1,62}:\d{2,5})(?![\w.:-])"), _is_host_with_port
        ),
        MaskingRule("host", re.compile(r"(?<!\\)\\\\(?P<it>[A-Za-z0-9][\w.-]{1,62})(?=\\)")),
    )
