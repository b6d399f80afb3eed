"""The postmortems of a simulated company: what people would write after an incident, with action items to follow up.

Blameless, and without ids of changes: they tell what people found, in words that no program can read an answer from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aftershock.simulation.company import Service
from aftershock.simulation.texts import POSTMORTEMS, THEMES, pick

KIND_WORDS = {
    "deploy": "release",
    "config": "change of configuration",
    "feature_flag": "feature flag",
    "infrastructure": "piece of infrastructure work",
    "database": "database migration",
    "data": "data import",
    "policy": "change of a policy",
}
STATES = ("done", "open", "late", "overdue", "done", "overdue", "open")


@dataclass(frozen=True)
class Course:
    """How an incident went, as its postmortem knows it; times are UTC.

    ``cause`` is the truth's; ``kind``, ``part``, ``changed`` (a service) and ``delay_minutes`` say what set it off when
    a logged change did; ``theme`` indexes the themes of incidents without a change, -1 when the reason was never found.
    """

    number: int
    service: Service
    started_at: pd.Timestamp
    detected_at: pd.Timestamp
    mitigated_at: pd.Timestamp
    resolved_at: pd.Timestamp
    cause: str
    kind: str = ""
    part: str = ""
    changed: str = ""
    delay_minutes: float = 0.0
    theme: int = -1


def postmortem(rng: np.random.Generator, course: Course, until: pd.Timestamp) -> str:
    """The Markdown of one postmortem; action items are done or not as known at ``until``, the end of the log."""
    parts = [
        ("Narrative", _narrative(course)),
        ("What went well", _bullets(rng, POSTMORTEMS["went_well"])),
        ("What went badly", _bullets(rng, POSTMORTEMS["went_badly"])),
        ("Where we were lucky", f"- {pick(rng, POSTMORTEMS['lucky'])}"),
        ("Action items", _actions(rng, course, until)),
    ]
    return "\n\n".join(f"## {heading}\n\n{body}" for heading, body in parts) + "\n"


def _bullets(rng: np.random.Generator, sentences: list[str]) -> str:
    chosen = rng.choice(len(sentences), size=2, replace=False)
    return "\n".join(f"- {sentences[k]}" for k in sorted(chosen))


def _narrative(course: Course) -> str:
    clock = "{:%H:%M}".format
    opening = (
        f"On {course.started_at.day} {course.started_at.month_name()} at {clock(course.started_at)} UTC "
        f"{course.service.name} began to fail: {course.service.effect}. It was noticed at {clock(course.detected_at)}."
    )
    minutes = (course.mitigated_at - course.started_at).total_seconds() / 60
    closing = (
        f"The effect was over at {clock(course.mitigated_at)}, {duration(minutes)} after it began; the clean-up took "
        f"until {clock(course.resolved_at)}{_days_later(course)}."
    )
    return "\n\n".join((opening, _finding(course), closing))


def _days_later(course: Course) -> str:
    days = (course.resolved_at.normalize() - course.started_at.normalize()).days
    return {0: "", 1: " on the next day"}.get(days, f", {days} days later")


def _finding(course: Course) -> str:
    if course.cause == "change_in_log":
        here = course.changed == course.service.name
        where = "the same service" if here else f"{course.changed}, which {course.service.name} relies on"
        return (
            f"The people who looked into it found that a {KIND_WORDS.get(course.kind, 'change')} touching the "
            f"{course.part} had gone out to {where} {duration(course.delay_minutes)} before. Once it was taken back, "
            "the errors stopped."
        )
    if course.cause == "change_not_logged":
        return "A setting had been changed by hand shortly before, and no log had it. Comparing two hosts showed it."
    if course.theme >= 0:
        return f"{THEMES[course.theme][1]} No change of ours was found to be involved."
    return "No change of ours was found to be involved; the reason is not fully understood."


def duration(minutes: float) -> str:
    """``"25 minutes"``, ``"3.5 hours"`` or ``"2 days"``, for a sentence."""
    if minutes < 90:
        return f"{max(1, round(minutes))} minute{'' if round(minutes) <= 1 else 's'}"
    return f"{minutes / 60:.1f} hours" if minutes < 48 * 60 else f"{minutes / 1440:.0f} days"


def _actions(rng: np.random.Generator, course: Course, until: pd.Timestamp) -> str:
    lines = ["| action | type | owner | due | done | ticket |", "|---|---|---|---|---|---|"]
    for k, index in enumerate(rng.choice(len(POSTMORTEMS["actions"]), size=int(rng.integers(2, 5)), replace=False)):
        action, kind = POSTMORTEMS["actions"][index]
        owner = pick(
            rng,
            (
                f"team {course.service.team}",
                f"on-call lead, {course.service.team}",
                "platform lead",
                "incident coordinator",
            ),
        )
        due, done = _dates(rng, STATES[(course.number + k) % len(STATES)], course.resolved_at.normalize(), until)
        finished = f"{done:%Y-%m-%d}" if done is not None else ""
        named, ticket = action.format(service=course.service.name), rng.integers(1000, 9999)
        lines.append(f"| {named} | {kind} | {owner} | {due:%Y-%m-%d} | {finished} | KP-{ticket} |")
    return "\n".join(lines)


def _dates(
    rng: np.random.Generator, state: str, closed: pd.Timestamp, until: pd.Timestamp
) -> tuple[pd.Timestamp, pd.Timestamp | None]:
    """(due, done or None): nothing is done after ``until``, and what cannot have happened by then is still open."""
    days = pd.Timedelta(days=1)
    due = closed + int(rng.integers(10, 43)) * days
    if state == "open" and due < until:
        due = until.normalize() + int(rng.integers(7, 40)) * days
    if state == "overdue":
        due = min(due, max(closed + 2 * days, until.normalize() - int(rng.integers(2, 15)) * days))
    span = (due - closed) / days
    done = {
        "done": closed + int(span * rng.uniform(0.3, 0.95)) * days,
        "late": due + int(rng.integers(2, 12)) * days,
    }.get(state)
    return due, done if done is not None and done < until else None
