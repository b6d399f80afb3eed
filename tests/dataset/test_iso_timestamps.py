"""The quick way of reading timestamps gives what the careful one does."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftershock.dataset import iso_timestamps, timestamps

YEARS = pd.Timestamp("1970-06-01").to_pydatetime(), pd.Timestamp("2201-01-01").to_pydatetime()


#: How stamps are written: a 0 stands for a digit, and + for the sign of an offset.
FORMS = tuple(
    f"{clock}{fraction}{offset}"
    for clock, fractions in (("0000-00-00T00:00:00", ("", ".000", ".000000")), ("0000-00-00T00:00", ("",)))
    for fraction in fractions
    for offset in ("", "Z", "+0000", "+00:00")
)


def written(at: datetime, form: str) -> str:
    """A moment in one of the forms that are read quickly."""
    whole = at.isoformat("T", "microseconds")
    clock, _, fraction = form.removesuffix("Z").partition("+")[0].partition(".")
    offset = {"": "", "Z": "Z"}.get(form[len(clock) + bool(fraction) + len(fraction) :], "-03:30")
    offset = offset.replace(":", "") if form.endswith("+0000") else offset
    return whole[: len(clock)] + (whole[19 : 20 + len(fraction)] if fraction else "") + offset


STAMP = st.one_of(
    st.from_regex(
        r"[12][0-9]{3}-[0-3][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-5][0-9](:[0-6][0-9]([.,][0-9]{1,7})?)?(Z|z|[+-][01][0-9]:?[0-5][0-9])?",
        fullmatch=True,
    ),
    st.sampled_from(FORMS).flatmap(lambda form: st.datetimes(*YEARS).map(lambda at: written(at, form))),
    st.datetimes(pd.Timestamp("1960-01-01"), pd.Timestamp("2210-01-01")).map(lambda t: t.isoformat(" ", "seconds")),
    st.text("0123456789-:TZ+ é", max_size=25),
)


@settings(max_examples=60)
@given(st.lists(STAMP, max_size=4), st.sampled_from(["UTC", "Europe/Berlin"]))
def test_plain_stamps_are_read_as_any_stamps_are(texts, zone):
    column = pd.Series(texts, dtype="str")
    quick = timestamps.parse(column, zone)
    careful = timestamps.parse(column, zone, ["%H in a form that no stamp has, so that the quick way is not taken"])
    for name in ("at", "before", "implied", "trouble", "oddity"):
        assert getattr(quick, name).equals(getattr(careful, name)), name


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_quickly(form):
    text = written(datetime(2024, 2, 29, 23, 59, 58, 123456), form)
    moments, states = iso_timestamps.read(pd.Series([text, "", text + " ", "x" * len(form)], dtype="str"))
    assert (states != iso_timestamps.UNREAD).tolist() == [True, False, False, False]
    expected = pd.Timestamp(text)
    assert (states[0] == iso_timestamps.ABSOLUTE) == (expected.tzinfo is not None)
    assert moments[0] * 1000 == (expected if expected.tzinfo else expected.tz_localize("UTC")).value  # nanoseconds


@pytest.mark.parametrize(
    "odd", ["2024-03-06", "2024-03-06T17", "2024-03-06T17Z", "2024-03-06T17+01:00", "2024-02-30T17:19Z"]
)
def test_what_arrow_takes_and_no_clock_has_is_left_to_the_careful_way(odd):
    stamps = ["2024-03-06T17:19Z", odd, "2024-03-06 17:19"]
    assert iso_timestamps.read(pd.Series(stamps, dtype="str"))[1][1] == iso_timestamps.UNREAD
    assert iso_timestamps.read(pd.Series([odd], dtype="str"))[1][0] == iso_timestamps.UNREAD


@settings(max_examples=25)
@given(st.sampled_from([form for form in timestamps._NAMED_FORMS if "%d" in form]), st.datetimes(*YEARS))
def test_named_months_are_read_as_the_careful_parser_reads_them(form, at):
    text = at.replace(tzinfo=UTC).strftime(form)
    quick = timestamps.parse(pd.Series([text], dtype="str"), "Europe/Berlin")
    local = pd.Series(pd.NaT, index=[0], dtype="datetime64[us]")
    absolute, implied = pd.Series(pd.NaT, index=[0], dtype=timestamps.UTC), pd.Series("", index=[0], dtype="object")
    timestamps._by_name(0, text, "Europe/Berlin", local, absolute, implied)
    expected = timestamps._settled(
        pd.Series([text]), local, absolute, implied, timestamps._empty(local), "Europe/Berlin"
    )
    for name in ("at", "before", "implied", "trouble"):
        assert getattr(quick, name).equals(getattr(expected, name)), (name, text)
