"""Which formats there are: those built in, and those that installed packages add under ``aftershock.formats``.

A package adds a format with an entry point of the format's name that leads to a :class:`Format`, or to several of that
name. It is loaded when a dataset uses it, so a broken one affects nothing else. A built-in format cannot be replaced.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from aftershock.schema.errors import AftershockError, InputError, Problem, UsageError, nearest
from aftershock.sources.format import Format
from aftershock.sources.git import reader
from aftershock.sources.tabular import delimited, json_records, markdown, parquet
from aftershock.sources.vendors import (
    argocd,
    backstage,
    cdevents,
    cdevents_changes,
    cloudformation,
    github_deployments,
    google_cloud,
    incident_io,
    jira,
    kubernetes_events,
    service_graph,
    servicenow,
    servicenow_changes,
    statuspage,
    terraform_runs,
)

DESCRIPTION = ".toml"  # how the name of a format ends that is described in the dataset's folder
DESCRIBED = {path.stem: path for path in sorted(Path(__file__).with_name("vendors").glob("*.toml"))}
GROUP = "aftershock.formats"

CODED: tuple[Format, ...] = (
    delimited.FORMAT,
    reader.FORMAT,
    json_records.FORMAT,
    json_records.LINES,
    json_records.YAML,
    parquet.FORMAT,
    markdown.FORMAT,
    servicenow.FORMAT,
    jira.FORMAT,
    incident_io.FORMAT,
    statuspage.FORMAT,
    google_cloud.FORMAT,
    cdevents.FORMAT,
    servicenow_changes.FORMAT,
    github_deployments.FORMAT,
    argocd.FORMAT,
    kubernetes_events.FORMAT,
    terraform_runs.FORMAT,
    cdevents_changes.FORMAT,
    cloudformation.FORMAT,
    backstage.FORMAT,
    service_graph.FORMAT,
)


@cache
def _described_in(path: Path, name: str) -> tuple[Format, ...]:
    """The formats of a description that is built in, checked when one of them is first asked for."""
    from aftershock.sources.described import loading

    return loading.load(path, name)


def built_in() -> tuple[Format, ...]:
    """Every format that is built in; reads all descriptions."""
    return (*CODED, *(format for name, path in DESCRIBED.items() for format in _described_in(path, name)))


def is_built_in(format: Format) -> bool:
    return format in _built_in_of(format.name)


def _built_in_of(name: str) -> tuple[Format, ...]:
    described = _described_in(DESCRIBED[name], name) if name in DESCRIBED else ()
    return (*(f for f in CODED if f.name == name), *described)


def reads(name: str, table: str) -> bool:
    """Whether there is a format of this name for a table; a plug-in counts for every one."""
    return any(table in f.tables for f in _built_in_of(name)) or name in _plug_ins()


def names(table: str = "") -> list[str]:
    """Names of the formats that can read a table (of all when none is named): built-in ones first, then plug-ins.

    A plug-in is named for every table, since only loading it shows which ones it reads.
    """
    ours = [f.name for f in built_in() if table in f.tables] if table else [*(f.name for f in CODED), *DESCRIBED]
    return list(dict.fromkeys(ours + sorted(_plug_ins())))


def find(name: str, table: str, folder: Path | None = None) -> Format:
    """The format of a name for a table; a name that ends in ``.toml`` is the file of a description in ``folder``.
    UsageError when there is none, AftershockError when its package is broken, InputError when its description is."""
    described = folder is not None and name.endswith(DESCRIPTION)
    formats = _described(name, folder) if described and folder else formats_of(name)
    for format in formats:
        if table in format.tables:
            return format
    known = names(table)
    if formats:
        read = " and ".join(dict.fromkeys(t for f in formats for t in f.tables))
        raise UsageError(f"the format {name!r} reads {read}, not {table}; those that do are {', '.join(known)}")
    raise UsageError(f"unknown format {name!r}; known are {', '.join(known)}{nearest(name, known)}")


def formats_of(name: str) -> tuple[Format, ...]:
    """The formats of a name, one for each export of that name; AftershockError when its package is broken."""
    return _built_in_of(name) or (_load_plug_in(name) if name in _plug_ins() else ())


def _described(name: str, folder: Path) -> tuple[Format, ...]:
    """The formats of a description in a dataset's folder, read anew each time."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        expected, remedy = "a file inside the dataset's folder", "Copy it into the folder."
        raise InputError.of(Problem(name, None, None, "a path out of the folder", expected, remedy, "outside_folder"))
    from aftershock.sources.described import loading

    return loading.load(path, name)


def _load_plug_in(name: str) -> tuple[Format, ...]:
    """The formats that a package adds under a name."""
    point = _plug_ins()[name]
    package = point.dist.name if point.dist else point.value
    try:
        found = point.load()
    except Exception as error:  # what foreign code raises while it is imported cannot be foreseen
        raise AftershockError(
            f"the format {name!r} of the package {package} cannot be loaded: {type(error).__name__}: {error}. "
            "Fix or uninstall the package."
        ) from error
    formats = tuple(found) if isinstance(found, (list, tuple)) else (found,)
    if not formats or not all(isinstance(f, Format) and f.name == name for f in formats):
        raise AftershockError(
            f"the format {name!r} of the package {package} leads to {point.value}, which is not a Format of that name. "
            "Fix or uninstall the package."
        )
    return formats


def _plug_ins() -> dict[str, EntryPoint]:
    ours = {*(f.name for f in CODED), *DESCRIBED}
    return {p.name: p for p in entry_points(group=GROUP) if p.name not in ours}
