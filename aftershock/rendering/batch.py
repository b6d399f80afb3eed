"""Renders many reports at once; one that fails leaves its older version, a page that says why, and the others alone."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from aftershock.dataset.masking import Mask
from aftershock.output import files, safe_html
from aftershock.output.json_values import json_text
from aftershock.output.terminal import say
from aftershock.rendering import exporter, kernels, page_shell, warm_kernels
from aftershock.rendering.job import Job, Result
from aftershock.rendering.shared_files import SharedFiles
from aftershock.rendering.site import catalogue
from aftershock.rendering.warm_kernels import WarmKernels, Warmth
from aftershock.schema import input_files
from aftershock.schema.errors import AftershockError, UsageError

if TYPE_CHECKING:
    from nbformat import NotebookNode  # only named here: kernels import it, in the way that is fast


def render(
    jobs: Iterable[Job],
    output: Path,
    *,
    workers: int | None = None,
    progress: Callable[[Result], None] | None = None,
    timeout: float = kernels.DEFAULT_TIMEOUT,
    ahead: Ahead | None = None,
) -> list[Result]:
    """Renders all jobs into ``output`` and returns their results in the jobs' order.

    Each writes its page and, next to it, the numbers as ``<name>.json``: both or neither. A failed job writes
    ``<name>.error.html`` and leaves the rest. ``workers``: kernels at a time, default two more than there are cores (a
    part of each run is waiting); ``progress`` is called in this thread after each job; ``timeout``: seconds per
    notebook; ``ahead``: where a parent of kernels was started before the jobs were known. Ctrl-C kills the running kernels and
    raises KeyboardInterrupt.
    """
    jobs = list(jobs)
    check(jobs, output)
    workers = max(1, min(workers or (os.cpu_count() or 1) + 2, len(jobs)))
    with contextlib.ExitStack() as stack:
        ahead = ahead or stack.enter_context(started(warm=len(jobs) > 1))
        run = _Run(timeout, ahead.folder, ahead.warm, ahead.shared)
        pool = ThreadPoolExecutor(workers, thread_name_prefix="report")
        futures = {pool.submit(_result, job, output, run): job for job in jobs}
        try:
            for future in as_completed(futures):
                if progress:
                    progress(future.result())
        finally:
            _close(pool, futures, run)
        return [future.result() for future in futures]


def check(jobs: Sequence[Job], output: Path) -> None:
    """UsageError or AftershockError where these jobs cannot be written into ``output``, before any is rendered."""
    _check_targets(jobs, output)
    if jobs:
        _check_output(output)
    catalogue.check_owners(output, [(job.target.parts[0], job.dataset_name) for job in jobs])


@dataclass(frozen=True)
class Ahead:
    """What a batch starts with. ``folder``: for what is temporary; ``warm``: the parent of its kernels, if any; ``shared``: where
    they cannot be forked, the files that they share."""

    folder: Path
    warm: WarmKernels | None
    shared: SharedFiles | None


@contextlib.contextmanager
def started(*, warm: bool) -> Iterator[Ahead]:
    """``warm``: whether to fork kernels from one parent, which pays from the second job on; it imports what notebooks need while
    the caller goes on."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(files.temporary_folder("batch", kernels.short_folder()))
        parent = stack.enter_context(WarmKernels(folder, kernels.environment())) if warm else None
        try:
            yield Ahead(folder, parent, SharedFiles(folder) if warm and not warm_kernels.is_possible() else None)
        except BaseException:
            if parent:
                parent.kill()  # rather than wait until it has imported everything
            raise
        if parent and parent.why_not:
            say(f"every report started a kernel anew, which takes longer: {parent.why_not}", error=True)


@dataclass(frozen=True)
class _Run:
    """What the jobs of a batch share."""

    timeout: float
    folder: Path
    warm: WarmKernels | None
    shared: SharedFiles | None
    cancel_token: kernels.CancelToken = field(default_factory=kernels.CancelToken)


def _close(pool: ThreadPoolExecutor, futures: Iterable[Future[Result]], run: _Run) -> None:
    """Ends the pool; when it is not finished (an interrupt, an error of ``progress``), without waiting for notebooks."""
    if not all(future.done() for future in futures):
        if run.warm:
            run.warm.kill()
        run.cancel_token.cancel()
    pool.shutdown(wait=True, cancel_futures=True)


def _check_targets(jobs: Sequence[Job], output: Path) -> None:
    seen: dict[Path, Job] = {}
    for job in jobs:
        if job.target.suffix != ".html":
            raise UsageError(f"a report is an .html file, not {str(job.target)!r}")
        path = files.inside(output, job.target)
        other = seen.setdefault(input_files.resolved(path.parent) / path.name, job)
        if other is not job:
            raise UsageError(
                f"{other.identifier!r} and {job.identifier!r} would both be written to {str(job.target)!r}"
            )


def _check_output(output: Path) -> None:
    """AftershockError where nothing could be written. Half-written files of runs that were killed are removed."""
    files.sweep(output)
    try:
        files.check_writable(output)
    except OSError as error:
        raise files.unwritable(f"into {output}", error) from error


