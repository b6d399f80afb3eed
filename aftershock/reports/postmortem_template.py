"""A postmortem to be written: what the logs know is filled in, and each section that people write has its questions."""

from __future__ import annotations

import pandas as pd

from aftershock.metrics import changes_during
from aftershock.model.attribution import Attribution
from aftershock.output.markdown import escaped
from aftershock.output.phrases import delay_phrase, listed, percent, when
from aftershock.reports.answer_section import LEAST_SHOWN, TIMES, outage_sentence
from aftershock.reports.writeup_section import PROMPTS
from aftershock.schema.tables import NONE

MOST = 5  # suspects that are filled in
BEFORE_ALL = {
    "summary": "In three sentences for people who were not there: what users met, for how long, what was done.",
    "impact": "Who was affected and how: users, requests, orders, money; what was not affected?",
    "timeline": "What is missing: the first sign, the page, who joined in which role, decisions, what was tried?",
    "contributing factors": "What made it possible, what made it larger? Ask how, not who: what made each step look right then?",
    "detection": "How did we notice, and what would have noticed earlier?",
    "response": "What helped to end it, what was in the way? How do we know what ended it?",
}
QUESTIONS = {**BEFORE_ALL, **dict(PROMPTS)}
"""Section → its questions: the union of what public templates ask (the SRE books, PagerDuty, Atlassian, Etsy's debriefings)."""
ACTIONS = "| action | type | owner | due | done | ticket |\n| --- | --- | --- | --- | --- | --- |"
HEAD = "Roles, not names: people are never the cause. Comments such as this one are questions; no report shows them."


def template(found: Attribution, incident_id: str) -> str:
    """The Markdown of a postmortem to be written; every text of the log is escaped."""
    dataset = found.dataset
    incident = dataset.incident(incident_id)
    filled = {
        "summary": escaped(outage_sentence(dataset, incident)),
        "impact": _impact(incident),
        "timeline": _timeline(found, incident),
        "contributing factors": _suspects(found, incident_id),
        "action items": ACTIONS,
    }
    title = escaped(incident["title"] or incident_id)
    parts = [f"# {title}", f"<!-- {HEAD} -->"]
    for name, question in QUESTIONS.items():
        parts += [f"## {name.capitalize()}", f"<!-- {question} -->", *([filled[name]] if filled.get(name) else [])]
    return "\n\n".join(parts) + "\n"


def _impact(incident: pd.Series) -> str:
    services = f"Services: {escaped(listed(list(incident['services']), most=20))}." if len(incident["services"]) else ""
    return "\n\n".join(part for part in (escaped(incident["description"]), services) if part)


def _timeline(found: Attribution, incident: pd.Series) -> str:
    """The incident's moments, the strongest suspects and what was changed while it lasted, in order of time."""
    dataset = found.dataset
    suspects = _strongest(found, incident["incident_id"])
    during = changes_during(dataset, incident["incident_id"], suspects["change_id"].tolist())
    changes = dataset.changes.set_index("change_id")
    moments = [(incident[c], incident[f"{c}_before"], label) for c, label in TIMES if pd.notna(incident[c])]
    for change_id in [*suspects["change_id"], *during["change_id"]]:
        change = changes.loc[change_id]
        moments.append((change["started_at"], change["started_at_before"], f"Change: {change['title'] or change_id}"))
    rows = [
        f"| {when(a, b, dataset.timezone)} | {escaped(what)} |" for a, b, what in sorted(moments, key=lambda m: m[:2])
    ]
    return "\n".join(["| when | what |", "| --- | --- |", *rows])


def _strongest(found: Attribution, incident_id: str) -> pd.DataFrame:
    suspects = found.suspects(incident_id)
    return suspects[(suspects["change_id"] != NONE) & (suspects["probability"] >= LEAST_SHOWN)].head(MOST)


def _suspects(found: Attribution, incident_id: str) -> str:
    """The explanations as they were when the file was made, a point each."""
    suspects = found.suspects(incident_id)
    nothing = suspects[suspects["change_id"] == NONE].iloc[0]["probability"]
    points = [
        f"- {escaped(s['title'] or s['change_id'])} ({escaped(s['change_id'])}), {delay_phrase(s)}: {percent(s['probability'])}"
        for _, s in _strongest(found, incident_id).iterrows()
    ]
    return "\n".join(
        [
            "Suspects when this was begun; a suspect is not a verdict:",
            "",
            *points,
            f"- No recorded change: {percent(nothing)}",
        ]
    )
