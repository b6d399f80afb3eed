"""The places of a private network: addresses of machines, names of hosts. A public report hides them."""

from __future__ import annotations

import ipaddress
import re
from functools import cache

from aftershock.dataset.masking.rule import MaskingRule
from aftershock.dataset.masking.word_lists import (
    CODE_HOSTS,
    CODE_ROOTS,
    MACHINE_SCHEMES,
    NO_HOSTS,
    NO_MAIL_ENDINGS,
    PORTS,
    SERVICE_NAMES,
    STORE_SCHEMES,
    VERSION_WORDS,
)

_OCTET = r"(?:25[0-5]|2[0-4]\d|[01]?\d?\d)"
_QUAD = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
INTERNAL_SUFFIXES = (
    "internal", "local", "corp", "lan", "intra", "intranet", "localdomain", "private", "svc", "home.arpa",
)  # fmt: skip
PLACES = ("ip", "mac", "host")
"""The kinds that only a public report hides."""
# Software has versions such as 10.2.0.4, so that ten alone makes no private address behind the word "version".
_NEVER_VERSIONS = tuple(
    map(ipaddress.ip_network, ("172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"))
)
_OF_VERSION = re.compile(
    rf"(?:(?:\b(?:{VERSION_WORDS})\b[^\n]{{0,48}}|[=<>~^]=|(?<!-)[<>~^]|§|[A-Za-z]-v|_v)\s?|(?<![A-Za-z])v)$",
    re.IGNORECASE,
)
_AFTER_VERSION = re.compile(
    r"[-_+](?:[a-z]|\d(?!\d{0,2}\.\d{1,3}\.))|\.(?:jar|tar|tgz|zip|war|rpm|deb|whl|el\d|x86)|[a-z]|"
    r" (?:of (?:the )?)?(?:chart|agent|release|version|build|tag|firmware"
    r"|driver|sdk)\b",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"(?:-[a-z\d]{1,12})?\.(?:jar|tar|tgz|zip|war|rpm|deb|whl|el\d|x86|gz|exe|msi|dmg|pkg|so)", re.IGNORECASE
)
_OF_NAME = re.compile(r"(?:^|[^A-Za-z])(?P<name>[A-Za-z][\w.]*)-$")
_AT_PLACE = re.compile(
    r"\b(?:on|at|via|host|ip|node|to host|address|peer|client|auf|von|desde|depuis) $", re.IGNORECASE
)
_VERSION_NAMES = re.compile(rf"(?:{VERSION_WORDS})", re.IGNORECASE)


def _is_device_address(value: str) -> bool:
    return len(set(value) - set(":-.")) > 1 and ("." not in value or re.search("[A-Fa-f]", value) is not None)


def _is_elsewhere(value: str) -> bool:
    return value.lower() not in ("localhost", "example")


def _is_v6(value: str) -> bool:
    """``Puppet::db`` and ``12:30:45`` are no addresses, ``fe80::1`` and ``2001:db8::7`` are."""
    if not any(c.isdigit() for c in value) or not _is_address(bare := value.partition("%")[0]):
        return False
    groups = [g for g in bare.split(":") if g]
    first = int(groups[0], 16) if "." not in groups[0] else 0
    return len(groups) > 1 and (bare.startswith("::") or 0x2000 <= first < 0x4000 or first >= 0xFC00 or first == 0x64)


def _without_zeros(value: str) -> str:
    """``192.168.001.010`` as the library reads it."""
    return re.sub(r"(?<![0-9A-Fa-f:])0+(?=\d)", "", value) if ":" not in value else value


def _is_address(value: str) -> bool:
    """Whether it is an address, and of some other machine than the one that speaks."""
    try:
        address = ipaddress.ip_address(_without_zeros(value))
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


