"""What the changes, incidents and postmortems of a simulated company say: plain engineering language from ``texts.toml``.

Nothing here decides what happens; :mod:`aftershock.simulation` does, and asks for words. Every function takes the numpy
generator it draws from, so that the same seed gives the same text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from aftershock.simulation.company import Service

T = TypeVar("T")


_TEXTS = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
CHANGES: dict[str, list[str]] = _TEXTS["changes"]
LIBRARIES: dict[str, list[str]] = _TEXTS["libraries"]
INCIDENTS: dict[str, list[str]] = _TEXTS["incidents"]
THEMES: list[tuple[str, str]] = list(map(tuple, _TEXTS["themes"]))
POSTMORTEMS: dict[str, list[str]] = _TEXTS["postmortems"]
EXTENSIONS = {"edge": "ts", "product": "kt", "platform": "py", "store": "yaml"}


@dataclass(frozen=True)
class ChangeText:
    """How a change reads in the log. ``part`` is what it touched, in the words that a symptom may repeat."""

    title: str
    description: str
    paths: tuple[str, ...]
    repository: str
    part: str


def pick(rng: np.random.Generator, items: Sequence[T]) -> T:
    return items[int(rng.integers(len(items)))]


def slug(words: str, joint: str = "-") -> str:
    return joint.join(words.lower().replace("-", " ").replace("'", "").split())


def _capital(text: str) -> str:
    """Upper-case the first letter, unless the first word is a service's lower-case name."""
    return text[:1].upper() + text[1:]


def part_of(rng: np.random.Generator, service: Service) -> str:
    """A part of the service, its own four times out of five."""
    return pick(rng, service.components if rng.uniform() < 0.8 else CHANGES["shared_parts"])


def change_text(
    rng: np.random.Generator, *, kind: str, service: Service, day: str, docs: bool, bot: bool
) -> ChangeText:
    """The words of one change; ``day`` is YYYY-MM-DD, ``docs`` and ``bot`` only matter for deploys."""
    if kind == "deploy" and docs:
        text = _docs(rng, service)
    elif kind == "deploy" and bot:
        text = _bump(rng, service)
    else:
        text = _WRITERS.get(kind, _policy)(rng, service, day)
    title = (
        f"{service.name}: {text.title}"
        if rng.uniform() < 0.35 and service.name not in text.title
        else _capital(text.title)
    )
    return ChangeText(title, text.description or _reason(rng), text.paths, text.repository, text.part)


def _reason(rng: np.random.Generator) -> str:
    if rng.uniform() < 0.45:
        return ""
    words = pick(rng, CHANGES["reasons"])
    return f"{words} See KP-{rng.integers(1000, 9999)}." if rng.uniform() < 0.25 else words


def _deploy(rng: np.random.Generator, service: Service, day: str) -> ChangeText:
    part, extension = part_of(rng, service), EXTENSIONS[service.tier]
    seen = part in service.components and service.tier in ("edge", "product")
    thing = pick(rng, CHANGES["things"] if seen else CHANGES["technical_things"])
    title = pick(
        rng,
        (
            f"fix {pick(rng, CHANGES['faults'])} in the {part}",
            f"show {thing} in the {part}",
            f"speed up the {part}",
            f"rewrite the {part} without shared state",
            f"move the {part} into its own module",
            f"release the new {part}",
            f"remove dead code from the {part}",
            f"handle empty input in the {part}",
            f"log {thing} in the {part}",
            f"fix {pick(rng, CHANGES['faults'])} when the {part} is busy",
            f"make the {part} retry once",
            f"read the {part} from the replica",
            f"add {thing} to the {part}",
            f"split the {part} in two steps",
            f"accept older clients in the {part}",
        ),
    )
    stem = slug(part, "_")
    files = [f"src/{stem}/{pick(rng, ('handler', 'service', 'model', 'client', 'rules', 'store'))}.{extension}"]
    if rng.uniform() < 0.5:
        files.append(f"tests/test_{stem}.{extension}")
    return ChangeText(title, "", tuple(files), f"kestrel/{service.name}", part)


