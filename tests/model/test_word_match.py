"""What words in common are worth, worked out by hand, and which words count at all."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftershock.model.word_match import ENOUGH_TEXTS, SHARE, VOCABULARY, WordMatch, words

ZERO = np.array([0])


def match(fields: dict[str, list[str]], *incidents: str) -> WordMatch:
    return WordMatch(fields, [words(text) for text in incidents])


def test_words_are_stems_of_what_people_write():
    expected = ["restart", "mw", "deployment", "vars", "sh", "http", "server", "process"]
    assert words("Restarted the mwDeploymentVars.sh of HTTPServer v12 processes") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://status.acme.com/issues/cart-login?utm_source=mail#top.", ["see", "issu", "cart", "login"]),
        ("(http://acme.org) <ftp://host.acme.org/dump>", ["dump"]),
        ("On Monday, March 3rd 2025 at 14:05 UTC, until Sat. 9:30 pm", []),
        ("2025-03-03T10:00:00.123456+02:00 2025-03-03 10:00Z 20250303T100000Z 03/03/25", []),
        ("503 errors, 2.5GB, 30s, 10x, v1.2.3, 4th of 12", ["error"]),
        ("port 8080, request 4042, 1999 and 2024", ["port", "8080", "request", "4042"]),
        ("db17 and checkout2", ["db", "17", "checkout"]),
        ("deadbeef12 1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d decade facade", ["decade", "facade"]),
        ("Raise limit\n\nSigned-off-by: Ann <ann@acme.org>\nCo-Authored-By: Bob\ncc: Eve\nCache", ["raise", "limit", "cache"]),
        ("stand-by: cache", ["stand", "cache"]),

        ("", []),
    ],
)  # fmt: skip
def test_what_names_nothing_that_went_wrong_is_no_word(text, expected):
    assert words(text) == expected


@given(st.text(st.sampled_from("aB1é/-.\n[] h"), max_size=40))
def test_words_of_two_texts_are_the_words_of_each(text):
    assert words(f"{text}\n\n{text}") == words(text) * 2


def test_a_word_in_common_is_worth_its_rarity():
    """One incident of two words, two changes: P(word) is the mean of its share of the changes' words (3 in all) and of
    the incidents' (1 of them in the change log), each with half a count for every word of VOCABULARY."""
    wording = match({"title": ["cache limit", "limit"]}, "cache lost")
    common = (1.5 / (3 + VOCABULARY / 2) + 1.5 / (1 + VOCABULARY / 2)) / 2
    said = wording.score([("cache", "lost")], np.array([0, 0]), np.array([0, 1]))
    assert said == pytest.approx([math.log1p(SHARE / 2 / common), 0])


def test_a_word_said_twice_in_one_change_is_no_second_witness():
    once = match({"title": ["cache limit"], "paths": [""]}, "cache").score([("cache",)], ZERO, ZERO)
    twice = match({"title": ["cache limit"], "paths": ["cache"]}, "cache").score([("cache",)], ZERO, ZERO)
    assert once[0] < twice[0] < 1.5 * once[0]


def test_without_words_there_is_nothing_to_compare():
    wording = match({"title": ["cache", ""]}, "", "cache")
    said = wording.score([(), ("cache",)], np.array([0, 1, 1]), np.array([0, 1, 0]))
    assert np.isnan(said[:2]).all() and said[2] > 0


def test_words_of_a_template_say_nothing():
    """Every fourth incident is of the cache, two of five of the limit; all come with the same headings."""
    texts = [f"Impact summary {'cache' * (n % 4 == 0)} {'limit' * (n % 5 < 2)}" for n in range(20)]
    wording = match({"title": ["impact summary", "cache", "limit"]}, *texts)
    said = wording.score([words("impact summary cache limit")], np.zeros(3, int), np.arange(3))
    assert np.isnan(said[0]) and said[1] > 1 and np.isnan(said[2])
    assert wording.shared("Impact summary cache", 0) == []
    few = match({"title": ["impact"]}, *texts[: ENOUGH_TEXTS - 1])
    assert few.score([("impact",)], ZERO, ZERO)[0] > 0, "few incidents show no template"


def test_shared_words_come_as_the_incident_writes_them_most_telling_first():
    titles = ["ingress limits raised", *["limits"] * 9]
    wording = match({"title": titles, "paths": ["ingress/values.yaml", *[""] * 9]}, "Ingress hits its limit")
    assert wording.shared("Ingress hits its limit", 0) == ["ingress", "limit"]
    assert wording.shared_by_field("Ingress hits its limit", 0) == {"title": ["ingress", "limit"], "paths": ["ingress"]}


@given(st.lists(st.text(st.sampled_from("abXY09 _-/:.\n\té漢\x00"), max_size=12), max_size=6))
def test_texts_counted_together_have_the_words_that_each_has_alone(texts):
    match = WordMatch({"title": texts}, [])
    names = {number: word for word, number in match.index.items()}
    found = [{names[number] for number in match.fields["title"][row].indices} for row in range(len(texts))]
    assert found == [set(words(text)) for text in texts]
