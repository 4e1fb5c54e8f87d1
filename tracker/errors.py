"""The names of expected failures.

TrackerError                  printed as one line: what, where, what to do
├── UsageError                the command was called wrongly (exit code 2)
├── FileError                 a file that the user named can't be read
├── OutputError               standard output takes no more of what was found
├── LinkError                 a link is not one of ours, or has expired
├── ConfigError               feeds.toml has a wrong table or key
├── SourceError               a source could not be collected; names an outcome
│   ├── Blocked               the source refused us, or showed a bot check
│   ├── RateLimited           the source asked us to come back later
│   ├── FetchError            no whole answer: network, status, size, time
│   │   ├── AddressRefused    the address is not one we may connect to
│   │   ├── Unreached         no connection: the server has seen nothing of us
│   │   ├── Answered          an answer, but a status that is no document
│   │   ├── Gone              the address is gone for good, by its server's word
│   │   └── Interrupted       we were told to stop; says nothing of the source
│   └── ReadError             an answer that is not what the source promises
├── StoreError                the database cannot be used
│   └── SchemaError           its tables are older or newer than this program
└── MailError                 a message could not be handed over
    ├── TemporaryMailError    worth another try later
    │   ├── MailServerDown    the server itself: no other message would fare better
    │   └── NoAnswer          the connection broke, or the time ran out, in a message
    └── PermanentMailError    no try will change the answer
"""


class TrackerError(Exception):
    """An expected failure; its text is one line a user can act on."""


class UsageError(TrackerError):
    """The command was called wrongly."""


class FileError(TrackerError):
    """A file that the user named can't be read as what it should be; says why."""


class OutputError(TrackerError):
    """Standard output can't be written to; says why."""


class LinkError(TrackerError):
    """A link that does something is not one of ours, or has expired."""


class ConfigError(TrackerError):
    """feeds.toml, or a file it names, is wrong; says which table and key."""


class SourceError(TrackerError):
    """A source could not be collected; `outcome` is the value of an Outcome."""

    outcome = "failed"


class Blocked(SourceError):
    """The source refused us: 401, 403, a bot check, a page in place of data."""

    outcome = "blocked"


class RateLimited(SourceError):
    """The source asked us to come back after `retry_after` seconds, if it said."""

    outcome = "rate-limited"

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class FetchError(SourceError):
    """No whole answer came: network, status, size or time."""


class AddressRefused(FetchError):
    """The address is private, or not http(s)."""


class Unreached(FetchError):
    """The server can't be connected to; it has seen nothing of the request."""


class Answered(FetchError):
    """The server answered, with a `status` that is no document."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Gone(FetchError):
    """The server says that the address is gone for good: 410."""


class Interrupted(FetchError):
    """We were told to stop; what was asked says nothing of the source."""


class ReadError(SourceError):
    """The document is not what the source promises, or is broken."""


class StoreError(TrackerError):
    """The database cannot be used."""


class SchemaError(StoreError):
    """The database's tables do not fit this program."""


class MailError(TrackerError):
    """A message could not be handed over."""


class TemporaryMailError(MailError):
    """The mail server may accept the message later."""


class MailServerDown(TemporaryMailError):
    """The mail server can't be reached, or takes nothing from us as things stand."""


class NoAnswer(TemporaryMailError):
    """The other side fell silent: what it made of the message is not known."""


class PermanentMailError(MailError):
    """The mail server will not accept the message."""
