"""Draws that are kept: what would be drawn again, never another log's, and made again when damaged."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aftershock import attribute, load
from aftershock.model import em, gibbs, kept_model
from aftershock.simulation import Fleet, simulate, write


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two months of a small fleet."""
    fleet = Fleet(seed=5, months=2, services=5, changes=150, background_incidents=6)
    return write(simulate(fleet), tmp_path_factory.mktemp("fleet") / "small")


@pytest.fixture(scope="module")
def found(folder):
    return attribute(load(folder))


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """The folder in which they are kept, empty."""
    monkeypatch.setenv("AFTERSHOCK_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def assert_same(one: object, other: object, path: str = "draws") -> None:
    assert type(one) is type(other), path
    if dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name), f"{path}.{field.name}")
    elif isinstance(one, dict):
        assert list(one) == list(other), path
        for name in one:
            assert_same(one[name], other[name], f"{path}.{name}")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), path
        for number, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same(a, b, f"{path}.{number}")
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, path
        np.testing.assert_array_equal(one, other, path)
    else:
        assert one == other, path


def test_what_is_kept_is_what_was_drawn_to_the_last_digit(found, kept, monkeypatch):
    drawn = kept_model.draws(found.seen, found.parameters)
    assert_same(drawn, gibbs.sample(found.seen, found.parameters))
    monkeypatch.setattr(gibbs, "sample", None)
    assert_same(kept_model.draws(found.seen, found.parameters), drawn)


def test_a_kept_fit_is_what_was_fitted_to_the_last_digit(found, kept, monkeypatch):
    fitted = kept_model.fit(found.seen)
    assert_same(fitted, em.fit(found.seen))
    monkeypatch.setattr(em, "fit", lambda _: "fitted anew")
    monkeypatch.setattr(kept_model, "_write", lambda *_: None)
    monkeypatch.setattr(kept_model, "_columns_of", lambda _: {})
    assert_same(kept_model.fit(found.seen), fitted)
    assert kept_model.fit(replace(found.seen, verdict=~found.seen.verdict)) == "fitted anew"
    monkeypatch.setattr(em, "TOLERANCE", em.TOLERANCE / 2)
    assert kept_model.fit(found.seen) == "fitted anew"


def test_another_process_answers_from_them(folder, found, kept, monkeypatch):
    kept_model.fit(found.seen)
    kept_model.draws(found.seen, found.parameters)
    monkeypatch.setattr(em, "fit", None)
    monkeypatch.setattr(gibbs, "sample", None)
    again = attribute(load(folder))
    assert np.allclose(again.suspects().groupby("incident_id")["probability"].sum(), 1)


def test_the_suspects_of_one_incident_are_those_among_all(folder):
    one_by_one, whole = attribute(load(folder)), attribute(load(folder))
    whole.suspects()
    for incident in whole.shares["incident_id"]:
        pd.testing.assert_frame_equal(one_by_one.suspects(incident), whole.suspects(incident))


def test_whatever_draws_follow_from_gives_them_another_name(folder, found, monkeypatch):
    seen, fitted = found.seen, found.parameters
    usual = kept_model.fingerprint(seen, fitted)
    later = replace(seen.pairs, low=seen.pairs.low + 1e-9)
    others = [
        kept_model.fingerprint(replace(seen, pairs=later), fitted),
        kept_model.fingerprint(replace(seen, without=frozenset({"words"})), fitted),
        kept_model.fingerprint(replace(seen, verdict=~seen.verdict), fitted),
        kept_model.fingerprint(seen, replace(fitted, background=fitted.background * 1.0001)),
        kept_model.fingerprint(seen, replace(fitted, factors=fitted.factors[::-1])),
    ]
    monkeypatch.setattr(gibbs, "SEED", gibbs.SEED + 1)
    others.append(kept_model.fingerprint(seen, fitted))
    assert len({usual, *others}) == 7
    monkeypatch.undo()
    again = attribute(load(folder))
    assert kept_model.fingerprint(again.seen, again.parameters) == usual, "the same log read again"


@pytest.mark.parametrize("harm", ["empty", "cut", "other bytes", "pickle"])
def test_a_damaged_file_is_made_again(found, kept, harm):
    drawn = kept_model.draws(found.seen, found.parameters)
    (path,) = kept.glob("draws-*.npz")
    whole = path.read_bytes()
    if harm == "pickle":
        np.savez(path, states=np.array([object()], dtype=object))
    else:
        harmed = {"empty": b"", "cut": whole[: len(whole) // 2], "other bytes": whole.replace(b"\x3f", b"\x3e")}
        path.write_bytes(harmed[harm])
    assert_same(kept_model.draws(found.seen, found.parameters), drawn)
    assert path.read_bytes() == whole


def test_a_file_that_others_can_write_to_is_not_read(found, kept, monkeypatch):
    kept_model.draws(found.seen, found.parameters)
    (path,) = kept.glob("draws-*.npz")
    path.chmod(0o666)
    monkeypatch.setattr(gibbs, "sample", lambda *_: "drawn anew")
    monkeypatch.setattr(kept_model, "_arrays_of", lambda _: {})
    monkeypatch.setattr(kept_model, "_write", lambda *_: None)
    assert kept_model.draws(found.seen, found.parameters) == "drawn anew"


def test_the_oldest_go_when_there_are_too_many(found, kept, monkeypatch):
    kept_model.draws(found.seen, found.parameters)
    (first,) = kept.glob("draws-*.npz")
    monkeypatch.setattr(kept_model, "MOST", first.stat().st_size * 3 // 2)
    kept_model.draws(found.seen, replace(found.parameters, background=found.parameters.background * 2))
    (second,) = kept.glob("draws-*.npz")
    assert second != first
    monkeypatch.setattr(kept_model, "LARGEST", 1000)
    kept_model.draws(found.seen, replace(found.parameters, background=found.parameters.background * 3))
    assert [*kept.glob("draws-*.npz")] == [second], "what is too large is not kept"


def test_without_a_folder_they_are_drawn_each_time(found, tmp_path, monkeypatch):
    monkeypatch.setenv("AFTERSHOCK_CACHE", "")
    monkeypatch.chdir(tmp_path)
    assert kept_model.draws(found.seen, found.parameters).none_mean.shape == (found.seen.incidents,)
    assert not [*tmp_path.iterdir()]


def test_nothing_that_a_log_says_is_kept(found, kept):
    kept_model.draws(found.seen, found.parameters)
    (path,) = kept.glob("draws-*.npz")
    held = path.read_bytes()
    for text in [*found.dataset.incidents["incident_id"], *found.dataset.changes["title"], *found.reading.services]:
        assert text.encode() not in held
