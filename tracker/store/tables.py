"""The tables. Rows never leave the store; callers get values."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Index,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

SCHEMA = "0009"
"""The migration these tables belong to; a test holds it to migrations/."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: refuses naive values, stores UTC, returns aware UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Return the value as the database stores it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: give it a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Return the stored value as an aware moment in UTC."""
        if value is None:
            return None
        return (
            value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        )


class Base(SQLModel):
    """What all tables share: names for every constraint, so that they can change."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class SourceRow(Base, table=True):
    """A source's state; its settings stand in feeds.toml under the same name."""

    __tablename__ = "source"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=Text, unique=True)
    outcome: str | None = Field(default=None, sa_type=Text)
    detail: str = Field(default="", sa_type=Text)
    failures: int = 0
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    succeeded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_check_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, index=True
    )
    moments: str = Field(default="", sa_type=Text)  # of posts; one a line, newest first
    max_age: int = 0  # seconds, as the next
    ttl: int = 0
    skip_hours: str = Field(default="", sa_type=Text)  # numbers and commas
    skip_days: str = Field(default="", sa_type=Text)  # the same; Monday is 0
    pace: int | None = None  # seconds
    gone: str | None = Field(default=None, sa_type=Text)  # the address that is


class MoveRow(Base, table=True):
    """Where a source's address was seen to have moved for good."""

    __tablename__ = "move"
    source_id: int = Field(primary_key=True, foreign_key="source.id")
    url: str = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    since: datetime = Field(sa_type=UtcDateTime)
    seen: datetime = Field(sa_type=UtcDateTime)
    sightings: int = 1


class FactRow(Base, table=True):
    """What a source's pages taught for its later visits, such as an id of a name."""

    __tablename__ = "fact"
    source_id: int = Field(primary_key=True, foreign_key="source.id")
    name: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text)


class PageRow(Base, table=True):
    """What is needed to ask for an address again only if it changed."""

    __tablename__ = "page"
    source_id: int = Field(primary_key=True, foreign_key="source.id")
    url: str = Field(sa_type=Text, primary_key=True)
    etag: str | None = Field(default=None, sa_type=Text)
    last_modified: str | None = Field(default=None, sa_type=Text)
    digest: str = Field(sa_type=Text)
    entries: int = 0


class CollectionRow(Base, table=True):
    """One collecting of a source, kept for the digest's foot and for health."""

    __tablename__ = "collection"
    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id", index=True)
    started_at: datetime = Field(sa_type=UtcDateTime, index=True)
    outcome: str = Field(sa_type=Text)
    detail: str = Field(default="", sa_type=Text)
    entries: int = 0
    new: int = 0


