"""The monthly review, read as text, against counts made by hand from the files."""

from __future__ import annotations

import csv
import gzip

import plotly.graph_objects as go
import pytest
from notebooks_here import shown_by

from aftershock import metrics
from aftershock.dataset.shipped import SHIPPED
from aftershock.metrics import Estimate
from aftershock.metrics.dora import NOT_LEARNED
from aftershock.output.phrases import interval_percent, number, percent, percent_range
from aftershock.output.safe_html import plain
from aftershock.reports.monthly_review import open_monthly_review
from aftershock.reports.risk_section import TOO_LITTLE


@pytest.fixture(scope="module")
def december():
    return open_monthly_review(dataset="demo", month="2025-12")


def action_items(month: str) -> str:
    report = open_monthly_review(dataset="demo", month=month)
    return report.action_items(
        report.follow_up, metrics.repeats(report.dataset, report.incidents["incident_id"].tolist())
    ).text


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


def test_hours_are_those_of_outages_not_of_their_alerts(december, monkeypatch):
    """A hundred alerts of ten outages tell of ten hours, too few for a peak."""
    rhythm = december.found.rhythm
    assert december.rhythm_figure(rhythm).layout.meta["finding"].startswith("Background outages peak on")
    monkeypatch.setattr(metrics, "outage_count", lambda *_: Estimate(10.0, 8.0, 12.0, "outages"))
    assert december.rhythm_figure(rhythm).layout.meta["finding"].startswith("Too few incidents to know")


def test_outages_are_said_where_they_are_fewer_than_the_incidents(december):
    for value, said in (
        (9.4, "12 incidents, about 9 outages (8–11),"),
        (11.4, "12 incidents, about 11 outages"),
        (11.5, "12 incidents"),
    ):
        report = open_monthly_review(dataset="demo", month="2025-12")
        report.__dict__["outage_count"] = Estimate(value, 8.0, 11.0, "outages")
        text = f"12 incidents{report._outages(12)}"
        assert text.startswith(said) and ("outages" in text) == (value < 11.5)
    numbers = december.numbers()._repr_mimebundle_()["application/vnd.aftershock.numbers+json"]
    assert numbers["outages"]["value"] == pytest.approx(december.outage_count.value)


def test_the_share_set_off_by_changes_stands_beside_chance(december):
    share = december.change_share
    assert 0 < share.low < share.value < share.high < 1
    assert f"chance alone would explain {percent(share.chance)}." in december.summary().text or (
        f"no more than chance would ({percent(share.chance)})." in december.summary().text
    )
    assert f"by chance {percent(share.chance)}" in december.facts().text


def test_the_share_and_its_interval_are_the_same_on_the_page_in_its_cards_and_in_the_index(december):
    share = december.change_share
    numbers = december.numbers()._repr_mimebundle_()["application/vnd.aftershock.numbers+json"]
    said = interval_percent(share.value, share.low, share.high)
    index = plain(numbers["report"]["summary"])
    assert f"Changes explain {said} of them" in december.summary().text and said in index
    assert percent_range(share.low, share.high) in december.facts().text
    assert [numbers["change_share"][k] for k in ("value", "low", "high")] == pytest.approx(
        [share.value, share.low, share.high]
    )


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
    frame = december.incidents_table(december.incidents, december.found.suspects()).blocks[0].frame
    assert len(frame) == len(december.incidents)
    assert frame["By chance"].str.endswith("%").all()
    assert frame["All changes together"].map(str).str.contains("%").all()


def test_links_to_postmortems_only_where_they_are_rendered(december):
    assert "<a " not in december.incidents_table(december.incidents, december.found.suspects())._repr_html_()
    linked = open_monthly_review(dataset="demo", month="2025-12", link_incidents=True)
    assert (
        'href="../incidents/inc-2025-148.html"'
        in linked.incidents_table(linked.incidents, december.found.suspects())._repr_html_()
    )


def test_a_month_without_incidents_says_so_in_every_section():
    report = open_monthly_review(dataset="twitter-2023", month="2023-04")
    assert "No incident is recorded for April 2023." in report.summary().text
    assert "No incidents in this month." in report.incidents_table(report.incidents, report.found.suspects()).text
    shown = shown_by("monthly_review", report)
    assert len(shown) == 23
    assert all(s.layout.meta["alt"] if isinstance(s, go.Figure) else s.text for s in shown[:-1])


