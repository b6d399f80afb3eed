"""What a text must not give away, as patterns: secrets by their form, addresses and numbers of people, homes."""

from __future__ import annotations

import re

from aftershock.dataset.masking.assignments import ASSIGNMENTS
from aftershock.dataset.masking.command_lines import COMMAND_LINES
from aftershock.dataset.masking.drawn import DRAWN
from aftershock.dataset.masking.layouts import LAYOUTS
from aftershock.dataset.masking.name_forms import ordinary_words
from aftershock.dataset.masking.numbers import NUMBERS
from aftershock.dataset.masking.places import INTERNAL_SUFFIXES
from aftershock.dataset.masking.rule import MaskingRule
from aftershock.dataset.masking.secret_values import is_secret
from aftershock.dataset.masking.tables import TABLES
from aftershock.dataset.masking.vendor_tokens import DETECTED, OWN_TOKENS
from aftershock.dataset.masking.word_lists import (
    CERTIFICATE_WORDS,
    DOMAINS,
    FOLDER_WORDS,
    NO_DOMAINS,
    NO_LOGINS,
    NO_MAIL_ENDINGS,
    NO_MAIL_HOSTS,
    ROLES,
    SHARED_HOMES,
)


def _is_login(value: str) -> bool:
    """Whether ``user:password`` tells something: ``user:***`` and ``$USER:$PASS`` do not."""
    user, colon, password = value.partition(":")
    if not colon:
        return value not in ("git", "hg", "svn")
    return is_secret(password) or not (user.lower() in (*ROLES, "username", "") or user.startswith("$"))


_EXAMPLE = re.compile(r"(?:\b|_)your[_-]|example$|redacted", re.IGNORECASE)
_FILLER = re.compile(r"x{6,}|\*{3,}|0{10,}", re.IGNORECASE)
_PREFIX = 10  # letters and digits that may stand next to a filler: more are a part of a real token
_BEFORE_TOKEN = re.compile(r"[A-Za-z0-9~_]{0,200}$")
_AFTER_TOKEN = re.compile(r"[\w-]{0,400}", re.ASCII)


