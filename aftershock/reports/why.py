"""Why a change is, or is not, a suspect of an incident: the answer in words, from the rule that decided."""

from __future__ import annotations

import pandas as pd

from aftershock.metrics import changes_during
from aftershock.model.attribution import Attribution
from aftershock.model.exclusions import why_no_candidate
from aftershock.model.explanation import Explanation
from aftershock.output.blocks import Details, Prose, Stack
from aftershock.output.html_table import Table
from aftershock.output.phrases import interval_percent, number, percent, sentence, weight
from aftershock.output.safe_html import two_lines
from aftershock.reports.answer_section import chance_sentence, same_outage_sentence
from aftershock.reports.during_section import taken_back_sentence
from aftershock.schema.tables import NONE

STEPS_READ = (
    "Weights multiply the odds; each step leads to the probability next to it, the last to the one shown. Up to "
    "“competition” a candidate competes with “no recorded change” alone; there the other changes and the earlier incidents "
    "join, and “same outage” adds what comes through an earlier incident. “Without it” is what the model would give if the "
    "step said nothing of any candidate: its weight taken out for all of them, and the rest shared out anew."
)


def why(found: Attribution, incident_id: str, change_id: str) -> list[str]:
    """Sentences, most important first. UsageError when the incident or the change does not exist."""
    dataset = found.dataset
    incident = dataset.incident(incident_id)
    suspects = found.suspects(incident_id)
    row = suspects[suspects["change_id"] == change_id]
    if not row.empty:
        return _as_suspect(found, suspects, row.iloc[0])
    said = [
        why_no_candidate(dataset, incident, dataset.change(change_id)) or _not_listed(found, incident_id, change_id)
    ]
    during = changes_during(dataset, incident_id, suspects["change_id"].tolist())
    own = during[during["change_id"] == change_id]
    return said + ([taken] if (taken := taken_back_sentence(own, suspects)) else [])


def _not_listed(found: Attribution, incident_id: str, change_id: str) -> str:
    count, together = found.unlisted(incident_id)
    return (
        f"{change_id} came before {incident_id}, but not among the last changes, on no service that it needs and with no "
        f"telling word in common. A log of this size does not list such suspects: there are {number(count)}, with "
        f"{percent(together)} between them."
    )


def _as_suspect(found: Attribution, suspects: pd.DataFrame, row: pd.Series) -> list[str]:
    sure = interval_percent(row["probability"], row["probability_low"], row["probability_high"])
    what = "“No recorded change”" if row["change_id"] == NONE else row["change_id"]
    said = [f"{what} is rank {row['rank']} of {len(suspects)} for {row['incident_id']}, with a probability of {sure}."]
    if row["matching_words"]:
        said.append(f"Words in common: {row['matching_words']}.")
    if row["reported"]:
        said.append("It was reported as the cause; the model does not read that.")
    shares = found.shares
    said.append(chance_sentence(shares[shares["incident_id"] == row["incident_id"]].iloc[0]))
    said += [same] if (same := same_outage_sentence(found, row["incident_id"])) else []
    during = changes_during(found.dataset, row["incident_id"], suspects["change_id"].tolist())
    of_this = during[during["takes_back"] == row["change_id"]]
    said += [taken] if (taken := taken_back_sentence(of_this, suspects)) else []
    explanation = found.explanation(row["incident_id"], row["change_id"])
    return [*said, "", *steps_table(explanation, for_page=False).text.splitlines(), "", STEPS_READ]


def steps_table(explanation: Explanation, *, for_page: bool) -> Table:
    """The steps of an explanation, first to last, with what the answer would be without each. The words are where there
    is room for them: on a page in the first column, in a terminal in the last."""
    steps = explanation.table
    names = [sentence(name) for name in steps["name"]]
    rows = pd.DataFrame(
        {
            "Step": names,
            "Weight": [weight(factor) for factor in steps["factor"]],
            "Leads to": [percent(p) for p in steps["probability"]],
            "Without it": [percent(p) for p in steps["probability_without"]],
        }
    )
    if for_page:
        rows["Step"] = [two_lines(n, w) for n, w in zip(names, steps["words"], strict=True)]
    else:
        rows["Because"] = steps["words"]
    return Table(rows, align=dict.fromkeys(["Weight", "Leads to", "Without it"], "right"))


def strongest(found: Attribution, incident_id: str, *, least: float, most: int) -> list[Explanation]:
    """Explanations of the most probable changes of an incident, best first."""
    suspects = found.suspects(incident_id)
    changes = suspects[(suspects["change_id"] != NONE) & (suspects["probability"] >= least)]
    return [found.explanation(incident_id, c) for c in changes["change_id"].head(most)]


def explanation_tables(explanations: list[Explanation], *, before_verdict: bool = False) -> Stack:
    """A folded table of steps per explanation, and how to read them; nothing without explanations."""
    if not explanations:
        return Stack()
    tables = [
        Details(f"{e.rank}. {e.title or e.change_id}: {percent(e.probability)}", steps_table(e, for_page=True))
        for e in explanations
    ]
    which = "These are the steps of the model before the verdict. " if before_verdict else ""
    return Stack(*tables, Prose(which + STEPS_READ))
