"""The one list of column names and JSON keys that say who did something.

People are not causes, so readers leave these fields out of what they keep of a record (:func:`is_person_field`), and
masking gives a pseudonym to whoever a column of such a name holds (:func:`names_people`).
"""

from __future__ import annotations

import re

PERSON_KEYS = frozenset(("accountId", "emailAddress", "email", "slack_user_id"))
"""An object of a vendor's record with one of these keys is a person."""

# Fields of vendors' records: whatever is below them is people.
_FIELDS = (
    r"(sys_)?(acknowledged|activated|assigned|changed|checked_in|closed|created|last_changed|last_modified|last_status_change|merged"
    r"|modified|opened|requested|resolved|triggered|updated)"
    r"_(by|for|to)(_users?)?(_(names?|ids?|logins?|emails?))?|acknowledge(rs?|ments)|actor|agent|assign(ees?|ments)|authors?|caller(_id)?|commander|committer"
    r"|creator|creador|criador|emails?|incident_role_assignments|login|members?|owner|participants|pusher|reporter|requested_reviewers"
    r"|responders|subscribers|user(s|name)?|watch_list|watchers?|work_notes_list"
)
# What companies also call a column of people in a log of their own. Vendors use some of these words for other things.
_MORE_COLUMNS = (
    r"(approv|deploy|review|own|acknowledg|assign|request|execut|perform|submitt|merg|lead|declar)\w*_(by|to)(_name)?"
    r"|approvers?|reviewers?|(tech|incident|team)_lead|lead|on_?call(_engineer)?|engineers?|operators?|person|people"
    r"|incident_(commander|manager|owner|lead)|first_?name|last_?name|full_?name|sur_?name|contact(_person|_name)?|requesters?|driver"
    r"|(\w+_)?managers?|scribe|who|whom|paged(_person|_users?)?|pager_user|submitters?|resolvers?|technicians?|responsible(_person)?|commanders?"
    r"|customer_name|communications(_lead)?|staff|employees?|colleagues?|individuals?|handled_by|seen_by|found_by|done_by|(\w+_)?(engineer|developer|dev|admin)_name"
    r"|(\w+_)?(bearbeiter|ersteller|melder|mitarbeiter|verantwortlicher?|zustaendiger?|zuständiger?|ansprechpartner|entwickler|autor|freigeber|pruefer|prüfer"
    r"|vorgesetzter?|kollegen?|besitzer|eigentuemer|eigentümer|erstellt_von|gemeldet_von|bearbeitet_von|geaendert_von|geändert_von|zugewiesen_an)(in|innen|/in|\*in)?(_name)?"
    r"|auteur|technicien(ne)?|t[eé]cnic[oa]s?|moderators?|attribu[ée]e?_[àa]|assign[ée]e?_[àa]"
    r"|(quem|quien|qui|wer)_\w+|atribu[ií]d[oa]_a|asignad[oa]_a|responsable|auteurs|demandeur|rapporteur|autores?|responsavel|responsável|solicitante|persona|usuario|usuário|utilisateur|autore|medewerker|behandelaar|melder"
    r"|autor_zmiany|wykonal|osoba|ansvarig|ansvarlig|担当者|负责人|負責人|作者|담당자|автор|ответственный|исполнитель|сотрудник"
)
_FIELD, _COLUMN = re.compile(_FIELDS), re.compile(f"{_FIELDS}|{_MORE_COLUMNS}")


def is_person_field(name: str) -> bool:
    """Whether a field of a vendor's record, by its name, says who did something; of a name with dots its last part does."""
    return _FIELD.fullmatch(_snake_case(name.rpartition(".")[2])) is not None


def names_people(column: str) -> bool:
    """Whether a column, by its name, holds people: ``assigned_to``, ``Opened by``, ``reviewer.name``."""
    parts = [_snake_case(part.strip()) for part in re.split(r"\.| - ", column)]
    # ServiceNow marks a company's own fields with u_.
    return any(_COLUMN.fullmatch(part.removeprefix("u_")) is not None for part in parts)


def _snake_case(name: str) -> str:
    """``createdBy``, ``Created by``, ``created_by``, Remedy's ``Created by*+`` and a second ``Created by (2)`` are one name."""
    name = re.sub(r" \(\d+\)$", "", name).rstrip("*+: ")
    return re.sub(r"[\s_-]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)).lower()
