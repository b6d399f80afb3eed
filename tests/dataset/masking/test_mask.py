"""What masks find and leave alone."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from aftershock.dataset.masking import AS_IT_IS, Mask
from aftershock.dataset.masking.places import places
from aftershock.dataset.masking.secrets import SECRETS

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
        "ghp_" + "a1B2" * 4 + "x" * 20,  # blotted out in part only
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
        "BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA75",
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
    "opened 01-03-2016 14:56, closed 02-03-2016 10:00",
    "ad66f4f2-7a28-4815-9d94-63bdef1c07a5 and bc538feb-9fdd-46cf-80e1-7c56950d1234",
    "PDX-DC04 data center in Oregon",
    "O2zCC3DqoLgW14g+FwRxL1mmQgOfJcx2HeX8imY5Xpw==,2",
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


def test_what_is_to_be_kept_is_kept():
    mask = Mask(SECRETS, keep=["status@example.org"])
    assert mask.text("write to status@example.org or bob@example.org") == "write to status@example.org or [mail 1]"


def test_in_markdown_a_mask_makes_no_link():
    assert Mask(SECRETS).markdown("bob@example.org(x) bob@example.org: y") == "[mail 1] (x) [mail 1] : y"


def test_nothing_is_masked_where_nothing_is_to_be():
    assert AS_IT_IS.text("bob@example.org") == "bob@example.org"
    assert AS_IT_IS.person("Bob") == "Bob"
