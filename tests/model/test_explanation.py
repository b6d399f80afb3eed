"""A probability taken apart: the steps add up to the number shown, each "without" is the answer recomputed."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from conftest import CHANGES
from toy import chain

from aftershock import attribute, figures, load
from aftershock.errors import UsageError
from aftershock.model import likelihood, observations
from aftershock.model.decomposition import DELAY, KIND, RELATION, LogOddsDecomposition
from aftershock.model.evidence import EVIDENCE
from aftershock.model.explanation import AVERAGE, CAUTION, COMPETITION, START, VERDICT, logistic, logit
from aftershock.model.parameters import Parameters
from aftershock.reports.postmortem import open_postmortem
from aftershock.schema.tables import NONE

EXACT = 1e-9
OF_A_CHANGE = [START, KIND, RELATION, DELAY, *(e.name for e in EVIDENCE), COMPETITION, CAUTION, AVERAGE]


@pytest.fixture(scope="module", params=["twitter", "demo"])
def found(request, twitter_found, demo_found):
    return {"twitter": twitter_found, "demo": demo_found}[request.param]


def test_every_chain_ends_exactly_at_the_number_shown(found):
    """Of all outages of twitter-2023, and of every sixth incident of the demo, which has hundreds."""
    of_none = [START, COMPETITION, CAUTION, AVERAGE]
    table = found.suspects()
    some = table["incident_id"].unique()[:: 6 if table["incident_id"].nunique() > 50 else 1]
    for row in table[table["incident_id"].isin(some)].itertuples():
        explanation = found.explanation(row.incident_id, row.change_id)
        stands = np.cumsum([s.log_odds for s in explanation.steps])
        reached = np.array([s.probability for s in explanation.steps])
        assert np.abs(1 / (1 + np.exp(-stands)) - reached).max() < EXACT, explanation
        assert abs(reached[-1] - row.probability) < EXACT, explanation
        assert [s.name for s in explanation.steps] == (of_none if row.change_id == NONE else OF_A_CHANGE)


def test_the_factors_of_a_pair_are_its_term_over_the_background(found):
    """Whatever the model multiplies a term by has a step: one that is missing here would be explained by nothing."""
    seen, decomposition = found.seen, found._decomposition
    odds = (
        likelihood.terms(seen, found.parameters)
        / likelihood.background_rate(seen, found.parameters)[seen.pairs.incident]
    )
    assert np.exp(decomposition.log_odds) == pytest.approx(odds, rel=EXACT)


def test_up_to_the_other_changes_a_step_is_the_models_term(twitter_found):
    """Odds against "no recorded change" after the last piece of evidence, and the share among all candidates after the
    others: what Bayes' rule gives."""
    seen, fitted = twitter_found.seen, twitter_found.parameters
    rates, background = likelihood.terms(seen, fitted), likelihood.background_rate(seen, fitted)
    ids = twitter_found.dataset.changes["change_id"].to_numpy()[seen.pairs.change]
    for row, incident in enumerate(twitter_found.reading.incidents["incident_id"]):
        part = slice(*seen.pairs.starts[row : row + 2])
        whole = background[row] + rates[part].sum()
        for change, term in zip(ids[part], rates[part], strict=True):
            explanation = twitter_found.explanation(incident, change)
            last = [s for s in explanation.steps if s.is_evidence][-1]
            assert last.probability == pytest.approx(term / (term + background[row]), abs=EXACT)
            assert explanation.step(COMPETITION).probability == pytest.approx(term / whole, abs=EXACT)


def test_without_a_step_is_the_answer_recomputed_by_hand(twitter_found):
    """For every piece: its factor divided out of every candidate's odds, each raised to the power of a small log, and
    shared out. Without the others: this one against the background. Without caution: no power."""
    trust = twitter_found.seen.trust
    assert 0 < trust < 1
    table = twitter_found.suspects()
    for incident in ("tw-2023-02-08", "tw-2023-03-06"):
        changes = table[(table["incident_id"] == incident) & (table["change_id"] != NONE)]["change_id"]
        all_steps = {c: twitter_found.explanation(incident, c) for c in changes}
        odds = {
            c: math.exp(sum(s.log_odds for s in e.steps[: e.steps.index(e.step(COMPETITION))]))
            for c, e in all_steps.items()
        }
        for name in [s.name for s in all_steps[changes.iloc[0]].steps if s.is_evidence]:
            left = {c: (odds[c] / all_steps[c].step(name).factor) ** trust for c in changes}
            for c in changes:
                expected = left[c] / (1 + sum(left.values()))
                assert all_steps[c].step(name).probability_without == pytest.approx(expected, abs=EXACT), (c, name)
        powered = {c: o**trust for c, o in odds.items()}
        for c, e in all_steps.items():
            assert e.step(COMPETITION).probability_without == pytest.approx(powered[c] / (1 + powered[c]), abs=EXACT)
            assert e.step(CAUTION).probability_without == pytest.approx(odds[c] / (1 + sum(odds.values())), abs=EXACT)
            fitted = powered[c] / (1 + sum(powered.values()))
            assert e.step(CAUTION).probability == pytest.approx(fitted, abs=EXACT)
            assert e.step(AVERAGE).probability_without == pytest.approx(fitted, abs=EXACT)
            assert math.isnan(e.step(START).probability_without)


