"""The files a user names: which belong together as pages, what format they are, and which log they hold."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd

from aftershock import sources
from aftershock.output.phrases import listed
from aftershock.schema.errors import AftershockError, InputError, UsageError
from aftershock.schema.tables import SCHEMAS
from aftershock.sources.file_head import FileHead, generic_confidence, read_head, sheet_heads
from aftershock.sources.issue_labels import EVERY_ISSUE
from aftershock.sources.json_paths import writable
from aftershock.sources.registry import formats_of, names
from aftershock.wizard import (
    column_matching,
    further_logs,
    other_log,
    table_names,
    time_formats,
    time_names,
    vocabulary,
    why_left,
)
from aftershock.wizard.column_matching import Fit
from aftershock.wizard.interpretation import TABLES, Input, Interpretation, called_after
from aftershock.wizard.time_cells import TimeCells
from aftershock.wizard.unread import of_document, what_unread
from aftershock.wizard.vendor_sections import BY_TYPE

GENERIC = ("csv", "json", "jsonl", "markdown", "parquet", "yaml")
TRACKERS = ("jira", "github-issues", "gitlab-issues")  # whose issues may be changes, where the file is called so
VENDOR = 0.45  # sureness above which a vendor's format is taken; half of the records may be odd
STRAY = (".state", ".toml", ".png", ".html")
_NO_RECORDS = ("index", "readme", "contributing", "license", "changelog")  # pages next to records in Markdown
_NO_LOGS = {
    "license",
    "licence",
    "copying",
    "notice",
    "readme",
    "makefile",
    "dockerfile",
    "codeowners",
}  # without an ending
_LOGS = {".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".yml", ".yaml", ".md", ".mdx", ".markdown", ".parquet", ".xlsx"}
_MARKDOWN = (".md", ".mdx", ".markdown")
DEEPEST = 4  # folders inside each other that are looked into for files: a judgement
MOST_HEADS = 3  # files of an input whose heads are looked at again: its pages are alike


def gathered(given: list[Path]) -> list[Input]:
    """The inputs among files and folders, files of one kind as pages of one input. UsageError for a path that is not."""
    found: list[Input] = []
    for path in given:
        if str(path) != writable(str(path)):
            raise UsageError(
                f"the name {writable(str(path))!r} is not UTF-8, which dataset.toml must be; rename the file"
            )
        if not path.exists():
            raise UsageError(f"no file {str(path)!r}")
        if path.is_dir() and (path / ".git").exists():
            found.append(Input((path,), path, repository=True))
        elif path.is_dir():
            found += _of_folder(path)
        elif path.is_file():
            found += _sheets(path, path) or [Input((path,), path, heads=(_head(path),))]
        else:
            raise UsageError(f"{str(path)!r} is neither a file nor a folder")
    return _joined(found)


def _head(path: Path) -> FileHead:
    try:
        return read_head(path)
    except OSError as error:
        raise UsageError(f"cannot read {str(path)!r}: {error.strerror}") from error


def _of_folder(folder: Path) -> list[Input]:
    """The files of a folder, those that belong together as pages."""
    files = sorted((p for p in folder.iterdir() if _is_page(p)), key=_natural)
    if not any(p.suffix.lower() in _MARKDOWN for p in files) and len(files) < 2:  # alone, or next to the incidents
        files += [p for p in folder.iterdir() if _is_no_record(p) and "log" in p.name.lower() and _head(p).records]
    for path in sorted(folder.iterdir()):
        if path.exists() and not (path.name.startswith(".") or path.is_file() or path.is_dir()):
            raise UsageError(f"{str(path)!r} is neither a file nor a folder; move it out of the folder")
    inner = [
        p
        for p in sorted(folder.iterdir())
        if p.is_dir() and not p.name.startswith(".") and any(map(_is_page, p.iterdir()))
    ]
    if not files and inner:
        return [one for path in inner for one in _of_folder(path)]
    if not files:
        pages = sorted(p.name for p in folder.iterdir() if p.is_file() and _is_no_record(p))
        are = f"{listed(pages)} {'are' if len(pages) > 1 else 'is'} text without two dated headings"
        said = f"; {are}: export the releases or issues as JSON" * bool(pages)
        others = sorted(p for p in folder.glob("*.toml") if p.name != "dataset.toml")
        said += "".join(f"; {path.name}: {what_unread(path)}" for path in others[:1])
        said += f"; {inside} has files: name that folder" if (inside := deeper(folder)) else ""
        raise UsageError(f"no file in {str(folder)!r} that could be a log{said}")
    kinds: dict[str, list[tuple[Path, FileHead]]] = {}
    sheets = {path: several for path in files if (several := _sheets(path, folder))}
    for path in (p for p in files if p not in sheets):
        head = _head(path)
        kinds.setdefault(_kind(head) or path.name, []).append((path, head))
    _join_broken_pages(kinds)
    whole = len(kinds) == 1 and not sheets
    found = [
        Input(tuple(p for p, _ in pages), folder, whole=whole, heads=tuple(h for _, h in pages[:MOST_HEADS]))
        for pages in kinds.values()
    ]
    return [*found, *(one for several in sheets.values() for one in several)]


def _sheets(path: Path, given: Path) -> list[Input]:
    """The sheets of a workbook as inputs, those with the same columns as one; none where it has one table, or is none."""
    kinds: dict[str, list[tuple[str, FileHead]]] = {}
    heads = sheet_heads(path)
    for name, head in heads if len(heads) > 1 else ():
        kinds.setdefault(_kind(head), []).append((name, head))
    by_file = not any(called_after(name) for name, _ in heads)
    return [
        Input(
            (path,),
            given,
            heads=tuple(head for _, head in some[:MOST_HEADS]),
            sheets=tuple(name for name, _ in some),
            named_by_file=by_file
            and not number,  # the fullest: notes and lists beside it are called like the log otherwise
        )
        for number, some in enumerate(kinds.values())
    ]


def beside(folder: Path) -> list[Path]:
    """The folders next to the files of a folder that may be logs themselves: pages of one, or a repository."""
    inside = [p for p in sorted(folder.iterdir()) if p.is_dir() and not p.name.startswith(".")]
    return [p for p in inside if (p / ".git").exists() or any(_is_page(f) and f.suffix in _LOGS for f in p.iterdir())]


def deeper(folder: Path) -> str:
    """The first folder inside, by its path, that has files which could be a log; ``""`` where none has."""
    levels = [folder]
    for _ in range(DEEPEST):
        levels = [p for one in levels for p in sorted(one.iterdir()) if p.is_dir() and not p.name.startswith(".")]
        if found := next((p for p in levels if any(_is_page(f) and f.suffix in _LOGS for f in p.iterdir())), None):
            return found.relative_to(folder).as_posix()
    return ""


def _join_broken_pages(kinds: dict[str, list[tuple[Path, FileHead]]]) -> None:
    """Markdown whose front matter cannot be read, or says too little to be known, lies with the only kind of records in
    Markdown that a folder has; a vendor's kind before others."""
    written = {kind for kind, pages in kinds.items() if pages[0][1].kind == "markdown" and pages[0][1].records}
    written = (written - {"markdown"}) or written
    if len(written) == 1:
        kind = written.pop()
        for name in [n for n, pages in kinds.items() if n != kind and pages[0][1].kind == "markdown"]:
            kinds[kind] = sorted(kinds[kind] + kinds.pop(name), key=lambda page: _natural(page[0]))


