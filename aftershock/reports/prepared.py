"""Datasets that are read, masked and fitted before a notebook asks for them: once for all kernels that are forked from the
process that did it. In any other process nothing is prepared, and every call does the work itself.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from aftershock import metrics
from aftershock.dataset.dataset import Dataset
from aftershock.model.attribution import Attribution, attribute
from aftershock.model.validation.expected_accuracy import ExpectedAccuracy, expected_accuracy
from aftershock.schema.tables import NONE


@dataclass
class Prepared:
    """A dataset as its audience may see it, what the model finds in it, and what can be expected of its answers."""

    dataset: Dataset
    fit: Attribution | None = None
    expected: list[ExpectedAccuracy | None] = field(default_factory=list)  # none or one


_READY: dict[tuple[Path, str], Prepared] = {}


def put(dataset: Dataset, *, fit: bool = True, expect: bool = True) -> None:
    """Keeps a dataset as :func:`prepare` has it."""
    keep(prepare(dataset, fit=fit, expect=expect))


def keep(ready: Prepared) -> None:
    """Has it ready in this process, and in those forked from it."""
    _READY[ready.dataset.folder, ready.dataset.audience] = ready


def prepare(dataset: Dataset, *, fit: bool, expect: bool) -> Prepared:
    """A dataset and, with ``fit``, what the model finds in it, with all that is worked out once for all reports. ``expect``:
    whether to work out what can be expected of the answers, which takes longer than they do. What fails here is left to the
    notebook, whose reader must see it."""
    ready = Prepared(dataset)
    if not fit or dataset.reference or dataset.unread:
        return ready
    with contextlib.suppress(Exception):
        found = attribute(dataset)
        _work_out(dataset)
        _work_out(found)
        ready.fit = found
        if expect:
            ready.expected.append(expected_accuracy(found, wait=False))
        metrics.repeats(dataset, [])  # compares words of the whole log
        suspects = found.suspects()
        changes = suspects[suspects["change_id"] != NONE].head(1)
        for first in changes.itertuples():  # works out what all explanations share
            found.explanation(first.incident_id, first.change_id)
    return ready


def _work_out(one: object) -> None:
    """All that it keeps once it was asked."""
    for name, value in vars(type(one)).items():
        if isinstance(value, cached_property):
            getattr(one, name)


def drop(folder: Path, audience: str) -> None:
    """Forgets a dataset."""
    _READY.pop((folder, audience), None)


def dataset(folder: Path, audience: str) -> Dataset | None:
    """The dataset of a folder for an audience; None where it is not prepared."""
    ready = _READY.get((folder, audience))
    return ready.dataset if ready else None


def attribution(dataset: Dataset, *, blind: bool = False) -> Attribution:
    """:func:`attribute`, or what it gave before for the same dataset."""
    ready = None if blind else _of(dataset)
    return ready.fit if ready and ready.fit else attribute(dataset, blind=blind)


def accuracy(found: Attribution) -> ExpectedAccuracy | None:
    """:func:`expected_accuracy` without waiting, or what it gave before for the same fit."""
    ready = _of(found.dataset)
    if ready and ready.fit is found and ready.expected:
        return ready.expected[0]
    return expected_accuracy(found, wait=False)


def _of(dataset: Dataset) -> Prepared | None:
    ready = _READY.get((dataset.folder, dataset.audience))
    return ready if ready and ready.dataset is dataset else None
