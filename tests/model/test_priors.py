"""Priors that logs with known causes taught."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from aftershock import attribute, load
from aftershock.cli.app import app
from aftershock.errors import InputError
from aftershock.model.evidence import EVIDENCE
from aftershock.model.priors import PSEUDO, SHIPPED, judged, read, shipped

NATURE = next(e for e, evidence in enumerate(EVIDENCE) if evidence.name == "nature")


def counts(path, culprits, expected, name="nature"):
    log = {
        "dataset": "mine",
        "culprits": sum(culprits),
        "evidence": {name: {"culprits": culprits, "expected": expected}},
    }
    path.write_text(json.dumps({"made_from": [log]}))
    return path


def test_counted_culprits_sharpen_the_judgement(tmp_path):
    """Twenty of thirty culprits took back another change, where three would by chance; judged at one half."""
    priors = read(counts(tmp_path / "p.json", [10, 20, 0, 0, 0], [27, 3, 0, 0, 0]))
    judgement = EVIDENCE[NATURE].prior
    assert priors.made_from == ("mine",)
    assert priors.ratios[NATURE][:2] == pytest.approx(
        [(10 + PSEUDO) / (27 + PSEUDO), (20 + PSEUDO) / (3 + PSEUDO / 0.5)]
    )
    assert priors.ratios[NATURE][2:] == pytest.approx(judgement[2:])
    assert [r.tolist() for e, r in enumerate(priors.ratios) if e != NATURE] == [
        list(one.prior) for e, one in enumerate(EVIDENCE) if e != NATURE
    ]


def test_a_log_is_left_out_of_what_it_is_measured_with():
    names = shipped().made_from
    assert len(names) > 1
    assert shipped(leaving_out=names[0]).made_from == names[1:]
    assert not np.allclose(shipped(leaving_out=names[-1]).ratios[0], shipped().ratios[0])


def test_what_ships_are_counts_alone():
    held = json.loads(SHIPPED.read_text())
    assert set(held) == {"made_by", "made_from"}
    for log in held["made_from"]:
        assert set(log) == {"dataset", "culprits", "evidence"}
        for table in log["evidence"].values():
            assert sum(table["culprits"]) == pytest.approx(log["culprits"], abs=0.01)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("not json", "JSONDecodeError"),
        ("[]", "TypeError"),
        ('{"made_from": [{"dataset": "x", "evidence": {"nature": {"culprits": [1], "expected": [1]}}}]}', "'nature' needs 5 counts"),
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


def test_the_command_takes_a_file_none_or_what_ships(write, tmp_path):
    folder, run = write(), CliRunner()
    steep = counts(tmp_path / "p.json", [0, 400, 0, 0, 0], [396, 4, 0, 0, 0])
    answers = [
        run.invoke(app, ["suspects", str(folder), *extra]).stdout
        for extra in ([], ["--priors", "none"], ["--priors", str(steep)])
    ]
    assert len(set(answers)) == 3
    table = attribute(load(folder), priors=judged()).suspects()
    assert f"{table['probability'].iloc[0]:.12g}" in answers[1]
