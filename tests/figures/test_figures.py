"""What the figures draw, read as numbers, and what they say in place of the picture."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from toy import SUSPECT_COLUMNS, ToyDataset, chain, changes, curves, incidents, shares, suspects, utc

from aftershock import figures, metrics
from aftershock.figures import theme
from aftershock.output.json_values import json_value
from aftershock.rendering import figure_payload

HOSTILE = "<img src=x onerror=alert(1)><b>bold</b> &amp; $x$ \u202eevil\x00\nline"


def log_of(title: str = "Pool exhausted", service: str = "api") -> tuple[pd.DataFrame, pd.DataFrame]:
    """One incident at 12:00 to 13:00 on two services, and three changes 10 minutes, 2 hours and 2 days before."""
    table = incidents(
        {
            "incident_id": "inc-1",
            "title": title,
            "started_at": "2025-01-10 12:00",
            "resolved_at": "2025-01-10 13:00",
            "severity": "SEV1",
            "services": [service, "web"],
        }
    )
    before = changes(
        {"change_id": "near", "started_at": "2025-01-10 11:50", "services": [service], "title": title},
        {
            "change_id": "vague",
            "started_at": "2025-01-10 09:00",
            "started_at_before": "2025-01-10 11:00",
            "kind": "config",
            "services": [],
            "title": title,
        },
        {"change_id": "far", "started_at": "2025-01-08 12:00", "services": ["db"], "title": title},
    )
    return table, before


def ranking(title: str = "Raise the limit") -> pd.DataFrame:
    return suspects(
        ("inc-1", 1, "near", 0.6, "deploy", 10.0, False, title),
        ("inc-1", 2, "none", 0.25, "", float("nan"), False, ""),
        ("inc-1", 3, "vague", 0.1, "config", 120.0, True, title),
        ("inc-1", 4, "far", 0.05, "feature_flag", 2880.0, False, title),
    )


def well_known() -> pd.DataFrame:
    rows = [
        ("a-1", "Alpha", 0.0, math.nan, "deploy"),
        ("b-1", "Beta", 30.0, 90.0, "config"),
        ("c-1", "Gamma", 6000.0, 6000.0, "data"),
        ("d-1", "Delta", math.nan, math.nan, "data"),
    ]
    return pd.DataFrame(rows, columns=["incident_id", "organisation", "delay_minutes", "delay_minutes_high", "kind"])


def rates() -> pd.DataFrame:
    frame = pd.DataFrame({"kind": ["deploy", "config", "data"], "changes": [1000, 50, 0], "set_off": [2.0, 5.0, 0.0]})
    per = 1000 * frame["set_off"] / frame["changes"].where(frame["changes"] > 0)
    return frame.assign(per_1000=per, per_1000_low=per / 2, per_1000_high=per * 2)


def risk(outlier: str = "outlier") -> pd.DataFrame:
    """Ten services alike (5 incidents on 500 changes each), one with four times their rate, one with hardly a change."""
    rows = [(f"s{i}", 500, 5.0) for i in range(10)] + [(outlier, 500, 20.0), ("rare", 2, 0.1)]
    frame = pd.DataFrame(rows, columns=["group", "changes", "set_off"])
    return frame.assign(raw_per_1000=1000 * frame["set_off"] / frame["changes"])


def rhythm() -> pd.DataFrame:
    rows = [(d, h, 2.5 if (d, h) == (2, 9) else 166.5 / 167 if d else 0.9) for d in range(7) for h in range(24)]
    table = pd.DataFrame(rows, columns=["weekday", "hour", "relative"])
    return table.assign(relative_low=table["relative"] / 2, relative_high=table["relative"] * 2)


def reached() -> pd.DataFrame:
    """Three bins; the last lies below what a perfect model shows."""
    rows = [
        (0.0, 0.1, 40, 0.04, 0.05, 0.01, 0.17, 0.0, 0.1),
        (0.5, 0.6, 10, 0.55, 0.6, 0.26, 0.88, 0.2, 0.9),
        (0.9, 1.0, 50, 0.96, 0.7, 0.55, 0.82, 0.9, 1.0),
    ]
    names = ["from", "to", "incidents", "said", "share", "low", "high", "expected_low", "expected_high"]
    return pd.DataFrame(rows, columns=names)


def ranks() -> pd.DataFrame:
    return pd.DataFrame(
        {"rank": ["1", "2", "later", "missed"], "ours": [6.0, 2.0, 0.0, 1.0], "recent": [3.0, 3.0, 2.0, 1.0]}
    )


def moved() -> pd.DataFrame:
    rows = [(0, 15, 24, 0.6), (3, 7, 24, 0.3), (9, 12, 24, 0.4)]
    return pd.DataFrame(rows, columns=["weeks", "linked", "incidents", "share"])


def hours() -> pd.DataFrame:
    """Five rows in each working hour of a week."""
    return pd.DataFrame(
        [(day, hour, 5) for day in range(5) for hour in range(9, 18)], columns=["weekday", "hour", "rows"]
    )


def weeks() -> pd.DataFrame:
    mondays = pd.date_range("2024-01-01", periods=6, freq="7D")
    return pd.DataFrame(
        [(log, at, 9) for log in ("changes", "incidents") for at in mondays], columns=["log", "week", "rows"]
    )


def stretches() -> pd.DataFrame:
    row = ("changes", pd.Timestamp("2024-01-16"), pd.Timestamp("2024-01-23"), 0, 9.0)
    return pd.DataFrame([row], columns=["log", "first", "last", "rows", "expected"])


def graph(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["service", "depends_on"]).assign(source="test")


def all_figures(text: str = "Pool exhausted", service: str = "api") -> dict[str, go.Figure]:
    """Every figure once, with ``text`` wherever a log can put it."""
    table, before = log_of(text, service)
    dataset = ToyDataset(table, before)
    famous = well_known().assign(organisation=text, incident_id=text)
    return {
        "timeline": figures.timeline(table, before, zone="UTC"),
        "timeline of one": figures.timeline(table, before, zone="UTC", incident="inc-1", suspects=ranking(text)),
        "suspect_bars": figures.suspect_bars(ranking(text).assign(matching_words=text, change_id=text), top=2),
        "explanation_paths": figures.explanation_paths([chain(-4, 5, 1, -2, 0, title=text, change=text)] * 2),
        "delay_curve": figures.delay_curve(curves(("all", text)), kind=text, delay_minutes=12.0, low=5.0, high=20.0),
        "delay_comparison": figures.delay_comparison(curves(), famous),
        "blast_radius": figures.blast_radius(graph((service, text), ("web", text)), [service], [text]),
        "calendar": figures.calendar(table, shares(("inc-1", 0.9, 0.2)), zone="UTC"),
        "rates_forest": figures.rates_forest(rates().assign(kind=text), chance_per_1000=1.0),
        "funnel": figures.funnel(risk(text)),
        "control_chart": figures.control_chart(metrics.month_counts(dataset)),
        "time_to": figures.time_to(metrics.duration_curves(dataset, table)),
        "rhythm_heatmap": figures.rhythm_heatmap(rhythm(), zone="UTC"),
        "reliability_diagram": figures.reliability_diagram(reached(), promised=reached()),
        "rank_histogram": figures.rank_histogram(ranks()),
        "chance_strip": figures.chance_strip(moved()),
        "coverage_bars": figures.coverage_bars(weeks(), stretches()),
        "clock_heatmap": figures.clock_heatmap(hours(), log="changes", zone=text),
    }


def empty_figures() -> dict[str, go.Figure]:
    return {
        "timeline": figures.timeline(incidents(), changes(), zone="UTC"),
        "timeline of one": figures.timeline(*log_of(), zone="UTC", incident="elsewhere"),
        "suspect_bars": figures.suspect_bars(pd.DataFrame(columns=SUSPECT_COLUMNS)),
        "explanation_paths": figures.explanation_paths([]),
        "delay_curve": figures.delay_curve(curves().iloc[:0], kind="deploy", delay_minutes=3.0),
        "delay_comparison": figures.delay_comparison(curves().iloc[:0], well_known().iloc[:0]),
        "blast_radius": figures.blast_radius(graph(), [], []),
        "calendar": figures.calendar(incidents(), shares(), zone="UTC"),
        "rates_forest": figures.rates_forest(rates().iloc[2:]),
        "funnel": figures.funnel(risk().iloc[:0]),
        "control_chart": figures.control_chart(metrics.month_counts(ToyDataset(incidents(), months=[]))),
        "time_to": figures.time_to(metrics.duration_curves(ToyDataset(incidents()), incidents())),
        "rhythm_heatmap": figures.rhythm_heatmap(rhythm().iloc[:0]),
        "reliability_diagram": figures.reliability_diagram(reached().iloc[:0]),
        "rank_histogram": figures.rank_histogram(ranks().assign(ours=0.0)),
        "chance_strip": figures.chance_strip(moved().iloc[:1]),
        "coverage_bars": figures.coverage_bars(weeks().iloc[:0], stretches().iloc[:0]),
        "clock_heatmap": figures.clock_heatmap(hours().assign(rows=0), log="changes", zone="UTC"),
    }


def words(fig: go.Figure) -> list[str]:
    return [a.text for a in fig.layout.annotations]


# --- common to all ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [all_figures, empty_figures])
def test_every_figure_says_what_it_shows(make):
    made = make()
    assert {name.split(" ")[0] for name in made} == set(figures.__all__)
    for name, fig in made.items():
        meta = fig.layout.meta
        assert meta["alt"].endswith((".", "%")) and "nan" not in meta["alt"].lower(), name
        assert meta["finding"][0].isupper() or not meta["finding"][0].isalpha(), name
        assert "nan" not in meta["finding"].lower(), name
        assert "Limits" in meta["caption"], name
        assert fig.layout.height >= 110, name
        assert all(len(row) == len(meta["table"]["columns"]) for row in meta["table"]["rows"]), name
        assert {t.type for t in fig.data} <= {"scatter", "bar", "heatmap"}, name
        json.dumps(meta, allow_nan=False)


def test_empty_figures_speak():
    for name, fig in empty_figures().items():
        assert len(fig.data) == 0 and words(fig)[0].replace("<br>", " ") == fig.layout.meta["alt"], name


def test_text_from_logs_is_harmless_everywhere():
    """No tag, dollar sign or control character of a log reaches plotly as such; the table keeps it as plain text."""
    for name, fig in all_figures(HOSTILE, HOSTILE).items():
        drawn = fig.to_dict()
        drawn["layout"].pop("meta")
        text = json.dumps(drawn, default=str, ensure_ascii=False)
        assert "<img" not in text and "<b>bold" not in text and "$" not in text, name
        assert "\u202e" not in json.dumps(fig.to_dict(), default=str, ensure_ascii=False), name
    head = all_figures("a <b> & c")["delay_curve"].layout.meta["head"]
    assert head["measure"] == "Share of outages set off by a <b> & c changes that show by then", (
        "plain: the page escapes it"
    )
    assert "&lt;img" in json.dumps(all_figures(HOSTILE, HOSTILE)["suspect_bars"].to_dict(), default=str)


def test_figures_do_not_change_their_input():
    table, before = log_of()
    copies = table.copy(deep=True), before.copy(deep=True)
    figures.timeline(table, before, zone="Europe/Berlin", incident="inc-1", suspects=ranking())
    figures.calendar(table, shares(), zone="UTC")
    pd.testing.assert_frame_equal(table, copies[0])
    pd.testing.assert_frame_equal(before, copies[1])


def test_figures_are_the_same_twice():
    assert {k: f.to_json() for k, f in all_figures().items()} == {k: f.to_json() for k, f in all_figures().items()}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("page", theme.PAGES.values())
def test_marks_are_seen_on_both_pages(page):
    """WCAG 2.1, 1.4.11: graphics reach a contrast of 3:1."""
    for kind, (colour, _, _) in {**theme.KINDS, "incident": (theme.INCIDENT, "", "")}.items():
        light, dark = sorted([luminance(colour), luminance(page)], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, kind


def test_kinds_differ_by_symbol_not_only_by_colour():
    assert len({symbol for _, symbol, _ in theme.KINDS.values()}) == len(theme.KINDS)


def test_label_and_numbers():
    assert theme.label("a <b> & $c$\x07\n d") == "a &lt;b&gt; &amp; &#36;c&#36; d"
    assert theme.label("x" * 70, 10) == "x" * 9 + "…"
    assert [theme.percent(p) for p in (0, 0.004, 0.5, 0.996, 1)] == ["0 %", "< 1 %", "50 %", "> 99 %", "100 %"]
    assert [theme.duration(m) for m in (0.2, 34.4, 180, 60 * 60)] == ["< 1 min", "34 min", "3 h", "2 d 12 h"]
    assert theme.percent(math.nan) == theme.duration(math.nan) == "unknown"
    numbers = {0: "0", 0.0312: "0.031", 4.26: "4.3", 17.2: "17", 20.0: "20", 1240: "1,240"}
    assert {v: theme.number(v) for v in numbers} == numbers


def test_reliability_draws_what_came_true_and_the_range_of_a_perfect_model():
    fig = figures.reliability_diagram(reached(), promised=reached().assign(share=0.5))
    dots = next(t for t in fig.data if t.mode == "markers")
    assert list(dots.x) == [0.04, 0.55, 0.96] and list(dots.y) == [0.05, 0.6, 0.7]
    assert dots.cliponaxis is False, "a dot at 100 % is whole"
    boxes = [t for t in fig.data if t.fill == "toself"]
    assert [(min(b.x), max(b.x), min(b.y), max(b.y)) for b in boxes] == [
        (0.0, 0.1, 0.0, 0.1),
        (0.5, 0.6, 0.2, 0.9),
        (0.9, 1.0, 0.9, 1.0),
    ]
    assert any(list(t.y) == [0.5] * 3 and t.line.dash == "dash" for t in fig.data)
    assert fig.layout.meta["finding"] == "The model is too sure in 1 of 3 groups"
    assert "The dashed line" in fig.layout.meta["caption"]
    assert "The dashed line" not in figures.reliability_diagram(reached()).layout.meta["caption"]
    right = figures.reliability_diagram(reached().head(2)).layout.meta["finding"]
    assert right == "Every group lies where chance could put it if what is said came true"


def test_ranks_beside_recency():
    fig = figures.rank_histogram(ranks())
    bars, circles = fig.data
    assert list(bars.y) == [6, 2, 0, 1] and list(circles.y) == [3, 3, 2, 1]
    assert list(fig.layout.xaxis.ticktext) == ["1", "2", "later", "missed"]
    assert fig.layout.meta["finding"] == "6 of 9 stand first; naming the most recent change would get 3"
    alone = figures.rank_histogram(ranks().assign(recent=math.nan), drawn=True)
    assert len(alone.data) == 1 and alone.layout.meta["finding"] == "6 of 9 stand first"


def test_linked_beside_chance():
    fig = figures.chance_strip(moved())
    chance, here = fig.data
    assert list(chance.x) == [7, 12] and list(here.x) == [15]
    assert fig.layout.meta["finding"] == "15 incidents linked to a change; by chance it would be 7 to 12"


# --- one by one -------------------------------------------------------------------------------------------------------


def test_suspect_bars_draw_probability_and_interval():
    fig = figures.suspect_bars(ranking())
    changed, none = fig.data
    assert list(changed.x) == [0.6, 0.1, 0.05] and list(none.x) == [0.25]
    assert sorted([*changed.y, *none.y]) == pytest.approx([0.3, 1.3, 2.3, 3.3]) and list(none.y) == [1.3]
    assert list(changed.error_x.array) == pytest.approx([0.1] * 3)
    assert list(changed.error_x.arrayminus) == pytest.approx([0.1, 0.1, 0.05])
    assert fig.layout.meta["alt"] == (
        "Probabilities of 3 suspected changes. Highest: Raise the limit, 60 % (90 % interval 50 % to 70 %). "
        "No recorded change: 25 %. Reported as the cause: Raise the limit, rank 3."
    )


def test_suspect_bars_keep_none_and_the_reported_cause_and_add_up():
    fig = figures.suspect_bars(ranking(), top=1)
    assert sum(x for trace in fig.data for x in trace.x) == pytest.approx(1)
    assert "<b>5 %</b>  1 other change together" in words(fig)
    assert any("reported cause" in w for w in words(fig))
    assert sum(row[5] for row in fig.layout.meta["table"]["rows"]) == pytest.approx(1)


def test_suspect_delay_that_is_imprecise_is_a_range():
    table = ranking().assign(delay_minutes_low=5.0, delay_minutes_high=45.0)
    assert any("5 min to 45 min before" in w for w in words(figures.suspect_bars(table)))


def test_delay_curve_marks_a_span():
    fig = figures.delay_curve(curves(), kind="deploy", delay_minutes=30, low=20, high=40)
    span = next(t for t in fig.data if t.line.color == theme.tint(theme.INCIDENT, 0.6))
    assert list(span.x) == [20, 40] and list(span.y) == pytest.approx([0.5, 0.5], abs=0.01)
    assert "20 min to 40 min after the change; 50 % are visible by then" in fig.layout.meta["alt"]
    exact = figures.delay_curve(curves(), kind="deploy", delay_minutes=30, low=30, high=30)
    assert not any(t.line.color == theme.tint(theme.INCIDENT, 0.6) for t in exact.data)
    assert exact.layout.meta["finding"] == (
        "This outage began 30 min after the change; by then 50 % of such outages show"
    )


def test_delay_curve_takes_the_models_own_quantiles():
    own = pd.DataFrame({"kind": "deploy", "quantile": [0.5, 0.95], "minutes": [31.0, 600.0]})
    fig = figures.delay_curve(curves(), kind="deploy", quantiles=own)
    assert fig.layout.meta["finding"] == "Half of such outages show within 31 min of the change, 95 % within 10 h"
    assert {"<b>half</b> within 31 min", "<b>95 %</b> within 10 h"} <= set(words(fig))
    without = figures.delay_curve(curves(), kind="deploy").layout.meta["finding"]
    assert without.startswith("Half of such outages show within 30 min")


def test_delay_curve_of_a_kind_without_one_says_whose_it_is():
    fig = figures.delay_curve(curves(), kind="policy")
    assert fig.layout.meta["caption"].startswith("The log tells too little about policy changes")
    assert "all kinds" in fig.layout.title.text


def test_delay_beyond_the_curve_stays_on_the_axis():
    fig = figures.delay_curve(curves(), kind="deploy", delay_minutes=100_000)
    assert fig.data[-1].x[0] == pytest.approx(4320) and fig.data[-1].y[0] == pytest.approx(4320 / 4350, abs=1e-3)


def test_comparison_draws_zero_below_a_minute_and_counts_the_unknown():
    fig = figures.delay_comparison(curves(), well_known())
    dots = next(t for t in fig.data if t.mode == "markers")
    assert list(dots.x) == [0.5, 30, 6000] and list(dots.y) == pytest.approx([1 / 3, 2 / 3, 1], abs=1e-3)
    spans = [t for t in fig.data if t.mode == "lines" and t.line.color == theme.tint(theme.ORANGE, 0.6)]
    assert [list(t.x) for t in spans] == [[30, 90]]
    assert "Left out without a known delay: 1." in fig.layout.meta["caption"]
    assert {"Alpha", "Beta", "Gamma"} <= set(words(fig))


def test_timeline_of_one_reaches_to_the_suspicion_and_says_what_is_earlier():
    """The suspicion ends at the vague change, three hours before; the change of two days ago is not drawn."""
    table, before = log_of()
    suspicion = ranking()[lambda t: t["change_id"] != "far"]
    fig = figures.timeline(table, before, zone="UTC", incident="inc-1", suspects=suspicion)
    start = pd.Timestamp(fig.layout.xaxis.range[0])
    assert start == pd.Timestamp("2025-01-10 08:15")
    assert "1 earlier change within 72 h before it" in fig.layout.meta["alt"]
    assert "60 %" in " ".join(words(fig))
    span = next(t for t in fig.data if t.mode == "lines" and t.line.color == theme.tint(theme.KINDS["config"][0], 0.6))
    assert list(span.x)[:2] == ["2025-01-10T09:00:00", "2025-01-10T11:00:00"]


def test_timeline_puts_the_incidents_own_services_first():
    table, before = log_of()
    fig = figures.timeline(table, before, zone="UTC", incident="inc-1")
    assert words(fig)[:3] == ["api", "web", "service not given"]


def test_timeline_is_in_the_zone_asked_for():
    table, before = log_of()
    fig = figures.timeline(table, before, zone="America/New_York", incident="inc-1")
    line = next(s for s in fig.layout.shapes if s.type == "line" and s.yref == "paper")
    assert line.x0 == "2025-01-10T07:00:00"


def test_timeline_limits_rows_and_says_so():
    many = changes(
        *({"change_id": f"c{i}", "started_at": f"2025-01-10 10:{i:02d}", "services": [f"s{i}"]} for i in range(30))
    )
    fig = figures.timeline(log_of()[0], many, zone="UTC")
    assert len(words(fig)) == 20 and words(fig)[:2] == ["api", "web"]
    assert "12 services" in fig.layout.meta["alt"]


def test_timeline_of_many_changes_draws_their_number():
    rows = [{"change_id": f"c{i}", "started_at": "2025-01-10 10:00", "services": ["api"]} for i in range(301)]
    fig = figures.timeline(log_of()[0], changes(*rows), zone="UTC")
    squares = next(t for t in fig.data if t.marker.symbol == "square")
    assert squares.hovertext == ("301 changes, api",)
    assert len(fig.layout.meta["table"]["rows"]) == 300
    assert fig.layout.meta["caption"].endswith("The table leaves out the earliest 2 changes.")


def packed_size(fig: go.Figure) -> int:
    """Characters of a page that the drawing takes."""
    drawn = fig.to_plotly_json()
    drawn["layout"] = {k: v for k, v in drawn["layout"].items() if k not in ("meta", "template")}
    return len(figure_payload.packed(json.dumps(json_value(json.loads(json.dumps(drawn, default=list))))))


def busy_log(n_changes: int, n_incidents: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two days of a log, with a title of its own for each row, on 40 services."""
    at = utc("2025-01-08 12:00")
    first, second = (
        incidents({"incident_id": "x", "started_at": "2025-01-08"}),
        changes({"change_id": "x", "started_at": "2025-01-08"}),
    )

    def many(frame: pd.DataFrame, n: int, key: str) -> pd.DataFrame:
        table = frame.loc[frame.index.repeat(n)].reset_index(drop=True)
        moments = pd.Series([at + pd.Timedelta(days=2) * i / n for i in range(n)]).dt.as_unit("s")
        table["services"] = [[f"service-{i % 40}"] for i in range(n)]
        return table.assign(
            **{key: [f"{key}-{i}" for i in range(n)]},
            title=[f"Title {i * 7919 % 99991} of its own" for i in range(n)],
            started_at=moments,
            started_at_before=moments,
        )

    return many(first, n_incidents, "incident_id"), many(second, n_changes, "change_id")


