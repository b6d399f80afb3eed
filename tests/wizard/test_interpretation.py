"""What an input is called, which may say which log it is."""

from __future__ import annotations

from pathlib import Path

from aftershock.wizard.interpretation import Input, called_after


def test_the_only_file_of_a_folder_is_called_after_the_folder_where_that_says_more(tmp_path):
    folder = tmp_path / "incidents"
    folder.mkdir()
    one = Input((folder / "2024.csv",), folder, whole=True)
    assert (one.called, one.name, one.is_folder, one.is_named) == ("incidents", "2024.csv", False, True)
    named = Input((folder / "outages.csv",), folder, whole=True)
    assert named.called.startswith("outages.csv")


def test_pages_are_counted_in_a_name():
    pages = tuple(Path(f"log-{n}.json") for n in (1, 2, 3))
    assert Input(pages, pages[0]).display_name == "log-1.json and 2 files like it"


def test_a_file_is_called_after_its_logs():
    assert called_after("deployments.csv") == {"changes"} and called_after("rows.csv") == set()
