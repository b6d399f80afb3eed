"""A dataset, read and fitted, as a file: for kernels that cannot be forked from the process that prepared it.

Its arrays and texts lie in the file as they lie in memory, and every kernel maps the same pages of it instead of reading and
fitting anew. The file is a pickle: it belongs to one run, in a folder that nobody else may enter, and does not outlive it.
"""

from __future__ import annotations

import contextlib
import mmap
import pickle
from pathlib import Path

from aftershock.dataset.dataset import Dataset
from aftershock.reports import prepared

#: As a line that IPython runs before the first cell and that leaves no name behind.
KERNEL_LINE = "__import__('aftershock.reports.prepared_file', fromlist=['read']).read({path!r});"
_ALIGNED = 64  # bytes, as Arrow wants its buffers
_PLACE = 8  # bytes at the end that say where the pickle begins


def write(path: Path, dataset: Dataset, *, fit: bool, expect: bool) -> None:
    """Prepares a dataset as :func:`aftershock.reports.prepared.put` does, for :func:`read`. What it holds that cannot be pickled
    raises what pickle raises, and OSError is that of the file, which must be new."""
    buffers: list[pickle.PickleBuffer] = []
    ready = prepared.prepare(dataset, fit=fit, expect=expect)
    outer = pickle.dumps(ready, pickle.HIGHEST_PROTOCOL, buffer_callback=buffers.append)
    places = []
    with path.open("xb") as file:
        for buffer in buffers:
            file.write(bytes(-file.tell() % _ALIGNED))
            places.append((file.tell(), buffer.raw().nbytes))
            file.write(buffer.raw())
        begins = file.tell()
        file.write(pickle.dumps((places, outer), pickle.HIGHEST_PROTOCOL) + begins.to_bytes(_PLACE, "little"))


def read(path: str) -> None:
    """Has ready what was written, in this process; where that fails, a notebook reads and fits for itself."""
    with contextlib.suppress(Exception), Path(path).open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        begins = int.from_bytes(mapped[-_PLACE:], "little")
        places, outer = pickle.loads(mapped[begins:-_PLACE])
        whole = memoryview(mapped)
        prepared.keep(pickle.loads(outer, buffers=[whole[start : start + size] for start, size in places]))
