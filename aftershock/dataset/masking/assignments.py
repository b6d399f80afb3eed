"""Secrets that a name gives away: ``DB_PASS=…``, ``"secretAccessKey": "…"``, ``<password>…</password>``, ``| password | … |``.

A name is taken apart into its words, so that ``max_tokens``, ``secret_name`` and ``license_key = Apache2`` are none. What
counts as its value depends on how sure the sign between them is: ``password=x`` assigns, ``password: reset`` may be a
sentence. All of it is read in the form of :mod:`aftershock.dataset.masking.seen`.
"""

from __future__ import annotations

import re

from aftershock.dataset.masking.rule import MaskingRule
from aftershock.dataset.masking.secret_values import (
    PATH,
    SPACED,
    WORDS,
    accepted,
    is_mixed,
    is_no_sentence,
    is_random,
    is_secret,
    kind_of_name,
    says_nothing,
)
from aftershock.dataset.masking.seen import seen
from aftershock.dataset.masking.word_lists import CODE_ROOTS, HOLDERS, KEY_PHRASES, PASSWORD_WORDS, SERVICE_NAMES


def _longest_first(word: str) -> tuple[int, str]:
    """So that a word is not taken for one that it begins with; the same order in every process."""
    return -len(word), word


_FOREIGN = sorted({seen(w) for w in PASSWORD_WORDS if not w.isascii()}, key=_longest_first)
_SPACED = sorted(SPACED, key=_longest_first)
_KEYS = sorted(map(seen, KEY_PHRASES), key=_longest_first)

