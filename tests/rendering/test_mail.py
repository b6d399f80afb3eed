"""Reports as a mail, read as a mail program reads it."""

from __future__ import annotations

import email
from email import policy

import pytest
from small_pages import write_page

from aftershock.rendering import mail, page_picture
from aftershock.schema.errors import UsageError

PEOPLE = {"sender": "aftershock@example.org", "recipients": ["sre@example.org", "cto@example.com"]}


@pytest.fixture(autouse=True)
def no_browser(monkeypatch):
    monkeypatch.setattr(page_picture, "BROWSERS", ())


def read(message):
    return email.message_from_bytes(bytes(message), policy=policy.default)


def test_text_html_picture_and_page_are_in_one_mail(tmp_path):
    page = write_page(tmp_path / "mine/2025-10/index.html")
    found = read(mail.message([page], **PEOPLE))
    assert found["Subject"] == "Calm" and found["To"] == "sre@example.org, cto@example.com"
    assert found.get_body(("plain",)).get_content().split("\r\n")[:3] == ["Calm", "", "Nothing: 99 % of it."]
    assert "<h2>Calm</h2>" in found.get_body(("html",)).get_content()
    picture, attached = list(found.iter_attachments())
    assert picture.get_content_type() == "image/svg+xml"
    assert attached.get_filename() == "mine-2025-10.html" and attached.get_payload(decode=True) == page.read_bytes()


def test_a_png_is_shown_in_the_html(tmp_path, monkeypatch):
    monkeypatch.setattr(page_picture, "browser", lambda: "chromium")
    monkeypatch.setattr(page_picture, "png", lambda drawn: b"\x89PNG" + drawn[:4].encode())
    found = read(mail.message([write_page(tmp_path / "a.html")], **PEOPLE))
    html, picture = (
        part
        for part in found.walk()
        if part.get_content_type() in ("text/html", "image/png") and not part.is_attachment()
    )
    assert f'src="cid:{picture["Content-ID"][1:-1]}"' in html.get_content()
    assert picture.get_content() == b"\x89PNG<svg" and picture.get_content_disposition() == "inline"
    assert found.get_content_type() == "multipart/mixed"
    assert [p.get_content_type() for p in found.walk()].count("multipart/related") == 1


def test_text_of_a_log_adds_no_header_and_no_markup(tmp_path):
    evil = "Calm\r\nBcc: thief@example.net\r\n\r\n<script>alert(1)</script>\u202e\u2028X: y"
    found = read(mail.message([write_page(tmp_path / "a.html", title=evil, summary=evil)], **PEOPLE))
    assert found["Bcc"] is None and found["X"] is None and "\n" not in found["Subject"]
    assert found["Subject"].startswith("Calm Bcc: thief@example.net <script>")
    assert "<script>" not in found.get_body(("html",)).get_content()
    other = read(mail.message([write_page(tmp_path / "b.html")], subject="One\nBcc: a@b.c", **PEOPLE))
    assert other["Subject"] == "One Bcc: a@b.c" and other["Bcc"] is None


@pytest.mark.parametrize(
    "address", ["", "sre", "a@b.c\nBcc: d@e.f", "a b@c.d", "<a@b.c>", "a@b.c, d@e.f", "a..b@c.d", "a@-"]
)
def test_what_is_no_address_is_refused(tmp_path, address):
    page = write_page(tmp_path / "a.html")
    with pytest.raises(UsageError, match=r"expected one such as sre@example\.org"):
        mail.message([page], sender="a@b.c", recipients=[address])


def test_a_page_for_fewer_people_than_the_recipients_is_not_sent(tmp_path):
    pages = [write_page(tmp_path / "a.html"), write_page(tmp_path / "b.html", audience="internal")]
    with pytest.raises(UsageError, match=r"not for public readers: b.html \(internal\). Render with --audience public"):
        mail.message(pages, **PEOPLE)
    unknown = write_page(tmp_path / "c.html", audience="everybody")
    with pytest.raises(UsageError, match=r"c.html \(private\)"):
        mail.message([unknown], audience="internal", **PEOPLE)
    assert read(mail.message(pages, audience="internal", **PEOPLE))["Subject"] == "Calm and 1 more report"


def test_a_mail_that_no_server_takes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(mail, "LARGEST", 1000)
    with pytest.raises(UsageError, match="many servers take 0 at most: send fewer pages"):
        mail.message([write_page(tmp_path / "a.html")], **PEOPLE)
