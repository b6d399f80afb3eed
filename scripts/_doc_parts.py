"""The parts of docs/ that are taken from the code: a function for each, which returns Markdown."""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import tokenize
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aftershock import load, sources
from aftershock.dataset import settings, targets
from aftershock.dataset.canonical import TRUE_WORDS
from aftershock.dataset.famous_outages import famous_delays
from aftershock.model import evidence, risk
from aftershock.model.delays import DelayGrid
from aftershock.model.parameters import DELAY_MEDIAN_HOURS, DELAY_SIGMA, RELATION_SHARES
from aftershock.model.priors import shipped
from aftershock.model.service_graph import RELATIONS
from aftershock.output.phrases import duration
from aftershock.quality import impact
from aftershock.schema import tables
from aftershock.schema.change_kinds import KIND_WORDS, RULES
from aftershock.schema.status_words import NEVER_TOOK_EFFECT, NO_INCIDENT, STATUS_WORDS
from aftershock.sources import registry
from aftershock.sources.described import description

ROOT = Path(__file__).resolve().parent.parent
HORIZON = settings.AttributionSection().horizon / pd.Timedelta(hours=1)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [list(head), ["---"] * len(list(head)), *[[str(c).replace("|", "\\|") for c in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def wrapped(text: str) -> str:
    return textwrap.fill(text, 118, break_long_words=False, break_on_hyphens=False) + "\n"


def code(words: Iterable[object]) -> str:
    return ", ".join(f"`{w}`" for w in words)


# a first report


def write_exports(folder: Path) -> list[str]:
    """Some months of the demo's logs as a user might have them, and the service graph; returns the files' names.

    Incidents in local time without a zone, day first, under other names; changes as JSON with offsets.
    """
    dataset = load("demo")
    until = pd.Timestamp("2025-09-04", tz="UTC")
    incidents, changes = (t[t["started_at"] < until] for t in (dataset.incidents, dataset.changes))
    local = incidents["started_at"].dt.tz_convert("Europe/Berlin").dt.strftime("%d/%m/%Y %H:%M")
    pd.DataFrame(
        {
            "Ticket": incidents["incident_id"],
            "Subject": incidents["title"],
            "Opened": local,
            "Priority": incidents["severity"].str.replace("sev", "P"),
            "Affected service": incidents["services"].str.join(";"),
            "Reporter": "on call",
        }
    ).to_csv(folder / "incidents.csv", index=False, sep=";")
    records = {
        "id": changes["change_id"],
        "app": changes["services"].str.join(";"),
        "deployed_at": changes["started_at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "type": changes["kind"],
        "message": changes["title"],
    }
    (folder / "deployments.json").write_text(pd.DataFrame(records).to_json(orient="records"), encoding="utf-8")
    dataset.dependencies[["service", "depends_on"]].to_csv(folder / "services.csv", index=False)
    return ["incidents.csv", "deployments.json", "services.csv"]


def init_output() -> str:
    """What ``aftershock init`` says of these exports."""
    with tempfile.TemporaryDirectory() as folder:
        return output_of("init", "data/mine", *write_exports(Path(folder)), folder=folder)


def why_output() -> str:
    """How one suspect came by its probability, for the README: the table, lines cut to fit."""
    command = ("why", "tw-2023-02-08", "chg-2023-02-08-ratedata", "--dataset", "twitter-2023")
    lines = output_of(*command, folder=str(ROOT)).split("\n\nWeights multiply")[0].splitlines()
    return "\n".join(line if len(line) <= 118 else f"{line[:117].rstrip()}…" for line in lines) + "\n```\n"


def output_of(*arguments: str, folder: str) -> str:
    """What a command prints, as a block of text."""
    variables = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", "COLUMNS": "100"}
    command = [sys.executable, "-m", "aftershock", *arguments]
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, check=True)
    return f"```text\n{done.stdout.decode().rstrip()}\n```\n"


# the method

CONSTANTS_OF = (  # in the order of docs/method.md
    "parameters", "risk", "aftershocks", "background", "candidates", "observations", "evidence", "word_match", "stamp_lag",
    "delays", "listing", "unlisted", "null_rates", "priors", "likelihood", "em", "gibbs", "conditionals", "intervals",
    "attribution",
)  # fmt: skip


def constants() -> Iterator[tuple[str, object, str]]:
    """(``module.NAME``, value, the comment next to it) of every number among the constants of the model."""
    for name in CONSTANTS_OF:
        module = importlib.import_module(f"aftershock.model.{name}")
        for constant, meaning in commented(inspect.getsource(module)).items():
            value = getattr(module, constant)
            if isinstance(value, int | float) or (isinstance(value, np.ndarray) and value.ndim == 1):
                yield f"{name}.{constant}", shown(value), meaning


def commented(source: str) -> dict[str, str]:
    """Each public constant of a module → the comments on its lines, and those that begin with ``#:`` above it."""
    comments = {
        token.start[0]: token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    found = {}
    for node in ast.parse(source).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        above = node.lineno - 1
        while comments.get(above, "").startswith("#:"):
            above -= 1
        lines = [comments[n] for n in range(above + 1, (node.end_lineno or node.lineno) + 1) if n in comments]
        for target in targets:
            if isinstance(target, ast.Name) and target.id.isupper() and not target.id.startswith("_"):
                found[target.id] = " ".join(line.lstrip("#: ") for line in lines)
    return found


def shown(value: float | np.ndarray) -> str:
    """A number in full up to 0.00001, thousands with commas; of a grid its two ends."""
    if isinstance(value, np.ndarray):
        return f"{value[0]:g} to {value[-1]:,g}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def rate_priors() -> str:
    return table(
        ["constant", "value", "meaning"], ((f"`{name}`", value, meaning) for name, value, meaning in constants())
    )


def kind_priors() -> str:
    return table(["kind", "weight"], [(k.replace("_", " "), w) for k, w in risk.KIND_WEIGHTS.items()])


def feature_priors() -> str:
    """The features of a change next to its kind, and what each level is believed to multiply its rate by before any incident."""
    features = (
        (risk.NATURE.name, risk.NATURE.bins, shipped().factors["nature"], risk.LEARNED_SHAPE),
        (risk.SIZE.name, risk.SIZE.bins, shipped().factors["size"], risk.LEARNED_SHAPE),
        ("batch", risk.BATCH_WORDS, risk.BATCH_PRIOR, risk.BATCH_SHAPE),
        ("experience", risk.EXPERIENCE_WORDS, risk.EXPERIENCE_PRIOR, risk.LEARNED_SHAPE),
        ("account", ("each that many changes share",), (1.0,), risk.MACHINE_SHAPE),
        ("opening", ("each that many changes share",), (1.0,), risk.WORDING_SHAPE),
        ("repository", ("each that many changes share",), (1.0,), risk.REPOSITORY_SHAPE),
    )
    rows = [
        (name if n == 0 else "", level, f"{factor:.3g}", f"{shape:g}" if n == 0 else "")
        for name, levels, factors, shape in features
        for n, (level, factor) in enumerate(zip(levels, factors, strict=True))
    ]
    return table(["feature", "level", "prior factor", "incidents that it counts for"], rows)


def relation_priors() -> str:
    return table(["relation", "share"], zip(RELATIONS, (f"{s:g}" for s in RELATION_SHARES), strict=False))


def evidence_priors() -> str:
    rows = [
        (one.name if n == 0 else "", words, f"{ratio:.3g}")
        for one in evidence.EVIDENCE
        for n, (words, ratio) in enumerate(zip(one.bins, one.prior, strict=True))
    ]
    edges = ", ".join(f"{e:g}" for e in evidence.WORDS_EDGES)
    return table(["evidence", "bin", "prior ratio"], rows) + f"\nThe bins of words are cut at {edges} nats.\n"


def delay_prior() -> str:
    grid = DelayGrid(HORIZON)
    masses = grid.lognormal(DELAY_MEDIAN_HOURS, DELAY_SIGMA)
    half, most = (duration(60 * float(grid.quantile(masses, share))) for share in (0.5, 0.95))
    return wrapped(
        f"With the default horizon of {HORIZON:g} hours the grid has {grid.size} nodes, the first at 0, "
        f"{60 * grid.hours[1]:.1f} and {60 * grid.hours[2]:.1f} minutes, the last two at {grid.hours[-2]:.0f} and "
        f"{grid.hours[-1]:.0f} hours. Under the prior alone half of the outages show within {half} and 95 % within "
        f"{most}."
    )


# the API


def api(package: str) -> str:
    """A line for mkdocstrings for each name that a package makes public, where it is defined."""
    module = importlib.import_module(package)
    return "\n".join(f"::: {getattr(module, name).__module__}.{name}" for name in module.__all__) + "\n"


# datasets


DATASET_KEYS = (
    ("", settings.Settings),
    ("[log] ", settings.Log),
    ("[[changes.kind]] ", settings.KindRule),
    ("[[changes.service]] ", settings.ServiceRule),
    ("[attribution] ", settings.AttributionSection),
    ("[baseline] ", targets.BaselineSection),
    ("[slo] ", targets.SloSection),
    ("[masking] ", settings.MaskingSection),
)
DESCRIPTION_KEYS = (
    ("", description.Description),
    ("[table] ", description.TableDescription),
    ("{ at } ", description.Choice),
    ("[[table.when]] ", description.When),
    ("[[table.fold]] ", description.Fold),
    ("[[table.reject]] ", description.Reject),
    ("[table.lasting.time] ", description.Lasting),
    ("[table.recovery] ", description.Recovery),
    ("[table.branch] ", description.Branch),
)


def key_rows(models: Iterable[tuple[str, type[BaseModel]]]) -> list[tuple[str, str, str]]:
    """(key, default, meaning) of every key of a file of TOML, from the models that check it."""
    rows = []
    for prefix, model in models:
        said = meanings(model)
        for name, field in model.model_fields.items():
            meaning = " ".join(said.get(name, "").split())
            rows.append(
                (
                    prefix + (field.alias or name),
                    default_of(field),
                    (meaning[:1].lower() + meaning[1:]).removesuffix("."),
                )
            )
    return rows


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """The docstring of each field of a model, and of those it is made of. pydantic would read the sources at every start."""
    said = {}
    for one in reversed([c for c in model.__mro__ if c not in BaseModel.__mro__]):
        (node,) = ast.parse(textwrap.dedent(inspect.getsource(one))).body
        assert isinstance(node, ast.ClassDef)
        for field, after in pairwise(node.body):
            if isinstance(field, ast.AnnAssign) and isinstance(after, ast.Expr):
                said[ast.unparse(field.target)] = inspect.cleandoc(ast.literal_eval(after.value))
    return said


def default_of(field: FieldInfo) -> str:
    """What holds where a key is left out; empty where that is nothing, or where the key's meaning says it."""
    if field.is_required():
        return "required"
    if isinstance(field.default, pd.Timedelta):
        return f"`{field.default / pd.Timedelta(hours=1):g}h`"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"`{field.default}`" if isinstance(field.default, str) and field.default else ""


def keys() -> str:
    return table(["key", "default", "meaning"], [(f"`{k}`", d, m) for k, d, m in key_rows(DATASET_KEYS)])


def description_keys() -> str:
    return table(["key", "default", "meaning"], [(f"`{k}`", d, m) for k, d, m in key_rows(DESCRIPTION_KEYS)])


def quality_limits() -> str:
    return wrapped(
        f"{impact.MOST_INCIDENTS} incidents, {impact.MOST_CHANGES:,} changes and about {impact.MOST_PAIRS:,} pairs."
    )


def columns() -> str:
    text = ""
    for schema in tables.SCHEMAS.values():
        rows = [(f"`{c.name}`", c.type, "yes" if c.required else "", c.meaning) for c in schema.columns]
        text += f"\n### {schema.table.capitalize()}\n\n" + table(["column", "type", "required", "meaning"], rows)
    return text.lstrip("\n")


def formats() -> str:
    sections = {table: f"`[{section}]`" for section, table in sources.SECTIONS.items()}
    rows = [
        (f"[`{f.name}`](#{f.name})", sections[name], sentence, code(f.suffixes))
        for f in sorted(registry.built_in(), key=lambda f: f.name)
        for name, sentence in f.reads.items()
        if name in sections
    ]
    return table(["format", "section", "what becomes a row", "files of a folder that end in"], rows)


def folds() -> str:
    return table(["reason", "meaning"], [(f"`{code_}`", meaning) for code_, meaning in tables.FOLDS.items()])


def reasons() -> str:
    return table(["reason", "meaning"], [(f"`{code_}`", meaning) for code_, meaning in tables.REASONS.items()])


def kinds() -> str:
    rows = [(f"`{kind}`", code(w for w, k in KIND_WORDS.items() if k == kind)) for kind in tables.KINDS]
    rules = [(n, f"`{kind}`", f"`{pattern}`") for n, (kind, pattern) in enumerate(RULES, start=1)]
    return (
        table(["kind", "words of a log that are read as it"], rows)
        + "\n"
        + wrapped(
            "Where the cell is empty, the first of these patterns found in the lower-case title, a line break and the "
            "paths decides; else `other`:"
        )
        + "\n"
        + table(["order", "kind", "pattern"], rules)
    )


def words() -> str:
    rows = [
        (f"`{s}`", code(w for w, meaning in STATUS_WORDS.items() if meaning == s))
        for s in (*tables.STATUSES, NO_INCIDENT)
    ]
    return (
        table(["status of an incident", "words read as it"], rows)
        + "\n"
        + wrapped(
            f"A flag is true for {code(sorted(TRUE_WORDS))}. A change whose status is one of {code(NEVER_TOOK_EFFECT)} "
            "never took effect and is no candidate."
        )
    )


# dependencies


def versions() -> str:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = [re.split(r"[^a-z0-9-]", line, maxsplit=1)[0] for line in listed]
    pins: dict[str, list[str]] = {}  # more than one where versions of Python need different ones
    for name, version in re.findall(
        r"^([a-z0-9-]+)==([^ ;\\]+)", (ROOT / "requirements/runtime.lock").read_text(), re.M
    ):
        pins.setdefault(name, []).append(version)
    return wrapped(
        "Pinned in `requirements/runtime.lock`: " + ", ".join(f"{n} {' or '.join(pins[n])}" for n in names) + "."
    )


def vendored() -> str:
    """The scripts that lie in the repository, from their manifests."""
    rows = []
    for folder in ("aftershock/figures/vendor", "tests/vendor"):
        manifest = json.loads((ROOT / folder / "manifest.json").read_text(encoding="utf-8"))
        for file, entry in sorted(manifest.items()):
            where, size = f"`{folder}/{file}.gz`", (ROOT / folder / f"{file}.gz").stat().st_size
            package = f"`{entry['package']}` {entry['version']}"
            rows.append((where, package, entry["licence"], f"{size:,}", f"`{entry['sha256']}`"))
    return table(["file", "npm package", "licence", "bytes", "SHA-256 of the script"], rows)


# famous outages


@cache
def famous() -> pd.DataFrame:
    """Delays with both ends: ``shortest`` and ``longest`` minutes that the published times allow; shortest first."""
    frame = famous_delays().rename(columns={"delay_minutes": "shortest"})
    frame["longest"] = frame["delay_minutes_high"].fillna(frame["shortest"])
    return frame.sort_values(["shortest", "longest", "incident_id"], kind="stable", ignore_index=True)


def famous_sentence() -> str:
    frame = famous()
    exact = int(((frame["shortest"] == 0) & (frame["longest"] == 0)).sum())
    hour = [int((frame[end] <= 60).sum()) for end in ("longest", "shortest")]
    late = int((frame["shortest"] > 60 * HORIZON).sum())
    middle = [duration(float(frame[end].median())) for end in ("shortest", "longest")]
    return wrapped(
        f"Of {len(frame)} outages for which somebody reported a change as the cause, between {hour[0]} and {hour[1]} "
        "showed within an hour of it (the range is what imprecise times allow), half within "
        f"{middle[0]} to {middle[1]}, and {late} only after more than the default horizon of {HORIZON:g} hours. "
        f"For {exact} of them change and outage bear the same minute."
    )


def famous_table() -> str:
    def span(shortest: float, longest: float) -> str:
        if longest == 0:
            return "same minute"
        if longest == shortest:
            return duration(shortest)
        return f"{'up to ' if shortest == 0 else duration(shortest) + ' to '}{duration(longest)}"

    rows = [
        (r.organisation, r.incident_id, r.kind.replace("_", " "), span(r.shortest, r.longest))
        for r in famous().itertuples()
    ]
    return table(["organisation", "outage", "kind of change", "delay"], rows)
