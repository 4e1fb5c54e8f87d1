"""A digest as a mail: text and HTML, never longer than mail programs show."""

from base64 import b64encode
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, Policy, default
from email.utils import parseaddr
from functools import partial
from hashlib import sha256
from urllib.parse import quote

from tracker.core.text import ascii_domain
from tracker.core.weekly import Digest
from tracker.render.chart import png
from tracker.render.clean import cut, one_line
from tracker.render.edition import (
    Edition,
    edition,
    first_of,
    shortened,
)
from tracker.render.plain import laid_out
from tracker.render.templates import filled, source
from tracker.render.terminal import MOST_BROUGHT
from tracker.render.ways import Ways, offering
from tracker.render.words import local

# Gmail cuts what is longer than 102 KB off.
_LONGEST = 99_000
_LONGEST_SUBJECT = 110
_LONGEST_ADDRESS = 320
_MOST_TROUBLE = 12
# No item takes less than 250 bytes: what is beyond these can't fit.
_MOST_ITEMS = 400
# Where more than this share of the bytes is not ASCII, base64 is shorter than
# quoted-printable, which writes three bytes for each of them.
_BASE64_SHARE = 1 / 6


def message(
    digest: Digest,
    sender: str,
    recipient: str,
    message_id: str,
    now: datetime,
    ways: Ways | None = None,
) -> EmailMessage:
    """Return the digest as a mail of less than 100,000 bytes.

    What doesn't fit is left out, and said so: the last items of each section, the top
    picks and what is highlighted of them last. `sender` and `recipient` are addresses
    as mail headers write them. Where one has letters outside ASCII before the @, the
    message takes a server that speaks SMTPUTF8; its policy says so. `ways` lead to what
    a reader may do; a POST to their `stop` unsubscribes (RFC 8058), without one a mail
    to the sender does.
    """
    lead = ways or Ways()
    headers = _headers(sender, recipient, message_id, digest.reader, lead.stop)
    full = offering(_short_foot(edition(digest)), lead)
    picture = png(full.movement.bars) if full.movement else b""
    made = partial(_letter, headers, local(now, digest.time_zone), picture)
    if _items(full) <= _MOST_ITEMS and _fits(letter := made(full)):
        return letter
    numbers = range(1, min(_items(full), _MOST_ITEMS) + 1)
    most = bisect_left(
        numbers, 1, key=lambda most: not _fits(made(shortened(full, most)))
    )
    return made(shortened(full, most))


def trial(
    reader: str, sender: str, recipient: str, message_id: str, now: datetime
) -> EmailMessage:
    """Return a mail that says that mail arrives, in the digests' own envelope."""
    headers = _headers(sender, recipient, message_id, reader, None)
    letter = _enveloped(headers, "tracker: mail arrives", now)
    letter.set_content(
        f"This is the mail that `tracker readers test` sends.\n\nThe digests of"
        f" {one_line(reader, _LONGEST_ADDRESS)} will come to this address.\n"
    )
    return letter


def parts(sent: bytes) -> tuple[str, str]:
    """Return the text and the page of a mail made here; its picture is in the page."""
    letter = message_from_bytes(sent, policy=default)
    text, page = (_part(letter, kind) for kind in ("plain", "html"))
    for part in letter.walk():
        name = str(part["Content-ID"] or "").strip("<>")
        if name and isinstance(part, EmailMessage):
            content = b64encode(part.get_content()).decode()
            url = f"data:{part.get_content_type()};base64,{content}"
            page = page.replace(f"cid:{name}", url)
    return text, page


def _part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def _items(told: Edition) -> int:
    return sum(len(part.stories) for part in told.parts)


def _short_foot(told: Edition) -> Edition:
    """Return an edition whose lists of sources are of bounded length."""
    more = len(told.trouble) - _MOST_TROUBLE
    trouble = told.trouble[:_MOST_TROUBLE]
    if more > 0:
        trouble += ((f"{more:,} more", "tracker sources list tells how they did"),)
    brought = first_of(told.brought, MOST_BROUGHT)
    return replace(told, trouble=trouble, brought=brought)


