from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftershock.dataset import timestamps


def one(text: str, zone: str = "UTC", *time_formats: str) -> tuple:
    parsed = timestamps.parse(pd.Series([text]), zone, time_formats)
    return parsed.at[0], parsed.before[0], parsed.implied[0], parsed.trouble[0], parsed.oddity[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-03-06T17:19:00Z", "2023-03-06T17:19:00Z"),
        ("2023-03-06 17:19", "2023-03-06T17:19:00Z"),
        ("2023-03-06T12:19:00-05:00", "2023-03-06T17:19:00Z"),
        ("2023-03-06T18:19:00+0100", "2023-03-06T17:19:00Z"),
        ("2023-03-06 17:19:00 UTC", "2023-03-06T17:19:00Z"),
        ("2023-03-06 17:19:00.250 +00:00", "2023-03-06T17:19:00.250Z"),
        ("2023-03-06   17:19:05 ", "2023-03-06T17:19:05Z"),
        ("2023/03/06 17:19:05", "2023-03-06T17:19:05Z"),
        ("20230306171900Z", "2023-03-06T17:19:00Z"),
        ("20230306181900+0100", "2023-03-06T17:19:00Z"),
        ("202303061719", "2023-03-06T17:19:00Z"),
        ("20230306-1719", "2023-03-06T17:19:00Z"),
        ("20230306_171905", "2023-03-06T17:19:05Z"),
        ("2023-03-06T17-19-05", "2023-03-06T17:19:05Z"),
        ("2023-03-06_17:19:05", "2023-03-06T17:19:05Z"),
        ("2023-03-06 24:00", "2023-03-07T00:00:00Z"),
        ("2023-03-06 17:19:00.250000126 +0000 UTC", "2023-03-06T17:19:00.250Z"),
        ("2023-03-06T24:00:00Z", "2023-03-07T00:00:00Z"),
        ("1678123140", "2023-03-06T17:19:00Z"),
        ("1678123140000", "2023-03-06T17:19:00Z"),
        ("1678123140.53", "2023-03-06T17:19:00.530Z"),
        ("6 Mar 2023 17:19", "2023-03-06T17:19:00Z"),
        ("Mon, 06 Mar 2023 12:19:00 -0500", "2023-03-06T17:19:00Z"),
    ],
)
def test_reads_what_logs_write(text, expected):
    at, before, _, trouble, _ = one(text)
    assert trouble == ""
    assert at == before == pd.Timestamp(expected)


def test_a_stamp_without_offset_is_read_in_the_zone_of_its_log():
    assert one("2023-07-01 12:00", "Europe/Berlin")[0] == pd.Timestamp("2023-07-01T10:00Z")
    assert one("2023-01-01 12:00", "Europe/Berlin")[0] == pd.Timestamp("2023-01-01T11:00Z")


def test_the_hour_that_clocks_repeat_means_two_moments():
    at, before, _, _, oddity = one("2023-10-29 02:30", "Europe/Berlin")
    assert (at, before) == (pd.Timestamp("2023-10-29T00:30Z"), pd.Timestamp("2023-10-29T01:30Z"))
    assert oddity == "repeated_hour"


def test_the_hour_that_clocks_skip_is_moved_forward_and_said():
    at, _, _, trouble, oddity = one("2023-03-26 02:30", "Europe/Berlin")
    assert (at, trouble, oddity) == (pd.Timestamp("2023-03-26T01:00Z"), "", "skipped_hour")


@pytest.mark.parametrize("time_formats", [(), ("%d/%m/%Y",)])
def test_a_word_is_never_the_moment_of_reading(time_formats):
    """pandas takes "now" and "today" in any form."""
    for word in ("now", "today", "NOW", " today "):
        assert one(word, "UTC", *time_formats)[3] == "unreadable_time"


def test_excel_day_numbers_are_read_and_said():
    at, _, _, _, oddity = one("44991.5")
    assert (at, oddity) == (pd.Timestamp("2023-03-06T12:00Z"), "excel_day_number")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("03/06/2023 17:19", "ambiguous_date"),
        ("yesterday", "unreadable_time"),
        ("2023-13-40T00:00Z", "unreadable_time"),
        ("0001-01-01", "time_out_of_range"),
        ("9999-12-31T00:00:00Z", "time_out_of_range"),
        ("1", "unreadable_time"),
        ("2021", "too_coarse"),
        ("2021-W07", "too_coarse"),
        ("Q3 2021", "too_coarse"),
        ("KW 7/2021", "too_coarse"),
    ],
)
def test_what_cannot_be_read_gets_a_reason(text, reason):
    at, _, _, trouble, _ = one(text)
    assert pd.isna(at)
    assert trouble in (reason, "unreadable_time")
    assert trouble == reason or reason == "time_out_of_range"


def test_a_stated_format_settles_slashed_dates():
    assert one("06/03/2023 17:19", "UTC", "%d/%m/%Y %H:%M")[0] == pd.Timestamp("2023-03-06T17:19Z")
    assert one("03/06/2023 17:19", "UTC", "%m/%d/%Y %H:%M")[0] == pd.Timestamp("2023-03-06T17:19Z")


