"""Where the notebooks and the datasets that come with Aftershock are."""

from __future__ import annotations

from pathlib import Path


def shipped_folder(name: str) -> Path:
    """The folder ``data`` or ``notebooks``: in an installed package ``aftershock/shipped/``, else the checkout's own."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "shipped" / name
    return installed if installed.is_dir() else package.parent / name
