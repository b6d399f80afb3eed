"""Verdicts: written by many at once, in the file's own dialect, read back as they were; whole messages."""

from __future__ import annotations

import csv
import gzip
import io
import multiprocessing
import os
from pathlib import Path

import commands
import pytest
from filelock import FileLock

from aftershock import load
from aftershock.dataset import verdicts_csv
from aftershock.model import verdicts
from aftershock.output.spreadsheets import guarded, unguarded
from aftershock.schema.errors import AftershockError, InputError

ROW = {"incident_id": "i1", "change_id": "c1", "decision": "accepted"}
ROW |= {"decided_by": "review", "decided_at": "2024-02-01", "note": "a\nb"}
HEAD = "incident_id,change_id,decided_by,decided_at,note\n"  # of a file that knows no rejections
NEW = HEAD.replace("change_id,", "change_id,decision,")


def decide(folder: Path, note: str = "") -> verdicts.RecordedVerdict:
    return verdicts.decide(load(folder), "i1", "c1", by="review", note=note)


def stored(folder: Path) -> bytes:
    return (folder / "verdicts.csv").read_bytes()


def test_a_file_without_the_column_takes_no_rejection_and_stays(write):
    folder = write(verdicts__csv=HEAD + "i1,none,ops,2024-01-01,\n")
    with pytest.raises(InputError, match=r"no column 'decision'.*Add decision to the header"):
        verdicts.decide(load(folder), "i1", "c1", by="review", rejected=True)
    assert stored(folder).decode() == HEAD + "i1,none,ops,2024-01-01,\n"


# what is written, and what is read


def test_a_note_comes_back_as_it_was_and_no_spreadsheet_runs_it(write):
    notes = [
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@x",
        "'=x",
        "''",
        "'quoted'",
        'say "no", twice; or\tthree',
        "one\n\ntwo",
        "＝1",
        "né 🙂",
    ]
    dataset = load(write())
    for note in notes:
        verdicts.decide(dataset, "i1", "c1", by="review", note=note)
    assert load(dataset.folder).verdicts["note"].tolist() == notes
    cells = [row[-1] for row in csv.reader(io.StringIO(stored(dataset.folder).decode(), newline=""))]
    assert not [cell for cell in cells if cell[0] in "=+-@＝"]


def test_the_guard_loses_nothing():
    for text in ("", "a", "'", "'a", "=", "'=", "''=", "-", "'-1", "a=1"):
        assert unguarded(guarded(text)) == text
        assert guarded(text)[:1] not in ("=", "-")


FORMS = {
    "a mark, CRLF and other columns": (
        b"\xef\xbb\xbfTicket,note,incident_id,Change_ID,decided_by,decided_at\r\nT-1,old,i2,none,ops,2024-01-01\r\n",
        b",new,i1,c1,review,NOW\r\n",
        3,
    ),
    "no line end at the end": (HEAD.encode() + b"i2,none,ops,,", b"\ni1,c1,review,NOW,new\n", 3),
    "a cell of two lines": (HEAD.encode() + b'i2,none,ops,,"a\nb"\n', b"i1,c1,review,NOW,new\n", 4),
    "a file of nothing": (b"", NEW.encode() + b"i1,c1,accepted,review,NOW,new\n", 2),
}


@pytest.mark.parametrize(("old", "added", "line"), FORMS.values(), ids=FORMS.keys())
def test_a_file_keeps_every_byte_and_gets_a_row(write, monkeypatch, old, added, line):
    monkeypatch.setattr(verdicts, "_now", lambda: "2026-03-06T17:19:00Z")
    folder = write()
    (folder / "verdicts.csv").write_bytes(old) if old else None
    assert decide(folder, note="new").line == line
    assert stored(folder) == old + added.replace(b"NOW", b"2026-03-06T17:19:00Z")
    assert load(folder).verdicts_on("i1")["note"].tolist() == ["new"]


NOT_UTF8 = "found bytes that are not UTF-8; expected a CSV file in UTF-8. Save it as CSV in UTF-8. Nothing was written."
UNFIT = {
    "a missing column": (
        b"incident_id,change_id,decided_at\ni2,none,2024-01-01\n",
        "verdicts.csv, line 1: found no column 'decided_by'; expected the columns incident_id, change_id, decided_by, "
        "decided_at, note, separated by commas. Add decided_by, note to the header; rows that lack the cells are read as "
        "empty there. Nothing was written.",
    ),
    "semicolons": (
        HEAD.replace(",", ";").encode() + b"i2;none;ops;2024-01-01;\n",
        "verdicts.csv, line 1: found no column 'incident_id'; expected the columns incident_id, change_id, decided_by, "
        "decided_at, note, separated by commas. Save the file as CSV with commas. Nothing was written.",
    ),
    "a quote that never closes": (
        HEAD.encode() + b'i2,none,ops,2024-01-01,"never closed\n',
        "verdicts.csv, line 2: found a cell whose quotes do not match (unexpected end of data); expected rows that a CSV "
        "reader can tell apart. Fix the row. Nothing was written.",
    ),
    "Windows-1252": (HEAD.encode() + "i2,none,ops,,zurück\n".encode("cp1252"), f"verdicts.csv, line 2: {NOT_UTF8}"),
    "UTF-16": ((HEAD + "i2,none,ops,,\n").encode("utf-16"), f"verdicts.csv, line 1: {NOT_UTF8}"),
    "gzip": (gzip.compress(HEAD.encode() + b"i2,none,ops,2024-01-01,\n", mtime=0), f"verdicts.csv, line 1: {NOT_UTF8}"),
}


