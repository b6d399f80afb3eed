"""The command line: one module per command; :mod:`aftershock.cli.app` registers them."""

from __future__ import annotations


def main() -> None:
    """The console script. The commands are imported when it runs: a package must not cost what its programme does."""
    from aftershock.cli.app import run

    run()
