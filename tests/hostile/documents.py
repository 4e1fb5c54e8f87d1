"""Hostile documents: bombs, depth, masses, encodings, dates, and feeds cut short."""

import json
from collections.abc import Callable
from itertools import pairwise

from tests.hostile.case import (
    EMPTY,
    FAILED,
    OK,
    STALE,
    Case,
    atom,
    document,
    entry,
    item,
    rss,
)
from tests.server import Reply, Seen
from tracker.core.values import Outcome

Make = Callable[[], bytes]

_ONE = ("A post",)


def _made(
    name: str,
    make: Make,
    outcome: Outcome = OK,
    said: str = "",
    titles: tuple[str, ...] | None = None,
) -> Case:
    """Return a case whose document is made when it is asked for: it may be large."""

    def play(seen: Seen) -> Reply:
        return document(make())

    return Case(name, play, outcome, said, titles)


# Entities and document types


def _doctype(declared: str, title: str) -> bytes:
    return rss(item(title), before=f'<?xml version="1.0"?><!DOCTYPE rss [{declared}]>')


def _laughs() -> bytes:
    """Return a document in which ten entities become a billion."""
    names = "abcdefghij"
    declared = '<!ENTITY a "ha ha ha ">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names)
    )
    return _doctype(declared, "&j; A joke")


def _quadratic() -> bytes:
    """Return a document in which one long entity is named often."""
    return _doctype(f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 20_000)


def _external(system: str) -> Make:
    return lambda: _doctype(f'<!ENTITY x SYSTEM "{system}">', "A post &x;")


_PARAMETER = '<!ENTITY % p SYSTEM "http://127.0.0.1:9/evil.dtd"> %p;'
_ENTITIES = (
    _made("entities-a-billion-laughs", _laughs),
    _made("entities-quadratic", _quadratic),
    _made("entity-of-a-file", _external("file:///etc/passwd")),
    _made("entity-of-a-private-page", _external("http://169.254.169.254/")),
    _made("entity-of-itself", lambda: _doctype('<!ENTITY a "&a;">', "A post &a;")),
    _made("entity-of-parameters", lambda: _doctype(_PARAMETER, "A post"), titles=_ONE),
    _made(
        "entities-undefined",
        lambda: rss(item("A&nbsp;post &mdash; &bogus; &#0; &#x110000;")),
    ),
    _made(
        "doctype-elsewhere",
        lambda: rss(
            item(), before='<!DOCTYPE rss SYSTEM "http://169.254.169.254/rss.dtd">'
        ),
        titles=("A post",),
    ),
    _made(
        "doctype-of-2-megabytes",
        lambda: _doctype('<!ENTITY a "b">' * 130_000, "A post"),
        titles=_ONE,
    ),
    _made(
        "stylesheet-elsewhere",
        lambda: rss(
            item(), before='<?xml-stylesheet href="http://169.254.169.254/" ?>'
        ),
        titles=("A post",),
    ),
)

# Masses


def _many(count: int) -> bytes:
    return rss(item(f"Post {n}", name=str(n)) for n in range(count))


def _namespaces() -> bytes:
    return rss(item(), head=" ".join(f'xmlns:n{n}="u:{n}"' for n in range(50_000)))


def _foreign() -> bytes:
    return rss(
        item("A post", "".join(f'<a:b xmlns:a="u:{n}"/>' for n in range(50_000)))
    )


def _attributes() -> bytes:
    many = " ".join(f'a{n}="{n}"' for n in range(200_000))
    return rss(item("A post &bogus;"), head=many)  # no reader of sound XML takes it


def _deep(count: int, tag: str = "a") -> str:
    return f"<{tag}>" * count + f"</{tag}>" * count


def _of(body: str) -> Make:
    return lambda: rss(item("A post", body))


def _described(text: str) -> Make:
    return _of(f"<description><![CDATA[{text}]]></description>")


