"""Priors that logs with known causes taught."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from aftershock import attribute, load
from aftershock.cli.app import app
from aftershock.model.evidence import EVIDENCE
from aftershock.model.priors import COUNTABLE, LEARNED, PSEUDO, SHIPPED, bins_of, judged, read, shipped
from aftershock.model.risk import NATURE, SIZE
from aftershock.schema.errors import InputError


def counts(path, culprits, expected, name="nature"):
    log = {
        "dataset": "mine",
        "culprits": sum(culprits),
        "evidence": {name: {"culprits": culprits, "expected": expected}},
    }
    bins = {name: bins_of(next(e for e in COUNTABLE if e.name == name))}
    path.write_text(json.dumps({"bins": bins, "made_from": [log]}))
    return path


def test_counted_culprits_sharpen_the_judgement(tmp_path):
    """Twenty of thirty culprits took back another change, where three would by chance; judged at one half."""
    priors = read(counts(tmp_path / "p.json", [10, 20, 0, 0, 0], [27, 3, 0, 0, 0]))
    judgement = NATURE.prior
    assert priors.made_from == ("mine",)
    assert priors.factors["nature"][:2] == pytest.approx(
        [(10 + PSEUDO) / (27 + PSEUDO), (20 + PSEUDO) / (3 + PSEUDO / 0.5)]
    )
    assert priors.factors["nature"][2:] == pytest.approx(judgement[2:])
    assert [r.tolist() for r in priors.ratios] == [list(one.prior) for one in EVIDENCE]
    assert priors.factors["size"].tolist() == list(SIZE.prior)


def test_a_log_is_left_out_of_what_it_is_measured_with():
    names = shipped().made_from
    assert len(names) > 1
    assert shipped(leaving_out=names[0]).made_from == names[1:]
    assert not np.allclose(shipped(leaving_out=names[-1]).ratios[0], shipped().ratios[0])


def test_what_ships_are_counts_alone():
    held = json.loads(SHIPPED.read_text())
    assert set(held) == {"made_by", "bins", "made_from"}
    assert set(held["bins"]) == set(LEARNED)
    for log in held["made_from"]:
        assert set(log) == {"dataset", "culprits", "evidence"}
        for table in log["evidence"].values():
            assert sum(table["culprits"]) == pytest.approx(log["culprits"], abs=0.01)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("not json", "JSONDecodeError"),
        ("[]", "TypeError"),
        (json.dumps({"bins": {"nature": bins_of(NATURE)}, "made_from": [{"dataset": "x", "evidence": {"nature": {"culprits": [1], "expected": [1]}}}]}), "'nature' needs 5 counts"),
        (None, "No such file"),
    ],
)  # fmt: skip
def test_a_file_of_something_else_is_refused(tmp_path, text, found):
    path = tmp_path / "priors.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError) as failed:
        read(path)
    assert found in str(failed.value)
    assert "Make it again with scripts/priors, or give --priors none for the judgements alone." in str(failed.value)


def with_bins(path, bins):
    """The shipped counts, said to be of other bins."""
    held = json.loads(SHIPPED.read_text())
    path.write_text(json.dumps({**held, "bins": held["bins"] | bins if bins else {}}))
    return path


@pytest.mark.parametrize(
    ("bins", "said"),
    [
        ({}, "found no bins for 'words'; expected the bins that its counts are of, as scripts/priors writes them."),
        ({"words": [0.0, 0.5, 0.6]}, "found 'words' counted in other bins: 0.5 at place 2; expected 0.3, as this version counts."),
        ({"size": ["size not known"]}, "found 'size' counted in other bins: 'nothing' at place 2; expected 'smaller than most', as this version counts."),
    ],
)  # fmt: skip
def test_counts_of_other_bins_are_refused(tmp_path, bins, said):
    with pytest.raises(InputError) as failed:
        read(with_bins(tmp_path / "p.json", bins))
    assert str(failed.value) == (
        f"p.json: {said} Make it again with scripts/priors, or give --priors none for the judgements alone."
    )


def test_the_command_takes_a_file_none_or_what_ships(write, tmp_path):
    folder, run = write(), CliRunner()
    rest = [0] * (len(EVIDENCE[0].bins) - 2)
    steep = counts(tmp_path / "p.json", [0, 400, *rest], [396, 4, *rest], "words")
    answers = [
        run.invoke(app, ["suspects", str(folder), *extra]).stdout
        for extra in ([], ["--priors", "none"], ["--priors", str(steep)])
    ]
    assert len(set(answers)) == 3
    table = attribute(load(folder), priors=judged()).suspects()
    assert f"{table['probability'].iloc[0]:.12g}" in answers[1]
