"""``aftershock report``: a month, incidents, the row of outages, the model check, the log quality, a choice
of the explore page, or everything."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aftershock.cli.backtest import AsOf, Folds, Labels
from aftershock.cli.options import (
    Audience,
    Dataset,
    Executor,
    Force,
    Output,
    Part,
    Picture,
    RunLog,
    Summary,
    Workers,
    part_of,
)
from aftershock.output.terminal import say
from aftershock.schema.errors import UsageError

if TYPE_CHECKING:
    from aftershock.rendering.job import Job, Result
    from aftershock.rendering.plans import Request

REPORTS = Path("reports")
OF_ALL = ("output", "workers", "force", "audience")

report = typer.Typer(
    invoke_without_command=True,
    help="Render reports: HTML, and their numbers as JSON next to it.",
    epilog="Without a subcommand: every month and incident of twitter-2023 and the last month of demo.",
)


@report.callback()
def _report(
    context: typer.Context,
    output: Output = REPORTS,
    workers: Workers = None,
    force: Force = False,
    audience: Audience = "internal",
) -> None:
    if context.invoked_subcommand is not None:
        sources = {name: context.get_parameter_source(name) for name in OF_ALL}
        given = [name for name, source in sources.items() if source and source.name == "COMMANDLINE"]
        if given:
            raise UsageError(
                f"write --{given[0]} behind the subcommand: aftershock report {context.invoked_subcommand} … --{given[0]} …"
            )
    else:
        _render("shipped", {"audience": audience}, output, workers, force)


@report.command("month", epilog="Example: aftershock report month data/demo --month 2025-11")
def report_month(
    dataset: Dataset,
    month: Annotated[
        str,
        typer.Option(help="YYYY-MM; last: the last month that the logs cover wholly; default the last month covered."),
    ] = "",
    since: Annotated[
        str, typer.Option(help="YYYY-MM: every month from this one, or from the first covered, to --month.")
    ] = "",
    incidents: Annotated[bool, typer.Option(help="Also render the postmortem of each incident of the month.")] = True,
    output: Output = REPORTS,
    workers: Workers = None,
    force: Force = False,
    audience: Audience = "internal",
    part: Part = "",
    executor: Executor = "",
    log: RunLog = None,
    summary: Summary = None,
    picture: Picture = None,
) -> None:
    """Render the review of one month, or of several. A month without incidents is a report like any other."""
    asked = {"dataset": dataset, "wanted": month, "with_incidents": incidents, "audience": audience, "since": since}
    _render("month", asked, output, workers, force, log, summary, part, picture, executor)


@report.command("incident", epilog="Example: aftershock report incident twitter-2023 tw-2023-03-06")
def report_incident(
    dataset: Dataset,
    incident_ids: Annotated[list[str], typer.Argument(metavar="ID…", help="One or more incidents.")],
    brief: Annotated[bool, typer.Option("--brief", help="Only the first page, to be printed or sent as one.")] = False,
    output: Output = REPORTS,
    workers: Workers = None,
    force: Force = False,
    audience: Audience = "internal",
    picture: Picture = None,
) -> None:
    """Render the postmortem of one or more incidents."""
    if picture and (brief or len(incident_ids) > 1):
        raise UsageError("--picture draws one whole postmortem; expected one ID, and no --brief")
    asked = {"dataset": dataset, "wanted": incident_ids, "audience": audience, "brief": brief}
    _render("incidents", asked, output, workers, force, picture=picture)


@report.command("check", epilog="Example: aftershock report check data/demo --labels data/demo/truth.csv")
def report_check(
    dataset: Dataset,
    labels: Labels = None,
    as_of: AsOf = "onset",
    folds: Folds = 5,
    output: Output = REPORTS,
    workers: Workers = None,
    force: Force = False,
    audience: Audience = "internal",
) -> None:
    """Render how far the answers can be trusted: measured on known causes, and what to expect without any."""
    asked = {"dataset": dataset, "labels": labels, "as_of": as_of, "folds": folds, "audience": audience}
    _render("check_model", asked, output, workers, force)


@report.command("quality", epilog="Example: aftershock report quality data/mine")
def report_quality(
    dataset: Dataset,
    output: Output = REPORTS,
    workers: Workers = None,
    force: Force = False,
    audience: Audience = "internal",
) -> None:
    """Render what is wrong with the logs, how to fix it, and how far each flaw shifts the answers.

    Logs that cannot be read have this report too: it says why.
    """
    _render("quality", {"dataset": dataset, "audience": audience}, output, workers, force)


@report.command("systemic", epilog="Example: aftershock report systemic twitter-2023")
def report_systemic(
    dataset: Dataset,
    output: Output = REPORTS,
    workers: Workers = None,
    force: Force = False,
    audience: Audience = "internal",
) -> None:
    """Render whether a row of outages is more than bad luck: rate, clusters, trend, one change of the rate, gaps, and
    whether changes carry it."""
    _render("systemic", {"dataset": dataset, "audience": audience}, output, workers, force)


@report.command("explore", epilog="Example: aftershock report explore demo --period 2025-11 --service checkout")
def report_explore(
    dataset: Dataset,
    period: Annotated[
        str, typer.Option(help="A month, YYYY-MM; last: the last one that the logs cover wholly.", show_default=False)
    ] = "",
    since: Annotated[
        str,
        typer.Option("--from", help="First day, YYYY-MM-DD; default a month before the last.", show_default=False),
    ] = "",
    until: Annotated[
        str, typer.Option("--to", help="Last day, YYYY-MM-DD; default the end of the logs.", show_default=False)
    ] = "",
    service: Annotated[str, typer.Option(help="One service; default every service.", show_default=False)] = "",
    incident: Annotated[
        str, typer.Option(help="The incident to look at; default the worst of the choice.", show_default=False)
    ] = "",
    output: Output = REPORTS,
    workers: Workers = None,
    force: Force = False,
    audience: Audience = "internal",
) -> None:
    """Render one choice of the explore page: its timeline, its incidents, and one of them with its suspects.

    With --incident and no period, the days around that incident.
    """
    chosen = {"period": period, "start": since, "end": until, "service": service, "incident_id": incident}
    _render("explore", {"dataset": dataset, **chosen, "audience": audience}, output, workers, force)


@report.command("all", epilog="Example: aftershock report all twitter-2023 demo --output /srv/reports")
def report_all(
    datasets: Annotated[list[str], typer.Argument(metavar="DATASET…", help="One or more dataset folders.")],
    output: Output = REPORTS,
    workers: Workers = None,
    force: Force = False,
    audience: Audience = "internal",
    part: Part = "",
    executor: Executor = "",
    log: RunLog = None,
    summary: Summary = None,
) -> None:
    """Render every month, every incident, the row of outages, the model check and the log quality of one or more datasets."""
    _render(
        "all_of",
        {"datasets": datasets, "audience": audience},
        output,
        workers,
        force,
        log,
        summary,
        part,
        executor=executor,
    )


def _render(
    planner: str,
    asked: Mapping[str, object],
    output: Path,
    workers: int | None,
    force: bool,
    log: Path | None = None,
    summary: Path | None = None,
    part: str = "",
    picture: Path | None = None,
    executor: str = "",
) -> None:
    """``planner`` and ``asked``: the function of :mod:`aftershock.rendering.jobs` that plans the run, and its arguments."""
    from aftershock.cli.output_file import check_output
    from aftershock.dataset.cache import location
    from aftershock.rendering import plans, run_log

    for path in filter(None, (log, summary, picture)):
        check_output(path)
    if picture:
        from aftershock.rendering import page_picture

        page_picture.check_target(picture)
    if executor:
        from aftershock.rendering import on_dask

        on_dask.address_of(executor)  # said before anything is read
    started, request = datetime.now(UTC), plans.Request(planner, asked)
    fingerprint = "" if part else request.fingerprint()
    results = [] if force else _unchanged(request, fingerprint, output)
    if not results:
        if problem := location.problem():
            say(problem, error=True)
        results = _rendered(request, fingerprint, output, workers, force, part, executor)
    if log:
        run_log.append(log, results, started, datetime.now(UTC))
    if summary:
        run_log.write_summary(summary, results, output)
    failed = [r for r in results if not r.ok]
    if picture:
        drawn = "incident" if planner == "incidents" else "month"
        _draw([r.job for r in results if r.ok and r.job.kind == drawn], output, picture)
    first = min((r.job.identifier for r in results if r.job.kind == "month"), default="")
    if not part and (since := str(asked.get("since") or "")) and since < first:
        say(f"the logs begin in {first}, after --since {since}: every month from {first} is rendered")
    current = sum(r.was_current for r in results)
    same = f", {current} of them were up to date" if current else ""
    briefs = all(r.job.page.brief for r in results)
    index = ", ".join(str(output / r.job.target) for r in results) if briefs else output / "index.html"
    say(f"{len(results) - len(failed)} of {len(results)} reports rendered{same}: {index}", *_masked(results))
    if failed:
        raise typer.Exit(1)


def _unchanged(request: Request, fingerprint: str, output: Path) -> list[Result]:
    """The reports of a run in which nothing has changed since the last one, without reading a dataset; else nothing."""
    from aftershock.rendering import manifest, plans
    from aftershock.rendering.job import Result
    from aftershock.rendering.site.index import write_site

    if not fingerprint or not plans.are_kept(output):
        return []
    with manifest.opened(output) as known:
        kept = plans.kept(known, request, fingerprint)
        if not all(job.page.brief for job in kept):
            write_site(output)
    return [Result(job, True, 0.0, was_current=True) for job in kept]


def _rendered(
    request: Request, fingerprint: str, output: Path, workers: int | None, force: bool, part: str, executor: str
) -> list[Result]:
    """Renders the part of what was asked for that is not up to date; the results in the order of the plan."""
    from aftershock.rendering import batch, manifest, on_dask, plans, progress
    from aftershock.rendering.job import Result
    from aftershock.rendering.site.index import write_site

    with contextlib.ExitStack() as stack:
        # The parent of kernels imports what they need while the datasets are read.
        ahead = None if executor or not request.is_of_several else stack.enter_context(batch.started(warm=True))
        planned = part_of(request.plan(), part)
        known = stack.enter_context(manifest.opened(output, part))
        current = [] if force else [job for job in planned if known.is_current(job)]
        results = [Result(job, True, 0.0, was_current=True) for job in current]
        kept = set(map(id, current))
        wanted = [job for job in planned if id(job) not in kept]
        if wanted:
            done = stack.enter_context(progress.reporter(len(wanted)))

            def written(result: Result) -> None:
                if result.ok:
                    known.note(result.job)
                done(result)

            if executor:
                results += on_dask.render(wanted, output, executor, progress=written)
            else:
                results += batch.render(wanted, output, workers=workers, progress=written, ahead=ahead)
        if not all(job.page.brief for job in planned):
            write_site(output)
        if all(result.ok for result in results):
            plans.note(known, request, fingerprint, planned)
    order = {id(job): number for number, job in enumerate(planned)}
    return sorted(results, key=lambda result: order[id(result.job)])


def _draw(rendered: list[Job], output: Path, picture: Path) -> None:
    """The picture of the newest month, or of the only postmortem; none where that failed."""
    from aftershock.rendering import page_picture

    for job in sorted(rendered, key=lambda j: j.identifier)[-1:]:
        page_picture.write(output / job.target, picture)
        say(f"picture of {job.title}: {picture}")


def _masked(results: list[Result]) -> list[str]:
    """What was hidden in each dataset's reports, a line each."""
    hidden = {
        (j.dataset_key, j.page.audience, j.masked, str(j.parameters["dataset"])): None
        for j in (result.job for result in results)
        if j.masked
    }
    return [
        f"masked in {key} ({audience}): {masked}; aftershock masked {folder} --audience {audience} says where"
        for key, audience, masked, folder in hidden
    ]
