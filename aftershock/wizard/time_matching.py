"""Which columns of a file hold the times of a table: starts and ends, days with clock times next to them, durations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from aftershock.dataset import durations, time_spans, timestamps, zone_words
from aftershock.schema.tables import REASONS, SCHEMAS
from aftershock.sources.person_fields import is_person_field
from aftershock.wizard import synonyms, time_candidates, time_formats, time_names
from aftershock.wizard.guess import Guess
from aftershock.wizard.table_names import OWN_IDS, is_called
from aftershock.wizard.time_candidates import ENDS, Candidate
from aftershock.wizard.time_cells import TimeCells
from aftershock.wizard.time_formats import ENOUGH, Stamps
from aftershock.wizard.time_names import words

LEAST = 0.6
FEWEST_DIGITS = 4  # of a day, as in 1.2.24
LONGEST_CHANGE = pd.Timedelta(days=90)  # that half of the changes of a log last: a judgement
MOST_LATE = pd.Timedelta(days=2)  # that most incidents are entered after they began: a judgement
PLANNED = 0.62  # what a plan is worth as a start: it is taken where nothing says what happened
FILED = 0.15  # how much less a time of closing is worth as an end than one of resolving: more than between synonyms
SAID = 0.65  # what a name is worth that says an end and more: a judgement, below every known name
AUTHORED = 0.05  # how much less sure the time is at which a change was written: it is committed, then made
ASKED = 0.61  # and what is worth when somebody asked for it: less than a plan
_VERSION = r"v?\d{1,3}(?:\.\d{1,3}){1,3}(?:[-.+]?[a-z]\w*(?:\.\d+)*)?"  # what a release is called
_PERIODS = r"""\[?\{.{0,40}["'](?:begin|start|from)\w*["']: ?["']?\d{8}|\[?\{.{0,40}["'](?:begin|start|from)\w*["']: ?["']?\d{4}-"""
_FLAG = r"(?i:yes|no|true|false|y|n)"
# The last end is the end.
_LAST = re.compile(r"(?:^|(?<=[._ ]))(?:last|latest|final)[\s_-]*|^last(?=[A-Z])", re.IGNORECASE)
SPANS = 0.5  # share of cells with two times below which a column of lengths says the other ends: a judgement
ALONE = "the only column"  # begins the reason of a start that nothing but its times speaks for
TWIN = 0.95  # what an end is worth that is named like the start it is paired with: above every synonym
PLAIN = 0.8  # what a name is worth that says a start or an end and is no known one: as the last of those
_NAMED = re.compile(r"\.(?:display_?)?name$", re.IGNORECASE)  # reporter.displayName
_UPDATE = re.compile(r"\.identified$", re.IGNORECASE)  # on status pages: that the cause is known
_ZONES = (
    *("timezone", "tz", "zone", "zeitzone", "timezonename", "tzname", "utcoffset", "offset", "fuseauhoraire"),
    *("zonahoraria", "fuso", "fusohorario", "fusoorario", "husohorario", "tijdzone", "strefaczasowa"),
    *("gmtoffset", "tzoffset", "timezoneoffset"),
)
_ABBREVIATED = re.compile(
    r"(?<![A-Za-z])(?:CES?T|ME[SZ]Z|BST|IST|JST|KST|AES?[DS]?T|NZ[DS]?T|[ECMP][DS]?T|MSK)(?![A-Za-z])"
)
_YEARS = {"year", "yr", "jahr", "année", "annee", "año", "ano", "anno", "jaar", "rok"}
_PARTS_OF_DATES = {
    *("month", "monat", "mois", "mes", "mês", "mese", "maand", "day", "tag", "jour", "dia", "día", "giorno"),
    *("dag",),
}
HOW_WRITTEN = "; write such times as 2024-03-05 17:19"
_SEVERAL = 'whose letters mean several: write timezone = "Europe/Berlin", or where it is'


@dataclass
class TimeMatch:
    """What was found in a ``file``: ``candidates`` as column_matching takes them; ``refused``: canonical column → why its cells
    are none."""

    table: str
    file: str = ""
    candidates: list[Candidate] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def complete(self, chosen: dict[str, Guess], cells: TimeCells) -> Iterator[str]:
        """Add what belongs to the columns chosen: the only time there is, clocks, durations, zones. Yields questions."""
        if "started_at" in chosen and time_names.is_plan(chosen["started_at"].value):
            self._replace_plan(chosen, cells)
        if "started_at" not in chosen:
            self._rescue(chosen, cells)
        start = chosen["started_at"].value if "started_at" in chosen else ""
        if time_names.is_due(start) and not (self.table == "changes" and is_called(self.file, "changes")):
            self.refused["started_at"] = f"{start!r} is until when it was to be done, and no column is the start"
            del chosen["started_at"]
        if "started_at" not in chosen:
            return
        if self.table == "incidents" and time_names.is_entered(chosen["started_at"].value):
            _replace_entered(chosen, cells)
        if (both := chosen["started_at"].value) in cells.spans:
            chosen[ENDS[self.table]] = Guess(ENDS[self.table], both, 0.85, "the second time of its cells")
        yield from _add_clocks(self.table, chosen, cells)
        clock = chosen["started_at_clock"].value if "started_at_clock" in chosen else ""
        if clock and (strange := cells.strange_zone(clock)):
            why = f"{REASONS['unknown_zone']}; {time_formats.NAME_ZONE}"
            self.refused["started_at"] = f"{clock!r} is the time of day of the start, and it holds {strange!r}: {why}"
            del chosen["started_at"]
            return
        yield from _drop_backwards(chosen, cells)
        yield from _add_durations(self.table, chosen, cells)
        yield from _add_zone(chosen, cells)

    def _replace_plan(self, chosen: dict[str, Guess], cells: TimeCells) -> None:
        """Take the only other column of times as the start, where it may be one and tells more than a plan."""
        taken, plan = {guess.value for guess in chosen.values()}, chosen["started_at"].value
        able = [n for n in cells.rows.columns if n not in taken and time_names.may_begin(n) and cells.stamps(n)]
        able = [n for n in able if not time_names.is_creation(n)]
        if self.table == "changes":  # asked for long before the day for which it is planned
            able = [
                n for n in able if not (time_names.is_entered(n) or time_names.is_asked(n) or time_names.is_agreed(n))
            ]
        if len(able) == 1 and (cells.rows[able[0]] != "").mean() >= (cells.rows[plan] != "").mean():
            chosen["started_at"] = Guess("started_at", able[0], 0.7, f"{plan!r} is a plan")

    def _rescue(self, chosen: dict[str, Guess], cells: TimeCells) -> None:
        """Take the only column of times as the start, also that of when it was detected; of several, none: that is a question."""
        if detected := chosen.pop("detected_at", None):
            why = "when it was detected: no column says when it began"
            chosen["started_at"] = Guess("started_at", detected.value, 0.6, why)
            self.refused.pop("started_at", None)
            return
        taken = {guess.value for guess in chosen.values()}
        free = [n for n in cells.rows.columns if n not in taken and not time_candidates.is_of_loads(n, cells)]
        free = [n for n in free if not time_names.is_of_holder(n)]
        held = [n for n in free if cells.stamps(n) and "id" not in words(n) and not _is_amount(n, cells)]
        able = [n for n in held if time_names.may_begin(n)]
        able = able or [n for n in held if time_names.is_published(n)]
        over = chosen.get("finished_at")
        if (
            over
            and not {"expires", "expiry", "expiration"} & set(words(over.value))
            and all({"commit", "committed", "commits"} & set(words(n)) for n in able)
            and not any(
                texts.str.fullmatch(OWN_IDS["incidents"], case=False).mean() > 0.5 for _, texts in cells.rows.items()
            )
        ):
            del chosen["finished_at"]
            why = "when it was over: no column says when it began"
            chosen["started_at"] = Guess("started_at", over.value, 0.6, why)
            self.refused.pop("started_at", None)
        elif len(able) == 1:
            why = f"{ALONE} that {'can be it of those that hold' if len(held) > 1 else 'holds'} times"
            chosen["started_at"] = Guess("started_at", able[0], 0.6, why)
            self.refused.pop("started_at", None)
        elif held and "started_at" not in self.refused:
            open_ = (
                able
                or [n for n in held if "published" in words(n)]
                or [n for n in held if not (time_names.is_entry(n) or _is_hoped(n))]
            )
            if not open_:
                what = (
                    "a row was written, changed or answered" if time_names.is_entry(held[0]) else "the end was expected"
                )
                said = f"{held[0]!r} is when {what}, and no column is the start"
                self.refused["started_at"] = _of_coarse(cells) or _inside_cells(cells) or self._idle(cells) or said
                return
            listed = ", ".join(map(repr, open_[:6]))
            said = (
                f"which of {listed} is the start: call that column"
                if len(open_) > 1
                else f"that {listed} is the start: call it"
            )
            self.refused["started_at"] = f"it has to be said {said} started_at"
        elif "started_at" not in self.refused:
            if said := self._idle(cells) or _of_coarse(cells):
                self.refused["started_at"] = said
            elif (end := chosen.get(ENDS[self.table])) and not time_names.is_plan(end.value):
                self.refused["started_at"] = (
                    f"{end.value!r} is when it ended, and no column is the start; if that is near enough, call it started_at"
                )

    def _idle(self, cells: TimeCells) -> str:
        """What is said of a column that is called a start and tells no rows apart; ``""`` where there is none."""
        named = [n for n in cells.rows.columns if worth_by_name(self.table, "started_at", n)[0] >= LEAST]
        loads = [n for n in named if cells.stamps(n) and time_candidates.is_of_loads(n, cells)]
        idle = [n for n in named if (cells.rows[n] == "").all() or n in loads]
        if not idle:
            return ""
        idle.sort(key=lambda n: n.count("."))  # created_at before assignee.created_at
        why = "hardly differs from row to row" if (cells.rows[idle[0]] != "").any() else "is empty"
        return f"{idle[0]!r} would be started_at, and it {why}"

    def settled(self, chosen: dict[str, Guess], cells: TimeCells) -> dict[str, Stamps]:
        """How each chosen column of times is written, with one order of day and month for the file."""
        of_time = {c: g.value for c, g in chosen.items() if c in SCHEMAS[self.table].of_type("time")}
        cells.settle([of_time[c] for c in sorted(of_time, key=lambda c: c != "started_at")])
        return {c: stamps for c, name in of_time.items() if (stamps := cells.stamps(name))}


def _replace_entered(chosen: dict[str, Guess], cells: TimeCells) -> None:
    """Take as the start a column that is shortly before the time at which incidents were entered: they began then."""
    entered, taken = chosen["started_at"], {guess.value for guess in chosen.values()}
    at = cells.read(entered.value)
    for name in (n for n in cells.rows.columns if n not in taken and time_names.may_begin(n) and "id" not in words(n)):
        own = cells.read(name) if not time_names.is_entered(name) and cells.may_hold_times(name) else None
        if at is None or own is None or cells.is_of_days(name) > cells.is_of_days(entered.value):
            continue
        before = (at - own).dropna()
        if (
            len(before) < ENOUGH * at.notna().sum()
            or not pd.Timedelta(0) < before.median() <= MOST_LATE
            or (before < pd.Timedelta(0)).mean() > 1 - ENOUGH
        ):
            continue
        chosen["started_at"] = Guess("started_at", name, 0.7, f"shortly before {entered.value!r}, when it was entered")
        return


def _of_coarse(cells: TimeCells) -> str:
    """What is said of a log that has years, quarters or weeks for want of a start; ``""`` where it has none."""
    named = {n: set(words(n)) for n in cells.rows.columns}
    years, parts = ([n for n in named if named[n] & of] for of in (_YEARS, _PARTS_OF_DATES))
    if parts and years:
        return (
            f"the date is in several columns, {', '.join(map(repr, [*years, *parts]))}: write it in one, as 2026-03-31"
        )
    for name in cells.rows.columns:
        texts = time_formats.filled(cells.rows[name])
        bare = texts.str.fullmatch(r"\d*").any() and name not in years
        if (
            not bare
            and not texts.empty
            and (timestamps.parse(texts, cells.zone).trouble == "too_coarse").mean() >= ENOUGH
        ):
            return f"{name!r} holds {cells.why_not(name)}"
    return ""


def _inside_cells(cells: TimeCells) -> str:
    """What is said of a column whose cells are objects with times in them, such as the periods of each; ``""`` where none is."""
    for name in cells.rows.columns:
        texts = cells.rows[name][cells.rows[name] != ""]
        if len(texts) and texts.str.match(_PERIODS).mean() >= ENOUGH:
            return f"{name!r} holds objects with the times in them: write the first start and the last end into columns"
    return ""


def match(table: str, rows: pd.DataFrame, cells: TimeCells, file: str) -> TimeMatch:
    """Every column that may hold a time of a table, by its name; what its name says it is not, it is not."""
    found = TimeMatch(table, file)
    for canonical in SCHEMAS[table].of_type("time"):
        for name in sorted(rows.columns, key=lambda n: n.count(".")):  # the record's own before those of its parts
            by_name, why = worth_by_name(table, canonical, name)
            if by_name < LEAST:
                continue
            if cells.stamps(name):
                found.candidates.append((by_name, by_name, canonical, name, why))
            elif (
                canonical == "started_at"
                and why != "a plan"
                and not rows[name][rows[name] != ""].str.fullmatch(_FLAG).all()
                and not rows[name][rows[name] != ""].str.fullmatch(_VERSION).mean() > ENOUGH / 2
                and not (rows[name].str.count(r"\d").max() < FEWEST_DIGITS and _may_be_else(table, name, by_name))
                and (said := cells.why_not(name) or cells.without_day(name))
            ):
                how = HOW_WRITTEN if said.endswith((REASONS["unreadable_time"], "no year")) else ""
                found.refused.setdefault(canonical, f"{name!r} would be {canonical}, but it holds {said}{how}")
    planned = time_candidates.of_tasks(table, cells)
    found.candidates = [
        (min(sure, PLANNED), by, c, name, "a plan") if name in planned else (sure, by, c, name, why)
        for sure, by, c, name, why in found.candidates
    ]
    if table == "changes":
        found.candidates = time_candidates.with_named_starts(found.candidates)
    found.candidates = time_candidates.of_clocks(found.candidates, cells)
    found.candidates = time_candidates.without_vague(
        time_candidates.without_sparse_starts(found.candidates, cells), cells
    )
    best = max((sure for sure, _, canonical, _, _ in found.candidates if canonical == "started_at"), default=0.0)
    starts = {name for _, _, canonical, name, _ in found.candidates if canonical == "started_at"}
    if "started_at" in {c for _, _, c, _, _ in found.candidates}:
        found.refused.pop("started_at", None)
    for pair in time_names.pairs(
        [n for n in rows.columns if n not in planned],
        lambda n: cells.stamps(n) is not None and not time_candidates.is_of_loads(n, cells),
    ):
        if pair.sure >= best or (pair.start in starts and pair.sure > PLANNED):
            why = f"{pair.start!r} and {pair.end!r} are a pair"
            ended = max(pair.sure, TWIN if time_names.are_twins(pair) else 0.0)
            found.candidates.append((pair.sure, pair.sure, "started_at", pair.start, why))
            if table == "changes" or not time_names.is_plan(pair.end):
                found.candidates.append((ended, ended, ENDS[table], pair.end, why))
            found.refused.pop("started_at", None)
            break
    found.candidates = time_candidates.without_ends_of_parts(table, found.candidates, cells)
    if table == "incidents":
        found.candidates = time_candidates.without_starts_of_work(found.candidates, cells)
    if table == "changes" and any(c == "started_at" and by == PLANNED for _, by, c, _, _ in found.candidates):
        found.candidates = [  # a request with a plan is made long before
            one for one in found.candidates if one[2] != "started_at" or not time_names.is_creation(one[3])
        ]
    return found


def _may_be_else(table: str, name: str, as_time: float) -> bool:
    """Whether a name that could be a start's is as likely another's: ``from``, and ``deployer`` of who deployed."""
    return time_names.joins(name) or synonyms.likeness(table, "author", name) >= as_time


def _is_amount(name: str, cells: TimeCells) -> bool:
    """Whether a column holds numbers of a unit of time: milliseconds, which Excel's count of days may be like."""
    return bool(durations.unit_in(words(name))) and bool(cells.rows[name].str.fullmatch(r"\d*(?:[.,]\d+)?").all())


def worth_by_name(table: str, canonical: str, name: str) -> tuple[float, str]:
    """How well a column's name, as one of times, fits a canonical column, from 0 to 1, and why."""
    if is_person_field(re.sub(_NAMED, "", name)) or "id" in words(name):
        return 0.0, ""
    if time_names.is_of_holder(name) or words(name)[-1:] == ["name"]:
        return 0.0, ""
    ended = canonical == ENDS[table]
    last = _LAST.search(name) and "pushed" not in words(name)  # of a tag, when the image of that name was released
    if time_names.is_about(name) or (canonical == "started_at" and last):
        return 0.0, ""
    likely = synonyms.likeness(table, canonical, _LAST.sub("", name) if ended else name)
    if likely < LEAST:
        marks = {"started_at": time_names.START, ENDS[table]: time_names.END}.get(canonical, frozenset())
        likely = PLAIN if time_names.is_plain(name, marks) else SAID if ended and time_names.is_over(name) else likely
        likely = PLANNED if canonical == "started_at" and time_names.is_plainly_planned(name) else likely
    if table == "incidents" and ended and likely < 1 and time_names.is_filed(name):
        likely = max(likely - FILED, min(likely, LEAST))
    if canonical == "detected_at" and _UPDATE.search(name):
        return 0.0, ""
    if likely == 1 or likely < LEAST:
        return likely, "holds times"
    entry = time_names.is_entry(name) and not (table == "changes" and time_names.is_of_change(name))
    if entry or (canonical == "started_at") == time_names.is_end(name):
        return (0.0, "") if entry or canonical == "started_at" or _begins(name) else (likely, "holds times")
    if table == "changes" and "author" in name.lower():
        likely -= AUTHORED
    if time_names.is_plan(name):
        if table == "incidents" and ended:
            return 0.0, ""
        worth = ASKED if time_names.is_request(name) else PLANNED
        return (worth, "a plan") if canonical in ("started_at", "finished_at") else (0.0, "")
    return likely, "holds times"


def _begins(name: str) -> bool:
    return bool(time_names.START & set(words(name)))


def _add_clocks(table: str, chosen: dict[str, Guess], cells: TimeCells) -> Iterator[str]:
    """Clock times in columns of their own, next to a column of days; yields the question where only those of ends are."""
    day = chosen["started_at"]
    clocks = [n for n in cells.rows.columns if cells.is_of_clocks(n) and not time_names.is_plan(n)]
    ends = [n for n in clocks if time_names.is_end(n)]
    alone = [n for n in ends if not time_names.is_length(n)]
    if not clocks:
        return
    if not cells.is_of_days(day.value):
        if ENDS[table] not in chosen and alone:
            yield f"{alone[0]!r} holds times of day without their days: no end is read; write both into one column"
        return
    begins = [n for n in clocks if not time_names.is_end(n) and not time_names.is_entry(n)]
    if begins:
        chosen["started_at_clock"] = Guess("started_at_clock", begins[0], 0.85, f"a time of day next to {day.value!r}")
    end, ends = ENDS[table], ends if begins else alone
    if not ends and begins and time_spans.ends(cells.rows[begins[0]]).any():
        ends = begins[:1]
    if ends and (end not in chosen or (begins and cells.is_of_days(chosen[end].value))):
        chosen.setdefault(end, Guess(end, day.value, 0.8, f"the day of the start, with the time of {ends[0]!r}"))
        why = f"a time of day next to {chosen[end].value!r}; before that of the start it is of the next day"
        chosen[f"{end}_clock"] = Guess(f"{end}_clock", ends[0], 0.85, why)


def _add_durations(table: str, chosen: dict[str, Guess], cells: TimeCells) -> Iterator[str]:
    """How long it lasted, and how long until it was detected or mitigated, where no column says when that was."""
    taken = {guess.value for guess in chosen.values()}
    idle = [n for n in cells.rows.columns if (cells.rows[n] == "").all()]
    never = any(
        worth_by_name(table, ENDS[table], n)[0] >= PLAIN for n in idle
    )  # no end in any row: what lasted is something else
    for name in (n for n in cells.rows.columns if n not in taken and time_names.is_length(n)):
        if table == "changes" and time_names.is_before(name):
            continue
        end = time_names.what_ended(name) if table == "incidents" else ENDS[table]
        texts = cells.rows[name][cells.rows[name] != ""]
        if (
            (never and end == ENDS[table])
            or (end in chosen and not _are_few(chosen[end].value, cells))
            or any(column.startswith(f"{end}_duration_") for column in chosen)
            or texts.empty
        ):
            continue
        if durations.parse(texts, "minutes").isna().mean() > 1 - ENOUGH:
            continue
        unit = durations.unit_in(words(name))
        if texts.str.match(r"^\d+(?:[.,]\d+)?$").mean() > 1 - ENOUGH and not unit:
            yield f"the unit of {name!r} is not known; if it says how long each lasted, name it as {end}_duration_minutes"
            continue
        column = f"{end}_duration_{unit or 'minutes'}"
        what = "how long it lasted" if end == ENDS[table] else "how long that took"
        chosen[column] = Guess(column, name, 0.8, f"{what}, in place of {'an end' if end == ENDS[table] else 'a time'}")


def _are_few(name: str, cells: TimeCells) -> bool:
    """Whether few of the cells that hold a start hold an end, too: lengths say those of the others."""
    return name in cells.spans and bool((time_spans.ends(cells.rows[name]) != "").mean() < SPANS)


_LETTERS = re.compile("[A-Z]{2,5}")


def _add_zone(chosen: dict[str, Guess], cells: TimeCells) -> Iterator[str]:
    """A column that names the zone of its row. Yields a question where it, or the name of the start or of its time of day,
    names a zone whose letters mean several."""
    start = chosen["started_at"].value
    stamps = cells.stamps(start)
    if stamps and stamps.offsets > 1 - ENOUGH:
        return
    asked = []
    for name in cells.rows.columns:
        texts = cells.rows[name][cells.rows[name] != ""]
        if synonyms.bare(name.rsplit(".", 1)[-1]) not in _ZONES or texts.empty:
            continue
        unknown = [text for text in texts.unique() if not zone_words.zone_for(text, cells.zone)]
        if not unknown:
            chosen["timezone"] = Guess("timezone", name, 0.85, "names the zone of its row")
            return
        if len(unknown) < texts.nunique() or all(map(_LETTERS.fullmatch, unknown)):  # else it is where it happened
            asked.append(f"{name!r} names the zone {unknown[0]!r}, {_SEVERAL}")
    yield from asked
    for name in (chosen[c].value for c in ("started_at", "started_at_clock") if c in chosen):
        found = _ABBREVIATED.search(name)
        if found and not zone_words.zone_for(found[0], cells.zone):
            yield f"{name!r} names the zone {found[0]!r}, {_SEVERAL}"


def _drop_backwards(chosen: dict[str, Guess], cells: TimeCells) -> Iterator[str]:
    """Leave out a later time that mostly lies before the start: it is something else, which is asked where it is an end."""
    start = cells.read(chosen["started_at"].value)
    for canonical in sorted(synonyms.LATER & set(chosen)):
        if start is None or f"{canonical}_clock" in chosen or "started_at_clock" in chosen:
            continue
        at = cells.read(chosen[canonical].value)
        both = (at - start).dropna() if at is not None else pd.Series(dtype="timedelta64[us]")
        if len(both) and (both < pd.Timedelta(0)).mean() > 0.5:
            left = chosen.pop(canonical).value
            if canonical in ENDS.values() and time_names.is_plain(left, time_names.END):
                before = chosen["started_at"].value
                yield f"{left!r} is not read as the end: most lie before {before!r}, which may be something else"
        elif canonical == "finished_at" and len(both) and both.median() > LONGEST_CHANGE:
            left = chosen.pop(canonical).value
            yield (
                f"{left!r} is not read as the end: half of them lie {both.median().days:,} d and more after "
                f"{chosen['started_at'].value!r}, as until when something was supported or valid; if changes lasted so long, "
                f"write finished_at = {left!r}"
            )


def _is_hoped(name: str) -> bool:
    """Whether a column says when the end was expected: ``EstRest`` is when a supply was to be restored."""
    return time_names.is_plan(name) and (time_names.is_end(name) or words(name)[:1] == ["est"])
