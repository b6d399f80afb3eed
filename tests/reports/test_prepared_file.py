from __future__ import annotations

import json
import subprocess
import sys

import pytest
from few_draws import expect_from_few

from aftershock import load
from aftershock.reports import prepared, prepared_file

SAYS = """
import json, sys
from pathlib import Path
from aftershock.model import attribution
from aftershock.reports import prepared, prepared_file
prepared_file.read(sys.argv[1])
ready = prepared.dataset(Path(sys.argv[2]), "private")
attribution.kept_model = None  # nothing can be fitted or drawn here
found = prepared.attribution(ready) if ready else None
if found:
    ready.incidents["title"] = "changed"  # a copy
    found.seen.used[:] = False  # a page of this process
print(json.dumps(found.suspects()["probability"].tolist() if found else None))
"""


def said(path, folder):
    done = subprocess.run([sys.executable, "-c", SAYS, str(path), str(folder)], capture_output=True, text=True)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def dataset(write):
    return load(expect_from_few(write()))


def test_another_process_finds_the_fit_in_the_file_and_cannot_change_it(dataset, tmp_path):
    path = tmp_path / "a b'c.prepared"
    prepared_file.write(path, dataset, fit=True, expect=False)
    kept = path.read_bytes()
    expected = prepared.prepare(dataset, fit=True, expect=False).fit.suspects()["probability"].tolist()
    assert said(path, dataset.folder) == said(path, dataset.folder) == expected
    assert path.read_bytes() == kept


def test_a_damaged_file_leaves_the_work_to_the_notebook(dataset, tmp_path):
    path = tmp_path / "damaged"
    prepared_file.write(path, dataset, fit=False, expect=False)
    path.write_bytes(path.read_bytes()[:-20])
    assert said(path, dataset.folder) is None
