"""Column names in the words of other logs and other languages."""

from __future__ import annotations

import pytest

from aftershock.wizard import synonyms


@pytest.mark.parametrize(
    ("table", "name", "column"),
    [
        ("incidents", "Ticket-Nr.", "incident_id"),
        ("incidents", "StartZeit", "started_at"),
        ("incidents", "started_at_utc", "started_at"),
        ("changes", "startTimeMillis", "started_at"),
        ("incidents", "Outage.CreationDateTime", "started_at"),
        ("incidents", "Date de résolution", "resolved_at"),
        ("incidents", "Affected Service(s)", "services"),
        ("incidents", "fields.summary", "title"),
        ("incidents", "Service [list]", "services"),
        ("incidents", "Korte omschrijving", "title"),
        ("incidents", "Sistema afectado", "services"),
        ("incidents", "Störungsbeschreibung", "description"),
        ("incidents", "Betroffenes System", "services"),
        ("incidents", "Betroffene Anwendung(en)", "services"),
        ("incidents", "Sistemi impattati", "services"),
        ("incidents", "Qual serviço foi afetado?", "services"),
        ("incidents", "affectedEntityDefinition.name", "services"),
        ("incidents", "Fecha y hora de apertura", "started_at"),
        ("incidents", "Aberto(a)", "started_at"),
        ("incidents", "Data Conclusão", "resolved_at"),
        ("incidents", "Custom field (Incident start time)", "started_at"),
        ("changes", "moduleInfo.cd.serviceIdentifiers", "services"),
        ("incidents", "Postižená služba", "services"),
        ("incidents", "Påverkat system", "services"),
        ("incidents", "Öncelik", "severity"),
        ("incidents", "severity_priority", "severity"),
        ("incidents", "affected_microservice", "services"),
        ("incidents", "affected_nodes", "services"),
        ("incidents", "source_ci", "services"),
        ("incidents", "system_area", "services"),
        ("incidents", "failure_description", "description"),
        ("incidents", "motivo", "title"),
        ("incidents", "Apparato", "services"),
        ("incidents", "关联设备", "services"),
        ("incidents", "故障现象", "title"),
        ("incidents", "victim_repos", "services"),
        ("incidents", "culprit_commit", "caused_by"),
        ("incidents", "risk_band", "severity"),
        ("incidents", "How severe was it?", "severity"),
        ("incidents", "Description of the incident", "description"),
        ("changes", "Deployment ID", "change_id"),
        ("changes", "Deployed At", "started_at"),
        ("changes", "Projet", "services"),
        ("changes", "apps", "services"),
        ("changes", "What", "title"),
        ("changes", "commit message", "title"),
        ("dependencies", "caller", "service"),
        ("dependencies", "target", "depends_on"),
        ("incidents", "attributes.header", "title"),
        ("incidents", "alertRule", "title"),
        ("incidents", "monitorCondition", "status"),
        ("incidents", "serviceKeys", "services"),
        ("incidents", "Clave de incidencia", "incident_id"),
        ("incidents", "Vorgangsschlüssel", "incident_id"),
        ("incidents", "Clé de ticket", "incident_id"),
    ],
)
def test_columns_in_other_words(table, name, column):
    fits = {c: synonyms.likeness(table, c, name) for c in synonyms.SYNONYMS[table]}
    assert max(fits, key=fits.get) == column and fits[column] >= 0.7


def test_an_id_in_capitals_is_no_title():
    assert [synonyms.likeness("changes", "title", name) for name in ("LogID", "eventId")] == [0.0, 0.0]


def test_when_it_was_made_is_a_start_in_spanish_and_portuguese():
    assert min(synonyms.likeness("incidents", "started_at", name) for name in ("Criado", "Creado", "Creada")) > 0.8


def test_a_code_of_a_service_is_one_and_a_scope_is_none():
    assert synonyms.likeness("incidents", "services", "service_code") > 0.8
    assert synonyms.likeness("incidents", "services", "error_code") < 0.6
    assert synonyms.likeness("incidents", "services", "service_scope") < 0.6


def test_a_pipeline_names_the_service_rather_than_one_of_its_jobs():
    named = [
        synonyms.likeness("changes", "services", name) for name in ("pipeline_name", "pipeline", "job_name", "job")
    ]
    assert named == sorted(named, reverse=True)
