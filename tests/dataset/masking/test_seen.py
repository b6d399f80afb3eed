"""The form of a text that rules search, and the way back to the text as written."""

from __future__ import annotations

import pytest

from aftershock.dataset.masking.seen import Seen, seen

FORMS = [
    ("plain text", "plain text"),
    ("ｐａｓｓ＝x", "pass=x"),
    ("name&commat;host", "name@host"),
    ("a&amp;amp;#64;b", "a@b"),
    ("&nosuchthing;", "&nosuchthing;"),
    ("**name**@host", "name@host"),
    ("gh\u200bp_x", "ghp_x"),
    ("a%40b and a%2540b", "a@b and a@b"),
    ("a%26b", "a%26b"),
    ("caf%C3%A9", "cafe"),
    ("pass=two%20words here", "pass=two_words here"),
    ("\\u0040 \\x40", "@ @"),
    ("a\\_b", "a_b"),
    ("Straße Łódź", "Strasse Lodz"),
    ("e\u0301tude", "etude"),
    ("“quoted” – a…b", '"quoted" - a...b'),
    ("name[.]host[@]x", "name.host@x"),
    ("\x1b[31mred\x1b[0m", "red"),
    ("p a s s w o r d", "password"),
    ("٣٤", "34"),
    ("раssword", "password"),
    ("пароль", "пароль"),
    ("xжа", "xжа"),
    ("~~struck~~", "struck"),
]


@pytest.mark.parametrize(("written", "form"), FORMS)
def test_a_text_is_read_as_it_looks(written, form):
    assert seen(written) == form
    assert Seen.of(written).text == form


@pytest.mark.parametrize(("written", "form"), FORMS)
def test_every_part_of_the_form_leads_to_a_part_of_the_text(written, form):
    made = Seen.of(written)
    places = [made.written(n, n + 1) for n in range(len(form))]
    assert all(0 <= start < end <= len(written) for start, end in places)
    assert places == sorted(places)


def test_a_part_is_found_with_the_whole_of_what_stands_for_it():
    text = "mail &commat; caf\u0065\u0301 end"
    made = Seen.of(text)
    at = made.text.index("@")
    assert text[slice(*made.written(at, at + 1))] == "&commat;"
    word = made.text.index("cafe")
    assert text[slice(*made.written(word, word + 4))] == "cafe\u0301", "an accent goes with its letter"
    assert text[slice(*made.written(len(made.text) - 3, len(made.text)))] == "end"
