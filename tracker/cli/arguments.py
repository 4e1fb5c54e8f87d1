"""Types of arguments; each raises argparse.ArgumentTypeError, in words."""

import argparse
from datetime import date

_LAST_PORT = 65_535
_LARGEST = 2**31 - 1  # that PostgreSQL keeps as an item's number
_YEARS = range(1000, 9999)  # with room for zones and weeks around them


def day(text: str) -> date:
    """Return a date, written as ISO 8601 has it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        what = f"{text!r} is no date; write one such as 2026-11-16"
        raise argparse.ArgumentTypeError(what) from None
    if found.year not in _YEARS:
        what = f"{text!r} is too far away; write a year from 1000 to 9998"
        raise argparse.ArgumentTypeError(what)
    return found


def place(text: str) -> str:
    """Return HOST:PORT as it stands."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not int(port) <= _LAST_PORT:
        what = f'{text!r}: write HOST:PORT, such as "127.0.0.1:8642"'
        raise argparse.ArgumentTypeError(what)
    return text


def positive(text: str) -> int:
    """Return a number from 1 on."""
    found = _bounded(text) if text.isdecimal() else 0
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return found


def number(text: str) -> int:
    """Return an item's number, with # before it or not."""
    bare = text.removeprefix("#")
    if not bare.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no item's number, such as 12")
    return _bounded(bare)


def _bounded(digits: str) -> int:
    """Return a number that a store can hold; int() refuses over 4,300 digits."""
    if len(digits) > len(str(_LARGEST)) or int(digits) > _LARGEST:
        what = f"{digits[:20]} is too large; {_LARGEST} is the largest number there is"
        raise argparse.ArgumentTypeError(what)
    return int(digits)
