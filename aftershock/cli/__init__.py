"""The command line: one module per command; :mod:`aftershock.cli.app` registers them."""

from __future__ import annotations

import os


def main() -> None:
    """The console script. The commands are imported when it runs: a package must not cost what its programme does."""
    # the matrices of the model are small: more threads of these libraries only wait for each other
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    from aftershock.cli.app import run

    run()