def test_dense_figures_are_aggregated_before_they_bloat_a_page():
    table, before = busy_log(20_000, 3_000)
    last = table["incident_id"].iloc[-1]
    suspected = pd.concat([suspects((last, 1, "change_id-19000", 0.7, "deploy", 30.0, False, "Raise the limit"))])
    share = np.arange(1, 5001) / 5001
    curve = pd.DataFrame(
        {
            "measure": "resolve",
            "minutes": np.arange(1, 5001) * 1.7,
            "share": share,
            "share_low": share,
            "share_high": share,
        }
    ).assign(censored=[1] * 4 + [0] * 4996)
    many_services = pd.concat([risk(f"r{i}").assign(group=lambda t, i=i: t["group"] + f"-{i}") for i in range(300)])
    dense = {
        "period": figures.timeline(table, before, zone="Europe/Berlin"),
        "before": figures.timeline(table, before, zone="Europe/Berlin", incident=last, suspects=suspected),
        "time to": figures.time_to(curve),
        "funnel": figures.funnel(many_services.reset_index(drop=True)),
    }
    sizes = {name: packed_size(fig) for name, fig in dense.items()}
    assert all(size <= figure_payload.BUDGET for size in sizes.values()), sizes
    assert any("change_id-19000" in text for t in dense["before"].data for text in t.hovertext or ())
    assert "other changes, by number" in dense["before"].layout.title.text
    steps = next(t for t in dense["time to"].data if t.line.shape == "hv")
    assert len(steps.x) == 201 and steps.y[-1] == pytest.approx(share[-1], abs=1e-4)
    assert "services with the fewest changes" in dense["funnel"].layout.meta["caption"]


