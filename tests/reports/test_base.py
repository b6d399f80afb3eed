"""What every report has: the warnings on top, the account of the data, the footer."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace

import pandas as pd
import pytest
from conftest import CHANGES, INCIDENTS, TOML
from few_draws import expect_from_few

from aftershock import __version__, load
from aftershock.dataset.audience import for_audience
from aftershock.metrics import Estimate
from aftershock.reports.base import Report, by_chance, one_decimal, report_numbers
from aftershock.reports.postmortem import open_postmortem


def test_reports_count_what_was_folded(write):
    incidents = [{"id": "P1", "created_at": "2024-01-10T12:00:00Z"}] * 3
    toml = TOML.replace('"incidents.csv"', '"incidents.json"\nformat = "pagerduty"')
    dataset = load(write(toml, incidents=None, incidents__json=json.dumps(incidents)))
    table = Report(dataset).data_notes().blocks[-1]
    assert table.frame.values.tolist() == [["incidents", "the export holds the same record twice", 2]]


def test_logs_that_share_no_time_say_so_first(write):
    report = open_postmortem(dataset=str(write(changes="change_id,started_at\nc,2025-01-01\n")), incident_id="i1")
    assert report.warnings().text.startswith(
        "Warning: The two logs share no time: incidents run from 10 Jan 2024 to 10 Feb 2024 and changes run from 1 Jan 2025"
    )
    assert "nothing can be said about changes" in report.summary().text


def test_warnings_say_that_they_are_about_the_whole_log(twitter_found):
    report = open_postmortem(dataset="twitter-2023", incident_id="tw-2023-03-06", blind=True)
    report.__dict__["found"] = twitter_found
    assert "About the whole log: Only 11 incidents" in report.warnings().text


def test_logs_that_share_no_time_get_a_line_that_says_so(write):
    early = "change_id,started_at,services\nc1,2020-01-10T11:30:00Z,a\n"
    report = Report(load(write(changes=early)))
    said = "What a suspect given 80 % is worth is not known: the two logs share no time."
    assert report.expectation == said
    assert said in report.made_from({}).text


ODD = INCIDENTS + "i3,soon,search,Slow\ni1,2024-03-01T00:00Z,search,again\n"
NAMELESS = CHANGES + "c4,2024-02-01T11:30:00Z,deploy,,Nothing named\n"


def test_rows_that_were_not_used_are_announced_and_a_public_report_only_counts_them(write):
    dataset = load(write(incidents=ODD))
    private, public = (Report(for_audience(dataset, audience)) for audience in ("private", "public"))
    assert "2 rows of the logs could not be used; they are listed under data notes." in private.warnings().text
    assert "2 rows of the logs could not be used; they are counted under data notes." in public.warnings().text
    (table,) = private.account()
    assert table.frame["Where"].tolist() == ["incidents.csv, line 4", "incidents.csv, line 5"]
    assert table.frame["Found"].tolist()[0] == "'soon'"
    (counts,) = public.account()
    assert sorted(counts.frame.values.tolist()) == [
        ["Rows not used", "an earlier row has the same id", 1],
        ["Rows not used", "the time is in no known form", 1],
    ]
    assert "soon" not in public.data_notes().text


def test_of_many_rows_the_first_fifty_are_listed(write):
    rows = "".join(f"x{n},soon,web,Down\n" for n in range(51))
    (table,) = Report(load(write(incidents=INCIDENTS + rows))).account()
    assert len(table.frame) == 50 and table.caption == "Rows that could not be used (the first 50 of 51)"
    (whole,) = Report(load(write(incidents=INCIDENTS + rows[: rows.index("x50")]))).account()
    assert len(whole.frame) == 50 and whole.caption == "Rows that could not be used"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (CHANGES, " Every change names a service."),
        (NAMELESS, " 25 % of the changes name no service."),
        ("change_id,started_at\nc1,2024-01-20\n", " No change names a service."),
    ],
)
def test_the_data_notes_say_what_was_read(write, changes, said):
    intro = Report(load(write(changes=changes))).data_notes().text
    assert intro.startswith("2 incidents and ") and "every row could be used and none looked odd. " in intro
    assert intro.endswith(said)


def test_a_repetition_is_counted_and_the_period_is_in_the_dataset_s_zone(write):
    rows = "incident_id,started_at,duplicate_of\ni1,2024-01-10T12:00Z,\ni2,2024-01-10T12:05Z,i1\n"
    intro = Report(load(write(TOML.replace('"UTC"', '"Europe/Berlin"'), incidents=rows))).data_notes().text
    assert "; 1 of the incidents repeats another and counts once with it. " in intro
    assert "Both logs cover 10 Jan 2024, 00:00 CET to " in intro


def test_simulated_data_say_so_before_anything_else(write):
    report = Report(load(write("simulated = true\n" + TOML, incidents=ODD)))
    assert report.warnings().text.startswith("Warning: This is simulated data: no such company")


def test_the_footer_names_versions_parameters_and_inputs(write):
    dataset = load(write())
    private, public = (Report(for_audience(dataset, audience)) for audience in ("private", "public"))
    text, files = private.inputs({"dataset": "small", "month": "2024-01"})
    assert text.text.startswith(f"Aftershock {__version__}, Python ")
    assert text.text.endswith("; dataset small, times in UTC, horizon 72 hours; month = 2024-01.")
    assert files.frame["File"].tolist() == list(dataset.hashes)
    assert files.frame["SHA-256"].tolist() == [h[:16] for h in dataset.hashes.values()]
    _, one = public.inputs({})
    assert one.text == f"3 input files; first 16 digits of the SHA-256 of theirs: {dataset.reading}."


def test_where_no_change_could_compete_no_share_is_known(write):
    apart = Report(load(write(changes="change_id,started_at\nc,2025-01-01\n")))
    assert apart.shares.empty and math.isnan(apart.share_of(["i1", "i2"]).value)
    assert not apart.learned, "what it says of delays would be the priors'"
    report = Report(load(write()))
    assert len(report.shares) == 2 and report.share_of(["i1"]).value > 0


def test_few_incidents_teach_nothing_of_delays(write):
    assert Report(load(write())).learned is False


def test_the_head_of_the_numbers_is_of_what_is_told_and_not_of_the_day_it_is_made(write):
    dataset = load(write())
    at = pd.Timestamp("2024-01-10T12:00Z")

    def head(**more: object) -> dict:
        numbers = report_numbers(dataset, updated_at=at, summary="s", numbers={"n": 1}, **more)
        held = json.loads(json.dumps(numbers._repr_mimebundle_()["application/vnd.aftershock.numbers+json"]))
        assert held["n"] == 1
        return held["report"]

    assert head() == head()
    assert (head()["started_at"], head()["updated_at"]) == ("", "2024-01-10T12:00:00+00:00")
    assert head(started_at=at, services=("a", "b"))["services"] == ["a", "b"]
    assert head(started_at=at)["started_at"] == "2024-01-10T12:00:00+00:00"
    assert (head()["dataset_name"], head()["reading"], head()["audience"]) == ("small", dataset.reading, "private")


def test_chance_is_named_where_it_is_known():
    share = Estimate(0.5, 0.2, 0.8)
    assert by_chance(share) == ""
    assert by_chance(replace(share, chance=0.22)) == "; by chance 22 %"
    assert (one_decimal(2.25), one_decimal(math.nan)) == ("2.2", "–")


def test_the_footer_says_of_which_model_the_probabilities_are(write):
    """The same whoever reads it, and another one where a log has a row more."""
    dataset = load(expect_from_few(write()))
    said = [Report(for_audience(dataset, audience)).made_from({}).text for audience in ("private", "public")]
    [model] = {re.search(r"Model ([0-9a-f]{16}): ", text)[1] for text in said}
    more = CHANGES + "c9,2024-01-10T11:45:00Z,deploy,checkout,Another one\n"
    assert f"Model {model}: " not in Report(load(expect_from_few(write(changes=more)))).made_from({}).text
