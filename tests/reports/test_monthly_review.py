"""The monthly review and the explorer, read as text, against counts made by hand from the files."""

from __future__ import annotations

import csv
import gzip

import pytest

from aftershock import load
from aftershock.dataset.dataset import SHIPPED
from aftershock.output.phrases import percent
from aftershock.reports.explore import VerdictForm, open_explore
from aftershock.reports.monthly_review import open_monthly_review


@pytest.fixture(scope="module")
def december():
    return open_monthly_review(dataset="demo", month="2025-12")


def rows_of(file: str) -> list[dict[str, str]]:
    path = SHIPPED / "demo" / file
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        return list(csv.DictReader(lines))


def test_the_count_is_that_of_the_file(december):
    # 23:00 UTC is midnight in Berlin in winter
    count = sum(
        "2025-11-30T23" <= r["started_at"] < "2025-12-31T23" and not r["duplicate_of"] for r in rows_of("incidents.csv")
    )
    assert len(december.incidents) == count
    assert december.summary().text.startswith(f"{count} incidents in December 2025. ")


def test_the_share_set_off_by_changes_stands_beside_chance(december):
    share = december.change_share
    assert 0 < share.low < share.value < share.high < 1
    assert f"by chance alone it would be {percent(share.chance)}" in december.summary().text
    assert f"by chance {percent(share.chance)}" in december.facts().text


def test_deployment_frequency_is_that_of_the_file(december):
    deploys = sum(
        r["kind"] == "deploy"
        and r["environment"] == "production"
        and "2025-11-30T23" <= r["started_at"] < "2025-12-31T23"
        for r in rows_of("changes.csv.gz")
    )
    numbers = december.numbers()._repr_mimebundle_()["application/vnd.aftershock.numbers+json"]
    frequency = next(r for r in numbers["dora"] if r["measure"] == "deployment frequency")
    assert frequency["n"] == deploys
    assert frequency["value"] == pytest.approx(deploys / 31)


def test_every_incident_has_its_explanation_and_its_level_of_chance(december):
    frame = december.incidents_table().blocks[0].frame
    assert len(frame) == len(december.incidents)
    assert frame["By chance"].str.endswith("%").all()
    assert frame["All changes together"].map(str).str.contains("%").all()


def test_links_to_postmortems_only_where_they_are_rendered(december):
    assert "<a " not in december.incidents_table()._repr_html_()
    linked = open_monthly_review(dataset="demo", month="2025-12", link_incidents=True)
    assert 'href="../incidents/inc-2025-148.html"' in linked.incidents_table()._repr_html_()


def test_a_month_without_incidents_says_so_in_every_section():
    report = open_monthly_review(dataset="twitter-2023", month="2023-04")
    assert "No incident is recorded for April 2023." in report.summary().text
    assert "No incidents in this month." in report.incidents_table().text
    for section in (
        "facts",
        "groups",
        "risk_tables",
        "watch",
        "durations_table",
        "dora_table",
        "repeats",
        "action_items",
        "data_notes",
        "footer",
    ):
        assert getattr(report, section)().text
    for figure in ("control", "calendar", "rates", "delay", "famous", "rhythm", "durations"):
        assert getattr(report, f"{figure}_figure")().layout.meta["alt"]


def test_the_first_month_has_nothing_to_be_compared_with():
    assert "first month covered" in open_monthly_review(dataset="twitter-2023", month="2022-12").summary().text


def test_action_items_are_judged_at_the_end_of_the_month():
    november = open_monthly_review(dataset="demo", month="2025-11").action_items().text
    december = open_monthly_review(dataset="demo", month="2025-12").action_items().text
    assert november.split(" were done")[0] != december.split(" were done")[0]


def test_few_rows_and_no_incidents_at_all_are_a_report(write):
    report = open_monthly_review(dataset=str(write(incidents="incident_id,started_at\n")))
    assert "No incident is recorded" in report.summary().text
    assert report.rates_figure().layout.meta["alt"]


