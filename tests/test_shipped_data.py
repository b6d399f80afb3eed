"""The shipped data folders keep their promises. Read with the standard library alone: a loader cannot hide a fault."""

from __future__ import annotations

import csv
import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

DATA = Path(__file__).parent.parent / "data"
FOLDERS = ["twitter-2023", "famous-outages"]
CORE = {"tw-2023-01-23", "tw-2023-02-08", "tw-2023-02-15", "tw-2023-02-18", "tw-2023-03-01", "tw-2023-03-06"}
UNKNOWN_CAUSE = ["tw-2023-01-23", "tw-2023-02-15", "tw-2023-02-18", "tw-2023-03-01"]
OUTSIDE_THE_GRAPH = {"staffing", "engineering process", "internal chat", "published source code"}
TIMES = ["started_at", "started_at_before", "detected_at", "resolved_at", "trigger_at"]


def rows(folder: str, table: str) -> list[dict[str, str]]:
    """The rows of a table that the folder's `dataset.toml` names under `[table]`."""
    path = settings(folder)[table]["path"]
    with (DATA / folder / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def settings(folder: str) -> dict:
    return tomllib.loads((DATA / folder / "dataset.toml").read_text(encoding="utf-8"))


def by_id(folder: str, table: str) -> dict[str, dict[str, str]]:
    return {row[id_column(table)]: row for row in rows(folder, table)}


def id_column(table: str) -> str:
    return {"incidents": "incident_id", "changes": "change_id"}[table]


def moment(text: str) -> datetime:
    """A stamp of the data as UTC; a bare date is its midnight."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def listed(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]


def files() -> list[Path]:
    return [path for folder in FOLDERS for path in sorted((DATA / folder).rglob("*")) if path.is_file()]


@pytest.mark.parametrize(
    ("folder", "table", "count"),
    [
        ("twitter-2023", "incidents", 11),
        ("twitter-2023", "changes", 25),
        ("famous-outages", "incidents", 39),
        ("famous-outages", "changes", 36),
    ],
)
def test_every_row_is_there_once(folder: str, table: str, count: int) -> None:
    ids = [row[id_column(table)] for row in rows(folder, table)]
    assert len(ids) == count
    assert len(set(ids)) == count


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("table", ["incidents", "changes"])
def test_every_row_has_a_start_services_and_a_source(folder: str, table: str) -> None:
    for row in rows(folder, table):
        moment(row["started_at"])
        assert listed(row["services"]), row
        assert row["title"].strip(), row
        assert row["source"].strip(), row


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("table", ["incidents", "changes"])
def test_every_time_parses_and_says_how_exact_it_is(folder: str, table: str) -> None:
    for row in rows(folder, table):
        for column in TIMES:
            if not row.get(column) or column.endswith("_before"):
                continue
            moment(row[column])
            stated = [row.get(column + suffix) for suffix in ("_before", "_uncertainty_minutes", "_precision")]
            assert sum(bool(text) for text in stated) == 1, (row[id_column(table)], column)
            assert row.get(f"{column}_precision", "") in {"", "minute", "hour", "day", "month"}
        if row.get("started_at_before"):
            assert moment(row["started_at"]) < moment(row["started_at_before"])


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_cause_is_a_recorded_change_and_says_who_reported_it(folder: str) -> None:
    changes = by_id(folder, "changes")
    for row in rows(folder, "incidents"):
        assert set(listed(row["caused_by"])) <= set(changes), row["incident_id"]
        assert bool(row["caused_by"]) == bool(row["caused_by_source"]), row["incident_id"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_states_are_honest(folder: str) -> None:
    for row in rows(folder, "incidents"):
        assert row["status"] == ("resolved" if row["resolved_at"] else "unknown"), row["incident_id"]


def test_six_incidents_are_core() -> None:
    scopes = {row["incident_id"]: row["scope"] for row in rows("twitter-2023", "incidents")}
    assert {incident for incident, scope in scopes.items() if scope == "core"} == CORE
    assert set(scopes.values()) == {"core", "context"}


@pytest.mark.parametrize("incident", UNKNOWN_CAUSE)
def test_causes_that_nobody_reported_stay_empty(incident: str) -> None:
    assert by_id("twitter-2023", "incidents")[incident]["caused_by"] == ""


def test_reported_causes() -> None:
    found = {row["incident_id"]: row["caused_by"] for row in rows("twitter-2023", "incidents") if row["caused_by"]}
    assert found == {
        "tw-2023-01-13": "chg-2023-01-12-clients",
        "tw-2023-02-08": "chg-2023-02-08-ratedata",
        "tw-2023-03-06": "chg-2023-03-06-apicfg",
        "tw-2023-07-01": "chg-2023-07-01-readlimit",
    }


def test_guesses_of_the_press_are_not_causes() -> None:
    incidents = by_id("twitter-2023", "incidents")
    guesses = [row for row in rows("twitter-2023", "changes") if row["suspected_incident"]]
    assert len(guesses) == 5
    for row in guesses:
        assert row["suspected_by"], row["change_id"]
        assert row["change_id"] not in listed(incidents[row["suspected_incident"]]["caused_by"])


def test_sixth_of_march_is_not_an_hour_early() -> None:
    row = by_id("twitter-2023", "incidents")["tw-2023-03-06"]
    assert moment(row["detected_at"]) == datetime(2023, 3, 6, 17, 19, tzinfo=UTC)
    assert moment(row["started_at"]) == datetime(2023, 3, 6, 16, 45, tzinfo=UTC)
    assert row["started_at_uncertainty_minutes"] == "15"
    assert moment(row["resolved_at"]) == datetime(2023, 3, 6, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "first", "last"),
    [
        ("chg-2023-02-08-ratedata", "2023-02-08T00:00:00Z", "2023-02-08T22:00:00Z"),
        ("chg-2023-03-06-apicfg", "2023-03-06T00:00:00Z", "2023-03-06T17:00:00Z"),
    ],
)
def test_changes_without_a_published_minute_are_spans(change: str, first: str, last: str) -> None:
    row = by_id("twitter-2023", "changes")[change]
    assert (row["started_at"], row["started_at_before"], row["started_at_precision"]) == (first, last, "")


def test_a_reported_cause_can_come_before_its_outage() -> None:
    """The first moment of the change is no later than the last moment at which the outage can have begun."""
    changes = by_id("twitter-2023", "changes")
    for row in rows("twitter-2023", "incidents"):
        latest = moment(row["started_at"]) + timedelta(minutes=int(row["started_at_uncertainty_minutes"] or 0))
        for change in listed(row["caused_by"]):
            assert moment(changes[change]["started_at"]) <= latest


def test_the_freeze_answers_the_outage() -> None:
    row = by_id("twitter-2023", "changes")["chg-2023-02-08-freeze"]
    outage = by_id("twitter-2023", "incidents")["tw-2023-02-08"]
    assert moment(row["started_at"]) >= moment(outage["started_at"])


def test_one_vocabulary_of_services() -> None:
    edges = rows("twitter-2023", "services")
    vocabulary = {edge[end] for edge in edges for end in ("service", "depends_on")}
    for row in rows("twitter-2023", "incidents"):
        assert set(listed(row["services"])) <= vocabulary, row["incident_id"]
    for row in rows("twitter-2023", "changes"):
        assert set(listed(row["services"])) <= vocabulary | OUTSIDE_THE_GRAPH, row["change_id"]
    assert not vocabulary & OUTSIDE_THE_GRAPH


def test_every_edge_has_a_source_and_a_reason() -> None:
    edges = rows("twitter-2023", "services")
    assert len({(edge["service"], edge["depends_on"]) for edge in edges}) == len(edges)
    for edge in edges:
        assert edge["source"].strip() and edge["reading"].strip(), edge
        assert edge["service"] != edge["depends_on"]


def test_decoy_and_cause_of_the_eighth_of_february() -> None:
    changes, outage = by_id("twitter-2023", "changes"), by_id("twitter-2023", "incidents")["tw-2023-02-08"]
    main = listed(outage["services"])[0]
    edges = {(edge["service"], edge["depends_on"]) for edge in rows("twitter-2023", "services")}
    assert changes["chg-2023-02-08-longtweets"]["services"] == main
    assert (main, changes["chg-2023-02-08-ratedata"]["services"]) in edges


def test_surfaces_of_the_sixth_of_march_are_one_hop_from_the_change() -> None:
    changes, outage = by_id("twitter-2023", "changes"), by_id("twitter-2023", "incidents")["tw-2023-03-06"]
    touched = set(listed(changes["chg-2023-03-06-apicfg"]["services"]))
    edges = {(edge["service"], edge["depends_on"]) for edge in rows("twitter-2023", "services")}
    for surface in set(listed(outage["services"])) - touched:
        assert any((surface, service) in edges for service in touched), surface


def test_postmortem_pages_belong_to_incidents() -> None:
    pages = sorted((DATA / "twitter-2023" / "postmortems").glob("*.md"))
    assert pages
    assert {page.stem for page in pages} <= set(by_id("twitter-2023", "incidents"))
    heads = ["Narrative", "What went well", "What went badly", "Where we were lucky", "What a reader would ask for"]
    for page in pages:
        # Nobody outside knows what the operator undertook to do: no page makes an action item of what a reader would ask for.
        assert "action" not in re.findall(r"^\| *(\w+)", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE) == heads


def test_famous_outages_keep_controls_and_dispute_apart() -> None:
    assert settings("famous-outages")["reference"] is True
    changes = by_id("famous-outages", "changes")
    status: dict[str, list[str]] = {"reported": [], "disputed": [], "no change": []}
    for row in rows("famous-outages", "incidents"):
        status[row["cause_status"]].append(row["incident_id"])
        assert bool(row["caused_by"]) == (row["cause_status"] == "reported")
        assert (f"chg-{row['incident_id']}" in changes) == (row["cause_status"] != "no change")
    assert (len(status["reported"]), len(status["disputed"]), len(status["no change"])) == (35, 1, 3)
    assert status["disputed"] == ["optus-2023-11-08"]


def test_the_counts_that_the_famous_outages_readme_states() -> None:
    incidents = rows("famous-outages", "incidents")
    changes = by_id("famous-outages", "changes")
    pairs = [(row, changes[f"chg-{row['incident_id']}"]) for row in incidents if row["cause_status"] != "no change"]
    both_minute = [(i, c) for i, c in pairs if i["started_at_precision"] == c["started_at_precision"] == "minute"]
    assert sum(i["started_at"] == c["started_at"] for i, c in both_minute) == 10
    assert sum(i["started_at"] == c["started_at"] for i, c in pairs) == 13
    far = [i for i, c in pairs if moment(i["started_at"]) - moment(c["started_at"]) > timedelta(days=3)]
    assert len(far) == 5
    assert len({row["organisation"] for row in incidents}) == 20
    for row in incidents:
        assert (row["tier"] == "C") <= bool(row["unverified_fields"]), row["incident_id"]


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_addresses_of_people(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"[\w.+-]+@[\w-]+\.\w+", text)
    assert not re.search(r"(?<!\w)@\w+", text)


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("table", ["incidents", "changes"])
def test_web_addresses_stand_in_their_own_column(folder: str, table: str) -> None:
    for row in rows(folder, table):
        for column, text in row.items():
            if column == "source_urls":
                assert all(part.startswith(("http://", "https://")) for part in text.split(" | ") if part), row
            else:
                assert "://" not in text, (column, text)
