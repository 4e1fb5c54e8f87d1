"""The tables of feeds.toml as pydantic models; every unknown key is an error."""

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import SplitResult, parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from tracker.core.cron import schedule_of
from tracker.core.schedule import DAYS
from tracker.core.weekly import Schedule
from tracker.render import dates

_DURATION = re.compile(r"(\d+)\s*(m|h|d|w)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PORTS = 65_536
_MAIL_OPTIONS = frozenset({"auth", "cafile", "insecure", "starttls"})
_LOOPBACK = re.compile(r"127(?:\.\d{1,3}){3}|::1")
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def _duration(value: Any) -> Any:  # noqa: ANN401 - what TOML gave, of any type
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError('write a duration such as "30m", "6h", "1d" or "1w"')
    try:
        return timedelta(**{_UNITS[found[2]]: int(found[1])})
    except OverflowError:
        raise ValueError("longer than time itself") from None


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f'{value!r} is no time zone; write one such as "Europe/Berlin"'
        ) from None
    return value


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError(f"{value!r}: use lower-case letters, digits and hyphens")
    return value


def _time_of_day(value: Any) -> Any:  # noqa: ANN401 - what TOML gave, of any type
    if isinstance(value, str) and re.fullmatch(r"\d{1,2}:\d{2}", value):
        try:
            hour, minute = value.split(":")
            return time(int(hour), int(minute))
        except ValueError:
            pass
    elif isinstance(value, time):
        return value
    raise ValueError('write a time of day such as "07:00"')


def _day(value: str) -> str:
    if value not in DAYS:
        raise ValueError(
            f"{value!r} is no day of the week; write one of {', '.join(DAYS)}"
        )
    return value


def _mail_url(value: str) -> str:
    parts = urlsplit(value)
    is_server = parts.scheme in {"smtp", "smtps"} and parts.hostname and parts.port != 0
    is_local = parts.scheme == "sendmail" or (parts.scheme == "maildir" and parts.path)
    if not (is_server or (is_local and not parts.netloc)):
        raise ValueError(
            "write smtp://HOST:PORT?starttls, smtps://HOST:PORT, sendmail: or"
            " maildir:/FOLDER"
        )
    if parts.password:
        raise ValueError("keep the password out of it: set $TRACKER_MAIL_PASSWORD")
    options = set(parse_qs(parts.query, keep_blank_values=True))
    if unknown := sorted(options - _MAIL_OPTIONS):
        known = ", ".join(sorted(_MAIL_OPTIONS))
        raise ValueError(f"unknown option {unknown[0]!r}; there is {known}")
    if _is_readable(parts, options):
        raise ValueError(
            "the password would cross the network unencrypted: add ?starttls, write"
            " smtps://, or allow it with ?insecure"
        )
    return value


def _is_readable(parts: SplitResult, options: set[str]) -> bool:
    """Return whether others on the way could read the password of a login."""
    is_local = parts.hostname == "localhost" or _LOOPBACK.fullmatch(
        parts.hostname or ""
    )
    bare = parts.scheme == "smtp" and not options & {"starttls", "insecure"}
    return bool(bare and parts.username and not is_local)


def _web_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise ValueError(
            'write where the web reaches it: "https://tracker.example.org"'
        )
    return value.rstrip("/")


def _llm_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
        port = parts.port
    except ValueError:  # of brackets and ports
        is_web, port = False, None
    if not is_web or port == 0 or re.search(r"[\s?#@]", value):
        raise ValueError(
            "write the address that chat/completions stands under, such as"
            ' "http://127.0.0.1:11434/v1"'
        )
    return value


