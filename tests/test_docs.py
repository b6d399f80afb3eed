"""The documents keep up with the code: what exists is mentioned, numbers are the code's, links lead somewhere."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shlex
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from aftershock import sources
from aftershock.cli import app
from aftershock.dataset import settings
from aftershock.dataset.famous_outages import famous_delays
from aftershock.model import em, evidence, parameters
from aftershock.model.parameters import KIND_WEIGHTS, RELATION_SHARES
from aftershock.rendering import batch
from aftershock.rendering.notebook_cells import NOTEBOOK_ONLY
from aftershock.reports.log_quality import LogQualityReport
from aftershock.reports.model_check import ModelCheckReport
from aftershock.reports.monthly_review import MonthlyReviewReport
from aftershock.reports.notebook_parameters import (
    LogQualityParameters,
    ModelCheckParameters,
    MonthlyReviewParameters,
    PostmortemParameters,
)
from aftershock.reports.postmortem import PostmortemReport
from aftershock.schema import tables

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [
    "accuracy",
    "architecture",
    "commands",
    "datasets",
    "dependencies",
    "famous-outages",
    "fetching",
    "first-report",
    "formats",
    "log-quality",
    "method",
    "reports",
]
SLOW = frozenset({"trial", "demo"})  # compared by tests of their own


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generator", ROOT / "scripts" / "_docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def fresh(generator) -> dict[Path, str]:
    return generator.fresh(leave=SLOW)


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def part(text: str, name: str) -> str:
    """What stands between the marks of a generated part."""
    return re.search(rf"<!-- generated: {name} -->\n(.*?)<!-- end -->", text, re.DOTALL).group(1)


def rows(text: str) -> list[list[str]]:
    """The cells of all table rows, heads and rules left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    rules = {n for n, row in enumerate(cells) if all(re.fullmatch(r":?-+:?", c) for c in row)}
    return [row for n, row in enumerate(cells) if n not in rules and n + 1 not in rules]


def mentioned(text: str) -> set[str]:
    """What stands in backquotes."""
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
        "commands.md",
        "famous-outages.svg",
        "method.md",
        "datasets.md",
        "formats.md",
        "famous-outages.md",
        "dependencies.md",
    ],
)
def test_generated_parts_are_fresh(fresh, name):
    assert (DOCS / name).read_text(encoding="utf-8") == fresh[DOCS / name], "run scripts/docs"


def test_the_check_of_the_demo_data_is_fresh(generator, demo_found, monkeypatch):
    monkeypatch.setattr(generator, "demo_found", lambda: demo_found)
    assert part(page("method"), "demo") == generator.demo_check(), "run scripts/docs"


def test_the_first_year_of_the_trial_is_fresh(generator):
    """The other five take as long each; scripts/docs --check compares them all."""
    found = [row for row in rows(part(page("method"), "trial")) if row[0] == "0"]
    assert found == [[str(cell) for cell in generator.trial_row(0)]], "run scripts/docs"


def test_what_is_said_of_the_trial_follows_from_its_table():
    text = part(page("method"), "trial")
    table = rows(text)
    covered, rates = (sum(int(row[-1].split(" of ")[n]) for row in table) for n in (0, 1))
    said = re.search(r"in (\d+) of (\d+) cases.* in (\d) of (\d)\.", text.replace("\n", " "))
    assert [int(said[n]) for n in (1, 2, 4)] == [covered, rates, len(table)]


def test_a_mark_that_nobody_fills_is_an_error(generator):
    with pytest.raises(KeyError, match="nonsense"):
        generator.filled("<!-- generated: nonsense -->\n<!-- end -->")


def test_every_part_stands_on_a_page(generator):
    used = [name for p in PAGES for name in re.findall(r"<!-- generated: ([a-z-]+) -->", page(p))]
    assert sorted(used) == sorted(generator.PARTS)


# commands