_AT = "a" * 200_000
_MASSES = (
    _made("100,000-entries", lambda: _many(100_000), FAILED, "over 200,000 elements"),
    _made("10,001-entries", lambda: _many(10_001), FAILED, "over 10,000 entries"),
    _made("50,000-namespaces", _namespaces, titles=_ONE),
    _made("50,000-foreign-elements", _foreign, titles=_ONE),
    _made("200,000-attributes", _attributes, FAILED, "over 1,000 attributes"),
    _made("300,000-elements", _of("<a/>" * 300_000), FAILED, "over 200,000 elements"),
    _made("depth-of-90,000-elements", _of(_deep(90_000)), titles=_ONE),
    _made(
        "depth-of-90,000-descriptions", _of(_deep(90_000, "description")), titles=_ONE
    ),
    _made(
        "depth-of-90,000-channels",
        lambda: rss(_deep(90_000, "channel") + item()),
        titles=_ONE,
    ),
    _made("depth-of-html", _described(_deep(200_000, "div")), titles=_ONE),
    _made("depth-of-html-tables", _described("<table><tr><td>" * 60_000), titles=_ONE),
    _made("depth-of-unclosed-html", _described("<b><i>" * 300_000), titles=_ONE),
    _made(
        "20,000-authors",
        _of("<author>a@b.example (A)</author>" * 20_000),
        titles=_ONE,
    ),
    _made(
        "20,000-categories",
        _of("".join(f"<category>c{n}</category>" for n in range(20_000))),
        titles=_ONE,
    ),
    _made(
        "20,000-links",
        lambda: atom(
            entry(
                "A post",
                "".join(f'<link rel="related" href="/r/{n}"/>' for n in range(20_000)),
            )
        ),
        titles=_ONE,
    ),
    _made(
        "20,000-enclosures",
        _of('<enclosure url="/a.mp3" length="9" type="a/b"/>' * 20_000),
        titles=_ONE,
    ),
    _made("author-of-200-kilobytes", _of(f"<author>{_AT}@{_AT}</author>"), titles=_ONE),
    _made(
        "category-of-5-megabytes",
        _of(f"<category>{'c ' * 2_500_000}</category>"),
        titles=_ONE,
    ),
    _made("title-of-5-megabytes", lambda: rss(item("word " * 1_000_000))),
    _made("title-of-5-megabytes-in-one-word", lambda: rss(item("w" * 5_000_000))),
    _made("title-of-5-megabytes-of-tags", lambda: rss(item("&lt;b>" * 800_000))),
    _made(
        "title-of-5-megabytes-of-ampersands", lambda: rss(item("&amp;amp;" * 500_000))
    ),
    _made("guid-of-1-megabyte", _of(f"<guid>{'g' * 1_000_000}</guid>"), titles=_ONE),
    _made(
        "url-of-200-kilobytes",
        _of(f"<link>https://a.example/{'u' * 200_000}</link>"),
        titles=_ONE,
    ),
    _made(
        "url-of-200-kilobytes-of-dots",
        _of(f"<link>https://a.example/{'../' * 66_000}</link>"),
        titles=_ONE,
    ),
    _made("comments-quadratic", _described("<!--" * 250_000), titles=_ONE),
    _made("comments-unended", _described("<!-- " + "- " * 500_000), titles=_ONE),
    _made("angles-quadratic", _described("<" * 1_000_000), titles=_ONE),
    _made("tags-unended", _described("<a " * 400_000), titles=_ONE),
    _made("attributes-unended", _described('<a href="' + "x='" * 400_000), titles=_ONE),
    _made("ampersands-quadratic", _described("&" * 1_000_000), titles=_ONE),
    _made("declarations-quadratic", _described("<!x " * 300_000), titles=_ONE),
    _made("instructions-quadratic", _described("<?x " * 300_000), titles=_ONE),
    _made(
        "cdata-quadratic",
        lambda: rss(item("A post", "<![CDATA[" * 100_000)),
        titles=_ONE,
    ),
    _made(
        "prologue-of-2-megabytes",
        lambda: rss(item(), before="<?xml version='1.0'?>" + "<!-- -->" * 250_000),
        titles=_ONE,
    ),
    _made(
        "prologue-of-declarations",
        lambda: rss(item(), before="<?xml " * 300_000),
        titles=_ONE,
    ),
    _made(
        "white-space-of-15-megabytes",
        lambda: rss(" \n" * 7_500_000 + item()),
        titles=_ONE,
    ),
)

