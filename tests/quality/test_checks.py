"""What `aftershock check` finds: one planted flaw at a time, its rows, its line of dataset.toml, and that the line mends it."""

from __future__ import annotations

import json
import textwrap
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from toy import exported_year

from aftershock import load
from aftershock.cli.app import app
from aftershock.quality import CHECKS, clocks, examine, impact, name_matching, timestamp_checks, working_hours
from aftershock.quality.as_text import WIDTH, as_json, as_lines, impact_sentence
from aftershock.quality.finding import Impact, everywhere, moved
from aftershock.quality.utc_offsets import in_summer

TOML = 'name = "small"\n[incidents]\npath = "incidents.csv"\n{incidents}\n[changes]\npath = "changes.csv"\n{changes}\n{more}\n'


def toml(incidents: str = "", changes: str = "", more: str = "") -> str:
    return TOML.format(incidents=incidents, changes=changes, more=more)


def checks(dataset) -> dict:
    return {finding.check: finding for finding in examine(dataset).findings}


@pytest.fixture(scope="module")
def demo_quality(demo):
    return examine(demo)


# sound logs


def test_a_sound_year_has_one_small_flaw(demo_quality):
    """The demo leaves the service of one change in a hundred empty, on purpose."""
    assert [f.check for f in demo_quality.findings] == ["changes_without_service"]
    assert len(demo_quality.findings[0].rows) == (demo_quality.dataset.changes["services"].map(len) == 0).sum()


@pytest.mark.parametrize("empty", ["incidents", "changes", "both logs of one row"])
def test_tiny_logs_are_no_trouble(write, empty):
    incidents = "incident_id,started_at\n" + ("" if empty == "incidents" else "i1,2024-01-01\n")
    changes = "change_id,started_at\n" + ("" if empty == "changes" else "c1,2024-01-01\n")
    assert as_lines(examine(load(write(incidents=incidents, changes=changes))))


def test_a_table_of_reference_is_checked_by_rows_only():
    found = checks(load("famous-outages"))
    assert set(found) == {"detected_before_start", "endless_incidents"}
    assert found["detected_before_start"].rows["id"].tolist() == ["gce-2016-04-11", "openai-2024-12-11"]


def test_the_order_of_rows_does_not_matter(demo):
    rng = np.random.default_rng(4)
    shuffled = replace(demo, changes=demo.changes.iloc[rng.permutation(len(demo.changes))])
    assert [f.title for check in CHECKS for f in check(shuffled)] == [f.title for check in CHECKS for f in check(demo)]


# clocks


@pytest.mark.parametrize("hours_ahead", [-8, -5, 1, 2, 9])
def test_a_shift_of_one_log_is_found(demo, hours_ahead):
    found = clocks.shift(moved(demo, "incidents", pd.Timedelta(hours=hours_ahead), everywhere))
    assert found.hours == hours_ahead
    assert found.seen > 2 * found.chance
    assert clocks.shift(moved(demo, "changes", pd.Timedelta(hours=-hours_ahead), everywhere)).hours == hours_ahead


def test_chance_shifts_no_clock(demo):
    """The incidents of each month dealt to other weeks: hour and weekday stay, coincidences with changes go."""
    rng = np.random.default_rng(3)
    for _ in range(6):
        by = pd.to_timedelta(7 * rng.integers(-8, 9, len(demo.incidents)), unit="D")
        times = {c: demo.incidents[c] + by for c in ("started_at", "started_at_before")}
        dealt = replace(demo, incidents=demo.incidents.assign(**times))
        assert clocks.find_shifts(dealt) == []


def test_daylight_saving_in_one_log_only(demo):
    late = moved(demo, "incidents", pd.Timedelta(hours=1), lambda f: in_summer(f["started_at"], demo.timezone))
    (finding,) = clocks.find_shifts(late)
    assert finding.title == "the clocks of the two logs are 0 h apart in winter and +1 h in summer"
    assert impact.answers(finding.without.make(late)).first.equals(impact.answers(demo).first)


