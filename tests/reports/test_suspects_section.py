"""The ranking of suspects in words: which rows it has, what is left out, and what was ruled out."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from toy import ToyDataset, changes, curves, fought, incidents, suspects

from aftershock import figures, metrics
from aftershock.output.safe_html import plain
from aftershock.reports.postmortem import open_postmortem
from aftershock.reports.suspects_section import (
    SHOWN,
    changed_services,
    delay_figure,
    edges_table,
    events_table,
    suspects_table,
)

QUANTILES = pd.DataFrame(columns=["kind", "quantile", "minutes", "minutes_low", "minutes_high"], dtype=float)
RANKED = suspects(
    ("i", 1, "c1", 0.6, "feature_flag", 10.0, False, "Raise the limit"),
    ("i", 2, "c2", 0.38, "deploy", 90.0, False, ""),
    ("i", 3, "c3", 0.008, "deploy", 95.0, True, "Reported by people"),
    ("i", 4, "none", 0.009, "", math.nan, False, "No recorded change"),
    ("i", 5, "c4", 0.002, "deploy", 99.0, False, "Tidy"),
    ("i", 6, "c5", 0.001, "deploy", 99.0, False, "Tidy"),
)


def test_what_was_ruled_out_has_a_reason(write):
    changes = (
        "change_id,started_at,kind,services,status\nc1,2024-01-10T11:30Z,deploy,checkout,done\nlate,2024-01-10T13:00Z,deploy,checkout,done\n"
        "old,2024-01-07T00:00Z,deploy,checkout,done\nplan,2024-01-10T11:00Z,deploy,checkout,planned\nend,2024-03-01T00:00Z,deploy,checkout,\n"
    )
    report = open_postmortem(dataset=str(write(changes=changes)), incident_id="i1")
    reasons = {
        str(row["Change"]): row["Why not"]
        for row in report.ruled_out(report.suspects).blocks[1].frame.to_dict("records")
    }
    assert reasons == {
        "late": "began after the incident",
        "old": "came more than 3 d before",
        "plan": "its status is 'planned': it never took effect",
    }


def test_below_one_per_cent_only_none_and_what_was_reported_have_rows():
    table, how = suspects_table(RANKED).blocks
    shown = [plain(e) for e in table.frame["Explanation"]]
    assert shown == ["Raise the limit c1", "c2", "Reported by people c3", "No recorded change"]
    assert table.frame["Kind"].tolist()[0] == "feature flag"
    assert plain(table.frame["90 % interval"][1]) == "28–48 %"
    assert [plain(d) for d in table.frame["Delay"]][:2] == ["10 min before", "1 h 30 min before"]
    assert how.text.endswith(" 2 other explanations together: < 1 %.")


def test_one_explanation_that_is_left_out_and_none_are_said_so():
    assert suspects_table(RANKED.iloc[:5]).text.endswith(" 1 other explanation: < 1 %.")
    assert "other explanation" not in suspects_table(RANKED.iloc[:4]).text


def test_ranks_beyond_the_table_are_left_out_however_probable():
    many = suspects(*(("i", n, f"c{n}", 0.1, "deploy", 10.0, False, "Up") for n in range(1, SHOWN + 3)))
    table, how = suspects_table(many).blocks
    assert table.frame["Rank"].tolist() == list(range(1, SHOWN + 1))
    assert how.text.endswith(" 2 other explanations together: 20 %.")


def test_authors_stand_next_to_their_changes_only_where_they_are_given():
    assert "Author" not in suspects_table(RANKED).blocks[0].frame
    named = suspects_table(RANKED, pd.Series({"c1": "team a", "c4": "team b"})).blocks[0].frame
    assert named["Author"].tolist() == ["team a", "", "", ""]


def weak(*ranks: int) -> pd.DataFrame:
    return RANKED[RANKED["rank"].isin(ranks)].assign(probability=0.001)


@pytest.mark.parametrize(
    ("suspected", "services"),
    [(RANKED, ["api"]), (RANKED.iloc[3:], []), (weak(1, 2), []), (RANKED.iloc[:0], [])],
    ids=["a change", "none is strongest", "no change has a per cent", "nobody"],
)
def test_the_strongest_change_has_a_delay_and_services_where_it_has_a_per_cent(suspected, services):
    assert changed_services(suspected) == services
    figure = delay_figure(suspected, curves(("all", "feature_flag")), QUANTILES)
    assert ("feature flag" in figure.layout.meta["alt"]) == bool(services)


def test_a_delay_is_a_mark_where_it_is_exact_and_else_a_span():
    table = RANKED.assign(delay_minutes_low=9.5, delay_minutes_high=10.4)
    vague = RANKED.assign(delay_minutes_low=9.5, delay_minutes_high=10.6)
    known = curves(("all", "feature_flag"))
    mark, span = (
        figures.delay_curve(known, kind="feature_flag", quantiles=QUANTILES, delay_minutes=10.0, low=low, high=high)
        for low, high in ((None, None), (9.5, 10.6))
    )
    assert mark.to_json() != span.to_json()
    assert delay_figure(table, known, QUANTILES).to_json() == mark.to_json()
    assert delay_figure(vague, known, QUANTILES).to_json() == span.to_json()


def test_moments_suspects_and_what_took_one_back_are_in_order_of_time():
    dataset = fought(detected_at="2025-01-06 10:05")
    ranked = suspects(
        ("i", 1, "c1", 0.7, "deploy", 10.0, False, "Raise the limit"),
        ("i", 2, "none", 0.2, "", math.nan, False, "No recorded change"),
        ("i", SHOWN + 1, "far", 0.1, "deploy", -10.0, False, "Tidy the page"),
    )
    during = metrics.changes_during(dataset, "i", ["c1"])
    rows = events_table(dataset, dataset.incidents.iloc[0], ranked, during).frame
    assert [(plain(w).removeprefix("6 Jan 2025, "), plain(t), p) for w, t, p in rows.itertuples(index=False)] == [
        ("09:50 UTC", "Raise the limit", "70 %"),
        ("10:00 UTC", "Started", ""),
        ("10:05 UTC", "Detected", ""),
        ("10:48 UTC", 'Revert "Raise the limit" (takes back c1)', ""),
        ("11:00 UTC", "Resolved", ""),
    ]


def test_a_change_without_a_title_is_called_by_its_id():
    dataset = ToyDataset(
        incidents({"incident_id": "i", "started_at": "2025-01-06 10:00"}),
        changes({"change_id": "c2", "started_at": "2025-01-06 09:00"}),
    )
    during = metrics.changes_during(dataset, "i", [])
    table = events_table(dataset, dataset.incidents.iloc[0], RANKED[RANKED["change_id"] == "c2"], during)
    assert [plain(what) for what in table.frame["What"]] == ["C2", "Started"]


def test_edges_are_shown_where_the_log_says_where_they_are_known_from():
    edges = pd.DataFrame(
        [("api", "db", "traces"), ("api", "mail", ""), ("web", "api", "traces")],
        columns=["service", "depends_on", "source"],
    )
    (table,) = edges_table(edges, ["api"]).blocks
    assert table.frame.to_dict("records") == [{"Service": "api", "depends on": "db", "Known from": "traces"}]
    assert not edges_table(edges, ["mail"]).blocks and not edges_table(edges.assign(source=""), ["api"]).blocks
