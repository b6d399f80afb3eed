"""Names of columns in other scripts."""

from __future__ import annotations

import pytest

from aftershock.schema import status_words
from aftershock.wizard import synonyms, time_names
from aftershock.wizard.create import create_dataset
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


RELEASES = "No,リリース日,開始時刻,終了時刻,システム,環境,結果\n"
RELEASES += "1,2024/03/05,22:00,23:30,決済,本番,成功\n2,2024/03/06,23:30,00:40,検索,準本番,中止\n"
INSTALLATIONS = "N°;Date de mise en production;Heure;Application;Environnement;Résultat\n"
INSTALLATIONS += "M-1;05/03/2024;18h30;Paiement;Production;OK\nM-2;14/03/2024;7h05;Recherche;Recette;Annulée\n"


@pytest.mark.parametrize(
    ("name", "text", "ids", "live"),
    [
        ("リリース一覧.csv", RELEASES, ["1", "2"], "本番"),
        ("mises_en_production.csv", INSTALLATIONS, ["M-1", "M-2"], "Production"),
    ],
)
def test_a_log_of_changes_in_another_language(tmp_path, put, name, text, ids, live):
    put(incidents__csv="incident_id,started_at\ni1,2024-03-05 10:00\n")
    (tmp_path / name).write_text(text, encoding="utf-8")
    made = create_dataset(tmp_path / "m", [tmp_path / "incidents.csv", tmp_path / name])
    changes, guess = made.dataset.changes, made.draft.sections["changes"].environments
    assert changes["change_id"].tolist() == ids and (guess and guess.value) == live
    assert changes["kind"].unique().tolist() == ["deploy"]
    assert [status_words.took_effect(word) for word in changes["status"]] == [True, False]