def test_every_command_has_its_help(generator):
    paths = generator.commands()
    assert ("report", "month") in paths
    text = page("commands")
    assert [h for h in headings(text) if h != "Commands"] == [" ".join(("aftershock", *path)) for path in paths]
    for path in paths:
        assert f"Usage: {' '.join(('aftershock', *path))} " in text


# datasets


def test_every_key_of_dataset_toml_is_explained():
    given = {row[0].strip("`") for row in rows(part(page("datasets"), "keys"))}
    models = (
        ("", settings.Settings),
        ("[log] ", settings.Log),
        ("[attribution] ", settings.AttributionSection),
        ("[masking] ", settings.MaskingSection),
    )
    assert given == {prefix + name for prefix, model in models for name in model.model_fields}


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
    assert len(companions) == 3
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
        return [batch.Result(job, True, 0.0) for job in jobs]

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


# the method


def test_every_prior_of_the_fit_is_in_the_table_with_its_value():
    given = {row[0].strip("`"): row[1] for row in rows(part(page("method"), "rate-priors"))}
    constants = {}
    for module in (parameters, em):
        own = re.findall(r"^([A-Z_, ]+) = ", Path(module.__file__).read_text(encoding="utf-8"), re.MULTILINE)
        names = [name for line in own for name in line.split(", ")]
        constants |= {name: getattr(module, name) for name in names if isinstance(getattr(module, name), int | float)}
    assert len(constants) > 10
    assert {name: float(given[name]) for name in constants} == constants
    assert float(given["WORDS_POWER"]) == evidence.WORDS_POWER


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
    told = ast.get_docstring(_function("model/test_attribution.py", "test_an_attribution_worked_by_hand"))
    assert all(number in told for number in ("0.02", "0.8", "0.5", "0.008", "0.001", "0.002"))
    assert f"Shares: {', '.join(f'{s:.1f}' for s in shares)}." in told
    assert 8 * terms[1] == pytest.approx(0.008)
    assert "47 %, 47 % and 6 %" in " ".join(example.split())
    assert [round(100 * t / 0.017) for t in (0.008, 0.008, 0.001)] == [47, 47, 6]


def _function(file: str, name: str) -> ast.FunctionDef:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name)


def test_chance_arithmetic_agrees_with_counting(generator):
    """All orders of 4 deployments and 3 incidents, counted one by one, and the mean k/(n+k) of the published case."""
    from itertools import combinations, pairwise

    counts = [0] * 4
    for places in combinations(range(7), 3):
        order = ["incident" if n in places else "deployment" for n in range(7)]
        counts[sum(pair == ("deployment", "incident") for pair in pairwise(order))] += 1
    assert generator.blamed(4, 3) == pytest.approx([c / sum(counts) for c in counts])
    law = generator.blamed(23, 6)
    assert sum(b * p for b, p in enumerate(law)) / 23 == pytest.approx(6 / 29)


@pytest.mark.parametrize(
    "work",
    [
        "Ogata, Y. (1988)",
        "Zhuang, J.",
        "Marsan, D.",
        "Silverman, B. W.",
        "Tanner, M. A.",
        "Miller, J. W.",
        "Hunter, D. R.",
        "Ponte, J. M.",
        "Zhai, C.",
        "Brookmeyer, R.",
        "Garwood, F.",
    ],
)
def test_the_literature_is_given_in_full(work):
    entries = page("method").split("## Literature")[1].split("\n- ")
    entry = next(e for e in entries if e.startswith(work))
    assert re.search(r"\((?:19|20)\d\d\)\..*\*.+\*.*doi:10\.", entry, re.DOTALL)


# reports


@pytest.mark.parametrize("notebook", ["postmortem", "monthly_review", "model_check", "log_quality"])
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


