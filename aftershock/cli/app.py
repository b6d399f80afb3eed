"""The command line. Exit codes: 0 all well, 1 something failed, 2 wrong usage."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from aftershock import __version__
from aftershock.cli import fetch
from aftershock.cli.backtest import backtest
from aftershock.cli.check import check
from aftershock.cli.formats import formats
from aftershock.cli.gallery import gallery
from aftershock.cli.init import init
from aftershock.cli.mail import mail
from aftershock.cli.masked import masked
from aftershock.cli.postmortem import postmortem
from aftershock.cli.publish import publish
from aftershock.cli.report import report
from aftershock.cli.simulate import simulate
from aftershock.cli.suspects import suspects
from aftershock.cli.verdict import verdict
from aftershock.cli.verdicts import verdicts
from aftershock.cli.why import why
from aftershock.output.terminal import make_usable, say
from aftershock.schema.errors import AftershockError, UsageError

#: In the order in which they are met, each with an example of its arguments.
COMMANDS: dict[Callable[..., None], str] = {
    init: "data/mine incidents.csv deployments.json",
    check: "data/mine",
    suspects: "data/demo --top 5 --output suspects.csv",
    why: "tw-2023-02-08 chg-2023-02-08-ratedata --dataset twitter-2023",
    verdict: 'data/mine INC-104 none --by "incident review" --note "disk"',
    verdicts: "data/mine",
    backtest: "data/demo --labels data/demo/truth.csv",
    publish: "/srv/www/reports --audience internal",
    mail: "reports/mine/2025-10/index.html --to sre@example.org --dry-run mail.eml",
    masked: "data/mine --audience public",
    formats: "pagerduty",
    simulate: "data/trial --seed 7 --services 20 --changes 3000",
    gallery: "--output gallery.html",
}

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Which change probably set each outage off, how sure that is, and what the month looks like.",
)
for command, example in COMMANDS.items():
    app.command(epilog=f"Example: aftershock {command.__name__} {example}")(command)
app.add_typer(report, name="report")
app.add_typer(postmortem, name="postmortem")
app.add_typer(fetch.app, name="fetch")


def _version(wanted: bool) -> None:
    if wanted:
        say(f"aftershock {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def run() -> None:
    """Run the command line; errors that a user can fix are printed without a traceback."""
    make_usable()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that temporary files go
    try:
        app()
    except UsageError as error:
        sys.exit(_print_error(error, 2))
    except AftershockError as error:
        sys.exit(_print_error(error, 1))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        place = error.filename or "standard output"
        sys.exit(_print_error(AftershockError(f"cannot use {place}: {error.strerror or error}"), 1))


def _print_error(error: AftershockError, code: int) -> int:
    say(*f"aftershock: {error}".splitlines(), error=True)
    return code
