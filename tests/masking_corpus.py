"""What somebody may plant in a log, and what only looks like it: by kind, in many forms, with values drawn at random.

``planted()`` and ``innocent()`` give texts with their kind. None of the values was ever valid for anything.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aftershock.dataset.masking.seen import seen

PEOPLE = ("Jürgen Müller <jmueller@example.org>", "Alice Okonkwo", "Will Page", "Bo Li", "Søren Kjær", "zdenka", "Иван Петров", "王小明",
          "Miguel Ángel Hernández-Ruiz", "asmith42", "@tsveta", "Sara van der Meulen", "Dev Patel", "Tom Brown")  # fmt: skip
"""The people whom the columns of the log name."""

LETTERS, DIGITS = string.ascii_letters, string.digits
Value = Callable[[random.Random], str]


@dataclass(frozen=True)
class Planted:
    """``secret``: what must not be seen in the text once it is masked."""

    kind: str
    text: str
    secret: str


def _drawn(signs: str, least: int, most: int = 0) -> Value:
    return lambda draw: "".join(draw.choices(signs, k=draw.randint(least, most or least)))


def password(draw: random.Random) -> str:
    word = draw.choice(
        ("swordfish", "Winter", "hunter", "correctHorse", "geheim", "tr0ub4dor", "Pa55", "qwerty", "letmein", "Sommer")
    )
    return (
        word
        + draw.choice(("!", "#", "&", "$", "%x", "_", "-", "@"))
        + str(draw.randint(10, 9999))
        + draw.choice(("", "!", "x", "&REST", "Q"))
    )


def word_password(draw: random.Random) -> str:
    return draw.choice(("swordfish", "opensesame", "kingfisher", "lighthouse", "marmalade", "periwinkle"))


def key(draw: random.Random) -> str:
    return draw.choice("abcdef") + _drawn("abcdef" + DIGITS, 19, 31)(draw) + "7a"


def token(draw: random.Random) -> str:
    return draw.choice((
        "ghp_" + _drawn(LETTERS + DIGITS, 36)(draw), "glpat-" + _drawn(LETTERS + DIGITS, 20)(draw), "AKIA" + _drawn(string.ascii_uppercase + "234567", 16)(draw),
        "xoxb-" + _drawn(DIGITS, 12)(draw) + "-" + _drawn(LETTERS, 24)(draw), "sk_live_" + _drawn(LETTERS + DIGITS, 24)(draw),
        "npm_" + _drawn(LETTERS + DIGITS, 36)(draw), "AIza" + _drawn(LETTERS + DIGITS, 35)(draw), "hvs." + _drawn(LETTERS + DIGITS, 28)(draw),
        "dckr_pat_" + _drawn(LETTERS + DIGITS, 27)(draw), "glsa_" + _drawn(LETTERS + DIGITS, 32)(draw) + "_1a2b3c4d", "dop_v1_" + _drawn("abcdef" + DIGITS, 64)(draw),
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx" + _drawn(LETTERS, 8)(draw) + "." + _drawn(LETTERS + DIGITS, 43)(draw),
        "SG." + _drawn(LETTERS + DIGITS, 22)(draw) + "." + _drawn(LETTERS + DIGITS, 43)(draw), "shpat_" + _drawn("abcdef" + DIGITS, 32)(draw),
    ))  # fmt: skip


def mail(draw: random.Random) -> str:
    local = draw.choice(("jane.roe", "k.tanaka", "o.brien+ops", "noor", "first_last", "x.y.z"))
    return f"{local}{draw.randint(1, 99)}@{draw.choice(('mail', 'corp', 'eu'))}.{draw.choice(('example.org', 'example.co.uk', 'beispiel.de'))}"


def login(draw: random.Random) -> str:
    return draw.choice(("jroe", "ktanaka", "noor", "obrien", "lvega", "pchan")) + draw.choice(("", "2", "_adm"))


def ip(draw: random.Random) -> str:
    first = draw.choice(("10", "192.168", "172.20", "203.0", "198.51"))
    rest = [str(draw.randint(1, 254)) for _ in range(4 - len(first.split(".")))]
    return ".".join([first, *rest])


def private_ip(draw: random.Random) -> str:
    return f"10.{draw.randint(1, 254)}.{draw.randint(1, 254)}.{draw.randint(1, 254)}"


def host(draw: random.Random) -> str:
    return draw.choice(("db", "cache", "queue-a", "web")) + str(draw.randint(1, 30))


def mac(draw: random.Random) -> str:
    return ":".join(f"{draw.randint(16, 255):02x}" for _ in range(5)) + ":ab"


def card(draw: random.Random) -> str:
    body = draw.choice(("4", "51", "37", "6011")) + _drawn(DIGITS, 14)(draw)
    body = body[: 14 if body.startswith("37") else 15]
    for last in DIGITS:
        number = [int(d) for d in body + last]
        if (sum(number[-1::-2]) + sum(sum(divmod(2 * d, 10)) for d in number[-2::-2])) % 10 == 0:
            return body + last
    raise AssertionError("one of ten digits is the check digit")


def spaced_card(draw: random.Random) -> str:
    number = card(draw)
    sign = draw.choice((" ", "-"))
    return (
        sign.join((number[:4], number[4:10], number[10:]))
        if len(number) == 15
        else sign.join(number[i : i + 4] for i in range(0, 16, 4))
    )


def iban(draw: random.Random) -> str:
    country, length = draw.choice((("DE", 18), ("AT", 16), ("CH", 17), ("FR", 23), ("NL", 14), ("ES", 20)))
    account = _drawn(DIGITS, length)(draw)
    if country == "NL":
        account = "ABNA" + account[:10]
    number = "".join(str(int(c, 36)) for c in f"{account}{country}00")
    return f"{country}{98 - int(number) % 97:02d}{account}"


def phone(draw: random.Random) -> str:
    n = _drawn(DIGITS, 9)(draw)
    return draw.choice((f"+49 30 {n[:7]}", f"+1 (415) 555-0{n[:3]}", f"+44 20 7946 0{n[:3]}", f"0171 {n[:7]}", f"415-555-0{n[:3]}", f"+33 6 12 34 5{n[0]} {n[1:3]}",
                        f"+4930{n[:8]}", f"0049 30 {n[:7]}", f"+41-44-668-1{n[:3]}", f"(212) 555-0{n[:3]}"))  # fmt: skip


FORMS: dict[str, tuple[tuple[Value, tuple[str, ...]], ...]] = {
    "passwords by name": (
        (password, (
            "password={v}", "PGPASSWORD={v}", "DB_PASS={v}", "pass={v}", "pw={v}", "export MYSQL_PWD='{v}'", '"pass": "{v}"', '{{"password":"{v}","user":"x"}}',
            '{{\\"password\\":\\"{v}\\"}}', "password%3D{v}", "<password>{v}</password>", "<db:userPassword type=\"x\">{v}</db:userPassword>", "spring.datasource.password={v}",
            "Passwort: {v}", "Kennwort = {v}", "mot de passe : {v}", "contraseña: {v}", "senha: {v}", "wachtwoord: {v}", "пароль: {v}", "密码：{v}", "パスワード: {v}", "hasło: {v}",
            "mysql -u root -p{v} shop", "sshpass -p {v} ssh x", "sshpass -p'{v}' ssh x", "psql postgresql://app:{v}@db/x", "docker login -u ci -p {v}", "redis-cli -a {v}",
            "curl -u bob:{v} https://example.org", "**Password:** {v}", "| password | {v} |", "`password`: `{v}`", "the password is {v}", "password: {v}", "--db-password {v}",
            "- name: DB_PASSWORD\n  value: {v}", '{{"name": "DB_PASSWORD", "value": "{v}"}}', "ALTER USER app IDENTIFIED BY '{v}'", "login bot password {v}", "echo '{v}' | sudo -S ls",
            "new password {v}", "set the pw to {v}", "_password_: {v}", "<b>Password</b>: {v}", "password => '{v}'", "Server=db;Password={v};Database=x", "userPassword: \"{v}\"",
        )),
        (lambda d: "$" + d.choice(("ecret", "uper", "ommer")) + str(d.randint(10, 99)) + d.choice(("cret", "xQ", "!z")),
         ("password={v}", "PASSWORD={v}", "db_pass: {v}", '"password": "{v}"')),
        (lambda d: " ".join(d.sample(("copper", "violet", "saddle", "otter", "Kettle", "marble", "walnut", "pepper"), 4)), ("password: {v}", "Password: {v}", "passphrase: {v}", "seed phrase: {v}")),
        (key, ("REDISCLI_AUTH={v}", "SMTP_AUTH={v}", "SET PASSWORD FOR 'app' = '{v}'", "ALTER ROLE app PASSWORD '{v}'", "isql -U sa -P {v}", "bcp x out y -U sa -P {v}", "userPassword:: {v}", "unicodePwd:: {v}",
               "db:5432:shop:app:{v}", "jdbc:oracle:thin:scott/{v}@//db/x", "sqlplus scott/{v}@db", "impdp scott/{v}@db x", "### Password\n\n{v}", "- password\n  - {v}", "1. **password**\n2. {v}",
               "<details><summary>pw</summary>{v}</details>", "auth=('root', '{v}')", "login: root / {v}", "password was changed from {v} to x", "p4ssw0rd: {v}", "password (temporary): {v}", "snmp community string: {v}",
               "backup code: {v}", "Geheimnis: {v}", "jeton: {v}", "password={{{{x}}}}{v}", "root:$6$salt${v}:19000:0:99999:7:::")),
        (word_password, ("password={v}", "DB_PASS={v}", "Password: {v}", "passwd: {v}", '"password": "{v}"', "**Password:** {v}", "| Password | {v} |", "pass = '{v}'", "<password>{v}</password>")),
    ),
    "keys and tokens by name": (
        (key, (
            "api_key={v}", 'SECRET_KEY="{v}"', "secret_key_base: {v}", "secretAccessKey: {v}", '"clientSecret": "{v}"', "aws_secret_access_key = {v}", "X-Api-Key: {v}",
            "Authorization: Bearer {v}", "Authorization: Basic {v}", "auth_token={v}&user=1", "GET /x?access_token={v}&y=1", "--token {v}", "JWT_SECRET={v}", "client secret: {v}",
            "API key: {v}", "refreshToken='{v}'", "<apiKey>{v}</apiKey>", "encryption_key: {v}", "tokens: [\"{v}\"]", "webhook_secret={v}", "private_key = {v}", "| api key | {v} |",
            "api%5Fkey%3D{v}", "STRIPE_API_KEY: '{v}'", "bot_token: {v}", "credentials={v}", "license_key={v}", "signing key: {v}", "https://x.example.org/c?sv=1&sig={v}", "GET /x?auth={v}", "GET /x?key={v}&y=1", "MFA seed JBSWY3DPEHPK3PXP, token={v}", "bearer {v}",
        )),
    ),
    "session cookies": (
        (key, ("Cookie: sid={v}; theme=dark", "Set-Cookie: SESSION={v}; Path=/", "PHPSESSID={v}", "JSESSIONID={v}", "sessionid: {v}", "session cookie {v}".replace(" {v}", "={v}"),
               "connect.sid=s%3A{v}", "curl -H 'Cookie: auth={v}' x")),
    ),
    "tokens by form": ((token, ("{v}", "use {v} here", "({v})", "'{v}'", "x/{v}", "**{v}**", "`{v}`", "token {v}.")),),
    "private keys": (
        (_drawn(LETTERS + DIGITS, 64), ("-----BEGIN RSA PRIVATE KEY-----\n{v}\n-----END RSA PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\\n{v}\\n-----END PRIVATE KEY-----",
                                        "-----BEGIN OPENSSH PRIVATE KEY----- {v} -----END OPENSSH PRIVATE KEY-----", "```\n-----BEGIN EC PRIVATE KEY-----\n{v}\n```")),
    ),
    "mail addresses": (
        (mail, ("{v}", "write to {v}.", "<{v}>", "/{v}", "mailto:{v}", "[x](mailto:{v})", "by {v}, again", "**{v}**", '"{v}"', "user={v}", "a/b/{v}/c", "From: {v}")),
        (lambda d: login(d) + "@" + d.choice(("mailhost", "db7", "intranet", "localhost", "gw2")), ("{v}", "ask {v} now", "ssh {v}", "({v})")),
        (lambda d: f"{login(d)}@[10.1.2.{d.randint(2, 250)}]", ("{v}", "mail {v}")),
        (lambda d: f"{login(d)}@10.3.{d.randint(2, 250)}.7", ("ssh {v}", "{v}")),
    ),
    "logins in addresses": (
        (password, ("postgres://app:{v}@db/x", "https://ci:{v}@example.org/x.git", "amqp://u:{v}@mq:5672", "redis://:{v}@cache/0", "postgres://app:p%40ss%2F{v}@db:5432/x", "(mongodb+srv://a:{v}@c.example.net/x)")),
    ),
    "home folders": (
        (login, ("/home/{v}/x", "/Users/{v}/Desktop", "C:\\Users\\{v}\\x", "C:/Users/{v}/x", "/mnt/c/Users/{v}/x", "/export/home/{v}", "/home2/{v}/y", "c:\\\\users\\\\{v}\\\\x",
                 "~{v}/bin", "file:///home/{v}/x", "/var/home/{v}/.ssh", "D:\\Documents and Settings\\{v}\\x", "cd /home/{v}", "\\\\fs1\\home$\\{v}\\x",
                 "/homes/{v}/x", "/Volumes/Data Disk/Users/{v}/x", "/Volumes/Users/{v}", "/u/{v}/x", "/afs/cell/home/{v}", "/Home/{v}", "\\Users\\{v}\\x", "/home/ad.example.org/{v}/x")),
    ),
    "accounts of a domain": ((login, ("ACME\\{v}", "login ACME\\{v} failed", "user corp\\{v}", "as CONTOSO\\\\{v}", "EU-WEST\\{v} logged in", "runas acme\\{v}", "acme\\{v}", "acme\\{v} locked out", "uid=1001({v}) gid=100", "Accepted publickey for {v} from x",
                                       "session opened for user {v}", "LOGNAME={v}", "sudo: {v} : TTY=x")),),
    "telephone numbers": ((phone, ("{v}", "call {v}", "tel. {v}", "Phone: {v}", "({v})", "on-call is {v}.", "| phone | {v} |")),),
    "card numbers": ((card, ("{v}", "card {v} declined", "pan={v}")), (lambda d: spaced_card(d).translate({32: "_", 45: "/"}), ("{v}", "card {v} declined")), (spaced_card, ("{v}", "card {v} declined", "PAN: {v}."))),
    "bank accounts": (
        (iban, ("{v}", "IBAN {v}", "paid to {v}.", "iban={v}")),
        (lambda d: re.sub("(.{4})(?=.)", r"\1 ", iban(d)), ("{v}", "IBAN: {v} today", "({v})")),
    ),
    "IP addresses": (
        (ip, ("{v}", "on {v}:8080", "http://{v}/x", "{v}/24", "[{v}]", "host={v},", "ssh {v}.", "x-{v}".replace("x-", "to "), "from {v} to here")),
        (private_ip, ("db-{v}", "prod-{v}:22", "eu-west-{v} down", "version on {v} is old", "v{v}", "{v}-out", "ip{v}", "_{v}_", "node {v}; down")),
        (lambda d: f"fd00:{d.randint(1000, 9999)}::{d.randint(1, 99)}", ("{v}", "[{v}]:443", "on {v}")),
    ),
    "MAC addresses": ((mac, ("{v}", "eth0 {v} down", "({v})", "mac={v}")), (lambda d: mac(d).replace(":", "-").upper(), ("{v}", "nic {v}")), (lambda d: mac(d).replace(":", ""), ("ether {v}", "mac address {v}", "HWaddr={v}"))),
    "internal hosts": (
        (host, ("{v}.prod.internal", "http://{v}/x", "{v}:5432", "https://{v}.corp/x", "on {v}.lan", "{v}.svc:8080", "\\\\{v}\\share", "ssh {v}.home.arpa")),
        (host, ("scp x {v}:/tmp", "rsync -a x {v}:backup")),
        (lambda d: "10_" + "_".join(str(d.randint(1, 254)) for _ in range(3)), ("pod_{v}", "node_{v} down")),
        (lambda d: "ip-10-" + "-".join(str(d.randint(1, 254)) for _ in range(3)), ("{v}", "node {v} down", "{v}.ec2.internal")),
        (lambda d: f"{host(d)}.example.com:{d.choice((5432, 6379, 9200, 3306))}", ("{v}", "to {v}, again")),
    ),
    "secrets in tables": (
        (password, ("user,password\nbob,{v}", "host     user  password\ndb1      root  {v}\ndb2      app   x", "user\tpw\nbob\t{v}", "login;kennwort\nbob;{v}", "| user | password |\n|---|---|\n| bob | {v} |",
                    "INSERT INTO accounts (name, password) VALUES ('bob', '{v}')", "Name   Secret\n----   ------\nbob    {v}")),
        (word_password, ("user,password\nbob,{v}", "| user | password |\n|---|---|\n| bob | {v} |")),
    ),
    "drawn, near a word": (
        (_drawn("0123456789abcdef", 32), ("session {v} stolen", "the admin key {v}", "auth token: see {v}", "GenieKey {v}", "secret for the bot {v}")),
        (lambda d: "-".join(_drawn("0123456789abcdef", n)(d) for n in (8, 4, 4, 4, 12)), ("api key {v}", "private key {v}", "token {v} expired", "X-Consul-Token: {v}")),
        (lambda d: d.choice(("sq", "bk", "zz")) + "u_" + _drawn("0123456789abcdef", 40)(d), ("{v}", "found {v} in a log")),
    ),
    "personal numbers": (
        (lambda d: f"{d.randint(100, 899)}-{d.randint(10, 99)}-{d.randint(1000, 9999)}", ("SSN {v}", "social security number: {v}")),
        (lambda d: d.choice("CLX") + _drawn(DIGITS, 8)(d), ("passport no. {v}", "Reisepass {v}", "driver's license {v}")),
        (lambda d: _drawn(DIGITS, 11)(d), ("PESEL {v}", "Steuer-ID: {v}", "codice fiscale {v}", "routing number {v}")),
        (lambda d: f"19{d.randint(40, 99)}-{d.randint(10, 12)}-{d.randint(10, 28)}", ("date of birth: {v}", "geboren am {v}", "dob={v}")),
        (lambda d: f"{d.randint(30, 60)}.{_drawn(DIGITS, 6)(d)}, {d.randint(5, 40)}.{_drawn(DIGITS, 6)(d)}", ("located at {v}", "gps: {v}", "geo:{v}")),
    ),
}  # fmt: skip
PUBLIC_ONLY = ("IP addresses", "MAC addresses", "internal hosts")

NAMED = {
    "Müller": ("Jürgen Müller", "Müller", "müller", "MÜLLER", "Mueller", "mueller", "muller", "Mu\u0308ller", "JürgenMüller", "juergenmueller", "jmueller", "mueller_util", "fixMuellerLogin",
               "j.mueller", "Müller, Jürgen", "Jürgen", "juergen", "Ｍüller", "Müllers", "mueller2", "muellerfix", "testmueller", "M ü l l e r", "M\u00fcller".replace("r", "\u0433"), "M%C3%BCller"),
    "Okonkwo": ("Alice Okonkwo", "okonkwo", "OKONKWO", "AliceOkonkwo", "okonkwo_util", "alice.okonkwo", "aokonkwo", "alice", "O\u200bkonkwo", "**Okon**kwo", "okonkwo-fix", "@aokonkwo", "Okonkwo's", "okonkwofix", "OKONKWOFIX", "hotfixokonkwo", "Okonkwowi", "\u041ek\u043enkw\u043e"),
    "Page": ("Will Page", "will.page", "will_page", "WillPage", "wpage", "@page", "Page, Will"),
    "Li": ("Bo Li", "boli", "bo.li", "BoLi", "@li"),
    "Kjær": ("Søren Kjær", "Kjær", "kjaer", "Kjaer", "soeren", "soren", "SorenKjaer", "skjaer", "soeren.kjaer"),
    "zdenka": ("zdenka", "Zdenka", "ZDENKA", "zdenka_x", "@zdenka"),
    "Петров": ("Иван Петров", "Петров", "петров", "Petrov", "petrov", "ivan.petrov", "ipetrov"),
    "王小明": ("王小明", "小明"),
    "Hernández": ("Miguel Ángel Hernández-Ruiz", "Hernández", "hernandez", "Herna\u0301ndez", "mhernandez".replace("mh", "h"), "miguel.hernandez", "Ruiz", "ruiz/fix", "HERNÁNDEZ"),
    "tsveta": ("tsveta", "Tsveta", "@tsveta", "tsveta/fix", "TSVETA"),
    "Meulen": ("Sara van der Meulen", "vandermeulen", "svandermeulen", "svdmeulen", "van der Meulen", "meulen"),
    "Patel": ("Dev Patel", "patel", "Patel", "PATEL", "patel/fix", "dpatel", "patel_util"),
    "Brown": ("Tom Brown", "tom.brown", "tbrown", "Brown", "@brown"),
    "asmith42": ("asmith42", "@asmith42", "asmith42_test", "feature/asmith42-login", "ASMITH42"),
}  # fmt: skip
PIECES = tuple(
    seen(piece).lower()
    for piece in ("jürgen müller", "müller", "mueller", "jürgen", "juergen", "okonkwo", "alice", "will page", "will.page", "will_page", "willpage",
                  "wpage", "page", "bo li", "boli", "bo.li", "@li", "kjær", "søren", "soeren", "zdenka", "петров", "petrov", "王小明", "小明", "hernandez",
                  "ruiz", "asmith42", "tsveta", "meulen", "patel", "tom brown", "tom.brown", "tbrown", "brown")
)  # fmt: skip
"""What must not be left of a form."""
SAID = (
    "{v} rolled it back",
    "asked {v} for help",
    "reverted by {v}",
    "branch {v}/fix-login",
    "cc {v}",
    "merge of x (by {v})",
    "thanks to {v}",
)

DISGUISES: tuple[tuple[str, Callable[[str, random.Random], str]], ...] = (
    ("zero width", lambda t, d: _between(t, d, "\u200b")),
    ("byte order mark", lambda t, d: _between(t, d, "\ufeff")),
    ("bidi", lambda t, d: _between(t, d, "\u202e")),
    ("control", lambda t, d: _between(t, d, "\x01")),
    ("combining joiner", lambda t, d: _between(t, d, "\u034f")),
    ("soft hyphen", lambda t, d: _between(t, d, "\u00ad")),
    ("wide", lambda t, d: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c not in "%&\\" else c for c in t)),
    ("HTML", lambda t, d: "".join(f"&#{ord(c)};" if c in "@:=_" else c for c in t)),
    ("named HTML", lambda t, d: t.replace("@", "&commat;").replace("=", "&equals;").replace("_", "&lowbar;").replace(":", "&colon;")),
    ("Markdown", lambda t, d: t.replace("_", "\\_").replace("@", "\\@")),
    ("bold", lambda t, d: f"**{t[: len(t) // 2]}**{t[len(t) // 2 :]}" if t.isalnum() or "@" in t else t),
)  # fmt: skip


def _between(text: str, draw: random.Random, sign: str) -> str:
    places = {draw.randrange(1, len(text)) for _ in range(3)} if len(text) > 1 else set()
    return "".join(sign * (n in places) + c for n, c in enumerate(text))


def planted(seed: int = 13) -> Iterator[Planted]:
    """Every form of every kind, one disguise of each, and everybody under every form."""
    draw = random.Random(seed)
    for kind, groups in FORMS.items():
        for value, forms in groups:
            for form in forms:
                secret = value(draw)
                yield Planted(kind, form.format(v=secret), secret)
                secret = value(draw)
                _, disguise = draw.choice(DISGUISES)
                at = form.index("{v}")
                shown = secret if "\\" in form or "%" in form else disguise(secret, draw)
                yield Planted(
                    f"{kind}, disguised",
                    form[:at].replace("{{", "{").replace("}}", "}")
                    + shown
                    + form[at + 3 :].replace("{{", "{").replace("}}", "}"),
                    secret,
                )
    for _, forms in NAMED.items():
        for n, form in enumerate(forms):
            name = max((p for p in PIECES if p in seen(form).lower()), key=len)
            yield Planted("names of people", SAID[n % len(SAID)].format(v=form), name)
            yield Planted("names of people", SAID[(n + 3) % len(SAID)].format(v=form), name)


INNOCENT: dict[str, tuple[str, ...]] = {
    "commands": (
        "mongo -p 2701{d}", "mongod -p 27018 up", "mysql -p {w}", "docker run -u app:app {w}", "docker run -p 8080:80 -u {w}:{w} x", "redis-cli -p 6379 ping", "isql -U sa", "curl -u $USER:$PASS x",
        "password=$password", "password=$DB_PASSWORD", "password=${{PW}}", "auth=oauth2", "auth: basic", "HTTP_AUTH=none", "GET /x?key=order-created", "GET /x?key=user{n}", "?auth=required", "sig=SIGKILL",
        "password :: String", "db:{n}:x", "password: minimum length is {d}", "Password: login page is slow", "password: reset mails were delayed", "### Password\n\nThe reset failed", "- password\n- user",
        "<summary>password</summary>reset", "~~~sh\n{w} up\n~~~", "~~~bash", "auth(x, y)", "login: {w} / search", "password changed from old to new", "backup code path", "recovery key rotation", "csrf: enabled", "secret=my-secret", "credentials=include",
        "passwords: hashed", "password = input", "Bearer auth in {w}", "Basic plan users", "SESSION=none", "session: {w}", "snmp community meeting", "seed data for {w}", "USER=root", "su - postgres",
    ),
    "places": (
        "s3://{w}/2026/x", "gs://{w}/x", "file://{w}/y", "s3a://logs/{w}", "https://example/", "foo.local variable", "java.util.local", "obj.private", "window.local", "app.internal module", "dot.local storage",
        "this.private(x)", "TCP\\IP", "REGISTRY\\MACHINE", "DOMAIN\\USER format", "read\\write", "src\\{w}", "app\\models", "and\\or", "foo@bar decorator", "R@{d}", "precision@10", "revision foo@abc12{d}", "a@b mapping",
        "255.255.255.0", "255.255.{d}.0 mask", "AssemblyVersion 10.0.0.{d}", "assembly 4.0.0.0", "FileVersion 10.{d}.0.1", "agent-10.{d}.0.4", "{w}-10.{d}.0.4.tar.gz", "chart 10.{d}.8.6", "1.10.0.{d} chart", "§ 1.2.3.{d}",
        "/home/assets/{w}", "/home/static/x.css", "/home/images", "/u/", "/users/{n}", "/api/users/{w}", "ether down", "mac address table", "pod_{n}", "scp failed", "+1 234 567 890 bytes", "ask @{w}", "{w} of @angular/core",
        "martingale in {w}", "the brown fox in {w}", "brownout of {w}", "browned out", "dev patch of {w}", "a van der Waals force", "ABCDEF a b c d e f",
    ),
    "settings": (
        "max_tokens={n}", "license_key = Apache{d}", "signing key: rs256", "pwd: /var/www/html", "docker run -u {n}:{n} x", "token_count={n}", "tokens: {n}", "password_min_length = {d}",
        "secret_name: payments-db", "password_policy=strict", "key: value", "api_key: ${{API_KEY}}", "password=<redacted>", "password={{{{ vault.db }}}}", "token=$TOKEN", "secret=None",
        "password: string", "pass={d} fail={d}", "pass: {d}", "secretName: tls-{w}", "session timeout: {n}", "cookie_max_age={n}", "session_id: {d}", "partition key: {w}", "primary key = id",
        "foreign key: {w}_id", "sort key: {w}", "token: refresh failed", "password: reset flow fixed", "secret: rotate it", "key=value pairs", "hash key {w}", "pwd=/srv/{w}/app", "cache key: user-{n}",
        "password=self.password", "token = config.token", "passwordHash(x)", "secrets manager: {w}", "PASS: test_{w}", "keyboard: us", "monkey=1", "public key: rsa", "ssh key type: ed25519",
        "tokenizer={w}", "author: {w}", "compass=north", "password=true", "password field: empty", "credentials: expired", "max_password_age=90d", "token_ttl: 3600s", "key_id: {n}",
        "routing key: {w}.created", "ssl_key_file=/etc/ssl/{w}.key", "passthrough=on", "bypass: {w}", "secret_path: kv/{w}", "oauth token expired after {n} s", "the password is wrong", "sudo -u {w} ls",
    ),
    "versions": (
        "release 2.{d}.10.1", "version 4.0.{d}.0", "==1.2.{d}.4", "bump openssl to 1.1.{d}.7", "v2.{d}.1.3", "react@18.{d}.0", "actions/checkout@v{d}", "left-pad@1.{d}.0", "firmware 3.{d}.10.1",
        "log4j-2.{d}.10.1.jar", "chrome 120.0.{d}.99", "app:1.{d}.0.4-rc1", "kernel 5.{d}.0.12", "release 10.2.{d}.4", "upgrade to 7.{d}.1.0", "image@sha256:" + "9f86d081" * 8, "node@lts",
        "service@prod", "checkout@main", "pkg@next", "1.{d}.3", "build 2024.{d}.1.7", "Bump {w} from 1.{d}.2.3 to 1.{d}.2.4",
    ),
    "names of things": (
        "Abstract{W}Http2ConnectionHandlerFactoryBean3", "{w}ServiceV2IntegrationTestSuite2024Runner", "com.example.{w}.V2Controller", "self.private", "this.internal", "{w}.service", "getty@tty{d}.service",
        "VB-{n}-Create-CP-terraform-file-in-cloud-platform-2024-01-03", "status@2026-01-2{d}-ci.example.org", "std::string", "role::{w}::core", "std::vector<int> v{d}", "App\\Models\\{W}", "src\\main",
        "HKLM\\Software\\{W}", "ERROR\\nfoo", "git@github.com:example/{w}.git", "@Override", "runs @daily", "@media print", "@{w}/core is new", "icon@2x.png", "feature/{w}-v{d}", "{w}_util", "/home/page", "/home/dashboard",
        "/home/ubuntu/{w}", "/home/runner/work", "https://example.org/home/{w}", "~100 ms", "HEAD~{d}", "main.py:45", "line:{n}", "CRM457:2308", "port:{n}", "localhost:8080", "https://example.org/{w}?tab=repositories",
        "std::{w}", "http://localhost/x", "12:30:4{d}", "settings.local.yml", "{W}.local.json", "docker run -p 8080:80 x", "mkdir -p /srv/{w}", "ssh -p 22{d} x", "cp -p a b", "user/{w}/profile", "{w}.example.org",
    ),
    "numbers": (
        "{n} of {n} rows", "2026-01-28 10:0{d}:00", "took 1{n} ms", "+{d} -{d} lines", "id 1706{n}0000000", "order 12345678901234{d}6", "4111 1111 1111 1112", "DE00 3704 0044 0532 0130 00", "10.{d} %", "{n}-{n}",
        "2024-01-10T12:00:00Z", "1 000 000 requests", "3.1415926535", "0.00012{n}", "commit 3f2a9c1b7d8e4f60a1b2c3d4e5f60718293a4b5c", "uuid 123e4567-e89b-12d3-a456-42661417400{d}", "SHA1 aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd",
        "p99@peak", "10@night", "INC-2024-01-0{d}-415", "ticket 415555{n}", "epoch 17061{n}000", "00:0{d}:12", "100.{d}0 USD", "x{n}y", "#{n}", "rate 5{d}0/s", "20240110-1200{d}0",
    ),
    "words": (
        "the page will load", "graceful shutdown", "Page load is slow", "it will page the on-call", "mark as done by May", "the list is empty", "Do not deploy", "An outage of {w}", "rolled back by the {w} team", "grouped by page",
        "Ask the platform team", "the bill was paid", "a long page", "Will it scale?", "li element", "go to page {d}", "bo staff", "Rotate the secret of the {w} service", "the token has expired", "aws_key rotated; api key required",
        "API tokens for {w} were renewed", "change the password of the {w} user", "no credentials in {w}", "fix token refresh in {w}", "mail server of {w} down", "call the {w} API", "the phone app crashed", "card payments fail", "bank transfers are slow",
        "Home page: slow", "user {w} logged in", "a session was lost", "cookies are too large", "IBAN check in {w} fails", "MAC address table is full", "IP allow list of {w} changed", "key rotation of {w}", "ping from {w}", "thanks to caching",
    ),
}  # fmt: skip
_WORDS = ("checkout", "payments", "search", "billing", "gateway", "inventory", "orders", "catalog")


def innocent(seed: int = 13) -> Iterator[tuple[str, str]]:
    """(kind, text): each form in several values, bare and in a sentence."""
    draw = random.Random(seed)
    for kind, forms in INNOCENT.items():
        for form in forms:
            made = {
                form.format(n=draw.randint(1000, 9999), d=draw.randint(1, 9), w=(w := draw.choice(_WORDS)), W=w.title())
                for _ in range(3)
            }
            for n, text in enumerate(sorted(made)):
                yield kind, text if n != 1 else f"after the deploy, {text}"
