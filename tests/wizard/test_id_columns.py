"""Which column of a log is its id, and what tells its rows apart where none is."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from small_logs import INCIDENTS

from aftershock.schema.errors import InputError
from aftershock.schema.tables import TEXT
from aftershock.wizard import id_columns, time_cells
from aftershock.wizard.create import create_dataset
from aftershock.wizard.guess import Guess


def texts(*cells: str) -> pd.Series:
    return pd.Series(cells, dtype=TEXT)


def rows(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=TEXT)


def test_an_id_is_filled_short_of_sentences_and_tells_every_row_from_the_others():
    ids = texts(*(f"INC-{n}" for n in range(10)))
    assert id_columns.distinct(ids, ids, rows(id=list(ids))) == (1.0, "distinct in every row")
    few = texts("INC-1", "INC-2", *[""] * 8)
    assert id_columns.distinct(few[few != ""], few, rows(id=list(few))) == (0.0, "it is empty in 8 of 10 rows")
    said = texts("The shop was down", "Search was very slow")
    assert id_columns.distinct(said, said, rows(id=list(said)))[0] == 0.0


def test_an_id_that_repeats_says_which():
    same = texts("A-1", "A-1", "A-1", "A-2")
    worth, why = id_columns.distinct(same, same, rows(id=list(same), what=["x"] * 4))
    assert worth == 0.0 and "'A-1' is in 3 rows" in why


def test_ids_of_runs_and_numbers_that_each_project_counts_are_not_the_records():
    builds = rows(id=["a", "b", "c"], number=["1", "2", "1"], pipeline_id=["7", "7", "8"], key=["x", "y", "z"])
    assert id_columns.counts_or_names_others("number", builds)
    assert id_columns.counts_or_names_others("pipeline_id", builds)
    assert not id_columns.counts_or_names_others("key", builds)
    settings = rows(id=["a", "b"], deployment_id=["D-1", "D-2"])
    assert id_columns.counts_or_names_others("deployment_id", settings, "config_history.json")
    assert not id_columns.counts_or_names_others("deployment_id", settings, "deployments.json")


def test_an_attempt_of_a_run_is_a_change_of_its_own():
    runs = rows(id=["7", "7", "8", "8"], run_attempt=["1", "2", "1", "1"], went=["no", "yes", "yes", "yes"])
    chosen = {"change_id": Guess("change_id", "id", 0.9, "")}
    assert id_columns.numbers_within("changes", runs, chosen, []) == ("id", "run_attempt") and not chosen
    other = runs.assign(went=["no", "yes", "yes", "no"])
    assert id_columns.numbers_within("changes", other, {}, ["id"]) == ()


def test_numbers_are_told_from_words():
    assert id_columns.is_numbered(texts("rel-1", "rel-2", "")) and not id_columns.is_numbered(
        texts("shop", "web", "v1")
    )


def test_numbers_of_each_day_are_no_changes():
    frame = rows(day=["2024-03-05", "2024-03-06"], deploys=["14", "3"], rate=["7.5%", ""])
    cells = time_cells.TimeCells(frame, "UTC")
    assert id_columns.of_none("changes", frame, {}, cells) == "'deploys' and 'rate' are numbers of each 'day'"
    named = frame.assign(service=["shop", "web"])
    assert id_columns.of_none("changes", named, {}, time_cells.TimeCells(named, "UTC")) == ""


def test_shares_are_no_ids():
    chosen: dict[str, Guess] = {}
    frame = rows(was=["0%", "50%"], note=["a", "a"])
    id_columns.by_cells("changes", frame, chosen, time_cells.TimeCells(frame, "UTC"))
    assert chosen == {}


def test_pages_of_which_a_column_like_an_id_says_too_little_have_their_names(tmp_path):
    pages = tmp_path / "pages"
    pages.mkdir()
    for name, ticket in (("till", "7"), ("scales", ""), ("stove", "9"), ("stool", "11"), ("sink", "12")):
        text = f"---\ntitle: The {name} was down\nticket: {ticket}\ndate: 2024-03-05 10:00\n---\nWords.\n"
        (pages / f"{name}.md").write_text(text, encoding="utf-8")
    begun = create_dataset(tmp_path / "m", [pages])
    assert sorted(begun.dataset.incidents["incident_id"]) == ["scales", "sink", "stool", "stove", "till"]
    (pages / "scales.md").write_text(
        "---\ntitle: The scales were down\nticket: 8\ndate: 2024-03-05 11:00\n---\nWords.\n", encoding="utf-8"
    )
    assert sorted(create_dataset(tmp_path / "n", [pages]).dataset.incidents["incident_id"]) == [
        "11",
        "12",
        "7",
        "8",
        "9",
    ]


def test_pages_without_an_id_have_their_names_and_write_ups_are_no_changes(tmp_path, put):
    pages = tmp_path / "pages"
    pages.mkdir()
    for day, name in enumerate(("mail-full", "queue-stuck", "disk-slow"), 1):
        text = f"---\ndate: 2024-03-0{day}\nauthors: [ann]\ncategories: [Database]\ndraft: false\n---\n# {name}\n\n## Impact\nMuch.\n\n## Root cause\nA setting.\n"
        (pages / f"{name}.md").write_text(text, encoding="utf-8")
    begun = create_dataset(tmp_path / "m", [pages])
    assert begun.dataset.incidents["incident_id"].tolist() == ["mail-full", "queue-stuck", "disk-slow"]
    assert len(begun.dataset.changes) == 0
    asked = "'date' may be the day of the write-up; if it is, name the column of the day of the incident as started_at"
    assert asked in begun.draft.sections["incidents"].questions
    beside = create_dataset(tmp_path / "n", [*put(incidents__csv=INCIDENTS), pages])
    assert len(beside.dataset.changes) == 0 and "queue-stuck" in set(beside.dataset.incidents["incident_id"])


def test_windows_of_two_times_have_ids_made_of_them(tmp_path, put):
    windows = "begin_at,end_at\n" + "".join(f"2024-03-0{n}T10:00:00Z,2024-03-0{n}T12:00:00Z\n" for n in range(1, 5))
    begun = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, maintenance__csv=windows))
    assert len(begun.dataset.changes) == 4 and begun.draft.sections["changes"].path == "maintenance.csv"


def test_a_list_of_when_each_deployment_was_is_a_log(tmp_path, put):
    given = put(incidents__csv=INCIDENTS, list__csv="deployed_at\n2024-03-05 10:00\n2024-03-06 11:00\n")
    found = create_dataset(tmp_path / "m", given).dataset.changes
    assert found["started_at"].dt.hour.tolist() == [10, 11] and found["kind"].tolist() == ["deploy", "deploy"]
    assert (
        id_columns.made_of(
            "changes", rows(when=["a", "b"]), {"started_at": Guess("started_at", "when", 1, "")}, "x", False
        )
        == ()
    )


def test_a_log_of_flags_needs_no_id(tmp_path, put):
    flags = "timestamp,flag,env,action\n2024-03-05T08:00:00Z,new-till,live,enabled\n2024-03-06T08:00:00Z,old-till,live,disabled\n"
    made = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, flags__csv=flags))
    assert made.dataset.changes[["title", "kind"]].to_numpy().tolist() == [
        ["new-till", "feature_flag"],
        ["old-till", "feature_flag"],
    ]


def test_the_id_of_what_began_then_is_the_rows(tmp_path, put):
    log = (
        "pipeline_id,job_id,job_started_at,job_status\np1,j1,2024-03-05 10:00,success\np2,j2,2024-03-06 11:00,failed\n"
    )
    found = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, ci_jobs__csv=log)).dataset.changes
    assert found["change_id"].tolist() == ["j1", "j2"]


def test_a_commit_that_was_deployed_again_is_another_change(tmp_path, put):
    shas = ["aa11", "bb22", "cc33", "dd44", "ee55", "ff66", "aa77", "bb88", "cc99", "aa11"]
    log = "sha,deployed_at,service\n" + "".join(f"{sha},2024-03-{n:02d} 10:00,till\n" for n, sha in enumerate(shas, 5))
    found = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, deploys__csv=log))
    assert len(found.dataset.changes) == 10 and len(found.dataset.rejected) == 0
    assert "id_from" in {guess.what for guess in found.draft.sections["changes"].guesses}


def test_numbers_that_each_package_counts_are_ids_with_it(tmp_path, put):
    rows = "web,1,2024-03-05 09:00\nweb,2,2024-03-05 10:00\ndb,1,2024-03-06 09:00\ndb,3,2024-03-07 09:00\n"
    made = create_dataset(tmp_path / "m", put(issues__csv=f"package,number,created\n{rows}"))
    assert (len(made.dataset.incidents), made.dataset.incidents["services"].tolist()[0]) == (4, ["web"])


def test_rows_without_a_start_are_left_out_of_a_log_without_ids(tmp_path, put):
    rows = "shop,2024-03-05 09:00,2024-03-05 10:00\nweb,2024-03-06 09:00,2024-03-06 10:00\n" + "web,,\n" * 3
    made = create_dataset(tmp_path / "m", put(outages__csv=f"service,start,end\n{rows}"))
    assert (len(made.dataset.incidents), made.dataset.rejected["reason"].unique().tolist()) == (2, ["missing_time"])


def test_windows_of_outages_are_told_apart_by_all_that_they_have(tmp_path, put):
    rows = "A1,2024-03-05 09:00,2024-03-05 10:00\nA1,2024-03-05 09:00,2024-03-05 11:00\nA2,2024-03-06 09:00,2024-03-06 10:00\n"
    made = create_dataset(tmp_path / "m", put(outages__csv=f"unit,START,END\n{rows}"))
    assert len(made.dataset.incidents) == 3


def test_a_run_that_returns_is_not_the_id_of_its_parts(tmp_path, put):
    log = "pipeline_id,bucket_id,started_on,status\np1,d1,2024-03-05 10:00,COMPLETED\np1,d2,2024-03-06 11:00,FAILED\n"
    found = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, deployments__csv=log)).dataset.changes
    assert found["change_id"].tolist() == ["d1", "d2"]


def test_how_long_it_lasted_is_no_id(tmp_path, put):
    rows = "Severity,Time,Recovery time,Status,Host,Problem,Duration\nHigh,2024-03-05 10:00:00,2024-03-05 10:12:00,RESOLVED,db-1,Disk full,12m\n"
    rows += "Warning,2024-03-06 09:00:00,2024-03-06 09:00:30,RESOLVED,web-1,Load high,30s\n"
    section = create_dataset(tmp_path / "m", put(problems__csv=rows)).draft.sections["incidents"]
    assert {g.what: g.value for g in section.guesses if "id" in g.what} == {"id_from": "Time, Problem"}


def test_links_to_what_was_merged_are_ids_where_nothing_else_is(tmp_path, put):
    head, link = "url,title,date\n", "https://git.example.org/acme/till/pull"
    merged = "".join(f"{link}/{n},Change {word},2024-03-0{n}\n" for n, word in enumerate(["sums", "tax", "tips"], 1))
    made = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, merged__csv=head + merged))
    assert made.dataset.changes["change_id"].tolist() == [f"{link}/{n}" for n in (1, 2, 3)]
    assert made.dataset.changes["url"].tolist() == [f"{link}/{n}" for n in (1, 2, 3)]


def test_versions_of_a_release_that_returns_are_told_apart_by_more(tmp_path, put):
    rows = "".join(f"{release},{n // 2}.{n}.1,2024-03-0{n},KB{n % 3}\n" for n, release in enumerate("AAABBC", 1))
    made = create_dataset(
        tmp_path / "m", put(incidents__csv=INCIDENTS, versions__csv=f"release,kernel_version,date,kb\n{rows}")
    )
    assert len(made.dataset.changes) == 6


def test_of_a_commit_that_was_released_twice_the_version_is_the_id():
    frame = rows(sha=["a1", "a1", "b2"], release_name=["1.0-rc", "1.0", "2.0"], note=["x", "y", "z"])
    chosen = {"change_id": Guess("change_id", "sha", 0.9, ""), "title": Guess("title", "release_name", 0.9, "")}
    id_columns.wholly_distinct("changes", frame, chosen)
    assert chosen["change_id"].value == "release_name"
    chosen = {"change_id": Guess("change_id", "sha", 0.9, "")}
    id_columns.wholly_distinct("changes", frame.assign(release_name=["1.0", "1.0", "2.0"]), chosen)
    assert chosen["change_id"].value == "sha"


def test_ids_are_made_of_events_whose_titles_tell_of_troubles_of_services(tmp_path, put):
    rows = [
        f"{1709640600 + 7919 * n},{'mail' if n % 2 else 'web'},[RESOLVED] Increased errors {n},{n % 4}"
        for n in range(9)
    ]
    log = "\n".join(["date,service,summary,status", *rows])
    begun = create_dataset(tmp_path / "m", put(page__csv=log))
    assert begun.dataset.incidents["incident_id"].nunique() == 9
    assert any(
        "no column says that its rows are incidents" in one for one in begun.draft.sections["incidents"].questions
    )


def test_of_the_numbers_of_builds_of_several_plans_the_key_is_the_id():
    frame = rows(
        number=["1", "2", "1"], plan_key=["A", "A", "B"], build_key=["A-1", "A-2", "B-1"], _raw_id=["7", "8", "9"]
    )
    chosen = {"change_id": Guess("change_id", "number", 0.9, "")}
    id_columns.wholly_distinct("changes", frame, chosen)
    assert chosen["change_id"].value == "build_key"
    chosen = {"change_id": Guess("change_id", "number", 0.9, "")}
    id_columns.wholly_distinct("changes", frame.assign(number=["CHG1", "CHG2", "CHG1"]), chosen)
    assert chosen["change_id"].value == "number"


def test_links_tell_releases_apart_whose_versions_return():
    links = [f"https://github.com/acme/{name}/releases/tag/1.0" for name in ("till", "shop", "desk")]
    frame = rows(tag_name=["1.0", "1.0", "1.0"], html_url=links)
    chosen = {"change_id": Guess("change_id", "tag_name", 0.9, ""), "url": Guess("url", "html_url", 0.9, "")}
    id_columns.wholly_distinct("changes", frame, chosen)
    assert chosen["change_id"].value == "html_url"


def test_links_to_builds_tell_those_of_one_commit_apart(tmp_path, put):
    at = "https://api.github.com/repos/acme/till/pages/builds"
    made = [("a1", "ana", 1), ("a1", "ben", 1), ("b2", "ana", 2), ("c3", "ana", 2)]
    runs = [
        {"url": f"{at}/{70 + n}", "status": "built", "pusher": {"login": who, "id": id}, "commit": sha,
         "created_at": f"2024-03-0{n + 4}T09:00:00Z", "updated_at": f"2024-03-0{n + 4}T09:02:00Z"}
        for n, (sha, who, id) in enumerate(made)
    ]  # fmt: skip
    changes = create_dataset(
        tmp_path / "m", put(incidents__csv=INCIDENTS, builds__json=json.dumps(runs))
    ).dataset.changes
    assert changes["change_id"].tolist() == [run["url"] for run in runs]
    assert {*changes["services"].explode()} == {"till"} and {*changes["author"]} == {"ana", "ben"}


def test_releases_whose_names_tell_all_apart_have_these_for_ids(tmp_path, put):
    rows = "timestamp,release_name\n1447163414,rel-0.1\n1448192472,rel-0.2\n1448192472,rel-0.3\n"
    made = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, till_releases__csv=rows))
    assert (
        made.dataset.changes["change_id"].tolist()
        == made.dataset.changes["title"].tolist()
        == ["rel-0.1", "rel-0.2", "rel-0.3"]
    )


def test_the_id_of_a_pipeline_comes_before_its_commit(tmp_path, put):
    runs = [
        {"commit_sha": f"{n}f" * 20, "ppl_id": f"p-{n}", "created_at": f"2024-03-0{n}T09:00:00Z", "result": "PASSED"}
        for n in (5, 6)
    ]
    made = create_dataset(tmp_path / "m", put(incidents__csv=INCIDENTS, pipelines__json=json.dumps(runs)))
    assert made.dataset.changes["change_id"].tolist() == ["p-5", "p-6"]


def test_versions_of_several_packages_are_told_apart_by_their_lists():
    frame = rows(list=["till", "till", "shop"], version=["1.0", "1.1", "1.0"], note=["a", "b", "c"])
    assert id_columns.numbers_within("changes", frame, {}, []) == ("list", "version")
    assert not id_columns.numbers_within("changes", frame.assign(sha256=["a1", "b2", "c3"]), {}, [])
    assert id_columns.numbers_within("incidents", frame, {}, []) == ()


def test_rows_of_a_log_by_its_name_get_ids_where_the_id_repeats_and_of_crews_none_is_taken(tmp_path, put):
    rows = "id,nature,date\n" + "".join(f"{n % 4},The train {n} was late today,2024-03-0{n}\n" for n in range(1, 9))
    section = create_dataset(tmp_path / "m", put(incident__csv=rows)).draft.sections["incidents"]
    assert next(line for line in section.lines if line.key == "id_from").value.startswith('["date"')
    scans = [
        {"timestamp": f"2024-03-0{n % 4 + 1}T09:00:00Z", "incident": "long_queue", "scanner": f"S{n % 3}", "size": n}
        for n in range(9)
    ]
    section = create_dataset(tmp_path / "n", put(incident_log__json=json.dumps(scans))).draft.sections["incidents"]
    assert {"title", "started_at"} <= {guess.what for guess in section.guesses}
    calls = [{"opened": f"2024-03-05 09:0{n}", "Units": f"A{n};", "Level": n} for n in range(6)]
    section = create_dataset(tmp_path / "o", put(incidents__json=json.dumps(calls))).draft.sections["incidents"]
    assert "incident_id" not in {guess.what for guess in section.guesses}


def test_a_time_of_day_is_no_id():
    chosen: dict[str, Guess] = {}
    frame = rows(hora_salida=["10:07", "11:02", "12:45"], note=["a", "a", "a"])
    id_columns.by_cells("incidents", frame, chosen, time_cells.TimeCells(frame, "UTC"))
    assert chosen == {}


def test_times_of_day_are_no_ids(tmp_path, put):
    rows = "hour,outage on,cause\n" + "".join(
        f"0{n}:47:00,2024-03-0{n} 0{n}:47,Storm on line {n}\n" for n in range(1, 6)
    )
    section = create_dataset(tmp_path / "m", put(outages__csv=rows)).draft.sections["incidents"]
    assert "incident_id" not in {guess.what for guess in section.guesses}


def test_ids_that_repeat_as_a_spreadsheet_shortened_them_say_so():
    texts = pd.Series(["2.02403E+11"] * 3)
    why = id_columns.distinct(texts, texts, pd.DataFrame({"ticket": texts}))[1]
    assert why == "it repeats, as a spreadsheet has shortened it: '2.02403E+11' is in 3 rows"


def test_a_log_of_works_by_its_name_has_rows_of_a_time_and_a_word(tmp_path, put):
    rows = "timestamp,repair\n" + "".join(f"2024-03-0{n} 09:00:00,Getriebe\n" for n in (1, 2, 3))
    incidents = "incident_id,started_at\na,2024-03-02T12:00:00Z\n"
    made = create_dataset(tmp_path / "m", put(incidents__csv=incidents, maintenance_log__csv=rows))
    assert len(made.dataset.changes) == 3
    with pytest.raises(InputError, match=r"no column of it is|nothing says what its rows are"):
        create_dataset(tmp_path / "n", put(incidents__csv=incidents, samples__csv=rows))


@pytest.mark.parametrize("id", ["id", "ID", "Id"])
def test_the_id_of_a_job_is_that_of_something_else_next_to_an_id(id):
    frame = rows(**{id: ["a", "b"], "JobID": ["shop", "till"]})
    assert id_columns.counts_or_names_others("JobID", frame)
    assert not id_columns.counts_or_names_others("JobID", frame.drop(columns=id))
