"""How much of what is planted is found, and how much of what only looks like it is left alone, kind by kind."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import masking_fifth_attack as fifth
import masking_fourth_attack as fourth
import masking_third_attack as third
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from masking_attacks import INNOCENT, NAMED, PLANTED
from masking_corpus import PEOPLE, PUBLIC_ONLY, innocent, planted

from aftershock.dataset.masking import Mask, People
from aftershock.dataset.masking.places import places
from aftershock.dataset.masking.secrets import SECRETS
from aftershock.dataset.masking.seen import seen
from aftershock.output.markdown import Markdown

DOCS = Path(__file__).resolve().parents[3] / "docs" / "reports.md"


def mask(names: tuple[str, ...] = PEOPLE, *, is_public: bool = True) -> Mask:
    people = People(services=("checkout", "payments", "search"))
    people.meet_all(names)
    return Mask((*SECRETS, *places()) if is_public else SECRETS, people)


def left(text: str, secret: str, shown: str) -> list[str]:
    """What is still to be seen of a secret: all of it, or any four signs of it that nothing else in the text has."""
    secret, shown = seen(secret).lower(), re.sub(r"\[[a-z]+ \d+\]", "", seen(shown).lower())
    rest = seen(text).lower().replace(secret, "\0")
    parts = {secret, *(secret[n : n + 4] for n in range(len(secret) - 3))}
    return [part for part in parts if part in shown and part not in rest]


def share_of(attack: ModuleType) -> str:
    public = mask(attack.PEOPLE)
    found = sum(
        not any(left(text, secret, public.text(text)) for secret in secrets) for text, secrets in attack.PLANTED
    )
    named = sum(
        not any(seen(n).lower() in seen(public.text(text)).lower() for n in names) for text, names in attack.NAMED
    )
    kept = sum(public.text(text) == text for text in attack.INNOCENT)
    return f"{found} of {len(attack.PLANTED)} plantings, {named} of {len(attack.NAMED)} forms of names and {kept} of {len(attack.INNOCENT)} innocents"


@pytest.fixture(scope="module")
def public() -> Mask:
    return mask()


@pytest.fixture(scope="module")
def corpus():
    return list(planted())


def test_the_corpus_is_large_enough(corpus):
    assert len(corpus) >= 500 and len({p.text for p in corpus}) >= 450
    assert len(list(innocent())) + len(INNOCENT) >= 500


def test_everything_planted_is_hidden_from_the_public_to_its_end(public, corpus):
    assert [p.text for p in corpus if left(p.text, p.secret, public.text(p.text))] == []


def test_an_internal_report_hides_all_but_places(corpus):
    internal = mask(is_public=False)
    shown = [
        p.text for p in corpus if not p.kind.startswith(PUBLIC_ONLY) and left(p.text, p.secret, internal.text(p.text))
    ]
    assert shown == []


@pytest.mark.parametrize("frame", ["{}", "before\n\n{}\n\nafter"], ids=["alone", "within"])
def test_columns_are_searched_for_all_that_a_rule_finds(corpus, frame):
    texts = [*(p.text for p in corpus), *(t for t, _ in (*PLANTED, *fourth.PLANTED, *fifth.PLANTED)), *NAMED]
    forms = [seen(frame.format(text)) for text in texts]
    missed = [
        (rule.pattern.pattern[:60], form)
        for rule in (*SECRETS, *places())
        for form, hit in zip(forms, pc.match_substring_regex(pa.array(forms), rule.screened).to_pylist(), strict=True)
        if not hit and list(rule.found(form))
    ]
    assert missed == []


def test_markdown_is_masked_as_it_is_read(public, corpus):
    """The source is not masked here, so that only what is seen on the page counts."""
    shown = {p.text: re.sub("<[^>]+>", "", Markdown(p.text, public.replaced)._repr_html_()) for p in corpus}
    assert [p.text for p in corpus if "<" not in p.text and seen(p.secret).lower() in seen(shown[p.text]).lower()] == []


def test_what_only_looks_like_it_stays(public):
    assert [text for _, text in innocent() if public.text(text) != text] == []


def test_forms_that_nobody_thought_of_before(public):
    """The share that the documentation states; what is left is what no rule can tell."""
    found = sum(not left(text, secret, public.text(text)) for text, secret in PLANTED)
    named = sum(public.text(text) != text for text in NAMED)
    kept = sum(public.text(text) == text for text in INNOCENT)
    stated = f"{found} of {len(PLANTED)} plantings, {named} of {len(NAMED)} forms of names and {kept} of {len(INNOCENT)} innocents"
    assert stated in " ".join(DOCS.read_text(encoding="utf-8").split()), stated


def test_a_third_set_of_forms():
    """Written when the second was mended: the documentation states the share of it that is found, and what was at first."""
    public = mask(third.PEOPLE)
    found = sum(not left(text, secret, public.text(text)) for text, secret in third.PLANTED)
    named = sum(seen(name).lower() not in seen(public.text(text)).lower() for text, name in third.NAMED)
    kept = sum(public.text(text) == text for text in third.INNOCENT)
    stated = f"{found} of {len(third.PLANTED)} plantings, {named} of {len(third.NAMED)} forms of names and {kept} of {len(third.INNOCENT)} innocents"
    assert stated in " ".join(DOCS.read_text(encoding="utf-8").split()), stated


@pytest.mark.parametrize("attack", [fourth, fifth], ids=["fourth", "fifth"])
def test_a_later_set_of_forms(attack):
    assert (stated := share_of(attack)) in " ".join(DOCS.read_text(encoding="utf-8").split()), stated


def test_the_documentation_states_what_is_found(public, corpus):
    """A row for each kind: where it is hidden, and how many plantings of it are found, plain and disguised."""
    found, all_of = Counter(), Counter()
    for p in corpus:
        kind = p.kind.removesuffix(", disguised")
        all_of[kind] += 1
        found[kind] += not left(p.text, p.secret, public.text(p.text))
    rows = [
        f"| {kind} | hidden | {'shown' if kind in PUBLIC_ONLY else 'hidden'} | shown | {found[kind]} of {n} |"
        for kind, n in all_of.items()
    ]
    kinds = Counter(kind for kind, _ in innocent())
    kept = Counter(kind for kind, text in innocent() if public.text(text) == text)
    rows += [f"| innocents: {kind} | kept | kept | kept | {kept[kind]} of {n} |" for kind, n in kinds.items()]
    docs = DOCS.read_text(encoding="utf-8")
    assert [row for row in rows if row not in docs] == []
