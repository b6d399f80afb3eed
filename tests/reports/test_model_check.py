"""The model check, section by section, with known causes and without."""

from __future__ import annotations

import html
import json

import pandas as pd
import pytest
from few_draws import expect_from_few
from notebooks_here import page_text

from aftershock import figures, load
from aftershock.model.validation.backtest import OURS
from aftershock.model.validation.known_causes import IN_LOG
from aftershock.model.validation.text_tables import measurements, none_first_sentence
from aftershock.rendering import batch, jobs
from aftershock.rendering.site.index import write_site
from aftershock.reports.model_check import (
    NO_LABELS,
    NOTHING_KNOWN,
    few_known,
    open_model_check,
    pinned,
    ranked_first,
)
from aftershock.schema.errors import UsageError
from aftershock.simulation import Fleet, simulate, write

SECTIONS = (
    "summary",
    "facts",
    "rules_table",
    "later_table",
    "worst_table",
    "self_check",
    "chance",
    "footer",
    "numbers",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Five months of a small company; the truth is next to the logs."""
    fleet = Fleet(seed=9, months=5, services=10, changes=900, background_incidents=18, postmortems=0)
    return expect_from_few(write(simulate(fleet), tmp_path_factory.mktemp("fleet") / "little"))


@pytest.fixture(scope="module")
def labelled(folder):
    return open_model_check(dataset=str(folder), labels=str(folder / "truth.csv"), folds=2)


@pytest.fixture(scope="module")
def bare(folder):
    return open_model_check(dataset=str(folder))


def test_the_summary_states_what_was_measured(labelled):
    row = labelled.measured.loc[("Aftershock", "top_1")]
    text = labelled.summary().text
    assert f"The change that did it is ranked first in {100 * row['value']:.0f} % (" in text
    assert f"of {row['n']:.0f} incidents." in text
    assert labelled.expectation in text
    assert labelled.expectation in labelled.footer().text


def test_the_tables_hold_the_measured_numbers(labelled):
    shown = labelled.rules_table().blocks[1].frame.set_index("Rule")
    for rule in labelled.backtest.by_rule:
        row = labelled.measured.loc[(rule, "top_3")]
        assert shown.loc[rule, "top-3"] == f"{row['value']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
    assert list(labelled.later_table().blocks[1].frame["Rule"])[:2] == ["Aftershock, earlier only", "Aftershock"]


def test_every_true_change_has_a_rank_in_the_figure(labelled):
    bars, circles = figures.rank_histogram(labelled.ranks).data
    caused = int(labelled.measured.loc[("Aftershock", "top_1"), "n"])
    assert sum(bars.y) == sum(circles.y) == caused
    assert bars.y[0] == labelled.measured.loc[("Aftershock", "top_1"), "hits"]


def test_what_was_told_wrong_says_what_misled(labelled):
    table = labelled.worst_table().frame
    assert len(table) == min(12, (labelled.backtest.ours["first_right"] < 1).sum()) > 1
    assert (table["What did it"] != table["Named first"]).all()
    spoke = table["What spoke for the wrong one"]
    assert spoke.str.contains(r"× |times the rate|not a candidate|nothing stands out").all()


def test_where_none_came_first_is_said(labelled):
    ours = labelled.backtest.ours
    caused = ours[ours["cause"] == IN_LOG]
    suspects = labelled.backtest.found.suspects().query("rank == 1").set_index("incident_id")["change_id"]
    first = int((caused["incident_id"].map(suspects) == "none").sum())
    assert 0 < first < len(caused)
    said = f"“no recorded change” came before all of them in {first} of {len(caused)} incidents that a logged change set off."
    assert said in labelled.rules_table().text
    assert said in "\n".join(measurements(labelled.backtest.by_rule, OURS))


@pytest.mark.parametrize(
    ("given", "top", "said"),
    [
        ([0.9, 0.8], [0.9, 0.5], "none of 2 incidents"),
        ([0.9, 0.4], [0.9, 0.3], "1 of 2 incidents"),
        ([0.1, 0.4], [0.1, 0.3], "all 2 incidents"),
        ([0.1], [0.1], "the only incident"),
    ],
)
def test_none_first_of_every_number(given, top, said):
    table = pd.DataFrame({"cause": IN_LOG, "change_probability": given, "top_probability": top})
    assert f"in {said} that" in none_first_sentence(table)
    assert none_first_sentence(table.iloc[:0]) == ""


@pytest.mark.parametrize(
    ("function", "value", "n", "said"),
    [
        (ranked_first, 1.0, 1, "The change that did it is ranked first in the one incident whose change is known."),
        (ranked_first, 0.0, 1, "The change that did it is not ranked first in the one incident whose change is known."),
        (ranked_first, 0.5, 12, "The change that did it is ranked first in 50 % (20–80 %) of 12 incidents."),
        (pinned, 0.0, 1, "The one that no logged change set off is not pinned on one."),
        (pinned, 1.0, 1, "The one that no logged change set off is pinned on one."),
        (pinned, 0.5, 4, "Of 4 incidents that no logged change set off, 50 % (20–80 %) are pinned on one."),
    ],
)
def test_sentences_of_one_and_of_many(function, value, n, said):
    assert function(pd.Series({"value": value, "low": 0.2, "high": 0.8, "n": n})) == said


def test_few_known_causes_of_none_and_one():
    assert few_known(0) == "No incident has a known cause: every label says unknown."
    assert few_known(1).startswith("Only 1 cause known: ") and few_known(3).startswith("Only 3 causes known: ")


def test_the_self_check_stands_beside_what_was_measured(labelled, bare):
    with_truth, without = (r.self_check().blocks[1].frame for r in (labelled, bare))
    assert list(with_truth["Measure"]) == list(without["Measure"])
    assert "Measured here (95 %)" in with_truth and "Measured here (95 %)" not in without


def test_without_known_causes_the_self_check_and_chance_remain(bare):
    assert NO_LABELS in bare.summary().text
    assert bare.rules_table().text == bare.later_table().text == bare.worst_table().text == NOTHING_KNOWN
    reliability = bare.reliability_figure(bare.reliability).layout.meta
    assert "drawn incidents" in reliability["alt"] and "drawn from the model itself" in reliability["head"]["measure"]
    assert reliability["finding"].startswith("Drawn from the model, not observed: ")
    ranks = figures.rank_histogram(bare.ranks, drawn=True).layout.meta
    assert ranks["finding"].endswith(" incidents drawn from the model are ranked first")
    assert ranks["head"]["measure"].startswith("Drawn incidents")
    assert figures.chance_strip(bare.shifted).data
    numbers = next(iter(bare.numbers()._repr_mimebundle_().values()))
    assert set(numbers) == {"report", "expected"}


def test_logs_that_share_no_time(write):
    early = "change_id,started_at,services\nc1,2020-01-10T11:30:00Z,a\n"
    report = open_model_check(dataset=str(write(changes=early)))
    for section in SECTIONS:
        assert getattr(report, section)().text is not None
    assert "the two logs share no time" in report.summary().text
    assert (
        report.reliability_figure(report.reliability).layout.meta["alt"] == "No incident to compare what was said with."
    )
    assert (
        figures.rank_histogram(report.ranks, drawn=True).layout.meta["alt"]
        == "No incident that a logged change is known to have set off."
    )
    assert "too short to move" in figures.chance_strip(report.shifted).layout.meta["alt"]


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"as_of": "dawn"}, "parameter as_of of model_check.ipynb is 'dawn'; expected onset or now"),
        ({"folds": -1}, "parameter folds of model_check.ipynb is -1; expected 0 or more"),
        ({"folds": "5"}, "parameter folds of model_check.ipynb is '5' (str); expected a whole number."),
        ({"labels": "gone.csv"}, "no file of labels at gone.csv"),
    ],
)
def test_wrong_parameters(folder, chosen, message):
    with pytest.raises(UsageError) as failed:
        open_model_check(dataset=str(folder), **chosen)
    assert str(failed.value) == message


def test_the_page_and_its_line_in_the_index(folder, tmp_path):
    planned = jobs.check_model(folder, labels=folder / "truth.csv", folds=0)
    assert [r.error for r in batch.render(planned, tmp_path)] == [""]
    write_site(tmp_path)
    numbers = json.loads((tmp_path / "little" / "check.json").read_text())
    index = (tmp_path / "index.html").read_text()
    assert 'href="little/check.html"' in index and "How far to trust it" in index
    assert numbers["report"]["kind"] == "check" and {"scores", "gains", "expected"} <= set(numbers)
    flat = lambda text: " ".join(html.unescape(text).replace("\u2060", "").split())  # noqa: E731
    page = flat(page_text(tmp_path / "little" / "check.html"))
    sentences = flat(numbers["report"]["summary"]).removesuffix(".").split(". ")
    assert [sentence for sentence in sentences if sentence not in page] == []
    assert str(folder) not in (tmp_path / "little" / "check.html").read_text()


def test_a_dataset_with_reported_causes_needs_no_file():
    report = open_model_check(dataset="twitter-2023", folds=0)
    reported = load("twitter-2023").incidents["caused_by"].map(bool).sum()
    assert len(report.labels) == reported == 4
    assert "Only 4 causes known" in report.summary().text
