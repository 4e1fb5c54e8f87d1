"""Checking the tables of a parsed feeds.toml; every problem gets one line."""

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from tracker import sources
from tracker.config import job, places
from tracker.config.schema import (
    CompanyTable,
    DigestTable,
    FetchTable,
    LlmTable,
    MailTable,
    ReaderTable,
    SourceTable,
    StoreTable,
    TopicTable,
    WebTable,
)
from tracker.core.values import Company, Topic
from tracker.core.weekly import Reader
from tracker.errors import ConfigError, FileError
from tracker.sources import Subscription
from tracker.sources.base import Source

SINGLE: dict[str, type[BaseModel]] = {
    "store": StoreTable,
    "fetch": FetchTable,
    "digest": DigestTable,
    "mail": MailTable,
    "web": WebTable,
    "llm": LlmTable,
}
MANY: dict[str, type[BaseModel]] = {
    "topic": TopicTable,
    "company": CompanyTable,
    "reader": ReaderTable,
    "source": SourceTable,
}
_MAY_LACK = frozenset({"mail", "web", "llm"})


class Problems:
    """Gathers what is wrong, so that one run shows it all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: list[str] = []

    def add(self, where: str, what: str) -> None:
        """Note that `what` is wrong at a table."""
        self._lines.append(_harmless(f"{self._path}: {where}: {what}"))

    def raise_any(self) -> None:
        """Raise ConfigError when anything was wrong."""
        if self._lines:
            raise ConfigError("\n".join(self._lines))

    def unknown_tables(self, document: Mapping[str, Any]) -> None:
        """Note top-level tables that mean nothing."""
        known = [*SINGLE, *MANY]
        for name in document:
            if name not in known:
                self.add(f"[{name}]", _unknown("table", name, known))

    def one(
        self, document: Mapping[str, Any], name: str, model: type[BaseModel]
    ) -> Any:
        """Return the checked table [name]; None for a missing [mail] or [web]."""
        found = document.get(name, {})
        if name in _MAY_LACK and name not in document:
            return None
        return self._checked(found, f"[{name}]", model) or model.model_construct()

    def each(
        self, document: Mapping[str, Any], name: str, model: type[BaseModel]
    ) -> list[tuple[dict[str, Any], Any]]:
        """Return the raw and the checked form of each [[name]]."""
        found = document.get(name, [])
        if not isinstance(found, list):
            self.add(f"[{name}]", f"write [[{name}]]: there may be several")
            return []
        tables = []
        for number, raw in enumerate(found, 1):
            where = _where(name, raw, number)
            own = _own_keys(raw, model) if model is SourceTable else raw
            table = self._checked(own, where, model)
            if table is not None:
                tables.append((raw, table))
        self._twice(name, [table.name for _, table in tables])
        return tables

    def _twice(self, kind: str, names: Iterable[str]) -> None:
        for name, times in Counter(names).items():
            if times > 1:
                self.add(f'[[{kind}]] "{name}"', f"name: used {times} times")

    def _checked(self, raw: Any, where: str, model: type[BaseModel]) -> Any:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for detail in error.errors():
                self.add(where, _message(detail, model))
            return None

    def references(
        self,
        many: Mapping[str, Sequence[tuple[dict[str, Any], Any]]],
        topics: Sequence[Topic],
        companies: Sequence[Company],
    ) -> None:
        """Note topics and companies that are named but not defined."""
        topic_names = [topic.name for topic in topics]
        company_names = [company.name for company in companies]
        for kind in ("source", "reader"):
            for _, table in many[kind]:
                where = f'[[{kind}]] "{table.name}"'
                for name in table.topics:
                    self._refers(where, "topics", name, topic_names)
                named = table.companies if kind == "reader" else [table.company]
                for name in named:
                    self._refers(where, "company", name, company_names)

    def _refers(
        self, where: str, key: str, name: str | None, known: Sequence[str]
    ) -> None:
        if name is not None and name not in known:
            self.add(where, f"{key}: {_unknown(key.rstrip('s'), name, known)}")

    def subscriptions(
        self, tables: Sequence[tuple[dict[str, Any], Any]]
    ) -> tuple[Subscription, ...]:
        """Return the sources, each with its kind\'s options checked."""
        found = (self._subscription(raw, table) for raw, table in tables)
        return tuple(subscription for subscription in found if subscription)

    def _subscription(
        self, raw: dict[str, Any], table: SourceTable
    ) -> Subscription | None:
        where = f'[[source]] "{table.name}"'
        if table.kind not in sources.kinds():
            self.add(where, f"kind: {_unknown('kind', table.kind, sources.kinds())}")
            return None
        kind = sources.load(table.kind)
        options = {k: v for k, v in raw.items() if k not in SourceTable.model_fields}
        if "token" in options and "token" in kind.model_fields:
            variable = f"$TRACKER_{table.kind.upper()}_TOKEN"
            self.add(where, f"token: keep it out of the file: set {variable}")
            return None
        source = self._checked(options | _shared(table, kind), where, kind)
        if source is None:
            return None
        return Subscription(
            name=table.name,
            title=table.title or table.name,
            kind=table.kind,
            source=source,
            company=table.company,
            venue=table.venue,
            topics=table.topics,
            every=table.every or kind.every,
            enabled=table.enabled,
        )

    def reader(self, table: ReaderTable, zone: str, cache: Path) -> Reader:
        """Return a reader with the text of their job description.

        A file that can't be read is theirs to know, and no error: it may be gone long
        after the settings were written, and little depends on it.
        """
        text, trouble = self._job(table, cache)
        return Reader(
            table.name,
            table.email,
            table.time_zone or zone,
            table.topics,
            table.companies,
            table.exclude,
            text,
            table.schedule,
            table.language,
            table.deliver,
            table.include,
            trouble,
        )

    def _job(self, table: ReaderTable, cache: Path) -> tuple[str, str]:
        """Return the text of a job description, and why there is none."""
        if not table.job:
            return "", ""
        file, where = Path(table.job), f'[[reader]] "{table.name}"'
        try:
            file = self._path.parent / file.expanduser()
            return job.text(file, cache), ""
        except OSError as error:
            return "", _harmless(f"{where}: job: {file}: {error.strerror}")
        except FileError as error:
            return "", _harmless(f"{where}: job: {error}")
        except (RuntimeError, ValueError) as error:  # of "~nobody", of NUL
            self.add(where, f"job: {file}: {error}")
        return "", ""