def _check_target(path: Path) -> None:
    """OSError where a page and its numbers could not be written."""
    files.check_writable(path.parent)
    for taken in (path, path.with_suffix(".json")):
        if taken.is_dir():
            raise OSError(errno.EISDIR, "it is a folder", str(taken))


def _check_reading(job: Job, numbers: dict[str, object]) -> None:
    """AftershockError when the notebook read other files than the run was planned for."""
    head = numbers.get("report")
    read = head.get("reading", "") if isinstance(head, dict) else ""
    if job.reading and read != job.reading:
        raise AftershockError(
            f"the files of {job.dataset_key} changed while reports were rendered; all pages of a run are of one reading. "
            "Render them again."
        )


def _result(job: Job, output: Path, run: _Run) -> Result:
    """Whatever goes wrong with one report, in a cell or on the disk, is its own result and not the batch's end."""
    start = time.monotonic()
    try:
        warnings = _render(job, output, run)
        return Result(job, True, time.monotonic() - start, warnings=warnings)
    except Exception as error:
        message = str(error) or type(error).__name__
        if not run.cancel_token.is_cancelled:
            message += _report_failure(job, output, error)
        return Result(job, False, time.monotonic() - start, error=message)


def _render(job: Job, output: Path, run: _Run) -> list[str]:
    path = files.inside(output, job.target)
    with _writing(path):
        _check_target(path)
    exported = exporter.export(_executed(job, run), job.page)
    _check_reading(job, exported.numbers)
    with _writing(path):
        files.write_together({path: exported.html, path.with_suffix(".json"): numbers_json(job, exported.numbers)})
        error_page(path).unlink(missing_ok=True)
    return exported.warnings


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    """AftershockError where a page cannot be written."""
    try:
        yield
    except OSError as error:
        raise files.unwritable(error.filename or path, error) from error


def _executed(job: Job, run: _Run) -> NotebookNode:
    """The job's notebook, run in a warm kernel; once more in an ordinary one where the parent of kernels died under it."""
    wants = {"fit": job.kind != "quality", "expect": not job.page.brief, "famous": job.kind == "month"}
    warmth = Warmth(run.warm, job.dataset, **wants) if run.warm else None
    shared = run.shared.of(job.dataset, fit=wants["fit"], expect=wants["expect"]) if run.shared else None
    execute = functools.partial(
        kernels.run,
        job.notebook,
        job.parameters,
        timeout=run.timeout,
        cancel_token=run.cancel_token,
        brief=job.page.brief,
        prepared=shared,
        scratch=run.folder,
    )
    try:
        return execute(warmth=warmth)
    except AftershockError as error:
        own = isinstance(error, kernels.CellFailed) and error.name != kernels.DEAD
        if own or not warmth or warmth.kernels.is_alive or run.cancel_token.is_cancelled:
            raise
    return execute(warmth=None)


def numbers_json(job: Job, numbers: dict[str, object]) -> str:
    """The numbers as JSON with sorted keys; ``report`` names the report, completed from the job."""
    head = numbers.get("report")
    own = {"dataset": job.dataset_key, "kind": job.kind, "identifier": job.identifier, "title": job.title}
    report = {"generated_by": job.page.generator, **(head if isinstance(head, dict) else {}), **own}
    text = json_text({**numbers, "report": report}, sort_keys=True)
    return text.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be written


def error_page(path: Path) -> Path:
    """Next to a page: the one that says why it could not be rendered."""
    return path.with_suffix(".error.html")


def _report_failure(job: Job, output: Path, error: Exception) -> str:
    """Writes the page of the failure; returns what to add to the message when even that is impossible."""
    try:
        path = files.inside(output, job.target)
        files.write_whole(error_page(path), failure_page(job, error, has_older=path.is_file()))
    except (OSError, UsageError) as second:
        return f"; nor could its error page be written: {second}"
    return ""


def failure_page(job: Job, error: Exception, *, has_older: bool) -> str:
    """A page that names the cell and, unless it is public, shows its code and the message."""
    if isinstance(error, kernels.CellFailed):
        summary = f"Code cell {error.cell_number} of {job.notebook.name} failed with {error.name}."
        message = f"{error.name}: {error.message}" if error.message else error.name
        source, traceback = error.source, error.traceback
    else:
        summary = f"{job.notebook.name} could not be turned into a report."
        message, source, traceback = str(error) or type(error).__name__, "", ""
    if job.page.audience == "public":
        message, source, traceback = "", "", ""
    return page_shell.render(
        "failed.html.j2",
        {
            "shell": page_shell.shell(f"Failed: {safe_html.clean(job.page.title)}", job.page.language),
            "page": job.page.cleaned(),
            "summary": safe_html.clean(summary),
            **_masked(job.page.mask, message=message, source=source, traceback=traceback),
            "older": job.target.name if has_older else "",
        },
    )


def _masked(mask: Mask, **texts: str) -> dict[str, str]:
    return {name: safe_html.clean(mask.text(text)) for name, text in texts.items()}