# Encodings and characters

_WORDS = "Größe 机器学习"
_TWO = (_WORDS,)
_SNOW = rss(item(_WORDS))


def _declared(encoding: str, body: bytes) -> bytes:
    return b'<?xml version="1.0" encoding="%s"?>' % encoding.encode() + body


def _in(encoding: str) -> Make:
    return lambda: (
        _declared(encoding, b"").decode().encode(encoding)
        + rss(item(_WORDS)).decode().encode(encoding)
    )


_SURROGATE = rss(item("A \ud83d post"))
_CHARACTERS = (
    _made("utf-16-undeclared", lambda: _SNOW.decode().encode("utf-16-le"), FAILED, "."),
    _made(
        "utf-16-undeclared-but-begun",
        lambda: ("<?xml version='1.0'?>" + _SNOW.decode()).encode("utf-16-le"),
        titles=_TWO,
    ),
    _made("utf-16-with-a-mark", lambda: _SNOW.decode().encode("utf-16"), titles=_TWO),
    _made("utf-32", _in("utf-32"), titles=_TWO),
    _made("utf-16-declared-falsely", lambda: _declared("utf-16", _SNOW), titles=_TWO),
    _made("ascii-declared-falsely", lambda: _declared("ascii", _SNOW), titles=_TWO),
    _made("codec-declared", lambda: _declared("unicode_escape", _SNOW), titles=_TWO),
    _made("hex-declared", lambda: _declared("hex", _SNOW), titles=_TWO),
    _made("encoding-of-a-kilobyte", lambda: _declared("u" * 1000, _SNOW), titles=_TWO),
    _made("utf-16-mark-on-utf-8", lambda: b"\xff\xfe" + _SNOW, FAILED, "."),
    _made("utf-8-overlong", lambda: _SNOW.replace("ö".encode(), b"\xc0\xbcscript>")),
    _made("utf-8-broken", lambda: _SNOW.replace("ö".encode(), b"\xff\xfe\x80")),
    _made("nul-in-title", lambda: rss(item("A\0 post")), titles=_ONE),
    _made("nul-everywhere", lambda: rss(item()).replace(b"A ", b"\0A \0"), titles=_ONE),
    _made("surrogate-alone", lambda: _SURROGATE),
    _made("surrogate-by-reference", lambda: rss(item("A &#xD800; post &#55357;"))),
    _made("controls-in-title", lambda: rss(item("A\x01\x08\x0b\x1f\x7f\x9b post"))),
    _made("controls-by-reference", lambda: rss(item("A&#8;&#27;[31m&#155; post"))),
    _made("reference-of-a-megabyte", lambda: rss(item(f"A &#{'9' * 1_000_000}; post"))),
    _made(
        "controls-by-reference-in-html",
        _described("A &#27;[31m&#x9b;1m &#133;&#8232; post"),
        titles=_ONE,
    ),
    _made("noncharacters", lambda: rss(item("A \ufffe\uffff\U0001ffff post"))),
)

# Dates


def _dated(date: str) -> Make:
    body = f"<pubDate>{date}</pubDate><dc:date>{date}</dc:date>"
    return lambda: rss(item("A post", body), head='xmlns:dc="urn:dc"')


_DATES = tuple(
    _made(f"date-{name}", _dated(date), titles=_ONE)
    for name, date in {
        "year-0": "0000-01-01T00:00:00Z",
        "year-1": "Mon, 01 Jan 0001 00:00:00 +2359",
        "year-10000": "Sat, 01 Jan 10000 00:00:00 GMT",
        "year-10000-iso": "10000-01-01T00:00:00Z",
        "year-9999": "9999-12-31T23:59:59-23:59",
        "negative": "-2026-11-20T00:00:00Z",
        "february-31": "Tue, 31 Feb 2026 25:61:61 GMT",
        "offset-of-years": "Mon, 23 Nov 2026 00:00:00 +99999999",
        "seconds-of-400-digits": "9" * 400,
        "5-kilobytes": "2026-" * 1000,
        "100-kilobytes-of-space": f"Mon, {' ' * 100_000}",
        "arabic-digits": "\u0662\u0660\u0662\u0666-11-20",
        "in-the-future": "2999-01-01T00:00:00Z",
    }.items()
)

