"""A probability taken apart: the steps add up to the number shown, each "without" is the answer recomputed."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from conftest import CHANGES
from toy import chain

from aftershock import attribute, figures, load
from aftershock.model.decomposition import DELAY, KIND, RELATION
from aftershock.model.evidence import EVIDENCE
from aftershock.model.explanation import AFTERSHOCKS, COMPETITION, OUTAGE, START, VERDICT, logistic, logit
from aftershock.model.likelihood import USUAL
from aftershock.reports.postmortem import open_postmortem
from aftershock.schema.errors import UsageError
from aftershock.schema.tables import NONE

EXACT = 1e-9


@pytest.fixture(scope="module", params=["twitter", "demo"])
def found(request, twitter_found, demo_found):
    return {"twitter": twitter_found, "demo": demo_found}[request.param]


def test_every_chain_ends_exactly_at_the_number_shown(found):
    """Of all outages of twitter-2023, and of every twelfth incident of the demo, and of those that are probably of one outage."""
    table, outages = found.suspects(), found.outages
    linked = outages[outages["probability"] > 1e-6].nlargest(4, "probability")["incident_id"]
    some = [*table["incident_id"].unique()[:: 12 if len(outages) > 50 else 1], *linked]
    pieces = [START, *found._decomposition.logs]
    for row in table[table["incident_id"].isin(some)].itertuples():
        explanation = found.explanation(row.incident_id, row.change_id)
        reached = np.array([s.probability for s in explanation.steps])
        summed = np.cumsum([s.log_odds for s in explanation.steps])
        assert np.abs(1 / (1 + np.exp(-summed)) - reached).max() < EXACT, explanation
        assert abs(reached[-1] - row.probability) < EXACT, explanation
        names = [s.name for s in explanation.steps]
        start = [START] if row.change_id == NONE else pieces
        assert names[: len(start)] == start
        assert set(names[len(start) :]) <= {AFTERSHOCKS, COMPETITION, OUTAGE} and COMPETITION in names


def test_without_a_step_is_what_the_decomposition_recomputes(twitter_found):
    parts = twitter_found._decomposition
    inside = parts.pairs_of(twitter_found.reading.incidents["incident_id"].tolist().index("tw-2023-02-08"))
    ids = twitter_found.dataset.changes["change_id"].to_numpy()[twitter_found.seen.pairs.change[inside]]
    for pair, change in enumerate(ids, start=inside.start):
        explanation = twitter_found.explanation("tw-2023-02-08", change)
        for step in [s for s in explanation.steps if s.is_evidence and s.name != AFTERSHOCKS]:
            assert step.probability_without == parts.without(step.name)[0][pair]
        assert explanation.step(COMPETITION).probability_without == parts.alone(pair)
        assert math.isnan(explanation.step(START).probability_without)


def test_the_steps_say_what_they_rest_on(write):
    """Whole sentences; only what the fit gives as numbers is left out (N)."""
    changes = (
        "change_id,started_at,started_at_before,kind,services,title,paths\nc1,2024-01-10T11:30Z,,deploy,checkout,Raise the payments limit,\n"
        "c2,2024-01-10T00:00Z,2024-01-11T00:00Z,feature_flag,,Undo,docs/a.md\nc3,2024-03-20T11:40Z,,config,search,x,\n"
    )
    found = attribute(load(write(changes=changes)))

    def said(change: str) -> dict[str, str]:
        steps = found.explanation("i1", change).steps
        return {s.name: re.sub(r"\d+(?:[.,]\d+)*", "N", s.words) for s in steps}

    first, second, none = said("c1"), said("c2"), said(NONE)
    assert first[START] == (
        "any change of the N d before; N of N set an incident off. Without a change there are N a year on checkout at such "
        "an hour of the week"
    )
    assert first[KIND] == "deploy change; N of N of these set an incident off"
    assert second[KIND] == "feature flag change; N of N of these set an incident off"
    assert first[RELATION] == "same service: N % of what it sets off shows there; of a change at an unknown place N %"
    assert second[RELATION] == "unknown: the change or the incident names no service"
    assert re.fullmatch(
        "N min before: (sooner|later) than N % of the outages that deploy changes set off", first[DELAY]
    )
    assert (
        second[DELAY] == "up to N h before: later than at the most N % of the outages that feature flag changes set off"
    )
    assert re.fullmatch(
        "N other change competes, together (less than )?N times the rate of “no recorded change”", first[COMPETITION]
    )
    assert first[USUAL] == "innocent deploy changes at such a place show evidence that weighs N times on average"
    assert none[START] == "without a recorded change there are N a year on checkout at such an hour of the week"
    assert none[COMPETITION] == "N changes compete, together N times that rate"
    assert "(title: payments)" in " ".join(first[e.name] for e in EVIDENCE), "the words in common, and where"
    assert "touches documentation or tests alone" in second.values()


def test_a_delay_is_placed_among_those_of_its_kind(demo_found):
    seen, grid = demo_found.seen, demo_found.seen.grid
    suspects = demo_found.suspects()
    exact = suspects[
        (suspects["delay_minutes_high"] - suspects["delay_minutes_low"] < 1) & (suspects["rank"] == 1)
    ].head(40)
    for row in exact.itertuples():
        masses = demo_found.parameters.delays[seen.kinds.index(row.kind)]
        share = float(grid.cumulative(masses, np.array([row.delay_minutes / 60]))[0])
        words = demo_found.explanation(row.incident_id, row.change_id).step(DELAY).words
        given = int(re.search(r"than (?:[<>] )?(\d+) %", words)[1]) / 100
        assert given == pytest.approx(1 - share if "sooner" in words else share, abs=0.011), words
        assert ("sooner" in words) == (share < 0.5)


def test_without_a_rival_or_a_candidate(write):
    found = attribute(load(write()))
    alone = found.explanation("i1", "c1").step(COMPETITION)
    assert (alone.words, alone.factor) == ("no other change competes", pytest.approx(1.0))
    nothing = found.explanation("i2", NONE)
    assert nothing.step(COMPETITION).words == "no change competes"
    assert nothing.probability == nothing.steps[-1].probability == 1.0


def test_a_verdict_is_the_last_step(write):
    found = attribute(load(write(verdicts__csv="incident_id,change_id\ni1,none\n")))
    lost, won = found.explanation("i1", "c1").steps[-1], found.explanation("i1", NONE).steps[-1]
    assert (lost.name, lost.probability, won.name, won.probability) == (VERDICT, 0.0, VERDICT, 1.0)
    assert won.words == "people decided; their verdict outranks the model"
    assert 0 < won.probability_without < 1, "what the model would say of it"


def test_an_id_that_ends_in_a_nul_is_found(write):
    """numpy compares text without the NULs at its end: such a change was in the table and could not be explained."""
    changes = CHANGES.replace("c1,", "c1\0,", 1)
    found = attribute(load(write(changes=changes, verdicts__csv="incident_id,change_id\ni2,c1\0\n")))
    assert found.explanation("i1", "c1\0").change_id == "c1\0"
    assert found.explanation("i2", "c1\0").probability == 1.0, "too old to be a candidate, chosen all the same"


def test_what_cannot_be_explained_is_said(twitter_found):
    with pytest.raises(UsageError) as wrong:
        twitter_found.explanation("tw-2023-03-06", "chg-2023-03-06-apicf")
    assert str(wrong.value) == (
        "no change 'chg-2023-03-06-apicf' in twitter-2023; the nearest is 'chg-2023-03-06-apicfg' (25 changes)"
    )
    with pytest.raises(UsageError) as late:
        twitter_found.explanation("tw-2023-02-08", "chg-2023-03-06-apicfg")
    assert str(late.value) == (
        "chg-2023-03-06-apicfg is not a candidate for tw-2023-02-08; aftershock why gives the reason"
    )


# where it is shown


def test_the_paths_stand_where_the_probabilities_are():
    first, second = chain(-4, 5, 1, -0.5, 0.1), chain(-4, 2, -1, -3, 0, title="", change="c2")
    drawn = figures.explanation_paths([first, second])
    assert len(drawn.data) == 2
    for trace, explanation in zip(drawn.data, (first, second), strict=True):
        assert list(trace.x) == pytest.approx([logit(s.probability) for s in explanation.steps], abs=0.01)
        assert list(trace.y) == [0, 1, 2, 3, 4]
        assert trace.line.shape == "vh"
    assert {t.line.dash for t in drawn.data} == {"solid", "dash"}, "told apart without colour"
    assert list(drawn.layout.yaxis.ticktext) == [START, DELAY, "Raise the limit", COMPETITION, OUTAGE]
    assert (
        drawn.layout.meta["finding"]
        == "“Raise the limit” comes to 83 %: delay × 148 and Raise the limit × 2.7 speak for it"
    )
    assert drawn.layout.meta["alt"] == (
        "Raise the limit: starts at 2 %; the weightiest steps are delay × 148, Raise the limit × 2.7, competition ÷ 1.6; ends at 83 %. "
        "c2: starts at 2 %; the weightiest steps are competition ÷ 20, delay × 7.4,  ÷ 2.7; ends at < 1 %."
    )
    assert drawn.layout.meta["table"]["rows"][1] == [DELAY, "× 148", "73 %", "× 7.4", "12 %"]


def test_a_path_that_leaves_the_axis_stays_in_the_figure():
    drawn = figures.explanation_paths([chain(-4, math.inf, 0, 0, 0), chain(-4, -math.inf, 0, 0, 0)])
    assert all(math.isfinite(x) for trace in drawn.data for x in trace.x)
    low, high = drawn.layout.xaxis.range
    assert all(low < x < high for trace in drawn.data for x in trace.x)
    assert drawn.layout.meta["table"]["rows"][1][1:4:2] == ["decides", "decides"]


def test_nothing_to_explain_is_said():
    assert figures.explanation_paths([]).layout.meta["alt"] == (
        "No recorded change has 1 % or more of this incident: nothing to explain."
    )


def test_the_postmortem_explains_its_strongest_suspects():
    report = open_postmortem(dataset="twitter-2023", incident_id="tw-2023-02-08")
    best = report.suspects[report.suspects["change_id"] != NONE].head(len(report.explanations))
    assert 1 <= len(best) <= 3
    assert [e.change_id for e in report.explanations] == best["change_id"].tolist()
    assert [e.probability for e in report.explanations] == best["probability"].tolist()
    tables = report.explanation_tables(report.explanations)
    assert len(tables.blocks) == 1 + len(best)
    assert "Weights multiply the odds" in tables.text
    assert tables._repr_html_().count('<details class="as-data" open>') == len(best)
    numbers = report.numbers()._repr_mimebundle_()["application/vnd.aftershock.numbers+json"]["explanations"]
    for given, row in zip(numbers, best.itertuples(), strict=True):
        assert given["change_id"] == row.change_id
        assert logistic(sum(s["log_odds"] for s in given["steps"])) == pytest.approx(row.probability, abs=EXACT)


def test_an_incident_without_candidates_has_nothing_to_explain(write):
    report = open_postmortem(dataset=str(write()), incident_id="i2")
    assert report.explanations == []
    assert report.explanation_tables([]).text == ""
    assert figures.explanation_paths([]).layout.meta["alt"].startswith("No recorded change has 1 %")


def test_why_prints_the_steps(twitter_found):
    from aftershock.reports.why import STEPS_READ, why

    lines = why(twitter_found, "tw-2023-02-08", "chg-2023-02-08-ratedata")
    start = next(n for n, line in enumerate(lines) if line.startswith("Step"))
    explained = twitter_found.explanation("tw-2023-02-08", "chg-2023-02-08-ratedata")
    names = [s.name for s in explained.steps]
    table = lines[start : start + 1 + len(names)]
    assert table[0].split() == ["Step", "Weight", "Leads", "to", "Without", "it", "Because"]
    assert [row.split("  ")[0].lower() for row in table[1:]] == names
    assert f" {100 * explained.probability:.0f} % " in table[-1]
    assert lines[-1] == STEPS_READ


def test_log_odds_at_the_ends():
    assert [logit(0.0), logit(1.0), logit(0.5)] == [-math.inf, math.inf, 0.0]
    assert [logistic(-math.inf), logistic(math.inf), logistic(-1000), logistic(0.0)] == [0.0, 1.0, 0.0, 0.5]
    assert logit(0.25, complement=0.5) == pytest.approx(math.log(0.5))
    assert logistic(logit(0.3)) == pytest.approx(0.3)
