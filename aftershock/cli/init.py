"""``aftershock init``: a dataset.toml from the exports as they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from aftershock.dataset.dataset import Dataset
    from aftershock.wizard.create import NewDataset
    from aftershock.wizard.draft import Section

Timezone = Annotated[
    str,
    typer.Option(
        "--timezone",
        help="Zone of the people, and of stamps that name none, such as Europe/Berlin.",
        show_default="guessed",
    ),
]
FIRST_ROWS = 5  # of one reason, where changes alone are refused
MOST_COPIED = 6  # files that are named one by one


def init(
    folder: Annotated[
        Path, typer.Argument(help="The dataset's folder; made when it is not there.", show_default=False)
    ],
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILES…",
            help="Exports: files, folders of pages, a git repository for changes; default those in the folder.",
            show_default=False,
        ),
    ] = None,
    timezone: Timezone = "",
) -> None:
    """Write a dataset.toml for exports as they are, and show what was guessed and how sure each guess is.

    Which file holds incidents, changes or the service graph, its format, columns, times and words are read from the files.
    Files elsewhere are copied into the folder, a repository stays where it is; nothing is overwritten.
    """
    from aftershock.dataset.zone_words import check_zone
    from aftershock.output.terminal import say
    from aftershock.schema.errors import InputError, UsageError
    from aftershock.wizard.create import NoIncidentsError, create_dataset

    if timezone:
        try:
            check_zone(timezone)
        except ValueError as error:
            raise UsageError(f"--timezone {timezone!r}: expected {error}") from error
    try:
        say(*_lines(folder, create_dataset(folder, files or [], zone=timezone)))
    except NoIncidentsError as alone:
        raise InputError("\n".join([str(alone), *_alone(alone.read)])) from None


def _copied(folder: Path, names: list[str]) -> list[str]:
    if len(names) > MOST_COPIED:
        return [f"Copied {len(names):,} files into {folder}, {names[0]} to {names[-1]}"]
    return [f"Copied {name} into {folder}" for name in names]


def _lines(folder: Path, created: NewDataset) -> list[str]:
    """What was guessed, as a table; what is missing and what it costs; what to do next."""
    from aftershock.output.phrases import plural
    from aftershock.wizard.draft import NO_CHANGES, NO_GRAPH

    dataset, draft = created.dataset, created.draft
    lines = [f"Wrote {folder / 'dataset.toml'}", *_copied(folder, created.copied), ""]
    lines += _sections(created)
    if "dependencies" not in draft.sections:
        lines += [
            f"[services] {NO_GRAPH}",
            "  give a Backstage catalog, traces of Jaeger, or a table of service and depends_on",
            "",
        ]
    if "changes" not in draft.sections:
        lines += [f"[changes] {NO_CHANGES}", "  give deployments, merges, a git repository", ""]
    lines += [_zone(created), ""]
    lines += [f"Left out: {name}: {why}." for name, why in created.left_by_reason]
    return [
        *lines,
        *_asked(created),
        f"Read: {plural(len(dataset.incidents), 'incident')} and {plural(len(dataset.changes), 'change')}; "
        f"{plural(len(dataset.rejected), 'row')} could not be used. {_covered(dataset)}",
        "",
        "Next:",
        f"  aftershock check {folder}             # what was read, what is wrong with it, and how far that matters",
        f"  aftershock suspects {folder} --top 3  # which changes probably set each incident off",
        f"  aftershock report month {folder}      # the last month and its incidents, as HTML",
    ]


def _sections(created: NewDataset) -> list[str]:
    return [
        line
        for section in created.draft.in_order
        for line in [*_section(section), *created.as_read(section), *(f"  ? {one}" for one in section.questions), ""]
    ]


def _asked(created: NewDataset) -> list[str]:
    """How many questions stand among the lines above, which are easily read over."""
    from aftershock.output.phrases import plural, verb

    asked = sum(len(section.questions) for section in created.draft.in_order)
    said = (
        f"{plural(asked, 'question')} above {verb(asked, 'begins', 'begin')} with ?: the answers go into dataset.toml."
    )
    return [said, ""] if asked else []


def _zone(created: NewDataset) -> str:
    return f"timezone   {created.draft.timezone}: {created.draft.zone_said}"


def _alone(created: NewDataset) -> list[str]:
    """What was made of changes without incidents, as ``check`` would say it of a dataset, and what makes one of them."""
    from aftershock.cli.account import listed_problems, records
    from aftershock.output.phrases import listed
    from aftershock.wizard.inputs import GENERIC

    sections = created.draft.of_table("changes")
    named = listed([section.path for section in sections])
    own = [section.path for section in sections if section.format in GENERIC]
    other = f"; if {' or '.join(own)} holds them, call its id incident_id" * bool(own)
    return [
        "Without incidents there is nothing that changes could have set off, and nothing was written. They would be read so:",
        "",
        *_sections(created),
        _zone(created),
        "",
        *_asked(created),
        *records(created.dataset, ("changes",)),
        *listed_problems(created.dataset, most=FIRST_ROWS),
        "",
        f"Next: run init again with an export of the incidents of the same months next to {named}{other}.",
    ]


def _covered(dataset: Dataset) -> str:
    from aftershock.output.phrases import clock

    if dataset.changes.empty:
        return "Without changes there is nothing to attribute."
    if not dataset.overlapping:
        return "The two logs share no time: nothing can be attributed. Export both for the same months."
    first, last = (clock(t, dataset.timezone) for t in dataset.observed)
    return f"Both logs cover {first} to {last}."


def _section(section: Section) -> list[str]:
    """What is known of one log: each guess with how sure it is and why, then what is missing."""
    from aftershock.output.text_table import text_table
    from aftershock.wizard.draft import SECTIONS

    sheet = "".join(f", sheet {line.value}" for line in section.lines if line.key == "sheet")
    lines = [f"[{SECTIONS[section.table]}] {section.path}{sheet}, format {section.format}"]
    rows = [(g.what, _shown(g.value), f"{g.word}{': ' if g.why else ''}{g.why}") for g in section.guesses]
    lines += text_table(rows, indent="  ")
    return lines + [f"  no {m.column}: {m.cost}" for m in section.missing]


def _shown(value: str) -> str:
    value = repr(value) if value.strip() != value or not value.isprintable() else value
    return value if len(value) <= 40 else value[:39] + "…"
