"""The example exports of vendors: ``tests/exports/<format>/<table>/``, each with the section that reads it."""

from __future__ import annotations

from pathlib import Path

EXPORTS = Path(__file__).parent / "exports"


def exports() -> list[Path]:
    return sorted(path.parent for path in EXPORTS.glob("*/*/section.toml"))


def named(folder: Path) -> str:
    return folder.relative_to(EXPORTS).as_posix()