def test_stamps_of_a_fixed_offset_read_as_local_time(demo):
    fixed = moved(demo, "changes", pd.Timedelta(hours=-1), lambda f: in_summer(f["started_at"], demo.timezone))
    assert working_hours.saving_jump(fixed.changes, demo.timezone) == -1
    assert working_hours.saving_jump(demo.changes, demo.timezone) == 0
    (finding,) = working_hours.find_saving_jumps(fixed)
    assert finding.toml == '[changes]\ntimezone = "UTC"'


def test_an_office_day_at_night(demo):
    (finding,) = working_hours.find_night_work(moved(demo, "changes", pd.Timedelta(hours=-8), everywhere))
    assert finding.title == "77 % of the changes of working days fall between 1:00 and 10:00"
    assert working_hours.find_night_work(demo) == []
    even = demo.changes.assign(started_at=demo.changes["started_at"].dt.floor("D"))
    even["started_at"] += pd.to_timedelta(np.arange(len(even)) % 24, unit="h")
    assert working_hours.office_day(even["started_at"], "UTC") is None


@pytest.mark.parametrize(
    ("seed", "zone", "apart"),
    [
        (13, "America/New_York", (-5, -4)),  # as one shift of the whole year, −4.5 h shows most at first sight
        (11, "Australia/Sydney", (11, 10)),
        (13, "Asia/Kolkata", (5.5, 5.5)),
        (11, "UTC", None),
    ],
)
def test_the_hours_between_two_clocks_in_winter_and_in_summer(write, seed, zone, apart):
    found = clocks.seasons(load(write(toml(), *exported_year(np.random.default_rng(seed), zone))))
    assert (found and found[1:]) == apart


@pytest.mark.parametrize(
    "zone", ["Europe/Helsinki", "Europe/Berlin", "America/Denver", "Asia/Tokyo", "Australia/Sydney"]
)
@pytest.mark.parametrize("of", ["incidents", "changes"])
def test_a_zone_is_told_where_hours_alone_are_not(demo, zone, of):
    """Eight months of the demo, one log on a wall clock: half an hour more or less is not settled, the zone is."""
    until = pd.Timestamp("2025-09-04", tz="UTC")
    utc = demo.settings.model_copy(update={"timezone": "UTC"})
    short = {log: (frame := getattr(demo, log))[frame["started_at"] < until] for log in ("incidents", "changes")}
    for column in ("started_at", "started_at_before"):
        wall = short[of][column].dt.tz_convert(zone).dt.tz_localize(None).dt.tz_localize("UTC")
        short[of] = short[of].assign(**{column: wall})
    dataset = replace(demo, settings=utc, **{log: frame.reset_index(drop=True) for log, frame in short.items()})
    found = clocks.seasons(dataset)
    assert clocks.likeliest_zone(dataset, found[0], of=of)[0] == zone


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney"])
def test_the_zone_that_is_suggested_mends_the_log(write, zone):
    incidents, changes = exported_year(np.random.default_rng(11), zone)
    wrong = checks(load(write(toml(), incidents, changes)))
    found = wrong.get("zone_shift") or wrong["saving_shift"]
    assert found.toml == f'[incidents]\ntimezone = "{zone}"'
    assert found.impact.moved >= 1
    mended = checks(load(write(toml(incidents=f'timezone = "{zone}"'), incidents, changes)))
    assert not {"zone_shift", "saving_shift"} & set(mended)


# stamps


def test_causes_that_come_after_what_they_caused(write):
    incidents = "incident_id,started_at,services,caused_by\n" + "".join(
        f"i{n},2024-01-{n + 1:02}T12:00Z,a,c{n};gone\n" for n in range(6)
    )
    changes = "change_id,started_at,services\n" + "".join(f"c{n},2024-01-{n + 1:02}T13:0{n}Z,a\n" for n in range(6))
    dataset = load(write(incidents=incidents, changes=changes))
    (finding,) = timestamp_checks.find_late_causes(dataset)
    assert finding.title == "6 reported causes of 6 began after the incident"
    assert "Most are about 1 h late, as if a clock were wrong by that." in finding.said
    assert finding.rows.iloc[2].tolist() == ["incidents.csv", 4, "i2", "c2 began 1 h 2 min after it"]
    assert finding.without.how == "the changes moved by −1 h"


