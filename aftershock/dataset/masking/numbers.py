"""Numbers that lead to a person or an account: telephones, cards and bank accounts, the last two by their check digits."""

from __future__ import annotations

import re

from aftershock.dataset.masking.rule import MaskingRule

# ITU E.164: the country codes that are given out.
_COUNTRY = (
    r"(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\d|35\d|37\d|38[0-35-79]|"
    r"42[013]|5[09]\d|67\d|68\d|69[0-2]|80\d|85[02356]|86\d|87\d|88[0-68]|96\d|97\d|99[2-68])"
)
_TELEPHONE = (
    re.compile(
        rf"(?<![\w+.])(?P<it>(?:\+|(?<!\d )00[ ]?){_COUNTRY}(?:[ ./-]{{0,2}}\(0?\d{{0,5}}\)[ ./-]{{0,2}}|"
        rf"[ ./-]{{1,2}}|(?=\d))\d(?:[ ./-]{{0,2}}\d){{5,12}})(?![\w]|[.:]\d)"
    ),
    # North America
    re.compile(
        r"(?<![\w.+/-])(?P<it>(?:1[ .-])?(?:\([2-9]\d{2}\)[ ]?|"
        r"[2-9]\d{2}([ .-]))[2-9]\d{2}[ .-]\d{4}(?:[ ]?(?:x|ext\.?)[ ]?\d{1,5})?)(?![\w-]|[.:]\d)"
    ),
    # within a country, with the 0 of the trunk
    re.compile(
        r"(?<![\w.+/:-])(?<!\d )(?P<it>\(?0\d{2,4}\)?[ /-]{1,3}\d{3,4}[ -]?\d{3,5}|0\d{1,3}-\d{2,4}-\d{4}|"
        r"1[3-9]\d-\d{4}-\d{4}|06-\d{8}|0[1-9](?:[ .]\d{2}){4})(?![\w-]|[.:/]\d)"
    ),
    re.compile(
        r"\b(?:tel(?:efon|ephone|efoon|efone|efono)?|phone|mobile|mobil|mobiel|gsm|tlf|telf|cell ?phone|cell(?=[:.#])|handy|"
        r"fax|hotline|whatsapp|sms|rufnummer|durchwahl|dial|portable|movil|telefono"
        r"|(?:call|ring|reach)(?:ed)?(?: (?:me|him|her|them|us|back|on call))? (?:at|on|under))(?: ?(?:no|"
        r"nr|number|nummer)\b)?[.:]{0,2}\s{0,2}(?:is|was|=)?\s{0,2}"
        r"(?P<it>[+(]?\d(?:[ ()./-]{0,3}\d){5,14})(?![\w]|[.:]\d)",
        re.IGNORECASE,
    ),
)
_CARD = re.compile(
    r"(?<![A-Za-z0-9.+-])(?P<it>[2-6]\d{3}(?:[ ._/-]?\d{4}){2}[ ._/-]?\d{1,7}|3[47]\d{2}[ ._/-]?\d{6}[ ._/-]?\d{5}|"
    r"3[068]\d{2}[ ._/-]?\d{6}[ ._/-]?\d{4})(?![A-Za-z0-9-]|\.\d)"
)
_ISSUED = re.compile(r"4|5[1-5]|2[2-7]|3[4-8]|30|6(?:011|4[4-9]|5|2|0|7|3)|50|5[6-9]")
_IBAN = re.compile(r"(?<![A-Za-z0-9])(?P<it>[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30})(?![A-Za-z0-9])")


def _is_telephone(value: str) -> bool:
    digits = re.sub(r"\D", "", value)
    return (
        6 <= len(digits) <= 17
        and len(set(digits)) > 1
        and (not re.match(r"\+1(?!\d{1,2}[ ]\()", value) or len(digits) == 11)
        and not re.match(r"(?:19|20)\d\d-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}$", value)
    )


def _is_card(value: str) -> bool:
    """Whether a number is of an issuer's range and has the check digit of ISO/IEC 7812."""
    digits = [int(d) for d in value if d.isdigit()]
    if not 13 <= len(digits) <= 19 or not _ISSUED.match(value) or len(set(digits)) < 2:
        return False
    doubled = sum(digits[-1::-2]) + sum(sum(divmod(2 * d, 10)) for d in digits[-2::-2])
    return doubled % 10 == 0


def _iban(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """The longest beginning whose check digits are those of ISO 13616: a word may follow the account."""
    start, end = match.span("it")
    while end - start >= 15:
        bare = re.sub("[ -]", "", text[start:end]).upper()
        number = "".join(str(int(c, 36)) for c in bare[4:] + bare[:4])
        if 15 <= len(bare) <= 34 and int(number) % 97 == 1 and text[end - 1].isalnum():
            return start, end
        end -= 1
    return None


NUMBERS: tuple[MaskingRule, ...] = (
    MaskingRule("iban", _IBAN, place=_iban, screen=r"[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]{4}){2}"),
    MaskingRule("card", _CARD, _is_card),
    *(MaskingRule("phone", pattern, _is_telephone) for pattern in _TELEPHONE),
)
