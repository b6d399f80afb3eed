"""Secrets that a layout gives away: the line below a heading, a pair in brackets, a line of ``.pgpass``, a hash of crypt."""

from __future__ import annotations

import re

from aftershock.dataset.masking.assignments import named
from aftershock.dataset.masking.rule import MaskingRule
from aftershock.dataset.masking.secret_values import is_mixed, is_no_sentence, is_secret, kind_of_name
from aftershock.dataset.masking.word_lists import ROLES, SHARED_HOMES

_NAME_ENDS = r"(?:pass(?:word|wd|phrase|code|wort)?|pwd|pw|secret|token|kennwort|key|pin|credentials?|mdp|senha|clave)"
_NAME = rf"(?P<name>[\w .-]{{0,24}}?{_NAME_ENDS})"
_MARKS = r"[ \t>#*+|_`~=-]{0,12}(?:\d{1,2}[.)][ ])?[ \t*_`~]{0,8}"

# A line that is only the name, then a line that is only the value: headings, lists, cells of a form.
_BELOW = re.compile(
    rf"^{_MARKS}{_NAME}[ \t*_`~#=:-]{{0,8}}\n(?:[ \t>*=-]*\n){{0,3}}{_MARKS}(?P<it>[^\s|`]{{4,80}}?)[ \t*_`~|]{{0,8}}$",
    re.IGNORECASE | re.MULTILINE,
)
# A chat: a line that asks for a password, then a line that is only the answer
_ASKED_FOR = r"(?:pass(?:word|wd|phrase|code|wort)|pwd|pw|kennwort|mdp|senha|clave)"
_ASKED = re.compile(
    rf"(?:\b(?:what|whats|know|have|got|need|send|share|give|remind|tell|bitte|brauche)\b[^\n]{{0,60}}\b{_ASKED_FOR}"
    r"(?:[ ](?:again|please|pls|asap|for|of|to|fur|zu|zum|on|in)\b[^\n:=]{0,40})?[ ]?[?!.]{0,3}|"
    rf"\b{_ASKED_FOR}[ ](?:for|of|to|fur|zu|zum)[ ][^\n:=?]{{1,30}}[?])[ \t]{{0,3}}\n(?:[ \t]*\n)?"
    r"(?:\[?\d{1,2}:\d\d(?::\d\d)?\]?[ ])?(?:(?:<[\w .-]{1,30}>|[\w.@-]{1,30}(?:[ ]\d{1,2}:\d\d)?:)[ \t]{1,4})?"
    r"(?P<it>[^\s|`]{6,80})[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
# <summary>, <dt>, <th> and <td>, as source that is shown as it is written
_AFTER_ELEMENT = re.compile(
    rf">\s{{0,4}}{_NAME}[\s:=]{{0,4}}</\w{{1,10}}>\s{{0,12}}(?:<\w[^<>]{{0,60}}>\s{{0,4}}){{0,3}}(?P<it>[^<>\s]{{3,100}})",
    re.IGNORECASE,
)
# auth=("root", "…"), as of HTTP clients
_TUPLE = re.compile(
    r"\b(?:\w{0,20}auth|\w{0,20}credentials?|creds|\w{0,20}login|"
    r"(?:set|change|reset)_?(?:pass\w{0,4}|pw|pwd)|sp_password)"
    r"\s{0,2}[=:( ]{1,2}\s{0,2}[(\[{]?\s{0,2}(?P<q>[\"'])[^\"'\n]{1,60}(?P=q)\s{0,2},\s{0,2}"
    r"(?P<it>\"[^\"\n]{2,100}\"|'[^'\n]{2,100}')",
    re.IGNORECASE,
)
_PGPASS = re.compile(
    r"(?<![\w:])[A-Za-z*\d][\w.*-]{0,60}:(?:\d{4,5}|\*):[\w*-]{1,40}:[A-Za-z_*][\w*-]{0,40}:(?P<it>[^\s:]{3,80})"
)
_CRYPT = re.compile(
    r"[0-9a-f]{32}:[0-9a-f]{32}:::|\{(?:S?SHA\d{0,3}|S?MD5|CRYPT)\}[A-Za-z0-9+/$.=]{16,200}|"
    r"\$ANSIBLE_VAULT;[\w.;]+(?:\s+[0-9a-f]{10,100})+|"
    r"\$(?:1|2[abxy]?|5|6|7|y|gy|apr1|argon2\w{0,2}|scrypt|pbkdf2[\w-]{0,10})\$[./A-Za-z0-9$=,+-]{8,200}"
)
_SHIFTED = tuple(
    re.compile(
        r"\b(?:passwords?|passwd|passphrase|pw|pwd|secret|token|pin|passwort|kennwort)\b[^\n]{0,40}?\b(?:from|von)[ ]"
        + both,
        re.IGNORECASE,
    )
    for both in (r"(?P<it>\S{4,60})[ ](?:to|auf)[ ]", r"\S{4,60}[ ](?:to|auf)[ ](?P<it>\S{4,60})")
)
# AWS_SECRET_ACCESS_KEY X, as in a table of settings
_SPACED = re.compile(
    r"(?<![\w-])(?P<name>[A-Z][A-Z\d]*(?:_[A-Z\d]+)+)[ \t]{1,12}(?P<it>[^\s\"'`()\[\]{}<>,;:|=-][^\s\"'`,;|]{5,200})"
)
_ALONE = re.compile(
    r"(?:^|[\n>*|(;-])[ \t]{0,4}(?:[A-Za-z][\w.-]{0,20}[ ]){0,2}(?:pass(?:word|phrase|wort)|passwd|kennwort|pwd|pw|(?:seed"
    r"|recovery) phrase|mnemonic)"
    r"[\"'*_`]{0,4}[ ]?[:=][*_`]{0,4}[ ]{1,3}(?P<it>[A-Za-z]{3,12}(?:[ -][A-Za-z\d]{1,12}){2,23})[.]?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_MNEMONIC = re.compile(
    r"\b(?:(?:seed|recovery|backup)[ ](?:phrase|words)|mnemonic)[\"'*_`]{0,4}[ ]?[:=][*_`]{0,4}[ ]{1,3}(?P<it>[a-z]{3,8}"
    r"(?:[ ,-]{1,2}[a-z]{3,8}){3,23})",
    re.IGNORECASE,
)
# define('DB_PASSWORD', '…'), setProperty("password", "…")
_CALLED = re.compile(
    r"\b(?:define|set\w{0,12}|put\w{0,6}|add|append|config|option)\(\s{0,2}[\"'](?P<name>[\w.-]{2,60})[\"']\s{0,2},\s{0,2}(?P<it>\"[^\"\n]{3,100}\"|'[^'\n]{3,100}')",
    re.IGNORECASE,
)
# <entry key="db.password">…</entry>
_ATTRIBUTE = re.compile(
    r"<[\w:]{1,40}\s[^<>]{0,80}?(?:key|name|id)=[\"'](?P<name>[\w.-]{2,60})[\"'][^<>]{0,80}>\s{0,4}(?:<[^<>]{1,60}>\s{0,4})?(?P<it>[^<>\s][^<>]{0,300}?)\s{0,4}</",
    re.IGNORECASE,
)
_DOOR = re.compile(
    r"\b(?:door|unlock|gate|alarm|entry|lock|safe|backup|recovery|voicemail|vpn|wlan|wi-?fi|access)[ -](?:codes?"
    r"|pins?|combinations?)[ ]?(?:[:=]|is|are)?[ ]"
    r"(?P<it>[\dA-Za-z]{0,6}\d[\dA-Za-z-]{3,40}[#*]?(?:[, ]{1,2}[\dA-Za-z]{0,6}\d[\dA-Za-z-]{3,40}){0,11})(?![\w.])",
    re.IGNORECASE,
)
_GROUPED = re.compile(
    r"\b(?:recovery|backup|unlock|bitlocker|activation|licen[cs]e|product|emergency|setup)[ -](?:key|code|kit)s?[ ]?"
    r"(?:[:=]|is)?[ ]{0,2}"
    r"(?P<it>(?=[A-Z\d-]*\d)[A-Z\d]{4,8}(?:-[A-Z\d]{4,8}){1,9})(?![\w-])",
    re.IGNORECASE,
)
_SEED = re.compile(
    r"\b(?:seed|totp|mfa|2fa|otp|authenticator)\b[^\n]{0,24}?(?<![\w])(?P<it>(?=[A-Z]*[2-7])[A-Z2-7]{16,64})(?!\w)"
)
_NAMED_LOGIN = re.compile(
    r"\b(?:(?:[ug]id|groups)=[1-9]\d{3,6}\(|(?:Accepted|Failed) [\w/-]{4,40} for (?:invalid user )?|"
    r"session (?:opened|closed) for user |\bsudo: {1,4}(?=[\w.-]{3,31} {1,3}:)"
    r"|\b(?:USER|LOGNAME|SUDO_USER|USERNAME)=|\bsu - ?|\bssh -l ?|\b(?:user|login|account|logon) "
    r"(?=[A-Z][A-Z\d-]{2,14}/[a-z])[A-Z\d-]{3,15}/|\bInvalid user )(?P<it>[a-z][a-z0-9._-]{2,30})(?![\w:=])"
)


def _is_password(value: str) -> bool:
    return is_mixed(value) and is_secret(value)


def _named(match: re.Match[str], text: str) -> tuple[int, int] | None:
    kind = kind_of_name(match["name"].strip()) or ("password" if match["name"].lower().strip() == "pin" else "")
    return (
        match.span("it")
        if kind in ("password", "secret", "key") and _is_password(match["it"]) and len(match["it"]) >= 4
        else None
    )


def _is_answer(value: str) -> bool:
    """Whether the answer to "the password?" is one: neither a ticket, a version nor a standard."""
    is_name = re.fullmatch(r"[A-Za-z]+-[\d.]+|[A-Z]+[\d.]+|v?\d[\d.:/-]*\w?|\w+:/.*|[a-z-]+-\d[\d-]*", value)
    return _is_password(value) and is_name is None


def _is_replaced(value: str) -> bool:
    """The same of what one was changed from or to, which may also be a length, a time or a method."""
    is_measure = re.fullmatch(r"\d[\d.]*[a-z]{1,8}|(?:hs|rs|es|sha|md|aes|argon)-?\d+\w{0,2}\W?", value, re.IGNORECASE)
    return _is_answer(value) and is_measure is None


def _spaced(match: re.Match[str], text: str) -> tuple[int, int] | None:
    return _named(match, text) if _is_answer(match["it"]) else None


def _is_login(value: str) -> bool:
    return value not in SHARED_HOMES and value not in ROLES and not value.startswith(("svc", "_"))


LAYOUTS: tuple[MaskingRule, ...] = (
    MaskingRule("password", _BELOW, screen=rf"(?i){_NAME_ENDS}[ \t*_`~#=:-]*\n", place=_named, needs="\n"),
    MaskingRule(
        "password",
        _ASKED,
        _is_answer,
        screen=rf"(?i)\b{_ASKED_FOR}[^\n:=]*\n",
        needs="\n",
    ),
    MaskingRule("password", _AFTER_ELEMENT, screen=rf"(?i){_NAME_ENDS}[\s:=]*</", place=_named, needs="</"),
    MaskingRule(
        "password",
        _TUPLE,
        is_secret,
        screen=r"(?i)(?:auth|credentials?|creds|login|pass\w*|pwd?)\s*[=:( ]+\s*[(\[{]?\s*[\"'][^\"'\n]+[\"']\s*,",
    ),
    MaskingRule("password", _PGPASS, is_secret),
    MaskingRule("password", _CRYPT),
    *(MaskingRule("password", pattern, _is_replaced) for pattern in _SHIFTED),
    MaskingRule(
        "password", _SPACED, place=_spaced, screen=r"(?:PASS|PW|SECRET|TOKEN|CRED|KEY)[A-Z0-9_]*[ \t]+[^ \t]", needs="_"
    ),
    MaskingRule("password", _ALONE, is_no_sentence),
    MaskingRule("password", _MNEMONIC),
    MaskingRule("password", _CALLED, place=named, needs="("),
    MaskingRule("password", _ATTRIBUTE, place=named, needs="</"),
    MaskingRule(
        "password",
        _DOOR,
        screen=r"(?i)(?:door|unlock|gate|alarm|entry|lock|safe|backup|recovery|voicemail|vpn|wlan|wi-?fi|access)[ -]"
        r"(?:codes?|pins?|combinations?) ?(?:[:=]|is|are)? ?[0-9A-Za-z]*[0-9]",
    ),
    MaskingRule(
        "password",
        _GROUPED,
        screen=r"(?i)(?:recovery|backup|unlock|bitlocker|activation|licen[cs]e|product|emergency|setup)[ -](?:key|code"
        r"|kit)s? ?(?:[:=]|is)? ?[0-9a-z]{4,8}-",
    ),
    MaskingRule(
        "password",
        _SEED,
        screen=r"(?:seed|totp|mfa|2fa|otp|authenticator|SEED|TOTP|MFA|2FA|OTP)\W[^\n]{0,24}[A-Z2-7]{16}",
    ),
    MaskingRule("account", _NAMED_LOGIN, _is_login),
)
