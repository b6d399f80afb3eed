"""Secrets that people write to each other and to programs, each next to innocents of its form; «…» is what has to go."""

from __future__ import annotations

import re

import pytest

from aftershock.dataset.masking import Mask
from aftershock.dataset.masking.places import places
from aftershock.dataset.masking.secrets import SECRETS
from aftershock.dataset.masking.seen import seen

PLANTED = {
    "signed addresses": (
        "https://b.example/o?X-Goog-Signature=«7a1c9e3b5d2f4a6c»&X-Goog-Expires=900",
        "https://b.example/o?q=1&q-signature=«7a1c9e3b5d2f4a6c»",
    ),
    "a path": ("deploy/token=«ab39fk20dkq1».env",),
    "brackets": ("パスワード「«sakura-77x»」を変更",),
    "the form of a vendor's key": ("key SG.«ngeVfQFYQlKU0ufo8x5d1A».«TwL2iGABf9DHoTf09kqeF8tAmbih»",),
    "a chat's next message": (
        "what's the staging password?\n«Zaunkoenig5»",
        "bob: password for grafana?\nalice: «hunter2fox»",
        "[10:02] bob: can you send me the db password\n[10:03] alice: «Tr0ub4dor-3»",
        "<bob> passwort für die DB?\n<eve> «Sommer2024!»",
        "U: what was the root password again?\nV 10:14: «Quarz_91x»",
        "need the jenkins pw asap\n\n«Kranich77x!»",
    ),
    "a mail address and its password": (
        "jo@kunde.example / «Zaunkoenig5»",
        "login jo@kunde.example : «Finken42x»",
        "bob@shop.example:«pAssw0rt99»",
        "bob@shop.example «Stamppot55!»",
        "logged in as bob@shop.example «Stamppot55!» and left",
    ),
    "a plain word": (
        "secret: «koekoek»",
        '{"client_secret": "«zeergeheim»"}',
        "APP_SECRET = «tomatensoep»",
        "secret: '«kamperfoelie»'\nother: x",
    ),
    "a setting and a space": ("AWS_SECRET_ACCESS_KEY «wJalrXUtnFEMI»/K7MDENG", "DB_PASSWORD   «Zomer2025!»"),
    "the old one and the new": (
        "password was changed from «H3rfst» to «L3nte99»",
        "Passwort von «Alt3s1» auf «Neu3s2» gestellt",
    ),
    "changed to, in other languages": (
        "Passwort geändert auf «Kn0blauch»!",
        "wachtwoord gewijzigd naar «Zomer26»!",
        "mot de passe changé en «Ete2026»!",
        "contraseña cambiada a «Verano26»!",
        "senha alterada para «Verao26»!",
    ),
    "what one is changed to": (
        "password to «Zomer26» today",
        "new token - «ab12cd34ef56»",
        "admin pass now «Zomer26»",
        "password in vault: «Tureluur8»",
        "creds are now root / «Pluim42x»",
    ),
    "tildes": ("see ~«jdoe» for it", "~«sbos99»/x"),
    "tags of YAML": ("db_pass: !unsafe '«M0sterd»'", "db_pass: !str «Zomer26»"),
    "the key of a network": ("WLAN key: «Gastnetz2024»!", "wifi key «Gastnetz2024!»"),
    "an address without its scheme": (
        "POST hooks.slack.com/services/T0A1B2C3D/B9Z8Y7X6W/«kLmNoPqRsTuVwXyZ01234567»",
        "discord.com/api/webhooks/123456789/«abcDEF_ghiJKLmnoPQRstuVWX»",
    ),
    "between commas": ("they guessed our password, «Sommer2023!», in two minutes", "the password («Letm3in!!») leaked"),
    "what a command prints": ("password_command = echo «Finkenschlag40»", 'passcmd: "echo «Finkenschlag41»"'),
    "spaces in an address": ("url?password=«my%20secret%20word1»&x=1", "PASSWORD=«blue%20horse%2042»"),
    "a bare key": ("key=«Zk3Lq9wX7vB2nM5tR8yP4s»", "with key=«c29tZXNlY3JldGtleTEyMw==»"),
    "macaroons": (
        "grpc-metadata-macaroon: «0201036c6e6402f801030a1034d1f9a2b7c5»",
        "Macaroon «AgEDbG5kAvgBAwoQNNH5orfF»",
        '"macaroon": "«AgEDbG5kAvgBAwoQNNH5orfF»"',
    ),
    "arguments": (
        "rclone config create x sftp pass «Spatz71»",
        "rclone config create b s3 secret_access_key «Spatz71x9» region eu",
        "rclone obscure «Spatz71x»",
        "smbclient //x/y «Spatz80» -U bob",
        "smbclient -U kim //nas/share «Elster!3»",
    ),
    "common names": (
        "CN=«Katrin» «Voss»,OU=Users,DC=corp",
        "subject=CN=«Katrin» «Voss»",
        "uid=kv, cn=«Katrin» «Voss», ou=x",
    ),
    "machines": (
        "ssh «bastion-eu»",
        "ssh -p 2222 «backup-old»",
        "$ ssh -A «jump-prod»",
        "ran `ssh «db-primary»` by hand",
        "ssh root@«web-14» failed",
        "ssh -J «b1»,«b2» app",
        "ssh -J jo@«b1.acme».example:2222,ann@«b2»:22 app",
        "ProxyJump «gate.lon».example,«inner»",
    ),
    "a range of addresses": (
        "«10.1.2».x and «192.168.3».[11-14] are down",
        "«172.16.4».{1,2}",
    ),
}
KEPT = {
    "signed addresses": ("https://b.example/o?X-Goog-Expires=900&signature=required",),
    "a path": ("dG9rZW4K/bm8gb25lIEtub3dz/key=", "src/token=optional"),
    "brackets": ("パスワード「変更」画面", "パスワード「Reset」ボタン"),
    "the form of a vendor's key": ("SG.small.thing", "SG.eu-west.prod"),
    "a chat's next message": (
        "Did you rotate the password?\nINC-1234",
        "was the password policy changed? please look\nv2.3.1",
        "bob: is the password ok?\nalice: yes",
        "what is our password policy?\nRFC7617",
        "Password reset?\n2023-04-05",
        "please send the password rules\nrelease-2024.1",
        "does the password reset work?\nLee: works2day",
        "who changed the password?\ndeploy-2023-05-01",
        "what is slow? the password page\nhttps://status.example.org/x1",
    ),
    "a mail address and its password": ("git@github.com:acme/OAuth2.git", "scp bob@web:Backup2024.tar x"),
    "a plain word": (
        "secret: vault",
        "the secret: rotated",
        "secret: created",
        "secret => handler",
        "client_secret: required",
        'secret: "default"',
        "secret: regcred",
        "secret: db-credentials",
        "secret = settings",
    ),
    "a setting and a space": (
        "AWS_SECRET_ACCESS_KEY rotated by INC-104",
        "AWS_ACCESS_KEY_ID v2",
        "SSH_KEY PAY-1234",
        "DB_PASSWORD missing from v1.2.3",
    ),
    "the old one and the new": (
        "token ttl changed from 3600s to 7200s",
        "password hashing moved from sha256 to argon2id",
        "password length from 8 to 12 characters",
        "token type changed from JWT2 to PAT-3",
    ),
    "changed to, in other languages": (
        "Passwort geändert auf Wunsch",
        "wachtwoord gewijzigd naar aanleiding van",
        "mot de passe changé en urgence",
    ),
    "tags of YAML": ("password: !Ref DbPassword", "Password: !Sub ${DbPassword}", "password: !vault |"),
    "the key of a network": ("wifi key rotation", "WLAN key changed"),
    "an address without its scheme": ("hooks.slack.com/services timed out", "discord.com/api/webhooks is down"),
    "a range of addresses": ("version 10.1.2.x", "release 10.2.1.x of the agent", "10.x upgrade"),
    "flags": ("--password-stdin was used",),
    "what secrets are added to": (
        "Add ECR secrets to GitActions dev environment",
        "Bump ecr-credentials from v5.1.2 to v5.1.4",
        "bump terraform-ecr-credentials to v6.0.0",
        "authorization_scopes to aws_apigatewayv2_route",
        "Adding Additional Secrets - PreProd",
        "Rotate Secrets in namespace: c100-application-staging",
        "kubernetes_secret.demo_rds: metadata.0.name is invalid",
        "fails on test clusters (although it passes on live-1)",
        "secrets for namespace: payments-api",
        "Add login / password to MongoDB client",
        "add 120s hit_for_pass on <=0s objects",
        "split hit|miss|pass|fetch",
        "sudo: create module, remove old files",
        "Sprint (0.6.1.4) and Kafka 0.8.2.1",
        "Purge vimrc.local and run rc.local",
        "cookie: SameSite=None",
        "Remove old secret from interventions https://git.example.org/acme/pull/98",
    ),
    "tildes": ("--tag ~kops will exclude", "reserves ~three quarters of a node", "the ~eks-manager tag"),
    "hyphens and numbers": (
        "upgrade-postgres-rds-to-17-6-18-1-on-preprod",
        "default_ng_10_12_25 and default_ng_20_04_26",
        "change-visits-prod-hostname VB-3820 Change",
        "trusts the account (006742885340)",
    ),
    "between commas": (
        "after the wrong password, OAuth2, too, failed",
        "the password, as always, is rotated",
        "our password, SHA-256, in the vault",
    ),
    "what a command prints": ("command = echo hello1", "password_command = pass show db", "echo Finkenschlag40"),
    "spaces in an address": ("q=checkout%20is%20slow&page=2", "error=pass%20through%20failed"),
    "a bare key": (
        "key=user:1234:profile",
        "cache key=3f2a9b8c7d6e5f4a3f2a9b8c",
        "partition key=2024-01-01T00:00:00Z",
        "key=checkout.latency.p99",
        "key=orders-eu-west-1-2024-03",
        "key=CheckoutServiceTimeoutMillis",
        "sort key=createdAtDescending2024",
        "index key=IX_Orders_2024_Q3_EU",
    ),
    "macaroons": ("Macaroon tokens are used by lnd", "macaroon verification failed"),
    "arguments": (
        "rclone copy s3:bucket /data --transfers 4",
        "rclone config create x s3 provider AWS",
        "smbclient //x/y -U bob",
        "smbclient //x/y refused the login",
    ),
    "common names": (
        "CN=Let's Encrypt Authority X3",
        "CN=Amazon Root CA",
        "CN=Domain Users,OU=Groups,DC=corp",
        "CN=Kubernetes Ingress Controller",
        "subject=CN=Fake Certificate",
    ),
    "machines": (
        "ssh key-exchange failed",
        "ssh host-key changed",
        "ssh client-side timeout",
        "ssh port-forwarding is off",
        "ssh jump-host feature",
        "ping gateway-timeout",
        "ssh public-key auth",
        "ssh connection to the bastion is slow",
        "ssh -J bastion, then sudo",
        "ssh root@latest",
    ),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_what_people_hand_over_is_hidden_to_its_end(kind):
    public = Mask((*SECRETS, *places()))
    for marked in PLANTED[kind]:
        text = re.sub("[«»]", "", marked)
        shown = public.text(text)
        assert [s for s in re.findall("«(.+?)»", marked) if seen(s) in seen(shown)] == [], shown


@pytest.mark.parametrize("kind", KEPT)
def test_what_only_looks_like_it_stays(kind):
    public = Mask((*SECRETS, *places()))
    assert [shown for text in KEPT[kind] if (shown := public.text(text)) != text] == []
