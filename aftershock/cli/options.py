"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aftershock.dataset.shipped import find_folder

if TYPE_CHECKING:
    from aftershock.model.priors import Priors


def _existing(dataset: str) -> str:
    """The argument as it is; UsageError, before anything slow is imported, when it names no dataset."""
    find_folder(dataset)
    return dataset


Dataset = Annotated[
    str,
    typer.Argument(help="A dataset folder, or the name of one that ships.", show_default=False, callback=_existing),
]
Output = Annotated[Path, typer.Option("--output", "-o", help="Folder to write into.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Reports at a time; default one more than there are cores.")]
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
