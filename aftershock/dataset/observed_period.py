"""The period in which both logs were kept: what is outside it can be neither learned from nor counted."""

from __future__ import annotations

import pandas as pd

from aftershock.dataset.days import EXPORT
from aftershock.dataset.settings import FILE, Settings
from aftershock.schema import tables
from aftershock.schema.errors import InputError, Problem

NOT_YET = ("planned", "scheduled", "pending")  # statuses of changes that lie ahead, maybe after the export
_KNOWN = ("started_at_before", "resolved_at")
QUIET = pd.Timedelta(
    days=7
)  # a change log that is silent for longer at its end, and than ever before, has ended: a judgement


def observed_period(
    settings: Settings, incidents: pd.DataFrame, changes: pd.DataFrame, rejected: pd.DataFrame
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The stated period, else the whole days from the later of the first rows to where the export ends; end exclusive.

    An export ends with the last moment that either log knows: months without incidents are observed too. Changes come
    more often, so a change log that is silent before, for longer than ever and than :data:`QUIET`, ends with its last
    row. Logs that share no day, or of which one is empty, are observed for as long as the incidents (else the changes), and
    both logs of one export, such as outages and planned work, from the first row of either.
    """
    zone = settings.timezone
    logs = [t for t in (incidents, changes) if len(t)]
    if settings.attribution.observed:
        first, last = settings.attribution.observed
        end = (
            _day(_last_moment(logs), zone)
            if last == EXPORT and logs
            else pd.Timestamp(first if last == EXPORT else last)
        )
        if end < pd.Timestamp(first):
            raise _before_it_begins(first, end)
        return _days(pd.Timestamp(first), end, zone)
    if not logs:
        problems = tables.problems(rejected.head(10))
        some = "\n".join(map(str, problems))
        raise InputError(f"{settings.name}: no row of either log can be used.\n{some}", problems)
    starts = [_day(table["started_at"].min(), zone) for table in logs]
    exports = [{log.path for log in several} for several in (settings.incidents, settings.changes)]
    if len(logs) > 1 and exports[0] == exports[1]:
        return _days(min(starts), _day(_last_moment(logs), zone), zone)
    overlap = [_day(table["started_at_before"].max(), zone) for table in logs]
    if max(starts) > min(overlap):
        return _days(starts[0], overlap[0], zone)
    return _days(max(starts), _day(_end(logs), zone), zone)


def _end(logs: list[pd.DataFrame]) -> pd.Timestamp:
    """The moment at which the export of these logs ends, of which the last one is the change log."""
    last = _last_moment(logs)
    begun = _begun(logs[-1])["started_at"].sort_values()
    if begun.empty:
        return last
    silence = last - begun.iloc[-1]
    return last if silence <= max(QUIET, begun.diff().max()) else logs[-1]["started_at_before"].max()


def _last_moment(logs: list[pd.DataFrame]) -> pd.Timestamp:
    """The last moment at which something began or an incident ended: the logs were kept until then."""
    known = [column for table in logs for name, column in _begun(table).items() if name in _KNOWN]
    found = [moment for column in known if pd.notna(moment := column.max())]
    return max(found) if found else max(table["started_at"].max() for table in logs)


def _begun(log: pd.DataFrame) -> pd.DataFrame:
    """The rows of a log without changes that lie ahead."""
    return log[~log["status"].str.lower().isin(NOT_YET)]


def _before_it_begins(first: str, end: pd.Timestamp) -> InputError:
    found, expected = f"observed = [{first!r}, 'export']", f"a first day before the export's last row, of {end.date()}"
    return InputError.of(Problem(FILE, None, None, found, expected, "Fix the value.", "unknown_value"))


def _day(moment: pd.Timestamp, zone: str) -> pd.Timestamp:
    return moment.tz_convert(zone).tz_localize(None).normalize()


def _days(first: pd.Timestamp, last: pd.Timestamp, zone: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """From the beginning of the first day to the end of the last, in UTC."""
    end = last + pd.Timedelta(days=1)
    return first.tz_localize(zone).tz_convert("UTC"), end.tz_localize(zone).tz_convert("UTC")
