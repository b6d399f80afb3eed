"""What people wrote about an incident, and a prompt for each section that is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock import load
from aftershock.dataset.audience import for_audience
from aftershock.output.file_names import file_name
from aftershock.reports.writeup_section import PROMPTS, writeup_of, written


@pytest.fixture
def wrote(write):
    """Writes the write-up of i1 into the small dataset and gives its folder."""

    def put(text: str | bytes, name: str = "i1", **files: str) -> Path:
        folder = write(**files)
        (folder / "postmortems").mkdir(exist_ok=True)
        path = folder / "postmortems" / f"{name}.md"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return put


def prompts(text: str) -> list[str]:
    """The sections that are still asked for."""
    return [name for name, prompt in PROMPTS if prompt in text]


def test_without_a_write_up_every_section_is_asked_for_and_its_place_is_named(write):
    dataset = load(write())
    assert writeup_of(dataset, "i1") is None
    said = written(dataset, "i1").text
    assert prompts(said) == [name for name, _ in PROMPTS]
    assert said.startswith("Not written yet; the place is postmortems/i1.md in the dataset's folder")


def test_only_sections_without_text_are_asked_for(wrote):
    folder = wrote("# Payments fail\n\n## Narrative\n\nIt broke.\n\n## What went well\n\n\n## Numbers\n\n12 of 40.\n")
    said = written(load(folder), "i1").text
    assert "### Narrative\n\nIt broke." in said and "### Numbers\n\n12 of 40." in said
    assert prompts(said) == [name for name, _ in PROMPTS if name != "narrative"]


def test_a_whole_write_up_asks_for_nothing(wrote):
    text = "".join(f"## {name}\n\nWritten.\n\n" for name, _ in PROMPTS)
    said = written(load(wrote(text)), "i1").text
    assert said.count("Written.") == len(PROMPTS)
    assert "Not written yet" not in said and not prompts(said)


def test_its_own_title_is_left_out_and_words_before_the_first_section_stay(wrote):
    said = written(load(wrote("# Payments fail\n\nOpening words.\n\n## Narrative\n\nIt broke.\n")), "i1").text
    assert "Opening words." in said and "Payments fail" not in said
    alone = written(load(wrote("# Payments fail\n\n## Narrative\n\nIt broke.\n")), "i1")
    assert len(alone.blocks) == 3, "the section, the place and the prompts: a title alone is no part"


def test_what_is_odd_about_it_comes_first(wrote):
    said = written(load(wrote("## Action items\n\n| action | due |\n|---|---|\n| Ask | tomorrow |\n")), "i1").text
    assert said.index("postmortems/i1.md: ") < said.index("### Action items")
    assert "'tomorrow'" in said.splitlines()[0]


def test_one_that_cannot_be_read_is_a_warning(wrote):
    block = written(load(wrote(b"\xff")), "i1")
    assert block.text.startswith("Warning: postmortems/i1.md") and "expected UTF-8 text" in block.text


def test_a_reader_who_may_not_see_names_sees_none_and_the_file_under_the_masked_id(wrote):
    rows = "incident_id,started_at\njane.doe@example.org,2024-01-10T12:00Z\ni2,2024-02-10\n"
    folder = wrote("## Narrative\n\nAsk max.muster@example.org.\n", name="x", incidents=rows)
    private = load(folder)
    (folder / "postmortems" / "x.md").rename(folder / "postmortems" / f"{file_name('jane.doe@example.org')}.md")
    public = for_audience(private, "public")
    shown = public.incidents["incident_id"][0]
    assert shown != "jane.doe@example.org"
    said = written(public, shown).text
    assert "Ask " in said and "max.muster" not in said and "jane" not in said
    assert "max.muster@example.org" in written(private, "jane.doe@example.org").text
