from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aftershock.output.file_names import file_name, file_names
from aftershock.schema.errors import UsageError

IDS = st.text(st.characters(codec=None), max_size=120) | st.from_regex(r"[a-z0-9._-]{1,90}", fullmatch=True)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@pytest.mark.parametrize("identifier", ["inc-104", "2025-03", "a", "v1.2_rc-3", "0" * 80])
def test_tame_id_is_its_own_name(identifier):
    assert file_name(identifier) == identifier


@pytest.mark.parametrize(
    ("identifier", "slug"),
    [
        ("INC-104", "inc-104"),
        ("Zürich / 12:30", "zurich-12-30"),
        ("../../etc/passwd", "etc-passwd"),
        ("inc-1\n", "inc-1"),
        ("trailing.", "trailing"),
        ("con", "con"),
        ("nul.txt", "nul-txt"),
        ("inc.error", "inc-error"),
        ("A" * 200, "a" * 60),
        ("..", "x"),
        ("", "x"),
        ("事故", "x"),
    ],
)
def test_other_id_becomes_slug_and_hash(identifier, slug):
    assert file_name(identifier) == f"{slug}-{digest(identifier)}"


@given(IDS)
@example("\ud800")
@example("-/../..")
def test_name_stays_in_its_folder(identifier):
    name = file_name(identifier)
    folder = Path("/reports/incidents")
    assert Path(folder, name + ".html").resolve().parent == folder
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-") and not name.startswith((".", "-"))
    assert 0 < len(name) <= 80 and not name.endswith(".")


@given(st.lists(IDS, unique=True, max_size=20))
def test_distinct_ids_have_distinct_names_or_are_refused(identifiers):
    try:
        names = file_names(identifiers)
    except UsageError:
        assert len({file_name(i) for i in identifiers}) < len(identifiers)
    else:
        assert list(names) == identifiers and len(set(names.values())) == len(identifiers)


def test_collision_names_both_ids():
    upper = "INC-1"
    with pytest.raises(UsageError) as caught:
        file_names([upper, f"inc-1-{digest(upper)}"])
    name = f"inc-1-{digest(upper)}"
    assert str(caught.value) == f"'INC-1' and {name!r} would both be written to {name!r}; rename one of them"


def test_same_id_twice_is_no_collision():
    assert file_names(["a", "a"]) == {"a": "a"}
