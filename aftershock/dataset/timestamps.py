"""Stamps as people write them → intervals in UTC.

Every time is an interval: ``at`` is the earliest moment it can mean and ``before`` the latest; they are equal when the
stamp is exact. A stamp without an offset is read in the zone of its log. In the hour that a clock repeats in autumn it
means two moments, so the interval spans both; in the hour that a clock skips in spring it is moved forward.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from aftershock.dataset import iso_timestamps, month_names, stamp_words, zone_words
from aftershock.schema.tables import TEXT, text_array

UTC = "datetime64[us, UTC]"
EARLIEST, LATEST = pd.Timestamp("1971-01-01", tz="UTC"), pd.Timestamp("2200-01-01", tz="UTC")
PRECISIONS = ("second", "minute", "exact", "hour", "day", "month")

_STAMP = r"^\d{4}[-/]\d{2}[-/]\d{2}[Tt ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?"
_OFFSET = r"\s*(?:[Zz]|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)$"
_SPACES, _NO_WIDTH = "[\u00a0\u2000-\u200a\u202f\u205f\u3000]", "[\u200b-\u200f\u2060\ufeff]"
_FULL_WIDTH = "[\uff0f\uff10-\uff1a]"  # digits as Japanese keyboards write them
_YEAR_FIRST = r"^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?=$|[Tt ])"
_SHORTENED = r"^\d(?:[.,]\d+)?[eE]\+?\d+$"  # a number as a spreadsheet shows a long one
_COARSE = (  # a year, or a quarter or a week of one
    r"(?i)^(?:(?:19|20)\d\d(?:\s?[-/]?\s?(?:[WQH]|[CK]W)\s?\d{1,2})?|(?:[WQH]|[CK]W|week)[ -]?\d{1,2}[ ,/-]+(?:19|20)\d\d)$"
)
_DATE, _MONTH = r"^\d{4}[-/]\d{2}[-/]\d{2}$", r"^\d{4}[-/]\d{2}$"
_NUMBER = r"^\d+(?:[.,]\d+)?$"
_EAST_ASIAN = r"^(\d{4})年(\d{1,2})月(\d{1,2})日"
_EAST_ASIAN_CLOCK = r"(\d{1,2})[時时点](?:(\d{1,2})分)?(?:(\d{1,2})秒)?$"
_RARE = (  # without signs between the numbers, as names of files have them, ISO weeks, half days, DB2, Oracle
    (r"^(?:19|20)\d{6}$", "%Y%m%d"),
    (r"^(?:19|20)\d{12}$", "%Y%m%d%H%M%S"),
    (r"^20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d$", "%Y%m%d%H%M"),  # no epoch of our days
    (r"^(?:19|20)\d{12}(?:Z|[+-]\d{4})$", "%Y%m%d%H%M%S%z"),
    (r"^(?:19|20)\d{6}T\d{6}(?:Z|[+-]\d{4})$", "%Y%m%dT%H%M%S%z"),
    (r"^(?:19|20)\d{6}T\d{4}Z$", "%Y%m%dT%H%M%z"),
    *(
        (rf"^(?:19|20)\d{{6}}{between}\d{{{digits}}}$", f"%Y%m%d{between}{clock}")
        for between in "T -_"
        for digits, clock in ((4, "%H%M"), (6, "%H%M%S"))
    ),
    *(
        (rf"^\d{{4}}-\d\d-\d\d{between}\d\d-\d\d(?:-\d\d){{{seconds}}}$", f"%Y-%m-%d{between}%H-%M{'-%S' * seconds}")
        for between in "T -_"
        for seconds in (0, 1)
    ),
    (r"^\d{4}-\d\d-\d\d_\d\d:\d\d:\d\d$", "%Y-%m-%d_%H:%M:%S"),
    (r"^\d{4}-W\d{2}-\d$", "%G-W%V-%u"),
    (r"^\d{4}-\d\d-\d\d \d{1,2}:\d\d ?[AaPp][Mm]$", "%Y-%m-%d %I:%M %p"),
    (r"^\d{4}-\d\d-\d\d \d{1,2}:\d\d:\d\d ?[AaPp][Mm]$", "%Y-%m-%d %I:%M:%S %p"),
    (r"^\d{4}-\d\d-\d\d-\d\d\.\d\d\.\d\d\.\d{1,6}$", "%Y-%m-%d-%H.%M.%S.%f"),
    (r"^\d{1,2}-[A-Za-z]{3}-\d\d \d\d\.\d\d\.\d\d\.\d{1,9} [AP]M$", "%d-%b-%y %I.%M.%S.%f %p"),
)
_EPOCHS = {10: "s", 13: "ms", 16: "us", 19: "ns"}  # digits of a stamp of our days in each unit
_NAMED_FORMS = (  # those that whole logs are written in
    *(
        f"{day}{clock}"
        for day in ("%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%a, %d %b %Y", "%d %B %Y", "%B %d, %Y")
        for clock in ("", " %H:%M", " %H:%M:%S", " %H:%M:%S %z")
    ),
    *("%b %Y", "%B %Y"),
)
# Two that differ in every part: a part that both readings of a text take over is not in the text.
_DEFAULTS = (datetime(2001, 1, 1, 0, 0), datetime(2002, 12, 28, 11, 11))
_LONGEST_MARGIN = 366 * 24 * 60  # minutes; a time that is known less well than to the year says nothing: a judgement
_EXCEL_DAY_0 = pd.Timestamp("1899-12-30")  # Excel counts 1900 as a leap year, so from March 1900 its days run from here
_END_OF_DAY = r"(?<=[T ])24:00(?=:00(?!\d)|(?!:))"  # ISO 8601-1:2004: midnight at the end of a day
_SIGNED_ZONE = re.compile(r"(?:UTC|GMT|:\d\d\s*[A-Za-z]{2,5})\s*[+\-−]\d")  # a zone with an offset from it
_OF_READING = ("now", "today")  # pandas takes these in any form, for the moment at which it reads them


@dataclass(frozen=True)
class ParsedTimes:
    """What became of one column of stamps; all Series share the index of the input.

    ``at``, ``before``: UTC, NaT where empty or unreadable. ``implied``: the precision that the form of the stamp
    implies (``day``, ``month`` or ``""``). ``trouble``: a reason code where the stamp could not be read, else ``""``.
    ``oddity``: a reason code where it could be read in an unexpected way, else ``""``.
    """

    at: pd.Series
    before: pd.Series
    implied: pd.Series
    trouble: pd.Series
    oddity: pd.Series


def parse(texts: pd.Series, zone: str, time_formats: Sequence[str] = ()) -> ParsedTimes:
    """Read stamps: ISO 8601 with or without offset, dates, months, epochs (s, ms, µs, ns), Excel's day numbers, month
    names, and whatever ``time_formats`` (strptime, the first that fits) describe, each with a zone in words behind it.
    Slashed dates without a format are not guessed."""
    texts = tidied(texts)
    parsed = _parsed(texts, zone, time_formats)
    unread = texts[parsed.trouble.isin(["unreadable_time", "ambiguous_date"])]
    if (plain := stamp_words.plain(unread)) is not unread:
        return parse(plain.reindex(texts.index).fillna(texts), zone, time_formats)
    if (late := unread[unread.str.contains(_END_OF_DAY)]).size:
        before = late.str.replace(_END_OF_DAY, "23:59", regex=True)
        parsed = parse(before.reindex(texts.index).fillna(texts), zone, time_formats)
        minute = pd.to_timedelta(texts.index.isin(late.index).astype(int), unit="min")
        return replace(parsed, at=parsed.at + minute, before=parsed.before + minute)
    zoned = {text: named for text in unread.unique() if (named := zone_words.parted(text))}
    if not zoned:
        return parsed
    columns = [parsed.at.copy(), parsed.before.copy(), parsed.implied, parsed.trouble, parsed.oddity]
    stamps = unread[unread.isin(list(zoned))].map(zoned)
    for word, rows in stamps.groupby(stamps.str[1]):
        read = _in_zone(rows.str[0].astype(TEXT), word, zone, time_formats)
        for column, own in zip(columns, read, strict=True):
            column[rows.index] = own
    return ParsedTimes(*columns)


def _in_zone(texts: pd.Series, word: str, zone: str, time_formats: Sequence[str]) -> tuple[pd.Series, ...]:
    """The fields of what stamps that name one zone are parsed to."""
    if zone_words.is_zone(word):
        found = _parsed(texts, word, time_formats)
        return found.at, found.before, found.implied, found.trouble, found.oddity
    found = _parsed(texts, "UTC", time_formats)
    offset = zone_words.offset_of(word, zone)
    if offset is None:
        none = found.at.mask(found.at.notna())
        return (
            none,
            none,
            found.implied.mask(found.at.notna(), ""),
            found.trouble.mask(found.at.notna(), "unknown_zone"),
            _empty(texts),
        )
    at, before = found.at - offset, found.before - offset
    return at, before, found.implied, found.trouble, found.oddity


def _parsed(texts: pd.Series, zone: str, time_formats: Sequence[str]) -> ParsedTimes:
    """Tidy stamps whose zone, where they name one, is an offset."""
    local = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us]")
    absolute = pd.Series(pd.NaT, index=texts.index, dtype=UTC)
    implied, oddity = _empty(texts), _empty(texts)
    rest = texts != ""
    for form in time_formats:
        _by_format(texts, rest, form, local, absolute, implied)
        rest &= local.isna() & absolute.isna()
    if not time_formats:
        local, absolute = _plainly(texts)
        rest &= local.isna() & absolute.isna()
    rest &= _with_digits(texts)
    if rest.any():
        _fill_in_others(texts[rest], zone, local, absolute, implied, oddity)
    return _settled(texts, local, absolute, implied, oddity, zone)


def nothing(index: pd.Index) -> ParsedTimes:
    """What an empty column is parsed to."""
    none = pd.Series(pd.NaT, index=index, dtype=UTC)
    empty = pd.Series("", index=index, dtype="object")
    return ParsedTimes(none, none, empty, empty, empty)


def tidied(texts: pd.Series) -> pd.Series:
    """Cells as text without space around it; what a word processor writes as a space is one."""
    if not isinstance(texts.dtype, pd.StringDtype):
        texts = texts.astype("object").map(lambda t: "" if t is None else str(t)).astype(TEXT)
    if not pc.all(pc.string_is_ascii(text_array(texts))).as_py():
        texts = texts.str.replace(_SPACES, " ", regex=True).str.replace(_NO_WIDTH, "", regex=True)
        texts = texts.str.normalize("NFKC") if texts.str.contains(_FULL_WIDTH).any() else texts
    if pc.any(pc.match_substring(text_array(texts), "  ")).as_py():  # between a day and its clock, as Excel writes them
        texts = texts.str.replace(" {2,}", " ", regex=True)
    return texts.str.strip()


def _with_digits(texts: pd.Series) -> np.ndarray:
    """Whether each text has a digit of any script; without one it is no time, and most other cells have none."""
    found = pc.match_substring_regex(text_array(texts), r"\p{Nd}")
    return pc.fill_null(found, False).to_numpy(zero_copy_only=False)


def _plainly(texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """(local, absolute) of the stamps that :mod:`aftershock.dataset.iso_timestamps` reads, NaT for the others."""
    moments, forms = iso_timestamps.read(texts)
    moments = moments.view("datetime64[us]")
    nat = np.datetime64("NaT", "us")
    local = pd.Series(np.where(forms == iso_timestamps.LOCAL, moments, nat), index=texts.index)
    absolute = pd.Series(np.where(forms == iso_timestamps.ABSOLUTE, moments, nat), index=texts.index)
    return local, absolute.dt.tz_localize("UTC")


def _fill_in_others(
    texts: pd.Series, zone: str, local: pd.Series, absolute: pd.Series, implied: pd.Series, oddity: pd.Series
) -> None:
    """Read the stamps that are written in rarer forms."""
    texts = _padded(texts)
    own_local, own_absolute = local[texts.index], absolute[texts.index]
    own_implied, own_oddity = _empty(texts), _empty(texts)
    rest = _iso(texts, pd.Series(True, index=texts.index), own_local, own_absolute)
    for pattern, precision, suffix in ((_DATE, "day", ""), (_MONTH, "month", "-01")):
        mask = rest & texts.str.match(pattern)
        if not mask.any():
            continue
        own_local[mask] = _naive(texts[mask].str.replace("/", "-") + suffix)
        own_implied[mask] = precision
        rest &= ~mask
    rest = _numbers(texts, rest, own_local, own_absolute, own_implied, own_oddity)
    texts = texts.mask(rest, month_names.in_english(texts[rest]))
    named = rest & texts.str.contains(r"[A-Za-z]{3}", regex=True)
    for form in _NAMED_FORMS if named.any() else ():
        _by_format(texts, named, form, own_local, own_absolute, own_implied)
        named &= own_local.isna() & own_absolute.isna()
    for key in texts.index[named]:
        _by_name(key, texts[key], zone, own_local, own_absolute, own_implied)
    for whole, own in ((local, own_local), (absolute, own_absolute), (implied, own_implied), (oddity, own_oddity)):
        whole[texts.index] = own


def _settled(
    texts: pd.Series, local: pd.Series, absolute: pd.Series, implied: pd.Series, oddity: pd.Series, zone: str
) -> ParsedTimes:
    """Place local times in their zone and say what could not be read."""
    at, before = absolute, absolute
    naive = local.notna()
    if naive.any():
        at, before = absolute.copy(), absolute.copy()
        at[naive], before[naive] = localise(local[naive], zone)
        skipped = naive & (at.dt.tz_convert(zone).dt.tz_localize(None) != local)
        oddity[skipped] = "skipped_hour"
        oddity[(at != before) & at.notna()] = "repeated_hour"
    outside = at.notna() & ((at < EARLIEST) | (at >= LATEST))
    trouble = _empty(texts).mask((texts != "") & at.isna(), "unreadable_time")
    if (trouble != "").any():
        trouble = trouble.mask((trouble != "") & texts.str.match(r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"), "ambiguous_date")
        trouble = trouble.mask((trouble != "") & texts.str.match(_SHORTENED), "shortened_number")
        trouble = trouble.mask((trouble != "") & texts.str.match(_COARSE), "too_coarse")
    trouble = trouble.mask(outside, "time_out_of_range")
    return ParsedTimes(at.mask(outside), before.mask(outside), implied, trouble, oddity)


def localise(local: pd.Series, zone: str) -> tuple[pd.Series, pd.Series]:
    """Wall-clock times of a zone → (earliest, latest) moment in UTC; they differ in the hour a clock repeats."""

    def in_utc(first_pass: bool) -> pd.Series:
        ambiguous = np.full(len(local), first_pass)
        placed = local.dt.tz_localize(zone, ambiguous=ambiguous, nonexistent="shift_forward")
        return placed.dt.tz_convert("UTC").astype(UTC)

    one, other = in_utc(True), in_utc(False)
    return one.where(one <= other, other), other.where(one <= other, one)


def widen(
    parsed: ParsedTimes,
    precision: pd.Series | None,
    uncertainty: pd.Series | None,
    bound: ParsedTimes | None,
    zone: str,
) -> pd.DataFrame:
    """The interval of each time: an explicit bound first, else ± uncertainty (minutes), else the precision; None where
    the log has no such column.

    Returns columns ``at`` and ``before``. An hour means ± 30 minutes, a day or month the calendar's in ``zone``.
    """
    precision = parsed.implied if precision is None else precision.where(precision != "", parsed.implied)
    at, before = _as_precise(parsed, precision, zone)
    if uncertainty is not None:
        margin = pd.to_timedelta(uncertainty.where(uncertainty <= _LONGEST_MARGIN), unit="m")
        stated = margin.notna() & parsed.at.notna()
        at, before = at.mask(stated, parsed.at - margin), before.mask(stated, parsed.before + margin)
    if bound is not None:
        bounded = bound.before.notna() & parsed.at.notna()
        starts_as_written = at.where(parsed.implied != "", parsed.at)
        at = at.mask(bounded, starts_as_written)
        before = before.mask(bounded, bound.before)
    return pd.DataFrame({"at": at, "before": before})


def rounded(parsed: ParsedTimes, unit: str, zone: str) -> pd.Series:
    """True for each stamp that is a whole ``hour``, or the beginning of a ``day``, on the clocks of a zone, and that says
    of itself no more than that it is exact."""
    clock = parsed.at.dt.tz_convert(zone).dt.tz_localize(None)
    whole = clock == (clock.dt.normalize() if unit == "day" else clock.dt.floor("h"))
    return whole & parsed.at.notna() & (parsed.at == parsed.before) & (parsed.implied == "")


def _as_precise(parsed: ParsedTimes, precision: pd.Series, zone: str) -> tuple[pd.Series, pd.Series]:
    """(earliest, latest) moment that each time can mean by its precision."""
    if not (precision != "").any():
        return parsed.at, parsed.before
    half_hour, hour = pd.Timedelta(minutes=30), precision == "hour"
    at, before = parsed.at.mask(hour, parsed.at - half_hour), parsed.before.mask(hour, parsed.before + half_hour)
    for name, code in (("day", "D"), ("month", "M")):
        mask = (precision == name) & parsed.at.notna()
        period = parsed.at[mask].dt.tz_convert(zone).dt.tz_localize(None).dt.to_period(code)
        at[mask] = localise(period.dt.start_time.astype("datetime64[us]"), zone)[0]
        before[mask] = localise((period + 1).dt.start_time.astype("datetime64[us]"), zone)[1]
    return at, before


def _empty(like: pd.Series) -> pd.Series:
    return pd.Series("", index=like.index, dtype="object")


def _naive(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts, format="ISO8601", errors="coerce").astype("datetime64[us]")


def _iso(texts: pd.Series, rest: pd.Series, local: pd.Series, absolute: pd.Series) -> pd.Series:
    """Fill in ISO 8601 stamps; returns what is still unread."""
    aware = rest & texts.str.match(_STAMP + _OFFSET)
    naive = rest & texts.str.match(_STAMP + "$")
    if not (aware | naive).any():
        return rest
    tidy = texts.str.replace("/", "-").str.replace(",", ".").str.replace("t", "T")
    plain = (
        tidy[aware]
        .str.replace(r"\s*(?:[Zz]|UTC|GMT)$", "+00:00", regex=True)
        .str.replace(r"\s+([+-])", r"\1", regex=True)
    )
    absolute[aware] = pd.to_datetime(plain, format="ISO8601", errors="coerce", utc=True).astype(UTC)
    local[naive] = _naive(tidy[naive])
    return rest & ~aware & ~naive


def _padded(texts: pd.Series) -> pd.Series:
    """Dates that begin with the year as ISO 8601 writes them: ``2024/3/5 9:00`` and ``2024年3月5日 9時00分``."""
    texts = texts.str.replace(_EAST_ASIAN, r"\1-\2-\3", regex=True)
    texts = texts.str.replace(
        _EAST_ASIAN_CLOCK, lambda m: f"{m[1]}:{m[2] or '00'}{':' + m[3] if m[3] else ''}", regex=True
    )
    return texts.str.replace(_YEAR_FIRST, lambda m: f"{m[1]}-{m[3]:0>2}-{m[4]:0>2}", regex=True)


def _numbers(
    texts: pd.Series, rest: pd.Series, local: pd.Series, absolute: pd.Series, implied: pd.Series, oddity: pd.Series
) -> pd.Series:
    """Fill in epochs, Excel's day numbers, dates and moments written without signs; returns what is still unread."""
    for pattern, form in _RARE:
        if (these := rest & texts.str.match(pattern)).any():
            _by_format(texts, these, form, local, absolute, implied)
    rest = rest & local.isna() & absolute.isna()
    mask = rest & texts.str.match(_NUMBER)
    if not mask.any():
        return rest
    texts = texts.str.replace(",", ".", regex=False)
    whole = texts.str.replace(r"\.\d*$", "", regex=True).str.len()
    for digits, unit in _EPOCHS.items():
        if not (these := mask & whole.between(digits - 1, digits)).any():
            continue
        numbers = pd.to_numeric(texts[these])
        read = pd.to_datetime(numbers, unit=unit, errors="coerce", utc=True)
        if (
            numbers % 1
        ).any():  # a fraction of seconds is no whole number of nanoseconds; other years would be too many of these
            read = read.dt.round("us")
        absolute[these] = read.astype(UTC)
    excel = mask & (whole == 5)
    days = pd.to_numeric(texts[excel])
    local[excel] = (_EXCEL_DAY_0 + pd.to_timedelta((days * 86400).round(), unit="s")).astype("datetime64[us]")
    oddity[excel] = "excel_day_number"
    return rest & ~mask