def _is_page(path: Path) -> bool:
    if _is_no_record(path):
        return False
    odd = path.name.startswith(".") or path.name.lower().endswith(STRAY) or path.name != writable(path.name)
    return path.is_file() and not odd


def _is_no_record(path: Path) -> bool:
    """Whether a page in Markdown lies next to records."""
    named = path.stem.lower().strip("_")
    return named in _NO_RECORDS if path.suffix.lower() in _MARKDOWN else not path.suffix and named in _NO_LOGS


def _natural(path: Path) -> list[tuple[int, str]]:
    return [(int(p), "") if n % 2 else (-1, p) for n, p in enumerate(re.split(r"(\d{1,18})", path.name))]


def _kind(head: FileHead) -> str:
    """What two pages of one export share: the vendor's format, or the columns; ``""`` for what belongs to no other."""
    claims = claimed(head)
    if claims:
        return " ".join(claims[0][1:])
    if head.kind == "markdown":
        return "markdown" if head.records else ""
    if head.kind in ("csv", "parquet"):
        return f"{head.kind} {sorted(map(str, head.columns))}"
    if head.kind != "json" or not head.around:
        return ""
    if all(re.search(r"\d", key) for key in head.around):  # "1": {…}, "2": {…}
        records = [one for record in head.records[:1] for one in (*record.values(), record) if isinstance(one, dict)]
        return f"json {sorted(map(str, records[0]))}" if records else ""
    return f"json {sorted(map(str, head.around))}"


def claimed(head: FileHead) -> list[tuple[float, str, str]]:
    """(sureness, format, table) of the vendors' formats that know a file as theirs, the surest first; of two formats the
    surer: pull requests are no issues."""
    claims = []
    heads = [head, *([replace(head, records=head.documents)] if head.documents else [])]
    for table in TABLES:
        sure, name = max(
            ((one.recognises(h, table), one.name) for h in heads for one in _vendors(table) if _may_be(one, h)),
            default=(0.0, ""),
        )
        if sure > max(VENDOR, generic_confidence(head, table)):
            claims.append((sure, name, table))
    surest = max(claims, default=(0.0, "", ""))
    return sorted((c for c in claims if c[0] == surest[0] or c[1] == surest[1]), reverse=True)


