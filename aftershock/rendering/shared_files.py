"""Datasets of a batch, each read and fitted once, in files that ordinary kernels map: where none can be forked."""

from __future__ import annotations

import contextlib
import pickle
import threading
from pathlib import Path

from aftershock.dataset.dataset import Dataset
from aftershock.reports import prepared_file

_UNFIT = (pickle.PicklingError, AttributeError, TypeError, OSError)


class SharedFiles:
    """In ``folder``, the batch's own. Several threads ask for them."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._lock = threading.Lock()
        self._made: dict[tuple[Path, str, bool, bool], Path | None] = {}

    def of(self, dataset: Dataset | None, *, fit: bool, expect: bool) -> Path | None:
        """The file of a dataset with what a notebook wants of it; None where there can be none: its kernel reads it itself."""
        if dataset is None:
            return None
        key = (dataset.folder, dataset.audience, fit, expect)
        with self._lock:
            if key not in self._made:
                path = self._folder / f"{len(self._made)}.prepared"
                self._made[key] = None
                with contextlib.suppress(*_UNFIT):
                    prepared_file.write(path, dataset, fit=fit, expect=expect)
                    self._made[key] = path
            return self._made[key]
