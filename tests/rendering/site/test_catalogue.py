"""The reports in a folder as the JSON next to each says; what says nothing useful is there all the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from small_pages import put_report as put

from aftershock.rendering.site import catalogue
from aftershock.rendering.site.catalogue import ReportEntry
from aftershock.schema.errors import UsageError


def entry(output: Path) -> ReportEntry:
    """The only report of a folder."""
    (dataset,) = catalogue.read(output)
    (report,) = dataset.reports
    return report


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("d/2025-01/index", "month"),
        ("d/incidents/a.1", "incident"),
        ("d/explore/a", "explore"),
        ("d/systemic", "systemic"),
        ("d/quality", "quality"),
        ("d/check", "check"),
    ],
)
def test_the_kind_of_a_report_is_that_of_its_path(tmp_path, path, kind):
    put(tmp_path / f"{path}.json", page=False, kind="nonsense")
    found = entry(tmp_path)
    assert (found.kind, found.base, found.folder, found.href) == (kind, Path(path), "d", "")
    assert catalogue.KINDS[kind] in found.words


def test_a_report_that_says_little_is_called_by_its_file_and_is_for_few(tmp_path):
    put(tmp_path / "d/incidents/a.1.json", audience="friends", services=["web", 3], simulated="yes", updated_at="soon")
    found = entry(tmp_path)
    assert (found.identifier, found.title, found.audience) == ("a.1", "a.1", "private")
    assert (found.services, found.simulated, found.unreadable) == (("web",), False, False)
    assert found.updated == datetime(1970, 1, 1, tzinfo=UTC)


def test_datasets_are_in_order_of_name_and_simulated_ones_come_last(tmp_path):
    for folder, name, simulated in (
        ("a", "Zebra", False),
        ("b", "apple", True),
        ("c", "beech", False),
        ("e", "", False),
    ):
        put(tmp_path / f"{folder}/2025-01/index.json", dataset_name=name, simulated=simulated)
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert [d.name for d in catalogue.read(tmp_path)] == ["beech", "e", "Zebra", "apple"]


def test_months_are_counted_by_the_newest_review_that_says_so(tmp_path):
    for month, counts in (
        ("2025-01", [{"month": "2025-01", "incidents": 4}, {"month": "2024-12", "incidents": 2}]),
        ("2025-02", [{"month": "2025-01", "incidents": 5}, {"month": "2025-02", "incidents": -1}]),
    ):
        path = tmp_path / f"d/{month}/index.json"
        put(path)
        path.write_text(json.dumps({"report": {}, "counts": [*counts, {"month": "never", "incidents": 1}]}))
    put(tmp_path / "d/incidents/a.json", started_at="2025-03-01T00:00:00+00:00")
    (dataset,) = catalogue.read(tmp_path)
    assert list(dataset.per_month.items()) == [("2024-12", 2), ("2025-01", 5), ("2025-02", 0)]


def test_without_a_review_the_incidents_with_a_report_are_counted(tmp_path):
    for n, started in enumerate(["2025-02-01T00:00:00+00:00", "2025-01-01T00:00:00+00:00", "2025-02-09", "never"]):
        put(tmp_path / f"d/incidents/{n}.json", started_at=started)
    (dataset,) = catalogue.read(tmp_path)
    assert list(dataset.per_month.items()) == [("2025-01", 1), ("2025-02", 2)]


def test_a_failed_run_next_to_a_whole_report_is_one_report(tmp_path):
    put(tmp_path / "d/incidents/a.json")
    (tmp_path / "d/incidents/a.error.html").write_text("failed")
    found = entry(tmp_path)
    assert (found.href, found.error_href) == ("d/incidents/a.html", "d/incidents/a.error.html")


def test_a_title_is_short_under_the_name_of_its_dataset():
    report = ReportEntry(Path("d/2025-01/index"), "month", "2025-01", "Shop: review of January", dataset_name="Shop")
    assert report.short_title == "Review of January"
    other = ReportEntry(Path("d/2025-01/index"), "month", "2025-01", "shopping in January", dataset_name="Shop")
    assert other.short_title == "shopping in January"


def test_a_report_is_fit_for_its_readers_and_for_those_who_may_see_more():
    def of(audience: str) -> ReportEntry:
        return ReportEntry(Path("d/check"), "check", "check", "", audience=audience)

    fit = [[of(a).is_fit_for(b) for b in ("public", "internal", "private")] for a in ("public", "internal", "private")]
    assert fit == [[True, True, True], [False, True, True], [False, False, True]]


def test_a_moment_is_in_utc_and_any_other_text_is_none():
    assert catalogue._moment("2025-01-01T00:00:00+02:00") == datetime(2024, 12, 31, 22, tzinfo=UTC)
    assert catalogue._moment("2025-01-01") == datetime(2025, 1, 1, tzinfo=UTC)
    assert [catalogue._moment(t) for t in ("", "soon", "0001-01-01T00:00:00+14:00")] == [None] * 3
    assert [catalogue.month_words(m) for m in ("2023-03", "2023-13", "index")] == ["March 2023", "2023-13", "index"]


def named(folder: Path, name: str) -> None:
    put(folder / "real/2025-01/index.json", month="2025-01", dataset_name=name)


def test_a_dataset_is_known_by_its_folder_and_its_name(tmp_path):
    named(tmp_path, "Real things")
    catalogue.check_owners(tmp_path, [("real", "Real things"), ("elsewhere", "Other things"), ("real", "")])
    with pytest.raises(UsageError, match="would overwrite them"):
        catalogue.check_owners(tmp_path, [("real", "Other things")])


def test_a_name_is_the_same_name_whatever_of_it_a_page_leaves_out(tmp_path):
    named(tmp_path, "Real things")
    catalogue.check_owners(tmp_path, [("real", "Real\u202e things")])
