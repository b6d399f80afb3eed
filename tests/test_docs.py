"""The documents keep up with the code: what exists is mentioned, numbers are the code's, links lead somewhere."""

from __future__ import annotations

import ast
import importlib
import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from git_author import Author, git

import aftershock
from aftershock import figures, metrics, sources
from aftershock.cli import app
from aftershock.dataset import settings, targets
from aftershock.dataset.famous_outages import famous_delays
from aftershock.model import evidence, parameters
from aftershock.model.parameters import RELATION_SHARES
from aftershock.model.risk import KIND_WEIGHTS
from aftershock.model.validation import cache, self_check
from aftershock.rendering import batch
from aftershock.rendering.job import Result
from aftershock.rendering.notebook_cells import NOTEBOOK_ONLY
from aftershock.reports.explore import Explorer
from aftershock.reports.log_quality import LogQualityReport
from aftershock.reports.model_check import ModelCheckReport
from aftershock.reports.monthly_review import MonthlyReviewReport
from aftershock.reports.notebook_parameters import (
    ExploreParameters,
    LogQualityParameters,
    ModelCheckParameters,
    MonthlyReviewParameters,
    PostmortemParameters,
    SystemicParameters,
)
from aftershock.reports.postmortem import PostmortemReport
from aftershock.reports.systemic import SystemicReport
from aftershock.schema import tables

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [
    "accuracy",
    "api",
    "architecture",
    "automation",
    "commands",
    "datasets",
    "dependencies",
    "explore",
    "famous-outages",
    "fetching",
    "first-report",
    "formats",
    "index",
    "log-quality",
    "method",
    "performance",
    "reports",
    "status-site",
]
SLOW = frozenset({"trial", "demo"})  # compared by tests of their own


def script(name: str) -> ModuleType:
    """A module of scripts/, which is not a package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "scripts"))
        return importlib.import_module(name)


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    return script("_docs")


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    return script("_doc_parts")


@pytest.fixture(scope="module")
def measured() -> ModuleType:
    return script("_doc_measured")


@pytest.fixture(scope="module")
def fresh(pages) -> dict[Path, str]:
    return pages.fresh(leave=SLOW)


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def part(text: str, name: str) -> str:
    """What is between the marks of a generated part."""
    return re.search(rf"<!-- generated: {name} -->\n(.*?)<!-- end -->", text, re.DOTALL).group(1)


def rows(text: str) -> list[list[str]]:
    """The cells of all table rows, heads and rules left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    rules = {n for n, row in enumerate(cells) if all(re.fullmatch(r":?-+:?", c) for c in row)}
    return [row for n, row in enumerate(cells) if n not in rules and n + 1 not in rules]


def mentioned(text: str) -> set[str]:
    """What is in backquotes."""
    return set(re.findall(r"`([^`\n]+)`", text))


def headings(text: str) -> list[str]:
    shown = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"^#+ (.+)$", shown, re.MULTILINE)


