"""The suspects of incidents as a table, best first, with "no recorded change" in the same ranking."""

from __future__ import annotations

import numpy as np
import pandas as pd

from aftershock.model.gibbs import Draws
from aftershock.model.service_graph import RELATIONS
from aftershock.model.shown import Shown
from aftershock.schema.tables import NONE

WORDED = 10  # suspects of an incident whose words in common are looked up
SUSPECT_COLUMNS = [
    "incident_id",
    "rank",
    "change_id",
    "probability",
    "probability_low",
    "probability_high",
    "probability_error",
    "kind",
    "relation",
    "delay_minutes",
    "delay_minutes_low",
    "delay_minutes_high",
    "matching_words",
    "reported",
    "title",
    "services",
    "change_at",
]


def ranked(shown: Shown, drawn: Draws, rows: np.ndarray) -> pd.DataFrame:
    """The suspects of these incidents, by row, in ascending order; the columns of :meth:`Attribution.suspects`. What one
    incident costs does not depend on how many others there are."""
    pairs = shown.reading.seen.pairs
    each = [np.arange(pairs.starts[row], pairs.starts[row + 1]) for row in rows]
    picked = np.concatenate([np.empty(0, dtype=np.int64), *each])
    incident = np.concatenate([pairs.incident[picked], rows])
    change = np.concatenate([pairs.change[picked], np.full(len(rows), -1)])
    unknown, low, high = np.full(len(pairs.starts) - 1, np.nan), pairs.low[picked], pairs.high[picked]
    measured = {
        "probability": (drawn.pair_mean[picked], drawn.none_mean),
        "probability_low": (drawn.pair_low[picked], drawn.none_low),
        "probability_high": (drawn.pair_high[picked], drawn.none_high),
        "probability_error": (drawn.pair_error[picked], drawn.none_error),
        "delay_minutes": ((low + high) / 2 * 60, unknown),
        "delay_minutes_low": (low * 60, unknown),
        "delay_minutes_high": (high * 60, unknown),
    }
    numbers = {name: np.concatenate([of_pairs, of_none[rows]]) for name, (of_pairs, of_none) in measured.items()}
    order = np.lexsort((_names_in_order(shown, change), -numbers["probability"], incident))
    incident, change = incident[order], change[order]
    relation = np.concatenate([pairs.relation[picked], np.full(len(rows), -1)])[order]
    began = np.flatnonzero(np.diff(incident, prepend=-1))
    rank = np.arange(len(incident)) - np.repeat(began, np.diff(began, append=len(incident))) + 1
    incidents, changes = shown.incidents, shown.changes
    table = pd.DataFrame(
        {
            "incident_id": incidents["incident_id"].array.take(incident),
            "rank": rank,
            "change_id": _taken(changes["change_id"], change, NONE),
            **{name: values[order] for name, values in numbers.items()},
            "kind": _taken(changes["kind"], change, ""),
            "relation": _taken(pd.Series(RELATIONS, dtype="str"), relation, ""),
        }
    )
    table["reported"] = _reported(incidents["caused_by"], incident, table["change_id"])
    table["matching_words"] = _words(shown, incident, change, (rank <= WORDED) | table["reported"].to_numpy())
    table["title"] = _taken(changes["title"], change, "No recorded change")
    services = changes["services"].to_numpy()
    table["services"] = pd.Series([services[c] if c >= 0 else [] for c in change.tolist()], dtype=object)
    table["change_at"] = changes["started_at"].array.take(change, allow_fill=True)
    return table[SUSPECT_COLUMNS]


def _names_in_order(shown: Shown, change: np.ndarray) -> np.ndarray:
    """A number for each change, in the order of the ids that the log gives them; -1 is :data:`NONE`."""
    distinct, inverse = np.unique(change, return_inverse=True)
    ids = shown.reading.dataset.changes["change_id"]
    return pd.factorize(pd.Series(_taken(ids, distinct, NONE)), sort=True)[0][inverse]


def _taken(values: pd.Series, rows: np.ndarray, none: str) -> pd.api.extensions.ExtensionArray:
    """The text at these rows; ``none`` at -1."""
    return pd.concat([values, pd.Series([none], dtype=values.dtype)], ignore_index=True).array.take(rows)


def _reported(causes: pd.Series, incident: np.ndarray, change_ids: pd.Series) -> np.ndarray:
    """Whether somebody named the change as the incident's cause."""
    named = causes.to_numpy()
    found = np.zeros(len(incident), dtype=bool)
    some = np.flatnonzero(np.array([bool(n) for n in named], dtype=bool)[incident])
    found[some] = [c in named[i] for i, c in zip(incident[some], change_ids.iloc[some], strict=True)]
    return found


def _words(shown: Shown, incident: np.ndarray, change: np.ndarray, wanted: np.ndarray) -> pd.Series:
    """The words in common, where they are wanted."""
    found = np.full(len(incident), "", dtype=object)
    some = np.flatnonzero(wanted & (change >= 0))
    found[some] = [" ".join(shown.words(int(i), int(c))) for i, c in zip(incident[some], change[some], strict=True)]
    return pd.Series(found, dtype="str")
