from __future__ import annotations

import pytest

from aftershock.dataset.dataset import Dataset
from aftershock.quality import Quality, examine


@pytest.fixture(scope="module")
def demo_quality(demo: Dataset) -> Quality:
    return examine(demo)