def anchor(heading: str) -> str:
    """The address that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


# generated pages


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "docs/api.md",
        "docs/commands.md",
        "docs/datasets.md",
        "docs/dependencies.md",
        "docs/famous-outages.md",
        "docs/famous-outages.svg",
        "docs/first-report.md",
        "docs/formats.md",
        "docs/log-quality.md",
        "docs/method.md",
    ],
)
def test_generated_parts_are_fresh(fresh, name):
    assert (ROOT / name).read_text(encoding="utf-8") == fresh[ROOT / name], "run scripts/docs --write"


def test_every_page_with_a_generated_part_is_compared(fresh):
    assert len(fresh) == 11


def test_the_check_of_the_demo_data_is_fresh(measured, demo_found, monkeypatch):
    monkeypatch.setattr(measured, "demo_found", lambda: demo_found)
    assert part(page("method"), "demo") == measured.demo_check(), "run scripts/docs --write"


def test_the_first_year_of_the_trial_is_fresh(measured):
    """The other five take as long each; scripts/docs --check compares them all."""
    found = [row for row in rows(part(page("method"), "trial")) if row[0] == "0"]
    assert found == [[str(cell) for cell in measured.trial_row(0)]], "run scripts/docs --write"


def test_what_is_said_of_the_trial_follows_from_its_table():
    text = part(page("method"), "trial")
    table = rows(text)
    covered, rates = (sum(int(row[-1].split(" of ")[n]) for row in table) for n in (0, 1))
    said = re.search(r"in (\d+) of (\d+) cases.* in (\d) of (\d)\.", text.replace("\n", " "))
    assert [int(said[n]) for n in (1, 2, 4)] == [covered, rates, len(table)]


def test_a_mark_that_nobody_fills_is_an_error(pages):
    with pytest.raises(KeyError, match="nonsense"):
        pages.filled("<!-- generated: nonsense -->\n<!-- end -->")


def test_every_part_is_on_a_page(pages):
    used = [
        name for p in texts() for name in re.findall(r"<!-- generated: ([a-z-]+) -->", p.read_text(encoding="utf-8"))
    ]
    assert sorted(used) == sorted(pages.PARTS)


# commands


def test_every_command_has_its_section():
    import typer.main

    def below(command: object, path: tuple[str, ...]) -> list[tuple[str, ...]]:
        children = getattr(command, "commands", {})
        return [path] + [p for name in children for p in below(children[name], (*path, name))]

    paths = [" ".join(path) for path in below(typer.main.get_command(app.app), ("aftershock",))]
    text = page("commands")
    assert "aftershock report month" in paths
    assert [h.strip("`") for h in headings(text)][1:] == paths
    assert all(f"$ {path} " in text for path in paths)
    assert "..." not in re.sub(r"```.*?```", "", text, flags=re.DOTALL)  # no sentence is cut off


# datasets


def test_every_key_of_dataset_toml_is_explained():
    given = {row[0].strip("`") for row in rows(part(page("datasets"), "keys"))}
    models = (
        ("", settings.Settings),
        ("[log] ", settings.Log),
        ("[attribution] ", settings.AttributionSection),
        ("[baseline] ", targets.BaselineSection),
        ("[slo] ", targets.SloSection),
        ("[masking] ", settings.MaskingSection),
        ("[[changes.kind]] ", settings.KindRule),
        ("[[changes.service]] ", settings.ServiceRule),
    )
    assert given == {prefix + (f.alias or n) for prefix, model in models for n, f in model.model_fields.items()}


@pytest.mark.parametrize("schema", tables.SCHEMAS.values(), ids=lambda s: s.table)
def test_every_column_is_explained(schema):
    section = (
        page("datasets").split(f"### {schema.table.capitalize()}\n")[1].split("\n### ")[0].split("<!-- end -->")[0]
    )
    assert [row[0].strip("`") for row in rows(section)] == schema.names
    assert [row[0].strip("`") for row in rows(section) if row[2] == "yes"] == [
        c.name for c in schema.columns if c.required
    ]


def test_every_companion_of_a_time_is_explained():
    companions = {c.replace("started_at", "x", 1) for c in tables.INCIDENTS.accepted if re.match(r"started_at_.", c)}
    assert len(companions) == 4
    assert companions <= mentioned(page("datasets"))


def test_every_reason_is_explained():
    text = page("datasets")
    assert {row[0].strip("`"): row[1] for row in rows(part(text, "reasons"))} == tables.REASONS
    assert {row[0].strip("`"): row[1] for row in rows(part(text, "folds"))} == tables.FOLDS


def test_every_format_has_its_section():
    assert [h for h in headings(page("formats"))[1:] if not h.startswith("A ")] == sorted(sources.names())


def test_the_five_lines_are_a_dataset(write):
    from aftershock import load

    toml = page("datasets").split("```toml\n")[1].split("```")[0]
    assert len(toml.splitlines()) == 5
    assert len(load(write(toml)).incidents) == 2


def test_every_setting_shown_is_one_that_exists():
    shown = tomllib.loads(page("datasets").split("```toml\n")[2].split("```")[0])
    settings.Log.model_validate(shown["incidents"])


def test_the_commands_of_the_first_report_do_what_the_page_says(generator, tmp_path, monkeypatch, capsys):
    """Every command on the page, in its order, on the exports that it speaks of; reports are planned, not rendered."""
    planned = []

    def render(jobs, output, **options):
        planned.extend(job.target.as_posix() for job in jobs)
        return [Result(job, True, 0.0) for job in jobs]

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(batch, "render", render)
    generator.write_exports(tmp_path)
    text = page("first-report")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    commands += re.findall(r"`(aftershock report all [^`]+)`", text)
    assert [c.split()[1] for c in commands] == ["init", "check", "report", "report", "report"]
    for command in commands:
        app.app(shlex.split(command)[1:], standalone_mode=False)
        said = capsys.readouterr().out
        if command.split()[1] == "init":
            assert said == part(text, "init").removeprefix("```text\n").removesuffix("```\n")
            assert "zone of the incidents  Europe/Berlin" in said
    assert {"mine/quality.html", "mine/2025-08/index.html", "mine/2025-01/index.html"} <= set(planned)


def status_site(folder: Path) -> None:
    """A status site of three issues, and three repositories, as the page has them."""
    issues = folder / "review/status/content/issues"
    issues.mkdir(parents=True)
    (issues / "_index.md").write_text("---\ntitle: Issues\n---\n")
    for day, title, severity in (
        (5, "CI outage", "down"),
        (9, "Charts slow", "disrupted"),
        (12, "CI maintenance", "notice"),
    ):
        end = f"2024-03-{day:02}T12:00:00Z"
        head = f"title: {title}\ndate: 2024-03-{day:02}T10:00:00Z\nresolved: true\nresolvedWhen: {end}\nseverity: {severity}"
        name = f"2024-03-{day:02}-{title.split()[0].lower()}.md"
        (issues / name).write_text(f"---\n{head}\naffected:\n  - ci\nsection: issue\n---\nText.\n")
    for number, name in enumerate(("infra", "charts", "builders")):
        author = Author(folder / "review" / name)
        for day in (4, 8, 20):
            files = (
                {"charts/ci/values.yaml": str(day), "charts/web/values.yaml": "1"}
                if name == "charts"
                else {"a.txt": str(day)}
            )
            author.commit(f"Raise a limit of {name}", files, at=f"{1709500000 + day * 86_400 + number} +0000")
        git(folder / "review" / name, "checkout", "-q", "main")


def test_the_commands_of_the_status_site_do_what_the_page_says(tmp_path, monkeypatch, capsys):
    """Every command but those of git, on a site and repositories of that shape; reports are planned, not rendered."""
    planned = []

    def render(jobs, output, **options):
        planned.extend(job.target.as_posix() for job in jobs)
        return [Result(job, True, 0.0) for job in jobs]

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(batch, "render", render)
    status_site(tmp_path)
    text = page("status-site")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    ours = [c for c in commands if c.startswith("aftershock ")]
    assert [c.split()[1] for c in ours] == ["init", "check", "suspects", "report", "report"]
    for command in ours[:-1]:
        app.app(shlex.split(command)[1:], standalone_mode=False)
    assert "2 incidents" in capsys.readouterr().out
    written = tomllib.loads((tmp_path / "review/dataset.toml").read_text(encoding="utf-8"))
    shown = tomllib.loads(text.split("```toml\n")[1].split("```")[0])
    assert {key: written[key] for key in shown} == shown
    assert planned[0].startswith("review/2024-03/")


# the method


def test_every_number_of_the_model_has_a_row_with_its_value_and_what_it_means(generator):
    given = {row[0].strip("`"): row[1:] for row in rows(part(page("method"), "rate-priors"))}
    assert float(given["parameters.CHANGE_SHARE"][0]) == parameters.CHANGE_SHARE
    assert float(given["evidence.WORDS_POWER"][0]) == evidence.WORDS_POWER
    assert len(given) > 50
    assert not [name for name, (_, meaning) in given.items() if not meaning]


def test_each_number_of_the_model_has_a_line_of_its_own(generator):
    """Several in one assignment would share a comment, and the table could not tell them apart."""
    for name in generator.CONSTANTS_OF:
        tree = ast.parse((ROOT / "aftershock" / "model" / f"{name}.py").read_text(encoding="utf-8"))
        tuples = [n for n in tree.body if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Tuple)]
        assert not [ast.unparse(n) for n in tuples if any(isinstance(v, ast.Constant) for v in ast.walk(n.value))]


def test_a_constant_takes_its_meaning_from_the_comments_beside_it(generator):
    source = """