# Feeds cut short

_LONG = rss(
    item(f"Post {n}", f"<description>{'Words. ' * 60}</description>", str(n))
    for n in range(30)
)


def _cut(size: int) -> Case:
    """Return a case that says to be whole, and is the first `size` bytes."""
    body = _LONG[:size]
    whole = tuple(f"Post {n}" for n in range(body.count(b"</item>")))
    said = f"breaks off after {len(whole)} entries"
    name = f"cut-at-{size // 1024:02}-kb"
    return Case(name, document(body), STALE, said, titles=whole)


_CUTS = tuple(_cut(size) for size in range(1024, len(_LONG), 1024))

# JSON Feed

_JSON_FEED = "https://jsonfeed.org/version/1.1"


def _json(items: object, **others: object) -> Make:
    feed = {"version": _JSON_FEED, "title": "A blog", "items": items, **others}
    return lambda: json.dumps(feed).encode()


def _raw(items: str) -> Make:
    return lambda: f'{{"version": "{_JSON_FEED}", "items": {items}}}'.encode()


_POST = {"id": "1", "url": "/post/1", "title": "A post"}
_FIELDS = ("title", "summary", "content_html", "content_text", "authors", "tags")
_OTHER_TYPES: tuple[object, ...] = (None, 1, 1.5, True, [], {}, [[]], [{}], {"a": {}})
_WRONG = [
    {"id": f"{n}", "url": f"/post/{n}", "title": "A post"}
    | dict.fromkeys((*_FIELDS[1:], "date_published", "external_url"), value)
    for n, value in enumerate(_OTHER_TYPES)
]
_JSONS = (
    _made("json-depth", _raw("[" * 100_000), FAILED, "broken JSON"),
    _made(
        "json-depth-inside", _raw('[{"id":' + "[" * 900 + "]" * 900 + "}]"), FAILED, "."
    ),
    _made("json-not-a-list", _json({"a": 1}), FAILED, "not a JSON Feed"),
    _made("json-list-of-nothing", _json([None, 1, "x", []]), EMPTY, "no entries"),
    _made("json-wrong-types", _json(_WRONG)),
    _made(
        "json-wrong-types-of-names", _json([{**_POST, "id": {}, "url": 7}]), titles=_ONE
    ),
    _made("json-surrogates", _raw('[{"id":"1","title":"A \\ud800 post"}]')),
    _made("json-nul", _raw('[{"id":"\\u0000","title":"A\\u0000\\u202e post"}]')),
    _made("json-number-of-5,000-digits", _raw(f"[{'9' * 5_000}]"), FAILED, "."),
    _made("json-number-infinite", _raw('[{"id":1e999,"title":"A post"}]'), titles=_ONE),
    _made("json-not-a-number", _raw('[{"id":NaN,"title":"A post"}]'), titles=_ONE),
    _made("json-100,000-items", _json([_POST] * 100_000), FAILED, "over 10,000"),
    _made(
        "json-keys-repeated",
        _raw('[{"id":"1","title":"x","title":"A post"}]'),
        titles=_ONE,
    ),
    _made(
        "json-dates",
        _json(
            [
                {**_POST, "id": f"{n}", "url": f"/{n}", "date_published": date}
                for n, date in enumerate(
                    [
                        "0000-00-00",
                        "10000-01-01",
                        "9999-12-31T23:59:59-23:59",
                        "x" * 9999,
                        -1,
                    ]
                )
            ]
        ),
    ),
)

CASES = (*_ENTITIES, *_MASSES, *_CHARACTERS, *_DATES, *_CUTS, *_JSONS)
