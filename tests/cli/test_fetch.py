"""``aftershock fetch``: what it prints, where it writes, and that the token is nowhere in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from fake_services import (
    SECRET,
    PagerDuty,
    Reply,
    many,
    serving,
)

from aftershock.cli.app import app
from aftershock.schema.errors import UsageError


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    kept = {k: v for k, v in os.environ.items() if "TOKEN" not in k}
    return subprocess.run(
        [sys.executable, "-m", "aftershock", "fetch", *arguments],
        capture_output=True,
        env={**kept, "NO_COLOR": "1", "COLUMNS": "200", "PYTHONDEVMODE": "1", **environment},
        check=False,
    )


def test_the_command_fetches_and_says_where(tmp_path):
    raw = tmp_path / "raw"
    with serving(PagerDuty(many(2), [])) as server:
        done = command(
            "pagerduty",
            "--since",
            "2025-01-01",
            "--until",
            "2025-01-31",
            "--to",
            str(raw),
            "--url",
            server.url,
            PAGERDUTY_TOKEN=SECRET,
        )
    assert (done.returncode, done.stderr.decode()) == (
        0,
        "incidents 2025-01-01 to 2025-02-01: 2 records\nchange_events 2025-01-01 to 2025-02-01: 0 records\n",
    )
    assert done.stdout.decode().startswith(
        f'{raw}/incidents: 2 records on 1 page, 1 of them fetched now; read under [incidents] by format = "pagerduty"\n'
        f'{raw}/change_events: 0 records on 1 page, 1 of them fetched now; read under [changes] by format = "pagerduty"\n'
    )


def test_the_token_is_in_no_byte_of_what_the_command_leaves(tmp_path):
    """The server repeats the header in its error, in every form that hides it badly."""

    def echoing(asked):
        header = asked.headers["Authorization"]
        refusal = {"error": {"message": f"bad header {header!r} " * 12, "header": header}}
        return Reply(json.dumps(refusal).encode(), 401, {"X-Echo": header, "WWW-Authenticate": header})

    with serving(echoing) as server:
        done = command(
            "pagerduty",
            "--since",
            "2025-01-01",
            "--to",
            str(tmp_path / "raw"),
            "--url",
            server.url,
            PAGERDUTY_TOKEN=SECRET,
        )
    left = done.stdout + done.stderr + b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert done.returncode == 1
    assert (
        b"status 401 (the token is not valid (or none was given)); it says: bad header 'Token token=(the token)'"
        in done.stderr
    )
    for start in range(len(SECRET) - 9):
        assert SECRET[start : start + 10].encode() not in left


def test_without_a_token_nothing_is_asked_or_made(tmp_path):
    done = command("pagerduty", "--since", "2025-01-01", "--to", str(tmp_path / "raw"))
    assert (done.returncode, done.stderr.decode()) == (
        2,
        "aftershock: pagerduty needs a token: set AFTERSHOCK_PAGERDUTY_TOKEN or PAGERDUTY_TOKEN in the environment\n",
    )
    assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pagerduty", "--since", "2099-01-01"], "--since 2099-01-01 lies after today"),
        (["pagerduty", "--since", "2025-02-01", "--until", "2025-01-01"], "--since 2025-02-01 lies after --until"),
        (
            ["pagerduty", "--since", "2025-01-01", "--only", "incident"],
            "--only 'incident': expected one of incidents, change_events; the nearest is 'incidents'",
        ),
        (
            ["statuspage", "no page", "--since", "2025-01-01"],
            "'no page' is not a status page: expected its id, such as kctbh9vrtdwd, or its address, such as https://status.example.com",
        ),
    ],
)
def test_wrong_usage_is_said_before_anything_is_asked(tmp_path, arguments, message):
    with pytest.raises(UsageError) as error:
        app(["fetch", *arguments, "--to", str(tmp_path / "raw")], standalone_mode=False)
    assert str(error.value) == message
    assert not (tmp_path / "raw").exists()
