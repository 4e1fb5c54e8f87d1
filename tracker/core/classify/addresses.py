"""Companies from the e-mail addresses, domains and ids that an affiliation holds.

The address of a web page says nothing: on sites.google.com, as on github.com, anybody
has pages.
"""

import re
from collections.abc import Iterator, Sequence

from tracker.core.classify.parts import firsts
from tracker.core.values import Company

_MAILBOX = re.compile(r"(?:\{[^{}]*\}|[^\s{}+,;()]*)@[\w-]+(?:\.[\w-]+)+")
_DOT = re.compile(r"\s*[\[({]\s*dot\s*[\])}]\s*|\s+dot\s+")
_AT = re.compile(r"\s*[\[({]\s*at\s*[\])}]\s*|\s+at\s+(?=[\w-]+\.[a-z])")
_HOST = r"(?:[a-z\d-]+\.)+[a-z]{2,}"
_MAIL_HOST = re.compile(rf"@({_HOST})")
_WITH_PATH = re.compile(rf"({_HOST}/[\w./-]+)")
# "Booking.com/University of Oslo" is two affiliations; "booking.com/jobs" is a page.
_PAGE = re.compile(
    r"(?:(?i:https?://|www\.)"
    r"|(?:[a-z\d-]+\.)+[a-z]{2,}/"
    r"|(?:[\w-]+\.)+[a-z]{2,}/(?=[a-z\d~@]))[^\s,;]*"
)
_BARE = re.compile(rf"(?<![\w.@-]){_HOST}(?![\w.])")


class Addresses:
    """Finds companies by their domains and ids."""

    def __init__(self, companies: Sequence[Company]) -> None:
        self._domains: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        for company in companies:
            for domain in _domains(company):
                self._domains.setdefault(domain, company.name)
            for known in company.ids:
                bare = re.sub(r"^https?://", "", known.lower()).strip("/")
                self._ids.setdefault(bare, company.name)

    def of(self, text: str) -> Iterator[str]:
        """Yield the companies of the addresses in an affiliation.

        These are its ids, the hosts of its e-mail addresses, and a domain that is all
        of the first part of an affiliation.
        """
        if "." not in text and "dot" not in text.lower():
            return
        plain = _AT.sub("@", _DOT.sub(".", text.lower()))
        for address in _WITH_PATH.findall(plain):
            if company := self._ids.get(address.rstrip("./")):
                yield company
        for host in _MAIL_HOST.findall(_PAGE.sub(" ", plain)):
            if company := self._of_host(host):
                yield company
        for first in firsts(_PAGE.sub(" ", text)):
            if company := self._domains.get(first.lower()):
                yield company

    def without(self, text: str) -> str:
        """Return an affiliation without addresses, in which names are only hosts'."""
        if "@" not in text and "." not in text:
            return text
        left = _PAGE.sub(" ", _MAILBOX.sub(" ", text))
        return _BARE.sub(lambda m: " " if self._of_host(m[0]) else m[0], left)

    def _of_host(self, host: str) -> str | None:
        known = (self._domains.get(name) for name in parents(host))
        return next(filter(None, known), None)


def parents(host: str) -> Iterator[str]:
    """Yield a host's name and the names above it."""
    while "." in host:
        yield host
        host = host.partition(".")[2]


def _domains(company: Company) -> Iterator[str]:
    domains = (*company.domains, *(a for a in company.aliases if a.startswith("@")))
    for domain in domains:
        yield domain.lower().removeprefix("@")