def _whole_token(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """A token to its ends, where its form covers only a part of it; examples in documentation are none."""
    start, end = match.span()
    before = _BEFORE_TOKEN.search(text, max(start - 200, 0), start)
    start, end = before.start() if before else start, (_AFTER_TOKEN.match(text, end) or match).end()
    return None if _is_example(text[start:end]) else (start, end)


def _is_example(token: str) -> bool:
    rest = _FILLER.sub("", token)
    filled = rest != token and sum(sign.isalnum() for sign in rest) <= _PREFIX
    return filled or bool(_EXAMPLE.search(token))


def _with_body(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """A private key, and not only its first line: messages quote that."""
    body = re.sub(r"^-*BEGIN [A-Z0-9 ]+-*|-*END [A-Z0-9 ]+-*$", "", match[0])
    return match.span() if re.search(r"[A-Za-z0-9+/=]{12}|\d", body) else None


def _is_no_version(value: str) -> bool:
    return not re.search(r"@v?\d\.|-", value)


def _is_bare_mail(value: str) -> bool:
    return _is_bare_host(*value.split("@"))


def _is_own_home(value: str) -> bool:
    return (
        value.lower() not in SHARED_HOMES
        and value[0].isalnum()
        and value.rpartition(".")[2].lower() not in NO_MAIL_ENDINGS
    )


def _is_no_certificate(name: str) -> bool:
    """Whether a common name is that of a person: those of authorities, groups and machines say what they are."""
    return not set(re.split("[ -]", name.lower())) & CERTIFICATE_WORDS


def _is_not_shared(value: str) -> bool:
    return value not in SHARED_HOMES


def _is_mixed(value: str) -> bool:
    """Whether a value has a digit among its letters."""
    return re.search(r"\d", value) is not None and re.search(r"[^\W\d_]", value) is not None


def _is_mixed_within(value: str) -> bool:
    """The same, and not only at its end: ``user42``, ``PAY-123`` and ``v2.1`` are names."""
    return _is_mixed(value) and re.fullmatch(r"[A-Za-z]+[-_]?v?[\d.-]+|v?[\d.]+[a-z]{0,2}|\d{4}Q\d", value) is None


_KEY_END = (
    r"(?:(?:(?!BEGIN )[\s\S]){0,9000}?-----END [A-Z0-9 ]{0,30}-----|"
    r"(?:(?:\s|\\[nr])*(?:[A-Za-z0-9+/=]{16,}|(?:(?<=\n)|(?<=\\n))"
    r"(?:[A-Z][\w-]{2,20}: ?[^\n]{0,80}|(?=[a-z]*[A-Z0-9=])[A-Za-z0-9+/=]{4,15})(?=\s*(?:\n|\\n|$))))*)"
)


def _is_bare_host(local: str, host: str) -> bool:
    """Whether ``local@host`` is an address in a network: a version, a commit and a stage are none."""
    host = host.lower()
    return not (
        host in NO_MAIL_HOSTS
        or local == "git"
        or local.endswith(".")  # a path to a field: labels.@type
        or local in ("foo", "bar")
        or len(local) + len(host) < 4
        or re.fullmatch(
            r"v\d.*|(?=[a-f]*\d)[0-9a-f]{6,40}|[0-9a-f]{7,40}|(?:us|eu|ap|sa|ca|af|me|il|cn|mx)-[a-z]+-\d[a-z]?|[a-z]+-v?\d+",
            host,
        )
        or re.fullmatch(r"p\d+|\d+", local)
    )


def _mail(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """A mail address without the ending of a file that is named after it; ``getty@tty1.service`` is none."""
    start, end = match.span("it")
    while (ending := text[start:end].rpartition("."))[2].lower() in NO_MAIL_ENDINGS:
        end -= len(ending[2]) + 1
    is_mail = re.search(r"@.+\.[^\W\d_]{2,24}$", text[start:end]) and not text.startswith("git@", start)
    return (start, end) if is_mail else None


_DOMAIN_LOGIN = re.compile(
    r"(?<![\w\\/:.$-])(?P<domain>[A-Za-z][A-Za-z0-9-]{0,14}(?:\.[A-Za-z0-9-]{1,30}){0,4})\\{1,2}(?P<login>[A-Za-z_][\w.$-]{1,40})(?![\w\\(])"
)
_BEFORE_LOGIN = re.compile(
    r"(?:\b(?:user|users|login|logon|account|runas|owner|by|from|as|principal|identity|logged in as)\b|/user)[\s:='\"]{0,4}$",
    re.IGNORECASE,
)
_AFTER_LOGIN = re.compile(
    r" (?:(?:is |was |got |has been )?(?:locked|denied|disabled)|logged (?:in|on|off|out)|signed in|could not log|failed to log)\b"
)


def _is_bare_login(domain: str, login: str, after: str) -> bool:
    """``acme\\jdoe`` in small letters: neither a folder nor a word, and nothing behind it as in a path."""
    if (
        len(domain) < 3
        or not login.islower()
        or login[0] in "nrt"
        or after in (":", ";")
        or not re.search("[a-z]{2}", login)
    ):
        return False
    if {domain.lower(), *re.split(r"[._-]", login)} & (FOLDER_WORDS | ROLES):
        return False
    return re.search(r"[._]", login) is not None or not {domain.lower(), login} & ordinary_words()


def _domain_login(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """``ACME\\jdoe``, and ``corp\\jdoe`` where the domain or the words before say so; ``src\\main`` is a path."""
    domain, login = match["domain"], match["login"]
    if (
        domain.upper() in NO_DOMAINS
        or login.lower() in NO_LOGINS
        or login.rpartition(".")[2].lower() in NO_MAIL_ENDINGS
    ):
        return None
    if re.match(r"[nrt][A-Z]|[nrt][a-z]{0,2}$", login):
        return None  # \n and \t, as programs write line ends
    is_domain = domain.isupper() or domain.lower() in DOMAINS
    is_domain = is_domain or domain.lower().endswith(tuple(f".{s}" for s in INTERNAL_SUFFIXES))
    is_domain = is_domain or _is_bare_login(domain, login, text[match.end() :][:1])
    is_domain = is_domain or _AFTER_LOGIN.match(text, match.end()) is not None
    before = text[max(match.start() - 20, 0) : match.start()]
    return match.span() if is_domain or _BEFORE_LOGIN.search(before) else None


SECRETS: tuple[MaskingRule, ...] = (
    MaskingRule(
        "key",
        place=_with_body,
        pattern=re.compile(r"-{0,5}BEGIN [A-Z0-9 ]{0,20}PRIVATE KEY(?: BLOCK)?-{0,5}" + _KEY_END),
        screen="BEGIN [A-Z0-9 ]*PRIVATE KEY",
    ),
    MaskingRule("key", re.compile(r"PuTTY-User-Key-File-\d(?:.*\n?){0,60}"), screen="PuTTY-User-Key-File"),
    MaskingRule(
        "login",
        re.compile(
            r"://(?P<it>[^\s/<>\"'@:]*:(?!\d{1,5}[/?#])[^\s<>\"'@]{0,120}(?:@[^\s<>\"'@]{1,80}(?<!/))*|[^\s/<>\"'@:?#]{1,120})@(?=[\w\[])"
        ),
        _is_login,
    ),
    MaskingRule(
        "login",
        re.compile(
            r"(?<![\w/@.:%+-])(?!(?:mailto|xmpp|sips?|acct|cc|bcc|to|from|by|author|mail|email|git|ssh|scp):)[A-Za-z][\w.-]{1,39}:"
            r"(?P<it>[^\s@/:\"'<>(),;]{3,80})@(?!sha256)(?=(?:tcp|unix)\(|[A-Za-z\d][\w-]*(?:\.[\w-]+)*:\d{2,5}\b|[A-Za-z\d][\w-]*(?:\.[\w-]+)+)"
        ),
        is_secret,
        needs="@",
    ),
    *(MaskingRule("token", pattern, place=_whole_token) for pattern in (*OWN_TOKENS, *DETECTED)),
    MaskingRule(
        "token",
        re.compile(
            r"(?i:\b(?:bearer|basic|token|apikey) |\bmacaroon[\"']?[:= ]) *[\"']?"
            r"(?P<it>[A-Za-z0-9._~+/=-]{16,}|(?<=[bB]earer )[A-Za-z0-9._~+/=-]{8,}|"
            r"(?<=[bB]asic )(?=[a-z0-9]*[A-Z])[A-Za-z0-9+/]{8,}={0,2})"
        ),
        _is_mixed_within,
    ),
    MaskingRule(
        "token",
        re.compile(
            r"[?&;](?i:(?:[a-z]{1,8}-){0,2}(?:sig|signature|credential|security-token)|x-amz-[a-z-]+|key|code|auth|hash|ticket|jwt|sas|apikey|hmac)=(?P<it>[^&\s\"'<>:#]{7,})"
        ),
        _is_mixed_within,
    ),
    MaskingRule(  # keys of caches are words, or in small letters
        "token",
        re.compile(
            r"(?<![\w.-])key=(?P<it>(?=(?:[^\s\d]*\d+[A-Za-z]){2})(?=[^A-Z\s]*[A-Z])(?=[^a-z\s]*[a-z])[\w+/-]{16,200}={0,2})(?![\w.:-])"
        ),
    ),
    MaskingRule(
        "person",
        re.compile(r"\b[cC][nN] ?= ?(?P<it>[A-Z][a-z']+(?:[ -][A-Z][a-z.']+){1,2})(?=\s*(?:[,;/+)\"'\n]|$))"),
        _is_no_certificate,
    ),
    *ASSIGNMENTS,
    *LAYOUTS,
    *COMMAND_LINES,
    MaskingRule(
        "mail",
        re.compile(
            r"(?<![\w.+%$-])(?P<it>(?:[\w.+%'-]{1,64}|"
            r"\"[^\"\n@]{1,40}\")@(?!v?\d+[.-]\d)[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[^\W\d_]{2,24})(?![\w-])"
        ),
        place=_mail,
        screen=r"@[^\s@]+\.",
        needs="@",
    ),
    MaskingRule(
        "mail", re.compile(r"(?<![\w.+%-])(?P<it>[\w.+%'-]{1,64}@\[(?:IPv6:)?[0-9A-Fa-f:.]{3,40}\])"), needs="@["
    ),
    MaskingRule(
        "mail",
        re.compile(r"(?<![\w.+%-])(?P<it>[\w.+%'-]{1,64}@\d{1,3}(?:\.\d{1,3}){3})(?![\w.-])"),
        _is_no_version,
        needs="@",
    ),
    MaskingRule(
        "mail",
        re.compile(
            r"(?<![\w.+%-])(?P<it>[\w.+-]{1,64} ?[\[({<]at[\])}>] ?[\w-]{1,63}(?: ?(?:[\[({<]dot[\])}>]|"
            r"\.) ?[\w-]{1,63}){1,6}|[\w.+-]{1,64} at [\w-]{1,63}(?: dot [\w-]{1,63}){1,4}|"
            r"[a-z0-9.+-]{1,64}([_-])at\2[a-z0-9-]{1,63}?(?:\2dot\2[a-z0-9]{2,63}){1,4}|"
            r"[\w.+-]{1,64} (?-i:AT) [\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.[a-z]{2,12}\b)",
            re.IGNORECASE,
        ),
        screen=r"(?i)[\[({<]at[\])}>]| at |[_-]at[_-]",
    ),
    MaskingRule(
        "mail",
        re.compile(
            r"(?<![\w.+%/@-])(?P<it>[A-Za-z][\w.+-]{0,63}@[A-Za-z][A-Za-z0-9-]{1,62})(?![\w/@(-]|\.\w|:\w*[A-Za-z])"
        ),
        _is_bare_mail,
        needs="@",
    ),
    MaskingRule(
        "home",
        re.compile(
            r"(?:(?<![\w.])|(?<=/\.\.)|(?<=://file))(?:(?:/(?:export|exports|usr|var|net|nfs|data|srv|mnt|cifs|nas|gpfs|lustre|scratch|storage|afs(?:/[\w.-]{1,30}){1,3}|"
            r"System/Volumes/Data|mnt/[\w-]{1,20}|Volumes(?:/[\w -]{1,30})?|vol\w{0,10}))?"
            r"/(?:[hH]omes?\d?|Users|u(?=/[a-z][a-z0-9_]{1,15}(?:[/:\s]|$)))/(?:(?:users|staff|students|people|(?:[\w-]{2,30}\.){1,4}[a-z]{2,10})/|Shared/\.\./)?|"
            r"/var/(?:spool/)?(?:mail|cron(?:/crontabs|/tabs)?)/(?!crontabs\b|tabs\b)|/cygdrive/[a-z]/Users/|/[a-z]/Users/|(?:[A-Za-z]:|\\[\w.$-]{1,60}|(?<![\w\\])(?=\\))[\\/]{1,4}(?:[Uu]sers|USERS|"
            r"Documents and Settings|home\$?|[Pp]rofiles\$?)[\\/]{1,4})"
            r"(?P<it>[^\s/\\\"'<>:|?*,;)`]+(?:(?: [^\s/\\\"'<>:|?*,;)`]+){1,3}(?=[\\/]))?)",
        ),
        _is_own_home,
    ),
    MaskingRule(
        "home",
        re.compile(
            r"(?:(?<![\w/~.])|(?<=[A-Za-z]/))~"
            r"(?P<it>[a-z][a-z0-9._-]{1,31}(?=/)|(?<=[ \"'(=:]~)(?<!tag ~)"
            r"(?!(?:one|two|three|four|five|six|seven|eight|nine|ten|half|every)\b)[a-z][a-z0-9._]{2,31}(?=$|[\s:,;)]))"
        ),
        _is_not_shared,
        needs="~",
    ),
    MaskingRule("account", _DOMAIN_LOGIN, place=_domain_login, needs="\\", screen=r"[A-Za-z0-9.-]+\\{1,2}[A-Za-z]"),
    *DRAWN,
    *TABLES,
    *NUMBERS,
)
