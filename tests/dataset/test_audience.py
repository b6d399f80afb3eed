"""For whom a report is: what is planted in every field of a dataset is looked for in every byte that a run leaves."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from conftest import CHANGES, INCIDENTS, TOML
from few_draws import expect_from_few

import aftershock
from aftershock import figures
from aftershock.cli import app
from aftershock.dataset.audience import for_audience, masked_in_words
from aftershock.dataset.writeups import read_writeup
from aftershock.output.file_names import file_name
from aftershock.rendering import batch, jobs, kernels
from aftershock.rendering.job import Job, Result
from aftershock.rendering.site import index
from aftershock.reports.explore import Explorer
from aftershock.reports.notebook_parameters import ExploreParameters, PostmortemParameters, check
from aftershock.reports.postmortem import PostmortemReport
from aftershock.schema.errors import InputError, UsageError

AUTHORS = ["Alice Miller <amiller7@plant.example.org>", "Bob Oyelaran", "zdenka", "Ünsal"]
NAMES = ["Alice Miller", "Miller", "amiller7", "Oyelaran", "zdenka", "Ünsal", "Hrvoje"]
ID = "INC-7 carol@plant.example.org"
FILE = "incidents of frank@plant.example.org.json"
FOLDER = "shop of erin@plant.example.org"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIplantedplantedplantedplanted\n-----END RSA PRIVATE KEY-----"


def planted(field: str, n: int) -> str:
    """A text with one of everything, told apart by field."""
    token = "ghp_" + f"{field}{n}plantZk3Qv8Wt5Ym2Rb7Nc4Hd9Jf6Lg1Ps0Xa".replace("_", "0")[:36]
    return (
        f"{field} fails; write {field}{n}@plant.example.org, {token}, password=plant{field}{n}!, 10.77.{n}.9, "
        f"fd00:77::{n}, db{n}.plant.internal, https://app:plantpw{n}@db.plant.example.org/, /home/plant{n}/x, "
        f"by {AUTHORS[n % 4].split(' <')[0]}"
    )


SECRET = [r"@plant\.", r"ghp_", r"=plant", r"plantpw", r"/home/plant", "plantedplanted"]
PLACES = [r"10\.77\.", r"fd00:77", r"plant\.internal", r"plantcorp"]


def dataset(folder: Path) -> Path:
    (folder / "postmortems").mkdir(parents=True)
    texts = {f: planted(f, n) for n, f in enumerate(("title", "description", "severity", "environment", "url", "note"))}
    began = ["2024-01-10T12:00:00Z", "2024-01-20T12:00:00Z", "2024-02-10T12:00:00Z"]
    ids = [ID, "INC-8", "INC-9"]
    incidents = [
        {"incident_id": i, "started_at": at, **texts, "services": [f"api{n}.plantcorp.internal:5432", planted("service", 7)],
         "caused_by": ["CHG-1 dave@plant.example.org"], "caused_by_source": planted("source", 8), "assigned_to": "Hrvoje Horvat",
         f"extra {planted('key', 9)}": planted("extra", 10)}
        for n, (i, at) in enumerate(zip(ids, began, strict=True))
    ]  # fmt: skip
    incidents.append({"incident_id": "", "started_at": began[0], "title": planted("rejected", 11)})
    changes = [
        {"change_id": f"CHG-{n} dave@plant.example.org", "started_at": at.replace("12:00", "11:4" + str(n)), "kind": planted("kind", 12),
         "services": ["api0.plantcorp.internal:5432"], "title": planted("change", 13), "description": planted("what", 14) + KEY,
         "author": AUTHORS[n], "paths": [planted("path", 15)], "repository": planted("repository", 16), "url": planted("url", 17),
         "reverts": ["CHG-1 dave@plant.example.org"], "reviewer": AUTHORS[3]}
        for n, at in enumerate([*began, "2024-01-10T12:00:00Z"])
    ]  # fmt: skip
    edges = [{"service": "web", "depends_on": "api0.plantcorp.internal:5432", "source": planted("edge", 18)}]
    for name, rows in ((FILE, incidents), ("changes.json", changes), ("services.json", edges)):
        (folder / name).write_text(json.dumps(rows))
    (folder / "verdicts.csv").write_text(
        f'incident_id,change_id,decided_by,decided_at,note\n{ID},CHG-0 dave@plant.example.org,Bob Oyelaran,2024-03-01,"{planted("verdict", 19)}"\n'
    )
    (folder / "truth.csv").write_text(
        f"incident_id,cause,change_ids,method\n{ID},change_in_log,CHG-0 dave@plant.example.org,{planted('method', 27).replace(',', ' ')}\n"
    )
    (folder / "dataset.toml").write_text(
        f'name = "Shop of {planted("name", 20)}"\ndescription = "{planted("about", 21)}"\n'
        f'[incidents]\npath = "{FILE}"\nformat = "json"\n[changes]\npath = "changes.json"\nformat = "json"\n'
        '[services]\npath = "services.json"\nformat = "json"\n[attribution]\nobserved = ["2024-01-01", "2024-02-28"]\n'
    )
    (folder / "postmortems" / f"{file_name(ID)}.md").write_text(
        f"{planted('top', 22)}\n\n## Narrative\n\n{planted('story', 23)}\n\n{KEY}\n\n`{planted('code', 24)}`\n\n## Action items\n\n"
        f"| action | owner | due | ticket |\n|---|---|---|---|\n| {planted('action', 25)} | zdenka | 2024-01-30 | {planted('ticket', 26)} |\n"
        "| split the table | platform team | 2024-01-30 | T-1 |\n"
    )
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return expect_from_few(dataset(tmp_path_factory.mktemp("somewhere-on-this-machine") / FOLDER))


def rendered(planned: list[Job], output: Path) -> Path:
    assert [r.error for r in batch.render(planned, output)] == [""] * len(planned)
    index.write_site(output)
    return output


@pytest.fixture(scope="module")
def public(folder, tmp_path_factory) -> Path:
    """One report of every kind."""
    planned = [
        *jobs.incidents(folder, [ID], "public"),
        *jobs.month(folder, "2024-01", with_incidents=False, audience="public"),
        *jobs.check_model(folder, labels=folder / "truth.csv", folds=0, audience="public"),
        *jobs.quality(folder, "public"),
    ]
    return rendered(planned, tmp_path_factory.mktemp("public"))


@pytest.fixture(scope="module")
def internal(folder, tmp_path_factory) -> Path:
    """The report that shows most, and that of the rows that could not be used."""
    planned = [*jobs.incidents(folder, [ID], "internal"), *jobs.quality(folder, "internal")]
    return rendered(planned, tmp_path_factory.mktemp("internal"))


@cache
def everything(output: Path) -> dict[str, str]:
    """Every file that a run left, with what is packed in it unpacked and what is escaped in it written out."""
    found = {}
    for path in sorted(p for p in output.rglob("*") if p.is_file()):
        text = path.read_bytes().decode()
        packed = re.findall(r">\s*(H4sI[A-Za-z0-9+/=]{40,})\s*<", text)
        parts = [gzip.decompress(base64.b64decode(p)).decode() for p in packed if len(p) < 500_000]
        whole = "\n".join([str(path.relative_to(output)), re.sub(r"H4sI[A-Za-z0-9+/=]{40,}", "", text), *parts])
        written_out = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), whole).replace("\\/", "/")
        ways = (whole, html.unescape(whole), written_out, unquote(whole))
        lines = dict.fromkeys(line for way in ways for line in way.split("\n"))  # most read the same in each way
        found[str(path.relative_to(output))] = "\n".join(lines)
    return found


def leaks(output: Path, patterns: list[str]) -> dict[str, set[str]]:
    searched = re.compile("|".join(patterns), re.IGNORECASE)
    found = {name: set(searched.findall(text)) for name, text in everything(output).items()}
    return {name: seen for name, seen in found.items() if seen}


def test_the_search_looks_into_every_product(public):
    """Pages, numbers and the index; a word of a figure's data proves that the packed parts are read."""
    files = everything(public)
    reports = [
        f"{SHELF}/check",
        f"{SHELF}/quality",
        f"{SHELF}/2024-01/index",
        f"{SHELF}/incidents/{file_name(shown())}",
    ]
    assert set(files) == {"index.html", "feed.xml", *(f"{r}{ending}" for r in reports for ending in (".html", ".json"))}
    assert all('"hovertext"' in files[f"{report}.html"] for report in reports)


