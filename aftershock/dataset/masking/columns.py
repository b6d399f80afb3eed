"""Cells that are hidden whole, by the name of their column: ``api key``, ``pin``, ``phone``, ``hostname``."""

from __future__ import annotations

import re

from aftershock.dataset.masking.secret_values import is_secret, kind_of_name
from aftershock.dataset.masking.word_lists import PLAIN_KEY_KINDS

_PHONE = re.compile(
    r"(?:.*_)?(?:tel|telephone|telefon|telefono|phone|phone_?n(?:o|r|umber)|mobile|mobil|mobile_number|handy|cell|cellphone|fax"
    r"|pager|whatsapp|rufnummer|durchwahl|telefonnummer|sms)"
)
_CODE = re.compile(
    r"(?:.*_)?(?:pin|otp|tan|puk|pin_?code|(?:mfa|2fa|otp|unlock|door|backup|recovery)_codes?|totp|passcode)"
)
_HOST = re.compile(
    r"(?:.*_)?(?:host|hosts|host_?name|fqdn|server_?name|servername|machine|machine_name|computer_?name|node_?name|rechner)"
)
_ADDRESS = re.compile(r"(?:.*_)?(?:ip|ips|ip_?addr(?:ess)?|ipv[46]|mac|mac_?addr(?:ess)?)")


def kind_of_cell(column: str, value: str) -> str:
    """What a cell is as a whole (a key of :data:`aftershock.dataset.masking.KINDS`) by the name of its column; empty for what
    is to be read as a text."""
    name = re.sub(r"[\W_]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column)).strip("_").lower()
    value = value.strip()
    digits = len(re.findall(r"\d", value))
    if _PHONE.fullmatch(name):
        return "phone" if digits >= 3 and digits * 2 >= len(re.sub(r"\s", "", value)) else ""
    if _CODE.fullmatch(name):
        return "password" if digits >= 3 else ""
    if _HOST.fullmatch(name):
        return "host" if is_secret(value) else ""
    if _ADDRESS.fullmatch(name):
        return ("mac" if "mac" in name else "ip") if is_secret(value) else ""
    return "password" if _is_secret_cell(column, value) else ""


def _is_secret_cell(column: str, value: str) -> bool:
    kind = kind_of_name(column)
    if not kind or not is_secret(value) or re.fullmatch(r"\d{4}-\d\d-\d\d.*", value):
        return False
    words = set(re.split(r"[\W_]+", column.lower()))
    is_plain = (
        kind == "weak key" or (kind == "key" and words & PLAIN_KEY_KINDS) or words & {"session", "sessions", "cookies"}
    )
    if is_plain or re.search(r"\s\S+\s\S+\s", value):
        return re.search(r"\d", value) is not None and re.search(r"[^\W\d_]", value) is not None and len(value) >= 8
    return kind == "password" or not value.isdigit() or len(value) >= 6