_CORE = (
    r"(?P<core>pass(?:word|wd|phrase|code|wort|ord)?|pwd|psk|pw|secret|segreto|segredo|geheimnis|jeton|hemmelighet|tajemnica|token|credential"
    r"|authorization|cookie|csrf|xsrf|sess(?:ion)?|sid"
    r"|cred|key|_auth(?=\s?=)|"
    + "|".join(
        map(re.escape, (*_KEYS, *_SPACED, *sorted(WORDS - {"pass", "pw", "pwd"}, key=_longest_first), *_FOREIGN))
    )
    + ")"
)
_REST = (
    r"(?P<rest>[\w.-]{0,40}?(?:[ _-](?:key|secret|token|base|id|cookie|value|code|hash))?s?"
    + r"(?:[ ]{1,2}(?:for|of|on|to|from|in|de|del|du|des|der|dem|zur|k|pour|fur|von|vom|di|da|do|van|"
    + "|".join(map(seen, ("от", "для", "к")))
    + r")[ ]{1,2}(?:the |a |la |le |den |die |das )?[^\W\d][\w.-]{0,30}"
    r"(?:[ ][^\W\d][\w.-]{0,30}(?=[ ](?:is|was|ist|est|es|e)[ ]|[ ]?[:=]))?){0,2}(?:[ ]?[(][^()\n]{1,30}[)])?)"
)
_TAGS = r"(?:\s{0,2}</?[A-Za-z][^<>\n]{0,60}>){0,3}"
_IS = (
    r"(?:(?:is|was|are|has been|ist|wurde|fue|est)[ ](?:now |jetzt |nun )?)?(?:(?:set|changed|reset|rotated|updated)[ ]to|"
    r"(?:geandert|gesetzt|zuruckgesetzt)[ ]auf|(?:gewijzigd|veranderd)[ ](?:naar|in)|changee?[ ]en|remplacee?[ ]par|"
    r"(?:cambiad|alterad|mudad|cambiat|modificat)[ao][ ](?:a|por|para|in))|"
    r"had been|heisst|wurde auf|wurde zu|ist jetzt|ist nun|(?:is|was|are) (?:now|still)|(?:will|should|must) be|"
    r"is|was|are|ist|war|lautet|est|es|era|var|e|je|jest|ar|er|on|now|to|la|este|adalah|-{1,2}"
)
_IS_ATTACHED = "|".join(map(seen, ("是", "为", "は", "が", "는", "은", "이", "가")))
_SIGN = (
    r"(?P<sign>\\{0,3}[\"'][\s,/:{=]{0,6}\\{0,3}[\"']?(?:value|default)\\{0,3}[\"']?\s{0,3}[:=]\s{0,3}|[\"'`\])*_\\]{0,6}"
    + _TAGS
    + r"(?:[ ](?:used|again|now|today|#\d{1,2}))?"
    r"\s{0,3}(?:=>|:=|[?+]?={1,3}|:(?!:|//)|(?<=\w)::(?=[ ])|->|\.{3}|:\s?[a-z&<>\[\]]{2,20}\s?=(?=\s?[\"'`]))[*_]{0,3}"
    + _TAGS
    + r"(?:\s{0,3}[|>][+-]?\s{0,2}\n|\s{0,3}(?:&|!!)\w{1,30}[ ](?=\S)|\s{0,3}!(?:unsafe|str|string|raw|literal)[ ])?\s{0,12}"
    r"|[\"'`*_]{0,3}\s{0,12}\|\s{0,12}|[\"'`*_]{0,3}[ \t]{1,4}(?:" + _IS + r")(?:[ \t]{1,3}|:\s{0,2})"
    r"|\s{0,3}[\n,]\s{0,12}[\"']?value[\"']?\s{0,3}[:=]\s{0,3}|[ \t]+(?=[\"'`])|\(\s{0,2}(?=[\"'])|\s{0,2}(?:"
    + _IS_ATTACHED
    + r")\s{0,2}:?|(?=[「『【]))"
)
_LEADS_ON = re.compile(r"[\"'`*_]*\s*(?:to|on|now|-{1,2})\s*")
_ATTACHED = re.compile(rf"\s*(?:{_IS_ATTACHED})\s*:?")
_VALUE = (
    r"(?:(?P<q>\\{0,3}[\"'`])(?P<quoted>(?:(?!(?P=q))(?:\\.|[^\n])|(?P=q){2}(?=\w)){1,400})(?P=q)|"
    r"(?P<bare>[^\s\"'`]\S{0,400}|[\"'`]\S{1,400}))"
)
_ASSIGNED = re.compile((_CORE + _REST + _SIGN + _VALUE).replace("A-Z", ""))
_SCREEN = (
    r"(?i)(?:pass|pw|psk|secret|segreto|segredo|geheimnis|jeton|hemmelighet|tajemnica|token|cred|authorization|cookie|csrf|xsrf|sess|sid|key|_auth|"
    + "|".join(map(re.escape, (*_KEYS, *_SPACED, *sorted(WORDS), *_FOREIGN)))
    + r")[\w.-]*(?:[ _-][^\s:=|]+){0,4}[\"'`\])*_\\]*(?:</?[a-z][^<>]*>|\s)*(?:[=:|>,/\"']|\.\.\.|value|\(|(?:"
    + _IS
    + r")[ \t:]|(?:"
    + _IS_ATTACHED
    + "|[「『【]))"
)

_ELEMENT = re.compile(
    r"<[\w:.-]{0,40}?(?P<name>[\w.-]{2,60})(?:\s[^<>]{0,120})?>\s{0,20}(?:<!\[CDATA\[)?(?P<it>[^<>\s][^<>]{0,300}?)(?:\]\]>)?\s{0,20}</"
)
_LISTED = re.compile(r"(?P<name>[\w.-]{2,60})[\"']{0,2}\s{0,3}[:=]\s{0,3}\[(?P<it>[^\[\]]{4,600})\]")

_BASE64_BEFORE = re.compile(r"(?=[A-Za-z+/]*\d)(?=[a-z\d+/]*[A-Z])[A-Za-z\d+/]{7,}[+/]$")


def _is_long_or_has_digit(value: str) -> bool:
    return bool(re.search(r"\d", value)) or len(value) >= 12


def _is_mixed_secret(value: str) -> bool:
    return is_secret(value) and is_mixed(value)


