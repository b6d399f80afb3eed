"""Reading what people wrote: nothing is lost in silence, nothing is read from outside the dataset."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.dataset.writeups import LARGEST, read_writeup
from aftershock.schema.errors import InputError

TEXT = """Opening words.

## Summary ##
It broke.

```
## not a heading
| action | due |
|---|---|
| not an item | 2025-01-01 |
```

## Action items
| action | due | done | ticket | mood |
|:---|---|---|---|--:|
| Use `a \\| b` | 2025-02-30 | no | <b>T-1</b> | good |
|  | 2025-01-01 | | | |
| | | | | |
| Ask | tomorrow | 2025-01-02 | | |

## Numbers
| colour | n |
|---|---|
| red | 1 |
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "postmortems").mkdir()
    return tmp_path


def write(folder, text, name="a.md"):
    path = folder / "postmortems" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_sections_keep_their_text_and_code(folder):
    sections = read_writeup(write(folder, TEXT), folder).sections
    assert list(sections) == ["", "summary", "action items", "numbers"]
    assert sections[""] == "Opening words."
    assert "## not a heading" in sections["summary"]


def test_actions_and_a_note_for_each_thing_not_read(folder):
    writeup = read_writeup(write(folder, TEXT), folder)
    assert writeup.actions["action"].tolist() == ["Use `a | b`", "Ask"]
    assert writeup.actions["ticket"].tolist() == ["<b>T-1</b>", ""]
    assert writeup.actions["due"].isna().all()
    assert writeup.actions["done"].tolist()[1] == pd.Timestamp("2025-01-02")
    assert [(n.line, n.column, n.reason) for n in writeup.notes] == [
        (14, "mood", "unknown_column"),
        (16, "due", "bad_time"),
        (17, "action", "missing_value"),
        (19, "due", "bad_time"),
    ]
    assert str(writeup.notes[1]) == (
        "postmortems/a.md, line 16, column due: found '2025-02-30'; expected a day as YYYY-MM-DD. "
        "Write the day as in 2025-03-31; the item counts as without one."
    )


def test_a_table_right_below_another_has_its_own_head(folder):
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n\n| action | owner |\n|---|---|\n| Do it | team |\n"
    assert read_writeup(write(folder, text), folder).actions["owner"].tolist() == ["team"]


def test_a_link_out_of_the_dataset_is_refused(folder, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.md"
    secret.write_text("secret", encoding="utf-8")
    link = folder / "postmortems" / "a.md"
    link.symlink_to(secret)
    with pytest.raises(InputError, match=r"postmortems/a\.md: found a path that leads out of the dataset") as caught:
        read_writeup(link, folder)
    assert caught.value.problems[0].reason == "outside_folder"
    with pytest.raises(InputError, match="leads out"):
        read_writeup(folder / "postmortems" / ".." / ".." / "secret.md", folder)


@pytest.mark.parametrize(
    ("content", "reason"), [(b"x" * (LARGEST + 1), "too_large"), (b"caf\xe9", "bad_encoding"), (None, "missing_file")]
)
def test_a_file_that_cannot_be_used(folder, content, reason):
    path = folder / "postmortems" / "a.md"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_writeup(path, folder)
    assert [p.reason for p in caught.value.problems] == [reason]


def test_a_byte_order_mark_and_windows_line_ends(folder):
    path = folder / "postmortems" / "a.md"
    path.write_bytes(b"\xef\xbb\xbf## Summary\r\nFine.\r\n| action |\r\n|---|\r\n| Rest |\r\n")
    writeup = read_writeup(path, folder)
    assert writeup.sections["summary"].startswith("Fine.") and writeup.actions["action"].tolist() == ["Rest"]
