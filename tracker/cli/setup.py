"""`tracker init`, `migrate`, `doctor` and `version`."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tracker import __version__
from tracker.cli import FAILED
from tracker.errors import TrackerError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.bootstrap.interests import Taught

_NEXT = """
next:
  edit {file}: the companies you follow (follow = true), your topics
  tracker digest        this week's digest
  tracker sources list  what is read"""


def init_command(options: argparse.Namespace) -> int:
    """Write a feeds.toml to edit, never over an existing one; add a job's interests."""
    from tracker.config import places

    if options.job is None:
        if options.reader is not None:
            raise UsageError("--reader says whose --job it is; there is no --job")
        target = Path(options.file or options.config or places.user_config_file())
        _write(target)
        print(f"written: {target}{_NEXT.format(file=target)}")
        return 0
    return _take_job(options)


def _take_job(options: argparse.Namespace) -> int:
    """Add what a job description asks for to the reader's interests."""
    from tracker.bootstrap import interests
    from tracker.config import places

    job, shipped = Path(options.job), places.shipped_config_file()
    target = Path(options.file) if options.file else places.config_file(options.config)
    if target == shipped:
        target = places.user_config_file()
    is_new = not target.exists()
    found = interests.read_job(job, shipped if is_new else target)
    if is_new:
        _write(target)
    taught = interests.teach(job, found, target, options.reader)
    print(_taught(taught, target))
    return 0


def _taught(taught: "Taught", target: Path) -> str:
    asked = taught.asked
    lines = _lists(
        {
            "topics": asked.topics,
            "companies": asked.companies,
            "include": asked.include,
        }
    )
    beside = _lists(taught.beside)
    if beside:
        lines += ["and after them stays what you follow", *beside]
    did = "written to" if taught.added else "all of it stands already in"
    where = f'{did} {target}, [[reader]] "{taught.reader}"'
    return "\n".join(
        ("the job description asks for", *lines, f"{where}; edit it there")
    )


def _lists(named: "Mapping[str, Sequence[str]]") -> list[str]:
    """Return a line for each list that holds something."""
    return [f"  {key:<10} {', '.join(names)}" for key, names in named.items() if names]


def _write(target: Path) -> None:
    """Write the feeds.toml that comes with tracker to a place where there is none."""
    from tracker.config import places

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as opened_file:
            opened_file.write(places.shipped_config_file().read_text("utf-8"))
    except FileExistsError:
        raise UsageError(f"{target} exists already; edit it, or name another") from None
    except OSError as error:
        raise TrackerError(f"{target}: {error.strerror}") from error


def migrate_command(options: argparse.Namespace) -> int:
    """Bring the store's tables up to date."""
    from tracker.bootstrap import App

    before, after = App.configured(options.config).migrate()
    print(
        f"tables at {after}"
        + ("" if before == after else f", were at {before or 'none'}")
    )
    return 0


def doctor_command(options: argparse.Namespace) -> int:
    """Look at settings, store, clock, sources and mail; say how to mend them."""
    from tracker.bootstrap.health import Level, findings
    from tracker.cli import output
    from tracker.cli.opening import opened

    failed = False
    found = []
    with opened(options) as app:
        for finding in findings(app):
            failed |= finding.level is Level.FAILED
            found.append(finding)
            if not options.json:
                print(
                    f"{finding.level:<8} {finding.subject:<14} {finding.words}",
                    flush=True,
                )
    if options.json:
        output.print_json(
            [
                {"subject": f.subject, "level": str(f.level), "words": f.words}
                for f in found
            ]
        )
    return FAILED if failed else 0


def health_command(options: argparse.Namespace) -> int:
    """Say whether sources and mails are in time; exit code 1 when they are late."""
    from tracker.bootstrap.health import late
    from tracker.cli import output
    from tracker.cli.opening import opened

    with opened(options) as app:
        found, is_late = late(app)
    lags = {"fetch": found.fetch_lag, "delivery": found.delivery_lag}
    if options.json:
        told = {
            f"{what}_lag_seconds": round(lag.total_seconds())
            for what, lag in lags.items()
        }
        output.print_json({"status": "late" if is_late else "ok", **told})
    elif is_late:
        what, lag = max(lags.items(), key=lambda pair: pair[1])
        print(
            f"late: a {what} has been due for {output.span(lag)};"
            " is `tracker run` running?"
        )
    else:
        print("ok")
    return FAILED if is_late else 0


def version_command(_options: argparse.Namespace) -> int:
    """Print the version."""
    print(f"tracker {__version__}")
    return 0
