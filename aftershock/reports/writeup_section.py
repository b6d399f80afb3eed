"""What people wrote about an incident, and what is still to be written."""

from __future__ import annotations

import re

from aftershock.dataset.dataset import Dataset
from aftershock.dataset.writeups import WRITEUPS, Writeup, read_writeup
from aftershock.output.blocks import Bullets, Prose, Stack
from aftershock.output.file_names import file_name
from aftershock.output.markdown import Markdown
from aftershock.output.phrases import sentence
from aftershock.output.safe_html import join, strong
from aftershock.schema.errors import InputError

_TITLE = re.compile(r"^#\s.*$", re.MULTILINE)  # the report has the incident's title already
PROMPTS = (
    ("narrative", "What happened, in the order in which people saw it? What made sense at the time?"),
    ("what went well", "What worked, and should be kept?"),
    ("what went badly", "What made it longer or wider than it had to be?"),
    ("where we were lucky", "What could have made it worse, and did not?"),
    ("action items", "What will be done, by which role, until when? A table: action, type, owner, due, done, ticket."),
)


def writeup_of(dataset: Dataset, incident_id: str) -> Writeup | None:
    """The write-up of an incident as the dataset's audience may see it, None where there is none; InputError for one that
    cannot be read."""
    path = dataset.folder / WRITEUPS / f"{file_name(dataset.raw_id(incident_id))}.md"
    name = f"{WRITEUPS}/{file_name(incident_id)}.md"
    return read_writeup(path, dataset.folder, dataset.mask, name) if path.is_file() else None


def written(dataset: Dataset, incident_id: str) -> Stack:
    """The write-up of an incident in the dataset's folder, as the dataset's audience may see it, and a prompt for each
    section that it lacks."""
    name = f"{WRITEUPS}/{file_name(incident_id)}.md"
    try:
        writeup = writeup_of(dataset, incident_id)
    except InputError as error:
        return Stack(Prose(str(error), kind="warning"))
    sections = writeup.sections if writeup else {}
    prompts = [
        join("", [strong(sentence(name)), f": {prompt}"])
        for name, prompt in PROMPTS
        if not sections.get(name, "").strip()
    ]
    if not prompts:
        return Stack(*_parts(writeup, dataset))
    where = Prose(
        f"Not written yet; the place is {name} in the dataset's folder, which aftershock postmortem new begins:"
    )
    return Stack(*_parts(writeup, dataset), where, Bullets(prompts))


def _parts(writeup: Writeup | None, dataset: Dataset) -> list[Prose | Markdown]:
    """What was odd about a write-up, then its sections."""
    if writeup is None:
        return []
    notes = [Prose(f"{n.file}: {n.found}; expected {n.expected}.", kind="notice") for n in writeup.notes]
    shown = [
        Markdown(f"### {sentence(name)}\n\n{text}" if name else _TITLE.sub("", text), dataset.mask.replaced)
        for name, text in writeup.sections.items()
        if _TITLE.sub("", text).strip()
    ]
    return [*notes, *shown]
