"""What is left to guess about an export of a known format."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from aftershock import sources
from aftershock.output.phrases import listed, plural, verb
from aftershock.schema.tables import SCHEMAS
from aftershock.sources.issue_labels import EVERY_ISSUE, labels_of
from aftershock.sources.vendors import servicenow
from aftershock.wizard import column_matching, time_formats, time_names, vocabulary
from aftershock.wizard.guess import UNSURE, Guess
from aftershock.wizard.interpretation import Interpretation

OF_BRANCHES = ("git", "github-pull-requests")  # formats whose ``ref`` says which branch counts
BY_TYPE = ("gitlab-issues",)  # issues have a type, so no label is needed
_OF_RUNS = (  # whose runs may build and test alone
    *(
        "github-actions",
        "azure-builds",
        "jenkins",
        "buildkite",
        "circleci",
        "gitlab-pipelines",
        "bitbucket-pipelines",
        "gocd",
        "bamboo",
        "travis",
        "tekton",
        "argo-workflows",
        "google-cloud-build",
        "aws-codebuild",
    ),
)
_DEPLOYS = re.compile(r"deploy|release|publish|ship|roll|promot", re.IGNORECASE)
_TYPES = {"fields.issuetype", "fields.issuetype.name", "Issue Type", "Issue type", "issuetype"}  # of an issue of Jira
_OF_ISSUES = ("github-issues", "gitlab-issues", "linear")
_OF_ENTRIES = (
    *_OF_ISSUES,
    "azure-work-items",
    "freshdesk",
    "jira",
    "servicenow",
)  # trackers, into which an incident is typed after it began


def label(chosen: Interpretation) -> Iterator[tuple[list[str], Guess]]:
    """Which labels say that an issue is an incident."""
    if chosen.format not in _OF_ISSUES:
        return
    extras = chosen.raw.extras or [] if chosen.raw is not None else []
    counts = Counter(name for one in extras for name in labels_of(one))
    meant = list({name.lower(): name for name in counts if vocabulary.INCIDENT.search(name)}.values())
    others = [f"{name} ({n})" for name, n in counts.most_common() if not vocabulary.INCIDENT.search(name)]
    why = "issues with one of these are incidents" if meant else "no label says incident: every issue counts as one"
    by_type = chosen.format in BY_TYPE and not chosen.every
    if by_type:
        why = "only if labels say what an incident is; now those of the type incident are"
    why += f"; other labels: {listed(others, 6)}" if others else ""
    if chosen.every and not meant:
        yield [EVERY_ISSUE], Guess("label", EVERY_ISSUE, UNSURE, f"none is of the type incident, and {why}")
    else:
        yield meant or ["incident"], Guess("label", ", ".join(meant), 0.8 if meant and not by_type else 0.3, why)


def questions(chosen: Interpretation) -> Iterator[str]:
    """What only the user knows of an export of a known format: which issues are incidents, whether they began when they were
    entered, and of which service a file is that does not say it."""
    unlabelled = any(guess.value in ("", EVERY_ISSUE) for _, guess in label(chosen))
    if unlabelled and (chosen.every or chosen.format not in BY_TYPE):
        untyped = "no issue is of the type incident, " * chosen.every
        yield f"{untyped}no label says incident, and every issue is read as one: name the labels of those that are, under label"
    if chosen.raw is None:
        return
    held = (chosen.raw.origins or {}).get("started_at", "")
    entered = next(filter(time_names.is_entered, [held] if isinstance(held, str) else held), "")
    if chosen.format in _OF_ENTRIES and entered:
        perhaps = f"; perhaps {' or '.join(found[:3])}" if (found := _starts(chosen.raw.extras or [])) else ""
        where = "where no field says when the incident began"
        yield f"{entered!r} is when an issue was entered; it is read as the start {where}{perhaps}"
    typed = {name for one in chosen.raw.extras or [] for name in one} & _TYPES
    if chosen.format == "jira" and chosen.table == "incidents" and not typed:
        yield "no field says of which type each issue is, and every one is read as an incident: if some are none, export the type"
    ids = chosen.raw.frame["incident_id"] if chosen.format == "servicenow" and chosen.table == "incidents" else []
    if strange := next(filter(servicenow.is_of_another_table, ids), ""):
        yield (
            f"{strange!r} is no number of the table incident: what its states in numbers mean is not known, and active and "
            "closed_at say what is over; if such records are no incidents, leave them out"
        )
    yield from _of_runs(chosen.format, chosen.raw.extras or [])
    if chosen.format == "alertmanager" and {"status", "resolved_at"} <= {*chosen.raw.frame}:
        listed_so = int(((chosen.raw.frame["status"] == "") & (chosen.raw.frame["resolved_at"] != "")).sum())
        what = f"{plural(listed_so, 'alert')} that the API lists {verb(listed_so, 'has its', 'have their')} time-out as the end"
        yield from [f"{what}: when it was asked, each still fired"] * bool(listed_so)
    files = {path.name.removesuffix(".gz").rpartition(".")[0] for path in chosen.input.paths}
    named = set(vocabulary.filled(chosen.raw.frame["services"])) if "services" in chosen.raw.frame else set()
    said = {str(value) for head in chosen.input.heads for record in head.records for value in record.values()}
    if called := sorted((named & files) - said):
        yield f"the service is called like the file, {called[0]!r}: a guess; name the file as the incidents call the service"


def _starts(extras: Sequence[Mapping[str, object]]) -> list[str]:
    """The fields, in quotes, of which nothing is made, that are called as a start is and hold times."""
    names = dict.fromkeys(name for one in extras for name in one)
    called = [n for n in names if time_names.START & set(time_names.words(n)) and not time_names.is_plan(n)]
    cells = {name: pd.Series([str(one.get(name) or "") for one in extras], dtype="object") for name in called}
    return [repr(name) for name, held in cells.items() if time_formats.forms_of(held)]


def _of_runs(format: str, extras: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """The question whether all runs of a workflow deploy, where no name of it says so; several are asked about by name."""
    ran = pd.Series([str(one.get("workflow", "")) for one in extras], dtype="object")
    names = set(vocabulary.filled(ran))
    several = 1 < len(names) <= vocabulary.MOST_TYPES
    if format not in _OF_RUNS or several or (names and all(map(_DEPLOYS.search, names))):
        return
    how = 'name their workflows, as in only = { workflow = ["deploy"] }' if len(names) > 1 else "export those alone"
    of = f", of {vocabulary.counted(ran)}" * bool(names)
    yield f"every run is read as a deploy{of}: if only some deploy, or none does, {how}"


def severity(chosen: Interpretation) -> Iterator[tuple[list[str], Guess]]:
    """The grades of the incidents, worst first: those that the format has, else those that are found."""
    if chosen.table == "incidents" and (grades := list(sources.find(chosen.format, chosen.table).severity)):
        yield grades, Guess("severity", " > ".join(grades), 0.95, "worst first; the format's own grades")
    elif chosen.table == "incidents" and chosen.raw is not None and "severity" in chosen.raw.frame:
        found = vocabulary.severity_order(chosen.raw.frame["severity"])
        if found:
            yield found[0], Guess("severity", found[1].value, max(found[1].sure, 0.5), f"worst first; {found[1].why}")


def times(chosen: Interpretation) -> dict[str, time_formats.Stamps]:
    """How the columns of times are written where their export leaves that to whoever made it."""
    if chosen.raw is None:
        return {}
    frame = chosen.raw.frame
    names = [c for c in SCHEMAS[chosen.table].of_type("time") if c in frame]
    cells = column_matching.cells_of(frame[names])
    cells.settle(names)
    return {name: stamps for name in names if (stamps := cells.stamps(name)) and stamps.formats}


def lacking(chosen: Interpretation, wanted: Iterable[str]) -> list[str]:
    """Those canonical columns in which no record holds anything."""
    if chosen.raw is None:
        return []
    frame = chosen.raw.frame
    return [c for c in wanted if c not in frame or not vocabulary.filled(frame[c])]


def offsets(chosen: Interpretation) -> float:
    """The share of its stamps that state an offset."""
    if chosen.raw is None or "started_at" not in chosen.raw.frame:
        return 1.0
    found = time_formats.forms_of(chosen.raw.frame["started_at"].map(str))
    return found.offsets if found else 1.0
