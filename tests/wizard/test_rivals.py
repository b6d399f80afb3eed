"""Which other columns could be what one was chosen for."""

from __future__ import annotations

import pandas as pd
from small_logs import INCIDENTS

from aftershock.schema.tables import TEXT
from aftershock.wizard import column_matching, rivals
from aftershock.wizard.create import create_dataset
from aftershock.wizard.time_cells import TimeCells

CHANGES = (
    "number,merged_at,created_at,planned_start,state,rollout_status,service,application,guild_id\n"
    "7,2024-03-05T09:00:00Z,2024-03-04T09:00:00Z,2024-03-06T09:00:00Z,done,failed,shop,web,1709640600\n"
    "8,2024-03-05T10:00:00Z,2024-03-04T10:00:00Z,,done,success,shop,shop,1709640600\n"
)


def perhaps(tmp_path, put, log: str) -> dict[str, str]:
    """Canonical column that is missing from a log of incidents → what is named as perhaps it."""
    section = create_dataset(tmp_path / "m", put(incidents__csv=log)).draft.sections["incidents"]
    return {one.column: one.cost.partition("; perhaps ")[2] for one in section.missing}


def test_other_columns_that_could_be_it_are_named_next_to_a_guess(tmp_path, put):
    begun = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, changes__csv=CHANGES))
    why = {guess.what: guess.why for guess in begun.draft.sections["changes"].guesses}
    assert why["started_at"].endswith("; also possible: 'planned_start' and 'created_at'")
    assert why["status"].endswith("; also possible: 'state'")
    assert why["services"].endswith("; also possible: 'application'")
    assert "also possible" not in why["change_id"]
    assert (
        "# likely: its name, holds times; from line 2 on; also possible: 'planned_start' and" in begun.draft.as_toml()
    )


def test_columns_that_are_empty_or_say_the_same_are_no_rivals():
    frame = pd.DataFrame(
        {
            "change_id": ["1", "2"],
            "deployed_at": ["2024-03-05T09:00:00Z", "2024-03-06T09:00:00Z"],
            "created_at": ["2024-03-05T09:00:00Z", "2024-03-06T09:00:00Z"],
            "started": ["", ""],
        },
        dtype=TEXT,
    )
    assert column_matching.fit("changes", column_matching.cells_of(frame)).rivals == {}


def test_the_better_start_that_no_row_has_is_told(tmp_path, put):
    rows = "number,title,created_at,deployed_at\n1,Fix it,2024-03-05T09:00:00Z,\n2,Fix more,2024-03-06T09:00:00Z,\n"
    begun = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, changes__csv=rows))
    told = "'created_at' is read as the start, as 'deployed_at' is empty in every row"
    assert told in begun.draft.sections["changes"].questions


def test_a_column_called_like_a_service_is_named_though_it_holds_phrases(tmp_path, put):
    rows = [f"2024-03-0{n} 09:00,2024-03-0{n} 10:00,pump {n} in the hall behind the yard,6 hours" for n in range(1, 6)]
    log = "\n".join(["Time,Recovery time,Host,Duration", *rows])
    said = perhaps(tmp_path, put, log)
    assert said["services"] == "'Host'"


def test_columns_of_people_and_causes_are_not_named_for_the_services(tmp_path, put):
    rows = [
        f"T-{n},2024-03-0{n} 09:00,Tills {n % 2},Ann {n % 2},Bo {n % 2},{'human' if n % 2 else 'both'}"
        for n in range(1, 6)
    ]
    log = "\n".join(["Ticket,Begin,Sort,Requester - Requester,Agent Assigned,causation.entity", *rows])
    said = perhaps(tmp_path, put, log)
    assert said["services"] == "'Sort' or 'causation.entity'"


def test_columns_that_could_be_what_is_missing_are_named_next_to_it(tmp_path, put):
    rows = [
        f"T-{n},2024-03-0{n} 09:00,2024-03-0{n} 10:{n}0,{'High' if n % 2 else 'Low'},{'Mail' if n < 4 else 'Web'},yes" for n in range(1, 6)
    ]  # fmt: skip
    log = "\n".join(["Ticket,Begin,Back to normal,Grade of it,Branch,Told", *rows])
    said = perhaps(tmp_path, put, log)
    assert (said["resolved_at"], said["severity"]) == ("'Back to normal'", "'Grade of it'")
    assert (said["services"], said["title"], said["detected_at"]) == ("'Branch'", "", "")


def test_plans_entries_and_numbers_are_not_named_for_what_is_missing():
    days = [f"2024-03-0{n} 09:00" for n in range(1, 6)]
    later = [f"2024-03-0{n} 10:00" for n in range(1, 6)]
    frame = pd.DataFrame(
        {"id": list("abcde"), "start": days, "updated": later, "eta": later, "floor": [*"11223"]}, dtype=TEXT
    )
    rivals = column_matching.fit("incidents", column_matching.cells_of(frame)).rivals
    assert not {"resolved_at", "services", "severity"} & rivals.keys()


