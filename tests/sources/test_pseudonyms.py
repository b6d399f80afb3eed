"""People are left out of texts, and who did something is a pseudonym."""

from __future__ import annotations

import hashlib

import pytest

from aftershock.sources.pseudonyms import pseudonym, without_addresses, without_mentions


def test_a_pseudonym_is_the_same_in_every_log():
    assert pseudonym(" Ada@Example.org ") == pseudonym("ada@example.org")
    assert pseudonym("ada@example.org") == hashlib.sha256(b"ada@example.org").hexdigest()[:10]
    assert pseudonym("  ") == ""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Raise the limit\n\nReviewed-by: Bob <bob@example.org>\nSee the ticket", "Raise the limit\n\nSee the ticket"),
        ("Ask [Carol](mailto:carol@example.org)", "Ask somebody"),
        ("Ask <carol@example.org> first", "Ask … first"),
        ("Update @scope/name", "Update @scope/name"),
        ("no address", "no address"),
    ],
)
def test_addresses_and_the_lines_that_sign_are_left_out(text, left):
    assert without_addresses(text) == left


def test_logins_are_left_out_and_packages_stay():
    assert without_mentions("Ask @ada about @scope/name, not a@b") == "Ask @… about @scope/name, not a@b"
