"""The reports in a folder, as the JSON next to each describes them; whatever version wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from aftershock.dataset.audience import AUDIENCES
from aftershock.output import safe_html
from aftershock.output.file_names import CHECK, EXPLORE, QUALITY, SYSTEMIC
from aftershock.output.phrases import month_name
from aftershock.schema.errors import UsageError

INCIDENTS = "incidents"
ERROR = ".error.html"
KINDS = {
    "month": "monthly review",
    "incident": "postmortem incident",
    "systemic": "systemic row of outages",
    "check": "model check",
    "quality": "log quality",
    "explore": "explored choice",
}
"""What a search finds each kind of report by."""
OF_DATASETS = {"systemic": SYSTEMIC, "check": CHECK, "quality": QUALITY}
"""Kinds of report on a whole dataset → their file's name, in the order of the index."""
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ReportEntry:
    """One report of a folder, whole, failed or unreadable.

    ``base``: its path in the folder without ending; ``kind``: month, incident, explore, or one of :data:`OF_DATASETS`; ``href`` and
    ``error_href``: relative addresses, empty where there is no such page; ``order``: the month, or when the incident started in
    ISO 8601 (UTC), empty for an unknown time; ``audience``: private for reports that do not say. ``counts``: incidents by month, of
    reviews.
    """

    base: Path
    kind: str
    identifier: str
    title: str
    href: str = ""
    error_href: str = ""
    order: str = ""
    month: str = ""
    note: str = ""
    severity: str = ""
    services: tuple[str, ...] = ()
    updated: datetime = _BEGINNING
    dataset_name: str = ""
    audience: str = "private"
    simulated: bool = False
    unreadable: bool = False
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """The dataset's folder."""
        return self.base.parts[0]

    @property
    def published(self) -> datetime:
        """When what it is about began."""
        return _moment(f"{self.order}-01" if self.kind == "month" else self.order) or self.updated

    @property
    def words(self) -> str:
        """What a search finds it by, in addition to the text that is shown."""
        return " ".join([self.identifier, self.month, self.dataset_name, KINDS[self.kind], *self.services])

    @property
    def short_title(self) -> str:
        """The title where the dataset's name is above it."""
        rest = self.title.removeprefix(f"{self.dataset_name}: ")
        return rest[:1].upper() + rest[1:] if rest != self.title else self.title

    @property
    def note_html(self) -> Markup:
        """The note with the spaces and hyphens that keep a number and its unit together."""
        return safe_html.markup(self.note)

    def is_fit_for(self, audience: str) -> bool:
        """Whether readers of that audience may see it."""
        return AUDIENCES.index(self.audience) <= AUDIENCES.index(audience)


@dataclass(frozen=True)
class DatasetReports:
    """A dataset's reports, the newest first."""

    folder: str
    checks: list[ReportEntry]
    months: list[ReportEntry]
    incidents: list[ReportEntry]
    choices: list[ReportEntry]

    @property
    def reports(self) -> list[ReportEntry]:
        return [*self.months, *self.incidents, *self.checks, *self.choices]

    @cached_property
    def name(self) -> str:
        return next((r.dataset_name for r in self.reports if r.dataset_name), self.folder)

    @property
    def simulated(self) -> bool:
        return any(report.simulated for report in self.reports)

    @property
    def per_month(self) -> dict[str, int]:
        """Incidents by month, in order: as the newest review counts them, else the incidents that have a report."""
        counted: dict[str, int] = {}
        for report in reversed(self.months):
            counted |= report.counts
        if not counted:
            for report in self.incidents:
                counted[report.month] = counted.get(report.month, 0) + 1
        return {month: counted[month] for month in sorted(counted) if _moment(f"{month}-01")}


def read(output: Path) -> list[DatasetReports]:
    """The datasets of a folder: those of real data before simulated, then by name."""
    return sorted(_datasets(output), key=lambda dataset: (dataset.simulated, dataset.name.lower(), dataset.folder))


def check_owners(output: Path, datasets: Iterable[tuple[str, str]]) -> None:
    """UsageError when a dataset's folder in ``output`` holds reports of another dataset: they would be overwritten.

    ``datasets``: (folder in the output, name of the dataset). A dataset is known by its folder's name and its own name
    in dataset.toml; two that share both are one.
    """
    for folder, name in dict.fromkeys(datasets):
        there = {r.dataset_name for r in _reports_of(output, output / folder) if r.dataset_name}
        others = sorted(there - {_cleaned(name)})
        if name and others:
            raise UsageError(
                f"{output / folder} holds reports of the dataset {others[0]!r}, and {_cleaned(name)!r} would overwrite them. "
                f"Rename one dataset's folder or choose another --output; if it is the same dataset under a new name, remove "
                f"{output / folder} first"
            )


