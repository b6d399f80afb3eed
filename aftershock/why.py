"""Why a change is, or is not, a suspect of an incident: the answer in words, from the rule that decided."""

from __future__ import annotations

import pandas as pd

from aftershock.attribution import Attribution
from aftershock.candidates import why_not
from aftershock.dataset import Dataset
from aftershock.evidence import EVIDENCE
from aftershock.phrases import clock, delay_phrase, duration, interval, interval_percent, percent
from aftershock.tables import NONE


def why(found: Attribution, incident_id: str, change_id: str) -> list[str]:
    """Sentences, most important first. UsageError when the incident or the change does not exist."""
    dataset = found.dataset
    incident = dataset.incident(incident_id)
    suspects = found.suspects(incident_id)
    row = suspects[suspects["change_id"] == change_id]
    if not row.empty:
        return _as_suspect(found, suspects, row.iloc[0])
    return [why_no_candidate(dataset, incident, dataset.change(change_id))]


def why_no_candidate(dataset: Dataset, incident: pd.Series, change: pd.Series) -> str:
    """Which rule of candidates.py keeps a change from being a suspect of an incident; "" when none does."""
    name, horizon = (
        f"{change['change_id']} is no suspect of {incident['incident_id']}",
        dataset.settings.attribution.horizon,
    )
    excluded = why_not(change, dataset.settings.attribution.environments)
    if excluded:
        return f"{name}: {excluded}."
    if change["started_at"] > incident["started_at_before"]:
        late = change["started_at"] - incident["started_at_before"]
        return (
            f"{name}: it began at {clock(change['started_at'], dataset.timezone)}, {duration(late)} after the latest "
            "moment at which the incident can have started."
        )
    early = incident["started_at"] - change["started_at_before"]
    if early <= horizon:
        return ""
    return (
        f"{name}: it came at least {duration(early)} before the incident, which is longer than the horizon of "
        f"{duration(horizon)} (dataset.toml, [attribution] horizon)."
    )


def _as_suspect(found: Attribution, suspects: pd.DataFrame, row: pd.Series) -> list[str]:
    sure = interval_percent(row["probability"], row["probability_low"], row["probability_high"])
    what = '"No recorded change"' if row["change_id"] == NONE else row["change_id"]
    said = [f"{what} is rank {row['rank']} of {len(suspects)} for {row['incident_id']}, with a probability of {sure}."]
    terms = found.explain(row["incident_id"]).set_index("change_id")
    none = terms.loc[NONE, "term"]
    if row["change_id"] == NONE:
        return [
            *said,
            f"Incidents without a recorded change are expected here at {none * 24 * 365.25:.2g} a year at this hour of the week.",
        ]
    term = terms.loc[row["change_id"]]
    rate = found.rates.set_index("kind").loc[row["kind"]]
    kind = "" if row["kind"] == "other" else f"{row['kind'].replace('_', ' ')} "
    said.append(
        f"It is a {kind}change; such changes set off "
        f"{interval(rate['per_1000'], rate['per_1000_low'], rate['per_1000_high'])} incidents per 1,000 here."
    )
    said.append(
        f"Relation: {row['relation']}; {percent(term['relation_share'])} of what it sets off would "
        "show on this incident's services."
    )
    said.append(
        f"Delay: {delay_phrase(row)}; outages set off by this kind of change show after such a delay "
        f"at {term['delay_density']:.2g} per hour."
    )
    for evidence in EVIDENCE:
        said.append(f"{evidence.name.capitalize()}: {term[f'{evidence.name}_words']} (× {term[evidence.name]:.2f}).")
    if row["matching_words"]:
        said.append(f"Words in common: {row['matching_words']}.")
    said.append(f"Together {term['term'] / none:.3g} times the rate of incidents without a recorded change.")
    if row["reported"]:
        said.append("It was reported as the cause; the model does not read that.")
    return said
