"""What dataset.toml says of a log's own words: kinds, statuses, names of services, rounded times."""

from __future__ import annotations

import pytest

from aftershock import load
from aftershock.schema.errors import InputError

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
        ["dataset.toml", "'webb'", "a service of a log; the nearest is 'web'", "Fix or remove the alias."],
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
            "Fix the value.",
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
            "dataset.toml, line 8: found aliases = {'a': 'b', 'b': 'c'}; expected name in a log = the service's own name, which is not an "
            "alias itself (found 'a' = 'b'). Fix the value.",
        ),
        (
            toml(incidents="time_format = []"),
            'dataset.toml, line 4: found [incidents] time_format = []; expected a strptime format such as "%d/%m/%Y %H:%M", or a '
            "list of them. Fix the value.",
        ),
        (
            toml(incidents='rounded = "week"'),
            "dataset.toml, line 4: found [incidents] rounded = 'week'; expected '', 'hour' or 'day'. Fix the value.",
        ),
    ],
)
def test_wrong_words_are_refused_with_their_line(write, settings, message):
    with pytest.raises(InputError) as error:
        load(write(settings, INCIDENTS, CHANGES))
    assert str(error.value) == message


RULES = """
[[changes.kind]]
kind = "deploy"
title = ["bump *", "/^release v\\\\d/"]
path = "charts/*"
[[changes.kind]]
kind = "staffing"
author = "on?call"
[[changes.kind]]
kind = "policy"
repository = "/handbook$/"
[[changes.kind]]
kind = "data"
title = "*"
path = "charts/*"
"""
RULED = """change_id,started_at,kind,title,author,repository,paths
c1,2024-01-01,config,Bump cart,x,y,README.md;charts/cart/values.yaml
c2,2024-01-02,config,Release v2,x,y,charts/a.yaml
c3,2024-01-03,config,Release 2,x,y,charts/a.yaml
c4,2024-01-04,config,Do not bump cart,oncall,us/handbook,a.yaml
c5,2024-01-05,config,Bump cart,On-Call,y,a.yaml
c6,2024-01-06,config,Bump cart,x,us/HANDBOOK,a.yaml
c7,2024-01-07,config,Bump cart,x,us/handbook/x,a.yaml
c8,2024-01-08,,Bump cart image,x,,
"""


def test_the_first_rule_that_matches_gives_a_change_its_kind(write):
    """Whole texts for patterns, anywhere for regular expressions; every field of a rule, one pattern of each."""
    dataset = load(write(toml(end=RULES), INCIDENTS, RULED))
    kinds = dict(zip(dataset.changes["change_id"], dataset.changes["kind"], strict=True))
    assert kinds == {
        "c1": "deploy",
        "c2": "deploy",
        "c3": "data",
        "c4": "policy",
        "c5": "staffing",
        "c6": "policy",
        "c7": "config",
        "c8": "deploy",
    }


def rule(*lines: str) -> str:
    return toml(end="\n".join(['[[changes.kind]]\nkind = "data"\ntitle = "*"\n[[changes.kind]]', *lines]))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            rule('kind = "deploi"', 'title = "*"'),
            "dataset.toml, line 12: found [[changes.kind]] 2: kind = 'deploi'; expected one of deploy, config, feature_flag, database, "
            "infrastructure, data, policy, staffing, other; the nearest is 'deploy'. Fix the value.",
        ),
        (
            rule('kind = "deploy"', 'tittle = "*"'),
            "dataset.toml, line 13: found the key '[[changes.kind]] 2: tittle'; expected one of title, path, author, repository, kind; "
            "the nearest is 'title'. Remove or rename it.",
        ),
        (
            rule('kind = "deploy"', 'title = "/(/"'),
            "dataset.toml, line 13: found [[changes.kind]] 2: title = '/(/'; expected a regular expression between slashes (in '/(/': "
            "missing ), unterminated subpattern at position 0). Fix the value.",
        ),
        (
            rule('kind = "deploy"', "title = 3"),
            'dataset.toml, line 13: found [[changes.kind]] 2: title = 3; expected a pattern such as "charts/*" or "/^bump /", or a '
            "list of them. Fix the value.",
        ),
        (
            rule('title = "*"'),
            "dataset.toml, line 11: found no '[[changes.kind]] 2: kind'; expected the key '[[changes.kind]] 2: kind'. "
            "Add it; docs/datasets.md shows where.",
        ),
        (
            rule('kind = "deploy"'),
            "dataset.toml, line 11: found [[changes.kind]] 2 = {'kind': 'deploy'}; expected a pattern under one of title, path, author, "
            "repository next to the kind. Fix the value.",
        ),
        (
            toml(changes='deployments = ["deploy", "confog"]'),
            "dataset.toml, line 7: found [changes] deployments = 'confog'; expected one of deploy, config, feature_flag, database, "
            "infrastructure, data, policy, staffing, other; the nearest is 'config'. Fix the value.",
        ),
        (
            toml(incidents='deployments = ["deploy"]'),
            "dataset.toml, line 4: found [incidents] deployments; expected this key under [changes] only. Move or remove it.",
        ),
    ],
)
def test_a_wrong_rule_is_named_with_its_line(write, settings, message):
    with pytest.raises(InputError) as raised:
        load(write(settings, INCIDENTS, CHANGES))
    assert message in str(raised.value)
