from __future__ import annotations

import pickle
from pathlib import Path

from few_draws import expect_from_few

from aftershock import load
from aftershock.rendering import batch, jobs, warm_kernels
from aftershock.rendering.job import Job, ReportPage
from aftershock.rendering.shared_files import SharedFiles
from aftershock.reports import prepared_file


def test_a_dataset_is_prepared_once_for_all_who_want_the_same_of_it(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(prepared_file, "write", lambda path, dataset, **wants: asked.append((dataset, *wants.values())))
    one, shared = load("twitter-2023"), SharedFiles(tmp_path)
    first = shared.of(one, fit=True, expect=True)
    assert shared.of(one, fit=True, expect=True) == first != shared.of(one, fit=False, expect=True)
    assert asked == [(one, True, True), (one, False, True)]
    assert shared.of(None, fit=True, expect=True) is None


def test_what_cannot_be_written_is_read_by_each_kernel(monkeypatch, tmp_path):
    def fails(path, dataset, **wants):
        raise pickle.PicklingError

    monkeypatch.setattr(prepared_file, "write", fails)
    assert SharedFiles(tmp_path).of(load("twitter-2023"), fit=True, expect=True) is None


def test_where_no_kernel_can_be_forked_pages_are_the_same_and_made_of_the_file(write, monkeypatch, tmp_path, capfd):
    planned = jobs.month(expect_from_few(write()), "2024-01", with_incidents=True)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert all(r.ok for r in batch.render(planned, tmp_path / "warm"))
    monkeypatch.setattr(warm_kernels, "is_possible", lambda: False)
    made, write_file = [], prepared_file.write

    def counted(path: Path, dataset, **wants):
        made.append(path)
        write_file(path, dataset, **wants)

    monkeypatch.setattr(prepared_file, "write", counted)
    assert [r.error for r in batch.render(planned, tmp_path / "shared")] == [""] * len(planned)
    assert len(made) == 1 and not made[0].exists()
    assert "this system cannot fork a kernel" in capfd.readouterr().err
    pages = sorted(p.relative_to(tmp_path / "warm") for p in (tmp_path / "warm").rglob("*.*"))
    assert pages
    for page in pages:
        assert (tmp_path / "warm" / page).read_bytes() == (tmp_path / "shared" / page).read_bytes()


def test_an_ordinary_kernel_has_the_dataset_before_its_first_cell(write, write_notebook, monkeypatch, tmp_path):
    monkeypatch.setattr(warm_kernels, "is_possible", lambda: False)
    dataset = load(expect_from_few(write()))
    source = "from aftershock.reports import prepared\n[ready] = prepared._READY.values()\nprint('has', ready.fit is not None, len(ready.expected))"
    notebook = write_notebook("ready.ipynb", source)
    for kind, said in (("month", "has True 1"), ("quality", "has False 0")):
        planned = [
            Job("toy", kind, n, n, notebook, {}, Path(f"{n}.html"), ReportPage(title=n), dataset=dataset) for n in "ab"
        ]
        assert all(r.ok for r in batch.render(planned, tmp_path))
        assert said in (tmp_path / "a.html").read_text()
