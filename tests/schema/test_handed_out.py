"""What an analyst does to a table changes no later answer."""

from __future__ import annotations

import pytest

from aftershock.schema.handed_out import HandsOutCopies


def spoil(table) -> None:
    """What people do to a table of theirs."""
    table.drop(table.index[:1], inplace=True)
    table[table.columns[0]] = "mine"
    table.sort_index(ascending=False, inplace=True)


@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.parametrize(
    "name", ["incidents", "changes", "verdicts", "dependencies", "rejected", "notes", "verdicts_in_order"]
)
def test_the_tables_of_a_dataset_are_the_callers_own(twitter, name):
    before = getattr(twitter, name).copy()
    spoil(getattr(twitter, name))
    assert getattr(twitter, name).equals(before)


@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.parametrize("name", ["suspects", "incidents", "pairs", "shares", "rates", "outages", "background"])
def test_the_tables_of_an_attribution_are_the_callers_own(twitter_found, name):
    def get():
        table = getattr(twitter_found, name)
        return table() if callable(table) else table

    before = get().copy()
    spoil(get())
    assert get().equals(before)


def test_a_cell_that_is_set_in_a_copy_is_not_set_in_the_dataset(twitter):
    own = twitter.incidents
    own.loc[own.index[0], "title"] = "mine"
    assert "mine" not in set(twitter.incidents["title"])
    assert twitter.incident(own["incident_id"].iloc[0])["title"] != "mine"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("suspect", "Attribution has no attribute 'suspect'; the nearest is 'suspects'"),
        ("explain", "Attribution has no attribute 'explain'; the nearest is 'explanation'"),
        ("qqqq", "Attribution has no attribute 'qqqq'"),
    ],
)
def test_a_misspelt_attribute_is_an_error_that_names_the_nearest(twitter_found, name, said):
    with pytest.raises(AttributeError) as error:
        getattr(twitter_found, name)
    assert str(error.value) == said


def test_what_a_property_lacks_is_its_own_error():
    class Lacking(HandsOutCopies):
        @property
        def incidents(self) -> object:
            return [].no_such_thing

    with pytest.raises(AttributeError, match=r"^'list' object has no attribute 'no_such_thing'$"):
        _ = Lacking().incidents
