"""Which reports to render: datasets, months and incidents as jobs, every parameter checked before a kernel starts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from aftershock import __version__
from aftershock.dataset import Dataset, find
from aftershock.errors import UsageError
from aftershock.parameters import check, check_incident
from aftershock.phrases import month_name
from aftershock.reliability.counts import incidents_of, month_of
from aftershock.rendering.batch import Job
from aftershock.rendering.exporter import Page
from aftershock.rendering.names import CHECK, QUALITY, file_name, file_names

NOTEBOOKS = Path(__file__).resolve().parent.parent.parent / "notebooks"
GENERATOR = f"Aftershock {__version__}"


def shipped() -> list[Job]:
    """Every month and incident of twitter-2023, and the last month of demo with its incidents."""
    return [*everything("twitter-2023"), *month("demo", "", with_incidents=True)]


def month(dataset: str | Path, wanted: str, *, with_incidents: bool) -> list[Job]:
    """The review of one month (``""``: the last one covered) and, if wanted, the postmortem of each of its incidents."""
    parameters, loaded = check("monthly_review", {"dataset": str(dataset), "month": wanted})
    rows = incidents_of(loaded, parameters.month) if with_incidents else loaded.incidents.iloc[:0]
    return [
        _month_job(loaded, parameters.month, with_incidents),
        *_incident_jobs(loaded, rows["incident_id"], months={parameters.month}),
    ]


def incidents(dataset: str | Path, wanted: Iterable[str]) -> list[Job]:
    """The postmortem of each incident named."""
    wanted = list(dict.fromkeys(wanted))
    loaded = check("postmortem", {"dataset": str(dataset), "incident_id": wanted[0]})[1]
    for incident_id in wanted[1:]:
        check_incident(loaded, incident_id)
    return _incident_jobs(loaded, wanted, months=set())


def check_model(dataset: str | Path, *, labels: Path | None = None, as_of: str = "onset", folds: int = 5) -> list[Job]:
    """How far the answers on a dataset can be trusted; ``labels``: a file of known causes."""
    chosen = {"labels": str(labels.resolve()) if labels else "", "as_of": as_of, "folds": folds}
    return [_check_job(check("model_check", {"dataset": str(dataset), **chosen})[1], chosen)]


def quality(dataset: str | Path) -> list[Job]:
    """What is wrong with the logs of a dataset, also of one that cannot be read."""
    return [_quality_job(check("log_quality", {"dataset": str(dataset)})[1], with_check=False)]


def all_of(datasets: Iterable[str]) -> list[Job]:
    """Every report of several datasets, each named once; two folders of one name would write into each other."""
    folders = {find(d): d for d in datasets}
    names: dict[str, Path] = {}
    for folder in folders:
        other = names.setdefault(file_name(folder.name), folder)
        if other != folder:
            raise UsageError(
                f"{other} and {folder} have the same name, so their reports would lie in one folder; rename one"
            )
    return [job for folder in folders for job in everything(folder)]


def everything(dataset: str | Path) -> list[Job]:
    """Every month that the dataset covers, every incident, how far the answers can be trusted and what is wrong with the
    logs; the last two come first, since they take longest."""
    loaded = check("monthly_review", {"dataset": str(dataset)})[1]
    months = [_month_job(loaded, m, True) for m in loaded.months]
    incidents = _incident_jobs(loaded, loaded.actual_incidents["incident_id"], months=set(loaded.months))
    checks = [_check_job(loaded, {"link_incidents": True}, with_quality=True), _quality_job(loaded, with_check=True)]
    return [*checks, *months, *incidents]


def _month_job(dataset: Dataset, month: str, with_incidents: bool) -> Job:
    page = Page(
        f"{dataset.name}: {month_name(month)}",
        _kind_of_data(dataset, "Monthly review"),
        [("All reports", "../../index.html")],
        generator=GENERATOR,
    )
    return Job(
        dataset.key,
        "month",
        month,
        page.title,
        _notebook("monthly_review"),
        {"dataset": str(dataset.folder), "month": month, "link_incidents": with_incidents},
        Path(file_name(dataset.key)) / month / "index.html",
        page,
    )


def _check_job(dataset: Dataset, chosen: dict[str, object], *, with_quality: bool = False) -> Job:
    other = [("What is wrong with the logs", f"{QUALITY}.html")] if with_quality else []
    page = Page(
        f"{dataset.name}: how far to trust it",
        _kind_of_data(dataset, "Model check"),
        [("All reports", "../index.html"), *other],
        generator=GENERATOR,
    )
    return Job(
        dataset.key,
        "check",
        "check",
        page.title,
        _notebook("model_check"),
        {"dataset": str(dataset.folder), **chosen},
        Path(file_name(dataset.key)) / f"{CHECK}.html",
        page,
    )


def _quality_job(dataset: Dataset, *, with_check: bool) -> Job:
    other = [("How far to trust it", f"{CHECK}.html")] if with_check else []
    page = Page(
        f"{dataset.name}: what is wrong with the logs",
        _kind_of_data(dataset, "Log quality"),
        [("All reports", "../index.html"), *other],
        generator=GENERATOR,
    )
    return Job(
        dataset.key,
        "quality",
        QUALITY,
        page.title,
        _notebook("log_quality"),
        {"dataset": str(dataset.folder)},
        Path(file_name(dataset.key)) / f"{QUALITY}.html",
        page,
    )


def _incident_jobs(dataset: Dataset, wanted: Iterable[str], *, months: set[str]) -> list[Job]:
    names = file_names(wanted)
    rows = dataset.incidents.set_index("incident_id", drop=False)
    return [_incident_job(dataset, rows.loc[incident_id], name, months) for incident_id, name in names.items()]


def _incident_job(dataset: Dataset, incident: pd.Series, name: str, months: set[str]) -> Job:
    month = month_of(incident.to_frame().T.infer_objects(), dataset.timezone).iloc[0]
    links = [("All reports", "../../index.html")]
    if month in months:
        links.append((f"Review of {month_name(month)}", f"../{month}/index.html"))
    page = Page(
        incident["title"] or incident["incident_id"],
        _kind_of_data(dataset, f"Postmortem of {incident['incident_id']}, {dataset.name}"),
        links,
        generator=GENERATOR,
    )
    return Job(
        dataset.key,
        "incident",
        incident["incident_id"],
        page.title,
        _notebook("postmortem"),
        {"dataset": str(dataset.folder), "incident_id": incident["incident_id"]},
        Path(file_name(dataset.key)) / "incidents" / f"{name}.html",
        page,
    )


def _kind_of_data(dataset: Dataset, kind: str) -> str:
    return f"{kind} · simulated data" if dataset.simulated else kind


def _notebook(name: str) -> Path:
    path = NOTEBOOKS / f"{name}.ipynb"
    if not path.is_file():
        raise UsageError(
            f"no notebook at {path}: reports are rendered from a checkout of Aftershock; clone it and run scripts/report"
        )
    return path
