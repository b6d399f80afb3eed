"""What is to be rendered and what became of it, with nothing that renders: a run in which all is up to date needs no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aftershock.dataset.masking import AS_IT_IS, Mask
from aftershock.output import safe_html
from aftershock.rendering.page_shell import Link

if TYPE_CHECKING:
    from aftershock.dataset.dataset import Dataset

Kind = Literal["month", "incident", "check", "quality", "systemic", "explore"]


@dataclass(frozen=True)
class ReportPage:
    """What a page shows around the notebook. ``links``: (text, relative address); an empty address marks "here".

    A page whose ``audience`` is public, or that is ``brief``, shows no code. ``mask``: what is taken out of parameters and
    messages. ``brief``: made of the notebook's cells for one page, and printed as one.
    """

    title: str
    subtitle: str = ""
    links: Sequence[tuple[str, str] | Link] = field(default_factory=list)
    language: str = "en"
    generator: str = "Made with Aftershock"
    audience: str = "internal"
    mask: Mask = AS_IT_IS
    brief: bool = False

    def cleaned(self) -> ReportPage:
        """The same without characters that have no place in a page, and without links that lead somewhere unsafe."""
        return replace(
            self,
            title=safe_html.clean(self.title),
            subtitle=safe_html.clean(self.subtitle),
            links=[
                Link(safe_html.clean(text), href if safe_html.is_safe_link(href) else "")
                for text, href, *_ in self.links
            ],
            generator=safe_html.clean(self.generator),
        )


@dataclass(frozen=True)
class Job:
    """One report. ``target``: its ``.html`` in the output folder; ``dataset_key``: the dataset's folder name,
    ``dataset_name``: what it calls itself; ``masked``: what was hidden in it for its audience, in words; ``reading``: of
    the dataset's files when the run was planned, which every page is of (unless empty); ``dataset``: as it was read for
    its audience, for kernels that need not read it again."""

    dataset_key: str
    kind: Kind
    identifier: str
    title: str
    notebook: Path
    parameters: dict[str, object]
    target: Path
    page: ReportPage
    dataset_name: str = ""
    masked: str = ""
    reading: str = ""
    dataset: Dataset | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Result:
    """What became of a job. ``error``: empty when ``ok``; ``warnings``: what its cells wrote to stderr; ``was_current``: it was
    up to date and not rendered again."""

    job: Job
    ok: bool
    seconds: float
    error: str = ""
    warnings: list[str] = field(default_factory=list)
    was_current: bool = False
