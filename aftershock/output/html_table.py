"""A frame as an HTML table that can be sorted, reached by keyboard and read in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from aftershock.output.phrases import MISSING, duration, is_number, percent
from aftershock.output.safe_html import join, markup, plain, sort_key
from aftershock.output.text_table import text_table


class Table:
    """A frame as a table, its columns named as they are and its index left out.

    ``align`` gives "left", "right" or "center" per column; numbers and durations are aligned right without being asked. A column in
    ``bars`` holds shares from 0 to 1 and shows a percentage with a bar of that length behind it. A missing value is
    shown as an en dash, a list as its items with commas. ``empty`` is the sentence shown when there are no rows.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        caption: object = "",
        *,
        align: Mapping[str, str] | None = None,
        empty: object = "There are no rows.",
        bars: Sequence[str] = (),
    ):
        unknown = [column for column in [*(align or {}), *bars] if column not in frame.columns]
        if unknown:
            raise ValueError(f"no column {unknown[0]!r} in the table; it has {', '.join(map(str, frame.columns))}")
        wrong = sorted(set((align or {}).values()) - {"left", "right", "center"})
        if wrong:
            raise ValueError(f"align is left, right or center, not {wrong[0]!r}")
        self.frame = frame
        self.caption = markup(caption)
        self.align = {column: _natural_alignment(frame[column]) for column in frame.columns} | dict(align or {})
        self.empty = markup(empty)
        self.bars = tuple(bars)

    @property
    def text(self) -> str:
        if self.frame.empty:
            return plain(self.empty)
        names = [plain(column) for column in self.frame.columns]
        rows = [[plain(self._cell(c, v)) for c, v in zip(self.frame.columns, row, strict=True)] for row in self._rows()]
        return "\n".join(([plain(self.caption)] if self.caption else []) + text_table([names, *rows]))

    def _rows(self) -> Iterable[tuple[Any, ...]]:
        return self.frame.itertuples(index=False, name=None)

    def _cell(self, column: object, value: object) -> object:
        return percent(value) if column in self.bars else shown(value)

    def _repr_html_(self) -> str:
        if self.frame.empty:
            return str(Markup('<p class="as-empty">{}</p>').format(self.empty))
        heads = Markup("").join(
            Markup('<th scope="col"{}>{}</th>').format(
                Markup("") if column in self.bars else self._class(column), markup(column)
            )
            for column in self.frame.columns
        )
        rows = Markup("").join(
            Markup("<tr>{}</tr>").format(
                Markup("").join(self._data_cell(c, v) for c, v in zip(self.frame.columns, row, strict=True))
            )
            for row in self._rows()
        )
        return str(scrolling_table(self.caption, heads, rows))

    def _class(self, column: object) -> Markup:
        place = self.align[column]
        return Markup("") if place == "left" else Markup(' class="as-{}"').format(place)

    def _data_cell(self, column: object, value: object) -> Markup:
        content = markup(self._cell(column, value))
        key = sort_key(value)
        data = Markup(' data-key="{}"').format(key) if key and key != content else Markup("")
        if column in self.bars and is_number(value):
            share = min(max(float(value), 0.0), 1.0)
            bar = Markup('<td class="as-bar"{}><span style="--share:{:.3f}"><span>{}</span></span></td>')
            return bar.format(data, share, content)
        return Markup("<td{}{}>{}</td>").format(self._class(column), data, content)

    def __repr__(self) -> str:
        return self.text


def scrolling_table(caption: Markup, heads: Markup, rows: Markup, name: str = "") -> Markup:
    """A table in a container that scrolls sideways by itself and can be reached by keyboard, so the page need not."""
    name = name or plain(caption) or "Table"
    head = Markup("<caption>{}</caption>").format(caption) if caption else Markup("")
    return Markup(
        '<div class="as-table" role="region" tabindex="0" aria-label="{}"><table>{}'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(name, head, heads, rows)


def _natural_alignment(column: pd.Series) -> str:
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    return "right" if numeric or pd.api.types.is_timedelta64_dtype(column) else "left"


def shown(value: Any) -> object:
    """How a table shows a value: times in UTC to the minute, durations in words, floats to three digits."""
    if isinstance(value, str) or hasattr(value, "__html__"):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return join(", ", sorted(value, key=str) if isinstance(value, set | frozenset) else value) if value else MISSING
    if value is None or pd.isna(value):
        return MISSING
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M}" + (" UTC" if str(value.tzinfo) == "UTC" else "")
    if isinstance(value, pd.Timedelta):
        return duration(value)
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if pd.api.types.is_integer(value):
        return f"{value:,}"
    if pd.api.types.is_float(value):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return str(value)
