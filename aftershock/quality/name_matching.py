"""Whether the two logs speak of the same things: services, and kinds of change."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from difflib import SequenceMatcher

import pandas as pd

from aftershock.dataset import service_aliases
from aftershock.dataset.dataset import Dataset
from aftershock.model.service_graph import ServiceGraph
from aftershock.output.phrases import listed, plural
from aftershock.quality.finding import Finding, rows_of, some
from aftershock.quality.variants import Without, changed, without_rows

ALIKE = 0.82  # likeness from which a name is suggested, 1 is the same: a judgement, one letter wrong in six passes
MOST_COMPARED = 400  # names that are compared letter by letter
MOST_OTHER = 0.3  # share of changes of no known kind from which it is worth mentioning
MOST_NAMED = 20  # lines of dataset.toml that are suggested
_TRIMMINGS = {"service", "svc", "srv", "app", "api", "prod", "production", "staging", "live", "team", "the", "server"}
_SEPARATORS = (",", ";", "|", "/", "\n", " ")


def bare(name: str) -> str:
    """A name without what people add to it: case, punctuation, words such as service, api, prod. ``Payments-API (prod)``
    and ``payments_service`` are both ``payments``; a name of nothing else keeps its words."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    words = re.findall(r"[a-z0-9]+", spaced.lower())
    kept = [w for w in words if w not in _TRIMMINGS]
    return "".join(kept or words)


def suggestions(names: list[str], known: list[str]) -> dict[str, tuple[str, float]]:
    """For each name the known name most like it and the likeness, where that is at least ALIKE. Names that are equal once
    bare are as good as equal (0.99); others are compared letter by letter."""
    by_bare: dict[str, str] = {}
    for name in known:
        by_bare.setdefault(bare(name), name)
    found = {}
    for name in names:
        own = bare(name)
        if own in by_bare:
            found[name] = by_bare[own], 0.99
        elif len(names) <= MOST_COMPARED and (best := _most_like(own, by_bare)):
            found[name] = best
    return found


def _most_like(own: str, by_bare: dict[str, str]) -> tuple[str, float] | None:
    matcher, best, most = SequenceMatcher(autojunk=False), "", ALIKE
    matcher.set_seq2(own)
    for other in by_bare:
        matcher.set_seq1(other)
        if matcher.real_quick_ratio() > most and matcher.quick_ratio() > most and matcher.ratio() > most:
            best, most = by_bare[other], matcher.ratio()
    return (best, most) if best else None


def find_unknown_services(dataset: Dataset) -> list[Finding]:
    """Services of incidents that no change can reach: their changes name them differently, or are missing."""
    incidents = dataset.actual_incidents
    in_incidents = Counter(s for row in incidents["services"] for s in row)
    in_changes = {s for row in dataset.changes["services"] for s in row}
    reached = _reached(dataset, in_changes)
    names = Counter(dict.fromkeys((*in_incidents, *in_changes), 1))
    strange = [s for s, _ in in_incidents.most_common() if s not in reached and not _joining(s, names)]
    if not strange or not in_changes:
        return []
    close = suggestions(strange, sorted(in_changes - set(in_incidents)) or sorted(in_changes))
    rows = incidents[incidents["services"].map(lambda row: bool(row) and reached.isdisjoint(row)).astype(bool)]
    if rows.empty and not close:
        return []
    alone = (
        some(len(rows), "incidents", "names", "name")
        + " only such services, so no change is nearer to them than any other."
    )
    shown = [f"{s} ({in_incidents[s]})" + (f": {close[s][0]}?" if s in close else "") for s in strange]
    return [
        Finding(
            "strangers",
            some(len(strange), "services", "with incidents is", "with incidents are", of=len(in_incidents))
            + " out of reach of any change",
            "No change names them, and none reaches them through the service graph; with the number of their incidents: "
            f"{listed(shown, 8)}.{f' {alone}' if len(rows) else ''}",
            "Give each service one name, or add the changes of those that have none to the log."
            + (" These look like one service; check them first:" if close else ""),
            toml=_aliases_toml(dataset, close),
            rows=rows_of("incidents", rows, rows["services"].map("; ".join)),
            without=_renamed(close) if close else None,
        )
    ]


def _reached(dataset: Dataset, changed: set[str]) -> set[str]:
    """The services that a change of one of these can reach."""
    graph = ServiceGraph(dataset.dependencies)
    return changed.union(*(graph.downstream(service) for service in changed))


def _aliases_toml(dataset: Dataset, close: dict[str, tuple[str, float]]) -> str:
    if not close:
        return ""
    lines = [f"{_quoted(name)} = {_quoted(meant)}" for name, (meant, _) in list(close.items())[:MOST_NAMED]]
    return "\n".join(["[aliases]", *lines])


def _quoted(text: str) -> str:
    """A TOML string of one line."""
    escaped = "".join(
        f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else {"\\": "\\\\", '"': '\\"'}.get(c, c) for c in text
    )
    return f'"{escaped}"'


