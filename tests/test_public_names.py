"""The names that the package makes public, which are imported when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import aftershock


def test_what_is_public_is_listed_before_it_was_asked_for():
    fresh = "import aftershock; print(set(aftershock.__all__) <= set(dir(aftershock)), 'load' in vars(aftershock))"
    done = subprocess.run([sys.executable, "-c", fresh], capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["True", "False"]
    assert all(getattr(aftershock, name) is not None for name in aftershock.__all__)
