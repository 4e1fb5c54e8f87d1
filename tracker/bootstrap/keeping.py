"""The store kept safe: backups, restoring them, and looking whether it is sound."""

from pathlib import Path

from tracker.bootstrap import App
from tracker.bootstrap.library import Library, Wanted
from tracker.errors import UsageError
from tracker.store import backup, soundness
from tracker.store import engine as store


def back_up(app: App, file: Path) -> int:
    """Write the store to `file` while others go on; return the file's bytes.

    Raises UsageError when that is the store's own file.
    """
    if file.resolve() == _own_file(app):
        raise UsageError(f"{file} is the store itself; name another file")
    backup.write(app.engine, file)
    return file.stat().st_size


def restore(app: App, file: Path, *, replace: bool = False) -> int:
    """Put the backup `file` in the place of the store; return how many items it has.

    Raises UsageError when the store holds what is not to be replaced,
    StoreError when a daemon works on it, or `file` is no sound backup.
    """
    if file.resolve() == _own_file(app):
        raise UsageError(f"{file} is the store itself; name a backup")
    if not file.is_file():
        raise UsageError(f"{file}: no such file; name a backup")
    with app.alone():
        with store.reading(app.engine) as connection:
            there = backup.rows(connection)
        if there and not replace:
            where = app.engine.url.render_as_string(hide_password=True)
            raise UsageError(
                f"{where} holds {there:,} items, marks and issues, which would be"
                " replaced: back them up with `tracker backup FILE`, then add --replace"
            )
        backup.restore(app.engine, file)
    return Library(app).count(Wanted())


def _own_file(app: App) -> Path | None:
    name = app.engine.url.database if _is_on_sqlite(app) else None
    return Path(name).resolve() if name else None


def _is_on_sqlite(app: App) -> bool:
    return app.engine.dialect.name == "sqlite"


def check(app: App) -> list[str]:
    """Return what is wrong with the store, a line for each; none when it is sound."""
    with store.reading(app.engine) as connection:
        return list(soundness.findings(connection))


def reindex(app: App) -> None:
    """Make SQLite's search index anew; PostgreSQL keeps its own.

    Raises StoreError when the store can't be written.
    """
    if _is_on_sqlite(app):
        with store.writing(app.engine) as connection:
            backup.index(connection)