#: Above it,
#: in two lines.
ABOVE = 1
BESIDE = 0.5  # next to it; a judgement
GRID = [
    3.0,  # inside
]
_OWN = 2  # not public
BARE = 4
lower = 5  # not a constant
"""
    assert generator.commented(source) == {
        "ABOVE": "Above it, in two lines.",
        "BESIDE": "next to it; a judgement",
        "GRID": "inside",
        "BARE": "",
    }


def test_the_priors_of_kinds_relations_and_evidence_are_the_codes():
    text = page("method")
    assert {r[0].replace(" ", "_"): float(r[1]) for r in rows(part(text, "kind-priors"))} == KIND_WEIGHTS
    assert [float(r[1]) for r in rows(part(text, "relation-priors"))] == RELATION_SHARES.tolist()
    given = [(r[1], float(r[2])) for r in rows(part(text, "evidence-priors"))]
    for one in evidence.EVIDENCE:
        shown = [(words, float(f"{ratio:.3g}")) for words, ratio in zip(one.bins, one.prior, strict=True)]
        assert set(shown) <= set(given), one.name


def test_the_example_by_hand_adds_up():
    example = page("method").split("## Reading a probability, by hand")[1].split("\n## ")[0]
    deploy, config, none = rows(example)
    terms = []
    for row in (deploy, config):
        product = 1.0
        for factor in row[1:5]:
            product *= float(factor)
        assert product == pytest.approx(float(row[5]))
        terms.append(product)
    terms.append(float(none[5]))
    shares = [float(row[6].removesuffix(" %")) / 100 for row in (deploy, config, none)]
    assert shares == pytest.approx([t / sum(terms) for t in terms])
    docstring = ast.get_docstring(_function("model/test_likelihood.py", "test_an_attribution_worked_by_hand"))
    assert all(number in docstring for number in ("0.02", "0.8", "0.5", "0.008", "0.001", "0.002"))
    assert f"Shares: {', '.join(f'{s:.1f}' for s in shares)}." in docstring
    assert 8 * terms[1] == pytest.approx(0.008)
    assert "47 %, 47 % and 6 %" in " ".join(example.split())
    assert [round(100 * t / 0.017) for t in (0.008, 0.008, 0.001)] == [47, 47, 6]


def _function(file: str, name: str) -> ast.FunctionDef:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name)


def test_chance_arithmetic_agrees_with_counting(measured):
    """All orders of 4 deployments and 3 incidents, counted one by one, and the mean k/(n+k) of the published case."""
    from itertools import combinations, pairwise

    counts = [0] * 4
    for places in combinations(range(7), 3):
        order = ["incident" if n in places else "deployment" for n in range(7)]
        counts[sum(pair == ("deployment", "incident") for pair in pairwise(order))] += 1
    assert measured.blamed(4, 3) == pytest.approx([c / sum(counts) for c in counts])
    law = measured.blamed(23, 6)
    assert sum(b * p for b, p in enumerate(law)) / 23 == pytest.approx(6 / 29)


@pytest.mark.parametrize(
    "work",
    [
        "Ogata, Y. (1988)",
        "Zhuang, J.",
        "Marsan, D.",
        "Silverman, B. W.",
        "Tanner, M. A.",
        "Caron, F.",
        "Genest, C.",
        "Good, I. J.",
        "Hunter, D. R.",
        "Ponte, J. M.",
        "Zhai, C.",
        "Brookmeyer, R.",
        "Garwood, F.",
        "Fisher, R. A.",
        "Raftery, A. E.",
        "Worsley, K. J.",
    ],
)
def test_the_literature_is_given_in_full(work):
    entries = page("method").split("## Literature")[1].split("\n- ")
    entry = next(e for e in entries if e.startswith(work))
    assert re.search(r"\((?:19|20)\d\d\)\..*\*.+\*.*doi:10\.", entry, re.DOTALL)


# reports


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_quotes_in_prose_have_one_form(path):
    """Curly, as in the sentences that the reports make: a page has both."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert not [text for text in prose if '"' in re.sub("`[^`]*`", "", text)]


