"""Copies a folder of reports to where it will be read: what changed, whole files only, nothing that is not meant for there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from aftershock.dataset.audience import AUDIENCES, check_audience
from aftershock.output import files
from aftershock.output.phrases import listed
from aftershock.rendering.site import catalogue, feed, navigation
from aftershock.rendering.site.catalogue import ERROR, ReportEntry, with_ending
from aftershock.rendering.site.index import write_site
from aftershock.schema.errors import AftershockError, UsageError

ENDINGS = (".html", ".json")


@dataclass(frozen=True)
class Published:
    """Reports by their path in the folder, without ending: ``copied``, ``removed``, and ``left_out``, as they failed or
    cannot be read. ``same``: how many were there already. ``index``: the way in."""

    copied: list[Path]
    same: int
    removed: list[Path]
    left_out: list[Path]
    index: Path


def publish(
    source: Path, target: Path, *, audience: str = "internal", prune: bool = False, base_url: str = ""
) -> Published:
    """Copies the reports of ``source`` whose content differs from what ``target`` holds, and writes index, feed and links
    there over everything that it holds then.

    ``audience``: who can read the target; a report for fewer people than these stops all before anything is copied.
    ``prune``: also remove reports that the source does not have, of datasets that it has. Pages of failures, and files
    that are not reports, are never copied, and nothing but such reports is ever removed.
    """
    check_audience(audience)
    base_url = feed.checked_base(base_url) if base_url else ""
    _check_folders(source, target)
    found = [report for dataset in catalogue.read(source) for report in dataset.reports]
    whole = [r for r in found if r.href and not r.unreadable]
    if not whole:
        raise UsageError(f"no reports in {source}: render some first, or name their folder with --from")
    _check_audience(whole, audience)
    catalogue.check_owners(target, [(r.folder, r.dataset_name) for r in whole])
    try:
        copied = [report.base for report in whole if _copy(report, source, target)]
        removed = _prune(target, {report.base for report in found}) if prune else []
        index = write_site(target, base_url=base_url)
    except OSError as error:
        raise AftershockError(
            f"cannot write {error.filename or target}: {error.strerror}. What is there is whole."
        ) from error
    left_out = [r.base for r in found if r not in whole]
    return Published(copied, len(whole) - len(copied), removed, left_out, index)


def _check_folders(source: Path, target: Path) -> None:
    if not source.is_dir():
        raise UsageError(f"no folder {source}: render reports first, or name their folder with --from")
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file; expected a folder to publish into")
    one, other = source.resolve(), target.resolve()
    if one == other or one.is_relative_to(other) or other.is_relative_to(one):
        raise UsageError(f"{source} and {target} lie in each other; publish into a folder elsewhere")


def _check_audience(reports: list[ReportEntry], audience: str) -> None:
    closed = [r for r in reports if not r.is_fit_for(audience)]
    if closed:
        some = listed([f"{r.base} ({r.audience})" for r in closed], most=5)
        fewest = max((r.audience for r in closed), key=AUDIENCES.index)
        raise UsageError(
            f"not for {audience} readers: {some}. Render with --audience {audience}, or say with --audience "
            f"{fewest} that the readers of the folder may see this. Nothing was copied"
        )


def _copy(report: ReportEntry, source: Path, target: Path) -> bool:
    """Copies page and numbers of a report together, when one of them has another content; True when it did."""
    pairs = {
        files.inside(target, with_ending(report.base, ending)): (source / with_ending(report.base, ending)).read_bytes()
        for ending in ENDINGS
    }
    if all(path.is_file() and _digest(path.read_bytes()) == _digest(new) for path, new in pairs.items()):
        return False
    files.write_together(pairs)
    return True


def _digest(content: bytes) -> str:
    """Of the content less the links to neighbours, which differ from folder to folder."""
    return hashlib.sha256(navigation.without_links_and_time(content)).hexdigest()


def _prune(target: Path, kept: set[Path]) -> list[Path]:
    """Removes reports that are not to be kept, of datasets of which some are; what cannot be recognised as a report stays."""
    datasets = {base.parts[0] for base in kept}
    there = [r for s in catalogue.read(target) if s.folder in datasets for r in s.reports]
    gone = [r for r in there if r.base not in kept and r.href and not r.unreadable]
    for report in gone:
        for ending in (*ENDINGS, ERROR):
            files.inside(target, with_ending(report.base, ending)).unlink(missing_ok=True)
        for folder in list((target / report.base).parents)[: len(report.base.parts) - 1]:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
    return [report.base for report in gone]
