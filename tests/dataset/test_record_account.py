from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from aftershock import load
from aftershock.dataset.record_account import LogAccount, by_reason, log_accounts, place_of


def test_used_rejected_and_folded_add_up_to_what_was_read(write):
    folder = write(
        incidents="incident_id,started_at,services\ni1,2024-01-10T12:00Z,a\ni1,2024-01-11T12:00Z,a\nx,soon,a\n"
    )
    accounts = log_accounts(load(folder))
    assert [account.log for account in accounts] == ["incidents", "changes", "dependencies", "verdicts"]
    assert accounts[0] == LogAccount("incidents", used=1, rejected=2, folded=0, noted=0)
    assert accounts[0].records == 3


@pytest.mark.parametrize(
    ("file", "line", "expected"),
    [("a.csv", 3, "a.csv, line 3"), ("a.csv", 3.0, "a.csv, line 3"), ("a.csv", pd.NA, "a.csv"), ("", 3, "")],
)
def test_a_place_is_named_as_far_as_it_is_known(file, line, expected):
    assert place_of(SimpleNamespace(file=file, line=line)) == expected


def test_rows_are_grouped_by_reason_and_each_reason_has_words():
    rows = pd.DataFrame({"reason": ["part_of_row", "duplicate_id", "duplicate_id", "new_code"]})
    found = [(reason.code, len(reason.rows), reason.words) for reason in by_reason(rows)]
    assert [(code, count) for code, count, _ in found] == [("duplicate_id", 2), ("new_code", 1), ("part_of_row", 1)]
    assert found[0][2] == "an earlier row has the same id" and found[1][2] == "new_code"
