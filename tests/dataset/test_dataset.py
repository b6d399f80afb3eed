"""A dataset in memory: what it says of incidents and changes, and which verdicts count."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from conftest import INCIDENTS, TOML

from aftershock import load
from aftershock.dataset.audience import for_audience
from aftershock.schema.errors import UsageError

HEAD = "incident_id,change_id,decided_by,decided_at,note\n"  # of verdicts that know no rejections
NEW = HEAD.replace("change_id,", "change_id,decision,")
REPEATED = (
    "incident_id,started_at,services,title,duplicate_of\ni1,2024-01-10T12:00:00Z,checkout,Payments fail,\n"
    "again,2024-01-10T12:05:00Z,checkout,Payments fail too,i1\ni2,2024-02-10T12:00:00Z,search,Search is empty,\n"
)


def test_a_rejection_takes_back_what_was_accepted_and_is_taken_back_by_it(write):
    rows = "i1,c1,,ops,2024-02-01,\ni1,c1,rejected,ops,2024-02-02,\ni2,c2,,ops,2024-02-01,\ni2,c3,rejected,ops,2024-02-02,\n"
    dataset = load(write(verdicts__csv=NEW + rows))
    assert dataset.decisions[["incident_id", "change_id"]].values.tolist() == [["i2", "c2"]]
    assert dataset.rejections[["incident_id", "change_id"]].values.tolist() == [["i1", "c1"], ["i2", "c3"]]
    dataset = load(write(verdicts__csv=NEW + "i1,c1,rejected,ops,2024-02-01,\ni1,c1,accepted,ops,2024-02-02,\n"))
    assert (len(dataset.decisions), len(dataset.rejections)) == (1, 0)


def test_a_row_on_a_repetition_counts_for_its_original(write):
    folder = write(incidents=REPEATED, verdicts__csv=HEAD + "again,c1,review,,\n")
    assert load(folder).decisions["incident_id"].tolist() == ["i1"]


def test_every_day_of_the_observed_period_is_one_of_the_datasets_zone(write):
    dataset = load(write(TOML.replace('"UTC"', '"Europe/Berlin"')))
    first, last = (t.tz_convert(dataset.timezone) for t in dataset.observed)
    assert (dataset.days[0], dataset.days[-1]) == (first, last - pd.Timedelta(days=1))
    assert str(dataset.days.tz) == dataset.timezone and (dataset.days == dataset.days.normalize()).all()


@pytest.mark.parametrize("given", [5, pd.DataFrame({"a": [1, 2]}), None])
def test_an_id_that_is_no_text_is_an_error_that_says_so(write, given):
    dataset = load(write())
    for ask, of in ((dataset.incident, "an incident"), (dataset.change, "a change")):
        with pytest.raises(
            UsageError, match=f"^found {type(given).__name__} in place of the id of {of}; expected its text"
        ):
            ask(given)


def test_an_id_that_does_not_exist_names_the_nearest(write):
    rows = "".join(f"INC-{n},2024-01-1{n}T12:00Z,web,Down\n" for n in range(7))
    dataset = load(write(incidents=INCIDENTS.splitlines(keepends=True)[0] + rows))
    with pytest.raises(UsageError) as refused:
        dataset.incident("inc-3x")
    assert str(refused.value) == (
        "no incident 'inc-3x' in small; the nearest is 'INC-3' (7 incidents: INC-0, INC-1, INC-2, INC-3, INC-4, …)"
    )
    with pytest.raises(UsageError, match=r"^no change 'zzz' in small \(3 changes\)$"):
        dataset.change("zzz")


def test_of_verdicts_without_a_time_the_last_row_counts_and_one_with_a_time_comes_after(write):
    rows = "i1,c1,ops,,\ni1,none,ops,,\ni2,c2,ops,2024-03-01,\ni2,c3,ops,,\n"
    dataset = load(write(verdicts__csv=HEAD + rows))
    assert dataset.decisions[["incident_id", "change_id"]].values.tolist() == [["i1", "none"], ["i2", "c2"]]
    assert dataset.verdicts_on("i2")["change_id"].tolist() == ["c3", "c2"]


def test_a_rejection_of_another_change_leaves_what_was_accepted(write):
    rows = "i1,c1,accepted,ops,2024-02-01,\ni1,c2,rejected,ops,2024-02-02,\n"
    dataset = load(write(verdicts__csv=NEW + rows))
    assert (dataset.decisions["change_id"].tolist(), dataset.rejections["change_id"].tolist()) == (["c1"], ["c2"])
    dataset = load(write(verdicts__csv=NEW + rows + "i1,c2,accepted,ops,2024-02-03,\n"))
    assert dataset.decisions["change_id"].tolist() == ["c2"] and dataset.rejections.empty


def test_without_the_verdicts_on_one_incident_those_on_others_stay(write):
    verdicts = HEAD + "i1,c1,review,2024-02-01,\ni2,none,review,2024-02-20,\n"
    folder = write(incidents=INCIDENTS.replace("Payments", "jane.doe@example.org"), verdicts__csv=verdicts)
    shown = for_audience(load(folder), "public")
    assert shown.as_read is not shown
    before = shown.without_verdicts_on("i1")
    assert before.decisions["incident_id"].tolist() == ["i2"]
    assert before.as_read.decisions["incident_id"].tolist() == ["i2"], "which is what the model reads"
    assert ["jane.doe" in d.incidents["title"][0] for d in (before, before.as_read)] == [False, True]
    assert shown.decisions["incident_id"].tolist() == ["i1", "i2"]


def test_only_tables_of_the_same_rows_are_the_masked_form_of_a_dataset(write):
    dataset = load(write())
    shown = replace(dataset).masking(dataset)
    assert shown.as_read is dataset
    assert replace(shown, changes=dataset.changes.iloc[:0]).as_read.changes.empty, "what is replaced is read as it is"
    with pytest.raises(ValueError, match="the masked changes are not those that were read"):
        replace(dataset, changes=dataset.changes.iloc[1:]).masking(dataset)


def test_masked_ids_lead_to_those_of_the_log_and_back(write):
    dataset = replace(load(write()), raw_ids={"[host 1]": "i1"}, raw_change_ids={"[host 2]": "c1"})
    assert (dataset.raw_id("[host 1]"), dataset.raw_id("i2")) == ("i1", "i2")
    assert (dataset.raw_change_id("[host 2]"), dataset.raw_change_id("c2")) == ("c1", "c2")
    assert [dataset.masked_id(i) for i in ("i1", "[host 1]", "i2")] == ["[host 1]", "[host 1]", "i2"]


def test_grades_of_the_settings_come_first_and_others_by_name(write):
    rows = "incident_id,started_at,severity\n" + "".join(
        f"i{n},2024-01-1{n},{grade}\n" for n, grade in enumerate(["minor", "SEV2", "", "extra", "SEV1"])
    )
    toml = TOML.replace("[changes]", 'severity = ["SEV1", "SEV2", "SEV3"]\n[changes]')
    assert load(write(toml, incidents=rows)).severities == ["SEV1", "SEV2", "SEV3", "extra", "minor"]


def test_the_moment_at_which_the_period_ends_is_of_no_month(write):
    """It ends where April begins in the dataset's zone."""
    toml = TOML.replace('"UTC"', '"Europe/Berlin"') + '[attribution]\nobserved = ["2024-01-31", "2024-03-31"]\n'
    assert load(write(toml)).months == ["2024-01", "2024-02", "2024-03"]


def test_a_log_that_ends_within_the_horizon_before_the_other_overlaps_it(write):
    changes = "change_id,started_at\nc,2024-01-0{}T12:00Z\n"
    incidents = "incident_id,started_at\ni,2024-01-08T12:00Z\n"
    near, far = (load(write(incidents=incidents, changes=changes.format(day))) for day in (5, 4))
    assert (near.overlapping, far.overlapping) == (True, False)


def test_a_repetition_is_no_incident_of_its_own(write):
    dataset = load(write(incidents=REPEATED))
    assert dataset.actual_incidents["incident_id"].tolist() == ["i1", "i2"]
    assert len(dataset.incidents) == 3


def test_the_same_files_are_the_same_reading_and_one_other_byte_is_another(write):
    first = load(write()).reading
    assert (len(first), load(write()).reading) == (16, first)
    assert load(write(incidents=INCIDENTS.replace("empty", "emptY"))).reading != first
