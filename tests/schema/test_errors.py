"""What a user reads when something is wrong."""

from __future__ import annotations

import pytest

from aftershock.schema.errors import InputError, Problem, nearest


@pytest.mark.parametrize(
    ("line", "column", "place"),
    [(3, "kind", "a.csv, line 3, column kind"), (3, None, "a.csv, line 3"), (None, None, "a.csv")],
)
def test_a_problem_says_where_what_and_how_to_fix_it(line, column, place):
    problem = Problem("a.csv", line, column, "'deploi'", "one of deploy, config", "Fix the value.", "unknown_value")
    assert str(problem) == f"{place}: found 'deploi'; expected one of deploy, config. Fix the value."
    error = InputError.of(problem, problem)
    assert str(error).splitlines() == [str(problem)] * 2
    assert error.problems == [problem] * 2


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("checkot", ["checkout", "search"], "; the nearest is 'checkout'"),
        ("zzz", ["checkout"], ""),
        ("", ["checkout"], ""),
    ],
)
def test_the_nearest_known_word_is_named(word, known, said):
    assert nearest(word, known) == said


def test_a_first_part_names_all_that_begin_with_it():
    said = nearest("gitlab", ["gitlab-issues", "gitlab-deployments", "github-issues"])
    assert "gitlab-issues" in said and "gitlab-deployments" in said and "github" not in said