def test_an_open_incident_ends_in_an_arrow():
    table, before = log_of()
    never = pd.Series([pd.NaT], dtype=table["resolved_at"].dtype)
    table = table.assign(status="open", resolved_at=never, resolved_at_before=never)
    fig = figures.timeline(table, before, zone="UTC")
    assert any(t.marker.symbol == "triangle-right" and t.marker.color == theme.INCIDENT for t in fig.data)


def test_blast_radius_layers_states_and_left_out():
    """db ← pay ← shop ← page ← tab: shop is affected; pay is on the way, page and tab lie further than two hops."""
    table = graph(("pay", "db"), ("shop", "pay"), ("page", "shop"), ("tab", "page"), ("alone", "other"))
    fig = figures.blast_radius(table, ["shop"], ["db"])
    rows = fig.layout.meta["table"]["rows"]
    assert [r[:3] for r in rows] == [["db", "changed", 0], ["pay", "on the way", 1], ["shop", "affected", 2]]
    nodes = next(t for t in fig.data if t.mode == "markers")
    assert list(nodes.x) == [0, 1, 2] and list(nodes.marker.symbol) == ["diamond", "circle", "square"]
    assert "4 services more than two hops away" in fig.layout.meta["alt"]
    assert "1 of 1 affected service can be reached" in fig.layout.meta["alt"]


