"""Rendered reports as one mail: what they say first as text and HTML, a picture of the first, the pages attached.

All text of a mail is the reports' own, cleaned and escaped; a header is one line without control characters, so a title from
a log cannot add another. Mail programs run no scripts and show no SVG: the picture is a PNG where a browser is installed to make
one, else the SVG is attached.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from pathlib import Path

from markupsafe import Markup

from aftershock.dataset.audience import AUDIENCES, check_audience
from aftershock.output.phrases import listed, plural, shortened
from aftershock.output.safe_html import clean, markup
from aftershock.rendering import page_picture
from aftershock.rendering.page_picture import Page
from aftershock.schema.errors import UsageError

LONGEST_SUBJECT = 120  # characters: what a list of mails shows, and more
LARGEST = 15_000_000  # bytes of the mail: many servers refuse more than 20 MB, and attachments grow by a third
_ADDRESS = re.compile(r"([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64})@([A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?)")
_STYLE = "font:16px/1.5 Georgia,serif;color:#1b1f24;max-width:44em"


def message(
    paths: Sequence[Path], *, sender: str, recipients: Sequence[str], audience: str = "public", subject: str = ""
) -> EmailMessage:
    """The mail of these pages: multipart/mixed of the text and its HTML with the picture of the first page, then each page.

    ``audience``: who the recipients are. UsageError for an address that is none, for a page that is for fewer people than
    these, and for a mail that no server would take.
    """
    check_audience(audience)
    pages = [page_picture.read_page(path) for path in paths]
    _check_audience(pages, audience)
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = one_line(subject) or _subject(pages)
    mail["From"] = address(sender)
    mail["To"] = [address(recipient) for recipient in recipients]
    mail["Date"] = localtime()
    mail["Message-ID"] = make_msgid(domain=address(sender).domain)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers it
    mail.set_content(_text(pages))
    drawn = page_picture.svg(pages[0])
    if page_picture.browser():
        cid = make_msgid(domain="aftershock.invalid")  # short enough for a line
        mail.add_alternative(_html(pages, cid[1:-1]), subtype="html")
        shown = mail.get_body(("html",))
        if isinstance(shown, EmailMessage):
            png = page_picture.png(drawn)
            shown.add_related(png, "image", "png", cid=cid, disposition="inline", filename="picture.png")
    else:
        mail.add_alternative(_html(pages, ""), subtype="html")
        mail.add_attachment(drawn.encode(), "image", "svg+xml", filename="picture.svg")
    for page, name in zip(pages, _names(pages), strict=True):
        mail.add_attachment(page.path.read_bytes(), "text", "html", filename=name, params={"charset": "utf-8"})
    size = len(bytes(mail))
    if size > LARGEST:
        raise UsageError(
            f"the mail would have {size / 1e6:.0f} MB, and many servers take {LARGEST / 1e6:.0f} at most: send fewer pages"
        )
    return mail


def address(text: str) -> Address:
    """A mail address; UsageError for anything else, a line break among it."""
    found = _ADDRESS.fullmatch(text)
    if not found or ".." in text:
        raise UsageError(f"found the address {clean(text)[:100]!r}; expected one such as sre@example.org")
    return Address(username=found[1], domain=found[2])


def one_line(text: str) -> str:
    """Text for a header: one line, nothing that ends it, and no longer than one reads."""
    return shortened(" ".join(clean(text).split()), LONGEST_SUBJECT)


def _subject(pages: Sequence[Page]) -> str:
    more = f" and {plural(len(pages) - 1, 'more report')}" if len(pages) > 1 else ""
    return one_line(pages[0].head["title"])[: LONGEST_SUBJECT - len(more)] + more


def _check_audience(pages: Sequence[Page], audience: str) -> None:
    known = [p.head["audience"] if p.head["audience"] in AUDIENCES else "private" for p in pages]
    closed = [
        f"{page.path.name} ({of})"
        for page, of in zip(pages, known, strict=True)
        if AUDIENCES.index(of) > AUDIENCES.index(audience)
    ]
    if closed:
        fewest = max(known, key=AUDIENCES.index)
        raise UsageError(
            f"not for {audience} readers: {listed(closed, most=5)}. Render with --audience {audience}, or say with --audience "
            f"{fewest} that all recipients may see this. Nothing was sent"
        )


def _names(pages: Sequence[Page]) -> list[str]:
    """A file name of each page by where it lies, as several are called index.html."""
    plain = [
        re.sub(r"[^A-Za-z0-9.-]+", "-", "-".join(page.path.absolute().with_suffix("").parts[-3:])) for page in pages
    ]
    return [f"{name.removesuffix('-index').strip('-.')}.html" for name in plain]


def _text(pages: Sequence[Page]) -> str:
    said = [f"{clean(p.head['title'])}\n\n{clean(p.head['summary'])}\n" for p in pages]
    return "\n".join(said) + f"\n{_attached(pages)}\n"


def _html(pages: Sequence[Page], cid: str) -> str:
    said = Markup("").join(
        Markup("<h2>{}</h2><p>{}</p>").format(markup(p.head["title"]), markup(p.head["summary"])) for p in pages
    )
    picture = Markup('<p><img src="cid:{}" alt="{}" width="{}" style="max-width:100%"></p>').format(
        cid, markup(pages[0].head["title"]), page_picture.WIDTH
    )
    page = Markup('<!doctype html><html lang="en"><meta charset="utf-8"><body style="{}">{}{}<p>{}</p></body></html>')
    return str(page.format(_STYLE, said, picture if cid else Markup(""), _attached(pages))) + "\n"


def _attached(pages: Sequence[Page]) -> str:
    if len(pages) == 1:
        return "The whole report is attached: one file that opens in any browser, also without a network."
    count = "Both" if len(pages) == 2 else f"All {len(pages)}"
    return f"{count} reports are attached: files that open in any browser, also without a network."
