"""A digest as a mail: text and HTML, never longer than mail programs show."""

from bisect import bisect_left
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import parseaddr
from functools import partial
from hashlib import sha256
from io import StringIO

from tracker.core.values import Digest
from tracker.render.clean import cut, one_line
from tracker.render.edition import (
    Edition,
    edition,
    first_of,
    shortened,
    without_summaries,
)
from tracker.render.templates import filled, source
from tracker.render.terminal import MOST_BROUGHT, lay_out
from tracker.render.words import local

# Gmail cuts what is longer than 102 KB off.
_LONGEST = 99_000
_COLUMNS = 72
_LONGEST_SUBJECT = 110
_LONGEST_ADDRESS = 320
_MOST_TROUBLE = 12
# No item takes less than 250 bytes: what is beyond these can't fit.
_MOST_ITEMS = 400
# Where more than this share of the bytes is not ASCII, base64 is shorter than
# quoted-printable, which writes three bytes for each of them.
_BASE64_SHARE = 1 / 6


def message(
    digest: Digest, sender: str, recipient: str, message_id: str, now: datetime
) -> EmailMessage:
    """Return the digest as a mail of less than 100,000 bytes.

    What doesn't fit is left out, and said so: first summaries, then the last items
    of each section. `sender` and `recipient` are addresses as mail headers write
    them. Where one has letters outside ASCII before the @, the message takes a
    server that speaks SMTPUTF8; its policy says so.
    """
    made = partial(
        _letter, (sender, recipient, message_id), local(now, digest.time_zone)
    )
    full = _short_foot(edition(digest))
    bare = without_summaries(full)
    if _items(full) <= _MOST_ITEMS:
        for told in (full, bare):
            if _fits(letter := made(told)):
                return letter
    numbers = range(1, min(_items(bare), _MOST_ITEMS) + 1)
    most = bisect_left(
        numbers, 1, key=lambda most: not _fits(made(shortened(bare, most)))
    )
    return made(shortened(bare, most))


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


def _letter(
    envelope: tuple[str, str, str], date: datetime, told: Edition
) -> EmailMessage:
    sender, recipient, name = (one_line(part, _LONGEST_ADDRESS) for part in envelope)
    address = parseaddr(sender)[1]
    plain = address.isascii() and parseaddr(recipient)[1].isascii()
    letter = EmailMessage(policy=SMTP if plain else SMTPUTF8)
    letter["Subject"] = cut(told.subject, _LONGEST_SUBJECT)
    letter["From"] = sender
    letter["To"] = recipient
    letter["Date"] = date
    letter["Message-ID"] = name
    letter["Auto-Submitted"] = "auto-generated"
    letter["List-Id"] = f"tracker <digest.{address.rpartition('@')[2]}>"
    text, page = _text(told), _page(told)
    letter.set_content(text, cte=_encoding(text))
    letter.add_alternative(page, subtype="html", cte=_encoding(page))
    # "=_" occurs neither in base64 nor in quoted-printable.
    letter.set_boundary(f"=_{sha256(name.encode()).hexdigest()[:24]}")
    return letter


def _encoding(text: str) -> str:
    """Return the transfer encoding that takes fewer bytes; both keep lines short."""
    more = len(text.encode()) - len(text)
    return "base64" if more > len(text) * _BASE64_SHARE else "quoted-printable"


def _text(told: Edition) -> str:
    from rich.console import Console

    paper = StringIO()
    lay_out(told, Console(file=paper, width=_COLUMNS, color_system=None))
    return paper.getvalue()


def _page(told: Edition) -> str:
    from css_inline import CSSInliner
    from markupsafe import Markup

    style = Markup(source("mail.css"))  # noqa: S704 - our own file
    page = filled("mail.html", told=told, style=style)
    inliner = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
    return inliner.inline(page)
