from __future__ import annotations

import csv

from aftershock import attribute, load
from aftershock.cli.csv_output import WRITTEN_COLUMNS, suspects_csv


def test_the_first_of_each_incident_in_order_and_no_formula(write):
    changes = "change_id,started_at,kind,services,title\nc1,2024-01-10T11:30Z,deploy,checkout,=1+1\n=HYPERLINK(1),2024-01-10T11:40Z,deploy,checkout,z\nc2,2024-03-01,deploy,x,y\n"
    found = attribute(load(write(changes=changes)))
    rows = list(csv.DictReader(suspects_csv(found, None).splitlines()))
    assert list(rows[0]) == WRITTEN_COLUMNS
    assert [(r["incident_id"], int(r["rank"])) for r in rows] == sorted(
        (r["incident_id"], int(r["rank"])) for r in rows
    )
    assert {r["title"] for r in rows if r["change_id"] == "c1"} == {"'=1+1"}
    assert "'=HYPERLINK(1)" in {r["change_id"] for r in rows}
    assert not any(cell.startswith(("=", "+", "@")) for r in rows for cell in r.values())
    assert {r["rank"] for r in csv.DictReader(suspects_csv(found, 1).splitlines())} == {"1"}