_TAIL = re.compile(
    r"[,;](?=\s|$|[\w.\"'-]+\s{0,2}[=:])|[\"'`](?=[,;:)\]}\s]|$)|<(?=[/a-zA-Z!])|"
    r"\\[nrt\"'](?=[\s,;:)\]}\w]|$)|\|(?=\s|$)|(?:&&|\|\|)"
)
_QUOTED_WORDS = re.compile(r"(?: [^\s\"'=]+){1,5}(?=[\"'](?:\s|$))")  # Environment="DB_PASSWORD=two words"
_QUERY_TAIL = re.compile(r"[&#]")


def _bare_end(text: str, start: int, end: int, *, in_query: bool) -> int:
    """Where an unquoted value ends: at what separates it from the next one, without the sentence's own signs."""
    value = text[start:end]
    tail = _TAIL.search(value, 1)
    value = value[: tail.start()] if tail else value
    if in_query and (cut := _QUERY_TAIL.search(value)):
        value = value[: cut.start()]
    while value:
        last = value[-1]
        closes = {")": "(", "]": "[", "}": "{", ">": "<"}.get(last)
        if last in ".,;:\"'`" or (closes and value.count(closes) < value.count(last)):
            value = value[:-1]
        else:
            break
    return start + len(value)


def _assigned(match: re.Match[str], text: str) -> tuple[int, int] | None:
    begin = match.start()
    while begin and (text[begin - 1].isalnum() or text[begin - 1] in "_.-$"):
        begin -= 1
    is_drawn = match.end("rest") - begin > 30 and text[begin : match.end("rest")].isalnum()
    if match["sign"].startswith("=") and (is_drawn or _BASE64_BEFORE.search(text, max(begin - 40, 0), begin)):
        return None  # the end of something in Base64
    if re.search(r"\barn:[\w:-]*$", text[max(begin - 80, 0) : begin]):
        return None
    lead = re.search(r"(?:[A-Za-z]{2,12}[ ])?$", text[max(begin - 13, 0) : begin])
    name = text[begin : match.end("rest")]
    kind = (
        "key"
        if match["core"] in _KEYS
        else "password"
        if match["core"] in (*_FOREIGN, *_SPACED)
        else kind_of_name(name)
    )
    if not kind and lead and name.lower().rstrip("s") in ("key", "cookie"):
        kind = kind_of_name(f"{lead[0].strip()}_{name}")
    sign = match["sign"]
    if not kind:
        return None
    if match["quoted"] is not None:
        start, end = match.span("quoted")
        # A quote may end a sentence, and `"Password: x"` begin before the name.
        value = text[start:end].strip()
        span = match.start("q"), match.end()
        is_whole = True
        if "(" in sign and not re.match(r"(?i)set|with|login|auth|encrypt", name.rpartition(".")[2]):
            return None
        if match["q"] == "`" and " " in value and sign == "=":
            return None  # what a command prints
        if re.match(r"\w|[\"'](?=\S)", text[match.end() : match.end() + 2]):  # a quote within, escaped twice
            span = (
                span[0],
                match.end() + (re.compile(r"[^\s,}\]]*").match(text, match.end()) or match).end() - match.end(),
            )
        if not re.search(r"[=:|(]|value|default|" + _IS, sign) and not (kind == "password" and is_mixed(value)):
            return None
        is_plain = _is_plain_secret(name, sign, value)
        return span if is_plain or accepted(kind, value, sign, quoted=True, whole=is_whole) else None
    start, end = match.span("bare")
    if text[start] in "\"'`":
        start += 1
    end = _bare_end(text, start, end, in_query=begin > 0 and text[begin - 1] in "?&")
    if "|" in sign:
        cell = re.compile(r"[^|\n]{1,200}?(?=\s*(?:\||$|\n))").match(text, start)
        end = cell.end() if cell and len(cell[0].split()) <= 4 and "|" in text[cell.end() : cell.end() + 3] else end
    words = _QUOTED_WORDS.match(text, end) if kind == "password" and begin and text[begin - 1] in "\"'" else None
    end = words.end() if words else end
    whole = re.match(r"[.;,\"'`)}\]]*[ \t]*(?:$|\n|\||<|-->)", text[end:]) is not None
    value = text[start:end]
    if _ATTACHED.fullmatch(sign) and not re.search("[A-Za-z0-9]", value):
        return None  # a sentence goes on
    if not sign and not is_mixed(re.split("[」』】]", value)[0]):
        return None  # a button's name
    if not value or (value.lower() in ("bearer", "basic", "token") and kind != "password"):
        return None
    if re.search(r"\s(?:" + _IS + r")\b", sign) and whole and "=" not in sign and ":" not in sign:
        whole = False  # "the password is wrong"
    is_said = kind == "password" and name.lower() != "passes" and not value.isalpha() and " on" not in sign
    if _LEADS_ON.fullmatch(sign) and not is_said and not is_random(value):
        return None  # "add credentials to GitHub", "it passes on live-1"
    if sign == "|" and begin and text[begin - 1] in "|(":
        return None  # "hit|miss|pass|fetch"
    if name.rpartition(" ")[2].lower() in HOLDERS and re.fullmatch(r"[a-z\d]+(?:[-/.][a-z\d]+)+|[a-z]+", value):
        return None  # "secrets in namespace: shop-1"
    if name.lower() == "pass" and ":" in sign:  # "PASS: test_orders"
        whole = whole and name == "pass" and len(value) > 4 and value.isalpha() and says_nothing(value)
    is_plain = whole and _is_plain_secret(name, sign, value)
    return (start, end) if is_plain or accepted(kind, value, sign, quoted=False, whole=whole) else None


