"""Why nothing is read of an input."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from aftershock import sources
from aftershock.output.phrases import duration, listed, plural
from aftershock.schema.tables import SCHEMAS, TEXT
from aftershock.wizard import (
    column_matching,
    further_logs,
    id_columns,
    table_names,
    time_formats,
    time_names,
    vocabulary,
)
from aftershock.wizard.column_matching import Fit
from aftershock.wizard.interpretation import Input, Interpretation
from aftershock.wizard.toml_text import quoted
from aftershock.wizard.unread import of_document, of_text, what_unread

SOME_CELLS = 1_000  # that tell whether a column holds times: a judgement
_SERIES = {"series", "datapoints", "values", "samples"}  # what tools that keep measurements call them
MOST_OF_SERIES = 12  # columns of what else is said of each: a judgement
MOST_NAMED = 3  # columns that could be the start
FEWEST_SAMPLES = 10  # from which on equal steps are those of a clock: a judgement
MOSTLY = 0.8  # share of steps that are equal, as some samples are lost: a judgement


def says_nothing(one: Input) -> str:
    """That a file which could be read says of no log, and how to have it read all the same."""
    how = (
        f"add a section with sheet = {quoted(one.sheets[0])}"
        if one.sheets
        else "name the files to init, not their folder"
    )
    return f"nothing in it says that its rows are incidents or changes; if they are, {how}"


def why(one: Input, as_tables: list[Interpretation], chosen: dict[str, Interpretation]) -> str:
    if not as_tables:
        if all(path.stat().st_size == 0 for path in one.paths):
            return "it is empty"
        return of_document(one.heads[0].around) or what_unread(one.paths[0])
    unread = one.heads and (one.heads[0].kind in ("csv", "") or all(r.raw is None for r in as_tables))
    if unread and (known := of_text(one.paths[0])):
        return known
    if all(r.raw is not None and not r.raw.records for r in as_tables):
        return "it has no records"
    named = {r.table: table_names.is_called(one.called, r.table) for r in as_tables}
    logs = [r for r in as_tables if r.table != "dependencies" or named[r.table] or not chosen]
    best = max(logs or as_tables, key=lambda r: (r.score, named[r.table], r.table not in chosen, _nearly(r), r.sure))
    lacking = [r for r in logs if r.table == "incidents" and r.fit is not None and "incidents" not in chosen]
    if (
        lacking and best.fit is not None and best.fit.id_from and "changes" in chosen
    ):  # what it may be, as these are there
        best = lacking[0]
    if best.trouble:
        return f"it cannot be read as {best.format}: {best.trouble.splitlines()[0].removesuffix('.')}"
    if best.score <= 0 and best.fit is None:
        folded = best.raw.folded if best.raw is not None else []
        such = (
            f": {plural(len(folded), 'record')} left out, such as {folded[0].into.removeprefix('no row: ')}"
            if folded
            else ""
        )
        if best.every and best.raw is not None and len(best.raw.frame):
            such = ": none is of the type incident; name it alone to say by labels which are"
        problems = best.raw.problems if best.raw is not None else []
        if problems and not folded:
            first = problems[0]
            such = f": {plural(len(problems), 'record')} cannot be used, such as {first.found}"
            such += f": expected {first.expected}. {first.remedy}".removesuffix(".")
        return (
            f"it holds {sources.find(best.format, best.table).title}, and none of them is one of the {best.table}{such}"
        )
    if "incidents" in chosen and not (one.is_named or any(named.values()) or further_logs.says_so(best)):
        columns = [best.raw.frame[name] for name in best.raw.frame] if best.raw is not None else []
        if not any(map(_holds_times, columns)):
            return "no column of it holds a time at which something began"
        return says_nothing(one)
    if best.score <= 0 and best.fit is not None:
        return _of_table(one, best, best.fit, chosen, any(named.values()))
    if best.fit is not None and best.fit.id_from:
        return f"no column of it is {SCHEMAS[best.table].id}, and another file has the {best.table}"
    rival = next((r.input.display_name for r in chosen.values() if further_logs.repeats(best, r)), "")
    if not rival:
        return says_nothing(one)
    return f"most of its {best.table} have ids that {rival} has too: it is the same log once more, or says more of it"


def _of_table(one: Input, best: Interpretation, fit: Fit, chosen: dict[str, Interpretation], named: bool) -> str:
    """What a table lacks; ``named``: whether the file is called after a log."""
    either = not named and ("incidents" in chosen) == ("changes" in chosen)
    both = "incident_id, or change_id where its rows are changes"
    ids = {"incident_id": both, "change_id": both} if either else {}
    nowhere = [ids.get(name, name) for name in fit.lacking if name not in fit.refused]
    kinds = (
        list(best.raw.frame["model"].unique()) if best.raw is not None and {"model", "pk"} <= {*best.raw.frame} else []
    )
    if len(kinds) > 1:
        such = f"'model' is {str(kinds[0])!r}, {str(kinds[1])!r} and so on"
        return f"its records are of {len(kinds)} kinds ({such}): save those of the log alone"
    if objects := _of_objects(best.raw.frame if best.raw is not None else pd.DataFrame()):
        return f"{objects!r} holds an object of JSON in each row: save these alone, one a line, as a file that ends in .jsonl"
    raw = best.raw
    if raw is not None and len(raw.frame.columns) and len(raw.problems) > len(raw.frame):
        first, rows = raw.problems[0], len(raw.problems) + len(raw.frame)
        what = f"found {first.found}; expected {first.expected}. {first.remedy.removesuffix('.')}"
        return f"{len(raw.problems):,} of its {rows:,} rows cannot be read, such as line {first.line}: {what}"
    of = fit.columns.get(SCHEMAS[best.table].id)
    if fit.history and of and "started_at" in fit.refused:
        return (
            f"its rows are the steps of each {of.value!r}, and one of the {best.table} is one row, with its start: export the "
            f"{best.table} themselves, or keep the first step of each"
        )
    if said := [fit.refused[name] for name in fit.lacking if name in fit.refused]:
        told = nowhere and "started_at" not in fit.refused  # without a start nobody knows whether an id can be made
        return "; ".join([*([f"no column of it is {' or '.join(nowhere)}"] if told else []), *said])
    columns = {str(name): best.raw.frame[name] for name in best.raw.frame} if best.raw is not None else {}
    timed = any(_holds_times(cells) for cells in columns.values())
    if timed and (said_of := _of_samples(best, fit, columns)):
        return said_of
    if series := next((n for n in columns if n.rpartition(".")[2] in _SERIES and len(columns) <= MOST_OF_SERIES), ""):
        return f"its rows are series of measurements ({series!r}), and no incident begins with one: export the alerts"
    head = [str(c) for c in (best.raw.frame.columns if best.raw is not None else pd.Index([]))][:12]
    if not head and best.raw is not None and best.raw.problems:
        return f"none of its records can be read, such as the first: found {best.raw.problems[0].found}"
    if "started_at" in nowhere and not timed:
        id = " or ".join(name for name in nowhere if name != "started_at")
        none = f"no column of it is {id}, and none" if id else "no column of it"
        return f"{none} holds a time at which something began; it has {', '.join(head)}{_around_list(one)}"
    if not named and _is_log_by_name(best, fit):
        suffix = "".join(one.paths[0].suffixes[-2:])
        names = " or ".join(f"{table}{suffix}" for table in ("incidents", "changes"))
        return f"none of its columns is known as an id, and nothing says what its rows are: give the file the name of that, {names}"
    could = perhaps(columns, nowhere)
    return f"no column of it is {' or '.join(nowhere)}{could}; it has {', '.join(head)}{_around_list(one)}"


def perhaps(columns: dict[str, pd.Series], nowhere: list[str]) -> str:
    """The columns that could be the start by their cells, where none is."""
    timed = [repr(name) for name, cells in columns.items() if _may_begin(name) and _holds_times(cells)]
    return f" (times are in {listed(timed, MOST_NAMED)})" if "started_at" in nowhere and timed else ""


def _may_begin(name: str) -> bool:
    """Whether a name that nothing is read from says a time which is neither an end, nor a plan, nor a length."""
    none = time_names.is_length(name) or time_names.is_plan(name) or time_names.is_end(name)
    return not none and (time_names.says_time(name) or time_names.is_beginning(name))


def _is_log_by_name(best: Interpretation, fit: Fit) -> bool:
    """Whether rows without an id would be read if the file were called after what they are."""
    if best.raw is None or fit.lacking != [SCHEMAS[best.table].id]:
        return False
    cells = column_matching.cells_of(best.raw.frame)
    chosen = {c: replace(guess, value=guess.value.removeprefix(cells.around)) for c, guess in fit.columns.items()}
    return bool(id_columns.made_of(best.table, cells.rows, chosen, f"{best.table}.csv", of_states=False))


def _of_samples(best: Interpretation, fit: Fit, columns: dict[str, pd.Series]) -> str:
    """What to say of rows that tell how something was at one time after the other; ``""`` for others."""
    if states := vocabulary.recoveries(columns):
        first, other = (*states[1], *states[2])[0], states[2][-1]
        return (
            f"its rows are the states of what is watched ({states[0]!r} is {first!r} or {other!r}), and an incident begins with "
            "one and ends with another: export its problems or outages, each with a start and an end, or pair its rows in a "
            "format of your own, as docs/formats.md shows under recovery"
        )
    if best.raw is None or "started_at" not in fit.columns:
        return ""
    cells = column_matching.cells_of(best.raw.frame)
    at = cells.read(fit.columns["started_at"].value.removeprefix(cells.around))
    steps = at.sort_values().diff().dropna() if at is not None else pd.Series(dtype="timedelta64[ns]")
    steps = steps[steps > pd.Timedelta(0)]
    if len(steps) < FEWEST_SAMPLES or (steps == steps.median()).mean() < MOSTLY:
        return ""
    return f"its rows are samples, one every {duration(steps.median())}, and no incident begins with one: export the alerts"


def _holds_times(cells: pd.Series) -> bool:
    return time_formats.forms_of(cells[cells != ""].head(SOME_CELLS).astype(str)) is not None


def _nearly(one: Interpretation) -> int:
    """How much of a table an input that cannot be read as it has nevertheless."""
    if one.fit is None or any(why.startswith("its pages are write-ups") for why in one.fit.refused.values()):
        return 0
    return 2 * len(one.fit.columns) + 5 * len(one.fit.refused)


def _of_objects(frame: pd.DataFrame) -> str:
    """The column of a table whose every cell is an object of several fields, if most of the text is there."""
    held = [
        str(n)
        for n in frame
        if len(frame) and frame[n].astype(str).str.fullmatch(r'(?s)\{"[^"]+":.*,\s*"[^"]+":.*\}').all()
    ]
    lengths = {str(n): int(frame[n].astype(str).str.len().sum()) for n in frame} if held else {}
    longest = max(held, key=lengths.__getitem__, default="")
    return longest if longest and 2 * lengths[longest] > sum(lengths.values()) else ""


def _around_list(one: Input) -> str:
    """What to say of a document whose list holds no log, and around which the times are."""
    around = [
        head.around for head in one.heads if [*head.around] != [*next(iter(head.records), {})]
    ]  # of one a line: none
    texts = {key: value for said in around for key, value in said.items() if isinstance(value, str)}
    timed = next((key for key, value in texts.items() if time_formats.forms_of(pd.Series([value], dtype=TEXT))), "")
    return f"; {timed!r}, which stands around its list, is not read" if timed else ""
