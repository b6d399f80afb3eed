"""Small frames for every figure, and every figure drawn from them once."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go
from toy import SUSPECT_COLUMNS, ToyDataset, chain, changes, curves, incidents, shares, suspects, utc

from aftershock import figures, metrics

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
    return frame.assign(per_1000=per, per_1000_low=per / 2, per_1000_high=per * 2, chance_per_1000=[1.5, 3.0, math.nan])


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
        "rates_forest": figures.rates_forest(rates().assign(kind=text)),
        "funnel": figures.funnel(risk(text)),
        "control_chart": figures.control_chart(metrics.month_counts(dataset)),
        "cumulative_outages": figures.cumulative_outages(
            dataset.incidents[["incident_id"]].assign(at=dataset.incidents["started_at"]),
            first=dataset.observed[0],
            last=dataset.observed[1],
            band=0.2,
        ),
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
        "cumulative_outages": figures.cumulative_outages(
            pd.DataFrame({"incident_id": [], "at": []}), first=pd.Timestamp(0), last=pd.Timestamp(1)
        ),
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