def test_factors_worked_by_hand(write, monkeypatch):
    """The numbers of ``test_an_attribution_worked_by_hand``: terms of 0.008 (deploy, same service), 0.001 (config, unrelated)
    and a background of 0.001 per hour; half of all incidents are on checkout.

    An average change has a rate of 0.02; at an unknown place half of it, spread over 72 hours, is 0.02 · 0.5 / 72 per
    hour. The deploy's relation weighs 0.8 / 0.5, the configuration's 0.2 · 0.5 / 0.5. Without relation both terms are
    0.02 · 0.5 · 0.5 = 0.005, so each gets 5/11. Without the other the deploy gets 8/9.
    """
    folder = write(
        incidents="incident_id,started_at,services\ni1,2024-01-10T12:00Z,checkout\ni2,2024-03-10T12:00Z,search\n",
        changes="change_id,started_at,kind,services\nc1,2024-01-10T11:30Z,deploy,checkout\nc2,2024-01-10T11:40Z,config,search\n"
        "c3,2024-03-20T11:40Z,config,search\n",
    )
    seen = replace(attribute(load(folder)).seen, learned_from=observations.TRUSTED_FROM)
    monkeypatch.setattr(likelihood, "delay_density", lambda seen, delays: np.full(len(seen.pairs), 0.5))
    fitted = Parameters(
        rates=np.full(len(seen.kinds), 0.02),
        relations=np.array([0.8, 0.0, 0.0, 0.2]),
        delays=np.zeros((len(seen.kinds), seen.grid.size)),
        background=0.002,
        service_shares=np.array([0.5, 0.5]),
        rhythm=np.ones(168),
        ratios=tuple(np.ones(len(e.prior)) for e in EVIDENCE),
    )
    decomposition = LogOddsDecomposition(seen, fitted, np.array([0.5, 0.5]))
    assert np.exp(decomposition.start) == pytest.approx(0.02 * 0.5 / 72 / 0.001)
    assert np.exp(decomposition.logs[KIND]) == pytest.approx([1, 1])
    assert np.exp(decomposition.logs[RELATION]) == pytest.approx([1.6, 0.2])
    assert np.exp(decomposition.logs[DELAY]) == pytest.approx([36, 36])
    assert np.exp(decomposition.log_odds) == pytest.approx([8, 1])
    assert decomposition.answers()[0] == pytest.approx([0.8, 0.1])
    assert decomposition.answers(RELATION)[0] == pytest.approx([5 / 11, 5 / 11])
    assert decomposition.alone(0) == pytest.approx(8 / 9)


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
        "any change of the N d before; N of N set an incident off. Without a change there are N a month on checkout at such "
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
    assert first[CAUTION] == "only N incidents to learn from: odds are raised to the power N"
    assert first[AVERAGE] == "the mean over all rates, delays and causes of other incidents that the log allows"
    assert none[START] == "without a recorded change there are N a month on checkout at such an hour of the week"
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
    assert (alone.words, alone.factor) == ("no other change competes", 1.0)
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
    assert list(drawn.layout.yaxis.ticktext) == [START, DELAY, "Raise the limit", COMPETITION, AVERAGE]
    assert (
        drawn.layout.meta["finding"]
        == "“Raise the limit” comes to 83 %: delay × 148 and Raise the limit × 2.7 speak for it"
    )
    assert drawn.layout.meta["alt"] == (
        "Raise the limit: starts at 2 %; the weightiest steps are delay × 148, Raise the limit × 2.7, other changes ÷ 1.6; ends at 83 %. "
        "c2: starts at 2 %; the weightiest steps are other changes ÷ 20, delay × 7.4,  ÷ 2.7; ends at < 1 %."
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
        "No recorded change competes for this incident: nothing to explain."
    )


def test_the_postmortem_explains_its_strongest_suspects():
    report = open_postmortem(dataset="twitter-2023", incident_id="tw-2023-02-08")
    best = report.suspects[report.suspects["change_id"] != NONE].head(3)
    assert [e.change_id for e in report.explanations] == best["change_id"].tolist()
    assert [e.probability for e in report.explanations] == best["probability"].tolist()
    tables = report.explanation_tables(report.explanations)
    assert len(tables.blocks) == 4
    assert "Weights multiply the odds" in tables.text
    assert tables._repr_html_().count('<details class="as-data" open>') == 3
    numbers = report.numbers()._repr_mimebundle_()["application/vnd.aftershock.numbers+json"]["explanations"]
    for given, row in zip(numbers, best.itertuples(), strict=True):
        assert given["change_id"] == row.change_id
        assert logistic(sum(s["log_odds"] for s in given["steps"])) == pytest.approx(row.probability, abs=EXACT)


def test_an_incident_without_candidates_has_nothing_to_explain(write):
    report = open_postmortem(dataset=str(write()), incident_id="i2")
    assert report.explanations == []
    assert report.explanation_tables([]).text == ""
    assert figures.explanation_paths([]).layout.meta["alt"].startswith("No recorded change competes")


def test_why_prints_the_steps(twitter_found):
    from aftershock.reports.why import STEPS_READ, why

    lines = why(twitter_found, "tw-2023-02-08", "chg-2023-02-08-ratedata")
    start = next(n for n, line in enumerate(lines) if line.startswith("Step"))
    table = lines[start : start + 1 + len(OF_A_CHANGE)]
    assert table[0].split() == ["Step", "Weight", "Leads", "to", "Without", "it", "Because"]
    assert [row.split("  ")[0].lower() for row in table[1:]] == OF_A_CHANGE
    shown = twitter_found.explanation("tw-2023-02-08", "chg-2023-02-08-ratedata").probability
    assert f" {100 * shown:.0f} % " in table[-1]
    assert lines[-1] == STEPS_READ


def test_log_odds_at_the_ends():
    assert [logit(0.0), logit(1.0), logit(0.5)] == [-math.inf, math.inf, 0.0]
    assert [logistic(-math.inf), logistic(math.inf), logistic(-1000), logistic(0.0)] == [0.0, 1.0, 0.0, 0.5]
    assert logit(0.25, complement=0.5) == pytest.approx(math.log(0.5))
    assert logistic(logit(0.3)) == pytest.approx(0.3)
