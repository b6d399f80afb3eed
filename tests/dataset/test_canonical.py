"""What dataset.toml says of a log's own words: kinds, statuses, names of services, rounded times."""

from __future__ import annotations

import pytest

from aftershock import load
from aftershock.errors import InputError

HEAD = 'name = "small"\n'
INCIDENTS = "incident_id,started_at,status,services\ni1,2024-01-10T12:00Z,Erledigt,Payments API;payments\ni2,2024-02-10T12:07Z,In-Arbeit,web\n"
CHANGES = "change_id,started_at,kind,services\nc1,2024-01-10T11:00Z,Hotfix Train,payments-prod\nc2,2024-02-10T11:00Z,DEPLOY,web\n"


def toml(incidents: str = "", changes: str = "", end: str = "") -> str:
    return (
        f'{HEAD}[incidents]\npath = "incidents.csv"\n{incidents}\n[changes]\npath = "changes.csv"\n{changes}\n{end}\n'
    )


def test_kinds_and_statuses_of_the_log_s_own(write):
    settings = toml('statuses = { erledigt = "resolved", "in arbeit" = "open" }', 'kinds = { hotfix-train = "deploy" }')
    dataset = load(write(settings, INCIDENTS, CHANGES))
    assert dataset.incidents["status"].tolist() == ["resolved", "open"]
    assert dataset.changes["kind"].tolist() == ["deploy", "deploy"]
    assert dataset.notes.empty


def test_rounded_stamps_are_read_as_imprecise(write):
    dataset = load(write(toml('rounded = "hour"'), INCIDENTS, CHANGES))
    width = (dataset.incidents["started_at_before"] - dataset.incidents["started_at"]).dt.total_seconds() / 60
    assert width.tolist() == [60, 0]
    stated = INCIDENTS.replace("services", "services,started_at_precision").replace("payments\n", "payments,minute\n")
    exact = load(write(toml('rounded = "hour"'), stated, CHANGES))
    assert (exact.incidents["started_at_before"] == exact.incidents["started_at"]).all()


def test_aliases_give_a_service_one_name(write):
    edges = "service,depends_on\nweb,Payments API\npayments-prod,payments\n"
    aliases = '[services]\npath = "deps.csv"\n[aliases]\n"Payments API" = "payments"\npayments-prod = "payments"\nwebb = "web"\n'
    dataset = load(write(toml(end=aliases), INCIDENTS, CHANGES, deps__csv=edges))
    assert dataset.incidents["services"].tolist() == [["payments"], ["web"]]
    assert dataset.changes["services"].tolist() == [["payments"], ["web"]]
    assert dataset.dependencies[["service", "depends_on"]].to_numpy().tolist() == [["web", "payments"]]
    said = dataset.notes[dataset.notes["table"] == "dependencies"]
    assert said[["file", "found", "expected", "remedy"]].to_numpy().tolist() == [
        ["dataset.toml", "'webb'", "a service of a log; the nearest is 'web'", "Mend or remove the alias."],
        [
            "deps.csv",
            "'payments'",
            "another service",
            "By its alias the service depends on itself; the row is left out.",
        ],
    ]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            toml(changes='kinds = { x = "deploi" }'),
            "dataset.toml, line 7: found [changes] kinds = {'x': 'deploi'}; expected word of the log = one of deploy, config, "
            "feature_flag, database, infrastructure, data, policy, staffing, other (found 'x' = 'deploi'; the nearest is 'deploy'). "
            "Mend the value.",
        ),
        (
            toml(incidents='kinds = { x = "deploy" }'),
            "dataset.toml, line 4: found [incidents] kinds; expected this key under [changes] only. Move or remove it.",
        ),
        (
            toml(changes='statuses = { x = "open" }'),
            "dataset.toml, line 7: found [changes] statuses; expected this key under [incidents] only. Move or remove it.",
        ),
        (
            toml(end='[aliases]\na = "b"\nb = "c"'),
            "dataset.toml, line 8: found aliases = {'a': 'b', 'b': 'c'}; expected name in a log = the service's own name, which is no "
            "alias itself (found 'a' = 'b'). Mend the value.",
        ),
        (
            toml(incidents="time_format = []"),
            'dataset.toml, line 4: found [incidents] time_format = []; expected a strptime format such as "%d/%m/%Y %H:%M", or a '
            "list of them. Mend the value.",
        ),
        (
            toml(incidents='rounded = "week"'),
            "dataset.toml, line 4: found [incidents] rounded = 'week'; expected '', 'hour' or 'day'. Mend the value.",
        ),
    ],
)
def test_wrong_words_are_refused_with_their_line(write, settings, message):
    with pytest.raises(InputError) as error:
        load(write(settings, INCIDENTS, CHANGES))
    assert str(error.value) == message