def _listen(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < _PORTS:
        raise ValueError('write HOST:PORT, such as "127.0.0.1:8642"')
    return value


def _schedule(value: Any) -> Any:  # noqa: ANN401 - what TOML gave, of any type
    if not isinstance(value, str):
        raise ValueError('write a schedule such as "friday 16:00"')  # noqa: TRY004 - pydantic takes ValueErrors
    return schedule_of(value)


def _place(value: str) -> str:
    kind, plus, bare = value.partition("://")[0].rpartition("+")
    parts = urlsplit(value[len(kind) + len(plus) :])
    known = not plus or kind in {"webhook", "slack", "ntfy"}
    if not (known and bare in {"http", "https"} and parts.hostname):
        raise ValueError(
            "write https://HOST/…, with webhook+, slack+ or ntfy+ before it where the"
            " host doesn't tell"
        )
    is_ntfy = kind == "ntfy" or (not plus and parts.hostname == "ntfy.sh")
    if is_ntfy and not parts.path.strip("/"):
        raise ValueError("name the topic too: https://ntfy.sh/TOPIC")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("write the address as it is sent, in ASCII without spaces")
    return value


def _places(value: Any) -> Any:  # noqa: ANN401 - what TOML gave, of any type
    return (value,) if isinstance(value, str) else value


def _alias(value: str) -> str:
    if not re.search(r"\w", value):
        raise ValueError(f"{value!r}: no letter in it")
    return value


def _domain(value: str) -> str:
    if not _DOMAIN.fullmatch(value):
        raise ValueError(f'{value!r} is no domain; write one such as "example.com"')
    return value


def _site(value: str) -> str:
    host, _, path = value.partition("/")
    named = re.sub(r"(^|/)\*$", "", path)
    if not _DOMAIN.fullmatch(host) or re.search(r"[\s?#*]", named):
        what = 'write a host, or a part of it: "medium.com/example", "a.example/blog/*"'
        raise ValueError(f"{value!r} is no site; {what}")
    return value


def _institution(value: str) -> str:
    if not re.fullmatch(r"https://(?:ror|openalex)\.org/\w+", value):
        raise ValueError(f'{value!r}: write "https://ror.org/…"')
    return value


def _language(value: str) -> str:
    if not re.fullmatch(r"(?:[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?)?", value):
        raise ValueError(f'{value!r} is no language; write a code, such as "de"')
    if not dates.is_known(value):
        raise ValueError(f'unknown language {value!r}; write a code, such as "de"')
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Name = Annotated[str, AfterValidator(_name)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
ScheduleText = Annotated[Schedule, BeforeValidator(_schedule)]
Places = Annotated[
    tuple[Annotated[str, AfterValidator(_place)], ...], BeforeValidator(_places)
]
Words = tuple[str, ...]
Names = tuple[Annotated[str, AfterValidator(_alias)], ...]


class Table(BaseModel):
    """A table: immutable, without unknown keys, without guessed types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class StoreTable(Table):
    """[store]."""

    url: str | None = None


class FetchTable(Table):
    """[fetch]: seconds, bytes, and how many sources are read at once."""

    user_agent: str | None = Field(default=None, pattern=r"^[\x20-\x7e]+$")
    contact: str | None = Field(default=None, pattern=r"^[\x21-\x7e]+$")
    timeout: float = Field(default=30, gt=0, le=600)
    max_bytes: int = Field(default=20_000_000, gt=0)
    per_host_delay: float = Field(default=1.0, ge=0, le=3600)
    workers: int = Field(default=8, ge=1, le=64)
    allow_private_addresses: bool = False


class DigestTable(Table):
    """[digest]: when a week ends, when its digest is published, how long it is."""

    week_ends: Annotated[str, AfterValidator(_day)] = "sunday"
    at: TimeOfDay = time(7)
    time_zone: TimeZone | None = None
    top: int = Field(default=7, ge=1, le=50)
    per_section: int = Field(default=8, ge=1, le=100)
    explore: int = Field(default=1, ge=0, le=10)


class MailTable(Table):
    """[mail]: what mail is handed to, and the sender's address.

    `password_command` prints the password; `per_minute` is the most that is handed
    over; a DKIM key signs, under its selector.
    """

    url: Annotated[str, AfterValidator(_mail_url)]
    sender: str = Field(alias="from", pattern=r"^[^\r\n]*[^\s@<]+@[^\s@>]+>?$")
    password_command: Words = ()
    per_minute: int | None = Field(default=None, ge=1)
    dkim_key: Path | None = None
    dkim_selector: str | None = Field(default=None, pattern=r"^[A-Za-z0-9.-]+$")

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.dkim_key is None) != (self.dkim_selector is None):
            raise ValueError("set both dkim_key and dkim_selector, or neither")
        return self


class WebTable(Table):
    """[web]: where the links of mails lead, and where tracker listens for them."""

    url: Annotated[str, AfterValidator(_web_url)] | None = None
    listen: Annotated[str, AfterValidator(_listen)] = "127.0.0.1:8642"


class LlmTable(Table):
    """[llm]: a server that speaks the OpenAI protocol, and the model to ask there."""

    url: Annotated[str, AfterValidator(_llm_url)]
    model: str = Field(min_length=1, max_length=200)


class TopicTable(Table):
    """[[topic]]."""

    name: Name
    title: str | None = None
    description: str = ""
    keywords: Words = ()
    exclude: Words = ()
    categories: Words = ()
    venues: Words = ()


class CompanyTable(Table):
    """[[company]]."""

    name: Name
    title: str | None = None
    aliases: Names = ()
    follow: bool = False
    alone: Names = ()
    exclude: Names = ()
    domains: tuple[Annotated[str, AfterValidator(_domain)], ...] = ()
    ids: tuple[Annotated[str, AfterValidator(_institution)], ...] = ()
    sites: tuple[Annotated[str, AfterValidator(_site)], ...] = ()


class ReaderTable(Table):
    """[[reader]]."""

    name: str = Field(min_length=1, max_length=100)
    email: str | None = Field(default=None, pattern=r"^[^\s@]+@[^\s@]+$")
    time_zone: TimeZone | None = None
    topics: Words = ()
    companies: Words = ()
    exclude: Words = ()
    include: Words = ()
    job: str | None = None
    schedule: ScheduleText | None = None
    language: Annotated[str, AfterValidator(_language)] = ""
    deliver: Places = ()


class SourceTable(Table):
    """What every [[source]] may hold beside its kind's own options."""

    name: Name
    kind: str
    title: str | None = None
    company: str | None = None
    venue: str | None = None
    topics: Words = ()
    every: Duration | None = None
    enabled: bool = True