def test_rounded_stamps_and_the_line_that_widens_them(write):
    rng = np.random.default_rng(1)
    minute = np.where(rng.random(60) < 0.5, 0, rng.integers(1, 60, 60))
    incidents = "incident_id,started_at\n" + "".join(
        f"i{n},2024-{1 + n // 28:02}-{1 + n % 28:02}T{n % 24:02}:{m:02}:00Z\n" for n, m in enumerate(minute)
    )
    found = checks(load(write(toml(), incidents)))["rounded_stamps"]
    assert found.toml == '[incidents]\nrounded = "hour"'
    assert found.rows["id"].tolist() == [f"i{n}" for n in np.flatnonzero(minute == 0)]
    mended = load(write(toml(incidents='rounded = "hour"'), incidents))
    assert "rounded_stamps" not in checks(mended)
    widened = found.without.make(load(write(toml(), incidents)))
    assert widened.incidents["started_at"].equals(mended.incidents["started_at"])
    assert widened.incidents["started_at_before"].equals(mended.incidents["started_at_before"])


def test_detected_before_started_and_without_an_end(write):
    incidents = (
        "incident_id,started_at,detected_at,resolved_at,status\n"
        "i1,2024-01-10T12:00Z,2024-01-10T11:40Z,,resolved\n"
        "i2,2024-02-10T12:00Z,2024-02-10T12:01Z,2024-02-10T13:00Z,\n"
        "i3,2024-02-11T12:00Z,,,open\n"
        "i4,2024-12-11T12:00Z,,,open\n"
    )
    found = checks(load(write(incidents=incidents)))
    assert found["detected_before_start"].rows.to_numpy().tolist() == [["incidents.csv", 2, "i1", "20 min before"]]
    assert found["endless_incidents"].title == "2 incidents of 4 have no end"
    assert found["endless_incidents"].said == (
        "Left out of times to resolve: 1 by being over. Open for more than 30 d, which makes these times look long: 1."
    )
    assert found["endless_incidents"].rows["what"].tolist() == ["over, without an end", "open for 304 d"]


# rows


def test_an_outage_written_down_twice(write):
    incidents = (
        "incident_id,started_at,services,title\n"
        "i1,2024-01-10T12:00Z,shop,Checkout fails with error 503\n"
        "i2,2024-01-10T12:11Z,shop,Checkout fails with error 504\n"
        "i3,2024-01-10T12:21Z,shop,CHECKOUT FAILS with errors\n"
        "i4,2024-01-10T12:22Z,search,Checkout fails with error 503\n"
        "i5,2024-01-10T12:23Z,shop,Images are slow\n"
        "i6,2024-01-10T13:30Z,shop,Checkout fails with error 503\n"
    )
    finding = checks(load(write(incidents=incidents)))["repeated_incidents"]
    assert finding.rows[["id", "what"]].to_numpy().tolist() == [
        ["i2", "as i1, 11 min before"],
        ["i3", "as i1, 21 min before"],
    ]
    assert finding.impact.how == "the later ones left out"


def test_a_rollout_written_down_in_parts(write):
    rows = [f"c{n}-{part},2024-01-{n + 1:02}T12:0{part}Z,shop,Release {n}\n" for n in range(10) for part in range(3)]
    finding = checks(load(write(changes="change_id,started_at,services,title\n" + "".join(rows))))["repeated_changes"]
    assert finding.title == "20 changes of 30 (67 %) may repeat another one"
    assert finding.rows["id"].tolist()[:3] == ["c0-1", "c0-2", "c1-1"]
    assert finding.rows["what"].tolist()[1] == "as c0-0, 2 min before"


