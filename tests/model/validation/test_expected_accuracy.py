"""What to expect without labels: incidents drawn anew, the self-check, chance refitted, the cache, the line in reports."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aftershock import attribute, load
from aftershock.dataset.cache import location
from aftershock.model.validation import cache, expected_accuracy, resimulate, self_check, time_shift
from aftershock.model.validation.expected_accuracy import ExpectedAccuracy, RightShare, accuracy_sentence
from aftershock.model.validation.time_shift import ShiftedLog
from aftershock.reports.base import Report
from aftershock.simulation import Fleet, simulate, write


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Six months of a small company."""
    fleet = Fleet(seed=5, months=6, services=12, changes=1500, background_incidents=35, postmortems=0)
    return write(simulate(fleet), tmp_path_factory.mktemp("fleet") / "little")


@pytest.fixture(scope="module")
def found(folder):
    return attribute(load(folder), blind=True)


@pytest.fixture(scope="module")
def drawn(found):
    rng = np.random.default_rng(1)
    return [resimulate.resimulate(found, found.parameters, rng) for _ in range(20)]


# incidents drawn anew


def test_drawn_incidents_come_in_the_numbers_of_the_fit(found, drawn):
    background = [int((d.culprit < 0).sum()) for d in drawn]
    expected = found.parameters.background * found.seen.hours
    assert np.mean(background) == pytest.approx(expected, abs=3 * np.sqrt(expected / 20))
    changes = np.bincount(found.seen.kind_of_change[found.seen.counted], minlength=len(found.seen.kinds))
    set_off = [int((d.culprit >= 0).sum()) for d in drawn]
    expected = float(found.parameters.rates @ changes)
    # evidence moves culprits between changes and keeps their number, as far as its null says how innocent changes look
    assert np.mean(set_off) == pytest.approx(expected, rel=0.35)


def test_drawn_incidents_follow_their_changes_within_the_horizon(found, drawn):
    changes = found.dataset.changes
    for d in drawn[:5]:
        incidents = d.dataset.incidents
        by_change = incidents[d.culprit >= 0]
        since = by_change["started_at_before"].reset_index(drop=True) - changes["started_at"].iloc[
            d.culprit[d.culprit >= 0]
        ].reset_index(drop=True)
        assert since.between(pd.Timedelta(0), pd.Timedelta(hours=73)).all()
        start, end = found.dataset.observed
        assert incidents["started_at_before"].between(start, end + pd.Timedelta(hours=1)).all()
        assert found.seen.counted[d.culprit[d.culprit >= 0]].all()
        assert incidents["caused_by"].map(len).sum() == 0


def test_drawn_incidents_show_where_their_changes_reach(found, drawn):
    graph = found.reading.graph
    near = total = 0
    for d in drawn:
        for places, c in zip(d.dataset.incidents["services"], d.culprit, strict=True):
            changed = found.reading.finder.services[c] if c >= 0 else ()
            if changed:
                total += 1
                near += bool(graph.distances(places[:1], changed))
    expected = 1 - found.parameters.relations[3]  # all but the unrelated
    assert near / total == pytest.approx(expected, abs=0.06)


def test_drawn_delays_have_the_fitted_distribution(found):
    grid, rng = found.seen.grid, np.random.default_rng(2)
    masses = found.parameters.delays[0]
    hours = resimulate.draw_delays(grid, np.tile(masses, (20_000, 1)), rng)
    assert hours.min() >= 0 and hours.max() <= grid.horizon
    for share in (0.1, 0.5, 0.9):
        assert np.mean(hours <= grid.quantile(masses, share)) == pytest.approx(share, abs=0.02)


def test_a_culprits_words_resemble_the_incident_and_an_innocent_changes_do_not(found):
    rng = np.random.default_rng(3)
    means = []
    for _ in range(6):
        d = resimulate.resimulate(found, found.parameters, rng)
        reading = resimulate.read_resimulated(found, d, found.parameters, rng)
        own = d.culprit[reading.seen.pairs.incident] == reading.seen.pairs.change
        bins = reading.seen.bins[0]
        known = bins > 0
        means.append((bins[own & known].mean(), bins[~own & known].mean()))
    culprits, innocent = np.mean(means, axis=0)
    assert culprits > innocent + 0.3


def test_every_incident_has_its_own_place_in_the_answer(found):
    rng = np.random.default_rng(4)
    d = resimulate.resimulate(found, found.parameters, rng)
    answer = self_check.refitted_answer(resimulate.read_resimulated(found, d, found.parameters, rng))
    sums = answer.groupby("incident_id")["probability"].sum()
    assert len(sums) == len(d.culprit) and np.allclose(sums, 1)


# the self-check


def test_the_self_check_is_the_same_each_time_and_counts_every_drawn_incident(found):
    first, again = (self_check.self_check(found, logs=2) for _ in range(2))
    assert first.equals(again)
    assert first["log"].nunique() == 2 and first["incident_id"].str.startswith("drawn-").all()
    assert 0.3 < first["top_1"].mean() <= 1  # far above the one in sixty of a blind guess


