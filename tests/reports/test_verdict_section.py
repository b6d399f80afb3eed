"""The verdict and the reported cause, next to what the model says without them."""

from __future__ import annotations

import pandas as pd

from aftershock import attribute, load
from aftershock.output.phrases import interval_percent
from aftershock.output.safe_html import plain
from aftershock.reports.postmortem import open_postmortem
from aftershock.reports.verdict_section import reported_and_decided, verdict_numbers
from aftershock.schema.tables import NONE

REPORTED = "incident_id,started_at,services,caused_by,caused_by_source\n"


def test_a_verdict_is_named_with_its_role_beside_the_answer_before_it(write):
    verdicts = (
        "incident_id,change_id,decided_by,decided_at,note\n"
        'i1,c1,incident review,2024-01-20,"reverted\nand it went"\ni1,none,on-call,2024-01-11T09:00Z,<b>disk</b>\n'
    )
    folder = write(verdicts__csv=verdicts)
    report = open_postmortem(dataset=str(folder), incident_id="i1")
    blind = attribute(load(folder), blind=True).suspects("i1").set_index("change_id")
    row = blind.loc["c1"]
    before = interval_percent(row["probability"], row["probability_low"], row["probability_high"])
    had = f"set it off. Before that, the model had given it {before}, rank {row['rank']} of 2."
    assert "People decided (incident review, 20 Jan 2024): the deploy change" in report.summary().text
    assert had in report.summary().text
    decision, table, history, how = report.reported_cause().blocks
    assert decision.text.startswith(
        f"Decided by incident review, 20 Jan 2024: “Raise the payments limit” {had}\n\n“reverted\n\nand it went”\n\n"
        "With the verdict the model expects "
    )
    assert " incidents of 1,000 deploy changes, without it " in decision.text
    assert dict(zip(map(str, table.frame["Explanation"]), table.frame["Before"], strict=True)) == {
        "Raise the payments limit c1": row["probability"],
        "No recorded change": blind.loc[NONE, "probability"],
    }
    assert dict(zip(map(str, table.frame["Explanation"]), table.frame["After"], strict=True)) == {
        "Raise the payments limit c1": 1.0,
        "No recorded change": 0.0,
    }
    assert history.frame.to_dict("records") == [
        {
            "Set off by": "none",
            "Decided by": "on-call",
            "When": "11 Jan 2024, 09:00 UTC",
            "Counts": "replaced",
            "Note": "<b>disk</b>",
        },
        {
            "Set off by": "c1",
            "Decided by": "incident review",
            "When": "20 Jan 2024",
            "Counts": "yes",
            "Note": "reverted and it went",
        },
    ]
    assert "<b>" not in history._repr_html_()
    assert how.text == (
        "The model's answer here is blind to this incident: it reads neither who reported what nor any verdict on it, and its "
        "rates are learned as if nobody had decided on it."
    )
    numbers = report.numbers()._repr_mimebundle_()["application/vnd.aftershock.numbers+json"]
    assert [v["change_id"] for v in numbers["verdicts"]] == [NONE, "c1"]
    assert {b["change_id"]: b["probability"] for b in numbers["before_verdict"]} == blind["probability"].to_dict()


def test_the_answer_before_a_verdict_knows_those_on_other_incidents(write):
    head = "incident_id,change_id,decided_by,decided_at,note\n"
    folder = write(verdicts__csv=f"{head}i1,none,review,2024-01-20,\ni2,none,review,2024-02-20,\n")
    report = open_postmortem(dataset=str(folder), incident_id="i1")
    (folder / "verdicts.csv").write_text(f"{head}i2,none,review,2024-02-20,\n")
    expected = attribute(load(folder)).suspects()
    pd.testing.assert_frame_equal(report.before.suspects(), expected)
    assert report.reported_cause().text.endswith(" It does know 1 verdict on other incidents.")
    assert " incidents a month without a recorded change on checkout, without it " in report.reported_cause().text


def test_a_rejection_is_said_with_its_role_and_what_set_it_off_stays_open(write):
    folder = write(
        verdicts__csv="incident_id,change_id,decision,decided_by,note\ni1,c1,rejected,review,rolled out to nobody\n"
    )
    report = open_postmortem(dataset=str(folder), incident_id="i1")
    assert report.verdict is None and "c1" not in set(report.suspects["change_id"])
    text = report.reported_cause().text
    assert text.startswith(
        "Rejected by review: “Raise the payments limit” did not set it off, and is no suspect any more.\n\n“rolled out to nobody”"
    )
    assert "blind to this incident" in text and "c1" in set(report.before.suspects("i1")["change_id"])
    assert "people rejected it (review)" in report.ruled_out(report.suspects).text
    assert (
        "what set it off is open; not “Raise the payments limit”, c1 (people rejected it (review))"
        in report.decided_and_open().text
    )


def test_a_verdict_on_what_was_no_candidate_says_why_it_was_none(write):
    folder = write(verdicts__csv="incident_id,change_id,decided_by\ni2,c2,review\n")
    text = open_postmortem(dataset=str(folder), incident_id="i2").reported_cause().text
    assert text.startswith(
        "Decided by review: “Tidy the index settings” set it off. Before that, the model had not weighed it.\n\n"
    )
    assert (
        "c2 is not a suspect of i2: it came at least 21 d before the incident, which is longer than the horizon of 3 d "
        "(dataset.toml, [attribution] horizon)."
    ) in text


def test_a_blind_report_knows_no_verdict(write):
    folder = write(verdicts__csv="incident_id,change_id\ni1,c1\n")
    report = open_postmortem(dataset=str(folder), incident_id="i1", blind=True)
    assert report.before is report.found
    assert "People decided" not in report.summary().text
    assert report.reported_cause().text.startswith("Nobody has reported a cause")


def test_a_reported_cause_has_its_rank_also_where_it_is_none_or_no_candidate(write):
    rows = "i1,2024-01-10T12:00Z,checkout,c1;c3,\ni2,2024-02-10T12:00Z,search,,\n"
    changes = (
        "change_id,started_at,kind,services,title\nc1,2024-01-10T11:30Z,deploy,checkout,Raise the limit\n"
        "c3,2024-02-20T11:30Z,deploy,search,Add a column\n"
    )
    dataset = load(write(incidents=REPORTED + rows, changes=changes))
    found = attribute(dataset, blind=True)
    table, blind = reported_and_decided(dataset.incident("i1"), found, found).blocks
    suspects = found.suspects("i1").set_index("change_id")
    frame = table.frame.astype(object).where(table.frame.notna(), None)
    assert [plain(c) for c in frame["Reported cause"]] == ["Raise the limit c1", "Add a column c3"]
    assert frame["Rank by the model"].tolist() == [suspects["rank"]["c1"], None]
    assert frame["Probability"].tolist() == [suspects["probability"]["c1"], None]
    assert frame["Reported by"].tolist() == ["not said", "not said"]
    assert blind.text.startswith("The model's answer here is blind to this incident")


def test_without_a_verdict_there_is_no_answer_before_it(write):
    dataset = load(write())
    found = attribute(dataset)
    assert verdict_numbers("i1", found, found) == {"verdicts": [], "before_verdict": []}
    assert reported_and_decided(dataset.incident("i1"), found, found).text.startswith("Nobody has reported a cause")
