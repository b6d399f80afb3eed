"""Names of columns in other scripts."""

from __future__ import annotations

import pytest

from aftershock.wizard import synonyms, time_names
from aftershock.wizard.translations import in_english


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("管理番号", "incident_id"),
        ("対象システム", "services"),
        ("影響度", "severity"),
        ("故障标题", "title"),
        ("严重程度", "severity"),
        ("심각도", "severity"),
        ("Приоритет", "severity"),
        ("Затронутый сервис", "services"),
    ],
)
def test_columns_in_other_scripts(name, column):
    fits = {c: synonyms.likeness("incidents", c, name) for c in synonyms.SYNONYMS["incidents"]}
    assert max(fits, key=fits.get) == column and fits[column] >= 0.7


def test_times_in_other_scripts():
    names = ["発生日時", "復旧日時", "更新日時", "予定日時"]
    assert time_names.pairs(names, lambda name: True)[0].start == "発生日時"
    assert [time_names.is_end(n) for n in names] == [False, True, False, False]
    assert (time_names.is_entry("更新日時"), time_names.is_plan("予定日時")) == (True, True)
    assert time_names.is_plan("希望日") and time_names.is_plan("完了期限日")
    assert time_names.is_end("Дата закрытия") and not time_names.is_end("Дата начала")


def test_what_is_in_latin_letters_or_not_known_stays():
    assert (in_english("Début"), in_english("担当者"), in_english("ＩＤ")) == ("Début", "担当者", "ID")
