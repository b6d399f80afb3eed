"""The documentation: what its pages take from the code, and the site that is made of them.

    scripts/docs                serves the site on this machine, and follows changes of the pages
    scripts/docs --build DIR    writes the site into DIR; warnings are errors
    scripts/docs --write        makes anew what the pages take from the code
    scripts/docs --check        names the pages on which that is stale, and exits with 1

A part of a page that is taken from the code is marked by ``<!-- generated: name -->`` and ``<!-- end -->``;
:data:`PARTS` has the function that makes it. tests/test_docs.py compares the pages with a fresh generation, so no
number in them can outlive the code.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import _doc_measured  # noqa: E402
import _doc_parts  # noqa: E402
from _famous_figure import famous_figure  # noqa: E402

DOCS = ROOT / "docs"
BLOCK = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
PARTS: dict[str, Callable[[], str]] = {
    "api-figures": lambda: _doc_parts.api("aftershock.figures"),
    "api-metrics": lambda: _doc_parts.api("aftershock.metrics"),
    "why": _doc_parts.why_output,
    "init": _doc_parts.init_output,
    "rate-priors": _doc_parts.rate_priors,
    "kind-priors": _doc_parts.kind_priors,
    "feature-priors": _doc_parts.feature_priors,
    "relation-priors": _doc_parts.relation_priors,
    "evidence-priors": _doc_parts.evidence_priors,
    "delay-prior": _doc_parts.delay_prior,
    "chance": _doc_measured.chance_arithmetic,
    "demo": _doc_measured.demo_check,
    "trial": _doc_measured.trial_table,
    "keys": _doc_parts.keys,
    "description-keys": _doc_parts.description_keys,
    "quality-limits": _doc_parts.quality_limits,
    "columns": _doc_parts.columns,
    "formats": _doc_parts.formats,
    "folds": _doc_parts.folds,
    "reasons": _doc_parts.reasons,
    "kinds": _doc_parts.kinds,
    "words": _doc_parts.words,
    "versions": _doc_parts.versions,
    "vendored": _doc_parts.vendored,
    "famous-sentence": _doc_parts.famous_sentence,
    "famous-table": _doc_parts.famous_table,
}


COMMANDS_INTRODUCTION = """
Taken from the commands' own help, which `aftershock COMMAND --help` prints too. `scripts/report ARGS` is
`aftershock report ARGS`, and `python -m aftershock` is `aftershock`.

Exit codes: 0 all well; 1 something failed (a report, a file of the dataset, `check --strict` with rejected rows); 2 wrong
usage (a command, option, dataset, month or id that does not exist). Messages and progress go to standard error, results
to standard output.
"""


def commands_page() -> str:
    """The reference as typer writes it, below an introduction of ours."""
    command = [sys.executable, "-m", "typer", "aftershock.cli.app", "utils", "docs", "--name", "aftershock"]
    variables = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", "COLUMNS": "100"}
    done = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, check=True)
    reference = with_whole_sentences(html.unescape(done.stdout.decode()).strip())
    return f"# Commands\n{COMMANDS_INTRODUCTION}\n#{reference}\n"


def with_whole_sentences(reference: str) -> str:
    """The lists of commands with the first sentence of each, which typer cuts off after 45 signs."""
    sections = dict(re.findall(r"^#+ `([^`]+)`\n\n(.*?)(?=\n#+ `|\Z)", reference, re.MULTILINE | re.DOTALL))
    for command in sections:
        parent, _, name = command.rpartition(" ")
        first = " ".join(re.match(r".*?\.(?=\s)", sections[command], re.DOTALL)[0].split())
        if parent:
            whole = re.sub(rf"^\* `{name}`: .*$", lambda _, to=f"* `{name}`: {first}": to, sections[parent], flags=re.M)
            reference = reference.replace(sections[parent], whole)
            sections[parent] = whole
    return reference


def filled(text: str, leave: frozenset[str] = frozenset()) -> str:
    """A page with every marked part but ``leave`` made afresh; KeyError for a part that nobody makes."""
    return BLOCK.sub(lambda found: found[0] if found[2] in leave else f"{found[1]}{PARTS[found[2]]()}{found[3]}", text)


def fresh(leave: frozenset[str] = frozenset()) -> dict[Path, str]:
    """Every page that has something generated in it, as it should be; parts in ``leave`` stay as they are."""
    made = {
        DOCS / "commands.md": commands_page(),
        DOCS / "famous-outages.svg": famous_figure(_doc_parts.famous(), _doc_parts.famous_sentence()),
    }
    for path in [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        if path not in made and BLOCK.search(text):
            made[path] = filled(text, leave)
    return made


def main(arguments: list[str]) -> int:
    match arguments:
        case []:
            return mkdocs("serve")
        case ["--build", folder]:
            return mkdocs("build", "--strict", "--clean", "--site-dir", str(Path(folder).resolve()))
        case ["--write" | "--check"]:
            return write(only_check=arguments == ["--check"])
    print("usage: scripts/docs [--build DIR | --write | --check]", file=sys.stderr)
    return 2


def mkdocs(*arguments: str) -> int:
    variables = os.environ | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run([sys.executable, "-m", "mkdocs", *arguments], cwd=ROOT, env=variables, check=False).returncode


def write(*, only_check: bool) -> int:
    stale = {p: text for p, text in fresh().items() if not p.is_file() or p.read_text(encoding="utf-8") != text}
    for path, text in stale.items():
        print(f"{'stale' if only_check else 'written'}: {path.relative_to(ROOT)}")
        if not only_check:
            path.write_text(text, encoding="utf-8")
    return 1 if stale and only_check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