def test_blast_radius_stands_cycles_and_disconnected_services():
    table = graph(("a", "b"), ("b", "a"), ("a", "a"), ("c", "b"))
    fig = figures.blast_radius(table, ["c", "lonely"], ["b"])
    assert [r[0] for r in fig.layout.meta["table"]["rows"]] == ["b", "a", "c", "lonely"]
    dotted = [t for t in fig.data if t.mode == "lines" and t.line.dash == "dot"]
    assert len(dotted) == 1 and len(dotted[0].x) == 5  # one elbow: back from a to b, none from a to itself
    assert "1 of 2 affected services can be reached" in fig.layout.meta["alt"]


def test_blast_radius_is_limited_but_keeps_what_matters():
    table = graph(*((f"s{i:03d}", "hub") for i in range(200)), ("hit", "s199"))
    fig = figures.blast_radius(table, ["hit"], ["hub"], limit=10)
    shown = [r[0] for r in fig.layout.meta["table"]["rows"]]
    assert len(shown) == 10 and {"hub", "s199", "hit"} <= set(shown)
    assert "192 services nearer, for legibility" in fig.layout.meta["caption"]


def test_blast_radius_says_when_affected_services_are_left_out():
    names = [f"s{i:02d}" for i in range(20)]
    fig = figures.blast_radius(graph(*((s, "hub") for s in names)), names, ["hub"], limit=5)
    assert "Left out: 16 services nearer, for legibility (16 of them affected)." in fig.layout.meta["alt"]


