"""``aftershock backtest``: how often the answer is right where the cause is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aftershock.cli.options import Dataset, PriorsFile, priors_of
from aftershock.output.terminal import say
from aftershock.schema.errors import UsageError

if TYPE_CHECKING:
    from aftershock.model.validation.backtest import Backtest

Labels = Annotated[
    Path | None,
    typer.Option(help="CSV of known causes; default the dataset's own: verdicts, and caused_by.", show_default=False),
]
AsOf = Annotated[
    str,
    typer.Option("--as-of", help="onset: read nothing that came after an incident's start; now: all that is known."),
]
Folds = Annotated[int, typer.Option(min=0, help="Parts by time to answer once more from earlier incidents only.")]
Json = Annotated[
    Path | None, typer.Option("--json", help="File for the same as JSON, - for the terminal.", show_default=False)
]
WORST = 10  # incidents that are listed as most wrong: about a screen


def backtest(
    dataset: Dataset,
    labels: Labels = None,
    as_of: AsOf = "onset",
    folds: Folds = 5,
    priors: PriorsFile = "",
    json: Json = None,
) -> None:
    """Measure how often the answer is right, against four simple rules, on incidents whose cause is known.

    The model is blind to what it is measured on: no verdict, reported cause or label reaches it. A file of labels has the
    columns incident_id, cause and change_ids, and may have also_right, confidence and method (docs/accuracy.md).
    """
    if as_of not in ("now", "onset"):
        raise UsageError(f"--as-of {as_of!r}: expected now or onset")
    from aftershock import load
    from aftershock.cli.json_output import backtest_json
    from aftershock.cli.output_file import TERMINAL, check_output, write_output
    from aftershock.model.validation import backtest as measuring

    if json is not None:
        check_output(json)
    found = load(dataset)
    known = measuring.labels_of(found, labels or "")
    if known.empty:
        raise UsageError(
            f"no cause is known in {found.key}, so nothing can be compared. Record verdicts (aftershock verdict), fill "
            f"caused_by, or name a file with --labels; aftershock report check {dataset} says what to expect without any"
        )
    result = measuring.backtest(found, known, as_of_onset=as_of == "onset", folds=folds, priors=priors_of(priors))
    if json is not None:
        write_output(json, backtest_json(result))
    if json != TERMINAL:
        say(*as_lines(result))


def as_lines(result: Backtest) -> list[str]:
    """The whole result as lines."""
    from aftershock.model.validation.backtest import EARLIER, OURS
    from aftershock.model.validation.text_tables import comparison, measurements
    from aftershock.output.phrases import clock, plural

    dataset = result.found.dataset
    how = "as of each incident's onset" if result.as_of_onset else "with all that is known now"
    lines = [f"{dataset.name} ({dataset.key}), answered blind and {how}", "", *measurements(result.by_rule, OURS)]
    if result.held_out:
        first, parts = clock(result.folds[0].start, dataset.timezone), plural(len(result.folds), "part")
        lines += ["", f"Learned from earlier incidents only, {parts} by time from {first}", ""]
        lines += comparison(result.held_out, EARLIER)
    worst = _worst(result)
    return [*lines, "", "Most wrong", *worst] if worst else lines


def _worst(result: Backtest) -> list[str]:
    from aftershock.output.phrases import MISSING, percent
    from aftershock.output.text_table import text_table

    rows = [
        [
            r.incident_id,
            r.true_change,
            percent(r.given),
            r.top_change or MISSING,
            percent(r.top_probability) if r.top_change else MISSING,
        ]
        for r in result.worst(WORST).itertuples()
    ]
    head = ["incident", "true explanation", "given", "top suspect", "given"]
    return text_table([head, *rows], indent="  ") if rows else []
