"""What stands around the numbers of a stamp is left aside; what it says of the day and the time is read."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.dataset import stamp_words, timestamps
from aftershock.schema.tables import TEXT


@pytest.mark.parametrize(
    "text",
    [
        "2024/3/5(火) 14:30",
        "2024/3/5 下午2:30",
        "2024年3月5日 午後2時30分",
        "2024-03-05 星期二 14:30",
        "2024. 3. 5. 오후 2:30",
        "mardi 5 mars 2024 à 14h30",
        "5 de marzo de 2024 a las 14:30 h",
        "5 de março de 2024 às 14:30",
        "5 marzo 2024 ore 14:30",
        "5 maart 2024 om 14:30 uur",
        "5 marca 2024, godz. 14:30",
        "5 марта 2024 г. 14:30",
        "5 March 2024 at 2:30 p.m.",
        "2024-03-05 14h30",
        "2024-03-05 1430Z",
        "[2024-03-05 14:30:00 UTC]",
        "'2024-03-05 14:30",
        "/Date(1709649000000+0100)/",
        "05/Mar/2024:14:30:00 +0000",
    ],
)
def test_words_around_a_stamp_are_left_aside(text):
    assert timestamps.parse(pd.Series([text]), "UTC").at[0] == pd.Timestamp("2024-03-05T14:30Z")


@pytest.mark.parametrize("text", ["Di, 05.03.2024 14:30", "05.03.2024 - 14:30 Uhr", "05.03.2024 às 14h30"])
def test_words_around_a_date_in_a_form_are_left_aside(text):
    read = timestamps.parse(pd.Series([text]), "UTC", ["%d.%m.%Y %H:%M"])
    assert read.at[0] == pd.Timestamp("2024-03-05T14:30Z")


@pytest.mark.parametrize("text", ["2006-10-??", "2006-10-00", "2006-10-xx"])
def test_a_day_that_is_not_known_leaves_the_month(text):
    read = timestamps.parse(pd.Series([text]), "UTC")
    assert (read.at[0], read.implied[0]) == (pd.Timestamp("2006-10-01T00:00Z"), "month")


def test_the_first_of_a_month_is_a_day():
    assert timestamps.parse(pd.Series(["1er mars 2024 14:30"]), "UTC").at[0] == pd.Timestamp("2024-03-01T14:30Z")


def test_a_time_of_day_that_is_not_understood_is_not_lost():
    assert timestamps.parse(pd.Series(["5 March 2024 noonish 14:30 or so"]), "UTC").trouble[0] == "unreadable_time"


@pytest.mark.parametrize("text", ["10.30 - 11.30", "Mar 21, 2024", "shop at 2024", "14:30 Uhr und mehr", "checkout"])
def test_other_texts_stay_as_they_are(text):
    texts = pd.Series([text], dtype=TEXT)
    assert stamp_words.plain(texts)[0].startswith(text[:5])


def test_texts_without_such_words_are_the_same_object():
    texts = pd.Series(["2024-03-05 14:30", "21.03.2024 10:00"], dtype=TEXT)
    assert stamp_words.plain(texts) is texts
