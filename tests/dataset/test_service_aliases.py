"""Services that two logs call by different names."""

from __future__ import annotations

from aftershock import load

HEAD = 'name = "small"\n'


INCIDENTS = "incident_id,started_at,status,services\ni1,2024-01-10T12:00Z,Erledigt,Payments API;payments\ni2,2024-02-10T12:07Z,In-Arbeit,web\n"


CHANGES = "change_id,started_at,kind,services\nc1,2024-01-10T11:00Z,Hotfix Train,payments-prod\nc2,2024-02-10T11:00Z,DEPLOY,web\n"


def toml(incidents: str = "", changes: str = "", end: str = "") -> str:
    return (
        f'{HEAD}[incidents]\npath = "incidents.csv"\n{incidents}\n[changes]\npath = "changes.csv"\n{changes}\n{end}\n'
    )


def test_aliases_give_a_service_one_name(write):
    edges = "service,depends_on\nweb,Payments API\npayments-prod,payments\n"
    aliases = '[services]\npath = "deps.csv"\n[aliases]\n"Payments API" = "payments"\npayments-prod = "payments"\nwebb = "web"\n'
    dataset = load(write(toml(end=aliases), INCIDENTS, CHANGES, deps__csv=edges))
    assert dataset.incidents["services"].tolist() == [["payments"], ["web"]]
    assert dataset.changes["services"].tolist() == [["payments"], ["web"]]
    assert dataset.dependencies[["service", "depends_on"]].to_numpy().tolist() == [["web", "payments"]]
    said = dataset.notes[dataset.notes["table"] == "dependencies"]
    assert said[["file", "found", "expected", "remedy"]].to_numpy().tolist() == [
        ["dataset.toml", "'webb'", "a service of a log; the nearest is 'web'", "Fix or remove the alias."],
        [
            "deps.csv",
            "'payments'",
            "another service",
            "By its alias the service depends on itself; the row is left out.",
        ],
    ]