@pytest.mark.parametrize(("incidents", "logs"), [(1, 30), (24, 30), (70, 10), (675, 5)])
def test_small_logs_are_drawn_more_often(found, incidents, logs):
    few = attribute(found.dataset, blind=True)
    few.seen = replace(few.seen, used=np.arange(max(len(few.seen.used), incidents)) < incidents)
    assert self_check.logs_to_draw(few) == logs


# chance


def test_moving_round_the_period_keeps_hour_weekday_and_number(found):
    start, end = found.dataset.observed
    moved = time_shift.shift_incidents(found.dataset, 5).incidents
    kept = found.dataset.actual_incidents
    kept = kept[(kept["started_at"] >= start) & (kept["started_at"] < end)]
    by = (moved["started_at"] - kept["started_at"].reset_index(drop=True)) / pd.Timedelta(weeks=1)
    assert np.allclose(by, np.round(by)) and not (by == 0).any()
    assert moved["started_at"].between(start, end).all()
    width = moved["started_at_before"] - moved["started_at"]
    assert width.tolist() == (kept["started_at_before"] - kept["started_at"]).tolist()


def test_moves_stay_clear_of_an_incidents_own_changes(found):
    weeks = time_shift.weeks_to_shift(found)
    around = int(found.seen.hours // 168)
    assert 1 <= len(weeks) <= time_shift.MOST_SHIFTS
    assert all(1 <= w <= around - 1 for w in weeks)  # a horizon of three days is less than one week
    assert weeks == sorted(set(weeks))


def test_a_log_of_a_week_cannot_be_moved(write):
    incidents = "incident_id,started_at,services\ni1,2024-01-10T12:00:00Z,a\ni2,2024-01-12T12:00:00Z,a\n"
    changes = "change_id,started_at,services\n" + "".join(f"c{d},2024-01-{d:02d}T11:00:00Z,a\n" for d in range(8, 14))
    found = attribute(load(write(incidents=incidents, changes=changes)))
    assert time_shift.shifted_logs(found) == []


def test_what_depends_on_the_coincidence_alone_is_lost_when_moved(write):
    """Forty incidents, each ten minutes after the only change of its week: none of it is chance."""
    weeks = pd.date_range("2024-01-01 10:00", periods=40, freq="7D")
    weeks += pd.to_timedelta(np.random.default_rng(8).uniform(0, 160, 40), unit="h")
    changes = "change_id,started_at,kind,services\n" + "".join(
        f"c{k},{t:%Y-%m-%dT%H:%M:%SZ},deploy,a\n" for k, t in enumerate(weeks)
    )
    late = weeks + pd.Timedelta(minutes=10)
    incidents = "incident_id,started_at,services\n" + "".join(
        f"i{k},{t:%Y-%m-%dT%H:%M:%SZ},a\n" for k, t in enumerate(late)
    )
    found = attribute(load(write(incidents=incidents, changes=changes)))
    as_is, moved = time_shift.unshifted(found), time_shift.shifted_logs(found)
    assert as_is.linked == as_is.incidents == 40
    assert max(m.linked for m in moved) < 20 < 40 * as_is.share


# how right 80 % is


def suspects(said: np.ndarray, right: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"top_probability": said, "top_right": right, "log": np.arange(len(said)) % 8})


def test_how_right_a_suspect_given_80_percent_is():
    rng = np.random.default_rng(6)
    said = rng.uniform(0.02, 0.98, 4000)
    fair = expected_accuracy.right_at(suspects(said, rng.uniform(size=4000) < said), 0.8)
    assert fair.low < 0.8 < fair.high and fair.high - fair.low < 0.08
    odds = (said / (1 - said)) ** 2 / 16  # too bold: odds of 4 become 1
    bold = expected_accuracy.right_at(suspects(said, rng.uniform(size=4000) < odds / (1 + odds)), 0.8)
    assert bold.share == pytest.approx(0.5, abs=0.03) and bold.low < bold.share < bold.high


def test_classes_that_part_still_give_a_number():
    said = np.linspace(0.05, 0.95, 40)
    assert 0.5 < expected_accuracy.right_at(suspects(said, said > 0.5), 0.8).share < 1


# the line


def kept(**changed: object) -> ExpectedAccuracy:
    moved = [ShiftedLog(weeks=w, share=0.3, linked=n, incidents=24) for w, n in ((3, 7), (9, 12), (15, 8))]
    values = {
        "incidents": 24,
        "linked": 15,
        "logs": 30,
        "drawn": 700,
        "near": 120,
        "right": RightShare(given=0.8, share=0.81, low=0.77, high=0.84),
        "expected": [],
        "reached": [],
        "ranks": [],
        "chance": moved,
    }
    return ExpectedAccuracy(**{**values, **changed})


