"""The way in to a folder of reports: the index, the feed and the links between pages, made from the JSON next to each."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from aftershock.output import file_names, files, safe_html
from aftershock.output.phrases import listed, plural
from aftershock.rendering import page_shell
from aftershock.rendering.page_shell import style
from aftershock.rendering.site import catalogue, feed, navigation, sparklines
from aftershock.rendering.site.catalogue import DatasetReports, ReportEntry

SHOWN = 12
"""Reports of a kind that are shown; the others are one click away. A judgement: a year of months."""


def write_site(
    output: Path, *, base_url: str = "", title: str = "Reports", generator: str = "Made with Aftershock"
) -> Path:
    """Writes index and feed of a folder, and brings the links between its pages up to date; returns the index's path.

    ``base_url``: where the folder will be read, for the feed; "" keeps what the feed there says.
    """
    found = catalogue.read(output)
    navigation.bring_up_to_date(output, found)
    files.write_whole(files.inside(output, Path(feed.NAME)), feed.feed(output, found, title, base_url))
    return _write_index(output, found, title, generator)


def _write_index(output: Path, found: list[DatasetReports], title: str, generator: str) -> Path:
    """Writes ``index.html``. A report whose JSON cannot be read is listed as unreadable, one whose latest run failed is
    marked."""
    months = sum(len(dataset.months) for dataset in found)
    incidents = sum(len(dataset.incidents) for dataset in found)
    checks = sum(len(dataset.checks) for dataset in found)
    counts = ((months, "monthly review"), (incidents, "incident report"), (checks, "check"))
    subtitle = listed([plural(n, what) for n, what in counts if n])
    shell = page_shell.shell(safe_html.clean(title), scripts=[page_shell.digest(search())])
    values = {
        "shell": {**shell, "style": Markup("\n").join([style(), _own_style()])},
        "subtitle": subtitle,
        "datasets": [_dataset(dataset) for dataset in found],
        "mixed": len({r.audience for dataset in found for r in dataset.reports if r.href}) > 1,
        "feed": feed.NAME,
        "search": search(),
        "generator": safe_html.clean(generator),
    }
    path = files.inside(output, Path("index.html"))
    files.write_whole(path, page_shell.render("site.html.j2", values))
    return path


def search() -> Markup:
    """The script of the index: it filters what is there, and fetches nothing."""
    return Markup((page_shell.FOLDER / "scripts" / "search.js").read_text(encoding="utf-8").strip())


def _own_style() -> Markup:
    return Markup((page_shell.FOLDER / "site.css").read_text(encoding="utf-8").strip())


def _dataset(dataset: DatasetReports) -> dict[str, object]:
    return {
        "id": f"dataset-{file_names.file_name(dataset.folder)}",
        "name": dataset.name,
        "simulated": dataset.simulated,
        "spark": sparklines.per_month(dataset.per_month),
        "lists": [
            {"heading": heading, "open": reports[:SHOWN], "more": reports[SHOWN:]}
            for heading, reports in (
                ("Checks", dataset.checks),
                ("Monthly reviews", dataset.months),
                ("Incidents", dataset.incidents),
                ("Explored", dataset.choices),
            )
            if reports
        ],
    }


__all__ = ["DatasetReports", "ReportEntry", "write_site"]
