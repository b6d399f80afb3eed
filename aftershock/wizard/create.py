"""A folder of a dataset from the files a user names: copy what is elsewhere, draft, try, settle the zones, write."""

from __future__ import annotations

import contextlib
import filecmp
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from aftershock.dataset.dataset import Dataset
from aftershock.dataset.loading import load
from aftershock.dataset.shipped import FILE
from aftershock.output import files
from aftershock.output.phrases import listed
from aftershock.quality import clocks
from aftershock.quality.finding import signed
from aftershock.quality.utc_offsets import ZONES
from aftershock.schema import input_files
from aftershock.schema.errors import AftershockError, InputError, UsageError
from aftershock.wizard import as_read, inputs, table_names, time_formats
from aftershock.wizard.draft import SECTIONS, Draft, Section, section_of
from aftershock.wizard.guess import Guess
from aftershock.wizard.interpretation import Input, Interpretation
from aftershock.wizard.toml_text import quoted

NAIVE = 0.9  # a log in which a smaller share of timestamps states an offset is written in a zone that it does not name
MOST_LEFT = 8  # inputs that are named of those left out for one reason: what one takes in at a glance
_BY_NAMES = re.compile(
    r"no column of it is (?!.*holds a time)|could be (?:incident|change)_id|\bcall "
)  # reasons that names mend
NOT_LOOKED_AT = "folders beside the files are not looked into; if it is a log, name it to init with the files"
_NONE = ".no-incidents.csv"  # stands for the log of incidents while changes alone are read


@dataclass(frozen=True)
class NewDataset:
    """A dataset that was written: as it is read now, its draft, the files copied, and inputs left out (name, why).
    ``read``: what each section was made of, table by table."""

    dataset: Dataset
    draft: Draft
    copied: list[str]
    left: list[tuple[str, str]]
    read: dict[str, list[Interpretation]]

    @property
    def left_by_reason(self) -> list[tuple[str, str]]:
        """Inputs left out, those with the same reason together."""
        return _by_reason(self.left)

    def as_read(self, section: Section) -> list[str]:
        """What was made of the values of a log, as lines."""
        sections = self.draft.of_table(section.table)
        number = sections.index(section)
        chosen = self.read[section.table][number]
        return as_read.lines(self.dataset, section, chosen, number, len(sections) > 1)


class NoIncidentsError(InputError):
    """Changes alone, without incidents that they could have set off: nothing is written. ``read``: what was made of them."""

    def __init__(self, read: NewDataset):
        reasons = [f"{name}: {why}." for name, why in _by_reason(read.left)]
        super().__init__("\n".join(["no file could be made out as the log of incidents.", *reasons]))
        self.read = read


def create_dataset(folder: Path, given: list[Path], *, zone: str = "") -> NewDataset:
    """Write ``folder/dataset.toml``. ``zone``: where people work and what stamps without an offset are read in; guessed
    where it can be. Nothing that exists is overwritten; when it fails, nothing is left behind.

    Without files those of the folder are taken. UsageError when there is a dataset.toml already, a path does not exist or
    a copy would overwrite something; InputError when no incident log and change log can be made out, NoIncidentsError when
    only a change log can.
    """
    if (folder / FILE).exists():
        raise UsageError(f"{folder / FILE} exists and is not overwritten: remove it, or name another folder")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; name a folder")
    if not given and not folder.is_dir():
        raise UsageError(f"no folder {str(folder)!r}; name the files of your logs behind it")
    chosen, left = _assigned(given or [folder], zone or "UTC")
    _check_found(chosen, left, [path for path in given or [folder] if path.is_dir()])
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _written(folder, chosen, [(one.display_name, why) for one, why in left], zone)
    except BaseException as error:
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError):
            raise AftershockError(f"cannot write into {folder}: {error.strerror}.") from error
        raise


def _assigned(paths: list[Path], zone: str) -> tuple[dict[str, list[Interpretation]], list[tuple[Input, str]]]:
    """What the logs are read from, and what is left over. Folders beside the files of a folder are looked into where these
    lack the log of incidents or that of changes, else they are said to be left over."""
    chosen, left = inputs.assigned(inputs.gathered(paths), zone)
    gathered = [one for several in chosen.values() for one in several] if chosen else []
    known = {path for one in gathered for path in one.input.paths} | {path for one, _ in left for path in one.paths}
    inside = [p for path in paths if path.is_dir() and not (path / ".git").exists() for p in inputs.beside(path)]
    inside = [p for p in inside if not any(path.is_relative_to(p) for path in known)]
    if not inside:
        return chosen, left
    if {"incidents", "changes"} - chosen.keys():
        more, rest = inputs.assigned(inputs.gathered([*paths, *inside]), zone)
        if more.keys() > chosen.keys():
            return more, rest
        return chosen, left + [one for one in rest if one[0].given in inside]
    return chosen, left + [(Input((p,), p), NOT_LOOKED_AT) for p in inside]