def _may_be(one: sources.Format, head: FileHead) -> bool:
    """Whether a file can be of a format by its kind: a table with a column that a tool's JSON has too is none of that tool."""
    return head.kind != "csv" or any(suffix.startswith(".csv") for suffix in one.suffixes)


def _joined(found: list[Input]) -> list[Input]:
    """Files named one by one that are of one kind are pages of one log."""
    groups: dict[str, list[Input]] = {}
    for number, one in enumerate(found):
        single = (
            not one.whole
            and not one.repository
            and not one.sheets
            and len(one.paths) == 1
            and one.paths[0] == one.given
        )
        groups.setdefault((single and _kind(one.heads[0])) or f"\0{number}", []).append(one)
    return [group[0] if len(group) == 1 else _together(group) for group in groups.values()]


def _together(group: list[Input]) -> Input:
    paths = dict.fromkeys(one.paths[0] for one in group)
    heads = tuple(one.heads[0] for one in group[:MOST_HEADS])
    return Input(tuple(sorted(paths, key=_natural)), group[0].given, heads=heads)


def interpretations(one: Input, zone: str = "UTC") -> list[Interpretation]:
    """The input as each table that it could be, the likeliest first; what a vendor's format knows is nothing else."""
    if one.repository:
        return [Interpretation(one, "changes", "git", 1.0, 2.0)]
    if of_document(one.heads[0].around):
        return []
    claims: dict[str, tuple[float, str]] = {}
    for sure, name, table in sorted(c for head in one.heads for c in claimed(head)):
        if name not in TRACKERS or called_after(one.called) != {"changes"}:
            claims[table] = sure, name
    found = [r for table, claim in claims.items() if not _is_hollow(r := _as_vendor(one, table, *claim))]
    if not found and (name := next(filter(None, map(_generic, one.heads)), "")):
        raw, trouble = _read(one, name, TABLES[0])
        if raw is not None and (said := _row_as_header(raw.frame.columns)):
            raw, trouble = None, said
        cells = column_matching.cells_of(raw.frame, zone) if raw is not None else None
        found = [_as_table(one, table, name, raw, cells, trouble) for table in TABLES if name in names(table)]
        if raw is not None and raw.folded:  # another list of the document may hold the changes
            raw, trouble = _read(one, name, "changes")
            cells = column_matching.cells_of(raw.frame, zone) if raw is not None else None
            found[TABLES.index("changes")] = _as_table(one, "changes", name, raw, cells, trouble)
    return sorted(found, key=lambda r: -r.score)


_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _row_as_header(names: pd.Index) -> str:
    """What to say of a table that begins with a row: a name of a column is no time and no long id."""
    said = {"a time": next((n for n in names if time_formats.forms_of(pd.Series([str(n)]))), "")}
    said["an id"] = next(filter(_UUID.fullmatch, map(str, names)), "")
    what = next((what for what, name in said.items() if name), "")
    put = "put a line with the names of the columns above it"
    named = [str(name) for name in names if str(name).strip()]
    if len(named) == 1 and named[0].count(",") > 1 and " " not in named[0]:
        return f"its header is one cell, {named[0]!r}: whole lines are in quotes; take these off"
    return f"its first line is a row, as {str(said[what])!r} is {what}: {put}" if what else ""


def _as_vendor(one: Input, table: str, sure: float, name: str) -> Interpretation:
    raw, trouble = _read(one, name, table)
    every = name in BY_TYPE and raw is not None and raw.frame.empty
    if every:
        raw, trouble = _read(one, name, table, (EVERY_ISSUE,))
    rows = raw is not None and len(raw.frame) > 0
    return Interpretation(one, table, name, sure, (2 * sure + 1) * rows, raw, None, trouble, every=every)


def _is_hollow(one: Interpretation) -> bool:
    """Whether no row of a vendor's format has what every row needs: a table of somebody's own with a few names like it."""
    needed = [c.name for c in SCHEMAS[one.table].columns if c.required]
    frame = one.raw.frame if one.raw is not None else pd.DataFrame()
    return len(frame) > 0 and not (frame.reindex(columns=needed).fillna("") != "").all(axis=1).any()


def _as_table(
    one: Input, table: str, name: str, raw: sources.RawTable | None, cells: TimeCells | None, trouble: str
) -> Interpretation:
    if raw is None or cells is None:
        return Interpretation(one, table, name, 0.0, 0.0, None, None, trouble)
    fit = column_matching.fit(table, cells, one.called)
    if table == "incidents" and (kept := _kept(raw.frame, fit)) is not None:
        fit = column_matching.fit(table, column_matching.cells_of(kept, cells.zone), one.called)
    there = {str(column).strip().lower() for column in raw.frame.columns}
    ids = {t: SCHEMAS[t].id in there for t in ("incidents", "changes")}
    other = any(ids.values()) and not ids.get(
        table, True
    )  # its rows are called incidents, or changes, by the column's own name
    return Interpretation(one, table, name, 1.0, 0.0 if other else fit.score(one.called), raw, fit)