def test_blast_radius_without_a_changed_service_follows_dependencies():
    fig = figures.blast_radius(graph(("shop", "pay"), ("page", "shop")), ["shop"], [])
    assert [r[0] for r in fig.layout.meta["table"]["rows"]] == ["shop", "pay"]


def test_calendar_counts_days_in_the_zone():
    """23:30 and 23:50 UTC on the 31st are 1 February in Berlin."""
    table = incidents(
        {"incident_id": "a", "started_at": "2025-01-31 23:30"}, {"incident_id": "b", "started_at": "2025-01-31 23:50"}
    )
    fig = figures.calendar(table, shares(("a", 0.9, 0.1), ("b", 0.7, 0.1)), zone="Europe/Berlin")
    assert fig.layout.meta["table"]["rows"] == [["2025-02-01", 2, 0.8]]
    days, marks = fig.data
    assert list(days.text)[:3] == ["1", "2", "3"] and list(days.y)[1:3] == [
        -0.25,
        0.75,
    ]  # 1 February 2025 is a Saturday
    assert (list(marks.x), list(marks.y)) == ([5], [0])
    assert marks.marker.symbol == "circle" and marks.marker.color == theme.CHANGE


def test_calendar_marks_days_without_an_estimate_and_leaves_old_months_out():
    rows = [{"incident_id": str(y), "started_at": f"{y}-03-01"} for y in (2020, 2025)]
    fig = figures.calendar(incidents(*rows), shares(), zone="UTC")
    assert "not estimated" in fig.layout.title.text
    assert "37 earlier months are not drawn" in fig.layout.meta["caption"]