def _fits(letter: EmailMessage) -> bool:
    return len(letter.as_bytes()) <= _LONGEST


def _headers(
    sender: str, recipient: str, message_id: str, reader: str, unsubscribe: str | None
) -> dict[str, str]:
    """Return the headers that do not follow from the digest.

    What could end a header's line is taken out of each.
    """
    sender, recipient = _on_one_line(sender), _on_one_line(recipient)
    address = parseaddr(sender)[1]
    asked = (
        f"mailto:{quote(address, safe='@')}?subject={quote(f'unsubscribe {reader}')}"
    )
    ways = [asked] if unsubscribe is None else [unsubscribe, asked]
    headers = {
        "From": sender,
        "To": recipient,
        "Message-ID": _on_one_line(message_id),
        "Auto-Submitted": "auto-generated",
        "List-Id": f"tracker <digest.{address.rpartition('@')[2]}>",
        "List-Unsubscribe": ", ".join(f"<{_bare(way)}>" for way in ways),
    }
    if unsubscribe is not None:
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _on_one_line(address: str) -> str:
    """Return an address as a header writes it: its domain in ASCII."""
    line = one_line(address, _LONGEST_ADDRESS)
    bare = parseaddr(line)[1]
    return line.replace(bare, ascii_domain(bare)) if bare else line


def _bare(url: str) -> str:
    """Return a URL without what a URL can't hold, so that it ends no header."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")


class _Urls(UnstructuredHeader, BaseHeader):
    """URLs in angle brackets, one a line: none is ever cut or encoded."""

    def fold(self, *, policy: Policy) -> str:
        urls = f",{policy.linesep} ".join(str(self).split(", "))
        return f"{self.name}: {urls}{policy.linesep}"


_FACTORY = HeaderRegistry()
_FACTORY.map_to_type("list-unsubscribe", _Urls)


def _enveloped(
    headers: Mapping[str, str], subject: str, date: datetime
) -> EmailMessage:
    plain = all(parseaddr(headers[name])[1].isascii() for name in ("From", "To"))
    policy = SMTP if plain else SMTPUTF8
    letter = EmailMessage(policy=policy.clone(header_factory=_FACTORY))
    letter["Subject"] = subject
    letter["Date"] = date
    for header, value in headers.items():
        letter[header] = value
    return letter


def _letter(
    headers: Mapping[str, str], date: datetime, picture: bytes, told: Edition
) -> EmailMessage:
    letter = _enveloped(headers, cut(told.subject, _LONGEST_SUBJECT), date)
    address = parseaddr(headers["From"])[1]
    mark = sha256(headers["Message-ID"].encode()).hexdigest()[:24]
    chart = f"{mark}@{address.rpartition('@')[2]}" if picture else ""
    text, page = laid_out(told), _page(told, chart)
    letter.set_content(text, cte=_encoding(text))
    letter.add_alternative(page, subtype="html", cte=_encoding(page))
    if picture:
        _, shown = letter.iter_parts()
        assert isinstance(shown, EmailMessage)
        shown.add_related(
            picture, "image", "png", cid=f"<{chart}>", disposition="inline"
        )
        shown.set_boundary(f"=_{mark}_related")
    # "=_" occurs neither in base64 nor in quoted-printable.
    letter.set_boundary(f"=_{mark}")
    return letter


def _encoding(text: str) -> str:
    """Return the transfer encoding that takes fewer bytes; both keep lines short."""
    more = len(text.encode()) - len(text)
    return "base64" if more > len(text) * _BASE64_SHARE else "quoted-printable"


def _page(told: Edition, chart: str) -> str:
    from css_inline import CSSInliner
    from markupsafe import Markup

    style = Markup(source("mail.css"))  # noqa: S704 - our own file
    page = filled("mail.html", told=told, style=style, chart=chart)
    inliner = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
    return inliner.inline(page)
