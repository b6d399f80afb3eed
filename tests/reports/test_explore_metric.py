"""A measure over the timeline: what is read, and what is refused with its place."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.reports.explore import open_explore
from aftershock.reports.explore_metric import read_metric
from aftershock.schema.errors import InputError


def write_csv(folder, text):
    path = folder / "requests.csv"
    path.write_text(text)
    return path


def test_times_without_offset_are_the_zones_and_an_empty_value_is_a_gap(tmp_path):
    path = write_csv(tmp_path, "Value,TIME\n2,2025-07-01 12:00\n,2025-07-01T09:00:00Z\n1e3,2025-01-01T00:00:00+01:00\n")
    read = read_metric(path, "Europe/Berlin")
    assert [f"{t:%FT%H:%M}" for t in read["time"]] == ["2024-12-31T23:00", "2025-07-01T09:00", "2025-07-01T10:00"]
    assert read["value"].tolist()[::2] == [1000.0, 2.0] and pd.isna(read["value"][1])


def test_parquet_is_read_too(tmp_path):
    path = tmp_path / "errors.parquet"
    pd.DataFrame({"time": pd.to_datetime(["2025-01-01T10:00Z"]), "value": [3]}).to_parquet(path)
    assert read_metric(path, "UTC")["value"].tolist() == [3.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "time,value\n2025-01-01T00:00Z,1\nsoon,2\n",
            "requests.csv, line 3, column time: found 'soon'; expected a moment",
        ),
        (
            "time,value\n2025-01-01T00:00Z,1\n2025-01-02T00:00Z,1;5\n",
            "line 3, column value: found '1;5'; expected a number",
        ),
        ("when,value\n2025-01-01T00:00Z,1\n", "requests.csv: found 'when', 'value'; expected a CSV or Parquet file"),
        ("time,value,value \n2025-01-01T00:00Z,1,2\n", "Rename the columns, each once."),
        ("", "requests.csv: found No columns to parse from file; expected"),
    ],
)
def test_what_is_no_metric_is_refused_with_its_place(tmp_path, text, said):
    with pytest.raises(InputError) as refused:
        read_metric(write_csv(tmp_path, text), "UTC")
    assert said in str(refused.value)
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        read_metric(tmp_path / "nowhere.csv", "UTC")


def test_it_is_drawn_over_the_timeline(tmp_path):
    explorer = open_explore(dataset="twitter-2023", start="2023-03-01", end="2023-03-31")
    path = write_csv(tmp_path, "time,value\n2023-03-01T00:00Z,1\n2023-03-02T00:00Z,2\n")
    assert explorer.add_metric(path, "requests per second").text == (
        "requests per second: 2 values, 1 Mar 2023, 00:00 UTC to 2 Mar 2023, 00:00 UTC."
    )
    shown = explorer.linked()
    assert (shown.metric["value"].tolist(), shown.metric_name) == ([1.0, 2.0], "requests per second")