def test_rates_forest_orders_and_refers_to_all():
    """7 incidents on 1,050 changes: 6.67; kinds without changes are not drawn; a span above ten is logarithmic."""
    fig = figures.rates_forest(rates(), chance_per_1000=1.5)
    dots = fig.data[1]
    assert list(dots.x) == [100, 2] and fig.layout.xaxis.type == "log"
    assert [t.x[0] for t in fig.data[2:]] == pytest.approx([7000 / 1050, 1.5])
    assert fig.layout.meta["alt"].startswith("Highest: config with 100 incidents per 1,000 changes")
    assert fig.layout.meta["alt"].endswith("Chance alone would link 1.5.")


def test_rates_forest_with_zeros_stays_linear_or_at_the_edge():
    fig = figures.rates_forest(rates().iloc[:2].assign(per_1000=[0.0, 4.0], per_1000_low=[0.0, 1.0]))
    assert fig.layout.xaxis.type == "linear" and list(fig.data[1].x) == [4, 0]


def test_funnel_names_what_is_outside_and_nothing_that_hardly_changes():
    fig = figures.funnel(risk())
    told = fig.layout.meta
    assert told["finding"] == "Unlike the others beyond chance: outlier"
    assert [row[0] for row in told["table"]["rows"] if row[4] != "inside the limits"] == ["outlier"]
    outside = next(t for t in fig.data if t.mode == "markers" and t.marker.color == theme.INCIDENT)
    assert (list(outside.x), list(outside.y), outside.marker.symbol) == ([500], [40], ("diamond",))
    assert "outlier" in words(fig) and "rare" not in words(fig)
    assert told["alt"].endswith("Outside a limit: outlier (40, outside 99.8 %).")


