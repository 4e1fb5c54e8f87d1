"""What is installed: the wheel in an empty environment, pipx, uv."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

_CHECKOUT = Path(__file__).resolve().parents[1]
_SCRIPTS = Path(sys.executable).parent
_SECONDS = 240

pytestmark = pytest.mark.package


def ran(words: list[str | Path], folder: Path, **variables: str) -> str:
    """Return what a command printed, run in `folder` with an empty home there."""
    hidden = ("PYTHONPATH", "VIRTUAL_ENV", "TRACKER_CONFIG")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    home = folder / "home"
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=kept | {"HOME": str(home), "NO_COLOR": "1"} | variables,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module", autouse=True)
def registry(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip where no package registry can be reached; in CI one must be."""
    folder = tmp_path_factory.mktemp("registry")
    words = ["-m", "pip", "download", "--quiet", "--no-deps", "editables"]
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, check=False
    )
    if done.returncode and not os.environ.get("CI"):
        pytest.skip("no package registry can be reached")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project's wheel, built here."""
    folder = tmp_path_factory.mktemp("wheel")
    ran(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--wheel-dir", folder, _CHECKOUT),
        ],
        folder,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_all_that_the_program_reads(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    here = {
        file.relative_to(_CHECKOUT).as_posix()
        for file in (_CHECKOUT / "tracker").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    migrations = {
        f"tracker/{file.relative_to(_CHECKOUT).as_posix()}"
        for file in (_CHECKOUT / "migrations").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert here | migrations | {"tracker/feeds.toml"} <= names


def test_the_wheel_works_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    uv: str | Path = _SCRIPTS / "uv"  # which takes seconds for what takes pip a minute
    ran([uv, "venv", "--quiet", "--python", sys.executable, "empty"], tmp_path)
    install = [uv, "pip", "install", "--quiet", "--python", tmp_path / "empty"]
    lock = _CHECKOUT / "requirements.lock"
    ran([*install, "--require-hashes", "-r", lock], tmp_path)
    ran([*install, "--no-deps", wheel], tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    tracker = tmp_path / "empty" / "bin" / "tracker"
    said = ran([tracker, "demo"], elsewhere)
    assert "READ FIRST" in said
    assert (elsewhere / "tracker-demo.html").is_file()
    listed = ran([tracker, "sources", "list"], elsewhere)
    assert len(listed.splitlines()) >= 60
    assert ran([tracker, "migrate"], elsewhere).startswith("tables at ")


def _copy(folder: Path) -> Path:
    """Return a copy of what is in the repository, where tools may build."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=_CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (_CHECKOUT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(_CHECKOUT / name, target)
    return folder


def test_pipx_installs_it(tmp_path: Path) -> None:
    copy = _copy(tmp_path / "checkout")
    home, commands = tmp_path / "pipx", tmp_path / "bin"
    ran(
        [_SCRIPTS / "pipx", "install", "."],
        copy,
        PIPX_HOME=str(home),
        PIPX_BIN_DIR=str(commands),
        PIPX_DEFAULT_PYTHON=sys.executable,
    )
    assert ran([commands / "tracker", "version"], tmp_path).startswith("tracker ")


def test_uv_runs_it(tmp_path: Path) -> None:
    copy = _copy(tmp_path / "checkout")
    uv: list[str | Path] = [_SCRIPTS / "uv", "run", "--quiet", "--python"]
    said = ran([*uv, sys.executable, "tracker", "version"], copy)
    assert said.startswith("tracker ")
