"""How long a command takes that has next to nothing to do."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measured import Run, run
from benchmarks.results import Aim, Subject, ratio, row

_ITEMS = 200
_HELP = Aim(most=3)
_BARE = "python -c pass"


def measure(times: int) -> Subject:
    """Return what commands take beside a bare Python, each run `times` in turns."""
    print("start-up …", file=sys.stderr, flush=True)
    with TemporaryDirectory(prefix="tracker-bench-") as name:
        filling = ["benchmarks.filling", name, str(_ITEMS), "50"]
        run([sys.executable, "-m", *filling])
        commands = {
            _BARE: [sys.executable, "-c", "pass"],
            "tracker --help": [*_tracker(), "--help"],
            "tracker version": [*_tracker(), "version"],
            f"tracker list, {_ITEMS} items": [
                *(*_tracker(), "--config", str(Path(name) / "feeds.toml"), "list")
            ],
        }
        runs: dict[str, list[Run]] = {name: [] for name in commands}
        for turn in range(times + 1):
            for label, command in commands.items():
                taken = run(command)
                if turn:  # the first one warms the disk's cache
                    runs[label].append(taken)
    rows = [row(label, taken) for label, taken in runs.items()]
    bare, helped, version, listed = rows
    figures = (
        ratio(f"tracker --help / {_BARE}", helped, bare, _HELP),
        ratio(f"tracker version / {_BARE}", version, bare),
        ratio(f"tracker list / {_BARE}", listed, bare),
    )
    return Subject("Start-up", (), tuple(rows), figures)


def _tracker() -> list[str]:
    """Return the installed command, as a person runs it; else the module."""
    script = Path(sys.executable).with_name("tracker")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "tracker"]
