"""The `reader` package, for comparison: in a virtual environment of its own."""

import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.measured import ROOT

FOLDER = ROOT / "build" / "bench-reader"
"""Where `install` puts it, and where it is looked for."""

# reader 3.27 needs Python 3.12; 3.26 fails with later releases of feedparser, which
# lack a module that it needs.
_PACKAGES = ("reader==3.26", "feedparser==6.0.11")


def install() -> None:
    """Make the virtual environment; raises CalledProcessError when pip fails."""
    venv.create(FOLDER, with_pip=True, clear=True)
    pip = [str(_python(FOLDER)), "-m", "pip", "install", "--quiet", *_PACKAGES]
    subprocess.run(pip, check=True, stdout=sys.stderr)


def find(folder: Path) -> tuple[Path | None, str]:
    """Return the Python in `folder` that has reader; else None, and why."""
    python = _python(folder)
    if not python.is_file():
        return None, f"there is no {python}; --install-reader makes one"
    tried = subprocess.run(
        [python, "-c", "import reader, feedparser; reader.make_reader(':memory:')"],
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode:
        return None, f"{python}: {tried.stderr.strip().splitlines()[-1]}"
    return python, ""


def _python(folder: Path) -> Path:
    return folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
