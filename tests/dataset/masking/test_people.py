"""How people become pseudonyms: who is one, under which names, and where a text names them."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aftershock.dataset.masking import MENTIONS, Mask, People, is_role, mentioned
from aftershock.dataset.masking.secrets import SECRETS


@pytest.mark.parametrize(
    "name",
    ["platform team", "team-payments-3", "SRE lead", "on-call engineer", "dependabot[bot]", "ci-bot", "incident review",
     "TeamStorage", "security & compliance", "Checkout Squad"],
)  # fmt: skip
def test_roles_stay(name):
    assert is_role(name)
    assert People().pseudonym(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "Alice",
        "alice",
        "Alice Smith, SRE lead",
        "alice-oncall",
        "a.smith",
        "bob@team.example.org",
        "3f2a9c1b7d",
        "12345",
    ],
)
def test_people_do_not(name):
    assert not is_role(name)
    assert People().pseudonym(name) == "person 1"


@given(st.one_of(st.text(), st.text("@.-_ 'Aa0", max_size=300)))
@example("@" * 300)
def test_whatever_stands_for_a_person_is_a_role_or_gets_a_pseudonym(name):
    people = People()
    found = people.pseudonym(name)
    assert found == ("person 1" if name.strip() and not people.is_role(name) else name)
    assert people.pseudonym(name) == found


def met(*names: str, **options: object) -> Mask:
    people = People(**options)
    people.meet_all(names)
    return Mask(SECRETS, people)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ольга Достоевская", "с Достоевской"),
        ("Ольга Достоевская", "Достоевскую спросили"),
        ("Пётр Достоевский", "от Достоевского"),
        ("Пётр Белый-Толстой", "Толстому ответили"),
    ],
)
def test_names_that_are_adjectives_are_found_in_other_cases(name, text):
    assert "person 1" in met(name).text(text)
    assert met(name).text("достопримечательность") == "достопримечательность"


def test_one_person_has_one_pseudonym_under_all_names():
    mask = met("Alice Smith <asmith2@example.org>", "Bob Jones")
    text = "Alice Smith (asmith2@example.org, @asmith2) and bob jones, not eve@example.org"
    assert mask.text(text) == "person 1 (person 1, person 1) and person 2, not [mail 1]"
    assert mask.person("asmith2@example.org") == "person 1"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("grace reviewed it", "person 1 reviewed it"),
        ("reviewed by grace", "reviewed by person 1"),
        ("ask @grace", "ask person 1"),
        ("graceful shutdown within the grace period", "graceful shutdown within the grace period"),
        ("Will Page deployed", "person 2 deployed"),
        ("the page will load", "the page will load"),
        ("monitors will page somebody", "monitors will page somebody"),
        ("Page load is slow; Will it stay?", "Page load is slow; Will it stay?"),
        ("then Page rolled it back", "then person 2 rolled it back"),
        ("will.page and will_page", "person 2 and person 2"),
        ("Mario deployed", "person 3 deployed"),
        ("rossi rolled it back, ROSSI too", "person 3 rolled it back, person 3 too"),
        ("rossi/fix-login, rossi_util, MarioRossi, mrossi, fixRossiLogin", "person 3/fix-login, person 3_util, person 3, person 3, fixperson 3Login"),
        ("Mu\u0308ller, Mueller, MÜLLER, muller", "person 4, person 4, person 4, person 4"),
        ("Li rolled back, @li; the li element", "person 5 rolled back, person 5; the li element"),
        ("王伟回滚了部署", "person 6回滚了部署"),
        ("Petrov, Петров", "person 7, person 7"),
    ],
)  # fmt: skip
def test_names_are_found_in_every_form_and_ordinary_words_stay(text, shown):
    names = ("grace", "Will Page", "Mario Rossi", "Jürgen Müller", "Bo Li", "王伟", "Иван Петров")
    assert met(*names).text(text) == shown


@pytest.mark.parametrize(
    ("text", "internal", "public"),
    [
        ("restarted by Ada Lovelace <ada@example.org>", ["Ada Lovelace"], ["Ada Lovelace"]),
        ("mail Support <help@example.org>", [], []),
        ("Fix\n\nCo-authored-by: ada l <a@b.org>\nSigned-off-by: Grace", ["ada l", "Grace"], ["ada l", "Grace"]),
        ("Caused-by: deploy of checkout", [], []),
        ("thanks to @ada-l, cc @grace.h", ["ada-l", "grace.h"], ["ada-l", "grace.h"]),
        ("@ada please look; @here, @channel", ["ada"], ["ada"]),
        ("runs @daily with @Override", [], []),
        ("npm i @babel/core react@18 ops@example.org", [], []),
    ],
)
def test_texts_name_people_themselves(text, internal, public):
    assert list(mentioned(text, all_handles=False)) == internal
    assert list(mentioned(text, all_handles=True)) == public
    assert re.search(MENTIONS, text)


def test_a_name_within_an_identifier_is_found():
    text = "branch fix_asmith2_login of ada_lovelace"
    assert met("asmith2", "Ada Lovelace").text(text) == "branch fix_person 1_login of person 2"


def test_the_words_of_a_service_make_no_role_of_a_person():
    people = People(services=["alice-sandbox", "payments"])
    shown = [people.pseudonym(name) for name in ("alice", "payments", "payments on-call", "Alice Sandbox")]
    assert shown == ["person 1", "payments", "payments on-call", "person 2"]


def test_a_surname_that_is_a_word_is_hidden_where_it_is_written_as_a_name():
    assert met("Rob Brown").text("Brown fixed the brown-out") == "person 1 fixed the brown-out"


def test_pseudonyms_of_the_log_are_kept_and_their_numbers_not_given_again():
    people = People()
    people.meet_all(["person 4", "Alice"])
    assert (people.pseudonym("person 4"), people.pseudonym("Alice")) == ("person 4", "person 5")


def test_a_mask_is_not_masked_again():
    mask = met("Alice Smith")
    once = mask.text("Alice Smith <alice@example.org> on 10.0.0.1, password=hunter2")
    assert mask.text(once) == once
    assert not re.search("alice|hunter", once, re.IGNORECASE)
