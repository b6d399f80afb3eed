"""What a run without anybody watching leaves behind: a log in JSON lines, and a summary in Markdown for a chat."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from aftershock.output import files
from aftershock.output.markdown import escaped
from aftershock.rendering.job import Result
from aftershock.schema.errors import AftershockError


def append(path: Path, results: Sequence[Result], started: datetime, ended: datetime) -> None:
    """Adds a line of JSON per report to ``path``, and one on the run: ``event`` report or run, times in UTC. A line is written
    whole, so that several runs may share a log."""
    reports = [
        {
            "event": "report",
            "at": _stamp(ended),
            "dataset": result.job.dataset_key,
            "kind": result.job.kind,
            "identifier": result.job.identifier,
            "file": result.job.target.as_posix(),
            "ok": result.ok,
            "seconds": round(result.seconds, 1),
            **({"up_to_date": True} if result.was_current else {}),
            **({"error": result.error} if result.error else {}),
            **({"warnings": result.warnings} if result.warnings else {}),
        }
        for result in results
    ]
    failed, current = sum(not result.ok for result in results), sum(result.was_current for result in results)
    run = {
        "event": "run",
        "at": _stamp(ended),
        "started": _stamp(started),
        "rendered": len(results) - failed - current,
        "up_to_date": current,
        "failed": failed,
        "exit_code": 1 if failed else 0,
    }
    text = "".join(json.dumps(line, ensure_ascii=True) + "\n" for line in [*reports, run])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(text)
    except OSError as error:
        raise AftershockError(f"cannot write the run log {path}: {error.strerror}. Choose another --log.") from error


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def write_summary(path: Path, results: Sequence[Result], output: Path) -> None:
    """Writes what the reports of a run say first as Markdown: a paragraph per review, a point per postmortem, and what failed.
    ``output``: where their JSON lies."""
    try:
        files.write_whole(path, summary(results, output))
    except OSError as error:
        raise AftershockError(
            f"cannot write the summary {path}: {error.strerror}. Choose another --summary."
        ) from error


def summary(results: Sequence[Result], output: Path) -> str:
    """The text of :func:`write_summary`."""
    lines: list[str] = []
    for result in sorted(results, key=lambda r: (r.job.kind == "incident", r.job.kind != "month")):
        job = result.job
        if not result.ok:
            lines.append(f"- **Failed:** {escaped(job.title)}: {escaped(result.error.splitlines()[0])}")
            continue
        said = _said(output / job.target)
        if job.kind == "incident":
            lines.append(f"- {escaped(job.title)} ({escaped(job.identifier)}): {said}")
        else:
            lines += [f"**{escaped(job.title)}**", "", said, ""]
    return "\n".join(lines).strip() + "\n"


def _said(page: Path) -> str:
    """The first sentences of a report, from the JSON next to its page."""
    head = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["report"]
    return escaped(str(head.get("summary", "")))
