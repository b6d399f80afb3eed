from __future__ import annotations

import sys

import pytest

from aftershock.cli.output_file import TERMINAL, check_output, write_output
from aftershock.schema.errors import AftershockError


def test_a_file_is_written_whole_with_its_folder(tmp_path):
    write_output(tmp_path / "new" / "x.json", "text\r\n")
    assert (tmp_path / "new" / "x.json").read_bytes() == b"text\r\n"
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["x.json"]


@pytest.mark.parametrize(("is_terminal", "expected"), [(True, "a[1mb\n"), (False, "a\x1b[1m[1mb\u202e\n")])
def test_a_terminal_gets_text_that_it_does_not_obey_and_a_pipe_all_of_it(capsys, monkeypatch, is_terminal, expected):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    write_output(TERMINAL, "a\x1b[1m[1mb\u202e\n")
    assert capsys.readouterr().out == expected


def test_a_file_that_cannot_be_written_is_an_error_with_a_remedy(tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "x.csv"
    with pytest.raises(AftershockError) as caught:
        write_output(path, "text")
    assert str(caught.value) in (
        f"cannot write {path}: {reason}. Choose a folder that you may write to."
        for reason in ("Not a directory", "File exists")
    )


def test_what_cannot_be_written_is_found_before_the_work(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "x.csv", tmp_path / "folder"):
        with pytest.raises(AftershockError, match=f"^cannot write {path}: "):
            check_output(path)
    for path in (TERMINAL, tmp_path / "file", tmp_path / "new" / "x.csv"):
        check_output(path)
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["file", "folder", "new"]