@pytest.mark.parametrize(
    ("promised", "said"),
    [
        (
            kept(),
            "On logs like these, and if the model holds, a suspect given 80 % is right 77–84 % of the time; 9 of your 24 incidents "
            "would be linked to a change by chance (15 are, 7 to 12 in 3 trials).",
        ),
        (
            kept(right=None, near=3, chance=[ShiftedLog(weeks=3, share=0.1, linked=0, incidents=24)]),
            "On logs like these hardly any suspect is given 80 % or more; none of your 24 incidents would be linked to a change by "
            "chance (15 are).",
        ),
        (
            kept(chance=[]),
            "On logs like these, and if the model holds, a suspect given 80 % is right 77–84 % of the time; how many of your 24 "
            "incidents chance alone would link to a change cannot be told from 181 days.",
        ),
        (
            None,
            "What a suspect given 80 % is worth on logs of this size takes minutes to work out; aftershock report check does, and the "
            "reports made after it say so here.",
        ),
    ],
)
def test_the_line_at_the_foot(found, promised, said):
    assert accuracy_sentence(found, promised) == said


def test_logs_that_share_no_time_get_a_line_that_says_so(write):
    early = "change_id,started_at,services\nc1,2020-01-10T11:30:00Z,a\n"
    report = Report(load(write(changes=early)))
    said = "What a suspect given 80 % is worth cannot be told: the two logs share no time."
    assert report.expectation == said
    assert said in report.made_from({}).text


def test_eleven_incidents_get_a_line(twitter_found):
    said = accuracy_sentence(twitter_found, expected_accuracy.expected_accuracy(twitter_found))
    assert said.startswith("On logs like these hardly any suspect is given 80 % or more; ")
    assert "of your 11 incidents would be linked to a change by chance (" in said


# the cache


def test_what_was_worked_out_is_kept_and_read(found, tmp_path, monkeypatch):
    calls = []
    value = kept()

    def work_out():
        calls.append(1)
        return value

    monkeypatch.setenv("AFTERSHOCK_CACHE", str(tmp_path / "new"))
    assert cache.kept(found, ExpectedAccuracy, work_out, compute=False) is None
    assert cache.kept(found, ExpectedAccuracy, work_out) == cache.kept(found, ExpectedAccuracy, work_out) == value
    assert len(calls) == 1
    (path,) = (tmp_path / "new").iterdir()
    assert path.name == f"expectedaccuracy-{cache.key(found)}.json" and path.stat().st_mode & 0o077 == 0
    for broken in ('{"incidents": -3}', path.read_text()[:-9], '{"drawn": "' + "x" * 1_100_000 + '"}'):
        path.write_text(broken)
        assert cache.kept(found, ExpectedAccuracy, work_out) == value
    assert len(calls) == 4


def test_nothing_is_kept_when_told_so_or_where_nothing_can_be_written(found, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    for folder in ("", str(tmp_path / "file" / "below")):
        monkeypatch.setenv("AFTERSHOCK_CACHE", folder)
        monkeypatch.setattr(cache, "_MEMORY", {})
        assert cache.kept(found, ExpectedAccuracy, kept, compute=False) is None
        assert cache.kept(found, ExpectedAccuracy, kept) == kept()
        assert cache.kept(found, ExpectedAccuracy, None, compute=False) == kept()  # by this process
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_the_name_changes_with_all_that_the_result_follows_from(found, folder, monkeypatch):
    names = {cache.key(found)}
    assert cache.key(attribute(load(folder), blind=True)) in names
    names.add(cache.key(attribute(load(folder), blind=True, as_of_onset=True)))
    names.add(cache.key(attribute(load(folder), blind=True, without=("nature",))))
    other = attribute(replace(load(folder), hashes={"incidents.csv": "0"}), blind=True)
    names.add(cache.key(other))
    monkeypatch.setattr(location, "code", lambda: "another version")
    names.add(cache.key(found))
    assert len(names) == 5


def test_the_oldest_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "MOST_KEPT", 3)
    for k in range(5):
        path = tmp_path / f"expectedaccuracy-{k}.json"
        path.write_text("{}")
        os.utime(path, (k, k))
    (tmp_path / "other.txt").write_text("")
    cache._forget_oldest(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "other.txt",
        "expectedaccuracy-2.json",
        "expectedaccuracy-3.json",
        "expectedaccuracy-4.json",
    ]


def _ask(log: str, answers) -> None:
    def work_out() -> ExpectedAccuracy:
        with open(log, "a") as file:  # noqa: PTH123
            file.write("x")
        time.sleep(0.3)
        return kept()

    answers.put(cache.kept(None, ExpectedAccuracy, work_out))


@pytest.mark.skipif(sys.platform == "win32", reason="no locks there: each works it out")
def test_of_processes_that_ask_at_once_one_works_it_out(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTERSHOCK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "key", lambda found: "same")
    context = multiprocessing.get_context("fork")
    answers, log = context.Queue(), tmp_path / "log"
    running = [context.Process(target=_ask, args=(str(log), answers)) for _ in range(3)]
    for process in running:
        process.start()
    assert [answers.get(timeout=60) for _ in running] == [kept()] * 3
    for process in running:
        process.join(60)
    assert log.read_text() == "x"
    assert [p.name for p in (tmp_path / "cache").iterdir()] == ["expectedaccuracy-same.json"]
