"""Secrets on command lines, where only the program says what an argument is: ``mysql -pX``, ``sshpass -p X``, ``curl -u a:X``."""

from __future__ import annotations

import re

from aftershock.dataset.masking.assignments import is_mixed, is_secret
from aftershock.dataset.masking.rule import MaskingRule

_ARGUMENT = r"\"[^\"\n]{1,100}\"|'[^'\n]{1,100}'|[^\s\"'|;&-][^\s\"'|;]{1,100}"
_SENDS_LOGINS = re.compile(
    r"\b(?:curl|wget|https?|xh|etcdctl|smbclient|rpcclient|jira|ab|siege|hey|elasticdump|lftp|ncftp|influx|nats|mosquitto_\w+|svn|k6)\b[^\n|;]{0,200}$"
)


def _pair(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """``-u user:password`` of a program that sends it; ``docker run -u app:app`` and ``-u 1000:1000`` are none."""
    value = match["it"]
    password = re.split("[:%]", value, maxsplit=1)[1]
    if re.fullmatch(r"\d+:\d+", value) or not is_secret(password):
        return None
    is_sent = _SENDS_LOGINS.search(text[max(match.start() - 200, 0) : match.start()])
    return match.span("it") if is_sent or (is_mixed(password) and match[0][1] not in "aA") else None


def _is_no_port(value: str) -> bool:
    return is_secret(value) and not re.fullmatch(r"\d{1,5}(?::\d{1,5})?", value)


def _is_no_database(value: str) -> bool:
    """Whether what stands apart from -p is a password: to MySQL it names a database, but people write it so."""
    return is_secret(value) and is_mixed(value.strip("\"'"))


_MYSQL = re.compile(
    rf"\b(?:(?:mysql\w*|mariadb(?:-\w+)?|mycli|7za?)\b[^\n|;&]{{0,160}}?\s-p|sshpass\b[^\n|;&]{{0,40}}?\s-p ?)(?P<it>{_ARGUMENT})"
)
_MYSQL_APART = re.compile(rf"\b(?:mysql\w*|mariadb(?:-\w+)?|mycli)\b[^\n|;&]{{0,160}}?\s-p (?P<it>{_ARGUMENT})")
_LOGIN = re.compile(
    r"\b(?:(?:docker|podman|helm|az|oc|npm|skopeo|buildah|crane|twine|nerdctl)\b[^\n|;]{0,80}?\blogin|mongo\w*|rabbitmqadmin|cqlsh|cypher-shell|neo4j|influx|rdesktop|mosquitto_\w+|impala-shell|beeline|pure-pw|ncftp\w*|clickhouse\S*|psexec|paexec|useradd|usermod)\b"
    rf"[^\n|;&]{{0,120}}?\s-p ?(?P<it>{_ARGUMENT})"
)
_FLAGGED = re.compile(
    r"\b(?:redis-cli\b[^\n|;]{0,100}?\s-a|(?:sqlcmd|isql|osql|tsql|fisql|bcp|ipmitool|cadaver|mosquitto_\w+|unzip)\b[^\n|;]{0,120}?\s-P|(?:valkey-cli|keydb-cli)\b[^\n|;]{0,100}?\s-a|"
    r"snmp\w+\b[^\n|;]{0,100}?\s-[cAX]|xfreerdp\b[^\n|;]{0,160}?\s/p:|wpa_passphrase \S{1,40}|nmcli\b[^\n|;]{0,120}?\spassword|"
    r"neo4j-admin\b[^\n|;]{0,60}?set-initial-password|mc alias set \S{1,40} \S{1,80} \S{1,60}|lftp\b[^\n|;]{0,80}?\s-u"
    r" [\w.@-]{1,40},|"
    r"(?:ro|rw)community|ldap\w+\b[^\n|;]{0,160}?\s-w|"
    r"requirepass|masterauth|rootpw|ansible-vault encrypt_string|ConvertTo-SecureString(?: -String)?"
    r"|\brar\b[^\n|;]{0,60}?\s-h?p|net use\b[^\n|;]{0,120}?\s/user:\S{1,60}"
    r"|rabbitmqctl (?:add_user|change_password) \S{1,60}|htpasswd -\w*b\w* \S{1,80} \S{1,60}|"
    r"openssl\b[^\n|;]{0,80}?\s-(?:k|K|pass(?:in|out)? pass:)|\bzip\b[^\n|;]{0,60}?\s-P|"
    r"passwd\s{1,2}<<<"
    r"|\b(?:ENV|setx?|export|define) \w{0,40}(?:PASS(?:WORD|WD)?|PWD|SECRET|TOKEN|KEY)[ ])"
    r"\s{0,2}(?P<it>\"[^\"\n]{1,100}\"|'[^'\n]{1,100}'|[^\s\"'|;&-][^\s\"'|;]{2,100})"
)
_USER_PAIR = re.compile(
    r"(?<![\w-])(?:-u|--user|--proxy-user|-U|--auth|-[aA](?=[ ]))[ =]*[\"']?(?P<it>[\w.@\\-]{1,60}[:%][^\s\"']{3,100})"
)
# Where a program takes a password with no flag before it
_NAKED = re.compile(rf"(?:\bnet user \S{{1,40}}|(?:^|[\n>;] ?)AUTH) (?P<it>{_ARGUMENT})")
_PIPED = re.compile(
    r"\b(?:echo|printf)\s+(?:-n\s+)?(?P<it>\"[^\"\n]{2,100}\"|'[^'\n]{2,100}'|[^\s\"'|]{2,100})\s*\|"
    r"\s*[^\n]{0,80}?(?:--password-stdin|passwd --stdin|sudo -S|chpasswd)"
)
_SQL = re.compile(
    r"\b(?:identified\s+(?:with\s+\w+\s+)?by\s+(?:password\s+)?|(?:encrypted\s+)?password\s+|set\s+password\s+(?:for\s+\S{1,80}\s+)?(?:=|to)\s*(?:password\()?)"
    r"(?P<it>N?'[^'\n]{2,100}'|\"[^\"\n]{2,100}\"|(?<=[bB][yY]\s)[^\s;'\"]{3,60}(?=\s*(?:;|$|\n)))",
    re.IGNORECASE,
)
_NETRC = re.compile(r"\blogin\s+\S{1,80}\s+password\s+(?P<it>\S{2,100})", re.IGNORECASE)
_SQLPLUS = re.compile(
    r"(?:\b(?:sqlplus|sqlcl|impdp|expdp|sqlldr|rman target|tnsping|exp|imp|conn(?:ect)?)\s+(?:-\w+\s+){0,3}(?:userid=)?"
    r"|jdbc:oracle:\w{2,6}:)"
    r"(?P<it>[\w.]{1,40}/[^\s@\"'/]{2,80})(?=@|\s+as\s+sys|\s*$)",
    re.IGNORECASE | re.MULTILINE,
)

COMMAND_LINES: tuple[MaskingRule, ...] = (
    *(MaskingRule("password", pattern, is_secret) for pattern in (_MYSQL, _FLAGGED, _SQL, _NETRC, _SQLPLUS)),
    MaskingRule("password", _LOGIN, _is_no_port),
    MaskingRule("password", _NAKED, _is_no_database),
    MaskingRule("password", _MYSQL_APART, _is_no_database),
    MaskingRule("password", _PIPED, is_secret, screen=r"--password-stdin|passwd --stdin|sudo -S|chpasswd"),
    MaskingRule(
        "password",
        _USER_PAIR,
        place=_pair,
        screen=r"(?:-u|--user|--proxy-user|-U|--auth|-[aA])[ =]*[\"']?[\w.@\\-]+[:%]",
    ),
)