def _harmless(line: str) -> str:
    """Return a line that does not write to the terminal by what a file holds."""
    return "".join(c if c.isprintable() else "\ufffd" for c in line)


def _where(kind: str, raw: Any, number: int) -> str:
    name = raw.get("name") if isinstance(raw, dict) else None
    return (
        f'[[{kind}]] "{name}"'
        if isinstance(name, str)
        else f"[[{kind}]] number {number}"
    )


def _shared(table: SourceTable, kind: type[Source]) -> dict[str, Any]:
    """Return the options of a kind that other places than its own keys state."""
    known = {"venue": table.venue, "token": places.token(table.kind)}
    return {k: v for k, v in known.items() if v and k in kind.model_fields}


def _own_keys(raw: Any, model: type[BaseModel]) -> Any:
    if not isinstance(raw, dict):
        return raw
    return {key: value for key, value in raw.items() if key in model.model_fields}


def _message(detail: Any, model: Any) -> str:
    key = ".".join(str(part) for part in detail["loc"]) or "options"
    if detail["type"] == "extra_forbidden":
        known = [field.alias or name for name, field in model.model_fields.items()]
        return f"{key}: {_unknown('key', key, known)}"
    what = detail["msg"].removeprefix("Value error, ")
    return f"{key}: {what[:1].lower()}{what[1:]}"


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"unknown {what} {name!r}" + (
        f"; did you mean {close[0]!r}?" if close else ""
    )