def test_every_key_of_the_json_is_named(twitter, twitter_found, demo, demo_found):
    one = PostmortemReport(twitter, PostmortemParameters(dataset="twitter-2023", incident_id="tw-2023-03-06"))
    two = MonthlyReviewReport(demo, MonthlyReviewParameters(dataset="demo", month="2025-12"))
    three = ModelCheckReport(twitter, ModelCheckParameters(dataset="twitter-2023", folds=0))
    four = LogQualityReport(twitter, LogQualityParameters(dataset="twitter-2023"))
    one.__dict__["found"], two.__dict__["found"] = twitter_found, demo_found
    three.__dict__["found"] = twitter_found
    section = page("reports").split("### Numbers as JSON")[1].split("\n#")[0]
    sentences = section.split("Keys of a ")[1:]
    for report, sentence in zip((one, two, three, four), sentences, strict=True):
        bundle = report.numbers()._repr_mimebundle_()
        numbers = next(v for k, v in bundle.items() if k.endswith("numbers+json"))
        assert mentioned(sentence.split(". ")[0]) == set(numbers)
        assert set(numbers["report"]) <= mentioned(section)


def test_the_variables_of_the_scripts_are_explained():
    variables = set(re.findall(r"\$\{([A-Z_]+):-", (ROOT / "scripts" / "_setup").read_text(encoding="utf-8")))
    assert variables == {"PYTHON", "AFTERSHOCK_VENV"}
    assert variables <= mentioned(page("reports"))


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
    table = page("dependencies").split("## Vendored")[0]
    assert [row[0].strip("`") for row in rows(table)] == names
    assert all(row[1] and row[3] and row[4] for row in rows(table))
    for line in listed["optional-dependencies"]["dev"]:
        assert re.match(r"[a-z0-9-]+", line).group() in page("dependencies")


def _rooms() -> list[str]:
    """The rooms of docs/architecture.md in their order, as patterns of paths."""
    table = page("architecture").split("## Where to add")[0]
    return [room for row in rows(table) for room in re.findall(r"`([^`]+)`", row[0])]


def test_every_module_has_a_room_and_every_room_exists():
    modules = [
        p.relative_to(ROOT) for p in (ROOT / "aftershock").rglob("*.py") if p.name not in ("__init__.py", "__main__.py")
    ]
    for module in modules:
        assert _place(module) is not None, f"{module} is not in docs/architecture.md"
    for room in _rooms():
        assert list(ROOT.glob(room.rstrip("/"))), f"{room} does not exist"


def _place(module: Path) -> int | None:
    for number, room in enumerate(_rooms()):
        if module.match(room) or (room.endswith("/") and module.as_posix().startswith(room)):
            return number
    return None


def test_each_room_knows_only_those_above():
    wrong = []
    for path in sorted((ROOT / "aftershock").rglob("*.py")):
        module = path.relative_to(ROOT)
        here = _place(module)
        if here is None or path.name == "cli.py":
            continue
        for name in _imported(path):
            there = _place(name)
            if there is not None and there > here:
                wrong.append((module.as_posix(), name.as_posix()))
    named = "aftershock/output/file_names.py"  # the one exception that the page names
    assert sorted(wrong) == [
        ("aftershock/reports/model_check.py", named),
        ("aftershock/reports/monthly_review.py", named),
        ("aftershock/reports/writeup_section.py", named),
    ]


def _imported(path: Path) -> list[Path]:
    """The modules of the package that a module imports."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "aftershock":
            base = Path(*node.module.split("."))
            found += [c for a in node.names for c in [base / f"{a.name}.py"] if (ROOT / c).is_file()] or [
                base.with_suffix(".py")
            ]
    return [f for f in found if (ROOT / f).is_file()]


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
    return [ROOT / "README.md", ROOT / "reports" / "README.md", *sorted(DOCS.glob("*.md"))]


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


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda p: p.name)
def test_lines_are_short_enough_to_read(path):
    prose = re.sub(r"^```text\n.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert not [line for line in prose.splitlines() if len(line) > 120 and line[0] != "|"]
