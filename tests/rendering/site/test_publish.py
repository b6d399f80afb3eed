"""Reports are copied to where they are read: only what changed, nothing that is not meant for there, nothing removed unasked."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from aftershock.cli import app
from aftershock.rendering.page_shell import Link
from aftershock.rendering.site import index
from aftershock.rendering.site.navigation import strip
from aftershock.rendering.site.publish import publish
from aftershock.schema.errors import AftershockError, UsageError


def put(folder: Path, name: str, text: str = "page", **report: object) -> None:
    """A report of the dataset "Real things": a page with its links, and the JSON next to it."""
    page = folder / f"{name}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"<html>{strip([Link('All reports', 'index.html')])}{text}</html>")
    told = {"dataset_name": "Real things", "audience": "internal", "title": name} | report
    page.with_name(f"{page.stem}.json").write_text(json.dumps({"report": told}))


def incident(folder: Path, name: str, day: int, **more: object) -> None:
    at = f"2025-01-{day:02}T00:00:00+00:00"
    put(folder, f"real/incidents/{name}", identifier=name, kind="incident", month="2025-01", started_at=at, **more)


@pytest.fixture
def source(tmp_path) -> Path:
    folder = tmp_path / "reports"
    put(folder, "real/2025-01/index", kind="month", month="2025-01", identifier="2025-01")
    incident(folder, "a", 2)
    incident(folder, "b", 9)
    index.write_site(folder)
    return folder


def said(monkeypatch, capsys, *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["aftershock", "publish", *arguments])
    with pytest.raises(SystemExit) as ended:
        app.run()
    return ended.value.code, "".join(capsys.readouterr())


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_command_says_what_it_did(source, tmp_path, monkeypatch, capsys):
    target = tmp_path / "www"
    arguments = (str(target), "--from", str(source))
    names = ["real/2025-01/index", "real/incidents/b", "real/incidents/a"]
    copied = "".join(f"copied {n}.html\n" for n in names)
    assert said(monkeypatch, capsys, *arguments) == (0, f"{copied}3 copied, 0 unchanged: {target}/index.html\n")
    assert said(monkeypatch, capsys, *arguments) == (0, f"0 copied, 3 unchanged: {target}/index.html\n")
    incident(source, "a", 2, summary="Better words.")
    (source / "real/incidents/c.error.html").write_text("failed")
    assert said(monkeypatch, capsys, *arguments, "--prune") == (
        0,
        "copied real/incidents/a.html\n"
        "left out real/incidents/c: its latest run failed, or its numbers cannot be read\n"
        f"1 copied, 2 unchanged, 0 removed: {target}/index.html\n",
    )
    assert files(target).keys() == {"index.html", "feed.xml", *(f"{n}{e}" for n in names for e in (".html", ".json"))}


def test_what_did_not_change_is_not_written(source, tmp_path):
    target = tmp_path / "www"
    publish(source, target)
    before = {p: p.stat().st_mtime_ns for p in target.rglob("*") if p.is_file() and p.parent != target}
    incident(source, "b", 9, summary="Better words.")
    assert publish(source, target).copied == [Path("real/incidents/b")]
    after = {p: p.stat().st_mtime_ns for p in before}
    assert {p.name for p in before if before[p] != after[p]} == {"b.html", "b.json"}


def test_links_in_the_target_are_those_of_the_target(source, tmp_path):
    target = tmp_path / "www"
    incident(target, "z", 5)
    publish(source, target)
    page = (target / "real/incidents/a.html").read_text()
    assert '<a href="z.html" rel="next" aria-label="Next incident: z">z →</a>' in page
    assert '<a href="../2025-01/index.html">Review of January 2025</a>' in page
    assert publish(source, target).copied == []


def test_nothing_else_is_touched(source, tmp_path):
    target = tmp_path / "www"
    (target / "real/incidents").mkdir(parents=True)
    (target / "real/incidents/notes.html").write_text("mine")
    (target / "real/own.json").write_text("{")
    put(target, "other/2025-01/index", kind="month", month="2025-01", dataset_name="Other")
    mine = files(target)
    publish(source, target, prune=True)
    assert {name: files(target)[name] for name in mine if "index" not in name} == {
        name: content for name, content in mine.items() if "index" not in name
    }
    assert (target / "other/2025-01/index.html").is_file()


def test_only_reports_of_published_datasets_are_pruned(source, tmp_path):
    target = tmp_path / "www"
    publish(source, target)
    for ending in (".html", ".json"):
        (source / f"real/incidents/a{ending}").unlink()
    assert publish(source, target).removed == []
    assert (target / "real/incidents/a.html").is_file()
    assert publish(source, target, prune=True).removed == [Path("real/incidents/a")]
    assert not list(target.glob("real/incidents/a.*"))
    assert "incidents/a.html" not in (target / "index.html").read_text()


def test_a_report_for_fewer_readers_stops_everything(source, tmp_path, monkeypatch, capsys):
    incident(source, "c", 11, audience="private")
    target = tmp_path / "www"
    assert said(monkeypatch, capsys, str(target), "--from", str(source), "--audience", "public") == (
        2,
        "aftershock: not for public readers: real/2025-01/index (internal), real/incidents/c (private), real/incidents/b "
        "(internal) and real/incidents/a (internal). Render with --audience public, or say with --audience private that "
        "the readers of the folder may see this. Nothing was copied\n",
    )
    assert not target.exists()
    assert len(publish(source, target, audience="private").copied) == 4


def test_a_report_that_does_not_say_for_whom_it_is_counts_as_private(source, tmp_path):
    put(source, "real/2024-12/index", audience=None)
    with pytest.raises(UsageError, match=r"^not for internal readers: real/2024-12/index \(private\)\."):
        publish(source, tmp_path / "www")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("nowhere", "www"), "no folder {0}/nowhere: render reports first, or name their folder with --from"),
        (("www", "x"), "no reports in {0}/www: render some first, or name their folder with --from"),
        (
            ("reports", "reports/real"),
            "{0}/reports and {0}/reports/real lie in each other; publish into a folder elsewhere",
        ),
        (("reports", "file"), "{0}/file is a file; expected a folder to publish into"),
    ],
)
def test_what_cannot_be_published_is_refused_in_words(source, tmp_path, given, expected):
    (tmp_path / "www").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError) as refused:
        publish(tmp_path / given[0], tmp_path / given[1])
    assert str(refused.value) == expected.format(tmp_path)


def test_a_write_that_fails_leaves_whole_files(source, tmp_path, monkeypatch):
    target = tmp_path / "www"
    publish(source, target)
    incident(source, "a", 2, text="new")
    before = files(target)
    replace = Path.replace

    def full(self: Path, other: Path) -> None:
        if other.suffix == ".json":
            raise OSError(28, "No space left on device", str(other))
        replace(self, other)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(AftershockError) as failed:
        publish(source, target)
    assert str(failed.value) == (
        f"cannot write {target}/real/incidents/a.json: No space left on device. What is there is whole."
    )
    assert files(target) == before


# two datasets whose folders bear one name


def test_a_dataset_of_another_name_is_not_overwritten(source, tmp_path):
    target = tmp_path / "www"
    put(target, "real/2025-01/index", dataset_name="Other things", month="2025-01", kind="month")
    before = files(target)
    with pytest.raises(UsageError) as refused:
        publish(source, target)
    assert str(refused.value) == (
        f"{target}/real holds reports of the dataset 'Other things', and 'Real things' would overwrite them. Rename one "
        f"dataset's folder or choose another --output; if it is the same dataset under a new name, remove {target}/real first"
    )
    assert files(target) == before