def test_the_first_month_has_nothing_to_be_compared_with():
    assert "first month covered" in open_monthly_review(dataset="twitter-2023", month="2022-12").summary().text


def test_action_items_are_judged_at_the_end_of_the_month():
    november, december = action_items("2025-11"), action_items("2025-12")
    assert (
        " opened in the month and " in november and november.split("At its end")[1] != december.split("At its end")[1]
    )


def test_few_rows_and_no_incidents_at_all_are_a_report(write):
    report = open_monthly_review(dataset=str(write(incidents="incident_id,started_at\n")))
    assert "No incident is recorded" in report.summary().text
    assert report.rates_figure(report.found.rates).layout.meta["alt"]


def test_where_the_logs_share_no_time_nothing_is_said_of_changes(write):
    report = open_monthly_review(dataset=str(write(changes="change_id,kind,started_at,services\n")))
    said = report.summary().text + report.incidents_table(report.incidents, report.found.suspects()).text
    assert "so nothing can be said about changes." in said and "Changes explain" not in said and "100 %" not in said
    assert "Set off by changes" not in report.facts().text and report.shares.empty


def test_months_before_without_any_are_said_in_words(write):
    changes = "change_id,kind,started_at,services\nc1,deploy,2025-01-02,api\nc2,deploy,2025-03-30,api\n"
    report = open_monthly_review(
        dataset=str(write(incidents="incident_id,started_at\n", changes=changes)), month="2025-03"
    )
    assert "The 2 months before it had none either." in report.summary().text


def test_what_was_learned_from_too_few_is_not_drawn(write):
    report = open_monthly_review(dataset=str(write()))
    few = report.rates_figure(report.found.rates).layout.meta["finding"]
    assert few == TOO_LITTLE
    assert report.rhythm_figure(report.found.rhythm).layout.meta["finding"].startswith("Too few incidents to know")


def test_action_items_of_later_incidents_do_not_exist_yet():
    assert "No action items" in action_items("2025-01")


def test_without_enough_to_learn_from_no_watch_time_is_given(write):
    report = open_monthly_review(dataset=str(write()))
    assert TOO_LITTLE in report.watch(metrics.watch_time(report.found)).text
    assert "Watch a change for" not in report.facts().text
    groups = [metrics.by_group(report.dataset, report.month, column) for column in ("severity", "services")]
    assert "nan" not in report.groups(*groups).text


def numbers_of(report) -> dict:
    return report.numbers()._repr_mimebundle_()["application/vnd.aftershock.numbers+json"]


def test_all_changes_together_have_one_rate_on_the_page(december):
    """By kind and by hour the same changes and the same probabilities are summed; the mean service has a name of its own."""
    shares, found = december.found.shares, december.found
    kinds = metrics.risk_by_kind(december.dataset, found)
    hours = metrics.risk_by_hours(december.dataset, found)
    services = metrics.risk_by_service(december.dataset, found)
    assert kinds["changes"].sum() == hours["changes"].sum()
    assert kinds["set_off"].sum() == pytest.approx(hours["set_off"].sum())
    assert kinds["set_off"].sum() == pytest.approx(shares["change_probability"].sum(), rel=1e-3)
    rate = number(1000 * kinds["set_off"].sum() / kinds["changes"].sum())
    forest, funnel = december.rates_figure(kinds).layout.meta, december.services_figure(services).layout.meta
    assert (
        f"all changes together {rate}." in forest["alt"] and f"together set off {rate} per 1,000" in forest["finding"]
    )
    mean = number(1000 * services["set_off"].sum() / services["changes"].sum())
    assert f"the mean service {mean} incidents" in funnel["alt"] and "all changes" not in funnel["alt"]
    assert numbers_of(december)["rates"][0]["set_off"] == pytest.approx(kinds["set_off"][0])


def test_what_was_learned_from_too_few_has_no_failure_rate(write):
    report = open_monthly_review(dataset=str(write()))
    row = next(r for r in numbers_of(report)["dora"] if r["measure"] == "change failure rate")
    assert row["value"] is None and row["definition"].endswith(NOT_LEARNED)
    dora = metrics.dora(report.dataset, report.found, report.month, learned=report.learned)
    assert NOT_LEARNED in report.dora_table(dora)._repr_html_()
