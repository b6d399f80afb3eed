"""A dataset in a line and as a card: what was read, and what is wrong with it."""

from __future__ import annotations

from aftershock.dataset.dataset import Dataset
from aftershock.dataset.record_account import by_reason, log_accounts
from aftershock.output.blocks import Block, Bullets, FactCards, NotebookStyle, Prose, Stack
from aftershock.output.phrases import listed, plural
from aftershock.output.safe_html import clean
from aftershock.schema.tables import SCHEMAS

_MOST = 5  # reasons shown of a part; more are counted
_ONE = {"incidents": "incident", "changes": "change", "dependencies": "dependency", "verdicts": "verdict"}


def counts(dataset: Dataset) -> str:
    """How many rows each log has: "10 incidents, 148 changes and 1 verdict"."""
    read = {log: len(getattr(dataset, log)) for log in SCHEMAS}
    return listed([plural(n, _ONE[log], log) for log, n in read.items() if n or log in ("incidents", "changes")])


def period(dataset: Dataset) -> str:
    """The days that both logs cover, in the dataset's zone."""
    first, last = (t.tz_convert(dataset.timezone) for t in dataset.observed)
    return f"{first:%-d %b %Y} to {last:%-d %b %Y}"


def line(dataset: Dataset) -> str:
    """What was read, in a line."""
    wrong = [
        f"{plural(len(rows), 'row')} {what}"
        for rows, what in ((dataset.rejected, "not used"), (dataset.notes, "odd"))
        if len(rows)
    ]
    parts = [counts(dataset), period(dataset), *wrong, *(f"{part} cannot be read" for part in dataset.unread)]
    return clean(f"<Dataset {dataset.mask.text(dataset.key)}: {'; '.join(parts)}>")


def card(dataset: Dataset) -> Stack:
    """What was read, and what is wrong, with counts by reason."""
    facts: list[tuple[object, object, object]] = [
        (account.log, account.used, f"of {account.records:,} records" if account.records > account.used else "")
        for account in log_accounts(dataset)
        if account.records or account.log in ("incidents", "changes")
    ]
    facts += [("covered by both logs", period(dataset), f"times of reports in {dataset.timezone}")]
    blocks: list[Block] = [NotebookStyle(), Prose(dataset.mask.text(dataset.name)), FactCards(facts)]
    wrong = [*_unread(dataset), *_wrong(dataset)]
    if wrong:
        where = "dataset.rejected and dataset.notes say which rows, what was found and what was expected."
        blocks += [Prose("What is wrong with the logs", kind="notice"), Bullets(wrong), Prose(where)]
    return Stack(*blocks)


def _unread(dataset: Dataset) -> list[str]:
    return [f"{part} cannot be read: {dataset.mask.text(str(error))}" for part, error in dataset.unread.items()]


def _wrong(dataset: Dataset) -> list[str]:
    said = []
    for name, what in (("rejected", "not used"), ("notes", "odd")):
        reasons = sorted(by_reason(getattr(dataset, name)), key=lambda r: -len(r.rows))
        said += [f"{plural(len(r.rows), 'row')} {what}: {r.words}" for r in reasons[:_MOST]]
        if len(reasons) > _MOST:
            said.append(f"{plural(len(reasons) - _MOST, 'further reason')} for rows {what}")
    return said