def test_funnel_of_alike_services_finds_nothing():
    """The rates of all are equal, so that none can be outside; the axis still reaches four times the common rate."""
    fig = figures.funnel(risk().iloc[:10])
    assert fig.layout.meta["finding"] == "No service differs from the others by more than chance allows"
    assert fig.layout.yaxis.range[1] == pytest.approx(44.8)


def test_funnel_limits_are_those_of_poisson_counts():
    """scipy.stats.poisson.ppf([.001, .025, .975, .999], 50) is 30, 37, 64, 73 incidents; less than one never too many."""
    limits = metrics.funnel_limits(0.01, np.array([5000.0, 1.0]))
    counts = limits.iloc[0][["low_998", "low_95", "high_95", "high_998"]].to_numpy() * 5
    assert counts == pytest.approx([30, 37, 64, 73], abs=1)
    assert limits.iloc[1].tolist() == pytest.approx([0, 1000, 0, 1000])


def test_control_chart_names_a_month_outside():
    counts = pd.DataFrame(
        {
            "month": ["2025-01", "2025-02", "2025-03"],
            "incidents": [3, 20, 1],
            "low": [1.0, 14.0, 0.1],
            "high": [7.0, 28.0, 4.7],
            "expected": [8.0, 8.0, 2.0],
            "limit_low": [1, 1, 0],
            "limit_high": [17, 17, 7],
            "partial": [False, False, True],
        }
    )
    fig = figures.control_chart(counts)
    points = fig.data[-1]
    assert list(points.y) == [3, 20, 1] and list(points.marker.symbol) == ["circle", "diamond", "circle-open"]
    assert "<b>20</b> Feb" in words(fig) and "<b>1</b> so far" in words(fig)
    assert fig.layout.meta["alt"].endswith("Outside the limits: February 2025 (20).")


