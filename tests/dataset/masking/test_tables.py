"""Secrets in tables, where the head says what a column is; «…» is what has to go."""

from __future__ import annotations

import re

import pytest

from aftershock.dataset.masking import Mask
from aftershock.dataset.masking.tables import TABLES

HIDDEN = [
    "| user | password |\n|---|---|\n| bob | «Kranich77x!» |\n| eve | «Storch88y» |",
    "user;password;host\nbob;«Kranich77x!»;db\neve;«Storch88y»;web",
    "user\ttoken\nbob\t«ab12Cd34Ef»",
    "user    password\nbob     «Kranich77x!»\neve     «Storch88y»",
    "INSERT INTO users (name, password) VALUES ('bob', «'Kranich77x!'»), ('eve', «'Storch88y'»)",
    "| host | pin |\n|---|---|\n| a | «4821» |",
]
STAYS = [
    "user, password, host\nbob, kranich, db",
    "| user | password resets |\n|---|---|\n| bob | 12 |",
    "| key | value |\n",
    "| user | password |\n|---|---|\n| bob | none |",
    "We changed the password, then\nthe pods, came back",
    "| user | password |\n\nbob, Kranich",
    "INSERT INTO users (name, mail) VALUES ('bob', 'Kranich77x!')",
    "| token |\n|---|\n| ab12Cd34Ef |",
]


def bare(text: str) -> str:
    return text.replace("«", "").replace("»", "")


@pytest.mark.parametrize("marked", HIDDEN)
def test_what_is_secret_is_hidden_and_no_more(marked):
    shown = re.sub(r"\[[a-z ]+ \d+\]", "•", Mask(TABLES).text(bare(marked)))
    assert shown == re.sub("«.*?»", "•", marked, flags=re.DOTALL)


@pytest.mark.parametrize("text", STAYS)
def test_what_only_looks_like_it_stays(text):
    assert Mask(TABLES).text(text) == text