def shown() -> str:
    return "INC-7 [mail 10]"


SHELF = file_name("shop of [mail 1]")


def test_a_public_report_gives_nothing_away(public, folder):
    machine = [
        re.escape(str(folder)),
        re.escape(str(Path.home())) + "/",
        "somewhere-on-this-machine",
        r"report\.\w+\(\)",
    ]
    assert leaks(public, [*SECRET, *PLACES, *map(re.escape, NAMES), *machine, "traceback", "papermill"]) == {}


def test_an_internal_report_hides_secrets_and_people_and_shows_places_and_code(internal, folder):
    machine = [re.escape(str(folder)), "somewhere-on-this-machine"]
    assert leaks(internal, [*SECRET, *map(re.escape, ("Alice Miller", "Oyelaran", "Ünsal", "Hrvoje")), *machine]) == {}
    found = set().union(*leaks(internal, [*PLACES, r"report\.\w+\(\)"]).values())
    assert {"10.77.", "plant.internal", "report.summary()"} <= found


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_masked_reports_stay_readable(request, audience):
    page = everything(request.getfixturevalue(audience))[f"{SHELF}/incidents/{file_name(shown())}.html"]
    for word in (
        "[mail 1]",
        "[token 1]",
        "[password 1]",
        "[key 1]",
        "[login 1]",
        "/home/[home 1]",
        "person 1",
        "platform team",
    ):
        assert word in page
    assert ("[ip 1]" in page) == ("[host 1]" in page) == (audience == "public")


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_links_lead_to_reports_of_masked_ids(request, audience):
    output = request.getfixturevalue(audience)
    for path in output.rglob("*.html"):
        for href in re.findall(r'<a [^>]*href="([^"#:]+)"', path.read_text()):
            assert (path.parent / href).exists(), (path, href)
    numbers = json.loads((output / SHELF / "incidents" / f"{file_name(shown())}.json").read_text())
    assert numbers["report"]["identifier"] == shown()
    assert numbers["report"]["audience"] == audience
    assert numbers["suspects"][0]["change_id"].startswith("CHG-")


