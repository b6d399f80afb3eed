"""What looks drawn at random; «…» is what has to go."""

from __future__ import annotations

import re

import pytest

from aftershock.dataset.masking import Mask
from aftershock.dataset.masking.drawn import DRAWN, is_random

HIDDEN = [
    "token is «12345678-1234-1234-1234-123456789012»",
    "see «aB3dE5fG7hJ9kL2mN4pQ6rS8tU0vW1xY» there",
    "the api key «9f8e7d6c5b4a39281706f5e4d3c2b1a0»",
    "token is «3f2b8c1d-9e4a-4b7c-8d6e-1f0a2b3c4d5e»",
    "«live_0123456789abcdef0123456789abcdef»",
]
STAYS = [
    "token of trace 3f2b8c1d-9e4a-4b7c-8d6e-1f0a2b3c4d5e",
    "token was 9f8e7d6c5b4a39281706f5e4d3c2b1a012345678",
    "commit 9f8e7d6c5b4a39281706f5e4d3c2b1a012345678",
    "trace 3f2b8c1d-9e4a-4b7c-8d6e-1f0a2b3c4d5e",
    "AbstractSingletonProxyFactoryBeanOfThePaymentService",
    "feature/very-long-branch-name-with-many-words-in-it-2024",
    "the token of commit 9f8e7d6c5b4a39281706f5e4d3c2b1a012345678",
    "sha_0123456789abcdef0123456789abcdef",
]


def bare(text: str) -> str:
    return text.replace("«", "").replace("»", "")


@pytest.mark.parametrize("marked", HIDDEN)
def test_what_is_secret_is_hidden_and_no_more(marked):
    shown = re.sub(r"\[[a-z ]+ \d+\]", "•", Mask(DRAWN).text(bare(marked)))
    assert shown == re.sub("«.*?»", "•", marked, flags=re.DOTALL)


@pytest.mark.parametrize("text", STAYS)
def test_what_only_looks_like_it_stays(text):
    assert Mask(DRAWN).text(text) == text


def test_names_made_of_words_are_not_random_and_what_repeats_itself_is_not():
    assert is_random("aB3dE5fG7hJ9kL2mN4pQ6rS8tU0vW1xY")
    assert not is_random("paymentServiceImplementation2024V12")
    assert not is_random("QuickBrownFoxJumpsOverLazyDogs2024V12")
    assert not is_random("aA1aA1aA1aA1aA1aA1aA1aA1aA1aA1aA1")
    assert not is_random("abcdefghijklmnopqrstuvwxyzabcdefgh")
