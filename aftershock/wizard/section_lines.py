"""Lines of a section of dataset.toml: those that take some rows of a log, and leave out the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aftershock import sources
from aftershock.output.phrases import listed
from aftershock.wizard import row_questions, vocabulary
from aftershock.wizard.guess import MOST_NAMES, Guess
from aftershock.wizard.interpretation import Interpretation
from aftershock.wizard.toml_text import array, as_key, one_line


@dataclass(frozen=True)
class Line:
    """A key of a section with its value in TOML, and the comment behind it."""

    key: str
    value: str
    said: str = ""
    off: bool = False  # written as a comment: a suggestion, or a question

    def as_toml(self) -> str:
        said = f"  # {one_line(self.said)}" if self.said else ""
        return f"{'# ' if self.off else ''}{self.key} = {self.value}{said}"


def type_line(
    table: str, raw: sources.RawTable, of_states: bool = False
) -> tuple[list[tuple[Line, Guess | None]], list[str]]:
    """The line that leaves out what is no incident in an export of a tracker, or the question which of its types are;
    ``of_states``: the rows may be the states of what a monitor watches."""
    columns = row_questions.columns_of(raw)
    named, several = vocabulary.workflows(columns) if table == "changes" else ("", [])
    ran = vocabulary.counted(columns[named]) if several else ""
    which = [f"runs of every workflow are read as changes, of {ran}: say which deploy, under only"] * bool(several)
    if table == "changes" and (asked_for := vocabulary.requests(columns)):
        name, meant, others = asked_for
        listing = listed([repr(word) for word in others], MOST_NAMES)
        return [only(name, meant, f"runs for {listing} change nothing that users have")], which
    if several:
        wanted = f"{{ {as_key(named)} = {array(several)} }}"
        return [(Line("only", wanted, "the workflows that deploy", off=True), None)], which
    found = vocabulary.record_types(columns) if table == "incidents" else None
    found = (found or vocabulary.recoveries(columns)) if of_states and table == "incidents" else found
    if found is None and table == "incidents" and (some := vocabulary.labelled(columns)):
        line = f"{{ {as_key(some[0])} = {array(some[1])} }}"
        asked = f"{some[0]!r} calls some rows incidents, such as {some[1][0]!r}, and all are read"
        asked += ": if the others are none, say so under only"
        return [(Line("only", line, "if the other rows are no incidents, use this line", off=True), None)], [asked]
    if found is None:
        return [], []
    name, meant, others = found
    listing = listed([repr(word) for word in others], MOST_NAMES)
    line = f"{{ {as_key(name)} = {array(meant or others[:1])} }}"
    if meant:
        return [only(name, meant, f"rows of the type {listing} are no incidents")], []
    asked = f"rows of every {name!r} are read as incidents, of {listing}: say which are, under only"
    return [(Line("only", line, "which of these are incidents? Fill in, and use this line", off=True), None)], [asked]


def only(name: str, words: Sequence[str], why: str) -> tuple[Line, Guess | None]:
    """The line that takes the rows which have one of these words in a column."""
    guess = Guess("only", f"{name} = {', '.join(word or 'empty' for word in words)}", 0.8, why)
    return Line("only", f"{{ {as_key(name)} = {array(words)} }}", behind(guess)), guess


def planned_line(
    chosen: Interpretation, title: str, typed: Sequence[tuple[Line, Guess | None]]
) -> tuple[list[tuple[Line, Guess | None]], list[str]]:
    """What is asked of incidents whose titles say that they are none; ``typed``: the line that leaves out other rows."""
    if chosen.raw is None or title not in chosen.raw.frame or chosen.table != "incidents":
        return [], []
    found = row_questions.told_by_titles(chosen.raw, title, any(guess for _, guess in typed))
    said = "if what these titles say is no incident, use this line"
    lines = [Line("only", f"{{ {as_key(title)} = {array([without])} }}", said, off=True) for _, without in found]
    return [(line, None) for line in ([] if typed else lines)], [asked for asked, _ in found]


def behind(guess: Guess) -> str:
    return f"{guess.word}{': ' if guess.why else ''}{guess.why}"