@pytest.mark.parametrize("notebook", ["postmortem", "monthly_review", "systemic", "model_check", "log_quality"])
def test_every_section_of_a_report_is_explained(notebook):
    cells = json.loads((ROOT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    sections = [
        h
        for c in cells
        if c["cell_type"] == "markdown" and NOTEBOOK_ONLY not in c["metadata"].get("tags", [])
        for h in re.findall(r"^#{2,3} (.+)$", "".join(c["source"]), re.MULTILINE)
    ]
    assert len(sections) > 6
    title = f"## The {notebook.replace('_', ' ')}"
    explained = [row[0] for row in rows(page("reports").split(title)[1].split("\n## ")[0])]
    assert explained == ["(top)", *sections]


def test_every_key_of_the_json_is_named(twitter, twitter_found, demo, demo_found, monkeypatch):
    monkeypatch.setattr(cache, "_MEMORY", {})  # what one log expects is not to be remembered
    monkeypatch.setattr(self_check, "logs_to_draw", lambda found: 1)
    one = PostmortemReport(twitter, PostmortemParameters(dataset="twitter-2023", incident_id="tw-2023-03-06"))
    two = MonthlyReviewReport(demo, MonthlyReviewParameters(dataset="demo", month="2025-12"))
    three = ModelCheckReport(twitter, ModelCheckParameters(dataset="twitter-2023", folds=0))
    row = SystemicReport(twitter, SystemicParameters(dataset="twitter-2023"))
    row.__dict__["found"] = twitter_found
    four = LogQualityReport(twitter, LogQualityParameters(dataset="twitter-2023"))
    one.__dict__["found"], two.__dict__["found"] = twitter_found, demo_found
    three.__dict__["found"] = twitter_found
    section = page("reports").split("### Numbers as JSON")[1].split("\n#")[0]
    sentences = section.split("Keys of a ")[1:]
    five = Explorer(twitter, ExploreParameters(dataset="twitter-2023", incident_id="tw-2023-03-06"))
    five.__dict__["found"] = twitter_found
    for report, sentence in zip((one, two, row, three, four, five), sentences, strict=True):
        bundle = report.numbers()._repr_mimebundle_()
        numbers = next(v for k, v in bundle.items() if k.endswith("numbers+json"))
        assert mentioned(sentence.split(". ")[0]) == set(numbers)
        assert set(numbers["report"]) <= mentioned(section)


def test_the_variables_of_the_scripts_are_explained():
    variables = set(re.findall(r"\$\{([A-Z_]+):-", (ROOT / "scripts" / "_setup").read_text(encoding="utf-8")))
    assert variables == {"PYTHON", "AFTERSHOCK_VENV", "AFTERSHOCK_INSTALLER", "PIP_INDEX_URL"}
    assert variables <= mentioned(page("reports"))


def test_the_limits_on_inputs_are_those_of_the_code():
    from aftershock.dataset.cache import logs
    from aftershock.rendering import kernels
    from aftershock.schema import toml_file
    from aftershock.sources import raw_table
    from aftershock.sources.fetching import backoff, client, run
    from aftershock.sources.git import repository
    from aftershock.sources.tabular import parquet

    pauses = sum(min(backoff.LONGEST_BACKOFF, 2**n) for n in range(1, client.ATTEMPTS))
    datasets, security = page("datasets"), " ".join((ROOT / "SECURITY.md").read_text(encoding="utf-8").split())
    for said in (
        f"unpacked | {raw_table.LARGEST:,} bytes",
        f"more than {raw_table.DENSEST} times its size | once {raw_table.UNSUSPICIOUS:,} bytes",
        f"columns | {raw_table.MOST_COLUMNS:,} |",
        f"rows | {parquet.MOST_ROWS:,} |",
        f"{toml_file.LARGEST:,} bytes, {toml_file.DEEPEST} parts",
        f"{repository.LONGEST_QUESTION:g} and {repository.LONGEST_LOG:g} seconds",
        f"after {logs.READINGS} readings",
    ):
        assert said in datasets, said
    for said in (
        f"more than {kernels.MOST_OUTPUT >> 20} MB is stopped",
        f"more than {kernels.DEFAULT_TIMEOUT:g} seconds",
        f"asked for {client.ATTEMPTS} times",
        f"an attempt ends after {client.LONGEST_ANSWER:g} seconds",
        f"given up after about {(client.ATTEMPTS * client.LONGEST_ANSWER + pauses) / 60:.0f} minutes",
        f"up to {client.THROTTLES} in a row, of {client.LONGEST_WAIT / 3600:g} hours",
        f"A period ends after {run.MOST_PAGES:,} pages, a kind of record after {run.LONGEST.total_seconds() / 3600:g} hours",
    ):
        assert said in security, said


def test_fetching_tells_what_the_code_does():
    from aftershock.sources.fetching import backoff, client, github, pagerduty, run, statuspage

    text = page("fetching")
    for service in (pagerduty, github, statuspage):
        assert set(service.VARIABLES) <= mentioned(text)
    assert set(pagerduty.RESOURCES) | set(github.RESOURCES) | set(statuspage.PUBLIC) <= mentioned(text)
    most = ", ".join(f"{min(backoff.LONGEST_BACKOFF, 2**n):g}" for n in range(1, client.ATTEMPTS))
    hours, within = client.LONGEST_WAIT / 3600, run.GO_ON_WITHIN.total_seconds() / 3600
    for said in (
        f"tries {client.ATTEMPTS} times, waiting up to {most} seconds",
        f"more than {hours:g} hours, or {client.THROTTLES} times in a row",
        f"the last {within:g} hours",
        f"after {client.LONGEST_ANSWER:g} seconds, however",
        f"more than {run.MOST_PAGES:,} pages of a window; more than {run.LONGEST.total_seconds() / 3600:g} hours",
        f"more than {pagerduty.MOST_RECORDS:,} records",
        f"follows {client.REDIRECTS}, over https",
        *(f"| {status}" for status in client._PASSING[:1]),
        ", ".join(map(str, client._PASSING)),
    ):
        assert said in text, said


# dependencies and architecture


def test_every_dependency_has_a_line():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.match(r"[a-z0-9-]+", line).group() for line in listed["dependencies"]]
    table = page("dependencies").split("## For tests")[0]
    assert [row[0].strip("`") for row in rows(table)] == names
    assert all(row[1] and row[3] and row[4] for row in rows(table))
    for line in [one for extra in listed["optional-dependencies"].values() for one in extra]:
        assert re.match(r"[a-z0-9-]+", line).group() in page("dependencies")


def test_the_rooms_are_those_of_the_contract_in_its_order():
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"][
        0
    ]
    contract = [set(layer.split(" | ")) for layer in layers["layers"]]
    table = page("architecture").split("A second contract")[0]
    shown = [{room.removesuffix("/").removesuffix(".py") for room in mentioned(row[0])} for row in rows(table)]
    assert shown == contract
    there = {p.stem for p in (ROOT / "aftershock").iterdir() if not p.name.startswith(("__", ".", "py.typed"))}
    assert set().union(*shown) == there


