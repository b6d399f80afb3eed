"""What the cells of a column say of its name's claim."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.schema.tables import TEXT
from aftershock.wizard.column_cells import weigh


@pytest.mark.parametrize(
    ("canonical", "cells", "worth", "why"),
    [
        ("severity", ["high", "low", "high"], 1.0, ""),
        ("severity", ["The shop was down", "Search was slow again", "All is well now"], 0.0, "holds sentences"),
        ("severity", ["7 % of orders (about 40 a minute)"], 0.0, "holds phrases"),
        ("severity", ["3 - moderate, one site"] * 4, 1.0, ""),
        ("environment", ["main", "feature/cart", "develop", "main"], 0.0, "names branches"),
        ("environment", ["alpha", "beta", "gamma", "delta"], 0.0, "names no environment"),
        ("environment", ["prod", "staging", "eu-live", "qa", "dev"], 1.0, ""),
        (
            "status",
            ["Lara", "Zulia", "Nueva Esparta", "Aragua", "Sucre", "Falcón", "Yaracuy", "Vargas"],
            0.0,
            "names no states",
        ),
        ("status", ["Waiting for Ana", "Level 2", "Open", "Closed", "A", "B", "C", "D"], 1.0, ""),
        ("author", ["7.0.x", "6.2.x", "6.1.x"], 0.0, "holds versions"),
        ("title", ["7.0.1", "7.0.2-rc1"], 0.8, "holds versions"),
        ("title", ["5f64bfed25d7ab4ae0840357ec56890f4da27def"], 0.0, "holds ids"),
        ("services", ["https://git.example/shop", "https://git.example/web"], 0.0, "holds links"),
        (
            "services",
            ["LOW | The gateway (for mails) refuses", f"The pages of the shop {'hardly ' * 6}answer"],
            0.0,
            "holds sentences",
        ),
        ("services", ["Pump House East 2", "Room of the Old Kiln", "Core Switch A"], 1.0, ""),
        ("services", ["The shop was down", "Search was slow again", "All is well now"], 0.0, "holds sentences"),
        ("services", ["1", "2", "3.0"], 0.6, "holds numbers only"),
        ("services", ["web"] * 6, 0.9, "the same in every row"),
        ("services", ["web", "db", *[""] * 60], 0.7, "hardly a row has it"),
        ("status", ["1", "4", "4"], 0.85, "holds numbers only"),
        ("title", ["No summary"] * 6, 0.8, "the same in every row"),
        ("title", ['{"a": 1}', '{"b": 2}'], 0.0, "holds objects"),
        ("author", ["1234567890", "1234567891"], 0.0, "holds numbers or links"),
        ("author", ["True", "False"], 0.0, "holds yes and no"),
        ("caused_by", ["a bad config push", "nobody really knows"], 0.0, "holds sentences"),
        ("paths", ["https://files.example/a.zip", "https://files.example/b.zip"], 0.0, "holds links"),
        ("url", ["DEP-1", "DEP-2"], 0.0, "holds no links"),
        ("url", ["/runs/1", ""], 1.0, ""),
        ("started_at", ["", ""], 0.0, "it is empty"),
        ("finished_at", ["", ""], 0.75, "empty"),
    ],
)
def test_cells_that_cannot_be_what_their_column_is_called_are_weighed_down(canonical, cells, worth, why):
    texts = pd.Series(cells, dtype=TEXT)
    assert weigh(canonical, "text", texts, pd.DataFrame({"c": texts})) == (worth, why)


def test_numbers_are_asked_of_a_column_of_numbers():
    texts = pd.Series(["1", "2.5", "3"], dtype=TEXT)
    assert weigh("size", "number", texts, pd.DataFrame({"c": texts})) == (1.0, "holds numbers")
    words = pd.Series(["small", "large"], dtype=TEXT)
    assert weigh("size", "number", words, pd.DataFrame({"c": words})) == (0.0, "")


def test_numbers_of_what_was_affected_are_no_services():
    hit = pd.Series(["Count", *(str(50 * n) for n in range(20))], dtype="str")
    assert weigh("services", "list", hit, pd.DataFrame({"CUSTOMERS.AFFECTED": hit}))[0] < 0.65


@pytest.mark.parametrize(
    ("name", "words", "worth"), [("service", "Test", 0.75), ("service", "prod", 0.0), ("app", "Test", 0.0)]
)
def test_a_service_may_be_called_like_an_environment_that_is_not_live(name, words, worth):
    cells = pd.Series([words, "Demo"], dtype=TEXT, name=name)
    assert weigh("services", "list", cells, pd.DataFrame({name: cells}))[0] == worth


def test_files_are_no_services():
    cells = pd.Series(["C:\\Windows\\System32\\svchost.exe", "C:\\Program Files\\till.exe", "shop"], dtype=TEXT)
    assert weigh("services", "list", cells, pd.DataFrame({"application": cells})) == (0.0, "holds files")


def test_a_state_beside_a_city_is_one_of_a_country():
    rows = pd.DataFrame({"estado": ["SP", "BA", "RJ"], "cidade": ["Santos", "Ilhéus", "Paraty"]}, dtype=TEXT)
    assert weigh("status", "text", rows["estado"], rows) == (0.0, "names no states")
    told = rows.assign(estado=pd.Series(["Aberto", "Fechado", "Aberto"], dtype=TEXT))
    assert weigh("status", "text", told["estado"], told)[0] > 0


def test_words_beside_a_town_are_those_of_a_country_unless_the_column_is_of_a_status():
    rows = pd.DataFrame(
        {"state": ["Kano", "Oyo"], "outage_status": ["Crew at work", "Work assigned"], "municipality": ["A", "B"]}
    )
    assert [weigh("status", "text", rows[n].astype("str"), rows)[0] for n in ("state", "outage_status")] == [0.0, 1.0]


def test_numbers_of_stages_are_no_states():
    rows = pd.DataFrame({"stage": ["1.0", "0.0"], "status": ["1", "2"]})
    assert weigh("status", "word", rows["stage"], rows)[0] == 0
    assert weigh("status", "word", rows["status"], rows)[0] > 0.8


def test_numbers_next_to_their_words_are_no_states():
    frame = pd.DataFrame({"status": ["1", "2"], "status_text": ["success", "error"]}, dtype=TEXT)
    assert weigh("status", "word", frame["status"], frame) == (0.0, "numbers of words that stand beside")
    assert weigh("status", "word", frame["status"], frame[["status"]])[0] == 0.85


def test_many_words_are_states_where_most_are_known_as_such():
    known = ["planned", "rejected", "skipped", "done", "failed", "queued", "draft", "merged", "cancelled", "deployed"]
    words = pd.Series(
        [f"{word}{more}" for word in known for more in ("", " by hand", " again")], name="state", dtype=TEXT
    )
    assert weigh("status", "text", words, words.to_frame())[0] == 1.0
    others = pd.Series([f"word {n}" for n in range(30)], name="state", dtype=TEXT)
    assert weigh("status", "text", others, others.to_frame())[0] == 0.0


def test_what_an_impact_was_is_no_grade():
    rows = pd.DataFrame({"Impact": ["mail late for 45 min", "tiles slow"], "impact": ["high", "low"]}, dtype=TEXT)
    assert weigh("severity", "word", rows["Impact"], rows) == (0.0, "holds phrases")
    assert weigh("severity", "word", rows["impact"], rows)[0] > 0.8


def test_a_column_with_usual_names_of_environments_comes_before_one_without():
    for cells, worth in ((["shop", "shop"], 0.85), (["prod-eu-1", "staging-1"], 1.0), (["Produktion", "Abnahme"], 1.0)):
        texts = pd.Series(cells, dtype=TEXT)
        assert weigh("environment", "text", texts, texts.to_frame("namespace"))[0] == worth
