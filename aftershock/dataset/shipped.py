"""Where datasets are: a folder, or one that comes with Aftershock; and where its notebooks are. Nothing slow is imported
here, so that a command that names no dataset says so at once."""

from __future__ import annotations

from pathlib import Path

from aftershock.schema.errors import UsageError, nearest
from aftershock.schema.input_files import resolved

FILE = "dataset.toml"


def shipped_folder(name: str) -> Path:
    """The folder ``data`` or ``notebooks``: in an installed package ``aftershock/shipped/``, else the checkout's own."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "shipped" / name
    return installed if installed.is_dir() else package.parent / name


SHIPPED = shipped_folder("data")


def find_folder(dataset: str | Path) -> Path:
    """The folder of a dataset: a path, or the name of one that ships. A path counts from the current folder; for who works
    in a checkout, such as in a notebook of it, then from the checkout."""
    path = Path(dataset)
    checkout = SHIPPED.parent
    inside = checkout in Path.cwd().resolve().parents
    named = [SHIPPED / path.name] if path.name == str(dataset) else []
    for folder in (path, *named, *([checkout / path] if inside else [])):
        if (folder / FILE).is_file():
            return resolved(folder)
    shipped = sorted(p.parent.name for p in SHIPPED.glob(f"*/{FILE}"))
    if path.is_dir():
        raise UsageError(f"{str(dataset)!r} has no {FILE}; docs/datasets.md shows how to write one")
    raise UsageError(
        f"no dataset {str(dataset)!r}{nearest(str(dataset), shipped)}: expected a folder with a {FILE}, "
        f"or one of {', '.join(shipped) or 'none shipped'}"
    )
