"""What is wrong with a feed: by RFC 4287's grammar, and beyond what a grammar says."""

from collections import Counter
from pathlib import Path

from lxml import etree

ATOM = {"a": "http://www.w3.org/2005/Atom"}
_GRAMMAR = etree.RelaxNG(file=str(Path(__file__).with_name("atom.rng")))


def problems(document: bytes, url: str | None = None) -> list[str]:
    """Return what is wrong with a feed, served at `url` or written to a file.

    The rules are RFC 4287's, and those by which the W3C's validator calls a feed
    invalid: ids and relations once each, HTML that is whole and without relative
    addresses, a feed's own address, dates in their order.
    """
    root = etree.fromstring(document)
    if not _GRAMMAR.validate(root):
        return [str(error) for error in _GRAMMAR.error_log]
    entries = root.findall("a:entry", ATOM)
    found = _repeated(root.xpath("//a:id/text()", namespaces=ATOM), "id")
    for element in (root, *entries):
        relations = element.xpath("a:link/@rel", namespaces=ATOM)
        found += _repeated(relations, "link")
    selves = root.xpath("a:link[@rel='self']/@href", namespaces=ATOM)
    found += [] if selves == ([url] if url else []) else [f"self: {selves}, not {url}"]
    latest = str(root.findtext("a:updated", namespaces=ATOM))
    for entry in entries:
        if str(entry.findtext("a:updated", namespaces=ATOM)) > latest:
            found.append("an entry is newer than the feed")
        texts = entry.xpath("*[@type='html']/text()", namespaces=ATOM)
        found += [problem for text in texts for problem in _html(str(text))]
    return found


def _repeated(values: list[str], what: str) -> list[str]:
    counted = Counter(values)
    return [f"{what} {one} stands twice" for one, n in counted.items() if n > 1]


def _html(text: str) -> list[str]:
    """Return what is wrong with a piece of HTML, which is to be paragraphs of text."""
    try:
        body = etree.fromstring(f"<div>{text}</div>")
    except etree.XMLSyntaxError as error:
        return [f"no whole HTML: {error}"]
    return [
        f"<{element.tag} {dict(element.attrib)}> in a text"
        for element in body.iterdescendants()
        if element.tag != "p" or set(element.attrib) - {"dir"}
    ]
