"""The command that begins a write-up: once, and nowhere but in the dataset's folder."""

from __future__ import annotations

import pytest
from commands import run


def test_the_command_writes_once_and_leaves_what_is_there(write):
    folder = write()
    first, second = (run("postmortem", "new", str(folder), "i1") for _ in range(2))
    assert (
        first.returncode == 0 and first.stdout.startswith("written: ") and (folder / "postmortems" / "i1.md").is_file()
    )
    assert second.returncode == 2 and "exists already and is left as it is" in second.stderr
    assert "no incident 'i9' in small" in run("postmortem", "new", str(folder), "i9").stderr


@pytest.mark.parametrize("is_there", [True, False], ids=["to a folder", "to nothing"])
def test_nothing_is_written_through_a_link_out_of_the_dataset(write, tmp_path_factory, is_there):
    folder = write()
    outside = tmp_path_factory.mktemp("outside") / "theirs"
    if is_there:
        outside.mkdir()
    (folder / "postmortems").symlink_to(outside)
    begun = run("postmortem", "new", str(folder), "i1")
    assert begun.returncode == 2 and "is a link that leads out of the dataset; replace it" in begun.stderr
    assert not any(outside.iterdir()) if is_there else not outside.exists()
