"""A simulated company as the files of a dataset folder."""

from __future__ import annotations

import gzip
import io
import shutil
import tempfile
from pathlib import Path

import pandas as pd

from aftershock.schema.errors import UsageError
from aftershock.simulation.company import COMPANY
from aftershock.simulation.simulated import Simulated


def write(simulated: Simulated, folder: Path) -> Path:
    """Write the dataset folder: dataset.toml, incidents.csv, changes.csv.gz, dependencies.csv, truth.csv, postmortems/.

    The same simulation gives the same bytes. The truth lies in a file of its own that dataset.toml does not name. A
    folder with anything in it is never touched; the new one is made next to it and renamed: it is there whole or not at all.
    """
    folder = Path(folder)
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        found = "is a file" if folder.is_file() else "is not empty"
        raise UsageError(
            f"{folder} {found} and will not be overwritten. Name a folder that does not exist yet, or remove it first."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    whole = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in _files(simulated).items():
            target = whole / name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
        whole.chmod(0o755)
        if folder.is_dir():
            folder.rmdir()
        whole.rename(folder)
    finally:
        shutil.rmtree(whole, ignore_errors=True)
    return folder


def _files(simulated: Simulated) -> dict[str, bytes]:
    texts = {
        "dataset.toml": _dataset_toml(simulated),
        "incidents.csv": _csv(simulated.incidents),
        "dependencies.csv": _csv(simulated.dependencies),
        "truth.csv": _csv(simulated.truth),
        **{f"postmortems/{name}.md": text for name, text in simulated.postmortems.items()},
    }
    return {
        "changes.csv.gz": _packed(_csv(simulated.changes)),
        **{name: text.encode("utf-8") for name, text in texts.items()},
    }


def _packed(text: str) -> bytes:
    """Gzip without the time of day and the platform in its header, so that equal texts give equal bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as stream:
        stream.write(text.encode("utf-8"))
    return buffer.getvalue()


def _csv(frame: pd.DataFrame) -> str:
    text = pd.DataFrame({name: _column(frame[name]) for name in frame.columns})
    return text.to_csv(index=False, lineterminator="\n")


def _column(column: pd.Series) -> pd.Series:
    """One column as text: UTC stamps, lists joined by ";", true and false, whole numbers without a point."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return column.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    if pd.api.types.is_bool_dtype(column):
        return column.map({True: "true", False: "false"})
    if pd.api.types.is_float_dtype(column):
        return column.astype("int64")
    return column.map(lambda cell: ";".join(cell) if isinstance(cell, list) else cell)


TOML = """# A simulated company: every service, change and incident here is made up (seed {seed}).
# What really set each incident off is in truth.csv. Nothing reads that file but a comparison with it.
name = "{company} (simulated)"
description = "A made-up parcel carrier, causes known: {incidents} incidents, {changes} changes, {services} services"
timezone = "{timezone}"                # months and times of day in reports; the stamps in the files are UTC
simulated = true

[incidents]
path = "incidents.csv"
format = "csv"
timezone = "UTC"
list_separator = ";"
severity = ["sev1", "sev2", "sev3", "sev4"]   # worst first

[changes]
path = "changes.csv.gz"
format = "csv"
timezone = "UTC"
list_separator = ";"

[services]                              # which service calls which
path = "dependencies.csv"
format = "csv"

[attribution]
horizon = "72h"                         # a change further back is no suspect
observed = ["{first}", "{last}"]   # both logs are complete from the first to the last of these days
environments = ["production"]           # changes elsewhere are no suspects
"""


def _dataset_toml(simulated: Simulated) -> str:
    fleet = simulated.fleet
    first, last = fleet.start, fleet.period[1].tz_convert(fleet.timezone) - pd.Timedelta(days=1)
    return TOML.format(
        seed=fleet.seed,
        company=COMPANY,
        timezone=fleet.timezone,
        services=fleet.services,
        first=f"{first:%Y-%m-%d}",
        last=f"{last:%Y-%m-%d}",
        incidents=len(simulated.incidents),
        changes=len(simulated.changes),
    )
