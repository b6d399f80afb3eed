"""The command line. Exit codes: 0 all well, 1 something failed, 2 wrong usage."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from aftershock import __version__
from aftershock.commands import fetch
from aftershock.commands.backtest import backtest
from aftershock.commands.check import check
from aftershock.commands.formats import formats
from aftershock.commands.gallery import gallery
from aftershock.commands.init import init
from aftershock.commands.masked import masked
from aftershock.commands.options import Dataset, PriorsFile, priors_of
from aftershock.commands.publish import publish
from aftershock.commands.report import report
from aftershock.commands.verdict import verdict
from aftershock.commands.verdicts import verdicts
from aftershock.errors import AftershockError, UsageError
from aftershock.terminal import say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Which change probably set each outage off, how sure that is, and what the month looks like.",
)
app.add_typer(report, name="report")
app.command(epilog="Example: aftershock publish /srv/www/reports --audience internal")(publish)
app.command(epilog="Example: aftershock masked data/mine --audience public")(masked)
app.add_typer(fetch.app, name="fetch")
app.command(epilog="Example: aftershock formats pagerduty")(formats)


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


@app.command(epilog="Example: aftershock suspects data/demo --top 5 --output suspects.csv")
def suspects(
    dataset: Dataset,
    output: Annotated[Path, typer.Option("--output", "-o", help="CSV to write; - for the terminal.")] = Path("-"),
    top: Annotated[int | None, typer.Option(min=1, help="Only the first N of each incident; default all.")] = None,
    blind: Annotated[bool, typer.Option("--blind", help="Ignore verdicts.")] = False,
    as_of: Annotated[
        str, typer.Option("--as-of", help="onset: read nothing that came after an incident's start.")
    ] = "now",
    priors: PriorsFile = "",
) -> None:
    """Write the ranked suspects of every incident as CSV; "none" stands for "no recorded change"."""
    if as_of not in ("now", "onset"):
        raise UsageError(f"--as-of {as_of!r}: expected now or onset")
    from aftershock import attribute, load
    from aftershock.exports import write_suspects

    found = attribute(load(dataset), blind=blind, as_of_onset=as_of == "onset", priors=priors_of(priors))
    write_suspects(found, output, top)


@app.command(epilog="Example: aftershock why tw-2023-02-08 chg-2023-02-08-ratedata --dataset twitter-2023")
def why(
    incident: Annotated[str, typer.Argument(help="An incident's id.")],
    change: Annotated[str, typer.Argument(help="A change's id, or none.")],
    dataset: Annotated[
        str,
        typer.Option(
            "--dataset",
            "-d",
            help="A dataset folder; default this folder, else the shipped dataset that has the incident.",
        ),
    ] = "",
) -> None:
    """Tell why a change is, or is not, a suspect of an incident."""
    from aftershock import attribute
    from aftershock.dataset import holding
    from aftershock.why import why as explain

    say(*explain(attribute(holding(incident, dataset)), incident, change))


@app.command(epilog="Example: aftershock simulate data/trial --seed 7 --services 20 --changes 3000")
def simulate(
    folder: Annotated[Path, typer.Argument(help="A new folder for the dataset.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 20250,
    start: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="First day.")] = datetime(2025, 1, 1),
    months: Annotated[int, typer.Option(min=1)] = 12,
    services: Annotated[int, typer.Option(min=1)] = 40,
    changes: Annotated[int, typer.Option(min=0)] = 8000,
    background: Annotated[int, typer.Option(min=0, help="Incidents that no change sets off.")] = 70,
) -> None:
    """Write a made-up company's logs with known causes (in truth.csv), to try things on."""
    from aftershock import simulation

    fleet = simulation.Fleet(
        seed=seed,
        start=start.date(),
        months=months,
        services=services,
        changes=changes,
        background_incidents=background,
    )
    written = simulation.write(simulation.simulate(fleet), folder)
    say(f"{written}: simulated; aftershock suspects {written}")


app.command(epilog="Example: aftershock gallery --output gallery.html")(gallery)
app.command(epilog='Example: aftershock verdict data/mine INC-104 none --by "incident review" --note "disk"')(verdict)
app.command(epilog="Example: aftershock verdicts data/mine")(verdicts)
app.command(epilog="Example: aftershock check data/mine")(check)
app.command(epilog="Example: aftershock init data/mine incidents.csv deployments.json")(init)
app.command(epilog="Example: aftershock backtest data/demo --labels data/demo/truth.csv")(backtest)


def main() -> None:
    """Run the command line; errors that a user can mend are printed without a traceback."""
    try:
        app()
    except UsageError as error:
        sys.exit(_said(error, 2))
    except AftershockError as error:
        sys.exit(_said(error, 1))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


def _said(error: AftershockError, code: int) -> int:
    say(*f"aftershock: {error}".splitlines(), error=True)
    return code
