"""A dataset as a line and as a card."""

from __future__ import annotations

import re

from conftest import CHANGES, HOSTILE, INCIDENTS, TOML

from aftershock import load
from aftershock.dataset import card
from aftershock.dataset.audience import for_audience
from aftershock.dataset.loading import load_readable_parts


def test_a_line_says_what_was_read_and_what_was_not(write):
    assert repr(load(write())) == "<Dataset small: 2 incidents and 3 changes; 10 Jan 2024 to 21 Feb 2024>"
    odd = "incident_id,started_at,detected_at\ni1,2024-01-10T12:00Z,2024-01-10T11:00Z\ni2,,\ni1,2024-02-01T00:00Z,\n"
    assert "; 2 rows not used; 1 row odd>" in repr(load(write(incidents=odd)))


def test_the_card_counts_what_is_wrong_by_reason(write):
    odd = INCIDENTS + "i1,2024-03-01T00:00Z,,again\n,2024-03-01T00:00Z,,no id\ni2,2024-03-02T00:00Z,,again\n"
    said = card.card(load(write(incidents=odd))).text
    assert "incidents: 2 (of 5 records)" in said
    assert "- 2 rows not used: an earlier row has the same id\n- 1 row not used: the row has no id" in said
    assert "dataset.rejected" in said
    assert "wrong" not in card.card(load(write())).text


def test_what_cannot_be_read_is_on_the_card(write):
    dataset = load_readable_parts(write(changes="a,b\n1,2\n"))
    assert repr(dataset).endswith("changes cannot be read>")
    assert "changes cannot be read: " in card.card(dataset).text


def test_names_are_text_and_masked_for_who_may_not_see_them(write):
    folder = write(TOML.replace('"small"', f"'''{HOSTILE.translate({0: None, 27: None})}'''"), changes=CHANGES)
    html = load(folder)._repr_html_()
    assert not re.search(r"<(script|img|svg)", html)
    secret = write(TOML.replace('"small"', '"mail to jane.doe@example.org"'))
    assert "jane.doe" not in for_audience(load(secret), "public")._repr_html_()
