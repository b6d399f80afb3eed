"""The links above a report: to the index, to the month of an incident, to the report before and the one behind.

They are plain HTML between two marks, brought up to date in every page of the folder after each run, without rendering
anything again. A script that looked its neighbours up would have to load a file next to the page: browsers refuse that
for pages opened from disk, a page that was mailed has nothing next to it, and the page's policy would have to let in what
it now keeps out. Links fixed when a page is rendered are wrong as soon as a month is added. Text of a log cannot bring a
mark along, as its ``<`` is escaped; pages without the marks, of older versions, are left as they are.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from aftershock.output import files
from aftershock.rendering import page_shell
from aftershock.rendering.page_shell import Link
from aftershock.rendering.site.catalogue import DatasetReports, ReportEntry, month_words, with_ending

_STRIP = re.compile(rb"<!--links-->.*?<!--/links-->", re.DOTALL)
_TIME = re.compile(rb"<!--rendered-->.*?<!--/rendered-->", re.DOTALL)
LONGEST = 40  # characters of a neighbour's name, so that the links stay on one line
CHECKS = {"check": "How far to trust it", "quality": "What is wrong with the logs", "systemic": "More than bad luck?"}


def strip(links: list[Link]) -> str:
    """The links as HTML with its marks."""
    return page_shell.render("links.html.j2", {"links": links}).strip()


def without_links_and_time(page: bytes) -> bytes:
    """A page without its links and the time of its rendering: what of it says something."""
    return _TIME.sub(b"", _STRIP.sub(b"", page, count=1), count=1)


def bring_up_to_date(output: Path, datasets: list[DatasetReports]) -> int:
    """Gives every page in the folder the links that are right now; returns how many pages were written."""
    return sum(_update(output, report, links) for dataset in datasets for report, links in _links(dataset))


def _update(output: Path, report: ReportEntry, links: list[Link]) -> bool:
    path = files.inside(output, with_ending(report.base, ".html"))
    page = path.read_bytes()
    new = strip(links).encode()
    found = _STRIP.search(page)
    if not found or found[0] == new:
        return False
    files.write_whole(path, page[: found.start()] + new + page[found.end() :])
    return True


def _links(dataset: DatasetReports) -> Iterator[tuple[ReportEntry, list[Link]]]:
    """Every report that has a page, with its links: only to reports that its own readers may see."""
    months = {r.month: r for r in dataset.months if r.href}
    for reports in (list(months.values()), [r for r in dataset.incidents if r.href]):
        ordered = sorted(reports, key=lambda r: (r.order, r.href))
        for report in ordered:
            yield report, [*_above(report, months), *_around(report, ordered)]
    for report in (r for r in dataset.choices if r.href):
        yield report, _above(report, months)
    checks = [r for r in dataset.checks if r.href]
    for report in checks:
        others = [r for r in checks if r != report and r.is_fit_for(report.audience)]
        yield report, [*_above(report, months), *(Link(CHECKS[r.kind], _towards(report, r.href)) for r in others)]


def _above(report: ReportEntry, months: Mapping[str, ReportEntry]) -> list[Link]:
    """The index, and the month of an incident."""
    links = [Link("All reports", _towards(report, "index.html"))]
    month = months.get(report.month)
    if report.kind == "incident" and month and month.is_fit_for(report.audience):
        links.append(Link(f"Review of {month_words(report.month)}", _towards(report, month.href)))
    return links


def _around(report: ReportEntry, ordered: list[ReportEntry]) -> list[Link]:
    """The report before and the one behind."""
    open_to = [r for r in ordered if r == report or r.is_fit_for(report.audience)]
    place = open_to.index(report)
    before, behind = open_to[max(place - 1, 0) : place], open_to[place + 1 : place + 2]
    return [*(_neighbour(report, r, "prev") for r in before), *(_neighbour(report, r, "next") for r in behind)]


def _neighbour(report: ReportEntry, other: ReportEntry, rel: str) -> Link:
    name = month_words(other.month) if other.kind == "month" else other.identifier
    short = name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
    text = f"← {short}" if rel == "prev" else f"{short} →"
    said = f"{'Previous' if rel == 'prev' else 'Next'} {other.kind}: {name}"
    return Link(text, _towards(report, other.href), rel, said)


def _towards(report: ReportEntry, href: str) -> str:
    """The address of another page of the folder, seen from a report."""
    return os.path.relpath(href, quote(report.base.parent.as_posix())).replace(os.sep, "/")
