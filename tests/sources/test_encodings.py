"""Encodings of short logs, told apart by the alphabets of languages."""

from __future__ import annotations

import pytest

from aftershock.sources.encodings import TITLES, detected

TEXTS = [
    ("cp1252", "Nr;Störung;Priorität\n1;Lösung für Übertragung;hoch"),
    ("cp1252", "Número;Descrição\n1;Serviço não responde em produção"),
    ("cp1252", "Serviço;Noël;Señor\n1;ação;são\n"),
    ("cp1252", "id,title\n1,don’t deploy – “quoted”"),
    ("cp1250", "Lp.;Data wystąpienia;Priorytet\n1;2024-03-05;średni"),
    ("cp1250", "Číslo;Závažnost\n1;Služba není dostupná, uživatelé se nemohou přihlásit"),
    ("cp1251", "№;Начало;Система\n1;2024-03-01;оплата"),
    ("cp1253", "Έναρξη;Περιγραφή\n2024;Η υπηρεσία πληρωμών δεν λειτουργεί"),
    ("cp1254", "Başlangıç;Açıklama\n2024;Ödeme servisi çalışmıyor"),
    ("cp932", "番号,発生日時,内容\n1,2024/03/01,接続できない"),
    ("euc_jp", "番号,発生日時,内容\n1,2024/03/01,接続できない"),
    ("gb18030", "编号,发生时间,描述\n1,2024/03/01,支付服务不可用"),
    ("big5", "編號,發生時間,描述\n1,2024/03/01,支付服務無法使用"),
    ("cp949", "번호,발생일시,내용\n1,2024-03-01,결제 서비스 장애"),
]


@pytest.mark.parametrize(("encoding", "text"), TEXTS)
def test_letters_of_one_language_tell_the_encoding(encoding, text):
    assert detected(text.encode(encoding)) == encoding and encoding in TITLES


def test_bytes_of_no_language_are_windows_1252():
    assert detected(bytes(range(0x80, 0xFF))) == "cp1252"
