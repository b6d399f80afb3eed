"""Sources of changes that stop, and changes that machines make in bulk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from flawed_logs import SOUND, random_log

from aftershock.dataset.dataset import Dataset
from aftershock.quality import machine_changes


def with_sources(dataset: Dataset, logs: dict[str, pd.Series], column: str = "repository") -> Dataset:
    """The dataset with changes of these times, each named after its source in a column."""
    made = pd.concat([pd.DataFrame({"at": at, column: name}) for name, at in logs.items()]).sort_values(
        "at", kind="stable"
    )
    rows = dataset.changes.iloc[np.arange(len(made)) % len(dataset.changes)].reset_index(drop=True)
    at = (
        pd.Series(made["at"].to_numpy()).dt.tz_localize("UTC")
        if made["at"].dt.tz is None
        else made["at"].reset_index(drop=True)
    )
    changes = rows.assign(
        change_id=[f"c{n}" for n in range(len(rows))],
        started_at=at,
        started_at_before=at,
        **{column: pd.Series(made[column].to_numpy(), index=rows.index)},
    )
    return replace(dataset, changes=changes, observed=(at.min(), at.max()))


def sources(rng: np.random.Generator, **sound: float) -> dict[str, pd.Series]:
    return {name: random_log(rng, **sound) for name in ("shop", "billing", "search", "mail")}


@pytest.mark.parametrize("sound", SOUND, ids=str)
def test_a_sound_log_is_seldom_accused(demo, sound):
    """Stated is one in a hundred; four of forty would be seen by chance once in 1,500 times."""
    rng = np.random.default_rng(7)
    assert sum(bool(machine_changes.stops(with_sources(demo, sources(rng, **sound)))) for _ in range(40)) <= 3


@pytest.mark.parametrize(("column", "name"), [("repository", "shop"), ("author", "release[bot]")])
def test_a_source_that_stopped_is_found(demo, column, name):
    logs = sources(np.random.default_rng(7), rate=20)
    shop = logs.pop("shop")
    middle = shop.min() + (shop.max() - shop.min()) / 2
    data = with_sources(demo, {name: shop[shop < middle], **logs}, column)
    (finding,) = machine_changes.find_stops(data)
    assert finding.title == "1 source of changes stops while others go on"
    assert finding.rows["id"].tolist() == [name]
    kept = finding.without.make(data)
    assert abs(kept.observed[1] - middle) < pd.Timedelta(days=5)
    assert f"{kept.observed[1].tz_convert(demo.timezone) - pd.Timedelta(seconds=1):%Y-%m-%d}" in finding.toml
    assert machine_changes.find_stops(kept) == []


def test_people_who_leave_are_no_source_that_stopped(demo):
    logs = sources(np.random.default_rng(7), rate=20)
    shop = logs.pop("shop")
    data = with_sources(demo, {"Ada": shop[shop < shop.min() + (shop.max() - shop.min()) / 2], **logs}, "author")
    assert machine_changes.find_stops(data) == []


def test_bulk_changes_of_machines_are_counted(demo):
    data = with_sources(
        demo,
        {"renovate[bot]": random_log(np.random.default_rng(1), 60), "Ada": random_log(np.random.default_rng(2), 60)},
        "author",
    )
    (finding,) = machine_changes.find_routine(data)
    made = int((data.changes["author"] == "renovate[bot]").sum())
    assert len(finding.rows) >= made
    assert f"Accounts: renovate[bot] ({made:,})." in finding.said
    assert not len(set(finding.rows["id"]) & set(finding.without.make(data).changes["change_id"]))


def test_a_log_of_people_has_none(demo):
    assert machine_changes.find_routine(demo) == []
    assert machine_changes.find_routine(replace(demo, changes=demo.changes.iloc[:0])) == []
