"""Services that two logs call by different names: [aliases] of dataset.toml gives each one name."""

from __future__ import annotations

import pandas as pd

from aftershock.dataset.shipped import FILE
from aftershock.schema import tables
from aftershock.schema.errors import Problem, nearest


def applied(
    aliases: dict[str, str], incidents: pd.DataFrame, changes: pd.DataFrame, dependencies: pd.DataFrame
) -> tuple[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame], pd.DataFrame]:
    """The three tables with aliases replaced, and notes on aliases that stand in none of them and on edges that now lead
    from a service to itself (these are left out)."""
    if not aliases:
        return (incidents, changes, dependencies), tables.problem_frame("", [])
    known = names_in(incidents, changes, dependencies)
    odd = [_unused(name, known) for name in aliases if name not in known]
    renamed = tuple(t.assign(services=_renamed(t["services"], aliases)) for t in (incidents, changes))
    edges = dependencies.assign(
        **{
            end: dependencies[end].map(lambda n: aliases.get(n, n)).astype(tables.TEXT)
            for end in ("service", "depends_on")
        }
    )
    loops = (edges["service"] == edges["depends_on"]) if len(edges) else pd.Series(False, index=edges.index)
    odd += [_loop(row.file, row.line, row.depends_on) for row in dependencies[loops].itertuples()]
    return (*renamed, edges[~loops].reset_index(drop=True)), tables.problem_frame("dependencies", odd)


def _unused(name: str, known: set[str]) -> Problem:
    expected = "a service of a log" + nearest(name, sorted(known))
    return Problem(FILE, None, "aliases", repr(name), expected, "Fix or remove the alias.", "unknown_value")


def _loop(file: str, line: int, depends_on: str) -> Problem:
    remedy = "By its alias the service depends on itself; the row is left out."
    return Problem(file, line, "depends_on", repr(depends_on), "another service", remedy, "self_dependency")


def names_in(incidents: pd.DataFrame, changes: pd.DataFrame, dependencies: pd.DataFrame) -> set[str]:
    """Every name of a service in the logs and the graph."""
    named = {name for table in (incidents, changes) for row in table["services"] for name in row}
    return named | set(dependencies["service"]) | set(dependencies["depends_on"])


def _renamed(services: pd.Series, aliases: dict[str, str]) -> pd.Series:
    """Lists of services under their own names, each once; rows of one list keep sharing one."""
    made: dict[tuple[str, ...], list[str]] = {}

    def own(row: list[str]) -> list[str]:
        key = tuple(row)
        if key not in made:
            made[key] = list(dict.fromkeys(aliases.get(name, name) for name in row))
        return made[key]

    return services.map(own).astype("object")