def _address(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """Four numbers with dots that are an address: private ones nearly always, others unless a version is about."""
    value, before = match["it"], text[max(match.start("it") - 64, 0) : match.start("it")]
    after = text[match.end() : match.end() + 24]
    if not _is_address(value):
        return None
    address = ipaddress.ip_address(_without_zeros(value))
    if any(address in network for network in _NEVER_VERSIONS):
        return match.span("it")
    if value.startswith(("0.", "255.")) or (
        value.endswith(".0.0.0") and not after.startswith("/")
    ):  # netmasks, versions of assemblies
        return None
    name = _OF_NAME.search(before)
    if name:  # "db-10.9.8.6" is a machine, "agent-10.2.0.4" and "x-10.2.0.4.tar.gz" are versions
        is_version = (
            _VERSION_NAMES.fullmatch(name["name"]) is not None
            or _FILE.match(after) is not None
            or (not value.startswith("10.") and sum(int(n) > 31 for n in value.split(".")) < 2)
        )
        return None if is_version else match.span("it")
    is_version = _OF_VERSION.search(before) is not None and not _AT_PLACE.search(before)
    if address.is_private and value.startswith("10."):
        return None if is_version and not re.search(r"(?<![A-Za-z])v$", before) else match.span("it")
    return None if is_version or _AFTER_VERSION.match(after) else match.span("it")


def _is_host_with_port(value: str) -> bool:
    name, _, port = value.rpartition(":")
    if name.lower() in NO_HOSTS | SERVICE_NAMES or name.rpartition(".")[2].lower() in NO_MAIL_ENDINGS:
        return False
    if "." in name:
        return int(port) in PORTS - {80, 443}
    return int(port) in PORTS or (
        any(c.isdigit() or c == "-" for c in name) and name[0].islower() and 1024 <= int(port) <= 65535
    )


def _host(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """A name under an internal suffix; ``java.util.local``, ``obj.private`` and ``app.internal module`` are of programs."""
    first, *_, last = match["it"].lower().split(".")
    if first in NO_HOSTS:
        return None
    if last in ("local", "private", "internal") and (
        first in CODE_HOSTS or first in CODE_ROOTS or _OF_PROGRAM.match(text, match.end())
    ):
        return None
    return match.span("it")


def _is_below_a_domain(value: str) -> bool:
    first, *_, last = value.lower().split(".")
    return last not in NO_MAIL_ENDINGS and first not in CODE_HOSTS and first not in CODE_ROOTS


_OF_PROGRAM = re.compile(
    r" (?:variables?|modules?|packages?|class(?:es)?|imports?|fields?|propert(?:y|ies)|methods?|storage|scope|namespace"
    r"|attributes?|functions?)\b|\(|\[|\s?="
)


def _single_host(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """The single name in an address; what stands behind the scheme of a store is a bucket."""
    scheme = re.search(r"[A-Za-z][\w+-]*$", text[max(match.start() - 20, 0) : match.start()])
    return (
        match.span("it")
        if _is_elsewhere(match["it"])
        and (scheme is None or scheme[0].lower() not in STORE_SCHEMES)
        and (scheme is None or scheme[0].lower() in MACHINE_SCHEMES or match["it"].lower() not in SERVICE_NAMES)
        else None
    )


def _jump_host(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """One of ``ssh -J jo@one,two:22``; a single word alone may be of a sentence."""
    begins = re.search(r"(?:-J|ProxyJump)[ =]\S*$", text[max(match.start() - 200, 0) : match.start()])
    is_listed = text[match.start() - 1] == "," or re.match(r",\S", text[match.end() : match.end() + 2])
    is_name = is_listed or re.search(r"[\d.-]", match["it"])
    return match.span("it") if begins and is_name else None


def _range(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """Addresses of a private network with their last part left open; ``version 10.2.1.x`` is none."""
    is_version = _OF_VERSION.search(text[max(match.start() - 64, 0) : match.start()])
    return None if is_version and match[0].startswith("10.") else match.span()


_ADDRESSES = (
    MaskingRule(
        "mac",
        re.compile(
            r"(?<![\w:-])(?P<it>[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})|"
            r"[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2})(?![\w-]|[:.][0-9A-Fa-f])"
        ),
        _is_device_address,
    ),
    MaskingRule(
        "ip",
        re.compile(
            r"(?<![\w:.])(?P<it>(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f]{0,4})(?:%\w+)?)(?![\w:])"
        ),
        _is_v6,
        screen="[0-9A-Fa-f]*[0-9][0-9A-Fa-f]*::|::[0-9A-Fa-f]*[0-9]|[0-9A-Fa-f]:[0-9A-Fa-f]+::|::[0-9A-Fa-f]+:|"
        "(?:[0-9A-Fa-f]+:){7}",
    ),
    MaskingRule("ip", re.compile(rf"(?<![0-9.])(?P<it>{_QUAD})(?!\d|\.\d)"), place=_address),
    MaskingRule(
        "ip",
        re.compile(
            rf"(?<![\w.-])(?:(?:192\.168|172\.(?:1[6-9]|2\d|3[01])|10\.{_OCTET})\.{_OCTET}|192\.168)"
            r"(?:\.(?:[xX*]{1,3}|\[[\d,-]+\]|\{[\d,.]+\})){1,2}(?!\w)"
        ),
        place=_range,
    ),
    MaskingRule(
        "ip",
        re.compile(
            r"\b(?:ip(?:v4)?|addr(?:ess)?|src|dst|peer)(?: (?:as|an?|int(?:eger)?|long|number|decimal|hex)){0,3}\s?[:= ]\s?"
            r"(?P<it>\d{9,10}|0x[0-9a-f]{8}|0[0-3]?[0-7]{1,2}(?:\.0?[0-3]?[0-7]{1,3}){3})(?![\w.])",
            re.IGNORECASE,
        ),
    ),
    MaskingRule(
        "ip",
        re.compile(
            r"(?<![\w.])(?P<it>0[0-3][0-7]{2}(?:\.[0-7]{1,4}){3}|0x(?:c0a8|ac1[0-9a-f]|0a[0-9a-f]{2})[0-9a-f]{4})(?![\w.])"
        ),
    ),
    MaskingRule(
        "host",
        re.compile(
            rf"(?<![A-Za-z0-9])(?P<it>(?!(?:to|from|and|of|at|version|release|rev|build|upgrade)-)[A-Za-z][A-Za-z0-9]{{1,15}}-{_OCTET}(?:-{_OCTET}){{3}}(?!\w|-\d)|(?<![\w.-]){_OCTET}(?:-{_OCTET}){{3}}(?=\.[a-z])|"
            rf"[A-Za-z]\w{{0,30}}_(?:10_{_OCTET}|192_168|172_(?:1[6-9]|2\d|3[01]))(?:_{_OCTET}){{2}}(?!\w))"
        ),
    ),
)
# A machine's name without a number: its part, then its place or stage
_MACHINE = (
    r"(?:bastion|jump|gateway|gw|db|web|app|node|build|runner|proxy|vpn|mail|worker|edge|nas|backup|monitor|cache|queue)-"
    r"(?!host|box|key|server|session|side|timeout|wide|based|level|facing|tier|error)[a-z]{2,12}|[a-z]{2,12}-(?:prod|staging|stage|primary|replica|eu|us|west|east|north|south)"
)
_HOSTS = (
    MaskingRule(
        "mac",
        re.compile(
            r"\b(?:ether|mac|mac[ _-]?addr(?:ess)?|hwaddr|lladdr|bssid|physical address)(?: is|[:=])?[ ]{0,2}"
            r"(?P<it>[0-9A-Fa-f]{12}|[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){5})(?![\w:])",
            re.IGNORECASE,
        ),
    ),
    MaskingRule(
        "host",
        re.compile(r"(?<=[ =,@])(?P<it>[A-Za-z][\w.-]{1,62})(?=[,:]|[ ]+[A-Za-z]|\s*$)"),
        place=_jump_host,
        screen=r"-J[ =]|ProxyJump",
        needs="J",
    ),
    MaskingRule("host", re.compile(r"\b(?:scp|rsync|sftp)\b[^\n|;]{0,120}?\s(?P<it>[A-Za-z][\w.-]{1,60})(?=:[/~\w])")),
    MaskingRule(
        "host",
        re.compile(
            r"(?:\b(?:ssh|mosh|ping|telnet|traceroute|nslookup|nc|netcat|host ?name[:=]?|host[:=])\s{1,2}"
            r"(?:-\w+ (?:\d{1,5} )?){0,2}(?:[\w.-]{1,40}@)?|"
            r"\b(?:psql|pg_\w+|mysql\w*|mariadb|mongo\w*|redis-cli|clickhouse-client|sqlcmd|ldapsearch)\b"
            r"[^\n|;]{0,80}?\s-(?:h|H|S|-host) ?|--host(?:name)?[ =])"
            rf"(?P<it>(?![A-Z]{{2,10}}-\d)[A-Za-z][A-Za-z-]{{1,40}}\d[A-Za-z0-9-]{{0,20}}|{_MACHINE})(?![\w.@-])"
        ),
    ),
    MaskingRule(
        "host",
        re.compile(r"://(?P<it>[A-Za-z0-9-]{1,63})(?=[:/?#\s\"'<>)]|$)(?!:[^\s/]*@)"),
        place=_single_host,
    ),
    MaskingRule(
        "host",
        re.compile(
            r"(?<![\w.:/-])(?P<it>[A-Za-z][A-Za-z0-9-]{1,62}(?:\.[A-Za-z0-9-]{1,63}){0,6}:\d{2,5})(?![\w:-]|\.\w)"
        ),
        _is_host_with_port,
    ),
    MaskingRule(
        "host",
        re.compile(r"(?<![\w./:\\-])(?P<it>[A-Za-z][A-Za-z-]{1,40}\d[A-Za-z0-9-]{0,20})(?=:/[A-Za-z])"),
        screen=r"\d[A-Za-z0-9-]*:/[A-Za-z]",
    ),
    MaskingRule(
        "host",
        re.compile(
            r"(?<![\w.-])(?!(?:com|org|net|io|java|javax)\.)(?P<it>(?:[A-Za-z0-9][\w-]{0,62}\.){1,5}(?:int|internal|intern|corp|intra|priv|lan)\."
            r"(?:[A-Za-z0-9-]{1,63}\.){0,3}(?:com|net|org|io|dev|cloud|tech|info|biz|co|eu|[a-z]{2}))(?![\w-]|\.\w|\()"
        ),
        _is_below_a_domain,
    ),
    MaskingRule("host", re.compile(r"(?<!\\)\\\\(?P<it>[A-Za-z0-9][\w.-]{1,62})(?=\\)")),
    # as Markdown shows two backslashes
    MaskingRule(
        "host", re.compile(r"(?<![\w\\])\\(?![nrt][A-Z])(?P<it>[A-Za-z][A-Za-z-]{1,40}\d[\w.-]{0,20})(?=\\\w)")
    ),
)


@cache
def places(suffixes: tuple[str, ...] = ()) -> tuple[MaskingRule, ...]:
    """Addresses and names of a private network: IPs, MACs, hosts under an internal suffix (ours and ``suffixes``), single
    names in URLs, with a port or after ``\\\\``."""
    endings = "|".join(re.escape(s.strip(".")) for s in (*suffixes, *INTERNAL_SUFFIXES))
    under_a_suffix = MaskingRule(
        "host",
        re.compile(rf"(?<![\w.-])(?P<it>(?:[\w-]{{1,63}}\.){{1,10}}(?:{endings}))(?!\.?[\w-])", re.IGNORECASE),
        place=_host,
    )
    return (*_ADDRESSES, under_a_suffix, *_HOSTS)