def test_time_to_draws_steps_and_ticks_for_open_incidents():
    rows = [
        {"incident_id": str(i), "started_at": "2025-01-05 00:00", "resolved_at": f"2025-01-05 00:{m}"}
        for i, m in enumerate([10, 20, 30])
    ]
    rows.append({"incident_id": "open", "started_at": "2025-01-05", "status": "open"})
    dataset = ToyDataset(incidents(*rows), observed=(utc("2025-01-01"), utc("2025-01-05 00:25")))
    fig = figures.time_to(metrics.duration_curves(dataset, dataset.incidents))
    line = next(t for t in fig.data if t.line.shape == "hv")
    assert list(line.x) == [0.4, 10, 20, 25, 30] and list(line.y) == pytest.approx([0, 0.25, 0.5, 0.5, 1])
    ticks = next(t for t in fig.data if t.mode == "markers")
    assert list(ticks.x) == [25]
    assert fig.layout.meta["alt"] == "Median time to resolve: 20 min (1 still open)."


def test_rhythm_names_the_busiest_and_the_quietest_hour():
    fig = figures.rhythm_heatmap(rhythm())
    z = np.array(fig.data[0].z, dtype=float)
    assert z.shape == (7, 24) and np.unravel_index(z.argmax(), z.shape) == (2, 9)
    assert fig.layout.meta["alt"].startswith(
        "Busiest hour of the week: Wed 9 h, 2.5 (1.2–5.0) times the average; quietest: Mon 0 h, 0.9 (0.5–1.8) times"
    )
