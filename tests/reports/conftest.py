from __future__ import annotations

import pytest

from aftershock.dataset.audience import DEFAULT, for_audience
from aftershock.dataset.dataset import Dataset
from aftershock.reports import prepared


@pytest.fixture(scope="package", autouse=True)
def _prepared(demo: Dataset, twitter: Dataset):
    """The shipped logs as kernels of a batch get them: read, masked and fitted once for all reports that name them."""
    shown = [for_audience(data, DEFAULT) for data in (demo, twitter)]
    for data in shown:
        prepared.put(data, expect=False)
    yield
    for data in shown:
        prepared.drop(data.folder, data.audience)
