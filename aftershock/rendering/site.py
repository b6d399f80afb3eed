"""The index over all reports in a folder, made from the JSON files that the batch wrote beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from aftershock import blocks
from aftershock.rendering import files, names, pages

INCIDENTS = "incidents"
_ERROR = ".error.html"


@dataclass(frozen=True)
class Report:
    """A line of the index. ``href`` and ``error_href``: relative addresses, empty where there is no such page.

    ``order``: the month, or when the incident started in ISO 8601 (UTC); an unknown time comes last.
    """

    title: str
    href: str
    error_href: str
    order: str
    note: str = ""
    severity: str = ""
    dataset_name: str = ""
    simulated: bool = False
    unreadable: bool = False


@dataclass(frozen=True)
class Shelf:
    """A dataset's reports, the newest first."""

    id: str
    name: str
    simulated: bool
    checks: list[Report]
    months: list[Report]
    incidents: list[Report]


def write_index(output: Path, *, title: str = "Reports", generator: str = "Made with Aftershock") -> Path:
    """Writes ``index.html`` over all reports in ``output`` and returns its path.

    A report whose JSON cannot be read is listed as unreadable, one whose latest run failed is marked.
    """
    shelves = sorted(_shelves(output), key=lambda shelf: (shelf.simulated, shelf.name.lower(), shelf.id))
    months = sum(len(shelf.months) for shelf in shelves)
    incidents = sum(len(shelf.incidents) for shelf in shelves)
    subtitle = f"{_count(months, 'monthly review')} and {_count(incidents, 'incident report')}" if shelves else ""
    values = {
        "shell": pages.shell(blocks.clean(title)),
        "subtitle": subtitle,
        "datasets": shelves,
        "generator": blocks.clean(generator),
    }
    path = files.inside(output, Path("index.html"))
    files.write(path, pages.render("site.html.j2", values))
    return path


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _shelves(output: Path) -> Iterator[Shelf]:
    for folder in sorted(path for path in output.glob("*") if path.is_dir()):
        months = _newest_first(
            _report(output, sub / "index")
            for sub in folder.glob("*")
            if sub.name != INCIDENTS and _is_report(sub / "index")
        )
        incidents = _newest_first(_report(output, base) for base in _incident_bases(folder / INCIDENTS))
        bases = [folder / name for name in (names.CHECK, names.QUALITY)]
        checks = [_report(output, base) for base in bases if _is_report(base)]
        if months or incidents or checks:
            told = [report for report in [*months, *incidents, *checks] if report.dataset_name]
            name = told[0].dataset_name if told else folder.name
            is_simulated = any(report.simulated for report in told)
            yield Shelf(f"dataset-{names.file_name(folder.name)}", name, is_simulated, checks, months, incidents)


def _incident_bases(folder: Path) -> set[Path]:
    """The paths, without suffix, of all incident reports of a dataset, whole or failed."""
    pages_and_numbers = {path.with_suffix("") for path in folder.glob("*.json")}
    return pages_and_numbers | {path.with_name(path.name.removesuffix(_ERROR)) for path in folder.glob(f"*{_ERROR}")}


def _is_report(base: Path) -> bool:
    return _with(base, ".json").is_file() or _with(base, _ERROR).is_file()


def _with(base: Path, ending: str) -> Path:
    # Not with_suffix: an id such as "inc-1.2" has a dot of its own.
    return base.with_name(base.name + ending)


def _newest_first(reports: Iterable[Report]) -> list[Report]:
    return sorted(reports, key=lambda report: (report.order, report.href, report.error_href), reverse=True)


def _report(output: Path, base: Path) -> Report:
    name = base.parent.name if base.name == "index" and base.parent.name != INCIDENTS else base.name
    numbers = _with(base, ".json")
    found = _told(numbers)
    text = {key: blocks.clean(value) for key, value in (found or {}).items() if isinstance(value, str)}
    return Report(
        title=text.get("title") or name,
        href=_address(output, _with(base, ".html")),
        error_href=_address(output, _with(base, _ERROR)),
        order=text.get("started_at", "") if base.parent.name == INCIDENTS else name,
        note=text.get("summary", ""),
        severity=text.get("severity", ""),
        dataset_name=text.get("dataset_name", ""),
        simulated=(found or {}).get("simulated") is True,
        unreadable=found is None and numbers.is_file(),
    )


def _address(output: Path, path: Path) -> str:
    return quote(path.relative_to(output).as_posix()) if path.is_file() else ""


def _told(path: Path) -> dict[str, object] | None:
    """What a report's JSON says about the report; None when it cannot be read or says nothing."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    report = content.get("report") if isinstance(content, dict) else None
    return report if isinstance(report, dict) else None
