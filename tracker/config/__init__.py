"""feeds.toml, read and checked once; errors name the table and the key.

`load` returns a Config of frozen values; the rest of the program never sees TOML.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker import __version__
from tracker.config import places
from tracker.config.checking import MANY, SINGLE, Problems
from tracker.config.schema import DigestTable, FetchTable, LlmTable, MailTable, WebTable
from tracker.core.values import Company, Topic
from tracker.core.weekly import Reader
from tracker.errors import ConfigError
from tracker.sources import Subscription

_LOCAL_READER = "me"
# tomllib takes a minute over a key of 50,000 parts; no table here has more than two.
_DEEP_KEY = re.compile(r"(?:^|[\[{,])\s*(?:[\w\"'-]++\s*+\.\s*+){50}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. `data` is the folder for what tracker keeps on disk."""

    path: Path
    store_url: str
    data: Path
    time_zone: str
    fetch: FetchTable
    digest: DigestTable
    mail: MailTable | None
    web: WebTable | None
    llm: LlmTable | None
    topics: tuple[Topic, ...]
    companies: tuple[Company, ...]
    readers: tuple[Reader, ...]
    subscriptions: tuple[Subscription, ...]

    @property
    def user_agent(self) -> str:
        """How tracker names itself to servers, with a contact when one is set."""
        if self.fetch.user_agent:
            return self.fetch.user_agent
        contact = f"; mailto:{self.fetch.contact}" if self.fetch.contact else ""
        return f"tracker/{__version__} (reading-list aggregator{contact})"


def load(given: str | None = None) -> Config:
    """Return the settings of the feeds.toml that applies; see places.config_file.

    Raises ConfigError with a line for each thing that is wrong.
    """
    path = places.config_file(given)
    return parse(_read(path), path)


def _read(path: Path) -> dict[str, Any]:
    try:
        return _parsed(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; `tracker init` writes one") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}") from error
    except (ValueError, RecursionError) as error:  # of digits too, not TOML's alone
        raise ConfigError(f"{path}: not TOML: {error}") from error


def _parsed(text: str) -> dict[str, Any]:
    if _DEEP_KEY.search(text):
        raise ValueError("a key of over 50 parts")
    return tomllib.loads(text)


def parse(document: Mapping[str, Any], path: Path) -> Config:
    """Return the settings that a parsed feeds.toml holds.

    Raises ConfigError with a line for each thing that is wrong.
    """
    problems = Problems(path)
    problems.unknown_tables(document)
    single = {
        name: problems.one(document, name, model) for name, model in SINGLE.items()
    }
    many = {name: problems.each(document, name, model) for name, model in MANY.items()}
    topics = tuple(_topic(table) for _, table in many["topic"])
    companies = tuple(_company(table) for _, table in many["company"])
    problems.references(many, topics, companies)
    subscriptions = problems.subscriptions(many["source"])
    zone = single["digest"].time_zone or places.local_time_zone()
    store_url, data = _store(single["store"].url)
    jobs = data / "jobs"
    readers = tuple(problems.reader(table, zone, jobs) for _, table in many["reader"])
    problems.raise_any()
    return Config(
        path=path,
        store_url=store_url,
        data=data,
        time_zone=zone,
        fetch=single["fetch"],
        digest=single["digest"],
        mail=single["mail"] if "mail" in document else None,
        web=single["web"] if "web" in document else None,
        llm=single["llm"] if "llm" in document else None,
        topics=topics,
        companies=companies,
        readers=readers or (Reader(_LOCAL_READER, time_zone=zone),),
        subscriptions=subscriptions,
    )


def _store(url: str | None) -> tuple[str, Path]:
    """Return the store's URL and the folder beside it."""
    folder = places.data_folder()
    if url is None:
        return f"sqlite:///{folder / 'tracker.db'}", folder
    scheme, _, file = url.partition(":///")
    if scheme.startswith("sqlite") and file and file != ":memory:":
        return url, Path(file).expanduser().resolve().parent
    return url, folder


def _topic(table: Any) -> Topic:  # noqa: ANN401 - a TopicTable; see MANY
    return Topic(
        table.name,
        table.title or table.name,
        table.description,
        table.keywords,
        table.exclude,
        table.categories,
        table.venues,
    )


def _company(table: Any) -> Company:  # noqa: ANN401 - a CompanyTable; see MANY
    return Company(
        name=table.name,
        title=table.title or table.name,
        aliases=table.aliases,
        follow=table.follow,
        alone=table.alone,
        exclude=table.exclude,
        domains=table.domains,
        ids=table.ids,
        sites=table.sites,
    )
