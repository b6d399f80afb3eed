"""Secrets that a layout gives away; «…» is what has to go."""

from __future__ import annotations

import re

import pytest

from aftershock.dataset.masking import Mask
from aftershock.dataset.masking.layouts import LAYOUTS

HIDDEN = [
    "Password\n«Kranich77x!»",
    "## DB password:\n\n> «Kranich77x!»",
    "what's the root password?\n«Kranich77x!»",
    "<dt>Password</dt> <dd>«Kranich77x!»</dd>",
    "auth=('root', «'Kranich77x!'»)",
    "db.example:5432:shop:app:«Kranich77x!»",
    "define('DB_PASSWORD', «'Kranich77x!'»)",
    '<entry key="db.password">«Kranich77x!»</entry>',
    "DB_PASSWORD «Kranich77x!»",
    "the door code is «48213#»",
    "recovery key: «AB12CD-34EF56-78GH90»",
    "Accepted publickey for «jroth» from",
]
STAYS = [
    "Password\nplease",
    "Passwords\nAre reset on Monday.",
    "what's the root password?\nOPS-1234",
    "auth=('root', None)",
    "the door code is unknown",
    "session opened for user root",
    "Accepted publickey for svc-deploy from",
]


def bare(text: str) -> str:
    return text.replace("«", "").replace("»", "")


@pytest.mark.parametrize("marked", HIDDEN)
def test_what_is_secret_is_hidden_and_no_more(marked):
    shown = re.sub(r"\[[a-z ]+ \d+\]", "•", Mask(LAYOUTS).text(bare(marked)))
    assert shown == re.sub("«.*?»", "•", marked, flags=re.DOTALL)


@pytest.mark.parametrize("text", STAYS)
def test_what_only_looks_like_it_stays(text):
    assert Mask(LAYOUTS).text(text) == text
