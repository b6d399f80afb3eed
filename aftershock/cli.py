"""The command line. Exit codes: 0 all well, 1 something failed, 2 wrong usage."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from aftershock import __version__
from aftershock.commands import fetch
from aftershock.commands.backtest import AsOf, Folds, Labels, backtest
from aftershock.commands.check import check
from aftershock.commands.formats import formats
from aftershock.commands.gallery import gallery
from aftershock.commands.options import Dataset, Output, PriorsFile, Workers, priors_of
from aftershock.commands.verdict import verdict
from aftershock.commands.verdicts import verdicts
from aftershock.errors import AftershockError, UsageError
from aftershock.terminal import lines, plain

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Which change probably set each outage off, how sure that is, and what the month looks like.",
)
report = typer.Typer(
    invoke_without_command=True,
    help="Render reports: HTML, and their numbers as JSON beside it.",
    epilog="Without a subcommand: every month and incident of twitter-2023 and the last month of demo.",
)
app.add_typer(report, name="report")
app.add_typer(fetch.app, name="fetch")
app.command(epilog="Example: aftershock formats pagerduty")(formats)

REPORTS = Path("reports")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"aftershock {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@report.callback()
def _report(context: typer.Context, output: Output = REPORTS, workers: Workers = None) -> None:
    if context.invoked_subcommand is not None:
        given = [name for name in ("output", "workers") if context.get_parameter_source(name).name == "COMMANDLINE"]
        if given:
            raise UsageError(
                f"write --{given[0]} behind the subcommand: aftershock report {context.invoked_subcommand} … --{given[0]} …"
            )
    else:
        from aftershock.rendering import plan

        _render(plan.shipped(), output, workers)


@report.command("month", epilog="Example: aftershock report month data/demo --month 2025-11")
def report_month(
    dataset: Dataset,
    month: Annotated[str, typer.Option(help="YYYY-MM; default the last month covered.")] = "",
    incidents: Annotated[bool, typer.Option(help="Also render the postmortem of each incident of the month.")] = True,
    output: Output = REPORTS,
    workers: Workers = None,
) -> None:
    """Render the review of one month."""
    from aftershock.rendering import plan

    _render(plan.month(dataset, month, with_incidents=incidents), output, workers)


@report.command("incident", epilog="Example: aftershock report incident twitter-2023 tw-2023-03-06")
def report_incident(
    dataset: Dataset,
    incident_ids: Annotated[list[str], typer.Argument(metavar="ID…", help="One or more incidents.")],
    output: Output = REPORTS,
    workers: Workers = None,
) -> None:
    """Render the postmortem of one or more incidents."""
    from aftershock.rendering import plan

    _render(plan.incidents(dataset, incident_ids), output, workers)


@report.command("check", epilog="Example: aftershock report check data/demo --labels data/demo/truth.csv")
def report_check(
    dataset: Dataset,
    labels: Labels = None,
    as_of: AsOf = "onset",
    folds: Folds = 5,
    output: Output = REPORTS,
    workers: Workers = None,
) -> None:
    """Render how far the answers can be trusted: beside known causes, and what to expect without any."""
    from aftershock.rendering import plan

    _render(plan.check_model(dataset, labels=labels, as_of=as_of, folds=folds), output, workers)


@report.command("quality", epilog="Example: aftershock report quality data/mine")
def report_quality(dataset: Dataset, output: Output = REPORTS, workers: Workers = None) -> None:
    """Render what is wrong with the logs, how to mend it, and how far each flaw bends the answers.

    Logs that cannot be read have this report too: it says why.
    """
    from aftershock.rendering import plan

    _render(plan.quality(dataset), output, workers)


@report.command("all", epilog="Example: aftershock report all twitter-2023 demo --output /srv/reports")
def report_all(
    datasets: Annotated[list[str], typer.Argument(metavar="DATASET…", help="One or more dataset folders.")],
    output: Output = REPORTS,
    workers: Workers = None,
) -> None:
    """Render every month, every incident, the model check and the log quality of one or more datasets."""
    from aftershock.rendering import plan

    _render(plan.all_of(datasets), output, workers)


def _render(jobs: list, output: Path, workers: int | None) -> None:
    from aftershock.rendering import batch, progress, site

    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AftershockError(
            f"cannot write into {output}: {error.strerror}. Choose a folder that you may write to."
        ) from error
    with progress.reporter(len(jobs)) as done:
        results = batch.render(jobs, output, workers=workers, progress=done)
    index = site.write_index(output)
    failed = [r for r in results if not r.ok]
    typer.echo(f"{len(results) - len(failed)} of {len(results)} reports rendered: {index}")
    if failed:
        raise typer.Exit(1)


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

    typer.echo(lines(explain(attribute(holding(incident, dataset)), incident, change)))


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
    typer.echo(f"{written}: simulated; aftershock suspects {written}")


app.command(epilog="Example: aftershock gallery --output gallery.html")(gallery)
app.command(epilog='Example: aftershock verdict data/mine INC-104 none --by "incident review" --note "disk"')(verdict)
app.command(epilog="Example: aftershock verdicts data/mine")(verdicts)
app.command(epilog="Example: aftershock check data/mine")(check)
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
    print(plain(f"aftershock: {error}"), file=sys.stderr)
    return code
