"""An entry's texts: its markup sanitised, its title and summary plain."""

import html
import re

from tracker.sources import base
from tracker.sources.feed.raw import Raw, dicts, text

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


def safe(raw: Raw, url: str) -> str:
    """Return the longest text of the entry as sanitised HTML.

    Relative addresses in it start from the stated base, else from `url`.
    """
    return base.safe_html(_content(raw)[:_LONGEST_CONTENT], _base(raw) or url)


def title(raw: Raw) -> str:
    """Return the entry's title, plain."""
    said = text(raw.get("title"))[: _MARKUPS[-1]]
    media = text((raw.get("title_detail") or {}).get("type"))
    is_markup = media in _HTML or _is_marked_up(said)
    plain = base.plain_text(said) if is_markup else base.one_line(said)
    return cut(plain, _LONGEST_TITLE)


def summary(raw: Raw, content: str) -> str:
    """Return the entry's summary, else the beginning of its sanitised text."""
    detail = raw.get("summary_detail") or {}
    apart = detail and raw.get("content")  # else the text is the summary
    own = _ANNOUNCED.sub("", text(raw.get("summary")), count=1) if apart else ""
    plain = _beginning(own, text(detail.get("type"))) if own else ""
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


def _beginning(said: str, media: str) -> str:
    """Return the beginning of a text of some media type, plain."""
    for size in _MARKUPS:
        plain = base.plain_text(_markup(said[:size], media))
        if len(plain) > LONGEST_SUMMARY or len(said) <= size:
            break
    return plain


def _content(raw: Raw) -> str:
    """Return the longest text of the entry as HTML, not yet sanitised."""
    bodies = [body for body in dicts(raw.get("content")) if body.get("value")] or [
        {"value": raw.get("summary"), **(raw.get("summary_detail") or {})}
    ]
    texts = [
        _markup(text(body.get("value"))[:_LONGEST_CONTENT], text(body.get("type")))
        for body in bodies
    ]
    content = max(texts, key=len)
    announced = _ANNOUNCED.match(content)
    return content[announced.end() :] if announced else content


def _base(raw: Raw) -> str:
    bodies = [*dicts(raw.get("content")), raw.get("summary_detail") or {}]
    return next((one for body in bodies if (one := text(body.get("base")))), "")


def _markup(said: str, media: str) -> str:
    """Return a text of some media type as HTML, without tags when nested absurdly."""
    if media not in _HTML and not _is_marked_up(said):
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
    level = 0
    for start in range(0, len(markup), _STRETCH) if markup.count("<") > _FEW else ():
        stretch = markup[start : start + _STRETCH]
        closed = stretch.count("</")
        flat = stretch.count("<br") + stretch.count("<img")
        level = max(level - closed, 0) + stretch.count("<") - closed - flat
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
