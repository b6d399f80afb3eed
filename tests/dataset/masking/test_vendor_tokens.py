"""Tokens that are told by their form alone; those here are put together so that no scanner takes them for real ones."""

from __future__ import annotations

import pytest

from aftershock.dataset.masking.vendor_tokens import DETECTED, OWN_TOKENS, PLUGINS

SIGNS = "aB3dE5fG7hJ9kL2mN4pQ6rS8tU0vW1xY"


def found(text: str) -> list[str]:
    return [match[0] for pattern in (*OWN_TOKENS, *DETECTED) for match in pattern.finditer(text)]


def test_every_vendor_of_detect_secrets_is_read():
    assert len(DETECTED) >= len(PLUGINS) == 7
    assert len(OWN_TOKENS) >= 15


@pytest.mark.parametrize(
    "token",
    [
        "github_" + "pat_" + SIGNS,
        "xox" + "b-12345-" + SIGNS,
        "glp" + "at-" + SIGNS[:20],
        "sk" + "_live_" + SIGNS,
        "AI" + "za" + SIGNS + "abc",
        "npm" + "_" + SIGNS + "abcd",
        "SG" + "." + SIGNS + "." + SIGNS,
        "hv" + "s." + SIGNS,
        "https://hooks.slack.com/" + "services/T000/B000/" + SIGNS,
    ],
)
def test_a_token_is_found_whole_and_only_where_it_begins_a_word(token):
    assert token in found(f"used {token} there")
    assert token not in found(f"x{token}")


def test_one_that_was_cut_off_or_blotted_out_is_found_to_its_end():
    start = "gh" + "p_" + "A1b2C3"
    assert start in found(f"used {start}")
    assert f"{start}••••9x" in found(f"used {start}••••9x there")


@pytest.mark.parametrize(
    "text",
    ["sk-learn and sk-index", "github_pattern", "xoxo-hugs", "hooks.slack.com", "key-value"],
)
def test_words_that_begin_like_one_are_none(text):
    assert found(text) == []
