"""Sections of dataset.toml that hold what the outages are compared with."""

from __future__ import annotations

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
