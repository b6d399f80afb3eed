"""``aftershock mail``: reports to people who read mail."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Annotated

import typer

from aftershock.cli.output_file import check_output
from aftershock.output import files
from aftershock.output.terminal import say
from aftershock.schema.errors import AftershockError, UsageError

PREFIX = "AFTERSHOCK_SMTP_"
PORTS = {"starttls": 587, "ssl": 465, "none": 25}
TIMEOUT = 30  # seconds for each answer of the server
LOCAL = ("localhost", "127.0.0.1", "::1")
Readers = Annotated[
    str, typer.Option(help="Who the recipients are: public, internal or private. Reports for fewer stop it.")
]


@dataclass(frozen=True)
class Server:
    """Where mail is handed in."""

    host: str
    port: int
    security: str
    user: str
    password: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Server:
        """As AFTERSHOCK_SMTP_HOST, _PORT, _SECURITY, _USER and _PASSWORD say; UsageError for what cannot be meant."""
        given = {name: environment.get(PREFIX + name, "") for name in ("HOST", "PORT", "SECURITY", "USER", "PASSWORD")}
        if not given["HOST"]:
            raise UsageError(f"no mail server: set {PREFIX}HOST, or write the mail into a file with --dry-run mail.eml")
        security = given["SECURITY"].lower() or "starttls"
        if security not in PORTS:
            raise UsageError(f"found {PREFIX}SECURITY = {security!r}; expected one of {', '.join(PORTS)}")
        port = given["PORT"] or str(PORTS[security])
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise UsageError(f"found {PREFIX}PORT = {port!r}; expected a number from 1 to 65535")
        if bool(given["USER"]) != bool(given["PASSWORD"]):
            raise UsageError(f"expected {PREFIX}USER and {PREFIX}PASSWORD, both or neither")
        if given["PASSWORD"] and security == "none" and given["HOST"] not in LOCAL:
            raise UsageError(f"{PREFIX}SECURITY = 'none' would send the password unencrypted; expected starttls or ssl")
        return cls(given["HOST"], int(port), security, given["USER"], given["PASSWORD"])

    def send(self, mail: EmailMessage) -> None:
        """Hand the mail in; AftershockError with what the server said where it does not take it from everybody to everybody."""
        trusted = ssl.create_default_context()
        try:
            if self.security == "ssl":
                connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=trusted)
            else:
                connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
            with connection:
                if self.security == "starttls":
                    connection.starttls(context=trusted)
                if self.user:
                    connection.login(self.user, self.password)
                refused = connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except smtplib.SMTPNotSupportedError as error:
            raise AftershockError(
                f"{self._name} offers no {self.security}: {_said(error)}. Nothing was sent; {PREFIX}SECURITY says how to connect."
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise AftershockError(f"{self._name} did not take the mail: {_said(error)}. Nothing was sent.") from error
        if refused:
            from aftershock.output.phrases import listed

            raise AftershockError(
                f"{self._name} refused {listed(sorted(refused))}; the others, if any, were sent the mail."
            )

    @property
    def _name(self) -> str:
        return f"the mail server {self.host}:{self.port}"


def _said(error: Exception) -> str:
    """What went wrong in a line: the server's own words where it answered."""
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
        return f"{error.smtp_code} {' '.join(text.split())[:200]}"
    return " ".join(str(error).split()).rstrip(".")[:200] or type(error).__name__


def mail(
    pages: Annotated[list[Path], typer.Argument(metavar="PAGE…", help="Rendered reports, the most important first.")],
    to: Annotated[list[str], typer.Option("--to", help="An address; several times for several.")],
    sender: Annotated[
        str, typer.Option("--from", help="The sender's address.", envvar=f"{PREFIX}FROM", show_default=False)
    ] = "",
    subject: Annotated[str, typer.Option(help="Subject; default the title of the first report.")] = "",
    audience: Readers = "public",
    dry_run: Annotated[
        Path | None, typer.Option("--dry-run", metavar="FILE.eml", help="Write the mail into a file and send nothing.")
    ] = None,
) -> None:
    """Send reports by mail: what they say as text and HTML, a picture, the pages attached. The server is read from the environment:
    AFTERSHOCK_SMTP_HOST, _PORT, _SECURITY (starttls, ssl or none), _USER, _PASSWORD, _FROM."""
    from aftershock.output.phrases import plural
    from aftershock.rendering import mail as mails

    if not sender:
        raise UsageError(f"no sender: name one with --from, or set {PREFIX}FROM")
    server = None if dry_run else Server.from_environment(os.environ)
    if dry_run:
        check_output(dry_run)
    written = mails.message(pages, sender=sender, recipients=to, audience=audience, subject=subject)
    if server:
        server.send(written)
        say(f"sent to {plural(len(to), 'address', 'addresses')}: {written['Subject']}")
    elif dry_run:
        files.write_whole(dry_run, bytes(written))
        say(f"written, not sent: {dry_run}")
