"""Types of arguments; each raises argparse.ArgumentTypeError, in words."""

import argparse
from datetime import date

_LAST_PORT = 65_535


def day(text: str) -> date:
    """Return a date, written as ISO 8601 has it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        what = f"{text!r} is no date; write one such as 2026-11-16"
        raise argparse.ArgumentTypeError(what) from None


def place(text: str) -> str:
    """Return HOST:PORT as it stands."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not int(port) <= _LAST_PORT:
        what = f'{text!r}: write HOST:PORT, such as "127.0.0.1:8642"'
        raise argparse.ArgumentTypeError(what)
    return text


def positive(text: str) -> int:
    """Return a number from 1 on."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return int(text)


def number(text: str) -> int:
    """Return an item's number, with # before it or not."""
    bare = text.removeprefix("#")
    if not bare.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no item's number, such as 12")
    return int(bare)
