"""The only door to SMTP, sendmail and maildirs: handing one message over.

An `Outlet` takes letters one after the other. Just before the step after which only
an answer tells whether a letter was accepted, it calls `doubt`; when it raises without
having called that, the letter surely was not accepted.
"""

from tracker.mail.letter import Letter, Outlet
from tracker.mail.outlets import Nowhere, outlet
from tracker.mail.signing import Key, Signed
from tracker.mail.smtp import Server, check, server

__all__ = [
    "Key",
    "Letter",
    "Nowhere",
    "Outlet",
    "Server",
    "Signed",
    "check",
    "outlet",
    "server",
]
