"""The order of day and month: proved by the cells, or said to be a guess."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.wizard import time_formats


@pytest.mark.parametrize(
    ("cells", "formats", "order", "word"),
    [
        (["13/02/2024 10:00", "01/02/2024 10:00"], ("%d/%m/%Y %H:%M",), "day", "certain"),
        (["02/13/2024 10:00 AM", "02/01/2024 10:00 PM"], ("%m/%d/%Y %I:%M %p",), "month", "certain"),
        (["13/02/2024 10:00\u00a0a.\u00a0m.", "01/02/2024\u202f10:00 p. m."], ("%d/%m/%Y %I:%M %p",), "day", "certain"),
        (["01.02.2024 10:00", "03.02.2024 11:00"], ("%d.%m.%Y %H:%M",), "day", "likely"),
        (["01/02/2024", "03/04/2024"], ("%d/%m/%Y",), "day", "a guess"),
        ([f"0{m}/0{d}/2024" for m in (1, 2, 3) for d in (1, 5, 9)], ("%m/%d/%Y",), "month", "likely"),
    ],
)
def test_the_order_of_day_and_month_is_proved_or_said_to_be_a_guess(cells, formats, order, word):
    found = time_formats.forms_of(pd.Series(cells))
    assert (found.formats, found.order.value, found.order.word) == (formats, order, word)


def test_offsets_in_hours_and_with_the_name_of_their_zone():
    for stamp in ("2024-03-05 09:00:00+02", "Tue Mar 05 2024 09:00:00 GMT+0000 (GMT)", "March 5, 2024 9:00 AM (UTC)"):
        assert time_formats.forms_of(pd.Series([stamp])).offsets == 1
    for stamp in ("2024-03-05 09:00 UTC+8", "2024-03-05 09:00 (UTC+02:00) Berlin", "2024-03-05 09:00 Europe/Berlin"):
        assert time_formats.forms_of(pd.Series([stamp])).offsets == 1
    for bare in ("2024-03-05 09:00", "20240305-0900"):
        assert time_formats.forms_of(pd.Series(["2024-03-05", bare])).offsets == 0
    for day in ("15-03-2024", "5-3-2024", "15-Mar-2024"):
        assert time_formats.forms_of(pd.Series([day])).offsets == 0


def test_what_is_no_date_is_named_before_the_order_of_day_and_month():
    assert time_formats.why_not(pd.Series(["05/01/2024", "17/01/2024", "3"])).startswith(
        "'3': the time is in no known form"
    )
    assert time_formats.why_not(pd.Series(["05/01/2024", "06/01/2024"])).startswith("'05/01/2024': day and month")
    both = time_formats.why_not(pd.Series(["30/12/2023 10:00", "12/30/2023 10:00"]))
    assert both.endswith("day and month cannot be told apart")
    odd = pd.Series(["30/12/2023 at noon", "31/12/2023 at noon"])
    assert time_formats.why_not(odd) == "'30/12/2023 at noon': the time is in no known form"
    halves = pd.Series(["03/04/2024 00:40 PM", "03/24/2024 09:40 PM", "03/25/2024 11:40 AM"])
    assert time_formats.why_not(halves) == "'03/04/2024 00:40 PM': the time is in no known form"
    for cell in ("tors 23.apr 09:52", "Apr 23 at noon"):
        assert time_formats.why_not(pd.Series([cell])).endswith("in no known form, and it names no year")


def test_a_few_words_between_times_do_not_hide_them():
    days = [f"2024-03-0{n} 10:00" for n in range(1, 6)]
    assert time_formats.forms_of(pd.Series([*days, "we do not know yet"]))
    assert not time_formats.forms_of(pd.Series([days[0], "yes", "no", "perhaps"]))


def test_dates_of_two_spellings_are_read_and_numbers_of_telephones_are_none():
    found = time_formats.forms_of(pd.Series(["2024-03-05", "2024-03-06", "22/07/2024", "01/02/2024"]))
    assert found is not None and found.formats == ("%d/%m/%Y",)
    assert time_formats.forms_of(pd.Series(["0916480894", "0997366946"])) is None