def test_rows_of_one_moment_are_said_to_be_so(write):
    rows = [f"c{n}-{part},2024-01-{n + 1:02}T12:00Z,shop,Release {n}\n" for n in range(10) for part in range(2)]
    finding = checks(load(write(changes="change_id,started_at,services,title\n" + "".join(rows))))["repeated_changes"]
    assert finding.rows["what"].tolist()[0] == "as c0-0, at the same moment"


def test_a_bulk_import(write):
    changes = "change_id,started_at,services\n" + "".join(f"b{n},2024-02-01T03:00:00Z,s\n" for n in range(25))
    changes += "".join(f"c{n},2024-01-{1 + n % 28:02}T12:{n % 60:02}Z,s\n" for n in range(60))
    finding = checks(load(write(changes=changes)))["bulk"]
    assert finding.title == "25 changes share 1 instant"
    assert finding.said.startswith("The fullest: 25 at 1 Feb 2024, 03:00 UTC.")
    assert set(finding.rows["id"]) == {f"b{n}" for n in range(25)}


def test_rejected_rows_are_findings_with_their_share(write):
    incidents = "incident_id,started_at\n,2024-01-10\ni2,03/04/2024\ni3,2024-02-01\ni3,2024-02-02\n"
    found = checks(load(write(incidents=incidents)))
    assert {c: f.touches for c, f in found.items() if c.startswith("rejected")} == {
        "rejected_ambiguous_date": "25 % of the incidents, which are missing",
        "rejected_duplicate_id": "25 % of the incidents, which are missing",
        "rejected_missing_id": "25 % of the incidents, which are missing",
    }
    assert found["rejected_ambiguous_date"].rows.to_numpy().tolist() == [["incidents.csv", 3, "", "'03/04/2024'"]]


# names


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Payments-API (prod)", "payments_service", True),
        ("PaymentGateway", "payment-gateway", True),
        ("api", "service", False),
        ("search", "research", False),
    ],
)
def test_bare_names(one, other, same):
    assert (name_matching.bare(one) == name_matching.bare(other)) is same


def test_suggested_names():
    found = name_matching.suggestions(
        ["Checkout Service", "serach", "quux", "billing-v2"], ["checkout", "search", "billing-v1"]
    )
    assert {name: meant for name, (meant, _) in found.items()} == {
        "Checkout Service": "checkout",
        "serach": "search",
        "billing-v2": "billing-v1",
    }
    assert all(name_matching.ALIKE <= likeness < 1 for _, likeness in found.values())


def test_services_that_only_incidents_name(write):
    incidents = "incident_id,started_at,services\ni1,2024-01-10T12:00Z,Checkout Service\ni2,2024-01-20T12:00Z,web\ni3,2024-02-01T12:00Z,web\n"
    changes = (
        "change_id,started_at,services,kind\nc1,2024-01-10T11:30Z,checkout,deploy\nc2,2024-02-20T11:30Z,db,deploy\n"
    )
    graph = "service,depends_on\nweb,db\n"
    more = '[services]\npath = "deps.csv"'
    found = checks(load(write(toml(more=more), incidents, changes, deps__csv=graph)))["strangers"]
    assert found.title == "1 service of 2 with incidents is out of reach of any change"
    assert found.toml == '[aliases]\n"Checkout Service" = "checkout"'
    assert found.rows["id"].tolist() == ["i1"]
    assert found.impact.how == "1 name replaced as suggested"
    assert "strangers" not in checks(
        load(write(toml(more=f"{more}\n{found.toml}"), incidents, changes, deps__csv=graph))
    )


def test_names_behind_another_separator(write):
    incidents = 'incident_id,started_at,services\ni1,2024-01-10T12:00Z,"web, db"\ni2,2024-01-20T12:00Z,web\ni3,2024-02-01T12:00Z,db\n'
    found = checks(load(write(toml(), incidents)))["unsplit_services"]
    assert found.toml == '[incidents]\nlist_separator = ","'
    assert found.title == "1 incident holds several services in one name"
    assert "unsplit_services" not in checks(load(write(toml(incidents='list_separator = ","'), incidents)))


