"""Numbers that lead to a person or an account: telephones, cards and bank accounts, the last two by their check digits."""

from __future__ import annotations

import re

from aftershock.dataset.masking.rule import MaskingRule
from aftershock.dataset.masking.word_lists import PERSONAL_CODES, PERSONAL_NUMBERS

# ITU E.164: the country codes that are given out.
_COUNTRY = (
    r"(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\d|35\d|37\d|38[0-35-79]|"
    r"42[013]|5[09]\d|67\d|68\d|69[0-2]|80\d|85[02356]|86\d|87\d|88[0-68]|96\d|97\d|99[2-68])"
)
_TELEPHONE = (
    re.compile(
        rf"(?<![\w+.])(?<!account )(?<!account \()"
        rf"(?P<it>(?:\+|(?<!\d )00[ ]?){_COUNTRY}[)]?(?:[ ./-]{{0,2}}\(0?\d{{0,5}}\)[ ./-]{{0,2}}|"
        rf"[ ./-]{{1,2}}|(?=\d))\d(?:[ ./-]{{0,2}}\d){{5,12}}(?:[ ]?(?:x|ext\.?)[ ]?\d{{1,5}})?)(?![\w]|[.:]\d)"
    ),
    # North America
    re.compile(
        r"(?<![\w.+/-])(?P<it>(?:1[ .-])?(?:\([2-9]\d{2}\)[ ]?|"
        r"[2-9]\d{2}([ .-]))[2-9]\d{2}[ .-]\d{4}(?:[ ]?(?:x|ext\.?)[ ]?\d{1,5})?)(?![\w-]|[.:]\d)"
    ),
    # within a country, with the 0 of the trunk
    re.compile(
        r"(?<![\w.+/:-])(?<!\d )(?P<it>\(?0\d{2,4}\)?[ /-]{1,3}\d{3,4}[ -]?\d{3,5}|0\d{1,3}-\d{2,4}-\d{4}|"
        r"1[3-9]\d-\d{4}-\d{4}|8[ -]?\(\d{3}\)[ ]?\d{3}-\d\d-\d\d|06-\d{8}|0[1-9](?:[ .]\d{2}){4})(?![\w-]|[.:/]\d)"
    ),
    re.compile(
        r"(?<![^\W_])(?:tel(?:efon|ephone|efoon|efone|efono)?|phone|mobile|mobil|mobiel|gsm|tlf|telf|cell ?phone|cell(?=[:.#])|"
        r"handy|fax|hotline|whatsapp|sms|rufnummer|durchwahl|dial|portable|movil|telefono"
        r"|(?:call|ring|reach|text)(?:ed)?(?: (?:at|on|under)|"
        r" (?:me|him|her|them|us|back|on call)(?: (?:at|on|under))?))(?:[ _-]?(?:no|"
        r"nr|number|nummer)\b)?[\"']?[.:]{0,2}\s{0,2}(?:is|was|=)?\s{0,2}[\"']?"
        r"(?P<it>[+(]?\d(?:[ ()./-]{0,3}\d){5,14})(?![\w]|[.:]\d)",
        re.IGNORECASE,
    ),
)
_CARD = re.compile(
    r"(?<![A-Za-z0-9.+-])(?P<it>[2-6]\d{3}(?:[ ._/-]?\d{4}){2}[ ._/-]?\d{1,7}|3[47]\d{2}[ ._/-]?\d{6}[ ._/-]?\d{5}|"
    r"3[068]\d{2}[ ._/-]?\d{6}[ ._/-]?\d{4})(?![A-Za-z0-9-]|\.\d)"
)
_ISSUED = re.compile(r"4|5[1-5]|2[2-7]|3[4-8]|30|6(?:011|4[4-9]|5|2|0|7|3)|50|5[6-9]")
_IBAN = re.compile(
    r"(?<![A-Za-z0-9+/])(?P<it>[A-Za-z]{2}\d{2}(?:(?P<gap>[ -])[A-Za-z0-9]{4}(?:(?P=gap)[A-Za-z0-9]{4}){1,7}"
    r"(?:(?P=gap)[A-Za-z0-9]{1,3})?"
    r"|[A-Za-z0-9]{11,30}))(?![A-Za-z0-9])"
)
# ISO 13616: how long the account of each country is
_LENGTHS = {
    code: int(length)
    for code, length in re.findall(
        r"([A-Z]{2})(\d\d)",
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 "
        "ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 "
        "LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 "
        "PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 "
        "YE30 ",
    )
}


