"""dataset.toml: a wrong key or value is named with its line and what was expected."""

from __future__ import annotations

import pytest
from conftest import TOML

from aftershock import load
from aftershock.dataset.settings import Log, Settings
from aftershock.schema.errors import InputError
from aftershock.sources import names


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (
            TOML + 'horizn = "72h"\n',
            "dataset.toml, line 7: found the key '[changes] horizn'; expected one of path, format, timezone, columns, "
            "list_separator, delimiter, sheet, time_format, history, id_from, only, rounded, severity, statuses, collected, kinds, kind, service, environment, "
            "prefix, deployments, label, repository, ref, since, paths, services. Remove or rename it.",
        ),
        (
            TOML.replace("timezone", "timzone"),
            "dataset.toml, line 2: found the key 'timzone'; expected one of name, description, timezone, simulated, "
            "reference, incidents, changes, services, attribution, baseline, slo, masking, aliases; the nearest is 'timezone'. Remove or rename it.",
        ),
        (
            TOML + '[slo]\ntargets = { shop = "100 %" }\n',
            "dataset.toml, line 8: found [slo] targets = {'shop': '100 %'}; expected service = the share of time that it is to be up, "
            "below 100 %, such as \"99.9 %\" or 0.999; of 100 % there is no error budget (found 'shop'). Fix the value.",
        ),
        (
            TOML + "[slo]\ntargets = { shop = 99.9 }\n",
            "dataset.toml, line 8: found [slo] targets = {'shop': 99.9}; expected service = the share of time that it is to be up, "
            'below 100 %, such as "99.9 %" or 0.999 (found 99.9). Fix the value.',
        ),
        (
            TOML.replace('"UTC"', '"Europe/Berln"'),
            "dataset.toml, line 2: found timezone = 'Europe/Berln'; expected a time zone such as Europe/Berlin; "
            "the nearest is 'Europe/Berlin'. Fix the value.",
        ),
        (
            TOML + 'format = "cvs"\n',
            f"dataset.toml, line 7: found [changes] format = 'cvs'; expected one of {', '.join(names('changes'))}; the nearest "
            "is 'csv'. Fix the value.",
        ),
        (
            TOML + 'delimiter = "\\""\n',
            "dataset.toml, line 7: found [changes] delimiter = '\"'; expected one character that is neither a quote nor a "
            "line break. Fix the value.",
        ),
        (
            TOML + 'delimiter = "\\n"\n',
            "dataset.toml, line 7: found [changes] delimiter = '\\n'; expected one character that is neither a quote nor a "
            "line break. Fix the value.",
        ),
        (
            TOML + '[attribution]\nhorizon = "1y"\n',
            "dataset.toml, line 8: found [attribution] horizon = '1y'; expected a duration between 10min and "
            '60d, such as "72h". Fix the value.',
        ),
        (
            TOML.replace('"changes.csv"', '"../changes.csv"'),
            "dataset.toml: found path = '../changes.csv'; expected a path inside the dataset's folder. "
            "Copy or mount the file into the folder.",
        ),
        (
            TOML.replace('"changes.csv"', '"change.csv"'),
            "dataset.toml: found path = 'change.csv', which does not exist; expected a file of the folder; the "
            "nearest is 'changes.csv'. The folder holds changes.csv, dataset.toml, incidents.csv.",
        ),
    ],
)
def test_a_wrong_setting_names_the_right_one(write, toml, message):
    with pytest.raises(InputError) as failed:
        load(write(toml))
    assert str(failed.value) == message


def test_the_default_of_a_section_is_csv():
    assert Log(path="x.csv").format == "csv"


@pytest.mark.parametrize("form", ["%Q", "%Y-%m-%d %Z", "%Y%", "%Y" * 2000, "%c%c", "%j" * 3, "%Y " + "x" * 100_000])
def test_an_impossible_time_format_is_refused(write, form):
    with pytest.raises(InputError, match="expected a strptime format without %Z") as refused:
        load(write(TOML + f'time_format = "{form}"\n'))
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("x = " + "[" * 50_000, "values nested hundreds deep"),
        ("x = " + "{a=" * 5_000, "values nested hundreds deep"),
        (".".join("a" * 20_000) + " = 1", "line 7: found a key of more than 8 parts"),
        ("[" + '."b"' * 20_000 + "]", "line 7: found a key of more than 8 parts"),
        ("x = '" + "y" * 1_000_000 + "'", "more than 1,000,000 bytes"),
        ('[masking]\nnames = ["a\\u0000b"]', "a NUL character in 'a\\x00b'"),
    ],
    ids=["lists", "tables", "a key", "a heading", "size", "NUL"],
)
def test_what_no_settings_have_is_refused_at_once(write, toml, message):
    with pytest.raises(InputError) as refused:
        load(write(TOML + toml.replace('[."b"', '[a."b"')))
    assert message in str(refused.value) and len(str(refused.value)) < 400


def test_sentences_and_names_with_dots_are_settings_like_others(write):
    text = "Hosts such as a.b.c.d.e.f.g.h.i.j.k.example.com. One. Two. Three. Four. Five. Six. Seven. Eight. Nine."
    assert load(write(f'description = "{text}"\n' + TOML)).settings.description == text


@pytest.mark.parametrize("key", ["path", "format", "delimiter"])
def test_a_nul_in_a_path_is_refused(write, key):
    with pytest.raises(InputError, match=r"found a NUL character in 'x.x00'"):
        load(write(TOML.replace('path = "incidents.csv"', f'{key} = "x\\u0000"')))


HEAD = 'name = "small"\n'


WORDED_INCIDENTS = "incident_id,started_at,status,services\ni1,2024-01-10T12:00Z,Erledigt,Payments API;payments\ni2,2024-02-10T12:07Z,In-Arbeit,web\n"


WORDED_CHANGES = "change_id,started_at,kind,services\nc1,2024-01-10T11:00Z,Hotfix Train,payments-prod\nc2,2024-02-10T11:00Z,DEPLOY,web\n"


def toml(incidents: str = "", changes: str = "", end: str = "") -> str:
    return (
        f'{HEAD}[incidents]\npath = "incidents.csv"\n{incidents}\n[changes]\npath = "changes.csv"\n{changes}\n{end}\n'
    )


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
            "dataset.toml, line 7: found [changes] statuses: 'x' = 'open'; expected one of done, failed, in progress, planned, cancelled. Fix the value.",
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
        load(write(settings, WORDED_INCIDENTS, WORDED_CHANGES))
    assert str(error.value) == message


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
        load(write(settings, WORDED_INCIDENTS, WORDED_CHANGES))
    assert message in str(raised.value)


def test_grades_are_those_given_else_those_of_the_format():
    def graded(**log: object) -> list[str]:
        return Settings(name="x", incidents=[Log(path="x", **log)], changes=[]).severity

    assert graded(format="cstate") == ["down", "disrupted", "notice"]
    assert graded(format="cstate", severity=["notice", "down"]) == ["notice", "down"]
    assert graded(format="csv") == graded(format="own.toml") == []