def test_the_explorer_chooses_the_worst_incident_of_the_choice(demo):
    explorer = open_explore(dataset="demo", start="2025-12-01", end="2025-12-31", service="notifications")
    worst = min(explorer.incidents["severity"])
    assert demo.incident(explorer.incident_id)["severity"] == worst
    assert all("notifications" in s for s in explorer.incidents["services"])
    assert "No recorded change" in explorer.suspects_table().text


def test_an_empty_choice_is_said():
    explorer = open_explore(dataset="twitter-2023", start="2023-04-01", end="2023-04-30")
    assert explorer.incident_id == ""
    assert "No incident in this choice." in explorer.incident_title().text
    assert explorer.suspects_figure().layout.meta["alt"]
    assert explorer.timeline_figure().layout.meta["alt"]


def test_widgets_change_the_choice():
    explorer = open_explore(dataset="twitter-2023", start="2023-01-01", end="2023-07-31")
    drawn = []
    box = explorer.controls(lambda: drawn.append(explorer.incident_id))
    _, service, incident = box.children
    service.value = "TweetDeck"
    assert drawn[-1] == explorer.incident_id == "tw-2023-03-06"
    incident.value = "tw-2023-02-08"
    assert drawn[-1] == "tw-2023-02-08"


def test_a_verdict_can_be_recorded_from_the_explorer(write):
    folder = write()
    explorer = open_explore(dataset=str(folder), incident_id="i1")
    assert 0 < explorer.found.suspects("i1")["probability"].max() < 1
    assert explorer.suspects_figure() is not None
    said = explorer.decide("i1", "c1", by="incident review", note="reverted")
    assert said.text.startswith("i1: c1, “Raise the payments limit”, set it off, decided by incident review at ")
    assert explorer.found.suspects("i1").iloc[0][["change_id", "probability"]].tolist() == ["c1", 1.0]
    assert "100 %" in explorer.suspects_table().text, "what is shown knows the verdict"
    assert load(folder).verdicts[["change_id", "decided_by", "note"]].values.tolist() == [
        ["c1", "incident review", "reverted"]
    ]


def test_the_form_records_what_its_widgets_say(write):
    folder = write()
    explorer, drawn = open_explore(dataset=str(folder), incident_id="i1"), []
    form = VerdictForm(explorer, lambda: drawn.append(1))
    assert [change for _, change in form.change.options] == explorer.found.suspects("i1")["change_id"].tolist()
    form.role.value, form.change.value, form.note.value = "jane@example.org", "none", "<b>x</b>"
    form.button.click()
    assert "'jane@example.org' is an address or a handle, not a role" in form.said.value
    assert not (folder / "verdicts.csv").exists()
    form.role.value = "incident review"
    form.button.click()
    assert "no recorded change set it off, decided by incident review" in form.said.value
    assert load(folder).verdicts[["change_id", "note"]].values.tolist() == [["none", "<b>x</b>"]]
    assert (drawn, form.note.value) == ([1], "")


def test_without_an_incident_there_is_nothing_to_decide():
    explorer = open_explore(dataset="twitter-2023", start="2023-04-01", end="2023-04-30")
    form = VerdictForm(explorer, lambda: None)
    assert (form.button.disabled, form.change.options) == (True, (("no incident", ""),))
    assert explorer.explanation_tables().text == ""
    assert explorer.explanation_figure().layout.meta["alt"].startswith("No recorded change competes")


def test_action_items_of_later_incidents_do_not_exist_yet():
    january = open_monthly_review(dataset="demo", month="2025-01").action_items().text
    assert "No action items" in january


def test_without_enough_to_learn_from_no_watch_time_is_given(write):
    report = open_monthly_review(dataset=str(write()))
    assert "Too few outages were set off by changes" in report.watch().text
    assert "Watch a change for" not in report.facts().text
    assert "nan" not in report.groups().text
