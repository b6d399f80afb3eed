"""The parameters of each notebook: their types, and what exists for them to name.

The same check runs before a kernel starts (``aftershock report``) and in a notebook's first cell (plain papermill,
JupyterLab), so a wrong parameter gets the same sentence everywhere.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from aftershock.dataset.audience import DEFAULT, check_audience, for_audience
from aftershock.dataset.dataset import Dataset
from aftershock.dataset.loading import load, load_readable_parts
from aftershock.errors import UsageError, nearest
from aftershock.model.validation.backtest import labels_of

BUILT_IN = ("PAPERMILL_INPUT_PATH", "PAPERMILL_OUTPUT_PATH")  # what papermill --inject-paths adds
INJECTED = "# Parameters"  # the first line of the cell that papermill injects


class _Parameters(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    dataset: str
    audience: str = DEFAULT


class Postmortem(_Parameters):
    """Parameters of postmortem.ipynb."""

    incident_id: str
    blind: bool = False
    show_authors: bool = False


class MonthlyReview(_Parameters):
    """Parameters of monthly_review.ipynb; an empty month means the last one covered."""

    month: str = ""
    blind: bool = False
    link_incidents: bool = False


class Explore(_Parameters):
    """Parameters of explore.ipynb; empty ones mean the whole period, every service, the worst recent incident."""

    start: str = ""
    end: str = ""
    service: str = ""
    incident_id: str = ""


class ModelCheck(_Parameters):
    """Parameters of model_check.ipynb; without a file of labels the causes that the dataset itself holds are compared with."""

    labels: str = ""
    as_of: str = "onset"
    folds: int = 5
    link_incidents: bool = False


class LogQuality(_Parameters):
    """Parameters of log_quality.ipynb, which a dataset that cannot be read may have too."""


NOTEBOOKS: dict[str, type[_Parameters]] = {
    "postmortem": Postmortem,
    "monthly_review": MonthlyReview,
    "explore": Explore,
    "model_check": ModelCheck,
    "log_quality": LogQuality,
}
_TYPES = {"str": "text in quotes", "bool": "True or False", "int": "a whole number"}


def check(notebook: str, values: Mapping[str, object]) -> tuple[_Parameters, Dataset]:
    """Parameters of the right names and types that name what exists, and the dataset they name; else UsageError."""
    model = NOTEBOOKS[notebook]
    try:
        parameters = model.model_validate(dict(values))
    except ValidationError as failed:
        raise UsageError(" ".join(_sentence(notebook, model, e) for e in failed.errors())) from failed
    check_audience(parameters.audience)
    dataset = (load_readable_parts if model is LogQuality else load)(parameters.dataset)
    if dataset.reference:
        raise UsageError(f"{dataset.key} is a reference to compare with, not a log: it has no reports")
    return _checked(parameters, for_audience(dataset, parameters.audience))


def _checked(parameters: _Parameters, dataset: Dataset) -> tuple[_Parameters, Dataset]:
    """The parameters with ids as the dataset shows them: one that holds a secret may be given either way."""
    if isinstance(parameters, MonthlyReview):
        parameters = parameters.model_copy(update={"month": check_month(dataset, parameters.month)})
    elif isinstance(parameters, Postmortem):
        parameters = parameters.model_copy(update={"incident_id": dataset.masked_id(parameters.incident_id)})
        check_incident(dataset, parameters.incident_id)
    elif isinstance(parameters, Explore):
        shown = {
            "incident_id": dataset.masked_id(parameters.incident_id),
            "service": dataset.mask.text(parameters.service),
        }
        parameters = parameters.model_copy(update=shown)
        _check_choice(dataset, parameters)
    elif isinstance(parameters, ModelCheck):
        _check_measuring(dataset, parameters)
    return parameters, dataset


def check_incident(dataset: Dataset, incident_id: str) -> None:
    """UsageError unless the dataset has this incident, and not as a repetition of another."""
    incident = dataset.incident(incident_id)
    if incident["duplicate_of"]:
        raise UsageError(f"incident {incident_id!r} repeats {incident['duplicate_of']!r}; ask for that one")


def check_month(dataset: Dataset, month: str) -> str:
    """The month itself, or the last one covered for ``""``; UsageError for a month outside the covered period."""
    months = dataset.months
    if not month:
        return months[-1]
    if month not in months:
        raise UsageError(f"no month {month!r} in {dataset.key}: expected YYYY-MM from {months[0]} to {months[-1]}")
    return month


def from_notebook(namespace: Mapping[str, object], notebook: str) -> dict[str, object]:
    """The values of a notebook's parameters, and those that papermill injected under any other name."""
    values = {name: namespace[name] for name in NOTEBOOKS[notebook].model_fields if name in namespace}
    for source in namespace.get("In", []):
        if str(source).startswith(INJECTED):
            values.update({name: namespace.get(name) for name in _assigned(str(source)) if name not in BUILT_IN})
    return values


def _assigned(source: str) -> list[str]:
    return [
        t.id
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        for t in node.targets
        if isinstance(t, ast.Name)
    ]


def _check_measuring(dataset: Dataset, chosen: ModelCheck) -> None:
    if chosen.as_of not in ("onset", "now"):
        raise UsageError(f"parameter as_of of model_check.ipynb is {chosen.as_of!r}; expected onset or now")
    if chosen.folds < 0:
        raise UsageError(f"parameter folds of model_check.ipynb is {chosen.folds}; expected 0 or more")
    labels_of(dataset, chosen.labels)


def _check_choice(dataset: Dataset, chosen: Explore) -> None:
    if chosen.incident_id:
        check_incident(dataset, chosen.incident_id)
    services = sorted({s for t in (dataset.incidents, dataset.changes) for row in t["services"] for s in row})
    if chosen.service and chosen.service not in services:
        raise UsageError(f"no service {chosen.service!r} in {dataset.key}{nearest(chosen.service, services)}")
    for name in ("start", "end"):
        value = getattr(chosen, name)
        if value and pd.isna(pd.to_datetime(value, format="%Y-%m-%d", errors="coerce")):
            raise UsageError(f"parameter {name} of explore.ipynb is {value!r}; expected a date such as 2023-03-06")


def _sentence(notebook: str, model: type[_Parameters], error: Mapping) -> str:
    name = str(error["loc"][0])
    known = list(model.model_fields)
    if error["type"] == "extra_forbidden":
        return f"unknown parameter {name!r} of {notebook}.ipynb{nearest(name, known)} (known are {', '.join(known)})."
    if error["type"] == "missing":
        return f"parameter {name} of {notebook}.ipynb is missing."
    expected = _TYPES.get(str(model.model_fields[name].annotation.__name__), "another type")
    found = f"{error['input']!r} ({type(error['input']).__name__})"
    hint = (
        f"; papermill guesses types with -p, pass it with -r {name} and the text as it is"
        if expected == _TYPES["str"]
        else ""
    )
    return f"parameter {name} of {notebook}.ipynb is {found}; expected {expected}{hint}."
