from __future__ import annotations

import json
import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from aftershock.cli.options import part_of
from aftershock.output import files
from aftershock.rendering import jobs, manifest
from aftershock.rendering.job import Job

PAGE = "<html><!--links--><a>old</a><!--/links-->text<!--rendered-->1<!--/rendered--></html>"


@pytest.fixture
def planned(write):
    """The job of a small dataset's month, read again for each call."""
    folder = write()

    def plan(**values: object) -> Job:
        [one] = jobs.month(folder, "2024-01", with_incidents=False)
        return replace(one, **values)

    return plan


def rendered(output: Path, job: Job, known: manifest.Manifest) -> None:
    path = output / job.target
    files.write_together({path: PAGE, path.with_suffix(".json"): "{}"})
    known.note(job)


def test_what_was_written_is_current_until_anything_that_it_follows_from_changes(planned, tmp_path):
    output, first = tmp_path / "out", planned()
    with manifest.opened(output) as known:
        assert not known.is_current(first)
        rendered(output, first, known)
        assert known.is_current(first)
    again = manifest.Manifest(output)
    assert again.is_current(planned())
    other = tmp_path / "other.ipynb"
    other.write_text("{}")
    for changed in (
        {"parameters": {**first.parameters, "blind": True}},
        {"notebook": other},
        {"page": replace(first.page, audience="public")},
        {"page": replace(first.page, generator="Aftershock 9")},
    ):
        job = planned(**changed)
        assert again.is_current(job) == (changed.get("page", first.page).audience == "public"), changed


@pytest.mark.parametrize("name", ["incidents.csv", "dataset.toml", "postmortems/i1.md"])
def test_a_changed_file_of_the_dataset_counts(planned, tmp_path, name):
    output = tmp_path / "out"
    with manifest.opened(output) as known:
        rendered(output, planned(), known)
    path = Path(str(planned().parameters["dataset"])) / name
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + "\n")
    assert not manifest.Manifest(output).is_current(planned())


def test_a_pipe_among_the_write_ups_is_not_waited_for(planned, tmp_path):
    job = planned()
    folder = Path(str(job.parameters["dataset"])) / "postmortems"
    folder.mkdir(exist_ok=True)
    os.mkfifo(folder / "i2.md")
    assert not manifest.Manifest(tmp_path / "out").is_current(job)


def test_a_page_that_was_touched_or_failed_since_is_not_current_but_new_links_are_no_change(planned, tmp_path):
    output, job = tmp_path / "out", planned()
    path = output / job.target
    with manifest.opened(output) as known:
        rendered(output, job, known)
        path.write_text(PAGE.replace("old", "new").replace(">1<", ">2<"))
        assert known.is_current(job)
        path.with_suffix(".error.html").write_text("failed")
        assert not known.is_current(job)
        path.with_suffix(".error.html").unlink()
        for wrong in (path, path.with_suffix(".json")):
            whole = wrong.read_text()
            wrong.write_text(whole + " ")
            assert not known.is_current(job)
            wrong.write_text(whole)
        path.unlink()
        assert not known.is_current(job)


def test_damage_is_said_and_costs_what_it_hit(planned, tmp_path, capsys):
    output, job = tmp_path / "out", planned()
    with manifest.opened(output) as known:
        rendered(output, job, known)
    text = known.path.read_text()
    known.path.write_text(text + text[: len(text) // 2])
    with manifest.opened(output) as second:
        assert second.damaged == 1 and second.is_current(job)
    assert capsys.readouterr().err.startswith(f"{known.path} is damaged")
    assert known.path.read_text() == text and json.loads(text)["file"] == job.target.as_posix()
    known.path.write_bytes(b"\xff\x00[]\n{}\n3\n")
    assert not manifest.Manifest(output).is_current(job)


def test_a_second_run_waits_for_the_first(tmp_path, capsys):
    order: list[str] = []

    def second() -> None:
        with manifest.opened(tmp_path):
            order.append("second")

    with manifest.opened(tmp_path):
        waiting = threading.Thread(target=second)
        waiting.start()
        while "waiting until it is done" not in capsys.readouterr().err:
            pass
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_a_dataset_that_could_not_be_read_is_never_current(write, tmp_path):
    [job] = jobs.quality(write(incidents=b"\x00\x01"))
    assert job.dataset.unread and manifest.Manifest(tmp_path).fingerprint(job) == ""


def test_folders_of_all_parts_laid_over_each_other_are_one_that_is_up_to_date(planned, tmp_path):
    months = [planned(target=Path(f"toy/2024-0{n}/index.html"), identifier=f"2024-0{n}") for n in (1, 2, 3)]
    whole = tmp_path / "whole"
    for number in (1, 2):
        output = tmp_path / f"part{number}"
        with manifest.opened(output, f"{number}/2") as known:
            for job in part_of(months, f"{number}/2"):
                rendered(output, job, known)
        shutil.copytree(output, whole, dirs_exist_ok=True)
    with manifest.opened(whole) as known:
        assert [known.is_current(job) for job in months] == [True] * 3
    assert [path.name for path in (whole / manifest.FOLDER).glob("manifest*")] == ["manifest.jsonl"]
    assert all(manifest.Manifest(whole).is_current(job) for job in months)
