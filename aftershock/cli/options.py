"""Arguments and options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from aftershock.dataset.shipped import find_folder
from aftershock.schema.errors import UsageError

if TYPE_CHECKING:
    from aftershock.model.priors import Priors

T = TypeVar("T")


def _existing(dataset: str) -> str:
    """The argument as it is; UsageError, before anything slow is imported, when it names no dataset."""
    find_folder(dataset)
    return dataset


Dataset = Annotated[
    str,
    typer.Argument(help="A dataset folder, or the name of one that ships.", show_default=False, callback=_existing),
]


def _part(given: str) -> str:
    """The option as it is; UsageError when it is no part of anything."""
    if given:
        part_of((), given)
    return given


def part_of(planned: Sequence[T], part: str) -> list[T]:
    """The K-th of N parts of what is planned, which together are all of it; by turns, so that each has some of every kind.
    ``part``: K/N; all of it for "". Each machine that plans the same has the same parts."""
    if not part:
        return list(planned)
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", part)
    number, of = map(int, found.groups()) if found else (0, 0)
    if not 1 <= number <= of:
        raise UsageError(f"--part is {part!r}; expected K/N with K from 1 to N, as 2/4 for the second of four")
    return list(planned[number - 1 :: of])


Output = Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Reports at a time; default two more than there are cores.")]
Part = Annotated[
    str,
    typer.Option(
        metavar="K/N",
        callback=_part,
        help="Only the K-th of N parts, for N machines; see docs/automation.md.",
        show_default=False,
    ),
]
Executor = Annotated[
    str,
    typer.Option(
        metavar="dask://HOST:PORT",
        help="Render on the workers of a dask.distributed cluster; see docs/automation.md.",
        show_default=False,
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Also render reports that are up to date.")]
Audience = Annotated[
    str, typer.Option(help="For whom: public, internal or private; docs/reports.md says what each hides.")
]
RunLog = Annotated[
    Path | None,
    typer.Option("--log", help="File to which the run is added, in lines of JSON: a line a report, then the run."),
]
Summary = Annotated[
    Path | None, typer.Option(help="File for what the reports say first, in Markdown: to be sent to a chat.")
]
Picture = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="File for the month, or the incident's hour, as one picture: .svg, or .png with an installed Chromium.",
    ),
]
PriorsFile = Annotated[
    str,
    typer.Option(
        "--priors",
        help="File of priors as scripts/priors makes it; none for the judgements alone.",
        show_default="as shipped",
    ),
]


def priors_of(given: str) -> Priors | None:
    """The priors that ``--priors`` names; None for those that ship."""
    from aftershock.model import priors

    if not given:
        return None
    return priors.judged() if given == "none" else priors.read(Path(given))
