"""The time before one incident."""

from __future__ import annotations

import pandas as pd
from toy import changes, utc
from toy_figures import log_of, ranking, words

from aftershock import figures
from aftershock.figures import theme


def test_timeline_of_one_reaches_to_the_suspicion_and_says_what_is_earlier():
    """The suspicion ends at the vague change, three hours before; the change of two days ago is not drawn."""
    table, before = log_of()
    suspicion = ranking()[lambda t: t["change_id"] != "far"]
    fig = figures.timeline(table, before, zone="UTC", incident="inc-1", suspects=suspicion)
    start = pd.Timestamp(fig.layout.xaxis.range[0])
    assert start == pd.Timestamp("2025-01-10 08:15")
    assert fig.layout.meta["finding"].startswith("2 changes in the 3 h 45 min before the incident")
    assert "1 earlier change within 72 h before it" in fig.layout.meta["alt"]
    assert "60 %" in " ".join(words(fig))
    span = next(t for t in fig.data if t.mode == "lines" and t.line.color == theme.tint(theme.KINDS["config"][0], 0.6))
    assert list(span.x)[:2] == ["2025-01-10T09:00:00", "2025-01-10T11:00:00"]


def test_a_day_is_said_in_hours():
    table, before = log_of()
    fig = figures.timeline(table, before, zone="UTC", incident="inc-1", suspects=ranking().iloc[:0])
    assert " in the 24 h before the incident" in fig.layout.meta["finding"]


def test_what_changed_while_it_lasted_is_drawn_and_what_took_a_change_back_is_named():
    table, before = log_of()
    later = changes(
        {"change_id": "fix", "started_at": "2025-01-10 12:40", "services": ["api"], "title": "Revert"},
        {"change_id": "late", "started_at": "2025-01-10 16:00", "services": ["api"], "title": "Too late"},
    )
    during = pd.DataFrame({"change_id": ["fix"], "started_at": [utc("2025-01-10 12:40")], "takes_back": ["near"]})
    log = pd.concat([before, later], ignore_index=True)
    near = ranking()[lambda t: t["change_id"].isin(["near", "none"])]
    fig = figures.timeline(table, log, zone="UTC", incident="inc-1", suspects=near, during=during)
    drawn = {row[1] for row in fig.layout.meta["table"]["rows"]}
    assert "fix" in drawn and "late" not in drawn
    assert "1 after its start" in fig.layout.meta["alt"]
    marks = [x for t in fig.data if t.mode == "markers" for x in t.x]
    assert "2025-01-10T12:40:00" in marks
    assert any("taken back" in word for word in words(fig))
    assert [w for w in words(fig) if w in ("resolved", "detected")] == ["resolved"]


def test_moments_that_are_close_share_their_words():
    table, before = log_of()
    soon, sooner = pd.Series([utc("2025-01-10 12:58")]), pd.Series([utc("2025-01-10 12:05")])
    table = table.assign(mitigated_at=soon, mitigated_at_before=soon, detected_at=sooner, detected_at_before=sooner)
    near = ranking()[lambda t: t["change_id"].isin(["near", "none"])]
    fig = figures.timeline(table, before, zone="UTC", incident="inc-1", suspects=near)
    assert "mitigated, resolved" in words(fig) and "detected" in words(fig)


def test_a_long_incident_is_not_drawn_to_its_end_and_says_when_that_was():
    table, before = log_of()
    end = pd.Series([utc("2025-01-20 12:00")])
    table = table.assign(resolved_at=end, resolved_at_before=end)
    near = ranking()[lambda t: t["change_id"].isin(["near", "none"])]
    fig = figures.timeline(table, before, zone="UTC", incident="inc-1", suspects=near)
    assert pd.Timestamp(fig.layout.xaxis.range[1]) < pd.Timestamp("2025-01-10 16:00")
    assert "resolved 20 Jan 12:00" in fig.layout.title.text