def _kept(frame: pd.DataFrame, fit: Fit) -> pd.DataFrame | None:
    """The rows of incidents among those of other types, where none of them has what was taken for the start."""
    start = fit.columns["started_at"].value if "started_at" in fit.columns else None
    types = vocabulary.record_types({str(name): frame[name] for name in frame}) if start else None
    if types is None or not types[1]:
        return None
    kept = frame[frame[types[0]].isin(types[1])]
    return kept if (kept[start] == "").all() else None


@cache
def _vendors(table: str) -> tuple[sources.Format, ...]:
    """The formats of vendors that read a table, those of packages included."""
    found: list[sources.Format] = []
    for name in set(names(table)) - set(GENERIC):
        with suppress(AftershockError):  # a package that cannot be loaded recognises nothing
            found += [f for f in formats_of(name) if table in f.tables and not f.reads_repository]
    return tuple(sorted(found, key=lambda f: f.name))


def _generic(head: FileHead) -> str:
    if head.kind == "json":
        return "jsonl" if head.lines else "json"
    return head.kind if head.kind in GENERIC and head.records else ""


def _read(one: Input, format: str, table: str, labels: tuple[str, ...] = ()) -> tuple[sources.RawTable | None, str]:
    try:
        return sources.read(list(one.paths), format, sources.Options(table=table, sheets=one.sheets, labels=labels)), ""
    except InputError as error:
        return None, str(error)


def assigned(inputs: list[Input], zone: str = "UTC") -> tuple[dict[str, list[Interpretation]], list[tuple[Input, str]]]:
    """(table → what it is read from, inputs left over and why): the likeliest pairs first, each input once; then an
    export that holds two logs may be both, and what is left joins the table that it fits best."""
    able = sorted((r for one in inputs for r in interpretations(one, zone)), key=lambda r: -r.score)
    if any(r.table == "incidents" and r.score > 0 and not r.every for r in able):
        able = [
            replace(r, score=0.0) if r.every else r for r in able
        ]  # next to a log of incidents, issues are no more of it
    told = further_logs.telling(able)
    chosen: dict[str, Interpretation] = {}
    used: set[Input] = set()
    for twice in (False, True):
        for candidate in able:
            free = candidate.input not in used or (twice and (candidate.fit is None or _is_part(candidate, chosen)))
            others = [one for one in chosen.values() if one.input is not candidate.input]
            free = free and candidate in told and not any(further_logs.repeats(candidate, one) for one in others)
            if candidate.score > 0 and candidate.table not in chosen and free:
                chosen[candidate.table] = candidate
                used.add(candidate.input)
    if "incidents" not in chosen:
        _prefer_incidents(able, chosen)
    more = further_logs.found(told, chosen, used)
    for one in list(further_logs.planned([*chosen.values(), *more])):
        if chosen.setdefault("changes", one) is not one:
            more.append(one)
    chosen, more = further_logs.with_own_ids(chosen, more)
    chosen, more = other_log.compared(chosen, more)
    if "incidents" in chosen:
        more = further_logs.told_twice([chosen["incidents"], *more])[1:]
    left = [(one, why_left.why(one, [r for r in able if r.input is one], chosen)) for one in inputs if one not in used]
    return {table: [first, *(r for r in more if r.table == table)] for table, first in chosen.items()}, left


def _is_part(one: Interpretation, chosen: dict[str, Interpretation]) -> bool:
    """Whether the records are one of the lists that a file holds, of which another may be another log; the same records are
    no other log."""
    if one.table == "dependencies" or one.raw is None or not one.raw.folded:
        return False
    same = [r.raw for r in chosen.values() if r.input is one.input and r.raw is not None]
    return not any(raw.frame.equals(one.raw.frame) for raw in same)


def _prefer_incidents(able: list[Interpretation], chosen: dict[str, Interpretation]) -> None:
    """A log that could be either, and has grades of severity, is that of the incidents where nothing else is."""
    changes = chosen.get("changes")
    id = changes.fit.columns.get("change_id") if changes and changes.fit else None
    if id and {"change", "deployment", "release"} & set(time_names.words(id.value)):
        return
    for one in able:
        graded = one.table == "incidents" and one.fit is not None and one.score > 0 and "severity" in one.fit.columns
        ran = one.fit is not None and one.fit.ran and not one.fit.tells
        if (
            changes
            and graded
            and not ran
            and one.input is changes.input
            and not table_names.is_called(one.input.called, "changes")
        ):
            chosen["incidents"] = one
            del chosen["changes"]
            return
