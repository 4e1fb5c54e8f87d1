"""A reader's interests, taken from a job description, written where they are seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.config import Config, job, load, reader_table
from tracker.core.job import Asked
from tracker.core.weekly import Reader
from tracker.errors import FileError, UsageError
from tracker.publish.asking import asked


@dataclass(frozen=True, slots=True)
class Taught:
    """What a job description asks for, and what of it was new to the reader.

    `beside` are the topics and companies that they followed without naming any, and
    still do; `added` holds them too.
    """

    reader: str
    asked: Asked
    beside: Mapping[str, Sequence[str]]
    added: Mapping[str, Sequence[str]]


def read_job(file: Path, settings: Path) -> Asked:
    """Return what a job description asks for, by the settings in a feeds.toml.

    Raises FileError when the file can't be read or says nothing, and ConfigError.
    """
    found = _asked(file, load(str(settings)))
    if found == Asked():
        raise FileError(
            f"{file}: it names no topic or company of {settings}, nor any method;"
            " is it a job description in English?"
        )
    return found


def _asked(file: Path, config: Config) -> Asked:
    try:
        return asked(config, job.text(file, config.data / "jobs"))
    except OSError as error:
        raise FileError(f"{file}: {error.strerror}") from error


def teach(file: Path, found: Asked, settings: Path, name: str | None) -> Taught:
    """Add what a job description asks for to a reader in a feeds.toml.

    The first reader, when none is named. A reader without topics follows all, one
    without companies those marked so, and still does. Raises UsageError for an unknown
    reader, ConfigError.
    """
    config = load(str(settings))
    reader = _reader(config, name)
    beside = {
        "topics": _others(
            [one.name for one in config.topics], reader.topics, found.topics
        ),
        "companies": _others(
            [one.name for one in config.companies if one.follow],
            reader.companies,
            found.companies,
        ),
    }
    lists = {
        "topics": (*found.topics, *beside["topics"]),
        "companies": (*found.companies, *beside["companies"]),
        "include": found.include,
    }
    added = reader_table.teach(settings, reader.name, lists, _place(file, settings))
    return Taught(reader.name, found, beside, added)


def _others(
    unnamed: Sequence[str], named: Sequence[str], found: Sequence[str]
) -> tuple[str, ...]:
    """Return what is followed by who names nothing, beside what was found."""
    if named or not found:
        return ()
    return tuple(name for name in unnamed if name not in found)


def _reader(config: Config, name: str | None) -> Reader:
    for reader in config.readers:
        if name in (None, reader.name):
            return reader
    known = ", ".join(reader.name for reader in config.readers)
    raise UsageError(f"no reader is called {name!r}; there is {known}")


def _place(file: Path, settings: Path) -> str:
    """Return how the settings name a file: relative to them where it lies beside."""
    whole, folder = file.expanduser().resolve(), settings.resolve().parent
    return str(whole.relative_to(folder) if folder in whole.parents else whole)