def _docs(rng: np.random.Generator, service: Service) -> ChangeText:
    part = part_of(rng, service)
    title = pick(
        rng,
        (
            f"describe the {part} in the handbook",
            f"correct the runbook for the {part}",
            f"explain how to test the {part}",
            f"update the diagram of {service.name}",
            "fix typos in the readme",
            f"add an example for the {part}",
        ),
    )
    path = pick(rng, ("README.md", f"docs/{slug(part)}.md", f"docs/runbooks/{slug(part)}.md"))
    return ChangeText(title, "Documentation only.", (path,), f"kestrel/{service.name}", part)


def _bump(rng: np.random.Generator, service: Service) -> ChangeText:
    library = pick(rng, LIBRARIES[EXTENSIONS[service.tier]])
    major, minor, patch = rng.integers(1, 9), rng.integers(0, 30), rng.integers(0, 12)
    files = {"ts": ("package.json", "package-lock.json"), "kt": ("build.gradle.kts",), "py": ("requirements.txt",)}
    paths = files.get(EXTENSIONS[service.tier], ("Chart.lock",))
    title = f"bump {library} from {major}.{minor}.{patch} to {major}.{minor}.{patch + 1}"
    return ChangeText(
        title, "Opened by the update bot, merged after green checks.", paths, f"kestrel/{service.name}", library
    )


