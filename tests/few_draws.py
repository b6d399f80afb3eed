"""What can be expected of the answers on a small log, from a few drawn logs instead of thirty, put where kernels look for it."""

from __future__ import annotations

from pathlib import Path

import pytest

import aftershock
from aftershock.model.validation import expected_accuracy, self_check


def expect_from_few(folder: Path, logs: int = 5) -> Path:
    """The folder itself: reports of it, whoever renders them, find the expectation in the cache of this run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(self_check, "logs_to_draw", lambda found: logs)
        expected_accuracy.expected_accuracy(aftershock.attribute(folder))
    return folder