def test_a_private_report_has_everything_and_authors_when_asked(folder):
    values = {"dataset": str(folder), "incident_id": ID, "audience": "private", "show_authors": True}
    parameters, data = check(PostmortemParameters, values)
    report = PostmortemReport(data, parameters)
    text = report.suspects_table(report.suspects).text
    assert "Bob Oyelaran" in text
    assert "change13@plant.example.org" in text
    assert "Bob" not in PostmortemReport(data, parameters.model_copy(update={"show_authors": False})).facts().text


def test_authors_in_an_internal_report_are_pseudonyms(folder):
    values = {"dataset": str(folder), "incident_id": ID, "show_authors": True}
    parameters, data = check(PostmortemParameters, values)
    report = PostmortemReport(data, parameters)
    text = report.suspects_table(report.suspects).text
    assert re.search(r"person \d", text)
    assert not re.search("Bob|zdenka", text)


def test_explore_goes_through_the_same_gate(folder):
    _, data = check(
        ExploreParameters, {"dataset": str(folder), "audience": "public", "service": "api0.plantcorp.internal:5432"}
    )
    explorer = Explorer(data, ExploreParameters(dataset=str(folder), service=check_service(data)))
    for shown_block in (explorer.summary(), explorer.incidents_table(explorer.incidents), explorer.incident_title()):
        assert not re.search("|".join([*SECRET, *PLACES, *NAMES]), shown_block.text, re.IGNORECASE)
    figure = json.dumps(
        figures.timeline(explorer.incidents, explorer.changes, zone=explorer.zone).to_plotly_json(), default=str
    )
    assert not re.search("|".join([*SECRET, *PLACES]), figure)


def check_service(data) -> str:
    return data.incidents["services"].iloc[0][0]


def test_an_id_that_holds_a_secret_may_be_given_either_way(folder):
    given = [
        check(PostmortemParameters, {"dataset": str(folder), "incident_id": i})[0].incident_id for i in (ID, shown())
    ]
    assert given == [shown(), shown()]


def test_an_unknown_audience_names_those_there_are(folder):
    with pytest.raises(UsageError) as failed:
        check(PostmortemParameters, {"dataset": str(folder), "incident_id": ID, "audience": "publik"})
    assert str(failed.value) == "audience 'publik': expected public, internal or private; the nearest is 'public'"


def test_the_account_tells_where_and_never_what(folder):
    found = for_audience(aftershock.load(folder), "public")
    account = found.masked
    fields = {(r.table, r.field) for r in account.itertuples()}
    for table, field in [("incidents", "title"), ("incidents", "services"), ("changes", "author"), ("changes", "paths"),
                         ("verdicts", "note"), ("dependencies", "source"), ("settings", "name"), ("incidents", "assigned_to")]:  # fmt: skip
        assert (table, field) in fields
    assert "write-ups" in set(account["table"])
    assert not re.search(
        "|".join([*SECRET, *PLACES, *NAMES]), account.drop(columns="file").to_json(force_ascii=False), re.IGNORECASE
    )
    first = account[(account["field"] == "title") & (account["kind"] == "mail")].iloc[0]
    assert (first["mask"], first["file"], first["id"]) == ("[mail 11]", FILE, shown())
    assert re.match(r"\d people, \d+ mail addresses, ", masked_in_words(account))


