"""The forms under which somebody is known, and the words that are also names."""

from __future__ import annotations

import pytest

from aftershock.dataset.masking.name_forms import aliases, ordinary_words, written_forms


def forms(name: str) -> dict[str, bool]:
    """Each form with whether it may also mean something else."""
    return {" ".join(alias.words): alias.ordinary for alias in aliases(name, frozenset())}


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("Jürgen Müller", {"muller", "mueller", "juergen mueller", "jmueller", "mullerj", "jurgenmuller", "j muller"}),
        ("Søren Kjær", {"soren", "soeren", "kjaer"}),
        ("Håkon Ødegård", {"odegaard", "oedegaard", "odegard"}),
        ("Иван Петров", {"петров", "petrov", "ipetrov"}),
        ("王小明", {"王小明", "小明", "xiaoming"}),
        ("Joe van der Berg", {"berg", "joe", "jberg"}),
    ],
)
def test_a_name_has_forms_in_every_spelling(name, has):
    assert has <= forms(name).keys()


def test_particles_and_titles_name_nobody():
    assert not {"van", "der", "dr"} & forms("Dr Joe van der Berg").keys()


def test_a_name_that_is_a_word_is_marked_and_the_login_made_of_it_is_not():
    known = forms("Will Page")
    assert known["page"] and known["will"] and known["will page"] and not known["wpage"]
    assert {"will", "page", "mark"} <= ordinary_words() and not {"miller", "alice"} & ordinary_words()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Ann Lee <ann@x.org>", ["Ann Lee <ann@x.org>", "Ann Lee", "ann@x.org", "ann"]),
        ("Lee, Ann", ["Lee, Ann", "Ann Lee"]),
        ("ACME\\annlee", ["ACME\\annlee", "annlee"]),
    ],
)
def test_a_cell_gives_all_the_names_in_it(name, written):
    assert written_forms(name) == written