def _check_found(chosen: dict[str, list[Interpretation]], left: list[tuple[Input, str]], folders: list[Path]) -> None:
    if "incidents" in chosen and ("changes" in chosen or not any(_may_be_changes(one) for one, _ in left)):
        return
    if "changes" in chosen and "incidents" not in chosen:
        return  # what they hold is shown
    lacking = [SECTIONS[table] for table in ("incidents", "changes") if table not in chosen]
    found = [f"{one.input.name} holds the {SECTIONS[table]}." for table, several in chosen.items() for one in several]
    reasons = _by_reason([(one.name, why) for one, why in left])
    needed = "An incident needs an id and a start, a change an id and a time"
    by_names = any(_BY_NAMES.search(why) for _, why in reasons)
    how = (
        ". Name the columns so, or write dataset.toml by hand: docs/datasets.md shows how."
        if by_names
        else ": docs/datasets.md."
    )
    inside = [f"{path.name}/{deep}" for path in folders if not chosen and (deep := inputs.deeper(path))]
    found += [f"Folders inside a folder are not looked at, such as {listed(inside, 1)}: name them."] * bool(inside)
    none = f"no file could be made out as the log of {' or '.join(lacking)}."
    raise InputError("\n".join([none, *found, *(f"{name}: {why}." for name, why in reasons), needed + how]))


