"""Deployments from the history that each Application of Argo CD keeps."""

from __future__ import annotations


def application(*history: dict, name: str = "web", namespace: str = "argocd") -> dict:
    source = {"repoURL": "https://x.example/us/web"}
    entries = [{"source": source, **entry} for entry in history]
    return {"metadata": {"name": name, "namespace": namespace}, "status": {"history": entries}}


def deployed(id: int, at: str, revision: str, **more: object) -> dict:
    return {"id": id, "deployedAt": f"2024-01-10T{at}:00Z", "revision": revision, **more}


def test_a_deployment_is_a_row_with_the_time_that_it_took(read):
    raw = read(
        "argocd",
        application(
            deployed(2, "13:00", "b" * 40, deployStartedAt="2024-01-10T12:58:00Z"), deployed(1, "12:00", "a" * 40)
        ),
    )
    rows = raw.frame.set_index("change_id")
    assert rows.index.tolist() == ["web/1", "web/2"], "the oldest first"
    assert rows.loc["web/2", ["started_at", "finished_at"]].tolist() == ["2024-01-10T12:58:00Z", "2024-01-10T13:00:00Z"]
    assert rows.loc["web/1", "started_at"] == "2024-01-10T12:00:00Z"


def test_an_earlier_revision_takes_back_the_deployment_before_it(read):
    history = [deployed(n, f"1{n}:00", revision * 40) for n, revision in enumerate("aba", 1)]
    raw = read("argocd", application(*history))
    assert [list(r) for r in raw.frame["reverts"]] == [[], [], ["web/2"]]


def test_a_deployment_that_is_in_two_exports_counts_once_and_one_that_was_counted_anew_is_another(read):
    first, again = application(deployed(1, "12:00", "a" * 40)), application(deployed(1, "18:00", "c" * 40))
    raw = read("argocd", first, first, again)
    assert raw.frame["change_id"].tolist() == ["web/1", "web/1@2024-01-10T18:00:00Z"]
    assert [one.reason for one in raw.folded].count("repeated_record") == 1


def test_an_application_of_another_namespace_says_so_and_one_without_history_is_no_row(read):
    raw = read("argocd", application(deployed(1, "12:00", "a" * 40), namespace="team"), application(name="idle"))
    assert raw.frame["change_id"].tolist() == ["team/web/1"]
    assert [one.into for one in raw.folded] == ["web: its history holds the rows", "no row: idle has no deployments"]
