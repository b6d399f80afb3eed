"""Sections of dataset.toml that hold what the outages are compared with: a baseline, and targets of services."""

from __future__ import annotations

import math
import re
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from aftershock.dataset.days import day, period
from aftershock.schema.toml_file import Section


class BaselineSection(Section):
    """The section [baseline]."""

    start: Annotated[str, BeforeValidator(day)] = Field(alias="from")
    """First day of the period that the outages are compared with."""
    end: Annotated[str, BeforeValidator(day)] = Field(alias="to")
    """Its last day, inclusive."""
    incidents: Annotated[int, Field(ge=0)] | None = None
    """How many outages somebody else counted in it; left out: as many as the incident log has there."""
    source: str = ""
    """Of an outside count: who counted, and what."""
    against: Annotated[tuple[str, str], BeforeValidator(period)] | None = None
    """First and last day of the part of this log that is compared; left out: the observed period."""

    @model_validator(mode="after")
    def _is_a_period(self) -> BaselineSection:
        if self.start > self.end:
            raise ValueError("a first day (from) that is not after the last day (to)")
        if self.incidents is not None and not self.source.strip():
            raise ValueError("a source next to incidents: who counted, and what")
        return self


def _share(value: object, least: float, expected: str) -> float:
    """A share as a number up to 1, or as text with a percent sign."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", value) if isinstance(value, str) else None
    share = float(found[1]) / 100 if found else value
    if isinstance(share, bool) or not isinstance(share, int | float) or not least < share <= 1 or math.isnan(share):
        raise ValueError(f"{expected} (found {value!r})")
    return float(share)


def _targets(value: object) -> dict[str, float]:
    expected = 'service = the share of time that it is to be up, below 100 %, such as "99.9 %" or 0.999'
    if not isinstance(value, dict) or not value:
        raise ValueError(expected)
    shares = {str(name): _share(share, 0.5, expected) for name, share in value.items()}
    if full := [name for name, share in shares.items() if share == 1]:
        raise ValueError(f"{expected}; of 100 % there is no error budget (found {full[0]!r})")
    return shares


def _partial(value: object) -> dict[str, float]:
    expected = 'severity = the share of users that it touches, such as "20 %" or 0.2'
    if not isinstance(value, dict):
        raise ValueError(expected)
    return {str(severity): _share(share, 0.0, expected) for severity, share in value.items()}


class SloSection(Section):
    """The section [slo]."""

    targets: Annotated[dict[str, float], BeforeValidator(_targets)]
    """Service = the share of time that it is to be up: `{ checkout = "99.9 %" }`; the rest is its error budget."""
    days: Annotated[int, Field(ge=1, le=366)] | None = None
    """Length of the window, which ends with the month; left out: the calendar month."""
    partial: Annotated[dict[str, float], BeforeValidator(_partial)] = Field(default_factory=dict)
    """Severity = the share of users that such an incident touches: each of its minutes counts as that much of one; others count
in full."""
