"""Numbers that lead to a person or an account; «…» is what has to go."""

from __future__ import annotations

import re

import pytest

from aftershock.dataset.masking import Mask
from aftershock.dataset.masking.numbers import NUMBERS

HIDDEN = [
    "call «+49 30 901820» now",
    "call «+44 20 7946 0958»",
    "tel: «030-901820»",
    "reach «(212) 555-0143»",
    "fax no. «0041 44 668 18 00»",
    "paid with «4111 1111 1111 1111»",
    "paid with «4111-1111-1111-1111» twice",
    "to «DE89 3704 0044 0532 0130 00»",
    "to «GB82WEST12345698765432»",
    "date of birth: «1980-02-29»",
    "CVV «123»",
    "lat: «52.520008»",
    "located at «52.5200,13.4050»",
]
STAYS = [
    "phone: 000 0000",
    "phone: 2024-01-10",
    "version 4111.1111",
    "4111 1111 1111 1112",
    "order 1234567890123456",
    "DE89 3704 0044 0532 0130 01",
    "2024-01-10 12:00",
    "took 030 seconds",
    "10.0.0.1:5432",
    "12/31/2024",
    "build 20240110123456",
    "page 212 of 555-0143",
    "+1 12345",
]


def bare(text: str) -> str:
    return text.replace("«", "").replace("»", "")


@pytest.mark.parametrize("marked", HIDDEN)
def test_what_is_secret_is_hidden_and_no_more(marked):
    shown = re.sub(r"\[[a-z ]+ \d+\]", "•", Mask(NUMBERS).text(bare(marked)))
    assert shown == re.sub("«.*?»", "•", marked, flags=re.DOTALL)


@pytest.mark.parametrize("text", STAYS)
def test_what_only_looks_like_it_stays(text):
    assert Mask(NUMBERS).text(text) == text