def _by_reason(left: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """(names, why) of inputs that are left out, those with the same reason together."""
    names: dict[str, list[str]] = {}
    for name, why in left:
        names.setdefault(why, []).append(name)
    return [(listed(several, MOST_LEFT), why) for why, several in names.items()]


def _may_be_changes(one: Input) -> bool:
    """Whether somebody who gave a file means it to be the log of changes: one named so, or by itself."""
    return one.is_named or table_names.is_called(one.called, "changes")


@dataclass(frozen=True)
class _Location:
    """Where an input is in the dataset: the path written, and files to copy (source, path inside the folder)."""

    path: str
    copies: tuple[tuple[Path, str], ...] = ()


def _written(
    folder: Path, chosen: dict[str, list[Interpretation]], left: list[tuple[str, str]], zone: str
) -> NewDataset:
    located: dict[Input, _Location] = {}  # an export that holds two logs is copied once
    for table in inputs.TABLES:
        for number, one in enumerate(chosen.get(table, ())):
            if one.input not in located:
                taken = {place.path for place in located.values()}
                located[one.input] = _place(folder, table, one.input, number, taken)
    placed = {table: [(one, located[one.input]) for one in several] for table, several in chosen.items()}
    places = list(located.values())
    sections = {
        table: [section_of(one, place.path, len(several)) for one, place in several]
        for table, several in placed.items()
    }
    draft = Draft(
        input_files.resolved(folder).name,
        zone or "UTC",
        {table: several[0] for table, several in sections.items()},
        more=tuple(section for several in sections.values() for section in several[1:]),
    )
    with _trial(folder, places) as trial:
        first, draft = draft, _settled(trial, draft, zone)
        if "incidents" not in sections:
            raise NoIncidentsError(NewDataset(_load(trial, draft), draft, [], left, chosen))
        if replace(draft, zone_said=first.zone_said) != first:  # else it was tried already
            _load(trial, draft)
    copied: list[str] = []
    try:
        for place in places:
            _copy(folder, place, copied)
        _write_new(folder / FILE, draft.as_toml())
    except BaseException:
        for name in copied:
            _removed(folder, name)
        raise
    return NewDataset(load(folder), draft, copied, left, chosen)


def _removed(folder: Path, name: str) -> None:
    """Take back a copy, and the folder made for it."""
    with contextlib.suppress(OSError):
        (folder / name).unlink()
        if (folder / name).parent != folder:
            (folder / name).parent.rmdir()


def _place(folder: Path, table: str, one: Input, number: int, taken: set[str]) -> _Location:
    """Inside the folder as it is; outside, to be copied in under the same name, pages into a folder of their own for each
    log of a table, whose ``number`` counts from 0, as is a folder whose name is ``taken`` by another log."""
    section = f"{SECTIONS[table]}-{number + 1}" if number else SECTIONS[table]
    root = input_files.resolved(folder)
    if one.repository:
        return _Location(os.path.relpath(input_files.resolved(one.given), root))
    if one.is_folder:
        if input_files.resolved(one.given).is_relative_to(root):
            return _Location(input_files.resolved(one.given).relative_to(root).as_posix())
        free = (name for name in (one.given.name, section, f"{one.given.name}-{section}") if name not in taken)
        name = next(free, one.given.name)
        return _Location(name, tuple((p, f"{name}/{p.name}") for p in one.paths))
    if len(one.paths) == 1:
        path = input_files.resolved(one.paths[0])
        if path.is_relative_to(root):
            return _Location(path.relative_to(root).as_posix())
        return _Location(path.name, ((path, path.name),))
    return _Location(section, tuple((p, f"{section}/{p.name}") for p in one.paths))


@contextlib.contextmanager
def _trial(folder: Path, places: list[_Location]) -> Iterator[Path]:
    """A folder inside the dataset's with all its files to be, to try the draft on."""
    with tempfile.TemporaryDirectory(prefix=".init-", dir=folder) as name:
        trial = Path(name)
        for place in places:
            for source, target in place.copies:
                files.link(source, trial / target)
            inside = folder / place.path
            if not place.copies and inside.is_file():
                files.link(inside, trial / place.path)
            elif not place.copies and inside.is_dir() and not (inside / ".git").exists():
                for page in (p for p in inside.iterdir() if p.is_file()):
                    files.link(page, trial / place.path / page.name)
        yield trial


def _load(trial: Path, draft: Draft) -> Dataset:
    """The dataset that the draft gives. A repository's path is seen from one folder further down."""
    text = draft.as_toml()
    for section in draft.in_order:
        if section.format == "git":
            text = text.replace(f"repository = {quoted(section.path)}", f"repository = {quoted(f'../{section.path}')}")
    if "incidents" not in draft.sections:
        (trial / _NONE).write_text("incident_id,started_at\n", encoding="utf-8")
        text += f"[incidents]\npath = {quoted(_NONE)}\n"
    (trial / FILE).write_text(text, encoding="utf-8")
    try:
        return load(trial)
    except InputError as error:
        raise InputError(f"the files cannot be read as they were guessed:\n{error}", error.problems) from error


def _settled(trial: Path, draft: Draft, zone: str) -> Draft:
    """The draft with zones for the logs whose stamps name none."""
    naive: list[str] = [
        t for t in ("incidents", "changes") if t in draft.sections and draft.sections[t].offsets < NAIVE
    ]
    dataset = _load(trial, draft)
    if zone:
        return replace(draft, zone_said="as given by --timezone")
    if not naive:
        return replace(
            draft, zone_said=f"for months, hours and display; the stamps state their own offsets{_home(dataset)}"
        )
    found = clocks.seasons(dataset)
    if found is None:
        return replace(draft, zone_said=_unproved(dataset, naive))
    return _with_shift(draft, dataset, naive, found[0])


def _with_shift(draft: Draft, dataset: Dataset, naive: list[str], found: clocks.Shift) -> Draft:
    """Give the log whose stamps name no zone the zone in which it agrees with the other, and people that zone too where
    only one log is in doubt."""
    table = "changes" if naive == ["changes"] else "incidents"
    zone, _ = clocks.likeliest_zone(dataset, found, of=table)
    if not zone:
        said = f"NOT KNOWN: read as UTC, the logs seem {signed(found.hours)} apart; if they are not in UTC, change this line"
        return replace(draft, zone_said=said)
    alone = len(naive) == 1
    why = (
        f"read as UTC, {found.seen} incidents are {signed(found.hours)} from changes of their own services, by chance "
        f"{found.chance:.0f}"
    )
    guess = Guess(
        f"zone of the {table}", zone, 0.8 if alone else 0.45, why if alone else f"if the changes are in UTC; {why}"
    )
    section = draft.sections[table].with_zone(zone, guess)
    sections = {**draft.sections, table: section}
    if alone:
        return replace(draft, sections=sections, timezone=zone, zone_said=f"likely: the zone of the {table}")
    return replace(draft, sections=sections, zone_said=f"NOT KNOWN: {_in_doubt(naive)}")


def _in_doubt(naive: list[str]) -> str:
    return f"the stamps of the {' and '.join(naive)} name no zone; if they are not in UTC, change this line"


def _unproved(dataset: Dataset, naive: list[str]) -> str:
    """What can be said of a zone when nothing proves it."""
    day = time_formats.working_day(dataset.changes["started_at"], "UTC")
    hours = f"; read so, changes are made from {day[0]}:00 to {(day[0] + 9) % 24}:00" if day else ""
    return f"NOT KNOWN: {_in_doubt(naive)}{hours}"


def _home(dataset: Dataset) -> str:
    """Where people seem to work, as a hint: the zone in which changes begin at nine in winter and in summer."""
    at = dataset.changes["started_at"]
    begins = [
        time_formats.working_day(at[at.dt.month.isin(months)], "UTC") for months in ((11, 12, 1, 2), (5, 6, 7, 8))
    ]
    offsets = [float((9 - day[0] + 12) % 24 - 12) for day in begins if day]
    zone = ZONES.get((offsets[0], offsets[1]), "") if len(offsets) == 2 else ""
    return f"; changes are made as if people worked in a zone like {zone}: if so, write it here" if zone else ""


def _copy(folder: Path, place: _Location, copied: list[str]) -> None:
    """Copy files into the folder, and note each; one that is there already stays when it is the same, and stops
    everything when not."""
    clashes = [t for s, t in place.copies if (folder / t).exists() and not filecmp.cmp(s, folder / t, shallow=False)]
    if clashes:
        raise UsageError(
            f"{folder / clashes[0]} exists and differs from the file of that name that was given; rename one of them"
        )
    for source, target in place.copies:
        if not (folder / target).exists():
            files.copy(source, folder / target)
            copied.append(target)


def _write_new(path: Path, text: str) -> None:
    try:
        files.write_new(path, text)
    except FileExistsError:
        raise UsageError(f"{path} exists and is not overwritten: remove it, or name another folder") from None
    except OSError as error:
        raise AftershockError(f"cannot write {path}: {error.strerror}.") from error
