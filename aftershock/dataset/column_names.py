"""Which column of a file is which canonical column."""

from __future__ import annotations

from aftershock.dataset.settings import Log
from aftershock.dataset.shipped import FILE
from aftershock.schema.errors import InputError, Problem, nearest
from aftershock.schema.tables import Schema
from aftershock.sources import RawTable


def resolve_columns(raw: RawTable, log: Log, schema: Schema) -> dict[str, str]:
    """canonical name → the file's column: as mapped in dataset.toml, else the column of the same name that is not mapped."""
    there = list(raw.frame.columns)
    if raw.origins is not None:
        return {c: c for c in there if c in schema.accepted}
    file = raw.files.iloc[0] if len(raw.files) else log.path
    missing = [(c, n) for c, n in log.columns.items() if n not in there]
    if missing and there:
        raise InputError.of(
            *[
                Problem(
                    file,
                    1,
                    None,
                    f"no column {name!r}",
                    f"the column that {FILE} maps {canonical} to" + nearest(name, there),
                    f"The file has {', '.join(there)}.",
                    "unknown_value",
                )
                for canonical, name in missing
            ]
        )
    free = [n for n in there if n not in log.columns.values()]
    same = {c: n for n in free for c in schema.accepted if n.strip().lower() == c}
    named = {**same, **log.columns}
    made = {schema.id} if log.id_from else set()
    absent = [c.name for c in schema.columns if c.required and c.name not in {*named, *made}]
    if absent and there:
        raise InputError.of(
            *[
                Problem(
                    file,
                    1,
                    None,
                    f"no column {name!r}",
                    f"a column for {name}{nearest(name, there)}",
                    f'Map it in {FILE}: columns = {{ {name} = "…" }}. The file has {", ".join(there)}.',
                    "unknown_value",
                )
                for name in absent
            ]
        )
    return named
