"""An entry's texts: its markup sanitised, its title and summary plain."""

import html
import re

from tracker.sources import base
from tracker.sources.feed.stated import Stated, Text

LONGEST_SUMMARY = 2_000
_LONGEST_TITLE = 500
# How much is read for a summary until it is found: tags can be many times the text.
_MARKUPS = (4_000, 8_000, 16_000, 50_000)
_NEARLY = LONGEST_SUMMARY * 11 // 10  # of bare text is a summary, white space folded
_LONGEST_CONTENT = 200_000

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_TAG = re.compile(r"</?[a-z][^<>]*>?", re.IGNORECASE)
_NESTING = re.compile(  # what opens or closes an element; "/" when it closes
    r"<(/?)(?!(?:br|col|embed|hr|img|input|link|meta|source)\b)[a-z]", re.IGNORECASE
)
_DEEPEST = 512  # browsers' limit; nh3's time grows with the square
_FEW = 1_000  # tags, which do no harm however nested
_STRETCH = 4_096
# Text that is evidently markup though declared plain; prose about HTML is not.
_MARKED_UP = re.compile(
    r"</(?:a|b|i|p|em|strong|code|span|su[bp]|div|h\d|font|u|tt|li|ul|ol|pre|small|mark"
    r"|script|style|iframe)>"
    r"|<(?:br|hr) ?/?>|<img\s|&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-f]{1,5}"
    r"|[mn]dash|hellip|[lr][sd]quo);",
    re.IGNORECASE,
)
# Two tags in five are spans, and all that they say is how code is coloured.
_SPAN = re.compile(
    r"""<(?:/span|span class="[^"<>]*+"|span(?:\s{1,9}(?:class|style|id|data-[a-z-]"""
    r"""{1,40}+)=(?:"[^"<>]*+"|'[^'<>]*+'))*+\s?)>"""
)
# Where a tag might be none: "<<span>", or a comment that ends with any tag.
_ODD = re.compile(r"<(?:[<?]|!(?!--))")
_ANNOUNCED = re.compile(r"\AarXiv:\S+ Announce Type: [\w-]+\s*(?:Abstract: ?)?")


def safe(stated: Stated, url: str) -> str:
    """Return the longest text of the entry as sanitised HTML.

    Relative addresses in it start from the stated base, else from `url`.
    """
    texts = [text for text in stated.contents if text.value]
    if not texts and stated.summary:
        texts = [stated.summary]
    content = max(map(_markup, texts), key=len, default="")
    if announced := _ANNOUNCED.match(content):
        content = content[announced.end() :]
    return base.safe_html(content[:_LONGEST_CONTENT], _base(stated) or url)


def said(stated: Stated) -> str:
    """Return the summary as it was stated, else a text that may stand for it."""
    if stated.summary:
        return stated.summary.value
    texts = (text for text in stated.contents if text.media in {*_HTML, "text/plain"})
    return next((text.value for text in texts), "")


def title(stated: Text) -> str:
    """Return the entry's title, plain."""
    said = stated.value[: _MARKUPS[-1]]
    is_markup = stated.media in _HTML or _is_marked_up(said)
    plain = base.plain_text(said) if is_markup else base.one_line(said)
    return cut(plain, _LONGEST_TITLE)


def summary(stated: Stated, content: str) -> str:
    """Return the entry's summary, else the beginning of its sanitised text."""
    plain = ""
    if stated.summary and stated.contents:  # else the text is the summary
        plain = _beginning(stated.summary)
    return cut(plain or _beginning_of_safe(content), LONGEST_SUMMARY)


def cut(plain: str, longest: int) -> str:
    """Return the beginning of a text, cut between words and so marked."""
    if len(plain) <= longest:
        return plain
    return plain[:longest].rpartition(" ")[0].rstrip(" ,;:.") + "…"


def _beginning_of_safe(content: str) -> str:
    """Return the beginning of a sanitised text, plain."""
    for size in _MARKUPS:
        bare = base.bare_of_safe(content[:size])
        plain = base.plain_of_bare(bare[:_NEARLY])
        if len(plain) <= LONGEST_SUMMARY and len(bare) > _NEARLY:
            plain = base.plain_of_bare(bare)
        if len(plain) > LONGEST_SUMMARY or len(content) <= size:
            break
    return plain


def _beginning(text: Text) -> str:
    """Return the beginning of a text, plain."""
    said = _ANNOUNCED.sub("", text.value, count=1)
    for size in _MARKUPS:
        plain = base.plain_text(_markup(Text(said[:size], text.media)))
        if len(plain) > LONGEST_SUMMARY or len(said) <= size:
            break
    return plain


def _base(stated: Stated) -> str:
    texts = [*stated.contents, stated.summary]
    return next((text.base for text in texts if text and text.base), "")


def _markup(text: Text) -> str:
    """Return a text as HTML, without tags when nested absurdly."""
    said = text.value[:_LONGEST_CONTENT]
    if text.media not in _HTML and not _is_marked_up(said):
        return html.escape(said, quote=False).replace("\n\n", "<br><br>")
    said = _without_spans(said)
    if _may_be_deep(said) and _depth(said) > _DEEPEST:
        return html.escape(_TAG.sub(" ", said), quote=False)
    return said


def _is_marked_up(said: str) -> bool:
    return ("<" in said or "&" in said) and _MARKED_UP.search(said) is not None


def _without_spans(markup: str) -> str:
    """Return `markup` without the spans that say nothing once sanitised.

    So they need not be parsed, which takes nh3 two fifths of its time. All stay where
    one does, such as one of another language: a tag left without its end would reach
    further.
    """
    if "<span" not in markup or _ODD.search(markup):
        return markup
    bare = _SPAN.sub("", markup)
    return markup if "<span" in bare else bare


def _may_be_deep(markup: str) -> bool:
    """Return whether elements could be nested absurdly, from counts alone.

    At worst, what closes elements in a stretch comes before what opens others.
    """
    if markup.count("<") <= _FEW:
        return False
    level = 0
    for start in range(0, len(markup), _STRETCH):
        stretch = markup[start : start + _STRETCH]
        closed = stretch.count("</")
        level = max(level - closed, 0) + stretch.count("<") - closed
        if level > _DEEPEST:
            return True
    return False


def _depth(markup: str) -> int:
    """Return how deep the elements of `markup` are nested, at most."""
    depth = deepest = 0
    for closes in _NESTING.findall(markup):
        depth = max(depth - 1, 0) if closes else depth + 1
        deepest = max(deepest, depth)
    return deepest
