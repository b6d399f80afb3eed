"""Which reports to render: datasets, months and incidents as jobs, every parameter checked before a kernel starts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from aftershock import __version__
from aftershock.dataset.audience import DEFAULT, masked_in_words
from aftershock.dataset.dataset import Dataset
from aftershock.dataset.shipped import find_folder, shipped_folder
from aftershock.metrics.incident_counts import incidents_of
from aftershock.model.validation.backtest import labels_of
from aftershock.output.file_names import CHECK, EXPLORE, QUALITY, SYSTEMIC, file_name, file_names
from aftershock.output.phrases import month_name
from aftershock.rendering.job import Job, Kind, ReportPage
from aftershock.reports.explore_choice import Choice
from aftershock.reports.notebook_parameters import (
    ExploreParameters,
    LogQualityParameters,
    ModelCheckParameters,
    MonthlyReviewParameters,
    PostmortemParameters,
    SystemicParameters,
    check,
    check_incident,
    check_month,
    months_since,
)
from aftershock.schema.errors import UsageError

NOTEBOOKS = shipped_folder("notebooks")
BRIEFS = "brief"
GENERATOR = f"Aftershock {__version__}"


def shipped(audience: str = DEFAULT) -> list[Job]:
    """Every month and incident of twitter-2023, and the last month of demo with its incidents."""
    return [*everything("twitter-2023", audience), *month("demo", "", with_incidents=True, audience=audience)]


def month(
    dataset: str | Path, wanted: str, *, with_incidents: bool, audience: str = DEFAULT, since: str = ""
) -> list[Job]:
    """The review of one month (``""``: the last one covered; ``last``: the last one covered wholly) and, if wanted, the
    postmortem of each of its incidents; of every month from ``since`` to it where that is given."""
    parameters, loaded = check(
        MonthlyReviewParameters, {"dataset": str(dataset), "audience": audience, "month": wanted}
    )
    months = months_since(loaded, since, parameters.month) if since else [parameters.month]
    ids = [i for m in months for i in incidents_of(loaded, m)["incident_id"]] if with_incidents else []
    return [*(_month_job(loaded, m, with_incidents) for m in months), *_incident_jobs(loaded, ids)]


def incidents(dataset: str | Path, wanted: Iterable[str], audience: str = DEFAULT, *, brief: bool = False) -> list[Job]:
    """The postmortem of each incident named; ``brief``: its one page."""
    wanted = list(wanted)
    values = {"dataset": str(dataset), "audience": audience, "incident_id": wanted[0]}
    loaded = check(PostmortemParameters, values)[1]
    wanted = list(dict.fromkeys(map(loaded.masked_id, wanted)))
    for incident_id in wanted[1:]:
        check_incident(loaded, incident_id)
    return _incident_jobs(loaded, wanted, brief=brief)


def check_model(
    dataset: str | Path, *, labels: Path | None = None, as_of: str = "onset", folds: int = 5, audience: str = DEFAULT
) -> list[Job]:
    """How far the answers on a dataset can be trusted; ``labels``: a file of known causes."""
    chosen = {"labels": str(labels.resolve()) if labels else "", "as_of": as_of, "folds": folds}
    values = {"dataset": str(dataset), "audience": audience, **chosen}
    return [_check_job(check(ModelCheckParameters, values)[1], chosen)]


def quality(dataset: str | Path, audience: str = DEFAULT) -> list[Job]:
    """What is wrong with the logs of a dataset, also of one that cannot be read."""
    return [_quality_job(check(LogQualityParameters, {"dataset": str(dataset), "audience": audience})[1])]


def systemic(dataset: str | Path, audience: str = DEFAULT) -> list[Job]:
    """Whether a dataset's row of outages is more than bad luck."""
    return [_systemic_job(check(SystemicParameters, {"dataset": str(dataset), "audience": audience})[1])]


def explore(
    dataset: str | Path,
    *,
    period: str = "",
    start: str = "",
    end: str = "",
    service: str = "",
    incident_id: str = "",
    audience: str = DEFAULT,
) -> list[Job]:
    """A choice of the explore page, printed: a month (``period``) or the days from ``start`` to ``end``, one service (``""``:
    every one) and one incident (``""``: the worst of the choice)."""
    values = {"dataset": str(dataset), "audience": audience}
    if period:
        if start or end:
            raise UsageError("--period is a whole month; expected it alone, or --from and --to")
        month = pd.Period(check_month(check(ExploreParameters, values)[1], period), freq="M")
        start, end = (f"{day:%Y-%m-%d}" for day in (month.start_time, month.end_time))
    values |= {"start": start, "end": end, "service": service, "incident_id": incident_id}
    parameters, loaded = check(ExploreParameters, values)
    chosen = parameters.model_dump(include={"start", "end", "service", "incident_id"})
    return [_explore_job(loaded, Choice.of(loaded, **chosen))]


def all_of(datasets: Iterable[str], audience: str = DEFAULT) -> list[Job]:
    """Every report of several datasets, each named once; two folders of one name would write into each other."""
    folders = {find_folder(d): d for d in datasets}
    names: dict[str, Path] = {}
    for folder in folders:
        other = names.setdefault(file_name(folder.name), folder)
        if other != folder:
            raise UsageError(
                f"{other} and {folder} have the same name, so their reports would lie in one folder; rename one"
            )
    return [job for folder in folders for job in everything(folder, audience)]