class ItemRow(Base, table=True):
    """A work. `merged_into` points from a joined row to the one that remains.

    `source_id` is the source whose statement stands here, `authority` how much that
    counts against others.
    """

    __tablename__ = "item"
    __table_args__ = (Index(None, "first_seen_at", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    url: str | None = Field(default=None, sa_type=Text)
    summary: str = Field(default="", sa_type=Text)
    content: str = Field(default="", sa_type=Text)
    authors: str = Field(default="", sa_type=Text)  # one name a line
    affiliations: str = Field(default="", sa_type=Text)  # one a line
    categories: str = Field(default="", sa_type=Text)  # one a line
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    source_id: int = Field(foreign_key="source.id")
    version: int | None = None
    withdrawn: bool = False
    authority: int = 0
    backlog: bool = False
    merged_into: int | None = Field(default=None, foreign_key="item.id", index=True)
    merged_by: str | None = Field(default=None, sa_type=Text)  # keys of both
    merged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AuthorsRow(Base, table=True):
    """Who wrote an item, and where, as one source states it.

    One author a line: the name, and then the affiliations, with tabs between them.
    Only what a source with affiliations says is kept.
    """

    __tablename__ = "item_authors"
    item_id: int = Field(primary_key=True, foreign_key="item.id")
    source_id: int = Field(primary_key=True, foreign_key="source.id")
    authors: str = Field(sa_type=Text)


class CitationRow(Base, table=True):
    """A citation key, which no other item ever gets."""

    __tablename__ = "citation"
    key: str = Field(sa_type=Text, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    since: datetime = Field(sa_type=UtcDateTime)


class KeyRow(Base, table=True):
    """A key of an item; unique, so the database is the last judge of duplicates."""

    __tablename__ = "item_key"
    key: str = Field(sa_type=Text, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)


class BlockRow(Base, table=True):
    """A number under which a paper's like are found: see core.likeness."""

    __tablename__ = "item_block"
    block: int = Field(primary_key=True, sa_type=BigInteger)
    item_id: int = Field(primary_key=True, foreign_key="item.id", index=True)


class ApartRow(Base, table=True):
    """That somebody said of two items that they are two; stands there both ways."""

    __tablename__ = "item_apart"
    item_id: int = Field(primary_key=True, foreign_key="item.id")
    other_id: int = Field(primary_key=True, foreign_key="item.id", index=True)
    since: datetime = Field(sa_type=UtcDateTime)


class MergerRow(Base, table=True):
    """What an item, and the one that it was joined to, had before that.

    `kept` is JSON: rows by table; see store.mergers.
    """

    __tablename__ = "item_merger"
    item_id: int = Field(primary_key=True, foreign_key="item.id")
    heir_id: int = Field(foreign_key="item.id")
    kept: str = Field(sa_type=Text)


class LinkRow(Base, table=True):
    """That a post is about the paper of a key, whether or not that is stored yet."""

    __tablename__ = "item_link"
    item_id: int = Field(primary_key=True, foreign_key="item.id")
    key: str = Field(primary_key=True, sa_type=Text, index=True)
    relation: str = Field(sa_type=Text)
    evidence: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    since: datetime = Field(sa_type=UtcDateTime)


class MentionRow(Base, table=True):
    """Where an item was seen. `fingerprint` tells an entry that did not change.

    `joined_by` is what made it the item's: a key, or how alike they are; None
    where it was the first. `said` is JSON of what it stated then and the item did not,
    by column of the item; None where it was the item's only one, or that is not known.
    """

    __tablename__ = "mention"
    __table_args__ = (UniqueConstraint("source_id", "guid"),)
    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    source_id: int = Field(foreign_key="source.id")
    guid: str = Field(sa_type=Text)
    url: str | None = Field(default=None, sa_type=Text)
    links: str = Field(default="", sa_type=Text)  # one address a line
    fingerprint: str = Field(sa_type=Text)
    joined_by: str | None = Field(default=None, sa_type=Text)
    said: str | None = Field(default=None, sa_type=Text)
    first_seen_at: datetime = Field(sa_type=UtcDateTime, index=True)


class ClaimRow(Base):
    """What the claim tables share."""

    item_id: int = Field(primary_key=True, foreign_key="item.id")
    name: str = Field(sa_type=Text, primary_key=True)
    evidence: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    weight: float = 1.0
    since: datetime = Field(sa_type=UtcDateTime)


class TopicRow(ClaimRow, table=True):
    """That an item is about a topic."""

    __tablename__ = "item_topic"
    __table_args__ = (Index(None, "name", "item_id"),)


class VerdictRow(Base, table=True):
    """That somebody said of an item that it is about a topic, or is not.

    Of a topic that feeds.toml no longer has it stays, and counts for nothing.
    """

    __tablename__ = "item_verdict"
    item_id: int = Field(primary_key=True, foreign_key="item.id")
    topic: str = Field(sa_type=Text, primary_key=True, index=True)
    about: bool
    since: datetime = Field(sa_type=UtcDateTime)


class CompanyRow(ClaimRow, table=True):
    """That an item comes from a company."""

    __tablename__ = "item_company"
    __table_args__ = (Index(None, "name", "item_id"),)


class VenueRow(ClaimRow, table=True):
    """That an item was accepted at a venue."""

    __tablename__ = "item_venue"
    __table_args__ = (Index(None, "name", "item_id"),)


class SignalRow(Base, table=True):
    """Evidence on an item by a source that did not publish it: see values.Signal."""

    __tablename__ = "item_signal"
    item_id: int = Field(primary_key=True, foreign_key="item.id")
    name: str = Field(sa_type=Text, primary_key=True)
    source: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text)
    since: datetime = Field(sa_type=UtcDateTime)


class SettingRow(Base, table=True):
    """A fact about the store itself, such as what items were classified by."""

    __tablename__ = "setting"
    name: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text)


class ReaderRow(Base, table=True):
    """A reader; their settings stand in feeds.toml under the same name."""

    __tablename__ = "reader"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=Text, unique=True)
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MarkRow(Base, table=True):
    """What a reader thinks of an item."""

    __tablename__ = "mark"
    reader_id: int = Field(primary_key=True, foreign_key="reader.id")
    item_id: int = Field(primary_key=True, foreign_key="item.id", index=True)
    state: str = Field(sa_type=Text)
    rating: int | None = None
    note: str = Field(default="", sa_type=Text)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class IssueRow(Base, table=True):
    """A digest published: one for a reader and a week, by constraint."""

    __tablename__ = "issue"
    __table_args__ = (UniqueConstraint("reader_id", "week"),)
    id: int | None = Field(default=None, primary_key=True)
    reader_id: int = Field(foreign_key="reader.id")
    week: str = Field(sa_type=Text)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    composed_at: datetime = Field(sa_type=UtcDateTime)
    message_id: str = Field(sa_type=Text)
    message: bytes
    digest: str = Field(sa_type=Text)  # its JSON


class IssueItemRow(Base, table=True):
    """An item that stood in an issue."""

    __tablename__ = "issue_item"
    issue_id: int = Field(primary_key=True, foreign_key="issue.id")
    item_id: int = Field(primary_key=True, foreign_key="item.id", index=True)


class DeliveryRow(Base, table=True):
    """The handing over of an issue: its state, tries, and what went wrong.

    `doubts` counts the tries after which it may have arrived, for all that is known.
    """

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("issue_id", "address"),)
    id: int | None = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id")
    address: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text, index=True)
    attempts: int = 0
    doubts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_attempt_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str = Field(default="", sa_type=Text)
