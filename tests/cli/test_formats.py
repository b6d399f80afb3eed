"""``aftershock formats``: what each format reads."""

from __future__ import annotations

from commands import run

from aftershock.cli.formats import formats
from aftershock.sources import registry


def test_formats_lists_each_with_what_it_reads():
    lines = run("formats").stdout.splitlines()
    assert [line.split()[0] for line in lines] == sorted(line.split()[0] for line in lines)
    assert set(registry.names()) == {line.split()[0] for line in lines}
    shown = " ".join(next(line for line in lines if line.startswith("statuspage ")).split())
    assert shown == "statuspage [incidents, changes] Atlassian Statuspage: incidents and scheduled maintenance"


def test_formats_tells_of_one():
    assert run("formats", "github-issues").stdout == (
        "github-issues: GitHub issues by label\n"
        "  [incidents] An issue with one of the labels is an incident; pull requests and other issues are folded.\n"
        "  files of a folder that end in .json, .json.gz, .jsonl\n"
        "  keys of its own: label\n"
        "  https://docs.github.com/en/rest/issues/issues#list-repository-issues\n"
    )


def test_formats_names_the_nearest():
    done = run("formats", "github_issues")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "aftershock: no format 'github_issues'; the nearest is 'github-issues'; known are csv, "
    )


def test_formats_says_which_package_is_broken(plug_in, capsys):
    plug_in("no_such_package:FORMAT")
    formats()
    lines = capsys.readouterr().out.splitlines()
    assert " ".join(next(line for line in lines if line.startswith("own ")).split()) == (
        "own the format 'own' of the package no_such_package:FORMAT cannot be loaded: ModuleNotFoundError: "
        "No module named 'no_such_package'. Fix or uninstall the package."
    )
