"""What the numbers need: of a dataset, and of what attribution found in it. The classes themselves know more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from aftershock.dataset.masking import Mask
from aftershock.dataset.settings import Settings


class DatasetLike(Protocol):
    """Two logs as :class:`aftershock.dataset.dataset.Dataset` has them: tables with the columns of
    :mod:`aftershock.schema.tables`, times in UTC."""

    @property
    def incidents(self) -> pd.DataFrame: ...
    @property
    def changes(self) -> pd.DataFrame: ...
    @property
    def timezone(self) -> str:
        """The zone in which months, days and hours are counted."""
        ...

    @property
    def observed(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last moment that both logs cover."""
        ...

    @property
    def months(self) -> Sequence[str]:
        """``YYYY-MM`` of every month that the observed period touches."""
        ...

    @property
    def severities(self) -> Sequence[str]:
        """Worst first."""
        ...

    @property
    def settings(self) -> Settings: ...


class DatasetWithWriteups(DatasetLike, Protocol):
    """A dataset in a folder, with the write-ups that lie next to its logs."""

    @property
    def folder(self) -> Path: ...
    @property
    def mask(self) -> Mask: ...
    def raw_id(self, incident_id: str, /) -> str:
        """The id of an incident as its log has it, before masking."""
        ...


class AttributionLike(Protocol):
    """What :func:`aftershock.attribute` found; each table as described in :class:`aftershock.model.attribution.Attribution`."""

    @property
    def shares(self) -> pd.DataFrame: ...
    @property
    def outages(self) -> pd.DataFrame: ...
    @property
    def chance_by_change(self) -> pd.Series: ...
    @property
    def draws(self) -> Mapping[str, np.ndarray]: ...
    @property
    def rates(self) -> pd.DataFrame: ...
    @property
    def delay_quantiles(self) -> pd.DataFrame: ...
    def suspects(self, incident_id: str | None = None) -> pd.DataFrame: ...
