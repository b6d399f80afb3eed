"""Secrets on command lines; «…» is what has to go."""

from __future__ import annotations

import re

import pytest

from aftershock.dataset.masking import Mask
from aftershock.dataset.masking.command_lines import COMMAND_LINES

HIDDEN = [
    "mysql -u root -p«Kranich77x!» shop",
    "sshpass -p «Kranich77x!» ssh host",
    "redis-cli -a «Kranich77x!» ping",
    "docker login -u bob -p «Kranich77x!» r.example",
    "echo «'Kranich77x!'» | docker login --password-stdin",
    "create user bob identified by «'Kranich77x!'»",
    "net user bob «Kranich77x!»",
    "AUTH PLAIN «AGJvYgBLcmFuaWNoNzd4»",
    "ALTER ROLE bob WITH PASSWORD «'Kranich77x!'»",
    "sqlplus «bob/Kranich77x»@db",
    "curl -u «bob:Kranich77x!» https://x.example",
]
STAYS = [
    "curl -u 1000:1000 https://x.example",
    "docker login -p 8080:80 r.example",
    "docker run -u 1000:1000 image",
    "docker run -p 8080:80 image",
    "mkdir -p dir/sub",
    "ssh -p 2222 host",
    "mysql --port 3306",
    "docker run -u app:app image",
    "echo done | tee log",
    "grep -a password file",
    "ssh -p 22 bob@host",
]


def bare(text: str) -> str:
    return text.replace("«", "").replace("»", "")


@pytest.mark.parametrize("marked", HIDDEN)
def test_what_is_secret_is_hidden_and_no_more(marked):
    shown = re.sub(r"\[[a-z ]+ \d+\]", "•", Mask(COMMAND_LINES).text(bare(marked)))
    assert shown == re.sub("«.*?»", "•", marked, flags=re.DOTALL)


@pytest.mark.parametrize("text", STAYS)
def test_what_only_looks_like_it_stays(text):
    assert Mask(COMMAND_LINES).text(text) == text