def _cleaned(text: str) -> str:
    return safe_html.clean(text.encode("utf-8", "replace").decode())


def _datasets(output: Path) -> Iterator[DatasetReports]:
    for folder in sorted(path for path in output.glob("*") if path.is_dir() and not path.is_symlink()):
        found = _reports_of(output, folder)
        if found:
            checks = [r for k in OF_DATASETS for r in found if r.kind == k]
            kinds = ("month", "incident", "explore")
            yield DatasetReports(folder.name, checks, *(_newest_first(r for r in found if r.kind == k) for k in kinds))


def _reports_of(output: Path, folder: Path) -> list[ReportEntry]:
    months = {p.parent / "index" for ending in (".json", ERROR) for p in folder.glob(f"*/index{ending}")}
    named = {
        with_ending(p, "", ending)
        for within in (INCIDENTS, EXPLORE)
        for ending in (".json", ERROR)
        for p in (folder / within).glob(f"*{ending}")
    }
    checks = {
        folder / name for name in OF_DATASETS.values() for e in (".json", ERROR) if (folder / f"{name}{e}").is_file()
    }
    reviews = {base for base in months if base.parent.name not in (INCIDENTS, EXPLORE)}
    return [_report(output, base) for base in sorted(reviews | named | checks)]


def with_ending(path: Path, ending: str, old: str = "") -> Path:
    """``path`` with another ending; not ``with_suffix``, as an id such as ``inc-1.2`` has a dot of its own."""
    return path.with_name(path.name.removesuffix(old) + ending)


def _newest_first(reports: Iterable[ReportEntry]) -> list[ReportEntry]:
    return sorted(reports, key=lambda report: (report.order, report.href, report.error_href), reverse=True)


def _report(output: Path, base: Path) -> ReportEntry:
    kind = _kind(base.relative_to(output))
    is_month = kind == "month"
    name = base.parent.name if is_month else base.name
    content = _content(with_ending(base, ".json"))
    is_readable = isinstance(content.get("report"), dict)
    head = content["report"] if is_readable else {}
    text = {key: _cleaned(value) for key, value in head.items() if isinstance(value, str)}
    order = name if is_month else text.get("started_at", "")
    services = head.get("services")
    return ReportEntry(
        base=base.relative_to(output),
        kind=kind,
        identifier=text.get("identifier") or name,
        title=text.get("title") or name,
        href=_address(output, with_ending(base, ".html")),
        error_href=_address(output, with_ending(base, ERROR)),
        order=order,
        month=name if is_month else text.get("month") or order[:7],
        note=text.get("summary", ""),
        severity=text.get("severity", ""),
        services=tuple(_cleaned(s) for s in services if isinstance(s, str)) if isinstance(services, list) else (),
        updated=_moment(text.get("updated_at", "")) or _moment(f"{name}-01" if is_month else order) or _BEGINNING,
        dataset_name=text.get("dataset_name", ""),
        audience=audience if (audience := text.get("audience", "")) in AUDIENCES else AUDIENCES[-1],
        simulated=head.get("simulated") is True,
        unreadable=not is_readable and with_ending(base, ".json").is_file(),
        counts=_counts(content) if is_month else {},
    )


def _kind(base: Path) -> str:
    """The kind of a report by its path in the folder."""
    if len(base.parts) == 2:
        return next((kind for kind, name in OF_DATASETS.items() if name == base.name), "check")
    return {INCIDENTS: "incident", EXPLORE: "explore"}.get(base.parts[1], "month")


def _address(output: Path, path: Path) -> str:
    return quote(path.relative_to(output).as_posix()) if path.is_file() else ""


def _content(path: Path) -> dict[str, Any]:
    """The content of a report's JSON; nothing when it cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _counts(content: dict[str, object]) -> dict[str, int]:
    rows = content.get("counts")
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    counted = {row.get("month"): row.get("incidents") for row in rows}
    return {
        str(month): min(max(int(number), 0), 1_000_000)
        for month, number in counted.items()
        if isinstance(month, str) and isinstance(number, int) and _moment(f"{month}-01")
    }


def _moment(text: str) -> datetime | None:
    """A moment in UTC of an ISO 8601 text; None for any other text."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def month_words(month: str) -> str:
    """``2023-03`` → ``March 2023``; any other text as it is."""
    return month_name(month) if _moment(f"{month}-01") else month
