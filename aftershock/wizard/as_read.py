"""What was made of the values of a log, in a few lines that a person can hold against the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from aftershock.dataset import placeholders
from aftershock.dataset.dataset import Dataset
from aftershock.dataset.masking import Mask
from aftershock.dataset.masking.secrets import SECRETS
from aftershock.dataset.record_account import Reason, by_reason, place_of
from aftershock.dataset.settings import Log
from aftershock.output.phrases import duration, listed, plural, shortened, verb, when
from aftershock.output.text_table import text_table
from aftershock.schema.change_kinds import KIND_WORDS
from aftershock.schema.status_words import NO_INCIDENT, STATUS_WORDS, meaning, plain, took_effect
from aftershock.schema.tables import SCHEMAS
from aftershock.sources import SECTIONS, RawTable
from aftershock.wizard import odd_values
from aftershock.wizard.draft import Section
from aftershock.wizard.interpretation import Interpretation

MOST_WORDS, MOST_SERVICES, MOST_UNUSED = 8, 4, 12  # that are named: what one takes in at a glance
LONGEST = 40  # characters of a cell that is shown
SHOWN = 8  # signs of an id that may be a secret: enough to find its row, a fraction of a key
_TOKEN = re.compile(r"\[token \d+\]")
_OF_VERSION = re.compile(r"[\w.-]+@[\w-]*\d[\w-]*(?:\.\w*\d\w*)*")  # shop@v1, and no address
_ITS_WORD = r"^no row: (its .+? is )('.*'|\".*\")$"
_WHAT_IT_IS = r"(?s)^no row: (?:a record without an id|\S+) ((?:is|was|has|says|ran|failed|lists|only|does)\b.*)$"
_OTHER = ("other_thing", "other_table", "other_list")  # reasons that say too little
_UNKNOWN = "not known what it means"


def lines(dataset: Dataset, section: Section, chosen: Interpretation, number: int, several: bool) -> list[str]:
    """The block on one log: ``number`` is its place among the ``several`` of its table. Secrets are masked, as people paste
    such lines into tickets; every other value is as the file has it."""
    if section.table == "dependencies":
        return []
    log = getattr(dataset.settings, {table: name for name, table in SECTIONS.items()}[section.table])[number]
    read = _AsRead(dataset, section, chosen, log, several)
    mask = Mask(SECRETS, keep=dataset.settings.masking.keep)
    rows = [(what, _masked(mask, what, said)) for what, said in read.rows() if said]
    return [f"  as read, {plural(len(read.frame), 'row')}", *text_table(rows, indent="    ")] if rows else []


def _masked(mask: Mask, what: str, said: str) -> str:
    """What is said without secrets; of an id that may be one the first signs, by which it is found in the file."""
    if what != "ids":
        return mask.text(said)
    ids = [(one, one if _OF_VERSION.fullmatch(one) else mask.text(one)) for one in said.split(" to ")]
    return " to ".join(f"{one[:SHOWN]}…" if _TOKEN.fullmatch(masked) else masked for one, masked in ids)


@dataclass(frozen=True)
class _AsRead:
    """One log as it was read, next to its cells as written."""

    dataset: Dataset
    section: Section
    chosen: Interpretation
    log: Log
    several: bool

    def rows(self) -> list[tuple[str, str]]:
        """What is said of each kind of value; ``""`` where there is nothing to say."""
        table = self.section.table
        return [
            ("starts", self._starts()),
            ("lengths", self._lengths()),
            ("states", self._states()),
            ("severities", self._severities()) if table == "incidents" else ("kinds", self._kinds()),
            ("services", self._services()),
            ("ids", self._ids()),
            ("left out", self._left_out()),
            ("not used", self._not_used()),
            ("look twice", "; ".join(odd_values.of(self.frame, self.dataset, table))),
        ]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Its rows in the canonical table."""
        return self._own(getattr(self.dataset, self.section.table))

    def _own(self, rows: pd.DataFrame) -> pd.DataFrame:
        if not self.several:
            return rows
        if self.raw is None:  # a repository, whose rows are of shop@0a1b2c3d4e5f
            held = rows["file"].str.replace(r"@[0-9a-f]+$", "", regex=True) == self.chosen.input.name
        else:
            held = rows["file"].isin(set(self.raw.files))
        return rows[held].reset_index(drop=True)

    @property
    def raw(self) -> RawTable | None:
        return self.chosen.raw

    def _cells(self, column: str) -> pd.Series | None:
        """A column as written, under its canonical name; None where the file has none."""
        fit = self.chosen.fit
        name = (fit.columns[column].value if column in fit.columns else "") if fit else column
        return self.raw.frame[name] if self.raw is not None and name in self.raw.frame else None

    def _starts(self) -> str:
        at = self.frame["started_at"]
        if at.empty:
            return "none"
        ends = dict.fromkeys((int(at.argmin()), int(at.argmax())))
        return " to ".join(self._moment(row) for row in ends)

    def _moment(self, row: int) -> str:
        """When a row began, in the zone of its log, and what its file says there."""
        one = self.frame.iloc[row]
        said = when(one["started_at"], one["started_at_before"], self.log.timezone or self.dataset.timezone)
        place = f"line {one['line']}" if self.frame["file"].nunique() == 1 else place_of(one)
        place = place if len(self.frame) == 1 or self.frame["line"].nunique() > 1 else ""
        found = ", ".join(filter(None, (place, self._written(one))))
        return f"{said} ({found})" if found else said

    def _written(self, one: pd.Series) -> str:
        """The cells of a start as written; ``""`` where several rows are at its place, such as all of JSON on one line."""
        if self.raw is None or self.log.history:  # which start with another row
            return ""
        there = ((self.raw.files == one["file"]) & (self.raw.lines == one["line"])).to_numpy()
        id = SCHEMAS[self.section.table].id
        if there.sum() > 1 and (ids := self._cells(id)) is not None:
            there = there & (ids == one[id]).to_numpy()
        cells = [c for name in ("started_at", "started_at_clock") if (c := self._cells(name)) is not None]
        return repr(" ".join(str(c[there].iloc[0]) for c in cells)[:LONGEST]) if there.sum() == 1 and cells else ""

    def _lengths(self) -> str:
        found = odd_values.lengths(self.frame)
        bare = int(found.isna().sum())
        if bare == len(found):
            return "no row has an end" if self.section.table == "incidents" else ""
        alike = found.min() == found.max()
        said = f"{duration(found.min())} to {duration(found.max())}, median {duration(found.median())}"
        said = duration(found.min()) if alike else said
        return said + f"; {bare:,} of {len(found):,} {verb(bare, 'has', 'have')} no end" * bool(bare)

    def _states(self) -> str:
        """Each word of the rows that are not left out, but for those left out by it, under what it counts as."""
        cells = self._cells("status")
        if cells is None or self.raw is None:
            return ""
        reasons = {"part_of_row", "repeated_record"} | ({"other_thing"} if self.log.only else set())
        folded, rejected = (self._own(part) for part in (self.dataset.folded, self.dataset.rejected))
        gone = pd.concat([folded.loc[folded["reason"].isin(reasons), ["file", "line"]], rejected[["file", "line"]]])
        if len(gone):
            left = set(gone.itertuples(index=False, name=None))
            places = zip(self.raw.files, self.raw.lines, strict=True)
            cells = cells[[place not in left for place in places]]
        texts = placeholders.blanked(cells.astype(str).str.strip(), "status", "text")
        words = Counter(texts.tolist())
        counts = self._incident_state if self.section.table == "incidents" else self._change_state
        by_meaning: dict[str, list[str]] = {}
        for word, rows in words.most_common():
            by_meaning.setdefault(counts(word), []).append(f"{word or 'empty'} ({rows:,})")
        return "; ".join(f"{meant}: {listed(found, MOST_WORDS)}" for meant, found in by_meaning.items())

    @cached_property
    def _given(self) -> dict[str, str]:
        """Plain word → what dataset.toml says that it means."""
        return {plain(word): meant for word, meant in self.log.statuses.items()}

    def _incident_state(self, word: str) -> str:
        if not word:
            return "resolved where there is an end"
        found = meaning(word, {**STATUS_WORDS, **self._given})
        return "no incident" if found == NO_INCIDENT else found or _UNKNOWN

    def _change_state(self, word: str) -> str:
        took = took_effect(self._given.get(plain(word), word))
        return _UNKNOWN if took is None else "took effect" if took else "never took effect"

    def _severities(self) -> str:
        order = self.dataset.settings.severity
        sign, said = (" > ", "") if order else (", ", "; which is worse is not known")
        counts = self.frame["severity"].value_counts()
        grades = [f"{grade} ({counts[grade]:,})" for grade in self.dataset.severities if grade in counts]
        bare = int(counts.get("", 0))
        more = f" and {len(grades) - MOST_WORDS} more" * (len(grades) > MOST_WORDS)
        found = sign.join(grades[:MOST_WORDS]) + more + said * (len(grades) > 1)
        return found + f"; {bare:,} {verb(bare, 'has', 'have')} none" * bool(bare) if grades else ""

    def _kinds(self) -> str:
        counts = self.frame["kind"].value_counts()
        said = listed([f"{word} ({rows:,})" for word, rows in counts.items()], MOST_WORDS)
        cells = self._cells("kind")
        words = [] if cells is None else dict.fromkeys(cells.astype(str).str.strip())
        plain_of = {word: re.sub(r"[\s-]+", "_", word.lower()) for word in words}
        read = [f"{w!r} as {KIND_WORDS[p]}" for w, p in plain_of.items() if KIND_WORDS.get(p, p) not in p]
        return said + f"; read so: {listed(read, MOST_WORDS)}" * bool(read)

    def _services(self) -> str:
        counts = Counter(service for row in self.frame["services"] for service in row)
        if not counts:
            return ""
        most = listed([f"{_short(s)} ({n:,})" for s, n in counts.most_common(MOST_SERVICES)])
        bare = int((self.frame["services"].map(len) == 0).sum())
        among = f"{len(counts):,}, most often " if len(counts) > MOST_SERVICES else ""
        return among + most + f"; {bare:,} of {len(self.frame):,} {verb(bare, 'has', 'have')} none" * bool(bare)

    def _ids(self) -> str:
        """The ids of the first and the last row, as the files have them."""
        ids, written = self.frame[SCHEMAS[self.section.table].id], self._cells(SCHEMAS[self.section.table].id)
        known, cells = set(ids), ids.tolist() if written is None else written.map(str).tolist()
        if ids.empty:
            return ""
        first = next((cell for cell in cells if cell in known), ids.iloc[0])
        last = next((cell for cell in reversed(cells) if cell in known), ids.iloc[-1])
        return " to ".join(dict.fromkeys((_short(first), _short(last))))

    def _left_out(self) -> str:
        found = [
            f"{len(reason.rows):,}: {self._why(reason)}{self._such(reason.rows)}"
            for part in (self.dataset.rejected, self.dataset.folded)
            for reason in by_reason(self._own(part[part["table"] == self.section.table]))
        ]
        return "; ".join(found)

    @staticmethod
    def _why(reason: Reason) -> str:
        """Why rows are left out; of those that dataset.toml leaves out by a column what that says, and of other things what each
        is."""
        said = reason.rows["into"].str.extract(_ITS_WORD) if "into" in reason.rows else pd.DataFrame()
        if said.empty or said[0].nunique() != 1 or said.isna().any(axis=None):
            into = reason.rows["into"] if reason.code in _OTHER else pd.Series(dtype=str)
            each = into.str.extract(_WHAT_IT_IS)[0]
            told = len(each) > 0 and bool(each.notna().all())
            words = (each if told else into.str.removeprefix("no row: ")).value_counts()
            if not 0 < len(words) <= MOST_SERVICES:
                return reason.words
            listing = [f"{what} ({n:,})" if len(words) > 1 else str(what) for what, n in words.items()]
            return "each " * (told and len(each) > 1) + (" or " if told else ", ").join(listing)
        return said[0].iloc[0] + listed([_short(word) for word in said[1].value_counts().index], MOST_SERVICES)

    def _such(self, rows: pd.DataFrame) -> str:
        """Where the first of such rows is; ``""`` where others are at its place, too, such as all of a document."""
        places = pd.concat([rows[["file", "line"]], self.frame[["file", "line"]]]).astype(str)  # a list has no line
        if (places == places.iloc[0]).all(axis=1).sum() > 1:
            return ""
        first = place_of(next(rows.itertuples()))
        return f" ({'such as ' if len(rows) > 1 else ''}{first})" if first else ""

    def _not_used(self) -> str:
        """Columns of the file, or fields of its records, of which nothing was made."""
        fields: Iterable[str] = self.section.unused
        if self.raw is not None and self.raw.extras is not None:
            fields = dict.fromkeys(name for one in self.raw.extras for name in one)
        found = listed([_short(name) for name in fields], MOST_UNUSED)
        return found + "; if one holds what is missing, name it under columns" * bool(found and self.section.missing)


def _short(text: str) -> str:
    return shortened(text, LONGEST)
