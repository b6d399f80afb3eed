"""What docs/ takes from the code: the command reference, the figure of famous delays, and the marked parts of pages.

A marked part stands between ``<!-- generated: name -->`` and ``<!-- end -->``; :data:`PARTS` has the function that
makes it. tests/test_docs.py compares the files with a fresh generation, so no number in them can outlive the code.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from _constants import constants  # noqa: E402
from _famous_figure import famous_figure  # noqa: E402

from aftershock import attribute, load, simulation, sources  # noqa: E402
from aftershock.dataset import settings  # noqa: E402
from aftershock.dataset.canonical import STATUS_WORDS, TRUE_WORDS  # noqa: E402
from aftershock.dataset.famous_outages import famous_delays  # noqa: E402
from aftershock.model import evidence, observations  # noqa: E402
from aftershock.model.attribution import Attribution  # noqa: E402
from aftershock.model.candidates import NEVER_TOOK_EFFECT  # noqa: E402
from aftershock.model.delays import DelayGrid  # noqa: E402
from aftershock.model.parameters import DELAY_MEDIAN_HOURS, DELAY_SIGMA, KIND_WEIGHTS, RELATION_SHARES  # noqa: E402
from aftershock.model.service_graph import RELATIONS  # noqa: E402
from aftershock.output.phrases import duration  # noqa: E402
from aftershock.quality import impact  # noqa: E402
from aftershock.schema import tables  # noqa: E402
from aftershock.schema.change_kinds import KIND_WORDS, RULES  # noqa: E402
from aftershock.sources import registry  # noqa: E402

DOCS = ROOT / "docs"
BLOCK = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
HORIZON = settings.AttributionSection().horizon / pd.Timedelta(hours=1)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [list(head), ["---"] * len(list(head)), *[[str(c).replace("|", "\\|") for c in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def wrapped(text: str) -> str:
    return textwrap.fill(text, 118, break_long_words=False, break_on_hyphens=False) + "\n"


def code(words: Iterable[object]) -> str:
    return ", ".join(f"`{w}`" for w in words)


# commands


def commands() -> list[tuple[str, ...]]:
    """Every command and subcommand, as the words after ``aftershock``; the root first, then by name."""
    import typer.main

    from aftershock.cli.app import app

    def below(command: object, path: tuple[str, ...]) -> list[tuple[str, ...]]:
        children = getattr(command, "commands", {})
        return [path] + [p for name in sorted(children) for p in below(children[name], (*path, name))]

    return below(typer.main.get_command(app), ())


def help_of(words: tuple[str, ...]) -> str:
    """The help text of one command, 100 columns wide, without colours."""
    kept = {k: os.environ[k] for k in ("PATH", "HOME", "SYSTEMROOT") if k in os.environ}
    fixed = {"PYTHONPATH": str(ROOT), "COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    run = "import sys; from aftershock.cli.app import app; app(prog_name='aftershock')"
    done = subprocess.run(
        [sys.executable, "-c", run, *words, "--help"], env=kept | fixed, capture_output=True, check=True
    )
    return "\n".join(line.rstrip() for line in done.stdout.decode().strip("\n").splitlines()).strip("\n")


def commands_page() -> str:
    paths = commands()
    with ThreadPoolExecutor() as pool:
        helps = list(pool.map(help_of, paths))
    head = (
        "# Commands\n\n"
        "Made from the commands' own help by `scripts/docs`; a test compares the two. `scripts/report ARGS` is\n"
        "`aftershock report ARGS`, and `python -m aftershock` is `aftershock`.\n\n"
        "Exit codes: 0 all well; 1 something failed (a report, a file of the dataset, `check --strict` with rejected\n"
        "rows); 2 wrong usage (a command, option, dataset, month or id that does not exist). Messages and progress go\n"
        "to standard error, results to standard output.\n"
    )
    parts = [
        f"\n## {' '.join(('aftershock', *path))}\n\n```text\n{text}\n```\n"
        for path, text in zip(paths, helps, strict=True)
    ]
    return head + "".join(parts)


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


def init_told() -> str:
    """What ``aftershock init`` says of these exports."""
    from aftershock.cli.init import told
    from aftershock.wizard.create import create_dataset

    with tempfile.TemporaryDirectory() as name:
        mine = Path(name) / "mine"
        created = create_dataset(mine, [Path(name) / file for file in write_exports(Path(name))])
        return "\n".join(["```text", *told(Path("data/mine"), created), "```\n"])


# the method


def rate_priors() -> str:
    return table(["constant", "value", "meaning"], constants())


def kind_priors() -> str:
    return table(["kind", "weight"], [(k.replace("_", " "), w) for k, w in KIND_WEIGHTS.items()])


def relation_priors() -> str:
    return table(["relation", "share"], zip(RELATIONS, (f"{s:.2f}" for s in RELATION_SHARES), strict=False))


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


def trust_table() -> str:
    rows = []
    for incidents in (5, 10, 20, observations.TRUSTED_FROM):
        power = min(max(incidents / observations.TRUSTED_FROM, observations.LEAST_TRUST), 1.0)
        rows.append(
            (incidents, f"{power:.2f}", *(f"{100 * odds**power / (1 + odds**power):.0f} %" for odds in (4, 99)))
        )
    return table(["incidents", "power", "what would be 80 % becomes", "what would be 99 % becomes"], rows)


def blamed(deployments: int, incidents: int) -> list[float]:
    """Probability of each number of deployments with an incident between them and the next, in random order."""
    n, k = deployments, incidents
    ways = [1] + [
        math.comb(n, b) * sum(math.comb(k - j - 1, b - 1) for j in range(k - b + 1)) for b in range(1, min(n, k) + 1)
    ]
    return [w / math.comb(n + k, k) for w in ways]


def chance_arithmetic() -> str:
    n, k, measured = 23, 6, 4
    law = blamed(n, k)
    windows = [100 * -math.expm1(-5 * hours / 24) for hours in (4, 24)]
    said = (
        "**The last deployment before the incident.** Put *n* deployments and *k* incidents in random order. A "
        "deployment is blamed when the next entry is an incident, which happens with probability *k*/(*n* + *k*): that "
        'is the "change failure rate" of pure noise. A production case in DevLake\'s pull request 8890 has '
        f"{n} deployments, {k} incidents and {measured} deployments blamed, {100 * measured / n:.1f} %. Noise gives "
        f"{100 * k / (n + k):.1f} % on average, and {measured} blamed or fewer with probability "
        f"{sum(law[: measured + 1]):.2f}: the measured rate is not above chance.",
        "**Whatever changed in the window before.** With 5 changes a day at random times, some change falls into the 4 "
        f"hours before {windows[0]:.1f} % of all moments, and into the 24 hours before {windows[1]:.1f} %. Such a "
        "window accuses nearly always.",
    )
    return "\n".join(map(wrapped, said))


@cache
def demo_found() -> Attribution:
    return attribute(load("demo"))


def demo_check() -> str:
    """How the answers for data/demo compare with its truth.csv, which nothing else reads."""
    found = demo_found()
    truth = pd.read_csv(ROOT / "data" / "demo" / "truth.csv", dtype=str, keep_default_na=False).set_index("incident_id")
    suspects = found.suspects()
    best = suspects[suspects["rank"] == 1].set_index("incident_id")
    truth = truth.loc[best.index]
    logged = truth["cause"] == "change_in_log"
    right = [
        c in set(t.split(";")) if t else c == tables.NONE
        for c, t in zip(best["change_id"], truth["change_ids"].where(logged, ""), strict=True)
    ]
    best = best.assign(right=right, logged=logged)
    accused = best[~best["logged"] & (best["change_id"] != tables.NONE)]
    rows = []
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.0)):
        part = best[(best["probability"] > low) & (best["probability"] <= high)]
        rows.append(
            (
                f"{100 * low:.0f}–{100 * high:.0f} %",
                len(part),
                f"{100 * part['probability'].mean():.0f} %",
                int(part["right"].sum()),
            )
        )
    share, chance = found.shares["change_probability"].mean(), found.shares["chance"].mean()
    draws = pd.Series(found.draws["incident_changes"].mean(axis=1)).quantile([0.05, 0.95])
    text = wrapped(
        f"`data/demo` is a simulated year of {len(best)} incidents. Its causes stand in `truth.csv`, which the model "
        f"does not read. A logged change set off {int(logged.sum())} of them ({100 * logged.mean():.0f} %); the model "
        f"says {100 * share:.0f} % ({100 * draws.iloc[0]:.0f}–{100 * draws.iloc[1]:.0f} %), and chance alone would "
        f"give {100 * chance:.0f} %. The explanation ranked first is the true one for {int(best['right'].sum())}. Of "
        f"the {int((~logged).sum())} incidents that no logged change set off, {len(accused)} have a change on top all "
        "the same."
    )
    return (
        text + "\n" + table(["probability of the first rank", "incidents", "mean probability", "of these right"], rows)
    )


FLEETS = 6


@cache
def trial(seed: int) -> dict[str, float]:
    """A simulated year with planted rates (a fleet of tests/model/test_attribution.py): what was planted and what found."""
    fleet = simulation.Fleet(seed=seed, services=25, changes=9000, background_incidents=110)
    with tempfile.TemporaryDirectory() as folder:
        written = simulation.write(simulation.simulate(fleet), Path(folder) / "fleet")
        found = attribute(load(written))
        truth = pd.read_csv(written / "truth.csv", dtype=str, keep_default_na=False).set_index("incident_id")
    best = found.suspects().query("rank == 1").set_index("incident_id")
    truth = truth.loc[best.index]
    draws = pd.Series(found.draws["incident_changes"].mean(axis=1))
    both = found.rates.merge(simulation.planted(fleet), on="kind", suffixes=("", "_planted"))
    covered = both["per_1000_planted"].between(both["per_1000_low"], both["per_1000_high"])
    return {
        "incidents": len(best),
        "true": (truth["cause"] == "change_in_log").mean(),
        "share": draws.mean(),
        "low": draws.quantile(0.05),
        "high": draws.quantile(0.95),
        "chance": found.shares["chance"].mean(),
        "right": (best["change_id"] == truth["change_ids"].replace("", tables.NONE)).mean(),
        "said": best["probability"].mean(),
        "rates": len(both),
        "covered": int(covered.sum()),
    }


def trial_row(seed: int) -> tuple[object, ...]:
    r = trial(seed)
    shares = [f"{100 * r[name]:.0f} %" for name in ("true", "share", "chance", "right", "said")]
    return (
        seed,
        r["incidents"],
        *shares[:2],
        f"{100 * r['low']:.0f}–{100 * r['high']:.0f} %",
        *shares[2:],
        f"{r['covered']} of {r['rates']}",
    )


def trial_table() -> str:
    years = [trial(seed) for seed in range(FLEETS)]
    inside = sum(r["low"] <= r["true"] <= r["high"] for r in years)
    errors = [r["share"] - r["true"] for r in years]
    covered, rates = (sum(r[name] for r in years) for name in ("covered", "rates"))
    head = [
        "seed",
        "incidents",
        "truly set off",
        "model says",
        "its 90 % interval",
        "by chance",
        "first rank right",
        "said of it",
        "rates covered",
    ]
    said = wrapped(
        f"The planted rate of a kind of change lies inside its 90 % interval in {covered} of {rates} cases, the true "
        f"share of incidents set off by changes inside its own in {inside} of {FLEETS}. Nine in ten would be right. "
        f"The share is off by up to {100 * max(map(abs, errors)):.0f} points, and too high in "
        f"{sum(e > 0 for e in errors)} of these years."
    )
    return table(head, map(trial_row, range(FLEETS))) + "\n" + said


# datasets

GUESSED = {
    "[log] path": "required",
    "[log] timezone": "the dataset's",
    "[log] label": "all",
    "[log] repository": "none",
    "[log] rounded": "no",
    "[log] statuses": "none",
    "[log] kinds": "none",
    "aliases": "none",
    "[log] ref": "what is checked out",
    "[log] since": "all of it",
    "[log] paths": "all",
    "[log] services": "none",
    "[log] delimiter": "guessed from the first line",
    "[log] time_format": "none",
    "[attribution] observed": "where both logs overlap",
    "[log] severity": "none; order by name",
    "services": "no graph",
    "[log] columns": "none",
    "[attribution] environments": "all",
    "[attribution] horizon": f"{HORIZON:g}h",
    "description": "empty",
    "attribution": "all defaults",
    "masking": "all defaults",
    "[masking] internal_hosts": "none",
    "[masking] roles": "none",
    "[masking] keep": "none",
}


def key_rows() -> list[tuple[str, str, str]]:
    """(key, default, meaning) of every key of dataset.toml, from the models that check it."""
    rows = []
    for prefix, model in (
        ("", settings.Settings),
        ("[log] ", settings.Log),
        ("[attribution] ", settings.AttributionSection),
        ("[masking] ", settings.MaskingSection),
    ):
        for name, found in model.model_fields.items():
            key = prefix + name
            default = (
                "required"
                if found.is_required()
                else GUESSED.get(
                    key, f"`{str(found.default).lower()}`" if isinstance(found.default, bool) else f"`{found.default}`"
                )
            )
            rows.append((key, default, found.description.removesuffix(".")))
    return rows


def keys() -> str:
    return table(["key", "default", "meaning"], [(f"`{k}`", d, m) for k, d, m in key_rows()])


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
        for f in sorted(registry.BUILT_IN, key=lambda f: f.name)
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
            "Where the cell is empty, the first of these patterns found in the lower-case title and paths decides; "
            "else `other`:"
        )
        + "\n"
        + table(["order", "kind", "pattern"], rules)
    )


def words() -> str:
    rows = [(f"`{s}`", code(w for w, meaning in STATUS_WORDS.items() if meaning == s)) for s in tables.STATUSES]
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
    names = [re.match(r"[a-z0-9-]+", line).group() for line in listed]
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
    for folder in ("aftershock/rendering/vendor", "tests/vendor"):
        manifest = json.loads((ROOT / folder / "manifest.json").read_text(encoding="utf-8"))
        for file, told in sorted(manifest.items()):
            where, size = f"`{folder}/{file}.gz`", (ROOT / folder / f"{file}.gz").stat().st_size
            package = f"`{told['package']}` {told['version']}"
            rows.append((where, package, told["licence"], f"{size:,}", f"`{told['sha256']}`"))
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
    def span(row: object) -> str:
        if row.longest == 0:
            return "same minute"
        if row.longest == row.shortest:
            return duration(row.shortest)
        return f"{'up to ' if row.shortest == 0 else duration(row.shortest) + ' to '}{duration(row.longest)}"

    rows = [(r.organisation, r.incident_id, r.kind.replace("_", " "), span(r)) for r in famous().itertuples()]
    return table(["organisation", "outage", "kind of change", "delay"], rows)


PARTS: dict[str, Callable[[], str]] = {
    "init": init_told,
    "rate-priors": rate_priors,
    "kind-priors": kind_priors,
    "relation-priors": relation_priors,
    "evidence-priors": evidence_priors,
    "delay-prior": delay_prior,
    "trust": trust_table,
    "chance": chance_arithmetic,
    "demo": demo_check,
    "trial": trial_table,
    "keys": keys,
    "quality-limits": quality_limits,
    "columns": columns,
    "formats": formats,
    "folds": folds,
    "reasons": reasons,
    "kinds": kinds,
    "words": words,
    "versions": versions,
    "vendored": vendored,
    "famous-sentence": famous_sentence,
    "famous-table": famous_table,
}


def filled(text: str, leave: frozenset[str] = frozenset()) -> str:
    """A page with every marked part but ``leave`` made afresh; KeyError for a part that nobody makes."""
    return BLOCK.sub(lambda found: found[0] if found[2] in leave else f"{found[1]}{PARTS[found[2]]()}{found[3]}", text)


def fresh(leave: frozenset[str] = frozenset()) -> dict[Path, str]:
    """Every file of docs/ that has something generated in it, as it should be; parts in ``leave`` stay as they are."""
    made = {
        DOCS / "commands.md": commands_page(),
        DOCS / "famous-outages.svg": famous_figure(famous(), famous_sentence()),
    }
    for path in sorted(DOCS.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if path not in made and BLOCK.search(text):
            made[path] = filled(text, leave)
    return made


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print("usage: scripts/docs [--check]", file=sys.stderr)
        return 2
    stale = {p: text for p, text in fresh().items() if not p.is_file() or p.read_text(encoding="utf-8") != text}
    for path, text in stale.items():
        print(f"{'stale' if arguments else 'written'}: {path.relative_to(ROOT)}")
        if not arguments:
            path.write_text(text, encoding="utf-8")
    return 1 if stale and arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
