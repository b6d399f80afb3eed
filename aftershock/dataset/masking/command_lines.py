"""Secrets on command lines, where only the program says what an argument is: ``mysql -pX``, ``sshpass -p X``, ``curl -u a:X``."""

from __future__ import annotations

import re

from aftershock.dataset.masking.rule import MaskingRule
from aftershock.dataset.masking.secret_values import is_mixed, is_secret

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
    rf"\b(?:(?:mysql\w*|mariadb(?:-\w+)?|mycli|7za?)\b[^\n|;&]{{0,160}}?[\s\"',]-p|"
    rf"sshpass\b[^\n|;&]{{0,40}}?\s-p ?)(?P<it>{_ARGUMENT})"
)
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
    r"requirepass|auth_pass|bind_?pw|ldap_default_authtok(?: =)?|\w{0,20}[Pp]assword\s+REG_SZ\s*|"
    r"schtasks\b[^\n|;]{0,160}?\s/rp|masterauth|"
    r"rootpw|ansible-vault encrypt_string|ConvertTo-SecureString(?: -(?:String|AsPlainText|Force))*"
    r"|\brar\b[^\n|;]{0,60}?\s-h?p|net use\b[^\n|;]{0,120}?\s/user:\S{1,60}"
    r"|rabbitmqctl (?:add_user|change_password) \S{1,60}|htpasswd -\w*b\w* \S{1,80} \S{1,60}|"
    r"ssh-keygen\b[^\n|;]{0,120}?\s-[NP]|openssl\b[^\n|;]{0,80}?\s-(?:k|K|pass(?:in|out)? pass:)|\bzip\b[^\n|;]{0,60}?\s-P|"
    r"(?:passwd|kinit|cryptsetup|sudo -S|su)\b[^\n|;]{0,60}?<<<|"
    r"(?i:login\s+\S{1,80}\s+password)|USER\s+\S{1,80}\s+PASS|chpasswd\b[^\n|;]{0,20}<<<\s?[\"']?[\w.-]{1,40}:|"
    r"secrets? (?:set|put|add)\b[^\n|;]{0,80}?\s[\w.-]{1,60}=|"
    r"(?:secrets?|secretsmanager|keyvault|ssm)\b[^\n|;]{0,160}?\s--(?:value|body|secret-string|string-value)[ =]|"
    r"\bpassword [0578](?=[ ])|snmp-server community|pre-shared-key|key-string(?: [07])?"
    r"|(?i:pass\w{0,8}[_-]?c(?:omman|m)d)\s{0,2}[:=]?\s{0,2}[\"']?(?:echo|printf)(?: -n)?"
    r"|\b(?:ENV|setenv|setx?|export|define) \w{0,40}(?:PASS(?:WORD|WD)?|PWD|SECRET|TOKEN|KEY)[ ])"
    r"\s{0,2}(?P<it>\"[^\"\n]{1,100}\"|'[^'\n]{1,100}'|[^\s\"'|;&-][^\s\"'|;]{2,100})"
)
_USER_PAIR = re.compile(
    r"(?<![\w-])(?:-u|--user|--proxy-user|-U|--auth|-[aA](?=[ ]))[ =]*[\"']?(?P<it>[\w.@\\-]{1,60}[:%]"
    r"(?:[^\s\"']| (?=[^\s\"']{1,40}[\"'](?:\s|$))){3,100})"
)
# Where a program takes a password with no flag before it
_NAKED = re.compile(
    rf"(?:\bnet user \S{{1,40}}|\bsmbclient (?:-U \S{{1,40}} )?[\"']?[/\\]{{2,4}}[^\s\"']{{1,80}}[\"']?|"
    rf"\brclone\b[^\n|;]{{0,120}}? (?:obscure|pass\w{{0,6}}|\w{{0,20}}(?:secret|token|_key)\w{{0,8}})|"
    rf"(?:^|[\n>;] ?)AUTH) (?P<it>{_ARGUMENT})"
)
_PIPED = re.compile(
    r"\b(?:echo|printf)\s+(?:-[ne]{1,2}\s+)?(?P<it>\"[^\"\n]{2,100}\"|'[^'\n]{2,100}'|[^\s\"'|]{2,100})\s*\|"
    r"\s*[^\n]{0,80}?(?:--password-stdin|passwd --stdin|sudo -S|chpasswd|passwd [a-z])"
)
_SQL = re.compile(
    r"\b(?:identified\s+(?:with\s+\w+\s+)?by\s+(?:(?:password|values)\s+)?|(?:encrypted\s+)?password\s+|set\s+password\s+(?:for\s+\S{1,80}\s+)?(?:=|to)\s*(?:password\()?|(?:pgp_sym|aes)_(?:en|de)crypt\w*\([^()\n]{1,80},\s?|(?:encryptbypassphrase|\bcrypt)\()"
    r"(?P<it>N?'[^'\n]{2,100}'|\"[^\"\n]{2,100}\"|(?<=[bB][yY]\s)[^\s;'\"]{3,60}(?=\s*(?:;|$|\n|using\b|default\b|account\b|require\b|with\b)))",
    re.IGNORECASE,
)
_SMTP = re.compile(
    r"\bAUTH (?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5) (?P<it>(?=[A-Z]*[a-z])(?=[a-z]*[A-Z0-9])[A-Za-z0-9+/]{8,400}={0,2})(?![\w-])"
)
_SQLPLUS = re.compile(
    r"(?:\b(?:sqlplus|sqlcl|impdp|expdp|sqlldr|rman target|tnsping|exp|imp|conn(?:ect)?)\s+(?:-\w+\s+){0,3}(?:userid=)?"
    r"|jdbc:oracle:\w{2,6}:)"
    r"(?P<it>[\w.]{1,40}/[^\s@\"'/]{2,80})(?=@|\s+as\s+sys|\s*$)",
    re.IGNORECASE | re.MULTILINE,
)

COMMAND_LINES: tuple[MaskingRule, ...] = (
    *(MaskingRule("password", pattern, is_secret) for pattern in (_MYSQL, _FLAGGED, _SQL, _SMTP, _SQLPLUS)),
    MaskingRule("password", _LOGIN, _is_no_port),
    MaskingRule("password", _NAKED, _is_no_database),
    MaskingRule("password", _PIPED, is_secret, screen=r"--password-stdin|passwd --stdin|sudo -S|chpasswd|passwd [a-z]"),
    MaskingRule(
        "password",
        _USER_PAIR,
        place=_pair,
        screen=r"(?:-u|--user|--proxy-user|-U|--auth|-[aA])[ =]*[\"']?[\w.@\\-]+[:%]",
    ),
)
