"""What runs of ``aftershock report`` planned, in ``.aftershock/plans.jsonl`` of the output folder: a run that is asked for the same
of the same inputs has the same reports, and while their pages are as they were written, no dataset is read.

Whatever is wrong with a plan (damaged, of another version, a page gone or edited) costs the planning and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aftershock.dataset import inputs
from aftershock.dataset.shipped import find_folder, shipped_folder
from aftershock.output import files
from aftershock.rendering import manifest
from aftershock.rendering.job import Job, ReportPage
from aftershock.schema.errors import UsageError
from aftershock.schema.input_files import open_regular

SHIPPED = ("twitter-2023", "demo")  # what jobs.shipped is about
MOST = 50  # plans kept, the newest; a judgement
_OF_A_JOB = ("dataset_key", "kind", "identifier", "title", "dataset_name", "masked")


@dataclass(frozen=True)
class Request:
    """What a run was asked for. ``planner``: the function of :mod:`aftershock.rendering.jobs` that plans it; ``options``: all of
    its arguments, by name."""

    planner: str
    options: Mapping[str, Any]

    def plan(self) -> list[Job]:
        """The reports that there are to be; UsageError or InputError as the planner raises them."""
        from aftershock.rendering import jobs

        planned: list[Job] = getattr(jobs, self.planner)(**self.options)
        return planned

    @property
    def is_of_several(self) -> bool:
        """Whether it is likely to be of more than one report, which is known once it is planned."""
        wanted = self.options.get("wanted", ())
        several = self.options.get("with_incidents") or bool(self.options.get("since"))
        return self.planner in ("all_of", "shipped") or several or (self.planner == "incidents" and len(wanted) > 1)

    @property
    def folders(self) -> list[Path]:
        """The folders of its datasets; UsageError where there is none."""
        one = [self.options["dataset"]] if "dataset" in self.options else SHIPPED
        return [find_folder(dataset) for dataset in self.options.get("datasets", one)]

    @property
    def labels(self) -> Path | None:
        """A file of known causes, which is outside the datasets."""
        given = self.options.get("labels")
        return Path(given).resolve() if given else None

    @property
    def key(self) -> str:
        """The same for the same request, from whichever folder it is made."""
        named = {"dataset", "datasets", "labels"}
        others = {name: value for name, value in self.options.items() if name not in named}
        return json.dumps([self.planner, *map(str, [*self.folders, self.labels]), others], sort_keys=True)

    def fingerprint(self) -> str:
        """Hash of all that the reports follow from besides the request; empty where that is not known."""
        parts = [inputs.digest(folder) for folder in self.folders]
        try:
            notebooks = sorted(shipped_folder("notebooks").glob("*.ipynb"))
            for path in (*notebooks, *filter(None, [self.labels])):
                with open_regular(path) as file:
                    parts.append(hashlib.file_digest(file, "sha256").hexdigest())
        except OSError:
            return ""
        return _digest("\n".join([manifest.FORMAT, manifest.package(), *parts])) if all(parts) else ""


def kept(known: manifest.Manifest, request: Request, fingerprint: str) -> list[Job]:
    """The reports that this request has, where nothing has changed and all are up to date; none in any doubt. They are for
    accounts of a run: what they were rendered from is not in them."""
    plan = _read(known.output).get(request.key) if fingerprint else None
    try:
        if not plan or plan["fingerprint"] != fingerprint:
            return []
        jobs = [_job(known.output, entry) for entry in plan["jobs"]]
        same = all(known.holds(job, e["made_from"]) for job, e in zip(jobs, plan["jobs"], strict=True))
        return jobs if same else []
    except (KeyError, TypeError, ValueError, UsageError):
        return []


def note(known: manifest.Manifest, request: Request, fingerprint: str, jobs: Sequence[Job]) -> None:
    """Keeps the reports of a request, all of which are up to date. ``fingerprint``: from before anything was read; where
    something has changed since, nothing is kept."""
    made_from = [known.fingerprint(job) for job in jobs]
    foreign = {str(job.parameters["dataset"]) for job in jobs} - set(map(str, request.folders))
    if not fingerprint or foreign or not all(made_from) or request.fingerprint() != fingerprint:
        return
    entries = [_entry(job, of) for job, of in zip(jobs, made_from, strict=True)]
    plans = _read(known.output)
    plans.pop(request.key, None)
    plans[request.key] = {"request": request.key, "fingerprint": fingerprint, "jobs": entries}
    lines = [json.dumps({**plan, "sha256": _digest(json.dumps(plan))}) + "\n" for plan in [*plans.values()][-MOST:]]
    with contextlib.suppress(OSError):
        files.write_whole(_path(known.output), "".join(lines))


def are_kept(output: Path) -> bool:
    """Whether there are any plans, to look before a folder is made or waited for."""
    return _path(output).is_file()


def _path(output: Path) -> Path:
    return output / manifest.FOLDER / "plans.jsonl"


def _read(output: Path) -> dict[str, dict]:
    """The plans by request, without what is damaged."""
    found = {}
    with contextlib.suppress(OSError):
        for line in _path(output).read_bytes().splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
                plan = json.loads(line)
                if plan.pop("sha256") == _digest(json.dumps(plan)):
                    found[plan["request"]] = plan
    return found


def _entry(job: Job, made_from: str) -> dict[str, object]:
    return {
        **{name: getattr(job, name) for name in _OF_A_JOB},
        "target": job.target.as_posix(),
        "dataset": str(job.parameters["dataset"]),
        "audience": job.page.audience,
        "brief": job.page.brief,
        "made_from": made_from,
    }


def _job(output: Path, entry: dict) -> Job:
    """UsageError for a page outside of the folder."""
    target = Path(entry["target"])
    files.inside(output, target)
    page = ReportPage(entry["title"], audience=entry["audience"], brief=entry["brief"])
    of_job = {name: entry[name] for name in _OF_A_JOB}
    return Job(**of_job, notebook=Path(), parameters={"dataset": entry["dataset"]}, target=target, page=page)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
