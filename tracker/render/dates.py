"""Dates in a reader's language, by the Unicode CLDR; Babel is imported when used."""

from datetime import date

_OURS = frozenset({"", "en"})


def is_ours(language: str) -> bool:
    """Return whether dates of a language are the English ones of `words`."""
    return language.replace("_", "-").partition("-")[0] in _OURS


def is_known(language: str) -> bool:
    """Return whether dates can be written in a language, such as "de" or "pt-BR"."""
    if is_ours(language):
        return True
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return False
    return True


def day(of: date, language: str, *, dated: bool) -> str:
    """Return a day such as "16. Nov."; with its year where it is to be `dated`."""
    from babel.dates import format_skeleton

    skeleton = "yMMMd" if dated else "MMMd"
    return format_skeleton(skeleton, of, locale=language.replace("-", "_"))


def days(first: date, last: date, language: str, *, dated: bool) -> str:
    """Return days from first to last, "16.-22. Nov." with the dash of the language."""
    from babel.dates import format_interval

    if first == last:
        return day(first, language, dated=dated)
    skeleton = "yMMMd" if dated or first.year != last.year else "MMMd"
    return format_interval(first, last, skeleton, locale=language.replace("-", "_"))
