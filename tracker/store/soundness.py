"""What must be true of a sound store, looked at row by row: `tracker db check`."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

# Each finds none in a sound store. Numbers of rows are enough to look at them with.
_RULES = {
    "items without a key, which their source would make anew": """
        select id from item where merged_into is null
        and not exists (select 1 from item_key where item_key.item_id = item.id)""",
    "joined items that lead to one that is joined itself, or to themselves": """
        select item.id from item join item as target on target.id = item.merged_into
        where target.merged_into is not null""",
    "joined items that still own keys": """
        select distinct item.id from item
        join item_key on item_key.item_id = item.id where merged_into is not null""",
    "joined items that still have mentions": """
        select distinct item.id from item
        join mention on mention.item_id = item.id where merged_into is not null""",
    "items that no source mentions": """
        select id from item where merged_into is null
        and not exists (select 1 from mention where mention.item_id = item.id)""",
    "items that are set apart from themselves": """
        select distinct item_id from item_apart where item_id = other_id""",
    "issues without a delivery": """
        select id from issue where not exists
        (select 1 from delivery where delivery.issue_id = issue.id)""",
    "deliveries called sent, without a time": """
        select id from delivery where state = 'sent' and sent_at is null""",
}
_MOST = 5  # row numbers that a finding names


def findings(connection: Connection) -> Iterator[str]:
    """Yield what is wrong with the store, a line for each; nothing when it is sound."""
    if connection.dialect.name == "sqlite":
        yield from _damage(connection)
    for what, query in _RULES.items():
        numbers = list(connection.scalars(text(f"{query} order by 1")))
        if numbers:
            named = ", ".join(str(number) for number in numbers[:_MOST])
            more = ", …" if len(numbers) > _MOST else ""
            yield f"{len(numbers):,} {what}: {named}{more}"


def _damage(connection: Connection) -> Iterator[str]:
    """Yield what SQLite says of its file, of references, and of the search index."""
    for line in connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars():
        if line != "ok":
            yield f"damaged file: {line}"
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"a row of {row[0]} refers to a row of {row[2]} that is not there"
    if not _is_indexed(connection):
        yield "the search index lacks items, or has too many: run `tracker db reindex`"


def _is_indexed(connection: Connection) -> bool:
    items = connection.scalar(text("select count(*) from item"))
    indexed = connection.scalar(text("select count(*) from item_text_docsize"))
    return bool(items == indexed)
