"""What is odd about values by themselves, and that plain logs have nothing of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.wizard import odd_values
from aftershock.wizard.create import create_dataset

PLAIN = [f"i{n},2024-03-{n + 1:02}T1{n % 3}:2{n % 7}:00Z,2024-03-{n + 1:02}T15:0{n % 5}:00Z,s{n % 3},t{n},closed" for n in range(12)]  # fmt: skip


def odd(folder: Path, rows: list[str]) -> list[str]:
    (folder / "incidents.csv").write_text(
        "\n".join(["incident_id,started_at,resolved_at,services,title,status", *rows])
    )
    dataset = create_dataset(folder, []).dataset
    return odd_values.of(dataset.incidents, dataset, "incidents")


def test_a_plain_log_has_nothing_odd(tmp_path):
    assert odd(tmp_path, PLAIN) == []


def changed(column: int, make, rows: list[str] = PLAIN) -> list[str]:
    cells = [row.split(",") for row in rows]
    return [",".join([*row[:column], make(row), *row[column + 1 :]]) for row in cells]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (changed(5, lambda row: "open" if row[0] < "i5" else "closed"), "7 of 12 with an end are open by their state: a plan, or the "
         "last change? They count as over"),
        ([row.rpartition(",")[0] for row in PLAIN], "12 rows have fewer cells than the header"),
        (changed(1, lambda row: row[1][:10]), "12 of 12 starts are days without a time of day, whose ends and lengths are counted "
         "from midnight"),
        ([row.replace("closed", "open") for row in changed(2, lambda row: "", changed(1, lambda row: row[1][:10]))],
         "12 of 12 starts are days without a time of day"),
        ([row.replace("closed", "open") for row in changed(2, lambda row: "", changed(1, lambda row: f"2024-0{ord(row[0][-1]) % 7 + 1}"))],
         "12 of 12 starts are months without a day"),
        (changed(1, lambda row: row[1][:10] + "T00:00:00Z"), "12 of 12 starts are at midnight: days without a time of day?"),
        (changed(1, lambda row: row[1][:10] + "T05:00:00Z"), "every start is at 05:00 UTC: days without a time of day?"),
        (changed(1, lambda row: "2180" + row[1][4:])[:1] + PLAIN[1:], "1 start in the future"),
        (changed(1, lambda row: "1981" + row[1][4:])[:1] + PLAIN[1:], "1 start before 1990"),
        (changed(1, lambda row: "2024-03-01T10:00:07Z")[:8] + PLAIN[8:], "8 of 12 starts are in one minute: the time of the export?"),
        (changed(2, lambda row: row[1]), "12 of 12 end when they start"),
        (changed(2, lambda row: row[1].replace("T1", "T2")), "every length is 10 h"),
        (changed(2, lambda row: "2024-02-01T00:00:00Z")[:1] + PLAIN[1:], "1 of 12 end before they start"),
        (changed(2, lambda row: "2024-09" + row[2][7:])[:3] + PLAIN[3:], "3 of 12 last longer than 30 d"),
        (changed(3, lambda row: "Nothing of ours was hit.")[:1] + PLAIN[1:], "a service is a sentence, 'Nothing of ours was hit.': if it "
         "says that there was none, empty these cells, or name another column"),
        (changed(3, lambda row: "web"), "every row is of the service 'web'"),
        (changed(3, lambda row: row[4]), "12 services in 12 rows: are they ids or titles?"),
        (changed(3, lambda row: f"{row[3]}ffab00112233445566778899".removeprefix("s")), "services are ids, such as '0ffab00112233445566778899': "
         "export the names that people see, or give each one under [aliases]"),
        (changed(4, lambda row: "down"), "every title is the same"),
        (changed(0, lambda row: row[1].replace("T1", "T2")), "the ids look like times"),
        ([row.replace("closed", "open") for row in changed(2, lambda row: "")], "no incident counts as over"),
    ],
)  # fmt: skip
def test_each_sign_is_told(tmp_path, rows, says):
    assert says in odd(tmp_path, rows)


def test_records_broken_over_two_lines_are_told(tmp_path):
    first, *rest = [*PLAIN, *PLAIN[:0]]
    broken = first.replace("t0", "t0 and\nmore")
    said = "2 rows have fewer cells than the header: rows broken over two lines, whose cells need quotes?"
    assert said in odd(tmp_path, [broken, *rest, *[row.replace("i", "j", 1) for row in PLAIN]])


def test_a_severity_that_says_that_all_is_well_is_odd(tmp_path):
    rows = "id,start,severity\n1,2024-03-05 10:00,ok\n2,2024-03-06 11:00,OK\n3,2024-03-09 12:30,ok\n"
    (tmp_path / "incidents.csv").write_text(rows)
    dataset = create_dataset(tmp_path, []).dataset
    told = odd_values.of(dataset.incidents, dataset, "incidents")
    assert "every severity is 'ok': how it is now, and not how bad it was?" in told