def test_words_that_are_no_kind(write):
    changes = "change_id,started_at,kind,services\nc1,2024-01-01T11:30Z,hotfix-train,a\nc2,2024-01-02T11:30Z,hotfix-train,a\nc3,2024-02-20T11:30Z,deploy,a\n"
    found = checks(load(write(toml(), changes=changes)))["unknown_kinds"]
    assert found.said.endswith("Words that are not known: hotfix_train (2).")
    assert found.toml == '[changes]\nkinds = { "hotfix_train" = "deploy" }  # or another kind'
    mended = load(write(toml(changes=found.toml.split("\n")[1]), changes=changes))
    assert mended.changes["kind"].tolist() == ["deploy"] * 3


def test_rows_without_a_service(write):
    changes = "change_id,started_at,services\nc1,2024-01-10T11:30Z,\nc2,2024-02-20T11:30Z,search\n"
    found = checks(load(write(changes=changes)))
    assert found["changes_without_service"].title == "1 change of 2 (50 %) names no service"
    assert found["changes_without_service"].impact.how == "these rows left out"


# the period


def test_a_stated_period_that_no_log_fills(write):
    stated = '[attribution]\nobserved = ["2023-01-01", "2024-12-31"]'
    dataset = load(write(toml(more=stated)))
    found = checks(dataset)["unfilled_period"]
    assert found.toml == '[attribution]\nobserved = ["2024-01-10", "2024-02-10"]'
    assert "unfilled_period" not in checks(load(write(toml(more=found.toml))))


def test_incidents_outside_of_what_both_logs_cover(write):
    incidents = "incident_id,started_at\ni0,2023-01-10T12:00Z\ni1,2024-01-15T12:00Z\ni2,2024-01-16T12:00Z\n"
    found = checks(load(write(incidents=incidents)))["outside_period"]
    assert found.title == "1 incident of 3 lies outside the time that both logs cover"
    assert found.rows.to_numpy().tolist() == [["incidents.csv", 2, "i0", "2023-01-10"]]


def test_a_row_from_another_century(demo):
    astray = demo.changes.copy()
    for column in ("started_at", "started_at_before"):
        astray.loc[0, column] = pd.Timestamp("1999-12-31", tz="UTC")
    (finding,) = [f for check in CHECKS for f in check(replace(demo, changes=astray)) if f.check == "strays"]
    assert finding.title == "1 change lies far away from all others"
    assert finding.rows["what"].tolist() == ["1999-12-31"]


def test_a_silent_month_of_changes_bends_the_answers(demo):
    gone = demo.changes["started_at"].between(
        pd.Timestamp("2025-06-01", tz="UTC"), pd.Timestamp("2025-07-01", tz="UTC")
    )
    quality = examine(replace(demo, changes=demo.changes[~gone].reset_index(drop=True)))
    finding = quality.finding("silence")
    assert finding.title.startswith("the changes fall silent, or nearly, once, for 30 d")
    assert finding.rows["what"].item().startswith("31 May 2025 to 1 Jul 2025: 0 rows, about ")
    assert quality.findings[0] is finding
    assert finding.impact.share_without > finding.impact.share


# how far it bends


def test_a_flaw_taken_out_is_measured_against_the_log_as_it_is(demo):
    """Second opinion: the counts worked out again from the two sets of answers."""
    late = moved(demo, "incidents", pd.Timedelta(hours=-5), everywhere)
    (finding,) = impact.measured(late, clocks.find_shifts(late))
    was, then = impact.answers(late), impact.answers(demo)
    assert finding.impact.moved == sum(was.first[i] != then.first[i] for i in was.first.index)
    assert finding.impact.share == pytest.approx(was.share.mean())
    assert finding.impact.share_without == pytest.approx(then.share.mean())
    assert finding.impact.size == pytest.approx(
        finding.impact.moved / len(was.first) + abs(then.share.mean() - was.share.mean())
    )


def test_answers_are_those_of_the_attribution(demo, demo_found):
    given = impact.answers(demo)
    best = demo_found.suspects().query("rank == 1").set_index("incident_id")
    assert (given.first.reindex(best.index) == best["change_id"]).mean() > 0.9  # without the averaging over draws
    shares = demo_found.shares.set_index("incident_id")["change_probability"]
    assert given.share.mean() == pytest.approx(shares.mean(), abs=0.08)