def test_the_same_thing_has_the_same_mask_in_every_report(folder):
    one, other = (for_audience(aftershock.load(folder), "public") for _ in range(2))
    assert one.masked.equals(other.masked)
    assert list(one.changes["title"]) == list(other.changes["title"])


def test_numbers_go_by_time_and_stay_when_a_log_grows(write):
    changes = CHANGES.replace("Raise the payments limit", "ask b@example.org")

    def masks(incidents: str) -> list[str]:
        found = for_audience(aftershock.load(write(incidents=incidents, changes=changes)), "internal")
        return found.incidents["title"].tolist() + found.changes["title"].tolist()[:1]

    before = INCIDENTS.replace("Payments fail", "write a@example.org")
    grown = before + "i3,2024-02-11T12:00:00Z,search,write z@example.org\n"
    assert masks(before) == ["write [mail 2]", "Search is empty", "ask [mail 1]"]
    assert masks(grown) == ["write [mail 2]", "Search is empty", "write [mail 3]", "ask [mail 1]"]


COLUMNS = (
    "incident_id,started_at,services,title,api key,pin,phone,host,Bearbeiter,session\n"
    "i1,2024-01-10T12:00:00Z,checkout,Tannenbaum rolled it back,k1,4938,5551234,db7,Uwe Tannenbaum,morning\n"
)


@pytest.mark.parametrize(("audience", "host"), [("public", "[host 1]"), ("internal", "db7")])
def test_cells_are_hidden_whole_where_their_column_says_so(write, audience, host):
    shown = for_audience(aftershock.load(write(incidents=COLUMNS)), audience)
    extras = dict(shown.incidents["extras"].iat[0])
    assert extras == {
        "api key": "[password 1]",
        "pin": "[password 2]",
        "phone": "[phone 1]",
        "host": host,
        "Bearbeiter": "person 1",
        "session": "morning",
    }
    assert shown.incidents["title"].tolist() == ["person 1 rolled it back"]
    told = {(row.kind, row.mask, row.field) for row in shown.masked.itertuples()}
    assert {("password", "[password 1]", "api key"), ("phone", "[phone 1]", "phone")} <= told


def test_a_service_named_after_somebody_of_the_log_names_nobody(write):
    rows = "i1,2024-01-10T12:00:00Z,nowak-api,by nowak\ni2,2024-01-10T13:00:00Z,search,search is slow\n"
    changes = (
        "change_id,started_at,kind,services,title,author\nc1,2024-01-10T11:00:00Z,deploy,nowak-api,x,Ada Nowak\n"
        "c2,2024-01-10T11:30:00Z,deploy,search,x,Bo Search\n"
    )
    shown = for_audience(
        aftershock.load(write(incidents="incident_id,started_at,services,title\n" + rows, changes=changes)), "public"
    )
    assert shown.incidents["services"].tolist() == [["person 1-api"], ["search"]]
    assert shown.incidents["title"].tolist() == ["by person 1", "search is slow"]


def test_ids_that_become_one_are_an_error_with_a_remedy(write):
    rows = "a@example.org,2024-01-10T12:00:00Z,x,y\nA@example.org,2024-01-11T12:00:00Z,x,y\n"
    data = aftershock.load(write(incidents="incident_id,started_at,services,title\n" + rows))
    with pytest.raises(InputError) as failed:
        for_audience(data, "internal")
    assert str(failed.value) == (
        "two ids of incidents are '[mail 1]' once masked for a report that is internal; rename one, or list what is no secret "
        "under [masking] keep in dataset.toml"
    )


def test_settings_name_hosts_roles_and_what_is_no_secret(write):
    more = '[masking]\ninternal_hosts = ["acme.example"]\nroles = ["the gatekeepers"]\nkeep = ["status@example.org"]\n'
    changes = CHANGES.replace(
        "c1,", "c0,2024-01-10T11:00:00Z,deploy,checkout,on ci.acme.example by status@example.org\nc1,", 1
    )
    changes = "\n".join(
        f"{line},{'author' if n == 0 else 'the gatekeepers'}" for n, line in enumerate(changes.splitlines())
    )
    found = for_audience(aftershock.load(write(toml=TOML + more, changes=changes)), "public")
    assert found.changes["title"].iloc[0] == "on [host 1] by status@example.org"
    assert set(found.changes["author"]) == {"the gatekeepers"}


