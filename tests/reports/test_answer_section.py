"""What a postmortem's answer says of chance and of earlier incidents, on rows made by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from toy import ToyFound, shares, suspects

from aftershock.reports.answer_section import _is_named, chance_sentence, explanation_sentences, same_outage_sentence

TABLE = suspects(
    ("a", 1, "c1", 0.8, "deploy", 10.0, False, "Raise the limit"), ("a", 2, "none", 0.2, "", 0.0, False, "")
)


def share(reached: int, copies: int = 26) -> pd.Series:
    return shares(("a", 0.8, 0.3)).assign(chance_p=reached / copies if copies else float("nan"), copies=copies).iloc[0]


@pytest.mark.parametrize(
    ("reached", "copies", "said"),
    [
        (0, 26, "none of 26 moved copies reaches this."),
        (1, 26, "1 of 26 moved copies reaches this."),
        (2, 26, "2 of 26 moved copies reach this."),
        (3, 26, "3 of 26 moved copies reach this: too many for a finding."),
        (26, 26, "all 26 moved copies reach this: too many for a finding."),
        (0, 1, "not even its only moved copy reaches this."),
        (1, 1, "its only moved copy reaches this: too many for a finding."),
    ],
)
def test_how_many_moved_copies_reach_as_much_is_counted(reached, copies, said):
    assert chance_sentence(share(reached, copies)).endswith(said)
    assert "Chance alone would give 30 %" in chance_sentence(share(reached, copies))


def test_without_copies_nothing_is_said_of_chance():
    row = share(0, 0)
    row["chance"] = float("nan")
    assert chance_sentence(row).endswith("The log is too short to say what chance alone would give.")


def test_what_chance_reaches_too_often_is_not_called_probable():
    found = ToyFound(TABLE, shares=shares(("a", 0.8, 0.3)))
    said = ["".join(map(str, explanation_sentences(TABLE, None, found, "UTC", share(n)))) for n in (2, 3)]
    assert said[0].startswith("The deploy change ") and "probably set it off: 80 % (70–90 %)." in said[0]
    assert said[1].startswith(
        "Chance reaches as much too often for a finding; the strongest explanation is the deploy change"
    )
    assert "probably set it off" not in said[1] and "with 80 % (70–90 %)." in said[1]


def test_an_earlier_incident_of_the_same_outage_is_named_from_one_half():
    found = ToyFound(TABLE, shares=shares(("a", 0.8, 0.3), ("b", 0.5, 0.2)))
    found.outages = found.outages.assign(earlier=["", "a"], probability=[0.49, 0.5])
    assert same_outage_sentence(found, "a") == ""
    assert same_outage_sentence(found, "b") == "With 50 % it is part of the same outage as a."


@pytest.mark.parametrize(("title", "change_id"), [("Raise the limit", "c1"), ("", "none")])
def test_words_say_no_more_than_the_interval(title, change_id):
    """71 % (0.5 to 96 %) is the strongest explanation, and not called probable."""
    kind = "deploy" if change_id == "c1" else ""
    table = suspects(
        ("a", 1, change_id, 0.71, kind, 10.0, False, title), ("a", 2, "c9", 0.29, "deploy", 9.0, False, "x")
    )
    found = ToyFound(table, shares=shares(("a", 0.8, 0.3)))
    said = {}
    for low in (0.005, 0.5):
        table.loc[table["rank"] == 1, ["probability_low", "probability_high"]] = (low, 0.96)
        said[low] = "".join(map(str, explanation_sentences(table, None, found, "UTC", share(0))))
    assert (
        said[0.005].startswith("The strongest explanation is ")
        and "with 71 % (< 1 % to 96 %), which leaves it open." in said[0.005]
    )
    assert "robably" not in said[0.005] and "robably" in said[0.5]


def test_services_that_the_title_names_are_not_said_twice():
    assert _is_named("get.example.org", "Outage on Get.example.org") and not _is_named("api", "Rapid failures")
