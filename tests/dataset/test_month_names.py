"""Months in other languages, put into English for the parser; what names none stays as it is."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.dataset import timestamps


@pytest.mark.parametrize(
    "text",
    [
        "5. März 2024, 14:30 Uhr",
        "5 mars 2024 14:30",
        "5 de marzo de 2024 14:30",
        "5 marzo 2024 14:30",
        "5 mrt 2024 14:30",
    ],
)
def test_a_month_in_another_language_is_read(text):
    assert timestamps.parse(pd.Series([text]), "UTC").at[0] == pd.Timestamp("2024-03-05T14:30Z")


@pytest.mark.parametrize("text", ["Blitz 2024", "5 marzipan 2024", "Mai"])
def test_what_is_no_date_stays_unread(text):
    assert timestamps.parse(pd.Series([text]), "UTC").trouble[0] == "unreadable_time"
