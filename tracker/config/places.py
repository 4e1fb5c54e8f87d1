"""Where things lie: the configuration, the data. Alone in reading the environment."""

import os
from datetime import timedelta
from pathlib import Path

import platformdirs

_FOLDER = Path(__file__).resolve().parent.parent


def config_file(given: str | None) -> Path:
    """Return the feeds.toml to use.

    That is the one given, else $TRACKER_CONFIG, else ./feeds.toml, else the one in
    the user's configuration folder, else the one that came with tracker.
    """
    named = given or os.environ.get("TRACKER_CONFIG")
    if named:
        return Path(named).expanduser()
    for place in (Path("feeds.toml"), user_config_file()):
        if place.is_file():
            return place
    return shipped_config_file()


def user_config_file() -> Path:
    """Return where a user's own feeds.toml belongs."""
    return platformdirs.user_config_path("tracker") / "feeds.toml"


def shipped_config_file() -> Path:
    """Return the feeds.toml that came with tracker: in the wheel, or beside it."""
    shipped = _FOLDER / "feeds.toml"
    return shipped if shipped.is_file() else _FOLDER.parent / "feeds.toml"


def topics_model_file() -> Path:
    """Return the file of the trained topics that came with tracker."""
    return _FOLDER / "topics.model"


def is_installed(file: Path) -> bool:
    """Return whether a file is part of the installed package, gone with the next."""
    return _FOLDER in file.resolve().parents


def data_folder() -> Path:
    """Return the platform's folder for a user's data."""
    return platformdirs.user_data_path("tracker")


def mail_password() -> str | None:
    """Return the mail server's password, $TRACKER_MAIL_PASSWORD."""
    return os.environ.get("TRACKER_MAIL_PASSWORD")


def secret() -> str | None:
    """Return what links are signed with, $TRACKER_SECRET."""
    return os.environ.get("TRACKER_SECRET", "").strip() or None


def notify_socket() -> str:
    """Return where a supervisor wants to be told, $NOTIFY_SOCKET; "" for nowhere."""
    return os.environ.get("NOTIFY_SOCKET", "")


def watchdog() -> timedelta:
    """Return how often the supervisor wants a sign of life, zero for never.

    That is $WATCHDOG_USEC, of sd_watchdog_enabled(3), unless it is another process's.
    """
    meant = os.environ.get("WATCHDOG_PID", "")
    if meant and meant != str(os.getpid()):
        return timedelta()
    stated = os.environ.get("WATCHDOG_USEC", "")
    return timedelta(microseconds=int(stated) if stated.isdecimal() else 0)


def token(kind: str) -> str | None:
    """Return the token for sources of `kind`, such as $TRACKER_OPENALEX_TOKEN."""
    return os.environ.get(f"TRACKER_{kind.upper()}_TOKEN", "").strip() or None


def local_time_zone() -> str:
    """Return the machine's IANA time zone, UTC when it has none."""
    import tzlocal

    try:
        return tzlocal.get_localzone_name() or "UTC"
    except LookupError:
        return "UTC"