@pytest.mark.parametrize(("old", "message"), UNFIT.values(), ids=UNFIT.keys())
def test_a_file_that_is_not_ours_stays_as_it_is(write, old, message):
    folder = write()
    path = folder / "verdicts.csv"
    path.write_bytes(old)
    with pytest.raises(InputError) as refused:
        verdicts_csv.append(path, ROW, like=folder / "dataset.toml")
    assert str(refused.value) == message
    assert stored(folder) == old


@pytest.mark.parametrize("exists", [True, False], ids=["a file", "nothing"])
def test_no_link_leads_out_of_the_dataset(write, tmp_path, exists):
    folder, outside = write(), tmp_path / "outside.csv"
    if exists:
        outside.write_text(HEAD)
    (folder / "verdicts.csv").symlink_to(outside)
    with pytest.raises(InputError) as refused:
        verdicts_csv.append(folder / "verdicts.csv", ROW, like=folder / "dataset.toml")
    assert str(refused.value) == (
        "verdicts.csv: found a link that leads out of the dataset; expected a file inside it. Replace the link by the file "
        "itself. Nothing was written."
    )
    assert (outside.read_text() if exists else outside.exists()) == (HEAD if exists else False)


@pytest.mark.parametrize("target", ["outside", "incidents.csv"])
def test_a_link_in_place_of_the_lock_empties_nothing(write, tmp_path, target):
    folder, outside = write(), tmp_path / "outside"
    outside.write_text("kept")
    (folder / ".verdicts.csv.lock").symlink_to(outside if target == "outside" else folder / target)
    before = (folder / "incidents.csv").read_bytes()
    with pytest.raises(InputError, match="found a link in place of the lock"):
        verdicts_csv.append(folder / "verdicts.csv", ROW, like=folder / "dataset.toml")
    assert outside.read_text() == "kept" and (folder / "incidents.csv").read_bytes() == before


@pytest.mark.parametrize(
    "make", [os.mkfifo, Path.mkdir, lambda p: p.symlink_to(p.name)], ids=["pipe", "folder", "loop"]
)
def test_what_is_no_file_is_not_written_to(write, make):
    folder = write()
    make(folder / "verdicts.csv")
    with pytest.raises(InputError, match="neither a file nor a link to one"):
        verdicts_csv.append(folder / "verdicts.csv", ROW, like=folder / "dataset.toml")


# many at once, and nowhere to write


def add(folder: Path, first: int, count: int) -> None:
    for n in range(first, first + count):
        row = {**ROW, "decided_by": f"role {n}"}
        verdicts_csv.append(folder / "verdicts.csv", row, like=folder / "dataset.toml")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to be quick")
def test_many_writers_at_once_lose_no_row(write):
    folder, each = write(), 12
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=add, args=(folder, n * each, each)) for n in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0] * 6
    written = load(folder).verdicts
    assert sorted(written["decided_by"], key=lambda r: int(r.split()[1])) == [f"role {n}" for n in range(6 * each)]
    assert sorted(p.name for p in folder.glob("*verdicts*")) == [".verdicts.csv.lock", "verdicts.csv"]


@pytest.mark.parametrize("old", [HEAD + "i2,none,ops,2024-01-01,\n", ""], ids=["rows", "no file"])
def test_a_disk_that_is_full_leaves_the_file_as_it_was(write, monkeypatch, old):
    folder = write(**({"verdicts__csv": old} if old else {}))

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(AftershockError) as failed:
        decide(folder)
    assert str(failed.value) == (
        f"cannot write {folder / 'verdicts.csv'}: No space left on device. Nothing was written; verdicts need a folder "
        "that you may write to."
    )
    assert (folder / "verdicts.csv").exists() == bool(old)
    assert not old or stored(folder).decode() == old


def test_a_folder_where_nothing_can_be_locked_is_said(write):
    folder = write()
    (folder / ".verdicts.csv.lock").mkdir()
    message = (
        f"aftershock: cannot write {folder / 'verdicts.csv'}: Is a directory. Nothing was written; verdicts need a folder "
        "that you may write to.\n"
    )
    done = commands.run("verdict", str(folder), "i1", "c1", "--by", "review")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", message)


def test_who_waits_too_long_is_told(write, monkeypatch):
    folder = write()
    monkeypatch.setattr(verdicts_csv, "PATIENCE", 0.05)
    with (
        FileLock(folder / ".verdicts.csv.lock"),
        pytest.raises(AftershockError) as failed,
    ):
        decide(folder)
    assert str(failed.value) == (
        f"{folder / 'verdicts.csv'} has been locked by another writer for 0.05 seconds. Nothing was written; try again."
    )


def test_permissions_are_those_of_the_file_or_of_its_neighbour(write):
    folder = write()
    (folder / "dataset.toml").chmod(0o664)
    decide(folder)
    assert (folder / "verdicts.csv").stat().st_mode & 0o777 == 0o664
    (folder / "verdicts.csv").chmod(0o640)
    decide(folder, note="again")
    assert (folder / "verdicts.csv").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    "old", [HEAD, HEAD + "i0,c0,lead,,x\n", HEAD.replace("\n", "\r\n"), "team," + HEAD + "a,i0,c0,,,x\n"]
)
def test_what_was_added_last_can_be_taken_back(write, old):
    folder = write(verdicts__csv=old)
    path = folder / "verdicts.csv"
    path.write_bytes(old.encode())
    verdicts_csv.append(path, ROW, like=folder / "dataset.toml")
    verdicts_csv.take_back(path, ROW, like=folder / "dataset.toml")
    assert stored(folder) == old.encode()
