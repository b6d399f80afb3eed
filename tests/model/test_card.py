"""What was found as a line and as a card."""

from __future__ import annotations

import re

import pytest
from conftest import CHANGES, TOML

from aftershock import attribute, load
from aftershock.dataset.audience import for_audience
from aftershock.model import card
from aftershock.output.phrases import percent

HEAD = "incident_id,started_at,services,title\n"


def test_an_attribution_is_a_line_and_a_card(write):
    rows = (
        "i1,2024-01-10T12:00Z,checkout,Payments fail\ni3,2024-03-11T12:00Z,search,Search is slow\n"
        "i2,2024-02-10T12:00Z,search,Search is empty\n"
    )
    found = attribute(load(write(incidents=HEAD + rows, changes=CHANGES)))
    assert re.fullmatch(
        r"<Attribution of small: 3 incidents, 3 changes, \d+ candidates?; see incidents, pairs, suspects\(\), rates>",
        repr(found),
    )
    text = card.card(found).text
    assert "incidents: 3" in text and "changes: 3" in text
    assert f"set off by recorded changes: {percent(found.shares['change_probability'].mean())}" in text
    assert text.index("i3") < text.index("i2") < text.index("i1"), "the latest first"
    assert "as-bar" in found._repr_html_()


@pytest.mark.parametrize(("incidents", "title"), [(8, "The last 8 of 8 incidents"), (9, "The last 8 of 9 incidents")])
def test_the_latest_answers_are_on_the_card_each_with_its_best_explanation(write, incidents, title):
    rows = "".join(f"i{n},2024-01-{n + 1:02d}T12:00Z,checkout,Payments fail\n" for n in range(incidents))
    found = attribute(load(write(incidents=HEAD + rows, changes=CHANGES)))
    table = card.card(found).blocks[-1]
    assert table.caption == title
    assert table.frame["Incident"].tolist() == [f"i{n}" for n in reversed(range(incidents))][:8]
    best = found.suspects().query("rank == 1").set_index("incident_id").loc[table.frame["Incident"]]
    assert table.frame["Most probable explanation"].tolist() == best["title"].tolist()
    assert table.frame["Probability"].tolist() == pytest.approx(best["probability"].tolist())


def test_a_log_without_incidents_has_a_card_without_shares(write):
    found = attribute(load(write(incidents=HEAD)))
    text = card.card(found).text
    assert "incidents: 0" in text and "set off by" not in text
    assert text.endswith("There is no incident.")
    assert found.warnings[0] in text
    assert "as-bar" not in found._repr_html_().split("</style>")[-1]


def test_a_masked_dataset_has_a_masked_line(write):
    folder = write(TOML)
    folder = folder.rename(folder.parent / "jane.doe@example.org")
    assert "jane.doe" in repr(attribute(load(folder)))
    assert "jane.doe" not in repr(attribute(for_audience(load(folder), "public")))
