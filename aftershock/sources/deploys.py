"""Changes that are deployments of code, whatever else their logs call them."""

from __future__ import annotations

from aftershock.schema.change_kinds import infer_kinds
from aftershock.sources.raw_table import RawTable


def as_deploys(raw: RawTable) -> RawTable:
    """The table with a kind in every row that has none: what title and paths tell, else ``deploy``."""
    frame = raw.frame
    if len(frame):
        empty = frame["kind"] == ""
        texts = frame.assign(paths=frame["paths"].map(lambda paths: paths if isinstance(paths, list) else [paths]))
        frame["kind"] = frame["kind"].mask(empty, infer_kinds(texts).replace("other", "deploy"))
    return raw