def test_owners_of_action_items_are_pseudonyms_where_they_are_read_and_where_they_are_shown(folder):
    data = for_audience(aftershock.load(folder), "internal")
    path = folder / "postmortems" / f"{file_name(ID)}.md"
    writeup = read_writeup(path, folder, data.mask)
    assert writeup.actions["owner"].tolist() == [data.mask.person("zdenka"), "platform team"]
    assert "zdenka |" not in writeup.sections["action items"]
    assert len(read_writeup(path, folder).actions) == len(writeup.actions)


def test_a_dataset_without_secrets_is_as_it_was(demo):
    """Nothing of the shipped logs is taken for a secret; masks change no number of theirs."""
    for audience in ("internal", "public"):
        found = for_audience(demo, audience)
        assert masked_in_words(found.masked) == ""
        assert found.changes.drop(columns="extras").equals(demo.changes.drop(columns="extras"))


def test_an_executed_notebook_tells_nothing_of_the_machine(write_notebook):
    notebook = write_notebook("small.ipynb", "print(month)")
    executed = nbformat.writes(kernels.run(notebook, {"month": "/srv/somewhere-on-this-machine/2024-01"}))
    assert '"month = \\"…/2024-01\\"' in executed
    assert "papermill" not in executed
    assert executed.count("somewhere-on-this-machine") == 1, "what the cell printed, and nothing else"


def test_the_page_of_a_failure_is_as_discreet(folder):
    (job,) = jobs.incidents(folder, [ID])
    error = InputError(f"incidents.json, line 1: found {planted('title', 1)}")
    pages = {
        a: batch.failure_page(replace(job, page=replace(job.page, audience=a)), error, has_older=False)
        for a in ("public", "internal")
    }
    assert not re.search("|".join([*SECRET, "incidents.json"]), pages["public"])
    assert "Whoever rendered it has the message." in pages["public"]
    assert re.search(r"\[mail \d+\]", pages["internal"]) and not re.search("|".join(SECRET), pages["internal"])


def test_postmortem_parameters_default_to_internal(folder):
    assert PostmortemParameters(dataset="x", incident_id="y").audience == "internal"


# decisions and commands


def small(write, **more: str) -> Path:
    incidents = INCIDENTS.replace("i1,", "i1 ann@example.org,").replace("Payments fail", "token ghp_" + "a1B2" * 9)
    return write(incidents=incidents, changes=CHANGES.replace("c1,", "c1 bo@example.org,"), **more)


def test_a_verdict_is_written_with_ids_of_the_log(write):
    folder = small(write)
    parameters, data = check(ExploreParameters, {"dataset": str(folder), "incident_id": "i1 ann@example.org"})
    explorer = Explorer(data, parameters)
    shown_change = next(c for c in explorer.suspects["change_id"] if c.startswith("c1"))
    assert (explorer.incident_id, shown_change) == ("i1 [mail 2]", "c1 [mail 1]")
    said = explorer.decide(explorer.incident_id, shown_change, by="incident review").text
    assert "@example.org" not in said and "i1 [mail 2]" in said
    assert (folder / "verdicts.csv").read_text().splitlines()[1].startswith("i1 ann@example.org,c1 bo@example.org,")
    assert explorer.dataset.verdicts["change_id"].tolist() == ["c1 [mail 1]"]
    assert "@example.org" not in explorer.incidents_table(explorer.incidents).text


def command(monkeypatch, capsys, *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["aftershock", *arguments])
    with pytest.raises(SystemExit) as ended:
        app.run()
    return ended.value.code, "".join(capsys.readouterr())


def test_whoever_renders_is_told_what_was_hidden(write, tmp_path, monkeypatch, capsys):
    folder = small(write)
    monkeypatch.setattr(batch, "render", lambda planned, *_, **__: [Result(job, True, 0.0) for job in planned])
    output = tmp_path / "out"
    assert command(monkeypatch, capsys, "report", "quality", str(folder), "--output", str(output)) == (
        0,
        f"1 of 1 reports rendered: {output}/index.html\n"
        f"masked in {folder.name} (internal): 2 mail addresses and 1 token; aftershock masked {folder} --audience internal "
        "says where\n",
    )
