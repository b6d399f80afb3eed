"""What is chosen: what stays, what follows, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from aftershock.reports.explore_choice import Choice, covered_days
from aftershock.schema.errors import UsageError

ZONE = "UTC"


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz=ZONE)


@pytest.fixture
def choice(twitter) -> Choice:
    assert twitter.timezone == ZONE
    return Choice.of(twitter, start="2023-01-01", end="2023-07-31")


def test_nobody_chose_so_the_worst_incident_of_the_choice_is_shown(choice, twitter):
    assert twitter.incident(choice.incident_id)["severity"] == min(choice.incidents["severity"])
    choice.choose(start=choice.start, end=choice.end, service="TweetDeck")
    assert (choice.incident_id, choice.picked) == ("tw-2023-03-06", False)
    choice.choose(start=day("2023-04-01"), end=day("2023-04-30"), service="")
    assert choice.incident_id == ""


def test_what_was_picked_stays_when_period_and_service_change(choice):
    choice.pick("tw-2023-02-08")
    choice.choose(start=day("2023-02-01"), end=day("2023-02-28"), service="")
    assert (choice.incident_id, choice.outside) == ("tw-2023-02-08", False)
    choice.choose(start=day("2023-03-01"), end=day("2023-03-31"), service="")
    assert (choice.incident_id, choice.outside) == ("tw-2023-02-08", True)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2023-03-02", "2023-03-01", "the period ends before it begins: 2023-03-02 to 2023-03-01"),
        ("2019-03-02", "2019-04-01", "the logs hold no day of 2019-03-02 to 2019-04-01: they run from 2022-"),
        ("2029-03-02", "2029-04-01", "the logs hold no day of 2029-03-02 to 2029-04-01"),
    ],
)
def test_a_period_that_is_none_is_refused_and_nothing_changes(choice, twitter, start, end, said):
    before = (choice.start, choice.end, choice.service, choice.incident_id)
    with pytest.raises(UsageError, match=said):
        choice.choose(start=day(start), end=day(end), service="TweetDeck")
    assert (choice.start, choice.end, choice.service, choice.incident_id) == before
    with pytest.raises(UsageError, match=said):
        Choice.of(twitter, start=start, end=end)


def test_both_days_belong_to_the_period(choice, twitter):
    onset = twitter.incident("tw-2023-03-06")["started_at"].tz_convert(twitter.timezone).normalize()
    choice.choose(start=onset, end=onset, service="")
    assert "tw-2023-03-06" in set(choice.incidents["incident_id"])
    choice.choose(start=onset + pd.DateOffset(days=1), end=onset + pd.DateOffset(days=2), service="")
    assert "tw-2023-03-06" not in set(choice.incidents["incident_id"])


def test_every_day_of_the_logs_can_be_chosen(choice, twitter):
    first, last = covered_days(twitter)
    assert (choice.days[0], choice.days[-1]) == (first, last)
    assert choice.start in choice.days and choice.end in choice.days


def test_what_a_period_does_not_change_is_made_once_for_a_service(choice):
    weeks = choice.weeks
    choice.choose(start=day("2023-04-01"), end=day("2023-04-30"), service="")
    assert "weeks" in choice.kept and len(choice.incidents) == 0
    pd.testing.assert_frame_equal(choice.weeks, weeks)
    choice.choose(start=day("2023-04-01"), end=day("2023-04-30"), service="TweetDeck")
    assert "weeks" not in choice.kept
    assert choice.weeks["incidents"].sum() < weeks["incidents"].sum()


def test_without_a_period_a_quiet_end_of_the_logs_gives_way_to_the_last_incident(twitter):
    last = covered_days(twitter)[1]
    ended = twitter.incidents[twitter.incidents["started_at"] < day("2023-03-07")]
    loud, quiet = Choice.of(twitter), Choice.of(replace(twitter, incidents=ended))
    assert (loud.end, loud.earlier, len(loud.incidents) > 0) == (last, False, True)
    assert (quiet.end, quiet.earlier, quiet.incident_id) == (day("2023-03-13"), True, "tw-2023-03-06")
    quiet.choose(start=quiet.start, end=quiet.end, service="")
    assert not quiet.earlier, "somebody chose it"
    without = Choice.of(replace(twitter, incidents=twitter.incidents[:0]))
    assert (without.end, without.earlier, without.incident_id) == (last, False, "")