def _is_telephone(value: str) -> bool:
    digits = re.sub(r"[ ]?[ex].*|\D", "", value)
    return (
        6 <= len(digits) <= 17
        and len(set(digits)) > 1
        and (not re.match(r"\+1(?!\d{1,2}[ ]\()", value) or len(digits) == 11)
        and not re.match(r"(?:19|20)\d\d-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-](?:\d\d|(?:19|20)\d\d)$", value)
    )


def _is_card(value: str) -> bool:
    """Whether a number is of an issuer's range and has the check digit of ISO/IEC 7812."""
    digits = [int(d) for d in value if d.isdigit()]
    if not 13 <= len(digits) <= 19 or not _ISSUED.match(value) or len(set(digits)) < 2:
        return False
    doubled = sum(digits[-1::-2]) + sum(sum(divmod(2 * d, 10)) for d in digits[-2::-2])
    return doubled % 10 == 0


def _iban(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """The account at the beginning, as long as its country has it and with the check digits of ISO 13616: a word may follow."""
    start, end = match.span("it")
    bare = re.sub("[ -]", "", match["it"]).upper()[: _LENGTHS.get(match["it"][:2].upper(), 0)]
    if (
        len(bare) < 15
        or sum(map(str.isdigit, bare)) < 8
        or int("".join(str(int(c, 36)) for c in bare[4:] + bare[:4])) % 97 != 1
    ):
        return None
    while len(re.sub("[ -]", "", text[start:end])) > len(bare):
        end -= 1
    return start, end


_NUMBERED = r"(?:[ _-]?(?:no|nr|num|number|nummer|numero|id|#)\b\.?)?[\s:=#.\"']{1,4}(?:is |was |ist )?"
_PERSONAL = re.compile(
    rf"(?<![\w-])(?i:(?:{'|'.join(map(re.escape, sorted(PERSONAL_NUMBERS, key=len, reverse=True)))}|"
    rf"(?-i:{'|'.join(sorted(PERSONAL_CODES))})){_NUMBERED})"
    r"(?P<it>(?=[A-Z\d]{0,6}\d|[A-Z]{2} \d)[A-Z\d](?:[ ./-]{0,2}(?:\d|[A-Z](?![a-z]))){4,24})(?!\w)"
)
_BORN = re.compile(
    r"\b(?:date of birth|birth ?date|birthday|dob|born(?: on)?|geb(?:oren)?\.?(?: am)?|geburtsdatum|date de naissance|nee? le|"
    r"fecha de nacimiento|data di nascita|data de nascimento)[\s:=\"']{1,4}(?P<it>\d{1,4}[./-]\d{1,2}[./-]\d{1,4})(?!\d)",
    re.IGNORECASE,
)
_CHECKED = re.compile(
    r"\b(?:cvv2?|cvc2?|card verification (?:code|value))[\s:=\"']{1,4}(?:is )?(?P<it>\d{3,4})(?!\w)", re.IGNORECASE
)
_DEGREES = r"-?\d{1,3}\.\d{4,}"
_ARC = r"\d{1,3}°\s?\d{1,2}'\s?(?:\d{1,2}(?:\.\d+)?\"\s?)?[NSEWO]"
_PLACED = re.compile(
    rf"\b(?:lat(?:itude)?|lon(?:gitude)?|lng)[\s:=\"']{{1,4}}(?P<it>{_DEGREES})(?![\w.])"
    r"|(?:\bgeo:\s?|[?&](?:q|ll|center|query|[sd]addr)=|/@|"
    r"\b(?:gps|coord\w*|location|located|position|customer|standort)(?: at)?[\s:=(\[]{1,3})"
    rf"{_DEGREES},\s?{_DEGREES}(?![\w.])|{_ARC}(?:[ ,]{{1,2}}{_ARC})?",
    re.IGNORECASE,
)


def _personal(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """A number behind what it is called: five digits at least."""
    return match.span("it") if len(re.findall(r"\d", match["it"])) >= 5 else None


def _coordinates(match: re.Match[str], text: str) -> tuple[int, int]:
    """Degrees, without the word before them."""
    return match.start("it") if match["it"] else match.start() + (
        re.search(r"-?\d", match[0]) or match
    ).start(), match.end()


NUMBERS: tuple[MaskingRule, ...] = (
    MaskingRule("iban", _IBAN, place=_iban, screen=r"[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]{4}){2}"),
    MaskingRule("card", _CARD, _is_card),
    MaskingRule("personal", _PERSONAL, place=_personal),
    MaskingRule("personal", _BORN),
    MaskingRule("personal", _CHECKED),
    MaskingRule("personal", _PLACED, place=_coordinates),
    *(MaskingRule("phone", pattern, _is_telephone) for pattern in _TELEPHONE),
)
