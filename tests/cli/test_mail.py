"""The mail server of the environment, and what it answers."""

from __future__ import annotations

from email.message import EmailMessage

import mail_server
import pytest
from commands import run
from small_pages import write_page

from aftershock.cli.mail import PREFIX, Server
from aftershock.schema.errors import AftershockError, UsageError


def environment(**given: str) -> dict[str, str]:
    return {PREFIX + name: value for name, value in given.items()}


def letter(*to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", ", ".join(to), "Calm"
    mail.set_content("Nothing.")
    return mail


def test_the_environment_says_which_server_and_how():
    assert Server.from_environment(environment(HOST="mail", USER="u", PASSWORD="p")) == Server(
        "mail", 587, "starttls", "u", "p"
    )
    assert Server.from_environment(environment(HOST="mail", SECURITY="SSL")).port == 465
    assert Server.from_environment(environment(HOST="mail", SECURITY="none", PORT="2525")).port == 2525


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "no mail server: set AFTERSHOCK_SMTP_HOST"),
        (
            {"HOST": "m", "SECURITY": "tls"},
            "found AFTERSHOCK_SMTP_SECURITY = 'tls'; expected one of starttls, ssl, none",
        ),
        ({"HOST": "m", "PORT": "0"}, "found AFTERSHOCK_SMTP_PORT = '0'; expected a number from 1 to 65535"),
        ({"HOST": "m", "USER": "u"}, "expected AFTERSHOCK_SMTP_USER and AFTERSHOCK_SMTP_PASSWORD, both or neither"),
        ({"HOST": "m", "SECURITY": "none", "USER": "u", "PASSWORD": "secret"}, "would send the password unencrypted"),
    ],
)
def test_what_cannot_be_meant_is_refused_without_the_password(given, said):
    with pytest.raises(UsageError) as refused:
        Server.from_environment(environment(**given))
    assert said in str(refused.value) and "secret" not in str(refused.value)


def test_a_mail_is_handed_in():
    with mail_server.running() as server:
        Server("127.0.0.1", server.port, "none", "", "").send(letter("b@example.org", "c@example.org"))
    assert len(server.taken) == 1 and b"Subject: Calm" in server.taken[0] and len(server.recipients) == 2


def test_a_server_without_encryption_gets_nothing_unless_that_was_said():
    with (
        mail_server.running() as server,
        pytest.raises(AftershockError, match=r"offers no starttls: .* Nothing was sent"),
    ):
        Server("127.0.0.1", server.port, "starttls", "", "").send(letter("b@example.org"))
    assert not server.taken


def test_refused_recipients_are_named():
    with mail_server.running() as server:
        to = Server("127.0.0.1", server.port, "none", "", "")
        with pytest.raises(AftershockError, match=r"refused nobody@example.org; the others"):
            to.send(letter("b@example.org", "nobody@example.org"))
        with pytest.raises(AftershockError, match=r"refused nobody@example.org"):
            to.send(letter("nobody@example.org"))
    assert len(server.taken) == 1


def test_a_server_that_is_not_there_is_an_error_in_words():
    with mail_server.running() as server:
        port = server.port
    with pytest.raises(
        AftershockError, match=rf"the mail server 127.0.0.1:{port} did not take the mail: .* Nothing was sent"
    ):
        Server("127.0.0.1", port, "none", "", "").send(letter("b@example.org"))


def test_a_dry_run_writes_the_mail_and_an_internal_page_is_not_for_outside(tmp_path):
    page = write_page(tmp_path / "a.html", audience="internal")
    wanted = [
        "mail",
        str(page),
        "--to",
        "sre@example.org",
        "--from",
        "a@example.org",
        "--dry-run",
        str(tmp_path / "m.eml"),
    ]
    refused = run(*wanted)
    assert refused.returncode == 2 and "not for public readers" in refused.stderr and not (tmp_path / "m.eml").exists()
    done = run(*wanted, "--audience", "internal")
    assert done.returncode == 0, done.stderr
    assert b"Subject: Calm" in (tmp_path / "m.eml").read_bytes()
