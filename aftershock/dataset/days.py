"""Days and periods as dataset.toml writes them."""

from __future__ import annotations

from datetime import date

EXPORT = "export"  # in place of the last day: as far as the export goes


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text and 1971 < int(text[:4]) < 2200
    except ValueError:
        return False


def day(value: object) -> str:
    if not _is_day(str(value)):
        raise ValueError('a date such as "2025-01-01"')
    return str(value)


def period(value: object) -> tuple[str, str]:
    days = [str(v) for v in value] if isinstance(value, list) else []
    dated = days[:1] if days[1:] == [EXPORT] else days
    if len(days) != 2 or not all(_is_day(d) for d in dated) or days[0] > days[1]:
        raise ValueError(
            f'two dates, first and last day, such as ["2025-01-01", "2025-12-31"], or "{EXPORT}" for the last one'
        )
    return days[0], days[1]
