"""Secrets on command lines, where only the program says what an argument is: ``mysql -pX``, ``sshpass -p X``, ``curl -u a:X``."""

from __future__ import annotations

import re

from aftershock.dataset.masking.assignments import is_secret
from aftershock.dataset.masking.rule import MaskingRule


def _holds_password(value: str) -> bool:
    return not re.fullmatch(r"\d+:\d+", value) and is_secret(re.split("[:%]", value, maxsplit=1)[1])


_MYSQL = re.compile(
    r"\b(?:mysql\w*|mariadb(?:-\w+)?|mycli|sshpass|7z)\b[^\n|"
    r";&]{0,160}?\s-p ?(?P<it>\"[^\"\n]{1,100}\"|'[^'\n]{1,100}'|[^\s\"'|;&-][^\s\"'|;]{0,100})"
)
_LOGIN = re.compile(
    r"\b(?:(?:docker|podman|helm|az|oc|npm|skopeo|buildah|crane|twine|nerdctl)\b[^\n|;]{0,80}?\blogin|mongo\w*|rabbitmqadmin)\b"
    r"[^\n|;&]{0,120}?\s-p ?(?P<it>\"[^\"\n]{1,100}\"|'[^'\n]{1,100}'|[^\s\"'|;&-][^\s\"'|;]{0,100})"
)
_FLAGGED = re.compile(
    r"\b(?:redis-cli\b[^\n|;]{0,100}?\s-a|sqlcmd\b[^\n|;]{0,120}?\s-P|ldap\w+\b[^\n|;]{0,160}?\s-w|"
    r"requirepass|masterauth|rootpw|net use\b[^\n|;]{0,120}?\s/user:\S{1,60}"
    r"|rabbitmqctl (?:add_user|change_password) \S{1,60}|htpasswd -\w*b\w* \S{1,80} \S{1,60}|"
    r"openssl\b[^\n|;]{0,80}?\s-(?:k|K|pass(?:in|out)? pass:)|\bzip\b[^\n|;]{0,60}?\s-P|"
    r"passwd\s{1,2}<<<"
    r"|\b(?:ENV|setx?|export|define) \w{0,40}(?:PASS(?:WORD|WD)?|PWD|SECRET|TOKEN|KEY)[ ])"
    r"\s{0,2}(?P<it>\"[^\"\n]{1,100}\"|'[^'\n]{1,100}'|[^\s\"'|;&-][^\s\"'|;]{2,100})"
)
_USER_PAIR = re.compile(r"(?<![\w-])(?:-u|--user|--proxy-user|-U)[ =]*[\"']?(?P<it>[\w.@\\-]{1,60}[:%][^\s\"']{3,100})")
_PIPED = re.compile(
    r"\becho\s+(?:-n\s+)?(?P<it>\"[^\"\n]{2,100}\"|'[^'\n]{2,100}'|[^\s\"'|]{2,100})\s*\|"
    r"\s*[^\n]{0,80}?(?:--password-stdin|passwd --stdin|sudo -S|chpasswd)"
)
_SQL = re.compile(
    r"\b(?:identified\s+(?:with\s+\w+\s+)?by|(?:encrypted\s+)?password)\s+(?P<it>'[^'\n]{2,100}'|\"[^\"\n]{2,100}\")",
    re.IGNORECASE,
)
_NETRC = re.compile(r"\blogin\s+\S{1,80}\s+password\s+(?P<it>\S{2,100})", re.IGNORECASE)
_SQLPLUS = re.compile(r"\bsqlplus\s+(?:-\w+\s+){0,3}(?P<it>[\w.]{1,40}/[^\s@]{2,80})")

COMMAND_LINES: tuple[MaskingRule, ...] = (
    *(MaskingRule("password", pattern, is_secret) for pattern in (_MYSQL, _LOGIN, _FLAGGED, _SQL, _NETRC, _SQLPLUS)),
    MaskingRule("password", _PIPED, is_secret, screen=r"--password-stdin|passwd --stdin|sudo -S|chpasswd"),
    MaskingRule(
        "password",
        _USER_PAIR,
        _holds_password,
        screen=r"(?:-u|--user|--proxy-user|-U)[ =]*[\"']?[\w.@\\-]+[:%]",
    ),
)
