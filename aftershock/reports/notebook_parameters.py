"""The parameters of each notebook: their types, and what exists for them to name.

The same check runs before a kernel starts (``aftershock report``) and in a notebook's first cell (plain papermill,
JupyterLab), so a wrong parameter gets the same sentence everywhere.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from aftershock.dataset.audience import DEFAULT, check_audience, for_audience
from aftershock.dataset.dataset import Dataset
from aftershock.dataset.loading import load, load_readable_parts
from aftershock.dataset.shipped import find_folder
from aftershock.metrics.incident_counts import days_observed
from aftershock.model.validation.backtest import labels_of
from aftershock.reports import prepared
from aftershock.schema.errors import UsageError, nearest

BUILT_IN = ("PAPERMILL_INPUT_PATH", "PAPERMILL_OUTPUT_PATH")  # what papermill --inject-paths adds
MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
INJECTED = "# Parameters"  # the first line of the cell that papermill injects


class NotebookParameters(BaseModel):
    """What every notebook asks for; a subclass per notebook adds its own."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    notebook: ClassVar[str]

    dataset: str
    audience: str = DEFAULT

    def read(self) -> Dataset:
        """The dataset as it was logged; UsageError or InputError when it cannot be read."""
        return load(self.dataset)

    def resolved(self, dataset: Dataset) -> dict[str, object]:
        """Parameters whose value depends on what the dataset holds, as the dataset shows them: an id that holds a secret may
        be given either way. UsageError for one that names nothing."""
        return {}


P = TypeVar("P", bound=NotebookParameters)


class PostmortemParameters(NotebookParameters):
    """Parameters of postmortem.ipynb."""

    notebook = "postmortem"

    incident_id: str
    blind: bool = False
    show_authors: bool = False

    def resolved(self, dataset: Dataset) -> dict[str, object]:
        shown = dataset.masked_id(self.incident_id)
        check_incident(dataset, shown)
        return {"incident_id": shown}


class MonthlyReviewParameters(NotebookParameters):
    """Parameters of monthly_review.ipynb; an empty month means the last one covered."""

    notebook = "monthly_review"

    month: str = ""
    blind: bool = False
    link_incidents: bool = False

    def resolved(self, dataset: Dataset) -> dict[str, object]:
        return {"month": check_month(dataset, self.month)}


class SystemicParameters(NotebookParameters):
    """Parameters of systemic.ipynb."""

    notebook = "systemic"

    blind: bool = False


class ExploreParameters(NotebookParameters):
    """Parameters of explore.ipynb; empty ones mean the last month with an incident, every service, the worst one."""

    notebook = "explore"

    start: str = ""
    end: str = ""
    service: str = ""
    incident_id: str = ""

    def resolved(self, dataset: Dataset) -> dict[str, object]:
        incident_id, service = dataset.masked_id(self.incident_id), dataset.mask.text(self.service)
        if incident_id:
            check_incident(dataset, incident_id)
        services = sorted({s for t in (dataset.incidents, dataset.changes) for row in t["services"] for s in row})
        if service and service not in services:
            raise UsageError(f"no service {service!r} in {dataset.key}{nearest(service, services)}")
        for name, day in (("start", self.start), ("end", self.end)):
            if day and pd.isna(pd.to_datetime(day, format="%Y-%m-%d", errors="coerce")):
                raise UsageError(f"parameter {name} of explore.ipynb is {day!r}; expected a date such as 2023-03-06")
        return {"incident_id": incident_id, "service": service}


class ModelCheckParameters(NotebookParameters):
    """Parameters of model_check.ipynb; without a file of labels the causes that the dataset itself holds are compared with."""

    notebook = "model_check"

    labels: str = ""
    as_of: str = "onset"
    folds: int = 5
    link_incidents: bool = False

    def resolved(self, dataset: Dataset) -> dict[str, object]:
        if self.as_of not in ("onset", "now"):
            raise UsageError(f"parameter as_of of model_check.ipynb is {self.as_of!r}; expected onset or now")
        if self.folds < 0:
            raise UsageError(f"parameter folds of model_check.ipynb is {self.folds}; expected 0 or more")
        labels_of(dataset, self.labels)
        return {}


class LogQualityParameters(NotebookParameters):
    """Parameters of log_quality.ipynb, which a dataset that cannot be read may have too."""

    notebook = "log_quality"

    def read(self) -> Dataset:
        return load_readable_parts(self.dataset)


_TYPES: dict[object, str] = {str: "text in quotes", bool: "True or False", int: "a whole number"}