def test_people_places_and_parts_of_the_start_are_named_for_nothing():
    rows = range(6)
    frame = pd.DataFrame(
        {
            "incident_id": [f"INC-{n}" for n in rows],
            "machine_id": [f"m-{n}" for n in rows],
            "start": [f"2024-03-0{n + 1} 09:00" for n in rows],
            "start_day": [f"2024-03-0{n + 1}" for n in rows],
            "first_response": [f"2024-03-0{n + 1} 10:00" for n in rows],
            "requester_id": ["u1", "u2"] * 3,
            "affected_user": ["Ada Blue", "Bob Red", "Cyd Green"] * 2,
            "user_location": ["North Hall", "South Hall"] * 3,
            "root_cause": ["disk was full", "fan broke down"] * 3,
            "category": ["Mail", "Web"] * 3,
        },
        dtype=TEXT,
    )
    rivals = column_matching.fit("incidents", column_matching.cells_of(frame)).rivals
    assert rivals == {"services": ("category",)}


def test_tags_that_name_a_service_are_named():
    tags = [f"service:{name};team:a" for name in ("web", "mail", "till", "shop", "stock", "login")]
    frame = pd.DataFrame(
        {"id": [f"i{n}" for n in range(6)], "start": [f"2024-03-0{n + 1}" for n in range(6)], "tags": tags}, dtype=TEXT
    )
    rivals = column_matching.fit("incidents", column_matching.cells_of(frame)).rivals
    assert rivals == {"services": ("tags",)}


def test_a_long_name_without_a_space_may_be_what_is_missing():
    names = [f"periodic-build-of-the-nightly-release-{what}-on-aws" for what in ("console", "upgrade")] * 3
    frame = pd.DataFrame({"began": ["2024-03-05"] * 6, "prow_name": names}, dtype=TEXT)
    assert rivals.of_missing("changes", {}, TimeCells(frame, "UTC"))["services"] == ("prow_name",)
    spaced = frame.assign(prow_name=[name.replace("-", " ") for name in names])
    assert "services" not in rivals.of_missing("changes", {}, TimeCells(spaced, "UTC"))


def test_numbers_that_are_no_times_by_their_name_are_named_as_no_start():
    frame = pd.DataFrame(
        {
            "change_id": ["c1", "c2"],
            "timestamp": ["2024-03-05T09:00:00Z", "2024-03-06T09:00:00Z"],
            "most_items": ["1709640600", "1709640700"],
        },
        dtype=TEXT,
    )
    assert "started_at" not in column_matching.fit("changes", column_matching.cells_of(frame)).rivals


def test_results_are_no_services_that_are_missing():
    frame = pd.DataFrame({"began": ["2024-03-05"] * 6, "original": ["SUCCESS", "FAILURE"] * 3}, dtype=TEXT)
    assert "services" not in rivals.of_missing("changes", {}, TimeCells(frame, "UTC"))


def test_names_that_return_in_steps_are_seen():
    names = ["login", "pay", "search", "shop", "till"] * 100
    frame = pd.DataFrame({"began": ["2024-03-05"] * 500, "module": names}, dtype=TEXT)
    assert rivals.of_missing("changes", {}, TimeCells(frame, "UTC"))["services"] == ("module",)


def of_six_rows(**columns: list[str]) -> dict[str, tuple[str, ...]]:
    """The hints for six incidents with an id, a start and these columns."""
    days = [f"2024-03-0{n}T09:00:00Z" for n in range(1, 7)]
    frame = pd.DataFrame({"id": list("123456"), "started_at": days, **columns}, dtype=TEXT)
    return column_matching.fit("incidents", column_matching.cells_of(frame), "incidents.csv").rivals


def test_a_tier_may_be_the_severity_and_a_confidence_is_none():
    found = of_six_rows(tier=list("122122"), confidence=["high", "low", "low", "medium", "high", "low"])
    assert found["severity"] == ("tier",)


def test_types_and_steps_of_a_project_are_no_services():
    found = of_six_rows(
        issue_type=["card", "login", "card", "login", "card", "card"],
        raised_in=["SPRINT-3", "SPRINT-4", "SPRINT-3", "SPRINT-4", "SPRINT-3", "SPRINT-3"],
        where=["uat", "prod", "uat", "prod", "uat", "prod"],
        topic=["mail", "maps", "mail", "maps", "mail", "mail"],
    )
    assert found["services"] == ("topic",)


def test_what_few_rows_have_and_where_it_was_are_no_services_and_versions_no_starts():
    frame = pd.DataFrame(
        {
            "id": list("123456789"),
            "begin_date": [f"2024-03-0{n}" for n in range(1, 10)],
            "storm": ["ada", "ada", *[""] * 7],
            "climate.zone": ["warm", "cold", "warm", "warm", "cold", "warm", "warm", "cold", "warm"],
            "build.version": [f"2024.3.{n}" for n in range(1, 10)],
        },
        dtype=TEXT,
    )
    fit = column_matching.fit("incidents", column_matching.cells_of(frame), "incidents.csv")
    assert fit.columns["started_at"].value == "begin_date" and not fit.rivals.keys() & {"services", "started_at"}