def widened(
    text: str, precision: str = "", minutes: float = float("nan"), before: str = "", zone: str = "UTC"
) -> tuple:
    parsed = timestamps.parse(pd.Series([text]), zone)
    bound = timestamps.parse(pd.Series([before]), zone) if before else None
    found = timestamps.widen(parsed, pd.Series([precision], dtype=object), pd.Series([minutes]), bound, zone)
    return found["at"][0], found["before"][0]


def test_imprecise_times_become_intervals():
    stamp = pd.Timestamp
    assert widened("2023-03-06T17:00Z") == (stamp("2023-03-06T17:00Z"),) * 2
    assert widened("2023-03-06T17:00Z", "hour") == (stamp("2023-03-06T16:30Z"), stamp("2023-03-06T17:30Z"))
    assert widened("2023-03-06T17:00Z", minutes=15) == (stamp("2023-03-06T16:45Z"), stamp("2023-03-06T17:15Z"))
    assert widened("2023-03-06") == (stamp("2023-03-06T00:00Z"), stamp("2023-03-07T00:00Z"))
    assert widened("2023-02") == (stamp("2023-02-01T00:00Z"), stamp("2023-03-01T00:00Z"))
    assert widened("2023-03-06T17:00Z", "day", zone="America/New_York") == (
        stamp("2023-03-06T05:00Z"),
        stamp("2023-03-07T05:00Z"),
    )
    assert widened("2023-03-06", before="2023-03-06T17:00Z") == (stamp("2023-03-06T00:00Z"), stamp("2023-03-06T17:00Z"))


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text):
    at, before, _, trouble, _ = one(text, "Europe/Berlin")
    assert (trouble == "") == (pd.notna(at) or not text.strip())
    assert pd.isna(at) or at <= before


@given(
    st.datetimes(
        min_value=pd.Timestamp("1972-01-01").to_pydatetime(), max_value=pd.Timestamp("2150-01-01").to_pydatetime()
    ),
    st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_a_moment_written_with_its_offset_comes_back(moment, zone):
    stamp = pd.Timestamp(moment).floor("s").tz_localize("UTC")
    at, before, _, trouble, _ = one(stamp.tz_convert(zone).isoformat(), "Europe/Berlin")
    # an offset with seconds, as zones had before standard time, is not ISO 8601
    if stamp.tz_convert(zone).utcoffset().total_seconds() % 60 == 0:
        assert (at, before, trouble) == (stamp, stamp, "")


@pytest.mark.parametrize("text", ["March", "12 May", "Sunday", "10:00 UTC"])
def test_nothing_is_filled_in_that_a_stamp_does_not_say(text):
    assert one(text, "America/New_York")[3] == "unreadable_time"


def test_a_named_date_without_a_time_is_a_day():
    at, _, implied, trouble, _ = one("Mar 6, 2024")
    assert (at, implied, trouble) == (pd.Timestamp("2024-03-06T00:00Z"), "day", "")
    assert one("06/03/2024", "UTC", "%d/%m/%Y")[2] == "day"


@pytest.mark.parametrize(
    ("text", "form"), [("2024-03", ()), ("March 2024", ()), ("Mar 2024", ()), ("März 2024", ()), ("03/2024", "%m/%Y")]
)
def test_a_month_is_the_whole_of_it(text, form):
    at, _, implied, trouble, _ = one(text, "UTC", *[form] * bool(form))
    assert (at, implied, trouble) == (pd.Timestamp("2024-03-01T00:00Z"), "month", "")


def test_of_several_forms_the_first_that_fits_reads_a_stamp():
    forms = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")
    parsed = timestamps.parse(
        pd.Series(["03.06.2023 17:19:20", "03.06.2023 17:19", "03.06.2023", "2023-06-03", "3/6/23"]), "UTC", forms
    )
    assert parsed.at.astype(str).tolist()[:4] == [
        "2023-06-03 17:19:20+00:00",
        "2023-06-03 17:19:00+00:00",
        *["2023-06-03 00:00:00+00:00"] * 2,
    ]
    assert parsed.implied.tolist() == ["", "", "day", "day", ""]
    assert parsed.trouble.tolist() == ["", "", "", "", "ambiguous_date"]


def test_what_counts_as_rounded():
    texts = ["2023-06-03T17:00", "2023-06-03T17:00:01", "2023-06-03T00:00", "2023-06-03", "2023-06-02T22:00Z"]
    parsed = timestamps.parse(pd.Series(texts), "Europe/Berlin")
    assert timestamps.rounded(parsed, "hour", "Europe/Berlin").tolist() == [True, False, True, False, True]
    assert timestamps.rounded(parsed, "day", "Europe/Berlin").tolist() == [False, False, True, False, True]


def test_halves_of_a_day_with_dots():
    cells = pd.Series(["2024-03-05 04:08 p. m.", "2024-03-05 04:08\u00a0a.\u00a0m.", "2024-03-05 4:08:09 p.\ufffdm."])
    read = timestamps.parse(cells, "UTC").at.dt.strftime("%H:%M:%S").tolist()
    assert read == ["16:08:00", "04:08:00", "16:08:09"]


def test_several_spaces_in_a_stamp_are_one():
    assert timestamps.tidied(pd.Series([" 4/21/2018  08:52:00 PM"])).tolist() == ["4/21/2018 08:52:00 PM"]


def test_digits_of_full_width_are_digits():
    read = timestamps.parse(pd.Series(["２０２４/０３/０５ ０９：３０"]), "UTC")
    assert str(read.at[0]) == "2024-03-05 09:30:00+00:00"
