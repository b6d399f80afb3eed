"""The fit and the posterior draws, kept from one process to the next: they take longest of all that an answer needs.

They are filed under the hash of all that they follow from (the arrays that the model reads, for draws the fit, the settings of
the sampler, the package's code and the versions of what it computes with), so what is kept is what would be computed again, to
the last digit, and every file may be deleted at any time. Kept are numbers only, never anything that a log says.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import scipy.sparse as sp

from aftershock.dataset.cache import location
from aftershock.model import em, gibbs
from aftershock.model.gibbs import Answer, Draws
from aftershock.model.likelihood import Origins, Rates
from aftershock.model.observations import Observations
from aftershock.model.parameters import Parameters
from aftershock.output import files
from aftershock.schema import input_files

LARGEST, MOST = 128_000_000, 384_000_000  # bytes of a file, and of all together; judgements
_FITTING = ("ITERATIONS", "TOLERANCE", "ALL_PAIRS", "UNLISTED_EVERY")
_SAMPLER = ("SWEEPS", "WARM_UP", "BATCHES", "SEED", "EVIDENCE_EVERY", "LEAST_KEPT")
_DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error)
_STATES, _LOGS = "states", "logs"
_NESTED = ("rates", "origins")  # of an answer
Arrays = Mapping[str, np.ndarray]
Made = TypeVar("Made")


def fit(seen: Observations) -> Parameters:
    """:func:`aftershock.model.em.fit`, or what it gave before for the same."""
    if (folder := location.folder()) is None:
        return em.fit(seen)
    path = folder / f"fit-{_hashed([getattr(em, name) for name in _FITTING], seen)}.npz"
    return _kept(path, lambda: em.fit(seen), lambda one: _columns_of([one]), lambda columns: _states(columns)[0])


def draws(seen: Observations, fitted: Parameters) -> Draws:
    """:func:`aftershock.model.gibbs.sample`, or what it gave before for the same."""
    if (folder := location.folder()) is None:
        return gibbs.sample(seen, fitted)
    path = folder / f"draws-{fingerprint(seen, fitted)}.npz"
    return _kept(path, lambda: gibbs.sample(seen, fitted), _arrays_of, _draws_of)


def fingerprint(seen: Observations, fitted: Parameters) -> str:
    """Hash of all that draws follow from."""
    return _hashed([getattr(gibbs, name) for name in _SAMPLER], seen, fitted)


def _hashed(*of: object) -> str:
    digest = hashlib.sha256(location.code().encode())
    for part in _parts(of):
        digest.update(part)
    return digest.hexdigest()[:32]


def _parts(value: object) -> Iterator[bytes]:
    """The bytes of a value and, before them, what keeps them apart from others': type, shape, number."""
    yield type(value).__name__.encode()
    if isinstance(value, np.ndarray):
        yield f"{value.dtype.str}{value.shape}".encode()
        if value.dtype.hasobject:
            yield from _parts(value.tolist())
        else:
            yield np.ascontiguousarray(value).tobytes()
    elif isinstance(value, sp.csr_matrix):
        yield from _parts([value.shape, value.data, value.indices, value.indptr])
    elif isinstance(value, str | bytes | int | float | np.generic | None):
        yield repr(value).encode("utf-8", "surrogatepass")
    elif isinstance(value, Mapping | set | frozenset):
        yield from _parts(sorted(value.items() if isinstance(value, Mapping) else value, key=repr))
    elif isinstance(value, list | tuple):
        yield str(len(value)).encode()
        for part in value:
            yield from _parts(part)
    elif dataclasses.is_dataclass(value):
        yield from _parts([(field.name, getattr(value, field.name)) for field in dataclasses.fields(value)])
    else:
        yield from _parts(vars(value))


def _kept(
    path: Path, make: Callable[[], Made], arrays_of: Callable[[Made], Arrays], made_of: Callable[[Arrays], Made]
) -> Made:
    """What lies there, else what is made and then lies there."""
    found = _read(path, made_of)
    if found is None:
        found = make()
        _write(path, arrays_of(found))
    return found


def _read(path: Path, made_of: Callable[[Arrays], Made]) -> Made | None:
    """What :func:`_write` kept; None where there is nothing, it is damaged, or others could have written it."""
    try:
        if not location.is_ours(path):
            return None
        with np.load(io.BytesIO(input_files.read_regular(path, LARGEST)), allow_pickle=False) as file:
            found = made_of({name: file[name] for name in file.files})
        path.touch()  # the oldest go first
        return found
    except _DAMAGED:
        return None


def _write(path: Path, arrays: Arrays) -> None:
    if sum(array.nbytes for array in arrays.values()) > LARGEST * 0.9:
        return
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    with contextlib.suppress(OSError):
        files.write_whole(path, buffer.getvalue(), private=True)
        _forget_oldest(path.parent)


def _forget_oldest(folder: Path) -> None:
    total, kept = 0, [path for kind in ("fit", "draws") for path in folder.glob(f"{kind}-*.npz")]
    for path, about in sorted(((path, path.stat()) for path in kept), key=lambda one: one[1].st_mtime, reverse=True):
        total += about.st_size
        if total > MOST:
            path.unlink(missing_ok=True)


def _arrays_of(drawn: Draws) -> dict[str, np.ndarray]:
    """Each array by the path of names that leads to it."""
    own = {field.name: getattr(drawn, field.name) for field in dataclasses.fields(Draws)}
    states, answer = own.pop("states"), own.pop("answer")
    found = {name: np.asarray(value) for name, value in own.items()}
    found |= {f"{_STATES}/{path}": column for path, column in _columns_of(states).items()}
    found |= {f"{_LOGS}/{name}": value for name, value in answer.logs.items()}
    for name in _NESTED:
        nested = getattr(answer, name)
        found |= {f"{name}/{f.name}": np.asarray(getattr(nested, f.name)) for f in dataclasses.fields(nested)}
    return found


def _columns_of(states: list[Parameters]) -> dict[str, np.ndarray]:
    """Each parameter of all states, (states, …), by its name; those of several parts by name and number."""
    found: dict[str, np.ndarray] = {}
    for field in dataclasses.fields(Parameters):
        values = [getattr(state, field.name) for state in states]
        if isinstance(values[0], tuple):
            found |= {f"{field.name}/{n}": np.array(part) for n, part in enumerate(zip(*values, strict=True))}
        else:
            found[field.name] = np.array(values)
    return found


def _draws_of(arrays: Arrays) -> Draws:
    """The draws again; KeyError, TypeError or ValueError where something is missing or too much."""
    under: dict[str, dict[str, np.ndarray]] = {_STATES: {}, _LOGS: {}, **{name: {} for name in _NESTED}}
    own = {}
    for path, array in arrays.items():
        head, _, rest = path.partition("/")
        if rest:
            under[head][rest] = array
        else:
            own[head] = array
    answer = Answer(under[_LOGS], Rates(**under["rates"]), Origins(**under["origins"]))
    return Draws(states=_states(under[_STATES]), answer=answer, **own)


def _states(columns: Arrays) -> list[Parameters]:
    """The states that have these columns."""
    parts: dict[str, list[np.ndarray]] = {}
    for path, array in columns.items():
        name, _, number = path.partition("/")
        parts.setdefault(name, []).extend([array] if number else [])
    count = len(columns["overall"])

    def of(name: str, n: int) -> Any:
        if parts[name]:
            return tuple(part[n] for part in parts[name])
        return (
            float(columns[name][n]) if columns[name].ndim == 1 else columns[name][n]
        )  # a number, as the sampler has it

    return [Parameters(**{name: of(name, n) for name in parts}) for n in range(count)]