def check(model: type[P], values: Mapping[str, object]) -> tuple[P, Dataset]:
    """Parameters of the right names and types that name what exists, and the dataset they name as its audience may see it;
    else UsageError."""
    try:
        parameters = model.model_validate(dict(values))
    except ValidationError as failed:
        raise UsageError(" ".join(_sentence(model, e) for e in failed.errors())) from failed
    check_audience(parameters.audience)
    shown = prepared.dataset(find_folder(parameters.dataset), parameters.audience)
    if shown is None:
        dataset = parameters.read()
        if dataset.reference:
            raise UsageError(f"{dataset.key} is a reference to compare with, not a log: it has no reports")
        shown = for_audience(dataset, parameters.audience)
    return parameters.model_copy(update=parameters.resolved(shown)), shown


def check_in_notebook(model: type[P], **values: object) -> tuple[P, Dataset]:
    """The same for a notebook's first cell, which also refuses what papermill injected under any other name: the cell hands
    on only the parameters that it knows, so a misspelt one would go unnoticed."""
    return check(model, {**injected_parameters(), **values})


def injected_parameters() -> dict[str, object]:
    """What papermill injected into the notebook whose kernel this is; nothing outside of one."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return {}
    names = [
        name
        for source in shell.user_ns.get("In", [])
        if str(source).startswith(INJECTED)
        for name in _assigned(str(source))
    ]
    return {name: shell.user_ns.get(name) for name in names if name not in BUILT_IN}


def _assigned(source: str) -> list[str]:
    return [
        t.id
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        for t in node.targets
        if isinstance(t, ast.Name)
    ]


def check_incident(dataset: Dataset, incident_id: str) -> None:
    """UsageError unless the dataset has this incident, and not as a repetition of another."""
    incident = dataset.incident(incident_id)
    if incident["duplicate_of"]:
        raise UsageError(f"incident {incident_id!r} repeats {incident['duplicate_of']!r}; ask for that one")


LAST = "last"  # the word for the last month that the logs cover wholly


def check_month(dataset: Dataset, month: str) -> str:
    """The month itself, the last one covered for ``""``, the last one covered wholly for :data:`LAST`; UsageError for a month
    outside the covered period."""
    months = dataset.months
    if not month:
        return months[-1]
    if month == LAST:
        return last_whole_month(dataset)
    if month not in months:
        raise UsageError(f"no month {month!r} in {dataset.key}: expected YYYY-MM from {months[0]} to {months[-1]}")
    return month


def last_whole_month(dataset: Dataset) -> str:
    """The last month that both logs cover from its beginning to its end, whether or not anything happened in it."""
    whole = [m for m in dataset.months if is_whole(dataset, m)]
    if not whole:
        first, last = (t.tz_convert(dataset.timezone) for t in dataset.observed)
        last -= pd.Timedelta(seconds=1)  # the end is the midnight after the last day
        raise UsageError(
            f"no whole month in {dataset.key}: both logs cover {first:%Y-%m-%d} to {last:%Y-%m-%d}; name a month with --month, or "
            "say in dataset.toml which days they cover ([attribution] observed)"
        )
    return whole[-1]


def is_whole(dataset: Dataset, month: str) -> bool:
    """Whether the logs cover a month from its beginning to its end, to the hour."""
    seen, has = days_observed(dataset, month)
    return seen >= has - 1 / 24


def months_since(dataset: Dataset, since: str, month: str) -> list[str]:
    """Every month from ``since`` to ``month`` (``""`` and :data:`LAST` as in :func:`check_month`); a ``since`` before the logs
    begin is their first month."""
    end, first = check_month(dataset, month), dataset.months[0]
    begin = first if MONTH.fullmatch(since) and since < first else check_month(dataset, since)
    if begin > end:
        raise UsageError(f"no month from {begin} to {end}: --since must not be later than --month")
    return [m for m in dataset.months if begin <= m <= end]


def _sentence(model: type[NotebookParameters], error: Mapping[str, Any]) -> str:
    """What pydantic found wrong, in a sentence that names the notebook, the parameter and what was expected."""
    name, known = str(error["loc"][0]), list(model.model_fields)
    if error["type"] == "extra_forbidden":
        return f"unknown parameter {name!r} of {model.notebook}.ipynb{nearest(name, known)} (known are {', '.join(known)})."
    if error["type"] == "missing":
        return f"parameter {name} of {model.notebook}.ipynb is missing."
    wanted = model.model_fields[name].annotation
    expected = _TYPES.get(wanted, "another type")
    found = f"{error['input']!r} ({type(error['input']).__name__})"
    hint = f"; papermill guesses types with -p, pass it with -r {name} and the text as it is" if wanted is str else ""
    return f"parameter {name} of {model.notebook}.ipynb is {found}; expected {expected}{hint}."