def _renamed(close: dict[str, tuple[str, float]]) -> Without:
    names = {name: meant for name, (meant, _) in close.items()}

    def make(dataset: Dataset) -> Dataset:
        tables, _ = service_aliases.applied(names, dataset.incidents, dataset.changes, dataset.dependencies)
        return replace(dataset, incidents=tables[0], changes=tables[1], dependencies=tables[2])

    return Without(f"{plural(len(names), 'name')} replaced as suggested", make)


def find_missing_services(dataset: Dataset) -> list[Finding]:
    """Rows of either log that name no service at all."""
    found = []
    for log, why in (
        ("changes", "What such a change is related to is unknown: it is a weaker suspect of every incident"),
        ("incidents", "What changed nearby is unknown for them: every change is as near as any other"),
    ):
        frame = dataset.actual_incidents if log == "incidents" else dataset.changes
        rows = frame[~frame["services"].map(bool).astype(bool)]
        if rows.empty:
            continue
        share = len(rows) / len(frame)
        found.append(
            Finding(
                f"{log}_without_service",
                some(len(rows), log, "names no service", "name no service", of=len(frame), share=True),
                f"{why}.",
                f'Fill the column services of the {log}, or say which column holds it: columns = {{ services = "…" }}.',
                rows=rows_of(log, rows, rows["title"]),
                without=without_rows(log, rows[f"{log.removesuffix('s')}_id"], "these rows left out")
                if share < 1
                else None,
            )
        )
    return found


def find_unsplit(dataset: Dataset) -> list[Finding]:
    """Cells that hold several services behind a separator that is not the stated one."""
    names = Counter(s for log in ("incidents", "changes") for row in getattr(dataset, log)["services"] for s in row)
    found = []
    for log in ("incidents", "changes"):
        frame = getattr(dataset, log)
        signs = Counter(sign for row in frame["services"] for s in row if (sign := _joining(s, names)))
        for sign, _ in signs.most_common(1):
            joined = {s for row in frame["services"] for s in row if _joining(s, names) == sign}
            if sign == " " and any(len(row) > 1 and not joined.isdisjoint(row) for row in frame["services"]):
                continue  # a list that is parted already has names of several words
            found.append(_unsplit_finding(log, frame, sign, joined))
    return found


def _joining(name: str, names: Counter) -> str:
    """What joins several known names to this one; ``""`` when it is one name."""
    for sign in _SEPARATORS:
        if sign in name and all(p.strip() in names for p in name.split(sign)):
            return sign
    return ""


def _unsplit_finding(log: str, frame: pd.DataFrame, sign: str, joined: set[str]) -> Finding:
    rows = frame[frame["services"].map(lambda row: not joined.isdisjoint(row)).astype(bool)]

    def make(dataset: Dataset) -> Dataset:
        own = getattr(dataset, log)
        split = own["services"].map(
            lambda row: [p.strip() for s in row for p in (s.split(sign) if s in joined else [s])]
        )
        return changed(dataset, log, own.assign(services=split.astype("object")))

    return Finding(
        "unsplit_services",
        some(len(rows), log, "holds several services in one name", "hold several services in one name"),
        f"{listed([repr(s) for s in sorted(joined)], 4)}: each part is a service of the logs by itself.",
        "Say what separates several services in one cell:",
        toml=f"[{log}]\nlist_separator = {_quoted(sign)}",
        rows=rows_of(log, rows, rows["services"].map("; ".join)),
        without=Without("them split", make),
    )


def find_unknown_kinds(dataset: Dataset) -> list[Finding]:
    """Changes of kind other: words of the log that are not known, and changes that say nothing."""
    changes = dataset.changes
    other = changes[changes["kind"] == "other"]
    unknown = dataset.notes[
        (dataset.notes["table"] == "changes") & (dataset.notes["reason"] == "unknown_value") & _about_kinds(dataset)
    ]
    if other.empty or (unknown.empty and len(other) < MOST_OTHER * len(changes)):
        return []
    words = [re.sub(r"^'(.*)' in (\d+) rows$", r"\1 (\2)", found) for found in unknown["found"]]
    unknown_words = f" Words that are not known: {listed(words, 8)}." if words else ""
    return [
        Finding(
            "unknown_kinds",
            some(len(other), "changes", "is of no known kind", "are of no known kind", of=len(changes), share=True),
            f"They share one rate and one delay, whatever they are.{unknown_words}",
            "Say what the log's words mean:" if words else "Fill the column kind, or titles that say what was done.",
            toml=_kinds_toml(unknown),
            rows=rows_of("changes", other, other["title"]),
            touches="rates by kind",
        )
    ]


def _about_kinds(dataset: Dataset) -> pd.Series:
    named = {"kind", *(log.columns.get("kind", "kind") for log in dataset.settings.changes)}
    return dataset.notes["column"].isin(named) & dataset.notes["found"].str.contains(r" in \d+ rows$")


def _kinds_toml(unknown: pd.DataFrame) -> str:
    words = [re.sub(r"^'(.*)' in \d+ rows$", r"\1", found) for found in unknown["found"]][:MOST_NAMED]
    inside = ", ".join(f'{_quoted(word)} = "deploy"' for word in words)
    return f"[changes]\nkinds = {{ {inside} }}  # or another kind" if words else ""
