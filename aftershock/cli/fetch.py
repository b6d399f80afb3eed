"""``aftershock fetch``: incidents and changes from the services that keep them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aftershock.output.terminal import say
from aftershock.schema.errors import AftershockError, UsageError, nearest

if TYPE_CHECKING:
    from aftershock.sources.fetching.resources import Vendor
    from aftershock.sources.fetching.run import Fetched

app = typer.Typer(
    no_args_is_help=True,
    help="Fetch logs from a service, page by page, into a folder. An interrupted fetch goes on when it is run again, and "
    "a repeated one brings what is new. Tokens are read from the environment and written nowhere.",
)

Since = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="First day, UTC.", show_default=False)]
Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day, UTC; default today.", show_default=False)
]
To = Annotated[Path, typer.Option("--to", help="Folder for the pages, best inside the dataset's.", show_default=False)]
Url = Annotated[str, typer.Option("--url", help="Another address of the service: on premises, or another region.")]
Again = Annotated[bool, typer.Option("--again", help="Fetch again what is there already.")]
Only = Annotated[
    list[str] | None, typer.Option("--only", help="One kind of record; may be repeated.", show_default="all")
]


@app.command(epilog="Example: aftershock fetch pagerduty --since 2025-01-01 --to data/mine/raw")
def pagerduty(
    since: Since, to: To, until: Until = None, only: Only = None, url: Url = "", again: Again = False
) -> None:
    """Fetch incidents and change events from PagerDuty, by whole months.

    The token is read from AFTERSHOCK_PAGERDUTY_TOKEN or PAGERDUTY_TOKEN; one that may only read is enough. For the
    European region add --url https://api.eu.pagerduty.com.
    """
    _need_requests()
    from aftershock.sources.fetching import pagerduty as service

    _fetch(service.vendor(url, _chosen(only, service.RESOURCES)), to, since, until, again)


@app.command(epilog="Example: aftershock fetch github octocat/hello-world --since 2025-01-01 --to data/mine/raw")
def github(
    repository: Annotated[str, typer.Argument(metavar="OWNER/NAME", help="A repository.", show_default=False)],
    since: Since,
    to: To,
    only: Only = None,
    label: Annotated[str, typer.Option(help="The label of issues that are incidents.")] = "incident",
    url: Url = "",
    again: Again = False,
) -> None:
    """Fetch issues, deployments, releases and pull requests from GitHub.

    The token is read from AFTERSHOCK_GITHUB_TOKEN, GITHUB_TOKEN or GH_TOKEN; public repositories need none, but then
    GitHub allows 60 requests an hour. For GitHub Enterprise Server add --url https://HOST/api/v3.
    """
    _need_requests()
    from aftershock.sources.fetching import github as service

    _fetch(service.vendor(repository, url, _chosen(only, service.RESOURCES), label), to, since, None, again)


@app.command(
    epilog="Example: aftershock fetch statuspage https://status.example.com --since 2025-01-01 --to data/mine/raw"
)
def statuspage(
    page: Annotated[
        str, typer.Argument(metavar="PAGE", help="The id of your page, or any page's address.", show_default=False)
    ],
    since: Since,
    to: To,
    url: Url = "",
    again: Again = False,
) -> None:
    """Fetch incidents and scheduled maintenance from Statuspage.

    With the id of your own page: all of them; the token is read from AFTERSHOCK_STATUSPAGE_TOKEN, STATUSPAGE_TOKEN or
    STATUSPAGE_API_KEY. With the address of any page: what it shows to anybody, which is the latest 50.
    """
    _need_requests()
    from aftershock.sources.fetching import statuspage as service

    _fetch(service.vendor(page, url), to, since, None, again)


def _need_requests() -> None:
    try:
        import requests  # noqa: F401
    except ImportError as error:
        raise AftershockError("aftershock fetch needs the package requests: pip install 'aftershock[fetch]'") from error


def _chosen(only: list[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    for name in only or []:
        if name not in known:
            raise UsageError(f"--only {name!r}: expected one of {', '.join(known)}{nearest(name, list(known))}")
    return tuple(name for name in known if name in (only or known))


def _fetch(vendor: Vendor, folder: Path, since: datetime, until: datetime | None, again: bool) -> None:
    from aftershock.sources.fetching import run, token
    from aftershock.sources.fetching.backoff import Clock

    first, last = since.replace(tzinfo=UTC), until and until.replace(hour=23, minute=59, second=59, tzinfo=UTC)
    if (last or datetime.now(UTC)) < first:
        raise UsageError(f"--since {since:%Y-%m-%d} lies after {'--until' if last else 'today'}")
    found = run.fetch(
        vendor,
        folder,
        run.Period(first, last, again),
        token.from_environment(vendor.variables),
        clock=Clock(),
        say=lambda line: say(line, error=True),
    )
    say(*_account(folder, found))
    failed = [f for f in found if f.error]
    if failed:
        raise AftershockError("\n".join(f"{f.resource.name} was not fetched: {f.error}" for f in failed))


def _account(folder: Path, found: list[Fetched]) -> list[str]:
    """What is in the folder now, and what to do with it."""
    from aftershock.output.phrases import plural

    done = [f for f in found if not f.error]
    return [
        f"{folder / f.resource.name}: {plural(f.records, 'record')} on {plural(f.pages, 'page')}, "
        f"{f'{f.new_pages:,} of them fetched now' if f.new_pages else 'nothing new'}; "
        f'read under [{f.resource.table}] by format = "{f.resource.format}"'
        for f in done
    ]
