"""Addresses and hosts of a private network, and what only looks like one."""

from __future__ import annotations

import pytest

from aftershock.dataset.masking import Mask
from aftershock.dataset.masking.places import places

PLACES = [
    ("10.64.36.7 and 10.64.36.7:22, then 192.0.2.1/24", "[ip 1] and [ip 1]:22, then [ip 2]/24"),
    ("fe80::1%eth0 2001:db8::7 ::ffff:10.0.0.1", "[ip 1] [ip 2] [ip 3]"),
    ("db7.corp.internal. went down", "[host 1]. went down"),
    ("http://grafana/d/x and https://vault.prod.local:8200/ui", "http://[host 1]/d/x and https://[host 2]:8200/ui"),
    ("restart rdb1007:6380 and wotan:5432", "restart [host 1] and [host 2]"),
    ("\\\\fileserver\\share", "\\\\[host 1]\\share"),
    ("build on ci.acme.example", "build on [host 1]"),
]
NO_PLACE = [
    "127.0.0.1 and ::1 and localhost:8080",
    "version 4.0.10.0 and ==1.2.3.4",
    "std::string, role::db::core, 12:30:45",
    "settings.local.yml and com.sun.internal.Foo",
    "line:123 of main.py:45, CRM457:2308, port:8080",
    "https://example.org/x",
]


@pytest.mark.parametrize(("text", "masked"), PLACES)
def test_places_are_masked(text, masked):
    assert Mask(places(("acme.example",))).text(text) == masked


@pytest.mark.parametrize("text", NO_PLACE)
def test_what_is_no_place_stays(text):
    assert Mask(places()).text(text) == text
