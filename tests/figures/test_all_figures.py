"""What holds for every figure: finding, text alternative, harmless text, size."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from toy import shares, suspects
from toy_figures import HOSTILE, all_figures, busy_log, empty_figures, log_of, ranking, risk, words

from aftershock import figures
from aftershock.output.blocks import PAGE
from aftershock.output.json_values import json_value
from aftershock.rendering import figure_payload


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


@pytest.mark.parametrize("make", [all_figures, empty_figures])
def test_a_page_shows_each_as_plotly_has_it(make, monkeypatch):
    """Pages take a figure as it was drawn; plotly knows each of its properties and would write the same."""
    monkeypatch.setenv(PAGE, "1")
    for name, fig in make().items():
        shown = fig._repr_mimebundle_()
        assert len(fig.data) == len(shown["application/vnd.plotly.v1+json"]["data"]), name
        assert shown == fig._repr_mimebundle_(), name


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


def packed_size(fig: go.Figure) -> int:
    """Characters of a page that the drawing takes."""
    drawn = fig.to_plotly_json()
    drawn["layout"] = {k: v for k, v in drawn["layout"].items() if k not in ("meta", "template")}
    return len(figure_payload.packed(json.dumps(json_value(json.loads(json.dumps(drawn, default=list))))))


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
    ).assign(censored=[1] * 4 + [0] * 4996, n=5000, missing=0)
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
