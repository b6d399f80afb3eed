"""What masks find and leave alone, and how people become pseudonyms."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aftershock.dataset.masking import AS_IT_IS, MENTIONS, Mask, People, is_role, mentioned
from aftershock.dataset.masking.places import places
from aftershock.dataset.masking.secrets import SECRETS
from aftershock.dataset.masking.vendor_tokens import DETECTED, OWN_TOKENS, PLUGINS

# Forms only: none of these was ever valid.
SECRET = {
    "[mail 1]": [
        "alice.miller+ops@example.org",
        "ünsal@exämple.de",
        "o'neill@mail.example.co.uk",
        "alice%40example.org",
        "root@db7.corp.internal",
    ],
    "[token 1]": [
        "AKIA" + "ABCDEFGH01234567",
        "ghp_" + "a1B2" * 9,
        "github_pat_" + "11ABCDEFG0_" * 4,
        "glpat-" + "x1Y2z3A4b5C6d7E8f9G0",
        "xoxb-" + "123456789012-123456789012-abcdefABCDEF012345678901",
        "https://hooks.slack.com/services/" + "T00000000/B00000000/abcdefghijklmnop",
        "sk_live_" + "a1B2c3D4" * 3,
        "sk-ant-" + "api03-abcdefghijklmnop",
        "sk-proj-" + "abcdefghijklmnop12345",
        "AIza" + "Sy" + "a1B2c" * 6 + "xyz",
        "SG." + "a" * 22 + "." + "b" * 43,
        "npm_" + "a1B2" * 9,
        "hvs." + "CAESIabcdefghijklmnopqrstuv",
        "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
        "123456789:" + "AAabcdefghijklmnopqrstuvwxyz0123456",
        "Zx9Qw3Er5Ty7Ui1Op4As6Df8Gh2Jk0Lz",
        "dapi" + "0123456789abcdef" * 2,
    ],
    "[key 1]": [
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA75\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----\\nb3BlbnNzaC1rZXktdjEAAAAA\\n-----END OPENSSH PRIVATE KEY-----",
        "BEGIN PRIVATE KEY",
    ],
}
INSIDE = [
    ("password=hunter2, sorry", "password=[password 1], sorry"),
    ("DB_PASSWORD: 'correct horse battery'", "DB_PASSWORD: [password 1]"),
    ("the password is tr0ub4dor&3", "the password is [password 1]"),
    ("password: swordfish", "password: [password 1]"),
    ("set api_key = 9f8e7d6c5b4a", "set api_key = [password 1]"),
    ("GET /x?access_token=abc123def456&y=1", "GET /x?access_token=[password 1]&y=1"),
    ("curl -u bob:s3cret https://example.org/", "curl -u [password 1] https://example.org/"),
    ("mysql --password s3cr3t99", "mysql --password [password 1]"),
    ("Authorization: Bearer abcdef0123456789abcdef", "Authorization: Bearer [token 1]"),
    ("postgres://app:p%40ss@db/x", "postgres://[login 1]@db/x"),
    ("postgres://app:pa@ss@db/x", "postgres://[login 1]@db/x"),
    ("https://alice@example.org/x", "https://[login 1]@example.org/x"),
    ("see /home/alice/notes.txt and /Users/bob/x", "see /home/[home 1]/notes.txt and /Users/[home 2]/x"),
    ("C:\\Users\\Alice\\Desktop", "C:\\Users\\[home 1]\\Desktop"),
    ("from bob@example.org to BOB@example.org, cc eve@example.org", "from [mail 1] to [mail 1], cc [mail 2]"),
]
NO_SECRET = [
    "Revert 3f2a9c1b7d8e4f60a1b2c3d4e5f60718293a4b5c",
    "bump actions/checkout from v4.1.0 to v4.2.2",
    "image registry.example.org/app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "git@github.com:example/repo.git",
    "npm install left-pad@1.3.0",
    "password: reset flow fixed",
    "rotate the secret of the payment service",
    "token=${TOKEN} secret={{ vault }} password=<redacted>",
    "VB-3284-Create-CP-terraform-file-in-cloud-platform-2024-01-03",
    "passwords::exim4 and role::db::core",
    "Merge pull request #1234 from feature/checkout-v2",
    "aws_key rotated; api key required",
    "https://example.org/orgs/x?tab=repositories",
    "/home/ubuntu/app and /home/runner/work",
    "12:30:45 is no address, nor is 1.2.3",
]


@pytest.mark.parametrize(("mask", "text"), [(m, t) for m, texts in SECRET.items() for t in texts])
def test_a_secret_is_masked_whole(mask, text):
    assert Mask(SECRETS).text(text) == mask
    assert Mask(SECRETS).text(f"see {text} here") == f"see {mask} here"


@pytest.mark.parametrize(("text", "masked"), INSIDE)
def test_what_is_secret_of_a_text_is_masked(text, masked):
    assert Mask(SECRETS).text(text) == masked


@pytest.mark.parametrize("text", NO_SECRET)
def test_what_is_no_secret_stays(text):
    assert Mask(SECRETS).text(text) == text


@pytest.mark.parametrize(
    "rule", [*SECRETS, *places(("acme.example",))], ids=lambda r: f"{r.kind} {r.pattern.pattern[:30]}"
)
def test_what_a_rule_finds_its_screen_finds_too(rule):
    texts = [t for found in SECRET.values() for t in found] + [t for t, _ in INSIDE] + NO_SECRET
    found = pc.match_substring_regex(pa.array(texts), rule.screened).to_pylist()
    assert [t for t, seen in zip(texts, found, strict=True) if list(rule.found(t)) and not seen] == []


def test_every_vendor_of_detect_secrets_is_read():
    assert len(DETECTED) >= len(PLUGINS) == 20
    assert len(OWN_TOKENS) >= 15


def test_what_is_to_be_kept_is_kept():
    mask = Mask(SECRETS, keep=["status@example.org"])
    assert mask.text("write to status@example.org or bob@example.org") == "write to status@example.org or [mail 1]"


def test_in_markdown_a_mask_makes_no_link():
    assert Mask(SECRETS).markdown("bob@example.org(x) bob@example.org: y") == "[mail 1] (x) [mail 1] : y"


def test_nothing_is_masked_where_nothing_is_to_be():
    assert AS_IT_IS.text("bob@example.org") == "bob@example.org"
    assert AS_IT_IS.person("Bob") == "Bob"


@pytest.mark.parametrize(
    "name",
    ["platform team", "team-payments-3", "SRE lead", "on-call engineer", "dependabot[bot]", "ci-bot", "incident review",
     "TeamStorage", "security & compliance", "Checkout Squad"],
)  # fmt: skip
def test_roles_stay(name):
    assert is_role(name)
    assert People().pseudonym(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "Alice",
        "alice",
        "Alice Smith, SRE lead",
        "alice-oncall",
        "a.smith",
        "bob@team.example.org",
        "3f2a9c1b7d",
        "12345",
    ],
)
def test_people_do_not(name):
    assert not is_role(name)
    assert People().pseudonym(name) == "person 1"


@given(st.one_of(st.text(), st.text("@.-_ 'Aa0", max_size=300)))
@example("@" * 300)
def test_whatever_stands_for_a_person_is_a_role_or_gets_a_pseudonym(name):
    people = People()
    found = people.pseudonym(name)
    assert found == ("person 1" if name.strip() and not people.is_role(name) else name)
    assert people.pseudonym(name) == found


def met(*names: str, **options: object) -> Mask:
    people = People(**options)
    people.meet_all(names)
    return Mask(SECRETS, people)


def test_one_person_has_one_pseudonym_under_all_names():
    mask = met("Alice Smith <asmith2@example.org>", "Bob Jones")
    text = "Alice Smith (asmith2@example.org, @asmith2) and bob jones, not eve@example.org"
    assert mask.text(text) == "person 1 (person 1, person 1) and person 2, not [mail 1]"
    assert mask.person("asmith2@example.org") == "person 1"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("grace reviewed it", "person 1 reviewed it"),
        ("reviewed by grace", "reviewed by person 1"),
        ("ask @grace", "ask person 1"),
        ("graceful shutdown within the grace period", "graceful shutdown within the grace period"),
        ("Will Page deployed", "person 2 deployed"),
        ("the page will load", "the page will load"),
        ("monitors will page somebody", "monitors will page somebody"),
        ("Page load is slow; Will it stay?", "Page load is slow; Will it stay?"),
        ("then Page rolled it back", "then person 2 rolled it back"),
        ("will.page and will_page", "person 2 and person 2"),
        ("Mario deployed", "person 3 deployed"),
        ("rossi rolled it back, ROSSI too", "person 3 rolled it back, person 3 too"),
        ("rossi/fix-login, rossi_util, MarioRossi, mrossi, fixRossiLogin", "person 3/fix-login, person 3_util, person 3, person 3, fixperson 3Login"),
        ("Mu\u0308ller, Mueller, MÜLLER, muller", "person 4, person 4, person 4, person 4"),
        ("Li rolled back, @li; the li element", "person 5 rolled back, person 5; the li element"),
        ("王伟回滚了部署", "person 6回滚了部署"),
        ("Petrov, Петров", "person 7, person 7"),
    ],
)  # fmt: skip
def test_names_are_found_in_every_form_and_ordinary_words_stay(text, shown):
    names = ("grace", "Will Page", "Mario Rossi", "Jürgen Müller", "Bo Li", "王伟", "Иван Петров")
    assert met(*names).text(text) == shown


@pytest.mark.parametrize(
    ("text", "internal", "public"),
    [
        ("restarted by Ada Lovelace <ada@example.org>", ["Ada Lovelace"], ["Ada Lovelace"]),
        ("mail Support <help@example.org>", [], []),
        ("Fix\n\nCo-authored-by: ada l <a@b.org>\nSigned-off-by: Grace", ["ada l", "Grace"], ["ada l", "Grace"]),
        ("Caused-by: deploy of checkout", [], []),
        ("thanks to @ada-l, cc @grace.h", ["ada-l", "grace.h"], ["ada-l", "grace.h"]),
        ("@ada please look; @here, @channel", ["ada"], ["ada"]),
        ("runs @daily with @Override", [], []),
        ("npm i @babel/core react@18 ops@example.org", [], []),
    ],
)
def test_texts_name_people_themselves(text, internal, public):
    assert list(mentioned(text, all_handles=False)) == internal
    assert list(mentioned(text, all_handles=True)) == public
    assert re.search(MENTIONS, text)


def test_a_name_within_an_identifier_is_found():
    text = "branch fix_asmith2_login of ada_lovelace"
    assert met("asmith2", "Ada Lovelace").text(text) == "branch fix_person 1_login of person 2"


def test_the_words_of_a_service_make_no_role_of_a_person():
    people = People(services=["alice-sandbox", "payments"])
    shown = [people.pseudonym(name) for name in ("alice", "payments", "payments on-call", "Alice Sandbox")]
    assert shown == ["person 1", "payments", "payments on-call", "person 2"]


def test_a_surname_that_is_a_word_is_hidden_where_it_is_written_as_a_name():
    assert met("Rob Brown").text("Brown fixed the brown-out") == "person 1 fixed the brown-out"


def test_pseudonyms_of_the_log_are_kept_and_their_numbers_not_given_again():
    people = People()
    people.meet_all(["person 4", "Alice"])
    assert (people.pseudonym("person 4"), people.pseudonym("Alice")) == ("person 4", "person 5")


def test_a_mask_is_not_masked_again():
    mask = met("Alice Smith")
    once = mask.text("Alice Smith <alice@example.org> on 10.0.0.1, password=hunter2")
    assert mask.text(once) == once
    assert not re.search("alice|hunter", once, re.IGNORECASE)
