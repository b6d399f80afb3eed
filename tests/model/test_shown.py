"""Masks change what is shown and never what is answered: the report and ``suspects`` agree to the last digit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import aftershock
from aftershock.dataset.audience import for_audience
from aftershock.dataset.dataset import Dataset
from aftershock.model.validation import cache
from aftershock.model.validation.backtest import backtest, labels_of
from aftershock.quality import examine
from aftershock.reports.log_quality import open_log_quality
from aftershock.reports.notebook_parameters import PostmortemParameters, check
from aftershock.reports.postmortem import PostmortemReport

AUDIENCES = ["internal", "public"]
NUMBERS = ["probability", "probability_low", "probability_high", "rank", "kind", "relation", "delay_minutes"]
MAIL, HOST = "quillon@example.org", "db7.quillon.internal"


@pytest.fixture
def folder(write) -> Path:
    """Two changes before each of 30 outages. Only a word inside what is masked tells the two before i00 apart: in the title an
    address of mail, and in the name of the service a host. The id of the change that it names is an address too."""
    days = [f"2024-{1 + n // 15:02d}-{1 + n % 15:02d}" for n in range(30)]
    titles = [f"logins of {MAIL} fail", *["search is slow"] * 29]
    incidents = "incident_id,started_at,services,title,caused_by\n" + "".join(
        f"i{n:02d},{day}T12:00:00Z,{HOST if n % 4 == 1 else 'web'},{title},{MAIL if n == 0 else ''}\n"
        for n, (day, title) in enumerate(zip(days, titles, strict=True))
    )
    changes = "change_id,started_at,kind,services,title,author\n" + "".join(
        f"{MAIL if n == 0 else f'a{n:02d}'},{day}T11:15:00Z,deploy,{service},{'Drop the quillon tenant' if n == 0 else 'Add a column'},"
        f"Ada Lovelace\nb{n:02d},{day}T11:20:00Z,deploy,{service},Tidy a form,Bob Oyelaran\n"
        for n, day in enumerate(days)
        for service in [HOST if n % 4 == 1 else "web"]
    )
    toml = (
        'name = "small"\n[incidents]\npath = "incidents.csv"\n[changes]\npath = "changes.csv"\n'
        '[masking]\ninternal_hosts = ["quillon.internal"]\n'
    )
    return write(toml=toml, incidents=incidents, changes=changes)


def masked_texts(data: Dataset) -> str:
    return " ".join(map(str, [data.incidents.to_dict("records"), data.changes.to_dict("records")])).lower()


def test_a_mask_takes_the_word_that_decides(folder):
    """What the answer would be if the masked texts were read: without it the tests below could not fail."""
    raw = aftershock.load(folder)
    read = aftershock.attribute(raw).suspects("i00").set_index("change_id")["probability"]
    masked_alone = replace(for_audience(raw, "public"))
    assert masked_alone.as_read is masked_alone
    masked = aftershock.attribute(masked_alone).suspects("i00").set_index("change_id")["probability"]
    assert read[MAIL] / read["b00"] > 1.5 * masked.drop(["b00", "none"]).iloc[0] / masked["b00"]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_report_and_suspects_agree_to_the_last_digit(folder, audience):
    raw = aftershock.load(folder)
    found = aftershock.attribute(raw)
    parameters, shown = check(
        PostmortemParameters, {"dataset": str(folder), "incident_id": "i00", "audience": audience}
    )
    report = PostmortemReport(shown, parameters)
    assert report.found.suspects()[NUMBERS].equals(found.suspects()[NUMBERS])
    assert report.found.suspects()["change_id"].map(shown.raw_change_id).equals(found.suspects()["change_id"])
    assert report.found.shares.equals(found.shares)
    explained = report.explanations[0]
    own = found.explanation("i00", found.suspects("i00")["change_id"].iloc[0])
    assert [s.log_odds for s in explained.steps] == [s.log_odds for s in own.steps]
    assert report.numbers().numbers["suspects"][0]["probability"] == found.suspects("i00")["probability"].iloc[0]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_nothing_masked_is_shown(folder, audience):
    shown = for_audience(aftershock.load(folder), audience)
    found = aftershock.attribute(shown)
    suspects = found.suspects()
    told = [found.explanation("i00", c).table.to_csv() for c in found.suspects("i00")["change_id"]]
    told += [suspects.to_csv(), found.background.to_csv(), found.outages.to_csv()]
    assert all(MAIL not in text and "Lovelace" not in text for text in told)
    assert all((HOST in text) is False for text in told) or audience == "internal"
    there = masked_texts(shown)
    assert all(word in there for words in suspects["matching_words"] for word in words.split())
    assert "quillon" not in suspects[suspects["incident_id"] == "i00"]["matching_words"].iloc[0].split()
    assert set(found.background["service"]) == {s for row in shown.incidents["services"] for s in row}


def test_what_was_worked_out_for_one_audience_serves_all(folder):
    raw = aftershock.load(folder)
    keys = {cache.key(aftershock.attribute(for_audience(raw, a))) for a in ("private", *AUDIENCES)}
    assert keys == {cache.key(aftershock.attribute(raw))}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_backtest_reads_what_was_logged(folder, audience):
    raw = aftershock.load(folder)
    shown = for_audience(raw, audience)
    one, other = (backtest(data, labels_of(data), folds=2) for data in (raw, shown))
    for rule, outcomes in one.by_rule.items():
        assert outcomes.equals(other.by_rule[rule]), rule
    assert one.later.equals(other.later)


def test_a_verdict_on_a_masked_id_is_left_out_of_what_is_read(folder):
    (folder / "verdicts.csv").write_text(
        f"incident_id,change_id,decided_by,decided_at,note\ni00,{MAIL},lead,2024-03-01,\n"
    )
    raw = aftershock.load(folder)
    shown = for_audience(raw, "public")
    before = aftershock.attribute(shown.without_verdicts_on("i00"))
    assert before.suspects()[NUMBERS].equals(aftershock.attribute(raw.without_verdicts_on("i00")).suspects()[NUMBERS])


@pytest.mark.parametrize("audience", AUDIENCES)
def test_flaws_have_the_impact_that_they_have_on_what_was_read(folder, audience):
    raw = aftershock.load(folder)
    own = {f.check: f.impact for f in examine(raw).findings}
    shown = {f.check: f.impact for f in open_log_quality(dataset=str(folder), audience=audience).findings}
    assert any(own.values())
    assert shown == own


def test_a_masked_dataset_of_other_rows_is_refused(folder):
    raw = aftershock.load(folder)
    with pytest.raises(ValueError, match="the masked changes are not those that were read"):
        replace(raw, changes=raw.changes.iloc[1:]).masking(raw)