def test_every_module_and_folder_that_the_architecture_names_exists():
    text = page("architecture").split("## What became")[0]
    modules = {p.relative_to(ROOT / "aftershock").as_posix() for p in (ROOT / "aftershock").rglob("*.py")}
    modules |= {p.relative_to(ROOT).as_posix() for p in (ROOT / "tests").rglob("*.py")}
    names = [n for n in mentioned(text) if re.fullmatch(r"[\w./]+(?:\.py|/)", n)]
    assert len(names) > 40
    for name in names:
        known = (ROOT / name).exists() or (ROOT / "aftershock" / name).exists() or name in modules
        assert known or any(f"/{name}" in f"/{m}" for m in modules) or name == "aftershock/shipped/", name


# famous outages


def test_the_sentence_on_famous_outages_has_the_codes_numbers():
    frame = famous_delays()
    longest = frame["delay_minutes_high"].fillna(frame["delay_minutes"])
    within = [int((end <= 60).sum()) for end in (longest, frame["delay_minutes"])]
    said = " ".join(part(page("famous-outages"), "famous-sentence").split())
    assert said.startswith(f"Of {len(frame)} outages")
    assert f"between {within[0]} and {within[1]} showed within an hour" in said
    assert f"{(frame['delay_minutes'] > 72 * 60).sum()} only after more than the default horizon" in said
    assert f"For {(longest == 0).sum()} of them" in said
    assert len(rows(part(page("famous-outages"), "famous-table"))) == len(frame)