def everything(dataset: str | Path, audience: str = DEFAULT) -> list[Job]:
    """Every month that the dataset covers, every incident, the row of outages, how far the answers can be trusted and what is
    wrong with the logs. That comes first, as it needs no model and is there soon; then how far to trust them, which takes
    longest."""
    loaded = check(MonthlyReviewParameters, {"dataset": str(dataset), "audience": audience})[1]
    months = [_month_job(loaded, m, True) for m in loaded.months]
    incidents = _incident_jobs(loaded, loaded.actual_incidents["incident_id"])
    return [
        _quality_job(loaded),
        _check_job(loaded, {"link_incidents": True}),
        _systemic_job(loaded),
        *months,
        *incidents,
    ]


def _month_job(dataset: Dataset, month: str, with_incidents: bool) -> Job:
    page = _page(dataset, f"{dataset.name}: {month_name(month)}", "Monthly review")
    chosen = {"month": month, "link_incidents": with_incidents}
    return _job(dataset, "month", month, "monthly_review", chosen, f"{month}/index.html", page)


def _check_job(dataset: Dataset, chosen: dict[str, object]) -> Job:
    known = len(labels_of(dataset, str(chosen.get("labels", ""))))
    title = "how far to trust it" if known else "what the model expects of itself"
    page = _page(dataset, f"{dataset.name}: {title}", f"Model check{'' if known else ', no cause known'}", above=1)
    return _job(dataset, "check", CHECK, "model_check", chosen, f"{CHECK}.html", page)


def _quality_job(dataset: Dataset) -> Job:
    page = _page(dataset, f"{dataset.name}: what is wrong with the logs", "Log quality", above=1)
    return _job(dataset, "quality", QUALITY, "log_quality", {}, f"{QUALITY}.html", page)


def _systemic_job(dataset: Dataset) -> Job:
    page = _page(dataset, f"{dataset.name}: is it systemic?", "The row of outages", above=1)
    return _job(dataset, "systemic", SYSTEMIC, "systemic", {}, f"{SYSTEMIC}.html", page)


def _explore_job(dataset: Dataset, choice: Choice) -> Job:
    """Every choice has a page of its own, named by what is chosen."""
    start, end = f"{choice.start:%Y-%m-%d}", f"{choice.end:%Y-%m-%d}"
    name = ", ".join(filter(None, [f"{start} to {end}", choice.service, choice.incident_id]))
    page = _page(dataset, f"{dataset.name}: {name}", "Explored")
    chosen: dict[str, object] = {
        "start": start,
        "end": end,
        "service": choice.service,
        "incident_id": choice.incident_id,
    }
    return _job(dataset, "explore", name, "explore", chosen, f"{EXPLORE}/{file_name(name)}.html", page)


def _incident_jobs(dataset: Dataset, wanted: Iterable[str], *, brief: bool = False) -> list[Job]:
    names = file_names(wanted)
    rows = dataset.incidents.set_index("incident_id", drop=False)
    return [_incident_job(dataset, rows.loc[incident_id], name, brief=brief) for incident_id, name in names.items()]


def _incident_job(dataset: Dataset, incident: pd.Series, name: str, *, brief: bool = False) -> Job:
    """A brief lies in a folder of its own: it is for printing and sending, and the index lists the long version."""
    id = incident["incident_id"]
    title, kind, folder = incident["title"] or id, f"Postmortem of {id}, {dataset.name}", "incidents"
    page = _page(dataset, title, kind)
    if brief:
        page, folder = _page(dataset, title, f"{kind}: in brief", brief=True), f"incidents/{BRIEFS}"
    return _job(dataset, "incident", id, "postmortem", {"incident_id": id}, f"{folder}/{name}.html", page)


def _page(dataset: Dataset, title: str, kind: str, above: int = 2, *, brief: bool = False) -> ReportPage:
    """``above``: how many folders the index is above the page, which gets its neighbours once all is rendered."""
    return ReportPage(
        title,
        f"{kind} · simulated data" if dataset.simulated else kind,
        [] if brief else [("All reports", f"{'../' * above}index.html")],
        generator=GENERATOR,
        audience=dataset.audience,
        mask=dataset.mask,
        brief=brief,
    )


def _job(
    dataset: Dataset, kind: Kind, name: str, notebook: str, chosen: dict[str, object], path: str, page: ReportPage
) -> Job:
    """``chosen``: parameters besides dataset and audience; ``path``: within the dataset's folder of the output."""
    key = dataset.mask.text(dataset.key)
    return Job(
        key,
        kind,
        name,
        page.title,
        _notebook(notebook),
        {"dataset": str(dataset.folder), "audience": dataset.audience, **chosen},
        Path(file_name(key)) / path,
        page,
        dataset_name=dataset.given_name,
        masked=masked_in_words(dataset.masked),
        reading=dataset.reading,
        dataset=dataset,
    )


def _notebook(name: str) -> Path:
    path = NOTEBOOKS / f"{name}.ipynb"
    if not path.is_file():
        raise UsageError(
            f"no notebook at {path}: it comes with Aftershock, in a checkout as in the installed package; install it again"
        )
    return path
