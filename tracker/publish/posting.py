"""Posting: digests that go to web addresses as JSON, to Slack or to ntfy."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlsplit

from tracker.core.values import Document, Request
from tracker.core.weekly import Reader
from tracker.errors import (
    AddressRefused,
    Answered,
    Blocked,
    Gone,
    NoAnswer,
    PermanentMailError,
    RateLimited,
    SourceError,
    TemporaryMailError,
    Unreached,
)
from tracker.publish.delivering import Hand
from tracker.store.deliveries import Delivery
from tracker.store.issues import Issue

Fetch = Callable[[Request], Document]

_SERVER_ERROR = 500
_SLACK_MOST = 3_500  # characters; Slack asks for less than 4,000
_NTFY_MOST = 3_500  # bytes; ntfy makes an attachment of more than 4,096
_HOSTS = {"hooks.slack.com": "slack", "ntfy.sh": "ntfy"}
_MORE = "…"


@dataclass(frozen=True, slots=True)
class Target:
    """A web address that takes digests, and in which form: webhook, slack or ntfy."""

    kind: str
    url: str

    @property
    def label(self) -> str:
        """What names it where it is shown and stored: its path may be a secret."""
        mark = sha256(self.url.encode()).hexdigest()[:8]
        return f"{self.kind} at {urlsplit(self.url).hostname} ({mark})"


def target(address: str) -> Target:
    """Return what an address such as "slack+https://chat.example/hooks/…" stands for.

    Without a kind before the "+" its host tells, and others get the digest's JSON.
    """
    scheme, _, rest = address.partition("://")
    kind, plus, bare = scheme.rpartition("+")
    url = f"{bare}://{rest}"
    host = (urlsplit(url).hostname or "").lower()
    return Target(kind if plus else _HOSTS.get(host, "webhook"), url)


def addresses(reader: Reader) -> tuple[str, ...]:
    """Return where a reader's issues go, as deliveries name it."""
    posted = (target(address).label for address in reader.deliver)
    return (*([reader.email] if reader.email else []), *dict.fromkeys(posted))


def by_post(fetch: Fetch, people: Iterable[Reader]) -> Hand:
    """Return what posts issues to the addresses that readers have now."""
    known = {
        (reader.name, found.label): found
        for reader in people
        for found in map(target, reader.deliver)
    }

    def hand(delivery: Delivery, issue: Issue, doubt: Callable[[], None]) -> None:
        found = known.get((delivery.reader, delivery.address))
        if found is None:
            what = f"{delivery.reader} has it no more under `deliver`"
            raise PermanentMailError(f"{delivery.address}: {what}")
        asked = Request(
            _url(found), body=_body(found, issue), idempotency_key=issue.message_id
        )
        doubt()
        with _worded(found):
            fetch(asked)

    return hand


def either(by_mail: Hand, by_post: Hand) -> Hand:
    """Return what hands over each issue in the way its address asks for."""

    def hand(delivery: Delivery, issue: Issue, doubt: Callable[[], None]) -> None:
        (by_mail if delivery.is_mail else by_post)(delivery, issue, doubt)

    return hand


class _worded:  # noqa: N801 - used as a function is
    """Raise what a POST came to as MailErrors."""

    def __init__(self, at: Target) -> None:
        self._at = at

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _: object) -> None:
        if not isinstance(error, SourceError):
            return
        what = f"{self._at.label}: {_without_address(error)}"
        if _is_final(error):
            raise PermanentMailError(what) from error
        if isinstance(error, Answered | RateLimited | Unreached):
            raise TemporaryMailError(what) from error
        raise NoAnswer(what) from error


def _is_final(error: SourceError) -> bool:
    if isinstance(error, Answered):
        return error.status < _SERVER_ERROR
    return isinstance(error, Blocked | Gone | AddressRefused)


def _without_address(error: SourceError) -> str:
    """Return an error's words without the address it begins with."""
    return str(error).partition(": ")[2] or type(error).__name__


# What is posted


def _url(at: Target) -> str:
    """Return where to post: ntfy takes JSON above its topics, and names one in it."""
    if at.kind != "ntfy":
        return at.url
    parts = urlsplit(at.url)
    folder = parts.path.rstrip("/").rpartition("/")[0]
    return parts._replace(path=f"{folder}/", fragment="").geturl()


def _body(at: Target, issue: Issue) -> bytes:
    letter = message_from_bytes(issue.message, policy=default)
    assert isinstance(letter, EmailMessage)
    subject, digest = str(letter["Subject"]), json.loads(issue.digest)
    posted: dict[str, object]
    if at.kind == "slack":
        posted = {"text": _slack(subject, digest)}
    elif at.kind == "ntfy":
        topic = unquote(urlsplit(at.url).path.rstrip("/").rpartition("/")[2])
        posted = {"topic": topic, "title": subject, "message": _ntfy(digest)}
    else:
        text = letter.get_body(("plain",))
        assert text is not None
        posted = {
            "message_id": issue.message_id,
            "subject": subject,
            "text": text.get_content(),
            "digest": digest,
        }
    return json.dumps(posted, ensure_ascii=False).encode()


def _slack(subject: str, digest: dict[str, Any]) -> str:
    """Return a digest in Slack's mrkdwn, whole lines of it."""
    lines = [f"*{_escaped(subject)}*"]
    for section in digest["sections"]:
        lines.append(f"\n*{_escaped(section['title'])}*")
        for item in section["items"]:
            title = _escaped(item["title"])
            url = _escaped(item["url"] or "").replace("|", "%7C")
            lines.append(f"• <{url}|{title}>" if url else f"• {title}")
    return "\n".join(_fitting(lines, _SLACK_MOST))


def _escaped(text: str) -> str:
    """Return text in which Slack sees no link, no mention and no command."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _ntfy(digest: dict[str, Any]) -> str:
    """Return a digest as plain lines: titles and addresses."""
    lines = []
    for section in digest["sections"]:
        lines.append(section["title"].upper())
        lines += (
            f"- {item['title']}\n  {item['url'] or ''}".rstrip()
            for item in section["items"]
        )
    return "\n".join(_fitting(lines, _NTFY_MOST)) or "nothing new"


def _fitting(lines: Iterable[str], most: int) -> Iterator[str]:
    """Yield the lines that fit into `most` bytes, and a sign when some don't."""
    size = 0
    for line in lines:
        size += len(line.encode()) + 1
        if size > most:
            yield _MORE
            return
        yield line