def test_the_figure_has_a_dot_for_each_outage_and_says_what_it_shows():
    from xml.etree import ElementTree

    svg = ElementTree.parse(DOCS / "famous-outages.svg").getroot()
    space = "{http://www.w3.org/2000/svg}"
    assert len(svg.findall(f"{space}circle")) == len(famous_delays())
    assert svg.find(f"{space}desc").text == " ".join(part(page("famous-outages"), "famous-sentence").split())


# all pages


def texts() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), ROOT / "reports" / "README.md", *sorted(DOCS.glob("*.md"))]


def test_the_pages_are_those_that_exist():
    assert [p.stem for p in sorted(DOCS.glob("*.md"))] == PAGES


@pytest.mark.parametrize("path", texts(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, fragment = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), f"{path.name}: {target}"
        if fragment and there.suffix == ".md":
            assert fragment in {anchor(h) for h in headings(there.read_text(encoding="utf-8"))}, (
                f"{path.name}: {target}"
            )


@pytest.mark.parametrize("path", sorted({*DOCS.glob("*.md")} - {DOCS / "commands.md"}), ids=lambda p: p.name)
def test_lines_are_short_enough_to_read(path):
    prose = re.sub(r"^```text\n.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert not [line for line in prose.splitlines() if len(line) > 120 and line[0] != "|"]


# the site


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site as scripts/docs --build writes it; a warning of mkdocs fails."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, str(ROOT / "scripts" / "_docs.py"), "--build", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_is_in_the_site_and_asks_no_host_for_anything(site):
    built = {p.relative_to(site).as_posix() for p in site.rglob("*.html")}
    tutorials = {f"tutorials/{p.stem}.html" for p in (DOCS / "tutorials").glob("*.ipynb")}
    assert {f"{p}.html" for p in PAGES} | {"CONTRIBUTING.html", "SECURITY.html", "CHANGELOG.html"} | tutorials <= built
    for page_ in built:
        text = (site / page_).read_text(encoding="utf-8")
        loads = re.findall(r"<(?:script|img|iframe|link)\b[^>]*?(?:src|href)=[\"']?(https?:[^\"'\s>]+)", text)
        assert not [url for url in loads if "canonical" not in url], page_


def test_the_api_page_shows_what_is_public(site):
    text = (site / "api.html").read_text(encoding="utf-8")
    for module in (aftershock, figures, metrics):
        for name in module.__all__:
            defined = getattr(module, name).__module__ if module is not aftershock else "aftershock"
            assert f'id="{defined}.{name}"' in text
    assert ":func:" not in text


def test_the_search_finds_a_word_of_a_page(site):
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert "famous-outages.html" in {d["location"].split("#")[0] for d in index["docs"] if "CrowdStrike" in d["text"]}


def test_the_glossary_has_at_most_thirty_terms():
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Glossary")[1]
    assert 20 < len(rows(table)) <= 30
    assert all(meaning for _, meaning in rows(table))


def test_the_workflow_runs_the_tests_as_everybody_does():
    assert "- run: ./scripts/test\n" in (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
