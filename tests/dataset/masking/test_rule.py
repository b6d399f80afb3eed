"""A rule: what it finds, what it refuses, and which of several that overlap counts."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from aftershock.dataset.masking.rule import MaskingRule, screen_of, spans


def rule(kind: str, pattern: str, **more: object) -> MaskingRule:
    return MaskingRule(kind, re.compile(pattern), **more)


def test_the_group_it_is_replaced_else_the_whole_match():
    assert list(rule("x", r"a(?P<it>b)").found("ab ab")) == [(1, 2), (4, 5)]
    assert list(rule("x", r"ab").found("ab ab")) == [(0, 2), (3, 5)]
    assert list(rule("x", r"a(?P<it>b)?").found("a ab")) == [(3, 4)], "an empty group is nothing"


def test_what_was_refused_may_hold_something_else():
    found = rule("x", r"(?:token|password)[:=] ?(?P<it>\S+)", check=lambda value: "=" not in value)
    assert list(found.found("token: password=x1")) == [(16, 18)]


def test_a_place_may_say_otherwise_or_nothing():
    shifted = rule(
        "x", r"ab+", place=lambda match, text: (match.start() + 1, match.end()) if len(match[0]) > 2 else None
    )
    assert list(shifted.found("ab abb")) == [(4, 6)]


def test_signs_that_are_needed_spare_the_search_and_small_patterns_find_large_letters():
    assert list(rule("x", r"a", needs="@").found("aaa")) == []
    assert list(rule("x", r"abc", in_small=True).found("xABC")) == [(1, 4)]


MAIL, TOKEN, HOST = (
    rule("mail", r"\w+@[\w.]+"),
    rule("token", r"tok\w+(?:@[\w.]+)?/\w+"),
    rule("host", r"[a-z]+\.[a-z]+"),
)


def test_of_two_that_overlap_the_earlier_rule_counts_and_a_secret_is_hidden_to_its_end():
    assert spans("bob@x.example", [MAIL, HOST]) == [(0, 13, "mail")]
    assert spans("x.example bob@y.example", [MAIL, HOST]) == [(0, 9, "host"), (10, 23, "mail")], "in order"
    both = spans("tok1@x.example/abc", [MAIL, TOKEN])
    assert both == [(0, 18, "mail")], "one span, of the kind that was found first"
    assert spans("tok1@x.example/abc", [TOKEN, MAIL]) == [(0, 18, "token")]
    assert spans("nothing", [MAIL, TOKEN, HOST]) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(?<![\w.])(?=\w{3})(?P<it>ab{2,40})(?!\w)", "abb"),
        (r"a{3}b{0,5}c{1,9}", "aaac"),
        (r"(?<!\()x(?![)\]])", "x"),
        (r"(?!(?:a|b\)))[a-c]{12,200}", "cabcabcabcabc"),
    ],
)
def test_a_screen_finds_at_least_as_much_and_is_plain_enough_for_columns(pattern, text):
    compiled = re.compile(pattern)
    assert compiled.search(text)
    screen = screen_of(compiled)
    assert not re.search(r"\(\?<?[=!]|\?P<", screen)
    assert pc.match_substring_regex(pa.array([text]), screen).to_pylist() == [True]


def test_a_screen_keeps_the_flags_and_a_rule_may_bring_its_own():
    compiled = re.compile("^a$", re.IGNORECASE | re.MULTILINE)
    assert pc.match_substring_regex(pa.array(["x\nA\ny"]), screen_of(compiled)).to_pylist() == [True]
    assert MaskingRule("x", compiled, screen="own").screened == "own"
