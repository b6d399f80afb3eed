"""The names that the package makes public, which are imported when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

import aftershock


def test_what_is_public_is_listed_before_it_was_asked_for():
    fresh = "import aftershock; print(set(aftershock.__all__) <= set(dir(aftershock)), 'load' in vars(aftershock))"
    done = subprocess.run([sys.executable, "-c", fresh], capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["True", "False"]
    assert all(getattr(aftershock, name) is not None for name in aftershock.__all__)


@pytest.mark.parametrize("with_jedi", [False, True])
def test_tab_in_a_notebook_offers_load_and_attribute(with_jedi):
    shell = InteractiveShell()
    shell.run_cell("import aftershock")
    shell.Completer.use_jedi = with_jedi
    with provisionalcompleter():
        offered = {c.text.removeprefix(".") for c in shell.Completer.completions("aftershock.", 11)}
    assert {"load", "attribute", "Dataset", "Attribution"} <= offered
    assert "TYPE_CHECKING" not in offered or with_jedi, "what the module needs itself is no offer"