def _config(rng: np.random.Generator, service: Service, day: str) -> ChangeText:
    part = part_of(rng, service)
    before = int(pick(rng, (5, 10, 15, 20, 30, 50, 60, 100, 200, 500)))
    lower, higher = max(1, before // int(rng.integers(2, 5))), before * int(rng.integers(2, 5))
    what = f"the {part}" if part in CHANGES["numbered_parts"] else f"{pick(rng, CHANGES['settings'])} of the {part}"
    numbers = (
        f"raise {what} from {before} to {higher}",
        f"lower {what} from {before} to {lower}",
        f"set {what} to {before}",
        f"double {what}",
    )
    others = (
        f"point the {part} at the second endpoint",
        f"switch the {part} to stricter checks",
        f"turn off verbose logging in the {part}",
        f"use the shared credentials for the {part}",
        f"align the {part} with staging",
        f"clean up old settings of the {part}",
    )
    wordy = part in CHANGES["shared_parts"] and part not in CHANGES["numbered_parts"]
    title = pick(rng, others if wordy or rng.uniform() < 0.4 else numbers)
    path = f"config/production/{service.name}/{slug(part)}.yaml"
    return ChangeText(title, "", (path,), "kestrel/config", part)


def _flag(rng: np.random.Generator, service: Service, day: str) -> ChangeText:
    part = pick(rng, service.components)
    flag = f"{pick(rng, ('new', 'fast', 'simple', 'safe', 'second'))}-{slug(part)}"
    share, audience = pick(rng, (1, 5, 10, 25, 50, 100)), pick(rng, CHANGES["audiences"])
    title = pick(
        rng,
        (
            f"turn on {flag} for {share} % of {audience}",
            f"turn {flag} on for {audience}",
            f"turn {flag} off for {audience}",
            f"widen {flag} to {share} % of {audience}",
            f"make {flag} the default for {audience}",
        ),
    )
    return ChangeText(title, "", (f"flags/{service.name}/{flag}.yaml",), "kestrel/flags", part)


def _database(rng: np.random.Generator, service: Service, day: str) -> ChangeText:
    part, column = pick(rng, service.components), pick(rng, CHANGES["columns"])
    table = slug(part, "_")
    title, action = pick(
        rng,
        (
            (f"add index on {table} ({column})", "add_index"),
            (f"add column {column} to {table}", "add_column"),
            (f"fill {column} in {table} for old rows", "backfill"),
            (f"drop unused column {column} from {table}", "drop_column"),
            (f"partition {table} by {column}", "partition"),
            (f"make {column} in {table} mandatory", "not_null"),
            (f"widen {column} in {table} to 64 bits", "widen"),
            (f"archive rows of {table} older than two years", "archive"),
        ),
    )
    path = f"migrations/{day.replace('-', '')}_{action}_{table}.sql"
    return ChangeText(title, "", (path,), f"kestrel/{service.name}", part)


def _infrastructure(rng: np.random.Generator, service: Service, day: str) -> ChangeText:
    part, small = pick(rng, CHANGES["infrastructure_parts"]), int(rng.integers(2, 9))
    title = pick(
        rng,
        (
            f"replace the {part} of {service.name}",
            f"upgrade the {part} under {service.name}",
            f"rebuild the {part} for {service.name}",
            f"move {service.name} to another {part}",
            f"resize {service.name} from {small} to {small + int(rng.integers(1, 5))} nodes ({part})",
            f"import the {part} of {service.name} into Terraform",
            f"spread {service.name} over three zones ({part})",
        ),
    )
    return ChangeText(title, "", (f"terraform/{service.name}/{slug(part, '_')}.tf",), "kestrel/terraform", part)


def _data(rng: np.random.Generator, service: Service, day: str) -> ChangeText:
    part = pick(rng, CHANGES["data_files"] if service.tier == "product" else service.components)
    title = pick(
        rng,
        (
            f"load the {part} of {day[:7]} into {service.name}",
            f"correct entries in the {part} for {service.name}",
            f"import the {part} for the new depot",
            f"remove old rows from the {part} of {service.name}",
            f"merge the partner's {part} for {service.name}",
        ),
    )
    return ChangeText(
        title, "", (f"data/{service.name}/{slug(part, '_')}_{day[:7]}.csv",), "kestrel/reference-data", part
    )


def _policy(rng: np.random.Generator, service: Service, day: str) -> ChangeText:
    part = pick(rng, service.components)
    title = pick(
        rng,
        (
            f"ask for a second approval before the {part} is used",
            f"limit access to the {part} of {service.name} by role",
            f"require stronger passwords for the {part}",
            f"block exports of the {part} outside office hours",
        ),
    )
    return ChangeText(title, "", (f"policies/{service.name}/{slug(part)}.rego",), "kestrel/policies", part)


_WRITERS = {
    "deploy": _deploy,
    "config": _config,
    "feature_flag": _flag,
    "database": _database,
    "infrastructure": _infrastructure,
    "data": _data,
    "policy": _policy,
}


def fix_text(rng: np.random.Generator, service: Service) -> ChangeText:
    """An emergency change made while an incident runs."""
    part = pick(rng, CHANGES["shared_parts"])
    title = pick(
        rng,
        (
            f"Hotfix for {service.name}: relax the {part}",
            f"Emergency: raise the {part} of {service.name}",
            f"Hotfix: restart {service.name} with another {part}",
            f"Emergency: bypass the {part} in {service.name}",
        ),
    )
    return ChangeText(
        title,
        "During an incident; to be tidied up.",
        (f"config/production/{service.name}/{slug(part)}.yaml",),
        "kestrel/config",
        part,
    )


def symptom(
    rng: np.random.Generator, service: Service, *, part: str = "", upstream: str = "", theme: int = -1
) -> tuple[str, str]:
    """(title, description) of an incident on ``service``.

    ``part``: what to name in the text ("" for nothing), half the time in the title, else in the description.
    ``upstream``: the service that the part belongs to when it is another one.
    ``theme``: index into :data:`THEMES` when it shows in the title, else -1.
    """
    in_title = bool(part) and rng.uniform() < 0.5
    if theme >= 0:
        template = THEMES[theme][0]
    else:
        if in_title:
            symptoms = "upstream_symptoms" if upstream else "named_symptoms"
        else:
            symptoms = "store_symptoms" if service.tier == "store" and rng.uniform() < 0.6 else "generic_symptoms"
        template = pick(rng, INCIDENTS[symptoms])
    title = template.format(
        service=service.name, part=part, upstream=upstream, low=pick(rng, (2, 5, 10, 20)), few=rng.integers(3, 12)
    )
    sentences = [f"{pick(rng, INCIDENTS['signals'])} came first; {service.effect}."]
    if part and part not in title:
        where = f"{part} of {upstream}" if upstream else part
        sentences.append(
            pick(rng, (f"Logs point at the {where}.", f"Most errors name the {where}.", f"Traces end in the {where}."))
        )
    return _capital_title(title, service), " ".join(sentences)


def _capital_title(title: str, service: Service) -> str:
    return title if title.startswith(service.name) else _capital(title)
