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
_NEW = sys.version_info >= (3, 12)
_PACKAGES = ("reader>=3.27",) if _NEW else ("reader==3.26", "feedparser==6.0.11")
_TRIAL = "import reader; reader.make_reader(':memory:'); print(reader.__version__)"


def install() -> None:
    """Make the virtual environment; raises CalledProcessError when pip fails."""
    venv.create(FOLDER, with_pip=True, clear=True)
    pip = [str(_python(FOLDER)), "-m", "pip", "install", "--quiet", *_PACKAGES]
    subprocess.run(pip, check=True, stdout=sys.stderr)


def find(folder: Path) -> tuple[Path | None, str]:
    """Return the Python in `folder` and its reader's version, or None and why not."""
    python = _python(folder)
    if not python.is_file():
        return None, f"there is no {python}; --install-reader makes one"
    tried = subprocess.run(
        [python, "-c", _TRIAL], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        return None, f"{python}: {tried.stderr.strip().splitlines()[-1]}"
    return python, tried.stdout.strip()


def _python(folder: Path) -> Path:
    return folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