def _by_format(
    texts: pd.Series, rest: pd.Series, form: str, local: pd.Series, absolute: pd.Series, implied: pd.Series
) -> None:
    """Fill in stamps of one strptime form; one without an hour names a day, or a month."""
    aware = "%z" in form
    written = texts[rest]
    written = written[~written.isin(_OF_READING)]
    read = pd.to_datetime(written, format=form, errors="coerce", utc=aware).astype(UTC if aware else "datetime64[us]")
    read = read[read.notna() & (read.dt.year > 999)]  # a year of two digits is not one of long ago
    (absolute if aware else local)[read.index] = read
    if not re.search("%[HIXcpM]", form):
        implied[read.index] = "day" if re.search("%[dejuwxaA]", form) else "month"


def _by_name(key: object, text: str, zone: str, local: pd.Series, absolute: pd.Series, implied: pd.Series) -> None:
    """A stamp with a month's name, in whatever order.

    The parser fills in what a text lacks, so it reads each text against two defaults: where the dates differ the text
    names no day, and where only the times differ it names no time. A zone's abbreviation is read as the log's own zone
    uses it.
    """
    from dateutil import parser

    if _SIGNED_ZONE.search(text):  # the parser takes the sign for that of POSIX
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            one, other = (
                pd.Timestamp(parser.parse(text, default=d, tzinfos=lambda n, o: zone_words.known_offset(n, o, zone)))
                for d in _DEFAULTS
            )
    except (ValueError, OverflowError):
        return
    if one.date() != other.date():
        return
    if one != other:
        one, implied[key] = one.normalize(), "day"
    if one.tzinfo is None:
        local[key] = one
    else:
        absolute[key] = one.tz_convert("UTC")