def test_of_a_large_log_the_latest_part_is_measured(demo, monkeypatch):
    monkeypatch.setattr(impact, "MOST_INCIDENTS", 50)
    part = impact.latest(demo)
    assert 45 <= len(part.incidents) <= 60
    assert part.observed[1] == demo.observed[1]
    assert part.incidents["incident_id"].iloc[-1] == demo.incidents["incident_id"].iloc[-1]
    assert part.changes["started_at"].min() >= part.observed[0] - demo.settings.attribution.horizon


@pytest.mark.parametrize(
    ("bent", "words"),
    [
        (
            Impact(144, 11, 0.42, 0.55, "these rows left out"),
            "With these rows left out, 11 of 144 incidents get another first explanation, and the share set off by changes goes "
            "from 42 % to 55 %.",
        ),
        (
            Impact(1, 1, 0.42, 0.421, "x"),
            "With x, 1 of 1 incident gets another first explanation, and the share set off by changes stays at 42 %.",
        ),
        (
            Impact(9, 0, 0.42, 0.4, "x"),
            "With x, none of 9 incidents gets another first explanation, and the share set off by changes goes from 42 % to 40 %.",
        ),
    ],
)
def test_the_bend_in_words(bent, words):
    assert impact_sentence(bent) == words


# the command


def test_the_command_says_what_is_wrong_and_how_to_mend_it(write, capsys):
    incidents = 'incident_id,started_at,services\ni1,2024-01-10T12:00Z,"web, db"\ni2,2024-01-20T12:00Z,web\ni3,2024-02-01T12:00Z,db\n'
    changes = "change_id,started_at,services,kind\nc1,2024-01-10T11:30Z,web,deploy\nc2,2024-02-20T11:30Z,db,deploy\n"
    folder = write(toml(), incidents, changes)
    bent = textwrap.wrap(impact_sentence(examine(load(folder)).findings[0].impact), WIDTH - 3, break_on_hyphens=False)
    app(["check", str(folder)], standalone_mode=False)
    assert capsys.readouterr().out.split("\n\n", 1)[1] == (
        "2 findings, what bends the answers most first\n"
        "\n"
        "1. 1 incident holds several services in one name\n"
        "   'web, db': each part is a service of the logs by itself.\n"
        + "".join(f"   {line}\n" for line in bent)
        + "   - incidents.csv, line 2: i1: web, db\n"
        "   Fix: Say what stands between several services in one cell:\n"
        "        [incidents]\n"
        '        list_separator = ","\n'
        "\n"
        "2. 3 incidents of 3 have no end\n"
        "   Left out of times to resolve: 3 without a status.\n"
        "   It touches times to resolve; not the attribution.\n"
        "   - incidents.csv, line 2: i1: neither an end nor a status\n"
        "   - incidents.csv, line 3: i2: neither an end nor a status\n"
        "   - incidents.csv, line 4: i3: neither an end nor a status\n"
        "   Fix: Fill resolved_at, and the status where it is still open.\n"
    )


def test_the_findings_as_json(demo_quality, tmp_path, write):
    content = json.loads(as_json(demo_quality))
    (finding,) = content["findings"]
    assert content["records"]["changes"] == {"used": 8086, "rejected": 0, "folded": 0, "notes": 0}
    assert finding["row_count"] == len(finding["rows"]) == 78
    assert finding["rows"][0] == {
        "file": "changes.csv.gz",
        "line": 95,
        "id": "chg-00094",
        "what": "notifications: raise sampling rate of the push gateway from 30 to 90",
    }
    assert set(finding["bend"]) == {"incidents", "moved", "share", "share_without", "how", "size"}
    app(["check", str(write()), "--json", str(tmp_path / "out.json")], standalone_mode=False)
    assert json.loads((tmp_path / "out.json").read_text())["dataset"] == "small"