def _is_plain_secret(name: str, sign: str, value: str) -> bool:
    """Whether all that is behind "secret:" is a word that nothing in a network or a sentence is called."""
    return (
        name.lower().endswith("secret")
        and re.search("[:=](?!>)", sign) is not None
        and re.fullmatch(r"[^\W\d_]{4,40}", value) is not None
        and re.search("secret|token|cred|cert|key|conf|auth|pass", value.lower()) is None
        and is_no_sentence(value)
        and value.lower() not in SERVICE_NAMES | CODE_ROOTS
    )


def named(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """What an element, an attribute or a call holds whose name says that it is secret."""
    kind = kind_of_name(match["name"])
    value = match["it"].strip("\"' ")
    return match.span("it") if kind and accepted(kind, value, "=", quoted=True, whole=True) else None


def _put(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """What a store is given under a name: ``etcdctl put /db/password X``, ``aws configure set aws_secret_access_key X``."""
    kind, value = kind_of_name(re.split("[/:]", match["name"])[-1]), match["it"].strip("\"'")
    is_whole = text[match.end() : match.end() + 1] in ("", "\n")
    is_name = re.search(r"[/:._]", match["name"]) is not None and says_nothing(value)
    return match.span("it") if kind and is_name and accepted(kind, value, " ", quoted=False, whole=is_whole) else None


def _all_listed(match: re.Match[str], text: str) -> tuple[int, int] | None:
    kind = kind_of_name(match["name"])
    values = re.findall(r"[^\s\"',]+", match["it"])
    return match.span("it") if kind and any(is_secret(v) and is_mixed(v) and len(v) >= 4 for v in values) else None


_HEADER = re.compile(
    r"\b(?:set-)?cookie[\"']?\s{0,2}[:=]\s{0,3}[\"']?(?!(?:samesite|path|domain|expires|max-age)=)"
    r"(?P<it>[\w.-]{1,60}=[^\s\"'<>]{4,}(?:;[ ]?[^\s\"'<>;]{1,200}){0,20})",
    re.IGNORECASE,
)
_LOGGED_IN = re.compile(
    r"(?<![\w.-])[\w.-]{0,40}(?:logged_in|_sec|remember(?:_web)?|session)_[0-9a-f]*\d[0-9a-f]*=(?P<it>[^\s;\"'<>]{6,600})"
)
_AUTHORIZATION = re.compile(
    r"\bauthorization[\"']?\s{0,2}[:=]\s{0,3}[\"']?(?:[A-Za-z]{3,20} +)?(?P<it>[A-Za-z0-9._~+/=:-]{8,600})",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"\b(?:credentials?|creds|wi-?fi|wlan|logins?|log(?:ged|ging)?[ ]?(?:in|on)|"
    r"sign(?:ed)?[ ]?in|user/pass(?:word)?|zugangsdaten|zugang|"
    r"identifiants|accesso|acceso)[:= ]{1,3}(?:(?:is|are|was|were|now|with|as|attempt|using|for|the|via)[: ]{1,2}){0,3}[\[(\"'`]?"
    r"[\w.@-]{1,40}(?:[:/]|[ ]/[ ]|[ ]with[ ](?:password[ ])?)(?P<it>[^\s\"',;\])]{4,80})",
    re.IGNORECASE,
)
_PUT = re.compile(
    r"\b(?:put|set|write) (?P<name>[\w./:-]{3,80}) "
    r"(?P<it>\"[^\"\n]{1,200}\"|'[^'\n]{1,200}'|[^\s\"'-][^\s\"']{2,200})"
)
_PIN = re.compile(
    r"\b(?:pin(?! 19\d\d\b| 20\d\d\b)|otp|tan|puk|(?:2fa|mfa|verification|auth|one-time|security) "
    r"code)(?:[ -]code)?(?: is| was|:|=| )\s{0,2}[(]?(?P<it>\d{4,8}|\d{3}[ -]\d{3})(?![\w.:/-]|,\d)",
    re.IGNORECASE,
)
_PLAIN_FLAG = re.compile(
    r"(?<![\w-])--?(?P<name>[\w-]{2,40})(?:[ ]+|[\"'],\s{0,3}(?=[\"']))"
    r"(?P<it>\"[^\"\n]{1,200}\"|'[^'\n]{1,200}'|[^\s\"'-][^\s\"']{2,200})"
)
_PROSE = re.compile(
    r"\b(?:"
    + "|".join(sorted({*WORDS, *_SPACED, *_FOREIGN} - {"pass"}, key=_longest_first))
    + r"|(?:wi-?fi|wlan|wpa\d?) (?:key|schlussel))(?: (?:for|of|"
    + "|".join(map(seen, ("от", "для", "к")))
    + r") [^\s\"'<>:=]{2,30})?(?:'s)?,?[ \t]{1,2}[(]?(?P<it>[^\s\"'<>()]{6,80})"
)
_PROSE_BEFORE = re.compile(
    r"(?<!\S)(?P<it>[^\s\"'<>]{6,80}) (?:as|is|was|for) (?:(?:the|our|your|his|her|new|old|temporary|admin|root|default|das) ){0,3}"
    r"(?:password|passwd|passphrase|passwort|kennwort|pw|pwd)\b",
    re.IGNORECASE,
)
# "jo@shop.example / X", on one line; with a space between them where somebody logs in or nothing follows
_MAIL_PAIR = re.compile(
    r"(?P<in>(?i:\b(?:log(?:ged|ging)?[ -]?(?:in|on)|sign(?:ed)?[ -]?in|login|credentials?|account|user)\b)[^\n@]{0,30}?)?"
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"
    r"(?:[ ]?[:/|][ ]?|[ ]{1,3}(?(in)|(?=\S+[ \t]*(?:$|\n))))(?!\d{4}-\d\d)(?P<it>[^\s\"'<>()|,;/]{6,80})"
)
# "admin:X", in a sentence
_ADMIN = re.compile(r"(?<![\w/.:@-])(?:root|admin|administrator|sysadmin|superuser|sa):(?P<it>[^\s\"'<>,;:/@]{6,80})")


def _flag(match: re.Match[str], text: str) -> tuple[int, int] | None:
    kind = kind_of_name(match["name"])
    value = match["it"]
    end = match.end("it") if value[0] in "\"'" else _bare_end(text, *match.span("it"), in_query=False)
    is_plain = kind != "password" and not is_mixed(value)
    return (
        (match.start("it"), end)
        if kind and not is_plain and accepted(kind, value.strip("\"'"), "=", quoted=False, whole=False)
        else None
    )


def _strong(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """A word behind "password" that no sentence has: of three of small and large letters, digits and signs."""
    start, end = match.span("it")
    end = _bare_end(text, start, end, in_query=False)
    value = text[start:end]
    is_apart = match.re is _PROSE_BEFORE or "," in match[0][: match.start("it") - match.start()]
    if is_apart and re.fullmatch(r"[A-Za-z]+\d", value):  # "OAuth2 as password replacement"
        return None
    if re.fullmatch(r"[A-Z]{2,6}-?\d{1,4}|[A-Z][a-z]{2,5}\d|.*\.[a-z]{2,4}", value):  # "SHA-256", "Team2", a file
        return None
    kinds = sum(
        re.search(p, value) is not None
        for p in ("[a-z]", "[A-Z]", r"\d.*[^\d.)]|[^\d(v.]\d", r"[!@#$%^&*?+=~].|[_-]\d{3}|\d{3}[_-]")
    )
    return (start, end) if kinds >= 3 and len(value) >= 6 and is_secret(value) and not PATH.fullmatch(value) else None


ASSIGNMENTS: tuple[MaskingRule, ...] = (
    MaskingRule("token", _LOGGED_IN, needs="_"),
    MaskingRule("token", _HEADER, is_secret, screen=r"(?i)cookie[\"']?\s*[:=]"),
    MaskingRule(
        "token",
        _AUTHORIZATION,
        _is_long_or_has_digit,
        screen=r"(?i)authorization[\"']?\s*[:=]",
    ),
    MaskingRule("password", _ASSIGNED, screen=_SCREEN, place=_assigned, in_small=True),
    MaskingRule(
        "password",
        _ELEMENT,
        screen=r"(?i)<[\w:.-]*(?:pass|pw|psk|secret|token|cred|key|sess|kennwort|"
        r"mdp)[^<>]*>(?:[^<>]+|\s*<!\[CDATA\[[^<>]*\]\]>\s*)</",
        place=named,
        needs="</",
    ),
    MaskingRule(
        "password",
        _LISTED,
        screen=r"(?i)(?:pass|pw|secret|token|cred|key|auth|sess|cookie)[\w.-]*[\"']*\s*[:=]\s*\[",
        place=_all_listed,
        needs="[",
    ),
    MaskingRule("password", _PAIR, _is_mixed_secret),
    MaskingRule("password", _PIN),
    MaskingRule("password", _PUT, place=_put),
    MaskingRule(
        "password",
        _PLAIN_FLAG,
        screen=r"(?i)-[\w-]*(?:pass|pw|psk|secret|token|cred|key|cookie|sess|sid)[\w-]*[ \"']",
        place=_flag,
    ),
    MaskingRule(
        "password",
        _PROSE,
        place=_strong,
        screen=f"(?i){_PROSE.pattern}".replace("(?P<it>", "(").replace("{6,80}", "{6}").replace(r"\b", "", 1),
        in_small=True,
    ),
    MaskingRule(
        "password",
        _PROSE_BEFORE,
        place=_strong,
        screen=r"(?i) (?:as|is|was|for) (?:\w+ ){0,3}(?:pass(?:word|wd|phrase|wort)|kennwort|pwd?)",
    ),
    MaskingRule("password", _ADMIN, place=_strong, needs=":"),
    MaskingRule("password", _MAIL_PAIR, place=_strong, needs="@", screen=r"@[\w.-]+ {0,3}[:/| ] ?[^ ]"),
)
