"""What a kernel imports while nobody asks anything of it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from aftershock.output import collector
from aftershock.reports import early_imports


def test_one_is_imported_after_the_other_and_what_else_waits_comes_between(tmp_path: Path, monkeypatch):
    for name in ("early_a", "early_b"):
        (tmp_path / f"{name}.py").write_text("")
    (tmp_path / "early_broken.py").write_text("raise RuntimeError('no')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(early_imports, "MODULES", ("early_a", "early_broken", "early_missing", "early_b"))
    monkeypatch.setattr(early_imports, "PAUSE", 0.0)
    monkeypatch.setattr(collector, "_has_set_aside", False)  # and again when this test ends
    seen: list[set[str]] = []

    def look() -> None:
        seen.append({n for n in ("early_a", "early_b") if n in sys.modules})

    async def kernel() -> None:
        early_imports.load_ipython_extension(None)
        while "early_b" not in sys.modules:
            asyncio.get_running_loop().call_soon(look)
            await asyncio.sleep(0)
        look()

    with ThreadPoolExecutor(1) as thread:  # a loop of its own: Playwright's may be running in this one
        thread.submit(asyncio.run, asyncio.wait_for(kernel(), 60)).result()
    assert seen[0] == set() and {"early_a"} in seen and seen[-1] == {"early_a", "early_b"}


def test_every_module_is_there():
    assert [name for name in early_imports.MODULES if find_spec(name) is None] == []


def test_the_explore_page_waits_for_no_package_that_is_slow_to_import_and_that_it_hardly_needs():
    script = "import sys, aftershock.reports.explore_page; print([m for m in ('scipy.optimize', 'scipy.stats') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"
