"""Hostile identities: ids repeated, missing and shared; items of other sources."""

from dataclasses import dataclass

from tests.hostile.case import OK, Case, document, item, rss
from tests.hostile.markup import PAYLOADS

_EVIL = "Stolen &lt;script>alert(1)&lt;/script>"


@dataclass(frozen=True, slots=True)
class Theft:
    """Items of an honest source, and a feed of another that lays claim to them.

    `owned` are pairs of guid and link; each becomes an item of its own, and stays it.
    """

    name: str
    owned: tuple[tuple[str, str], ...]
    feed: bytes

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the honest items, which they must keep."""
        return tuple(
            f"An honest work on {self.name} {n}" for n, _ in enumerate(self.owned, 1)
        )


def _item(guid: str, link: str, title: str = _EVIL, body: str = "") -> str:
    links = f"<guid>{guid}</guid><link>{link}</link>"
    return f"<item><title>{title}</title>{links}{body}</item>"


def _page(name: str) -> str:
    return f"https://honest.example/{name}"


def _abs(number: int) -> str:
    return f"https://arxiv.org/abs/2611.{number:05}"


def _oai(number: int, version: int = 1) -> str:
    return f"oai:arXiv.org:2611.{number:05}v{version}"


_OWN = "/post/1"
_PRISM = "http://prismstandard.org/namespaces/basic/2.0/"
_DOI = "https://doi.org/10.5555/honest.1"

THEFTS = (
    Theft("address", (("a", _page("a")),), rss(_item("x", _page("a")))),
    Theft(
        "address-in-disguise",
        (("b", _page("b")),),
        rss(_item("x", "HTTP://WWW.Honest.example:80/b/?utm_source=x#y")),
    ),
    Theft("guid", ((_page("c"), _page("c")),), rss(_item(_page("c"), _OWN))),
    Theft("guid-of-words", (("d", _page("d")),), rss(_item("d", _OWN))),
    Theft(
        "guid-with-a-name",
        (("e", _page("e")),),
        rss(_item("guid:honest e", _OWN)),
    ),
    Theft("paper", ((_oai(1), _abs(1)),), rss(_item(_oai(1), _abs(1)))),
    Theft("paper-by-link", ((_oai(2), _abs(2)),), rss(_item("x", _abs(2)))),
    Theft(
        "paper-by-newer-version", ((_oai(3), _abs(3)),), rss(_item(_oai(3, 99), _OWN))
    ),
    Theft(
        "paper-by-doi",
        ((_DOI, _DOI),),
        rss(
            _item("x", _OWN, body="<prism:doi>10.5555/honest.1</prism:doi>"),
            head=f'xmlns:prism="{_PRISM}"',
        ),
    ),
    Theft(
        "paper-by-title",
        ((_oai(4), _abs(4)),),
        rss(_item(_abs(9004), _abs(9004), "An honest work on paper-by-title 1")),
    ),
    Theft(
        "two-posts-as-one",
        (("f", _page("f")), ("g", _page("g"))),
        rss(_item(_page("f"), _page("g"))),
    ),
    Theft(
        "two-papers-as-one",
        ((_oai(5), _abs(5)), (_oai(6), _abs(6))),
        rss(_item(_oai(5), _abs(6))),
    ),
    Theft(
        "two-papers-by-ids",
        ((_oai(7), _abs(7)), (f"{_DOI}7", f"{_DOI}7")),
        rss(
            _item("x", _abs(7), body="<prism:doi>10.5555/honest.17</prism:doi>"),
            head=f'xmlns:prism="{_PRISM}"',
        ),
    ),
    Theft(
        "two-papers-by-two-entries",
        ((_oai(8), _abs(8)), (f"{_DOI}8", f"{_DOI}8")),
        rss(
            [
                _item(_oai(8), _OWN),
                _item("x", _OWN, body="<prism:doi>10.5555/honest.18</prism:doi>"),
            ],
            head=f'xmlns:prism="{_PRISM}"',
        ),
    ),
    Theft(
        "everything-at-once",
        (("h", _page("h")), ("i", _page("i")), ("j", _page("j"))),
        rss(_item(f"x{n}", _page(n)) for n in "hij"),
    ),
)


def honest() -> bytes:
    """Return the feed of the source that all of this is to be stolen from."""
    return rss(
        _item(guid, link, title)
        for theft in THEFTS
        for title, (guid, link) in zip(theft.titles, theft.owned, strict=True)
    )


def _bare(*parts: str) -> str:
    return f"<item>{''.join(parts)}</item>"


def _titled(title: str) -> str:
    return f"<title>{title}</title>"


_SCRIPT = f"<![CDATA[{PAYLOADS['script']}]]>"

CASES = (
    *(Case(f"theft-by-{theft.name}", document(theft.feed), OK) for theft in THEFTS),
    Case(
        "ids-missing",
        document(rss(_bare(_titled(f"Post {n}")) for n in range(3))),
        OK,
        titles=("Post 0", "Post 1", "Post 2"),
    ),
    Case(
        "ids-missing-and-titles",
        document(rss([_bare("<description>Words.</description>"), _bare()])),
        OK,
        titles=("Words.",),
    ),
    Case(
        "ids-repeated",
        document(rss(item("A post") for _ in range(300))),
        OK,
        titles=("A post",),
    ),
    Case(
        "ids-shared-by-titles",
        document(rss(item(f"Post {n}") for n in range(3))),
        OK,
        titles=("Post 0", "Post 1", "Post 2"),
    ),
    Case(
        "ids-shared-by-pages",
        document(rss(_item("1", f"/post/{n}", f"Post {n}") for n in range(3))),
        OK,
        titles=("Post 0", "Post 1", "Post 2"),
    ),
    Case(
        "pages-shared-by-ids",
        document(rss(_item(f"{n}", "/changes", f"Post {n}") for n in range(3))),
        OK,
        titles=("Post 0", "Post 1", "Post 2"),
    ),
    Case(
        "ids-of-script",
        document(rss(_bare(_titled("A post"), f"<guid>{_SCRIPT}</guid>"))),
        OK,
        titles=("A post",),
    ),
    Case(
        "ids-that-break-lines",
        document(rss(_bare(_titled("A post"), "<guid>a\r\nb&#10;c&#0;\u202e</guid>"))),
        OK,
        titles=("A post",),
    ),
    Case(
        "ids-in-other-clothes",
        document(
            rss(
                _item(guid, f"/post/{n}", f"Post {n}")
                for n, guid in enumerate(
                    ["Straße", "STRASSE", "strasse", "é", "e\u0301"]
                )
            )
        ),
        OK,
        titles=tuple(f"Post {n}" for n in range(5)),
    ),
)
