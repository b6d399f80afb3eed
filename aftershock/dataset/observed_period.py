"""The period in which both logs were kept: what is outside it can be neither learned from nor counted."""

from __future__ import annotations

import pandas as pd

from aftershock.dataset.settings import Settings
from aftershock.schema import tables
from aftershock.schema.errors import InputError


def observed_period(
    settings: Settings, incidents: pd.DataFrame, changes: pd.DataFrame, rejected: pd.DataFrame
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The stated period, else the whole days on which both logs overlap (empty logs do not count), else those of the
    incidents; end exclusive."""
    if settings.attribution.observed:
        first, last = map(pd.Timestamp, settings.attribution.observed)
        return _days(first, last, settings.timezone)
    logs = [t for t in (incidents, changes) if len(t)]
    if not logs:
        problems = tables.problems(rejected.head(10))
        some = "\n".join(map(str, problems))
        raise InputError(f"{settings.name}: no row of either log can be used.\n{some}", problems)
    spans = [
        tuple(
            t.tz_convert(settings.timezone).tz_localize(None).normalize()
            for t in (table["started_at"].min(), table["started_at_before"].max())
        )
        for table in logs
    ]
    first, last = max(s[0] for s in spans), min(s[1] for s in spans)
    return (
        _days(first, last, settings.timezone) if first <= last else _days(spans[0][0], spans[0][1], settings.timezone)
    )


def _days(first: pd.Timestamp, last: pd.Timestamp, zone: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """From the beginning of the first day to the end of the last, in UTC."""
    end = last + pd.Timedelta(days=1)
    return first.tz_localize(zone).tz_convert("UTC"), end.tz_localize(zone).tz_convert("UTC")
